/**
 * What applying an answer means at this moment: which document becomes what, what must be asked first, or why it cannot be.
 *
 * A code answer goes where its code came from, only while that buffer is what the run began with. Files with names of their own go
 * beside the spec, or into the workspace's folder, by names that passed `paths.ts` and the disk's own answer about links. With no folder
 * open they become untitled documents. Planning reads; it never writes.
 */
import * as vscode from 'vscode';
import { type AnswerFile, type Artifact, artifactOf } from '../core/artifact/artifact.ts';
import { checkRelativePath, isExecutionSensitive, pathConflicts } from '../core/artifact/paths.ts';
import { lineEndOf, parseUndoRecord, replaceSelection, sentText, withLineEnds } from '../core/artifact/review.ts';
import { type ComparisonState, isComplete, LANE_LABEL, type LaneId } from '../shared/comparison.ts';
import { checkRealPath, NotText, readPresent, sha256, type TargetFolder, targetFolder } from './applyTargets.ts';
import type { Question, ReviewDialogs } from './reviewDialogs.ts';
import type { UndoStore } from './undoApply.ts';

export interface PlannedFile {
  readonly uri: string;
  /** Path to show: from the workspace folder where there is one. */
  readonly path: string;
  /** The folder it may not leave; absent for a document outside of every workspace folder. */
  readonly root?: string;
  /** The whole present text; null where a new file is made. */
  readonly before: string | null;
  readonly after: string;
  readonly wasDirty: boolean;
  /** Why writing it could make code run. */
  readonly sensitive?: string;
}

export interface ApplyPlan {
  readonly comparisonId: string;
  readonly lane: LaneId;
  /** `Fast (sample:fast)`. */
  readonly title: string;
  /** Only what would change. */
  readonly files: readonly PlannedFile[];
  /** With no folder to write to: opened as untitled documents instead. */
  readonly untitled: readonly AnswerFile[];
  /** Questions to ask first. */
  readonly questions: readonly Question[];
  /** SHA-256 over all that would be done: what was asked about is what is done. */
  readonly token: string;
}

export type PlanResult = { readonly ok: true; readonly plan: ApplyPlan } | { readonly ok: false; readonly message: string };

export const NOTHING = 'Nothing was applied';

/** Decides what applying that answer means now. Reads, asks at most which folder, writes nothing. */
export async function planApply(
  state: ComparisonState,
  lane: LaneId,
  { dialogs, undo }: { readonly dialogs: ReviewDialogs; readonly undo: UndoStore },
): Promise<PlanResult> {
  const refuse = (message: string): PlanResult => ({ ok: false, message });
  if (!vscode.workspace.isTrusted) return refuse(`${NOTHING}: this window is in Restricted Mode. Trust the folder first.`);
  const run = state.runs[lane];
  const artifact = artifactOf(state.task, run);
  if (!run || artifact.files.length === 0) {
    return refuse(`${NOTHING}: the ${LANE_LABEL[lane]} answer has no file in it. ${artifact.problems[0] ?? ''}`.trim());
  }
  if (run.status !== 'ended') return refuse(`${NOTHING}: the ${LANE_LABEL[lane]} answer is still being written.`);

  let files: readonly PlannedFile[] = [];
  try {
    const replacement = artifact.files.find(({ replaces }) => replaces);
    const source = replacement && state.task.source ? await planSource(state, replacement, undo) : undefined;
    const created = artifact.files.filter((file) => file !== replacement || !source);
    const target = targetFolder(state.task.source) ?? (created.length > 0 ? await askFolder(dialogs) : undefined);
    if (target === undefined && created.length > 0 && (vscode.workspace.workspaceFolders ?? []).length > 0) {
      return refuse(`${NOTHING}: no folder was chosen.`);
    }
    const others = target ? await planNewFiles(created, target) : [];
    files = [...(source ? [source] : []), ...others];
    const untitled = target ? [] : created;
    const changes = files.filter(({ before, after }) => before !== after);
    if (changes.length === 0 && untitled.length === 0) return refuse(`${NOTHING}: the files already hold this answer.`);
    const title = `${LANE_LABEL[lane]} (${run.plan.model})`;
    const plan = {
      comparisonId: state.id,
      lane,
      title,
      files: changes,
      untitled,
      questions: questionsOf(state, lane, artifact, changes, source),
    };
    return { ok: true, plan: { ...plan, token: tokenOf(plan) } };
  } catch (error) {
    if (error instanceof Refused) return refuse(`${NOTHING}: ${error.message}`);
    throw error;
  }
}

/** A reason not to apply, as the end of a sentence. */
class Refused extends Error {}

async function askFolder(dialogs: ReviewDialogs): Promise<TargetFolder | undefined> {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) return undefined;
  const folder = await dialogs.pickFolder();
  return folder && { root: folder.uri, folder: folder.uri };
}

/** The workspace folder a source document lies in, if any: its links must not lead out of it. */
function sourceTarget(uri: string): TargetFolder | undefined {
  const source = vscode.Uri.parse(uri, true);
  const folder = vscode.workspace.getWorkspaceFolder(source);
  return folder && { root: folder.uri, folder: vscode.Uri.joinPath(source, '..') };
}

/** The code that was asked about, with the answer in its place. */
async function planSource({ id, task }: ComparisonState, file: AnswerFile, undo: UndoStore): Promise<PlannedFile> {
  const { source } = task;
  if (!source) throw new Refused('the code has no document.');
  const uri = vscode.Uri.parse(source.uri, true);
  const present = await readForPlan(uri, source.name);
  if (!present) throw new Refused(`${source.name} is no longer there. Open the answer as an untitled file instead.`);
  if (uri.scheme !== 'untitled' && vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) {
    throw new Refused(`${source.name} is read-only.`);
  }
  if (sha256(present.text) !== source.baseHash) {
    const latest = parseUndoRecord(await undo.read(id)).applies.at(-1);
    const isOurs = latest?.files.some((one) => one.uri === source.uri && one.afterHash === sha256(present.text));
    throw new Refused(
      isOurs
        ? `${source.name} holds the answer applied before. Undo that apply first.`
        : `${source.name} changed since the run began. Diff the answer with the file, or run again.`,
    );
  }
  const after = source.selection
    ? replaceSelection(present.text, source.selection, file.content, sentText(task))
    : ({ ok: true, text: inPlaceOf(present.text, file.content) } as const);
  if (!after.ok) throw new Refused(`${source.name} changed since the run began: ${after.reason}.`);
  const root = sourceTarget(source.uri)?.root;
  const real = root && (await checkRealPath(root, uri));
  if (real && 'reason' in real) throw new Refused(`${source.name} cannot be changed: ${real.reason}`);
  const path = root ? relativeTo(root, uri) : source.name;
  const sensitive = isExecutionSensitive(path) ?? (real ? isExecutionSensitive(real.realRelative) : undefined);
  return {
    uri: source.uri,
    path,
    ...(root ? { root: root.toString() } : {}),
    before: present.text,
    after: after.text,
    wasDirty: present.isDirty,
    ...(sensitive ? { sensitive } : {}),
  };
}

/** Files with names of their own, in the target folder. All names are checked before any is read. */
async function planNewFiles(files: readonly AnswerFile[], target: TargetFolder): Promise<PlannedFile[]> {
  const named = files.map((file) => ({ file, check: checkRelativePath(file.name) }));
  const refused = named.flatMap(({ file, check }) =>
    check.ok ? [] : [`"${showName(file.name)}" cannot be used: ${check.reason}`],
  );
  const paths = named.flatMap(({ check }) => (check.ok ? [check.path] : []));
  const problems = [...refused, ...pathConflicts(paths)];
  if (problems.length > 0) throw new Refused(problems.slice(0, 3).join(' '));

  return Promise.all(
    named.map(async ({ file, check }) => {
      const name = check.ok ? check.path : '';
      const uri = vscode.Uri.joinPath(target.folder, ...name.split('/'));
      const real = await checkRealPath(target.root, uri);
      if ('reason' in real) throw new Refused(`"${name}" cannot be used: ${real.reason}`);
      const present = await readForPlan(uri, name);
      const path = relativeTo(target.root, uri);
      const sensitive = isExecutionSensitive(path) ?? isExecutionSensitive(real.realRelative);
      return {
        uri: uri.toString(),
        path,
        root: target.root.toString(),
        before: present ? present.text : null,
        after: present ? inPlaceOf(present.text, file.content) : file.content,
        wasDirty: present?.isDirty ?? false,
        ...(sensitive ? { sensitive } : {}),
      };
    }),
  );
}

async function readForPlan(uri: vscode.Uri, name: string): ReturnType<typeof readPresent> {
  try {
    return await readPresent(uri);
  } catch (error) {
    if (error instanceof NotText) throw new Refused(`${name}: ${error.message}`);
    throw new Refused(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A whole new text by the old one's conventions: its line ends, and no final line end where it had none. */
function inPlaceOf(present: string, content: string): string {
  const fitted = present !== '' && !/[\r\n]$/.test(present) ? content.replace(/\n$/, '') : content;
  return withLineEnds(fitted, lineEndOf(present));
}

function questionsOf(
  state: ComparisonState,
  lane: LaneId,
  artifact: Artifact,
  changes: readonly PlannedFile[],
  source: PlannedFile | undefined,
): Question[] {
  const run = state.runs[lane];
  const questions: Question[] = [];
  const cut = artifact.files.filter(({ complete }) => !complete).map(({ name }) => name);
  if (!isComplete(run) || cut.length > 0) {
    const stopped = run?.finish === 'aborted' ? 'it was stopped' : 'its code ends early';
    const why = run?.finish === 'length' ? 'it reached its output limit' : (run?.error?.message ?? stopped);
    const which =
      cut.length > 0 ? `Not whole: ${cut.join(', ')}.` : 'Its files are whole, but more may have been meant to follow.';
    questions.push({ message: `The answer is not complete: ${why.replace(/\.$/, '')}.`, detail: which, action: 'Apply Anyway' });
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (source && folders.length > 0 && !source.uri.startsWith('untitled:') && !sourceTarget(source.uri)) {
    questions.push({ message: `${source.path} is outside the workspace.`, detail: source.uri, action: 'Apply to It' });
  }
  const sensitive = changes.filter((file) => file.sensitive !== undefined);
  if (sensitive.length > 0) {
    questions.push({
      message:
        sensitive.length === 1
          ? `${sensitive[0]?.path} can make code run or change how tools work. Write it?`
          : `${sensitive.length} of these files can make code run or change how tools work. Write them?`,
      detail: sensitive.map((file) => `${file.path}: ${file.sensitive}.`).join('\n'),
      action: sensitive.length === 1 ? 'Write It' : 'Write Them',
    });
  }
  return questions;
}

/** What was asked about is what is done: the hash of everything that would be done. */
export const tokenOf = ({ files, untitled, comparisonId, lane }: Omit<ApplyPlan, 'token'>): string =>
  sha256(
    JSON.stringify([
      comparisonId,
      lane,
      files.map(({ uri, root, before, after }) => [uri, root ?? null, before, after]),
      untitled.map(({ name, content }) => [name, content]),
    ]),
  );

const relativeTo = (root: vscode.Uri, uri: vscode.Uri): string => uri.path.slice(root.path.replace(/\/$/, '').length + 1);

/** A name as it can be read in a message: short, without characters that cannot be seen. */
const showName = (name: string): string => name.replace(/[\p{Cc}\p{Cf}]/gu, '�').slice(0, 80);
