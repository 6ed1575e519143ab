/**
 * From a Figma link to a comparison: the link, a token where none is kept, the frame where the link names none, and then its picture and
 * its description. The token is bound to the API's origin, as every key is.
 */
import * as vscode from 'vscode';
import type { Fetch } from '../core/contracts.ts';
import { type FigmaFrame, figmaFrames } from '../core/inputs/figma.ts';
import { createFigmaApi, type FigmaApi, FigmaProblem } from '../core/inputs/figmaApi.ts';
import { type FigmaLink, parseFigmaLink } from '../core/inputs/figmaLink.ts';
import { figmaTask } from '../core/inputs/figmaTask.ts';
import { TaskProblem } from '../core/inputs/problem.ts';
import { originOf } from '../core/providers/baseUrl.ts';
import type { Settings } from '../core/settings.ts';
import type { Task } from '../shared/task.ts';
import { figmaKeyHolder, type Keys } from './keys.ts';

export interface FigmaDeps {
  readonly keys: Keys;
  readonly fetch: Fetch;
  readonly settings: () => Settings;
}

const LINK_EXAMPLE = 'https://www.figma.com/design/…?node-id=1-2';

/** A task from a link: the given one, or one that is asked for. Undefined when the person gave up. Throws {@link TaskProblem}. */
export async function figmaLinkTask(deps: FigmaDeps, given?: string): Promise<Task | undefined> {
  if (!vscode.workspace.isTrusted) {
    throw new TaskProblem('This workspace is in Restricted Mode, so nothing is fetched. Trust it first.');
  }
  const link = given === undefined ? await askForLink() : parseFigmaLink(given);
  if (!link) return undefined;
  const api = await apiWithToken(deps);
  return api && fetchTask(link, api, deps);
}

/** Takes the token from this machine. */
export async function removeFigmaToken({ keys, settings }: FigmaDeps): Promise<void> {
  const holder = figmaKeyHolder(settings().figmaApiUrl);
  if ((await keys.boundOrigin(holder)) === undefined) {
    void vscode.window.showInformationMessage('No Figma token is stored.');
    return;
  }
  await keys.remove(holder.id);
  void vscode.window.showInformationMessage('The Figma token is removed from this machine. Revoke it in Figma if it leaked.');
}

/** Asks which frame of some Figma JSON is meant; does not ask when there is one or none. Undefined when the person gave up. */
export async function pickFigmaFrame(frames: readonly FigmaFrame[]): Promise<FigmaFrame | undefined> {
  if (frames.length <= 1) return frames[0];
  const items = frames.map((frame) => ({
    label: frame.name,
    description: [frame.size ? `${frame.size.width}×${frame.size.height}` : '', frame.kind === 'frame' ? '' : frame.kind]
      .filter(Boolean)
      .join(' · '),
    detail: frame.path.join(' › '),
    frame,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: 'Which Frame?',
    placeHolder: `${frames.length} frames; type to search`,
    matchOnDetail: true,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return choice?.frame;
}

async function askForLink(): Promise<FigmaLink | undefined> {
  const copied = (await vscode.env.clipboard.readText()).trim();
  const known = parseFigmaLink(copied) ? copied : '';
  const given = await vscode.window.showInputBox({
    title: 'Compare Models on Figma Link',
    prompt: 'In Figma, select a frame and use "Copy link to selection".',
    placeHolder: LINK_EXAMPLE,
    value: known,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || parseFigmaLink(value)
        ? undefined
        : `This is no link to a Figma file. It looks like ${LINK_EXAMPLE}.`,
  });
  return given ? parseFigmaLink(given) : undefined;
}

async function apiWithToken(deps: FigmaDeps): Promise<FigmaApi | undefined> {
  const baseUrl = deps.settings().figmaApiUrl;
  const token = (await deps.keys.get(figmaKeyHolder(baseUrl))) ?? (await askForToken(deps, baseUrl));
  return token === undefined ? undefined : createFigmaApi({ fetch: deps.fetch, baseUrl, token });
}

/** Asks for a token and keeps it. */
async function askForToken({ keys }: FigmaDeps, baseUrl: string): Promise<string | undefined> {
  const holder = figmaKeyHolder(baseUrl);
  const bound = await keys.boundOrigin(holder);
  const elsewhere = bound && bound !== originOf(baseUrl) ? ` The stored token belongs to ${bound} and was not sent.` : '';
  const given = await vscode.window.showInputBox({
    title: 'Figma Token',
    prompt: `A personal access token with file_content:read, from Figma's settings under Security. It is kept in VS Code's secret storage and sent to ${originOf(baseUrl)} only.${elsewhere}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/^[\x21-\x7e]*$/.test(value.trim()) ? undefined : 'A token has no spaces. Paste the token alone.'),
  });
  const token = given?.trim();
  if (!token) return undefined;
  await keys.set(holder, token);
  return token;
}

/** What is on the way: a problem in the middle costs no second request for what is there. */
interface Fetched {
  link: FigmaLink;
  withoutPicture: boolean;
  /** What the link leads to: a layer, or the frames of a file. */
  found?: unknown;
  frame?: FigmaFrame;
  /** The tree that holds the frame whole. */
  tree?: unknown;
}

const WITHOUT_PICTURE = 'Compare Without Picture';
const WAY_OUT: Readonly<Record<FigmaProblem['kind'], string>> = {
  token: 'Set Another Token',
  link: 'Enter Another Link',
  later: 'Try Again',
  picture: WITHOUT_PICTURE,
};

/** Asks Figma. A problem is told with the way out of it, until there is a task or the person gives up. */
async function fetchTask(link: FigmaLink, firstApi: FigmaApi, deps: FigmaDeps): Promise<Task | undefined> {
  let api = firstApi;
  let fetched: Fetched = { link, withoutPicture: false };
  for (;;) {
    try {
      return await fetchRest(fetched, api);
    } catch (error) {
      if (!(error instanceof FigmaProblem)) throw error;
      const isPictureMissing = fetched.tree !== undefined;
      const ways = new Set([WAY_OUT[error.kind], ...(isPictureMissing ? [WITHOUT_PICTURE] : [])]);
      const choice = await vscode.window.showErrorMessage(error.message, ...ways);
      if (choice === undefined) return undefined;
      if (choice === WITHOUT_PICTURE) fetched.withoutPicture = true;
      else if (choice === WAY_OUT.link) {
        const other = await askForLink();
        if (!other) return undefined;
        fetched = { link: other, withoutPicture: false };
      } else if (choice === WAY_OUT.token) {
        const baseUrl = deps.settings().figmaApiUrl;
        const token = await askForToken(deps, baseUrl);
        if (token === undefined) return undefined;
        api = createFigmaApi({ fetch: deps.fetch, baseUrl, token });
      }
    }
  }
}

/** Fetches what is not there yet. Undefined when the person cancelled, or chose no frame. */
async function fetchRest(fetched: Fetched, api: FigmaApi): Promise<Task | undefined> {
  const { fileKey, nodeId } = fetched.link;
  fetched.found ??= await progress(nodeId ? 'Fetching the layer from Figma…' : 'Fetching the frames from Figma…', (signal) =>
    nodeId ? api.layer(fileKey, nodeId, signal) : api.frames(fileKey, signal),
  );
  if (fetched.found === undefined) return undefined;
  const frames = figmaFrames(fetched.found, 'The Figma file');
  if (frames.length === 0) throw new FigmaProblem('There is no visible frame behind this link. Copy a link to a frame.', 'link');
  const frame = fetched.frame ?? (await pickFigmaFrame(frames));
  if (!frame) return undefined;
  fetched.frame = frame;
  const { found, withoutPicture } = fetched;
  return progress(`Fetching ${JSON.stringify(frame.name)} from Figma…`, async (signal) => {
    // What a link to a layer or a page brought holds the frame already, whole.
    fetched.tree ??= nodeId ? found : await api.layer(fileKey, frame.id, signal);
    return figmaTask({ json: fetched.tree, fileKey, frameId: frame.id, api, withoutPicture, signal });
  });
}

/** Undefined when the person cancelled. */
async function progress<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      const cancelled = new AbortController();
      const listener = token.onCancellationRequested(() => cancelled.abort());
      try {
        return await run(cancelled.signal);
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        throw error;
      } finally {
        listener.dispose();
      }
    },
  );
}
