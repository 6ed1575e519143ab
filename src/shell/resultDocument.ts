/**
 * Taking hunks of both answers into one result: an editable document on the right of VS Code's diff editor, an answer's file on the left,
 * so that the diff editor's own arrows take a hunk over. The left side can be switched to the other answer or to the workspace.
 */
import * as vscode from 'vscode';
import { applyAsked } from '../core/apply/apply.ts';
import { targetFolder } from '../core/apply/plan.ts';
import { planResult, type Result } from '../core/apply/result.ts';
import type { ApplyDependencies } from '../core/apply/workspace.ts';
import { type AnswerFile, artifactOf } from '../core/artifact/artifact.ts';
import { checkRelativePath } from '../core/artifact/paths.ts';
import { pairFiles } from '../core/artifact/review.ts';
import type { PreviewFile } from '../core/preview/preview.ts';
import { type ComparisonState, LANE_LABEL, LANES, type LaneId } from '../shared/comparison.ts';
import type { AnswerFiles } from './answerFiles.ts';
import { type AfterApply, tellOutcome } from './apply.ts';
import type { ResultFiles } from './resultFiles.ts';

export interface ResultDependencies extends ApplyDependencies {
  readonly files: AnswerFiles;
  readonly results: ResultFiles;
  /** Asks which of several; undefined when the person gave up. */
  readonly choose: <T extends vscode.QuickPickItem>(title: string, items: readonly T[]) => Promise<T | undefined>;
}

/** What a result can be compared with. */
type Left = LaneId | 'workspace';

/** One file that the answers want to make or change. */
interface Wanted {
  readonly name: string;
  readonly target: string;
  readonly root: string | undefined;
  readonly of: Partial<Record<LaneId, AnswerFile>>;
}

/** Opens the result of one file, begun or to be begun, beside a lane's version of it. Gives the result's document. */
export async function takeHunks(
  state: ComparisonState,
  lane: LaneId | undefined,
  dependencies: ResultDependencies,
): Promise<vscode.Uri | undefined> {
  const { dialogs, results, choose } = dependencies;
  const wanted = wantedFiles(state, dependencies);
  if (typeof wanted === 'string') {
    void dialogs.tell(wanted);
    return undefined;
  }
  const choices = wanted.map((file) => ({
    label: file.name,
    description: lanesOf(file)
      .map((one) => LANE_LABEL[one])
      .join(', '),
    file,
  }));
  const chosen = choices.length === 1 ? choices[0] : await choose('Take Hunks into a Result of Which File?', choices);
  if (!chosen) return undefined;
  const { file } = chosen;
  const uri = results.uriOf(state, file.name);
  const begun = await results.read(uri);
  const isAgain = begun === undefined || (await asksToBeginAgain(file.name, dependencies));
  if (isAgain === undefined) return undefined;
  if (isAgain) {
    const result = await beginResult(state, file, dependencies);
    if (!result) return undefined;
    // An editor that holds the result of before, saved or not, holds the new one first: VS Code reads no file anew over unsaved text.
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open) await fill(open, result.content);
    await results.write(uri, result);
  }
  const left = lanesOf(file).find((one) => one === lane) ?? lanesOf(file)[0];
  if (left) await showBeside(state, uri, file, left, dependencies);
  return uri;
}

/** Puts another text on the left of a result: the other answer's, or the workspace's. */
export async function switchResultSide(state: ComparisonState, uri: vscode.Uri, dependencies: ResultDependencies): Promise<void> {
  const file = await fileOf(state, uri, dependencies);
  const result = await dependencies.results.read(uri);
  if (!file || !result) return;
  const shown = tabOf(uri)?.input;
  const original = shown instanceof vscode.TabInputTextDiff ? shown.original.toString() : undefined;
  const sides: Left[] = [...lanesOf(file), ...(result.start === null ? [] : (['workspace'] as const))];
  const items = sides
    .filter((side) => leftUri(state, file, side, dependencies).toString() !== original)
    .map((side) => ({ label: sideName(state, side), side }));
  const chosen = items.length === 1 ? items[0] : await dependencies.choose('Take Hunks from Which Side?', items);
  if (chosen) await showBeside(state, uri, file, chosen.side, dependencies);
}

/** Applies a result as it is in its editor, with the checks, the preview and the undo of an answer. */
export async function applyResult(
  uri: vscode.Uri,
  lane: LaneId,
  dependencies: ResultDependencies,
  after: AfterApply,
): Promise<void> {
  const result = await dependencies.results.read(uri);
  if (!result) {
    void dependencies.dialogs.tell('There is no result in front. Use "Take Hunks into a Result" first.');
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const planned = await planResult(result, document.getText(), lane, dependencies.workspace);
  const outcome = planned.ok ? await applyAsked(planned.plan, dependencies) : { applied: [], message: planned.message };
  tellOutcome(outcome, dependencies, after);
}

/** A result as it is in its editor, among the other files of the answer that it is beside. */
export async function filesAround(
  state: ComparisonState,
  uri: vscode.Uri,
  dependencies: ResultDependencies,
): Promise<readonly PreviewFile[] | undefined> {
  const file = await fileOf(state, uri, dependencies);
  if (!file) return undefined;
  const lane = laneBeside(uri);
  const name = (file.of[lane] ?? file.of.fast ?? file.of.reasoning)?.name ?? file.name;
  const content = (await vscode.workspace.openTextDocument(uri)).getText();
  const others = artifactOf(state.task, state.runs[lane]).files.filter((other) => other.name !== name);
  return [{ name, content }, ...others];
}

/** Whether an editor shows that result, in front or behind. */
export const isResultOpen = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => editedIn(tab)?.toString() === uri.toString()));

/** The lane that a result is shown beside, else the first one. */
export function laneBeside(uri: vscode.Uri): LaneId {
  const input = tabOf(uri)?.input;
  const left = input instanceof vscode.TabInputTextDiff ? input.original.path : '';
  return LANES.find((lane) => left.includes(`/${lane}/`) || left.includes(`/in-file-${lane}/`)) ?? 'fast';
}

/** The result that is in front: the editor's own, or the right side of its diff. */
export function activeResult(scheme: string): vscode.Uri | undefined {
  const uri = editedIn(vscode.window.tabGroups.activeTabGroup.activeTab);
  return uri?.scheme === scheme ? uri : undefined;
}

/** The document that a tab edits: its own, or that on the right of its diff. */
function editedIn(tab: vscode.Tab | undefined): vscode.Uri | undefined {
  if (tab?.input instanceof vscode.TabInputTextDiff) return tab.input.modified;
  return tab?.input instanceof vscode.TabInputText ? tab.input.uri : undefined;
}

/** The files of both answers with the documents they are for; or why there are none. */
function wantedFiles(state: ComparisonState, { workspace }: ResultDependencies): readonly Wanted[] | string {
  const { source } = state.task;
  const [fast, reasoning] = LANES.map((lane) => artifactOf(state.task, state.runs[lane]).files);
  const pairs = pairFiles(fast ?? [], reasoning ?? []);
  if (pairs.length === 0) return 'Neither answer has a file to take hunks from yet.';
  const folder = targetFolder(source, workspace) ?? onlyFirst(workspace.folders);
  const wanted = pairs.flatMap(({ left, right }): Wanted[] => {
    const of = { ...(left ? { fast: left } : {}), ...(right ? { reasoning: right } : {}) };
    if ((left ?? right)?.replaces && source) {
      return [{ name: source.name, target: source.uri, root: workspace.folderOf(source.uri), of }];
    }
    const check = checkRelativePath((left ?? right)?.name ?? '');
    return check.ok && folder
      ? [{ name: check.path, target: workspace.join(folder.folder, check.path), root: folder.root, of }]
      : [];
  });
  return wanted.length > 0
    ? wanted
    : 'A result needs a folder to be applied to, and names that can be used. Open a folder first.';
}

const onlyFirst = ([first]: readonly string[]) => (first === undefined ? undefined : { root: first, folder: first });

const lanesOf = ({ of }: Wanted): LaneId[] => LANES.filter((lane) => of[lane]);

async function fileOf(state: ComparisonState, uri: vscode.Uri, dependencies: ResultDependencies): Promise<Wanted | undefined> {
  const wanted = wantedFiles(state, dependencies);
  if (typeof wanted === 'string') return undefined;
  return wanted.find(({ name }) => dependencies.results.uriOf(state, name).toString() === uri.toString());
}

/** Undefined when the person gave up. */
async function asksToBeginAgain(name: string, { choose }: ResultDependencies): Promise<boolean | undefined> {
  const items = [
    { label: 'Continue', description: 'with the result as you left it', again: false },
    { label: 'Start Again', description: 'what was taken so far is lost', again: true },
  ];
  return (await choose(`There Is a Result of ${name} Already`, items))?.again;
}

/** A new result: it begins as the workspace's file, or for a new file as the person chooses. */
async function beginResult(
  state: ComparisonState,
  { name, target, root, of }: Wanted,
  { workspace, choose, dialogs }: ResultDependencies,
): Promise<Result | undefined> {
  let start: string | null;
  try {
    start = (await workspace.read(target))?.text ?? null;
  } catch (error) {
    void dialogs.tell(`${name} cannot be the start of a result: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  let content = start;
  if (content === null) {
    const items = [
      { label: 'Empty', content: '' },
      ...LANES.flatMap((lane) => {
        const file = of[lane];
        return file ? [{ label: sideName(state, lane), content: file.content }] : [];
      }),
    ];
    const chosen = await choose(`${name} Is New: What Does the Result Begin With?`, items);
    if (!chosen) return undefined;
    content = chosen.content;
  }
  const path = root === undefined ? name : workspace.relative(root, target);
  return { schema: 1, comparisonId: state.id, target, path, ...(root === undefined ? {} : { root }), start, content };
}

async function fill(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length)), text);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

async function showBeside(
  state: ComparisonState,
  uri: vscode.Uri,
  file: Wanted,
  side: Left,
  dependencies: ResultDependencies,
): Promise<void> {
  const before = tabOf(uri);
  const title = `${file.name}: ${sideName(state, side)} → Result`;
  await vscode.commands.executeCommand('vscode.diff', leftUri(state, file, side, dependencies), uri, title, { preview: false });
  const now = tabOf(uri);
  if (before && before !== now && before.label !== title) await vscode.window.tabGroups.close(before);
}

function leftUri(state: ComparisonState, { of, target }: Wanted, side: Left, { files }: ResultDependencies): vscode.Uri {
  const file = side === 'workspace' ? undefined : of[side];
  if (side === 'workspace' || !file) return vscode.Uri.parse(target, true);
  return file.replaces && state.task.source?.selection ? files.inFileUri(state, side) : files.fileUri(state, side, file);
}

const sideName = (state: ComparisonState, side: Left): string =>
  side === 'workspace' ? 'Workspace' : `${LANE_LABEL[side]} (${state.runs[side]?.plan.model})`;

/** The diff, the one in front first, that shows a result. */
function tabOf(uri: vscode.Uri): vscode.Tab | undefined {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const tabs = [activeTabGroup.activeTab, ...all.flatMap((group) => group.tabs)];
  return tabs.find((tab) => tab?.input instanceof vscode.TabInputTextDiff && tab.input.modified.toString() === uri.toString());
}
