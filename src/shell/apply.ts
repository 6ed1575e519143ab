/**
 * Applying an answer, and taking it back.
 *
 * `planApply` (applyPlan.ts) decides everything and touches nothing; `applyPlan` does exactly that plan or refuses; `applyAnswer` is both,
 * with the questions and messages of a command. `undoApply` (undoApply.ts) takes the latest apply of a comparison back.
 *
 * VS Code's refactor preview shows the edit first, and what really happened is read from the documents afterwards, never assumed. What was
 * there before is on disk before the edit begins, so that a reload in between loses nothing. Paths are looked at again after the write: a
 * link that was swapped meanwhile is reported, and the write taken back.
 *
 * Saving is as with VS Code's refactorings: created files are on disk at once; one changed document stays unsaved; of several, those that
 * were saved before are saved, if `files.refactoring.autoSave` says so. An undo leaves a document saved that was saved before the apply.
 */
import * as vscode from 'vscode';
import { parseUndoRecord, pushApply, type UndoEntry, type UndoFile } from '../core/artifact/review.ts';
import type { ComparisonState, LaneId } from '../shared/comparison.ts';
import { type ApplyPlan, NOTHING, type PlannedFile, planApply, tokenOf } from './applyPlan.ts';
import { checkRealPath, missingFolders, readPresent, replacement, sha256 } from './applyTargets.ts';
import { type UndoDependencies, undoApply } from './undoApply.ts';

export interface ApplyDependencies extends UndoDependencies {
  /** False applies without VS Code's preview; for tests. Default: true. */
  readonly preview?: boolean;
  /** Called after the notification's Undo button did its work. */
  readonly onUndone?: () => void;
}

export interface ApplyOutcome {
  /** Paths that were written. */
  readonly applied: readonly string[];
  /** What happened, in one or two sentences; empty when the person said no to a question. */
  readonly message: string;
}

/** Plans, asks, applies and says what happened, with buttons to undo and to open. */
export async function applyAnswer(state: ComparisonState, lane: LaneId, dependencies: ApplyDependencies): Promise<ApplyOutcome> {
  const { dialogs } = dependencies;
  const planned = await planApply(state, lane, dependencies);
  if (!planned.ok) {
    void dialogs.tell(planned.message);
    return { applied: [], message: planned.message };
  }
  for (const question of planned.plan.questions) {
    if (!(await dialogs.confirm(question))) return { applied: [], message: '' };
  }
  const outcome = await applyPlan(planned.plan, dependencies);
  if (outcome.applied.length === 0) {
    void dialogs.tell(outcome.message);
    return outcome;
  }
  const first = planned.plan.files.find(({ path }) => path === outcome.applied[0]);
  void dialogs.tell(outcome.message, 'Undo', 'Open').then(async (action) => {
    if (action === 'Undo') {
      await undoApply(state.id, dependencies);
      dependencies.onUndone?.();
    }
    if (action === 'Open' && first) await vscode.window.showTextDocument(vscode.Uri.parse(first.uri, true), { preview: false });
  });
  return outcome;
}

/** Does exactly that plan, or says why not. The person has answered the plan's questions. */
export async function applyPlan(plan: ApplyPlan, dependencies: ApplyDependencies): Promise<ApplyOutcome> {
  const nothing = (why: string): ApplyOutcome => ({ applied: [], message: `${NOTHING}${why}` });
  if (!vscode.workspace.isTrusted) return nothing(': this window is in Restricted Mode. Trust the folder first.');
  if (tokenOf(plan) !== plan.token) return nothing(': the plan is not the one that was agreed to.');
  if (plan.files.length === 0) return openUntitled(plan);
  const moved = await firstProblem(plan);
  if (moved) return nothing(`: ${moved}`);

  const folders = new Set<string>();
  for (const { before, root, uri } of plan.files) {
    if (before !== null || root === undefined) continue;
    const missing = await missingFolders(vscode.Uri.parse(root, true), vscode.Uri.parse(uri, true));
    for (const folder of missing) folders.add(folder.toString());
  }
  const entry: UndoEntry = {
    at: new Date().toISOString(),
    lane: plan.lane,
    files: plan.files.map((file) => ({ ...undoFile(file), afterHash: sha256(file.after) })),
    folders: [...folders],
  };
  const earlier = parseUndoRecord(await dependencies.undo.read(plan.comparisonId));
  await dependencies.undo.write(plan.comparisonId, pushApply(earlier, entry));

  let failure = '';
  try {
    const edit = await workspaceEdit(plan, dependencies.preview ?? true);
    await vscode.workspace.applyEdit(edit);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    dependencies.log(`apply ${plan.comparisonId} ${plan.lane}: ${failure}`);
  }

  const escaped = await escapedFiles(plan);
  if (escaped.length === 0) await saveLikeRefactoring(plan);
  const written: UndoFile[] = [];
  const altered: string[] = [];
  for (const file of plan.files) {
    const present = await readPresent(vscode.Uri.parse(file.uri, true)).catch(() => undefined);
    if (!present || present.text === file.before) continue;
    // What went astray is restored in its buffer only: saving it would write through the link once more.
    written.push({ ...undoFile(file), afterHash: sha256(present.text), wasDirty: file.wasDirty || escaped.length > 0 });
    if (present.text !== file.after) altered.push(file.path);
  }
  if (written.length === 0) {
    await dependencies.undo.write(plan.comparisonId, earlier.applies.length > 0 ? earlier : undefined);
    return nothing(failure ? `: ${failure}` : '.');
  }
  await dependencies.undo.write(plan.comparisonId, pushApply(earlier, { ...entry, files: written }));
  if (escaped.length > 0) {
    const quiet = { ...dependencies.dialogs, tell: async () => undefined };
    const { message } = await undoApply(plan.comparisonId, { ...dependencies, dialogs: quiet });
    dependencies.log(`apply ${plan.comparisonId} ${plan.lane}: taken back, a link led out of the folder`);
    return nothing(`: while it was written, a link led ${escaped.join(', ')} out of the folder. ${message}`);
  }
  dependencies.log(`apply ${plan.comparisonId} ${plan.lane}: ${written.length} of ${plan.files.length} files`);
  const rest = plan.untitled.length > 0 ? [(await openUntitled(plan)).message] : [];
  return {
    applied: written.map(({ path }) => path),
    message: [appliedMessage(plan, written, altered, failure), ...rest].join(' '),
  };
}

function appliedMessage(plan: ApplyPlan, written: readonly UndoFile[], altered: readonly string[], failure: string): string {
  const left = plan.files.filter(({ path }) => !written.some((file) => file.path === path)).map(({ path }) => path);
  const count = written.length === 1 ? (written[0]?.path ?? '') : `${written.length} files`;
  return [
    left.length > 0
      ? `Applied ${written.length} of ${plan.files.length} files; left out: ${left.join(', ')}.`
      : `Applied ${plan.title} to ${count}.`,
    ...(altered.length > 0 ? [`${altered.join(', ')} differs from the answer: a formatter, or an edit, changed it.`] : []),
    ...(failure ? [failure] : []),
  ].join(' ');
}

const undoFile = ({ uri, path, before, wasDirty }: PlannedFile): Omit<UndoFile, 'afterHash'> => ({ uri, path, before, wasDirty });

/** Why the plan can no longer be done as it was made. */
async function firstProblem(plan: ApplyPlan): Promise<string | undefined> {
  for (const file of plan.files) {
    const uri = vscode.Uri.parse(file.uri, true);
    const present = await readPresent(uri).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    if (present instanceof Error) return `${file.path} cannot be read: ${present.message}`;
    if ((present?.text ?? null) !== file.before) return `${file.path} changed meanwhile.`;
    const reason = await leavesRoot(file);
    if (reason) return `${file.path} cannot be used: ${reason}`;
  }
  return undefined;
}

/** Files whose path leads out of their folder now, although it did not before the write. */
async function escapedFiles(plan: ApplyPlan): Promise<string[]> {
  const escaped: string[] = [];
  for (const file of plan.files) if (await leavesRoot(file)) escaped.push(file.path);
  return escaped;
}

/** Several changed documents are saved, as VS Code saves those of a refactoring; but only after their paths were looked at again. */
async function saveLikeRefactoring({ files }: ApplyPlan): Promise<void> {
  if (files.length < 2 || !vscode.workspace.getConfiguration('files').get<boolean>('refactoring.autoSave', true)) return;
  const saved = new Set(files.filter(({ before, wasDirty }) => before !== null && !wasDirty).map(({ uri }) => uri));
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && saved.has(document.uri.toString())) await document.save();
  }
}

async function leavesRoot({ root, uri }: PlannedFile): Promise<string | undefined> {
  if (root === undefined) return undefined;
  const real = await checkRealPath(vscode.Uri.parse(root, true), vscode.Uri.parse(uri, true));
  return 'reason' in real ? real.reason : undefined;
}

async function workspaceEdit(plan: ApplyPlan, preview: boolean): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const plain = plan.files.map((file) => ({ file, uri: vscode.Uri.parse(file.uri, true) }));
  // VS Code shows its preview when some entry needs confirmation, and leaves such entries unticked. An entry that creates a folder which
  // is there already needs confirmation here, is not listed and does nothing: so the preview opens with the real changes ticked.
  const opener = preview ? previewOpener(plan) : undefined;
  if (opener) edit.createFile(opener, { ignoreIfExists: true }, { needsConfirmation: true, label: plan.title });
  const metadata = (file: PlannedFile): vscode.WorkspaceEditEntryMetadata => ({
    needsConfirmation: preview && !opener,
    label: file.sensitive ? `${plan.title}: can make code run` : plan.title,
    description: file.before === null ? 'new file' : 'changed file',
  });
  for (const { file, uri } of plain) {
    if (file.before === null) edit.createFile(uri, { overwrite: false, contents: Buffer.from(file.after) }, metadata(file));
  }
  for (const { file, uri } of plain) {
    if (file.before === null) continue;
    edit.replace(uri, ...(await replacement(uri, file.before, file.after)), metadata(file));
  }
  return edit;
}

/** A folder that exists: a workspace folder, or that of the first document. */
function previewOpener({ files }: ApplyPlan): vscode.Uri | undefined {
  const root = files.find((file) => file.root !== undefined)?.root;
  if (root !== undefined) return vscode.Uri.parse(root, true);
  const first = files.find(({ uri }) => !uri.startsWith('untitled:'));
  return first && vscode.Uri.joinPath(vscode.Uri.parse(first.uri, true), '..');
}

/** With no folder to write to, the files are shown where nothing is at risk. */
async function openUntitled({ untitled }: ApplyPlan): Promise<ApplyOutcome> {
  for (const { content, languageId } of untitled) {
    const language = languageId === 'svg' ? 'xml' : languageId;
    const document = await vscode.workspace.openTextDocument({ content, language });
    await vscode.window.showTextDocument(document, { preview: false });
  }
  const what =
    untitled.length === 1
      ? 'the answer was opened as an untitled file'
      : `the ${untitled.length} files were opened as untitled files`;
  return { applied: [], message: `No folder is open, so ${what}. Save it where you want it.` };
}
