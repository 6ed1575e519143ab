/**
 * What applying an answer means at this moment: which document becomes what, what must be asked first, or why it cannot be.
 *
 * A code answer goes where its code came from. Where that document changed since the run began, the answer is merged with it if the text
 * that was sent is known and the two do not touch the same lines. Files with names of their own go beside the spec, or into the
 * workspace's folder, by names that passed `paths.ts` and the disk's own answer about links. With no folder open they become untitled
 * documents. Planning reads; it never writes.
 */
import { type ComparisonState, isComplete, LANE_LABEL, type LaneId } from '../../shared/comparison.ts';
import type { Task, TaskSource } from '../../shared/task.ts';
import { type AnswerFile, artifactOf } from '../artifact/artifact.ts';
import { checkRelativePath, isExecutionSensitive, pathConflicts } from '../artifact/paths.ts';
import { lineEndOf, parseUndoRecord, replaceSelection, sentText, type UndoRecord, withLineEnds } from '../artifact/review.ts';
import { mergeTexts } from './merge.ts';
import { type ApplyPlan, NOTHING, type PlannedFile, RESTRICTED, tokenOf } from './planned.ts';
import { questionsOf } from './questions.ts';
import { type ApplyDependencies, NotText, type Present, reasonOf, type Workspace } from './workspace.ts';

export type PlanResult =
  | { readonly ok: true; readonly plan: ApplyPlan }
  /** `conflict`: the answer and later edits touch the same lines, so that hunks have to be taken one by one. */
  | { readonly ok: false; readonly message: string; readonly conflict?: true };

/** A folder to write to: relative names start from `folder`, and nothing may leave `root`. */
export interface TargetFolder {
  readonly root: string;
  readonly folder: string;
}

/** Decides what applying that answer means now. Reads, asks at most which folder, writes nothing. */
export async function planApply(state: ComparisonState, lane: LaneId, dependencies: ApplyDependencies): Promise<PlanResult> {
  const { workspace } = dependencies;
  const refuse = (message: string): PlanResult => ({ ok: false, message: `${NOTHING}: ${message}` });
  if (!workspace.isTrusted) return refuse(RESTRICTED);
  const run = state.runs[lane];
  const artifact = artifactOf(state.task, run);
  if (!run || artifact.files.length === 0) {
    return refuse(`the ${LANE_LABEL[lane]} answer has no file in it. ${artifact.problems[0] ?? ''}`.trim());
  }
  if (run.status !== 'ended') return refuse(`the ${LANE_LABEL[lane]} answer is still being written.`);

  try {
    const record = parseUndoRecord(await dependencies.undo.read(state.id));
    const replacement = artifact.files.find(({ replaces }) => replaces);
    const source =
      replacement && state.task.source
        ? await planSource(state.task, state.task.source, replacement, record, workspace)
        : undefined;
    const created = artifact.files.filter((file) => file !== replacement || !source);
    const target =
      created.length > 0 ? (targetFolder(state.task.source, workspace) ?? (await askFolder(dependencies))) : undefined;
    if (target === undefined && created.length > 0 && workspace.folders.length > 0) return refuse('no folder was chosen.');
    const others = target ? await planNamed(created, target, state.task, record, workspace) : [];
    const files = [...(source ? [source] : []), ...others];
    await refuseTwins(files, workspace);
    const untitled = target ? [] : created;
    const changes = files.filter(({ before, after }) => before !== after);
    if (changes.length === 0 && untitled.length === 0) return refuse('the files already hold this answer.');
    const plan = {
      comparisonId: state.id,
      lane,
      title: `${LANE_LABEL[lane]} (${run.plan.model})`,
      files: changes,
      unchanged: files.filter((file) => !changes.includes(file)).map(({ path }) => path),
      untitled,
    };
    const cut = artifact.files.filter(({ complete }) => !complete).map(({ name }) => name);
    const isWhole = isComplete(run) && cut.length === 0;
    const questions = questionsOf(plan, isWhole ? undefined : { run, cut }, workspace.folders.length > 0);
    return { ok: true, plan: { ...plan, questions, token: tokenOf(plan, workspace) } };
  } catch (error) {
    if (error instanceof Conflict) return { ok: false, message: `${NOTHING}: ${error.message}`, conflict: true };
    if (error instanceof Refused) return refuse(error.message);
    return refuse(reasonOf(error));
  }
}

/**
 * Where the new files of an answer go: beside the spec if that lies in the workspace, else to the workspace's folder. Undefined when no
 * folder is open, and when several are and the spec lies in none of them: then somebody must be asked.
 */
export function targetFolder(source: TaskSource | undefined, workspace: Workspace): TargetFolder | undefined {
  const uri = source && /^[a-z][a-z\d+.-]+:/i.test(source.uri) && !source.uri.startsWith('untitled:') ? source.uri : undefined;
  const root = uri === undefined ? undefined : workspace.folderOf(uri);
  if (uri !== undefined && root !== undefined) return { root, folder: workspace.parentOf(uri) };
  const [only] = workspace.folders;
  return only !== undefined && workspace.folders.length === 1 ? { root: only, folder: only } : undefined;
}

/** A reason not to apply, as the end of a sentence. */
class Refused extends Error {}
/** Refused, because later edits and the answer touch the same lines. */
class Conflict extends Refused {}

async function askFolder({ workspace, dialogs }: ApplyDependencies): Promise<TargetFolder | undefined> {
  if (workspace.folders.length === 0) return undefined;
  const folder = await dialogs.pickFolder();
  return folder === undefined ? undefined : { root: folder, folder };
}

/** The code that was asked about, with the answer in its place. */
async function planSource(
  task: Task,
  source: TaskSource,
  file: AnswerFile,
  record: UndoRecord,
  workspace: Workspace,
): Promise<PlannedFile> {
  const { name, uri } = source;
  const present = await readForPlan(uri, name, workspace);
  if (!present) throw new Refused(`${name} is no longer there. Open the answer as an untitled file instead.`);
  if (await workspace.isReadOnly(uri)) throw new Refused(`${name} is read-only.`);
  const isBase = source.baseHash !== undefined && workspace.hash(present.text) === source.baseHash;
  const placed = isBase
    ? { kind: 'changed' as const, after: inPlace(task, source, present.text, file) }
    : mergedWith(task, source, present.text, file, record, workspace);
  const root = workspace.folderOf(uri);
  const real = root === undefined ? undefined : await workspace.realPath(root, uri);
  if (real && 'reason' in real) throw new Refused(`${name} cannot be changed: ${real.reason}`);
  const path = root === undefined ? name : workspace.relative(root, uri);
  const sensitive = isExecutionSensitive(path) ?? (real ? isExecutionSensitive(real.realRelative) : undefined);
  return {
    uri,
    path,
    ...(root === undefined ? {} : { root }),
    ...placed,
    before: present.text,
    wasDirty: present.isDirty,
    ...(sensitive ? { sensitive } : {}),
  };
}

/** The document that the run began with, with the answer in it. */
function inPlace(task: Task, source: TaskSource, text: string, file: AnswerFile): string {
  const content = contentOf(file);
  if (!source.selection) return inPlaceOf(text, content);
  const placed = replaceSelection(text, source.selection, content, sentText(task));
  if (!placed.ok) throw new Refused(`${source.name} changed since the run began: ${placed.reason}.`);
  return placed.text;
}

/** A document that changed since the run began, with the answer merged into it. */
function mergedWith(
  task: Task,
  source: TaskSource,
  present: string,
  file: AnswerFile,
  record: UndoRecord,
  { hash }: Workspace,
): Pick<PlannedFile, 'kind' | 'after' | 'keptLines'> {
  const presentHash = hash(present);
  if (record.applies.some(({ files }) => files.some((one) => one.uri === source.uri && one.afterHash === presentHash))) {
    throw new Refused(`${source.name} holds the answer applied before. Undo that apply first.`);
  }
  const changed = `${source.name} changed since the run began`;
  const base = task.parts.find((part) => part.type === 'text' && hash(part.text) === source.baseHash);
  if (base?.type !== 'text') {
    const why = source.selection ? 'only its selection was sent' : 'what it held then is not known';
    throw new Refused(`${changed}, and ${why}, so the two cannot be merged. Diff the answer with the file, or run again.`);
  }
  const answer = inPlace(task, source, base.text, file);
  const merge = mergeTexts(base.text, present, answer);
  if (merge.ok) return { kind: 'merged', after: merge.text, keptLines: merge.keptLines };
  throw new Conflict(
    merge.reason === 'conflict'
      ? `${changed}, in lines that the answer changes too. Take the hunks you want into a result document.`
      : `${changed}, and it is too long to be merged. Take the hunks you want into a result document.`,
  );
}

/** Files with names of their own, in the target folder. All names are checked before any is read. */
async function planNamed(
  files: readonly AnswerFile[],
  target: TargetFolder,
  task: Task,
  record: UndoRecord,
  workspace: Workspace,
): Promise<PlannedFile[]> {
  const named = files.map((file) => ({ file, check: checkRelativePath(file.name) }));
  const refused = named.flatMap(({ file, check }) =>
    check.ok ? [] : [`"${showName(file.name)}" cannot be used: ${check.reason}`],
  );
  const paths = named.flatMap(({ check }) => (check.ok ? [check.path] : []));
  const problems = [...refused, ...pathConflicts(paths)];
  if (problems.length > 0) throw new Refused(problems.slice(0, 3).join(' '));
  const sent = new Set(task.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
  const planned: PlannedFile[] = [];
  for (const { file, check } of named) {
    const name = check.ok ? check.path : '';
    const content = contentOf(file);
    const uri = workspace.join(target.folder, name);
    const real = await workspace.realPath(target.root, uri);
    if ('reason' in real) throw new Refused(`"${name}" cannot be used: ${real.reason}`);
    if (await workspace.isReadOnly(uri)) throw new Refused(`${name} is read-only.`);
    const present = await readForPlan(uri, name, workspace);
    const path = workspace.relative(target.root, uri);
    const sensitive = isExecutionSensitive(path) ?? isExecutionSensitive(real.realRelative);
    const ours = (text: string): boolean => {
      const hash = workspace.hash(text);
      return record.applies.some(({ files }) => files.some((one) => one.uri === uri && one.afterHash === hash));
    };
    planned.push({
      uri,
      path,
      root: target.root,
      kind: !present ? 'new' : sent.has(present.text) || ours(present.text) ? 'changed' : 'unseen',
      before: present ? present.text : null,
      after: present ? inPlaceOf(present.text, content) : content,
      wasDirty: present?.isDirty ?? false,
      ...(sensitive ? { sensitive } : {}),
    });
  }
  return planned;
}

/** Two names of an answer may be one file, through a link between them: which of them should hold? */
async function refuseTwins(files: readonly PlannedFile[], workspace: Workspace): Promise<void> {
  const byPlace = new Map<string, string>();
  for (const { uri, root, path } of files) {
    if (root === undefined) continue;
    const real = await workspace.realPath(root, uri);
    const place = 'reason' in real ? uri : `${root} ${real.realRelative}`;
    const other = byPlace.get(place);
    if (other !== undefined) throw new Refused(`${other} and ${path} are the same file, through a link.`);
    byPlace.set(place, path);
  }
}

async function readForPlan(uri: string, name: string, workspace: Workspace): Promise<Present | undefined> {
  try {
    return await workspace.read(uri);
  } catch (error) {
    throw new Refused(error instanceof NotText ? `${name}: ${error.message}` : `${name} cannot be read: ${reasonOf(error)}`);
  }
}

/** An answer's content as a file can hold it and an editor shows it: whole characters, no mark at the beginning. */
function contentOf({ name, content }: AnswerFile): string {
  if (content.includes('\0')) throw new Refused(`"${showName(name)}" has a character in it that no text file holds.`);
  return content.toWellFormed().replace(/^\uFEFF+/, '');
}

/** A whole new text by the old one's conventions: its line ends, and no final line end where it had none. */
function inPlaceOf(present: string, content: string): string {
  const fitted = present !== '' && !/[\r\n]$/.test(present) ? content.replace(/\n$/, '') : content;
  return withLineEnds(fitted, lineEndOf(present));
}

/** A name as it can be read in a message: short, without characters that cannot be seen. */
const showName = (name: string): string => name.replace(/[\p{Cc}\p{Cf}]/gu, '�').slice(0, 80);
