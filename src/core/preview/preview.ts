/**
 * From the files of an answer to what can be shown of it. A component is compiled, a page stays as it came; nothing of either is run.
 *
 * A page is shown when the answer has one that says something itself; one that is only there for a script to fill (`<div id="root">`) gives
 * way to the components. When both are there, what the answer was asked for decides.
 */
import type { TargetId } from '../../shared/design.ts';
import type { Preview } from '../../shared/preview.ts';
import { componentPreview } from './component.ts';
import { componentsOf } from './entry.ts';
import {
  baseOf,
  extensionOf,
  type Files,
  filesByPath,
  findFile,
  MAX_COMPILED_CHARACTERS,
  type PreviewFile,
  requestsOf,
} from './files.ts';
import { takenFrom } from './sent.ts';
import { usesTailwind } from './styles.ts';

export type { PreviewFile } from './files.ts';

export interface PreviewOptions {
  /** What the answer was asked for in; absent: unknown. */
  readonly target?: TargetId;
  /** True when no more of the answer will come. Until then what does not compile is "still being written", not a fault. */
  readonly complete: boolean;
  /** What was sent with the task: an import that the answer has no file for may mean one of these. */
  readonly sent?: readonly PreviewFile[];
}

/** Never throws. */
export async function previewOf(
  files: readonly PreviewFile[],
  { target, complete, sent: sentWith = [] }: PreviewOptions,
): Promise<Preview> {
  try {
    const sent = filesByPath(sentWith);
    const page = pageOf(files);
    const components = componentsOf(filesByPath(files));
    const wantsComponent = target !== undefined && !target.startsWith('html');
    if (page && !(components && (wantsComponent || isShell(page.content))))
      return htmlPreview(files, page, { target, complete, sent });
    if (!components) return pictureOrNone(files, complete);
    if (complete) return await componentPreview(filesByPath(files), components, { target, complete, sent });
    const whole = filesByPath(filesThatCount(files, complete));
    const written = componentsOf(whole);
    const preview = written ? await componentPreview(whole, written, { target, complete, sent }) : STILL_WRITTEN;
    return preview.kind === 'none' ? STILL_WRITTEN : preview;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { kind: 'none', reason: `This answer cannot be previewed: ${what}`, problems: [] };
  }
}

/** While an answer is written, a component is made of whole files alone; a page is shown as far as it has come. */
export const filesThatCount = <File extends PreviewFile>(files: readonly File[], complete: boolean): readonly File[] =>
  complete || files.some(isPage) ? files : files.filter((file) => file.complete !== false);

const STILL_WRITTEN: Preview = { kind: 'none', reason: 'The component is still being written.', problems: [] };

const isPage = ({ name, content }: PreviewFile): boolean =>
  ['.html', '.htm', '.xhtml'].includes(extensionOf(name)) ||
  (extensionOf(name) === '' && /^\s{0,200}<(?:!doctype html|html[\s>])/i.test(content));

/** `index.html` before others, one nearer to the root before deeper ones, the first before later ones. */
function pageOf(files: readonly PreviewFile[]): PreviewFile | undefined {
  const rank = ({ name }: PreviewFile): number => name.split('/').length * 2 + (/^index\.x?html?$/i.test(baseOf(name)) ? 0 : 1);
  return files
    .filter(isPage)
    .reduce<PreviewFile | undefined>((best, file) => (best && rank(best) <= rank(file) ? best : file), undefined);
}

/** True for a page whose body holds nothing but an empty element and scripts. */
function isShell(html: string): boolean {
  const body = /<body[^>]{0,1000}>([\s\S]*?)(?:<\/body|$)/i.exec(html)?.[1] ?? html;
  const rest = body.replaceAll(/<script[\s\S]*?(?:<\/script\s*>|$)/gi, '').replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '');
  return /\bid=["']?(?:root|app|svelte|__next)\b/i.test(rest) && rest.replaceAll(/<[^>]{0,1000}>/g, '').trim() === '';
}

function htmlPreview(
  files: readonly PreviewFile[],
  page: PreviewFile,
  { target, complete, sent }: Pick<PreviewOptions, 'complete'> & { readonly target: TargetId | undefined; readonly sent: Files },
): Preview {
  const others = files.filter((file) => file !== page);
  const own = others
    .filter(({ name }) => LINKED.includes(extensionOf(name)))
    .map(({ name, content }) => ({ name: relativeTo(page.name, name), content }));
  const lent = lentTo(page, filesByPath(files), sent);
  const linked = [...own, ...lent];
  const large = files.filter(({ content }) => content.length > MAX_HTML_CHARACTERS);
  if (large[0]) {
    return {
      kind: 'none',
      reason: `${large[0].name} is too long to be shown (over ${MAX_HTML_CHARACTERS / 1e6} million characters).`,
      problems: [],
    };
  }
  return {
    kind: 'html',
    html: page.content,
    linked,
    runtimes: usesTailwind([page, ...others.filter(({ name }) => /\.(?:css|js)$/i.test(name))], target, lent) ? ['tailwind'] : [],
    complete,
    problems: complete ? [...uncompiled(others), ...(lent.length > 0 ? [takenFrom(lent.map(({ name }) => name))] : [])] : [],
  };
}

const LINKED = ['.css', '.js', '.mjs', '.svg', '.html', '.htm'];

/** What the page links and the answer does not have, as far as it was sent with the task. */
function lentTo(page: PreviewFile, own: Files, sent: Files): readonly PreviewFile[] {
  if (sent.size === 0) return [];
  return requestsOf(page.content).flatMap((request) => {
    const found = findFile(own, page.name, request) ? undefined : findFile(sent, page.name, request);
    const file = found && sent.get(found.path);
    return file && LINKED.includes(extensionOf(file.name)) ? [{ name: request, content: file.content }] : [];
  });
}

/** A page is not compiled, so it may be longer. */
const MAX_HTML_CHARACTERS = 5 * MAX_COMPILED_CHARACTERS;

/** As a link in the page would write it. */
function relativeTo(page: string, name: string): string {
  const folder = page.slice(0, page.lastIndexOf('/') + 1);
  return folder !== '' && name.startsWith(folder) ? name.slice(folder.length) : name;
}

const uncompiled = (files: readonly PreviewFile[]): string[] =>
  files
    .filter(({ name }) => /\.(?:scss|sass|less|tsx?|jsx|vue|svelte)$/i.test(name))
    .map(({ name }) => `${name} is not compiled for a page, so what it does is not shown.`)
    .slice(0, 20);

function pictureOrNone(files: readonly PreviewFile[], complete: boolean): Preview {
  const svg = files.find(({ name, content }) => extensionOf(name) === '.svg' && content.includes('</svg>'));
  if (svg) return { kind: 'picture', mediaType: 'image/svg+xml', base64: base64Of(svg.content) };
  if (!complete) return { kind: 'none', reason: 'Nothing that could be shown has been written yet.', problems: [] };
  return { kind: 'none', reason: 'The answer has no page and no component that could be shown.', problems: [] };
}

/** Of text, as UTF-8. */
export function base64Of(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(''));
}
