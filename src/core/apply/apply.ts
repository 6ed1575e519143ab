/**
 * Applying an answer.
 *
 * `planApply` decides everything and touches nothing; `applyPlan` does exactly that plan or refuses; `applyAnswer` is both, with the
 * questions in between. `undoApply` takes it back.
 *
 * What was there before is in the store before the edit begins, so that a death in between loses nothing. What really happened is read
 * from the documents afterwards, never assumed: the editor may stop halfway, and the person may leave files out or type meanwhile. Paths
 * are looked at again after the write: a link that was swapped meanwhile is reported, and the write taken back.
 *
 * Saving is as with the editor's refactorings: created files are on disk at once; one changed document stays unsaved; of several, those
 * that were saved before are saved, if the editor's settings say so.
 */
import type { ComparisonState, LaneId } from '../../shared/comparison.ts';
import { parseUndoRecord, pushApply, type UndoEntry, type UndoFile, type UndoRecord } from '../artifact/review.ts';
import { planApply } from './plan.ts';
import { type ApplyPlan, NOTHING, type PlannedFile, RESTRICTED, tokenOf } from './planned.ts';
import { undoApply } from './undo.ts';
import { type ApplyDependencies, type Change, Moved, reasonOf } from './workspace.ts';

export interface ApplyOutcome {
  /** Paths that were written. */
  readonly applied: readonly string[];
  /** URI of the first of them. */
  readonly first?: string;
  /** What happened, in one or two sentences; empty when the person said no to a question. */
  readonly message: string;
  /** Refused because later edits and the answer touch the same lines. */
  readonly conflict?: true;
}

/** Plans, asks and applies. */
export async function applyAnswer(state: ComparisonState, lane: LaneId, dependencies: ApplyDependencies): Promise<ApplyOutcome> {
  const planned = await planApply(state, lane, dependencies);
  if (!planned.ok) return { applied: [], message: planned.message, ...(planned.conflict ? { conflict: true } : {}) };
  return applyAsked(planned.plan, dependencies);
}

/** Asks a plan's questions, and does it after a yes to each. */
export async function applyAsked(plan: ApplyPlan, dependencies: ApplyDependencies): Promise<ApplyOutcome> {
  for (const question of plan.questions) {
    if (!(await dependencies.dialogs.confirm(question))) return { applied: [], message: '' };
  }
  return applyPlan(plan, dependencies);
}

/** Does exactly that plan, or says why not. The person has answered the plan's questions. */
export async function applyPlan(plan: ApplyPlan, dependencies: ApplyDependencies): Promise<ApplyOutcome> {
  const { workspace, undo, log } = dependencies;
  const nothing = (why: string): ApplyOutcome => ({ applied: [], message: why === '' ? `${NOTHING}.` : `${NOTHING}: ${why}` });
  if (!workspace.isTrusted) return nothing(RESTRICTED);
  if (tokenOf(plan, workspace) !== plan.token) return nothing('the plan is not the one that was agreed to.');
  if (plan.files.length === 0) return openUntitled(plan, dependencies);

  let earlier: UndoRecord;
  let entry: UndoEntry;
  try {
    const problem = await firstProblem(plan, dependencies);
    if (problem) return nothing(problem);
    const folders = new Set<string>();
    for (const { before, root, uri } of plan.files) {
      if (before !== null || root === undefined) continue;
      for (const folder of await workspace.missingFolders(root, uri)) folders.add(folder);
    }
    earlier = parseUndoRecord(await undo.read(plan.comparisonId));
    const files = plan.files.map((file) => undoFile(file, workspace.hash(file.after)));
    entry = { at: new Date().toISOString(), lane: plan.lane, files, folders: [...folders] };
    await undo.write(plan.comparisonId, pushApply(earlier, entry));
  } catch (error) {
    return nothing(`what would be needed to undo it could not be kept: ${reasonOf(error)}`);
  }

  let failure = '';
  let end: EditEnd;
  try {
    const changes = plan.files.map((file) => changeOf(plan, file));
    end = (await workspace.edit(changes, previewTitle(plan, dependencies))) ? 'whole' : 'stopped';
  } catch (error) {
    end = error instanceof Moved ? 'stopped' : 'unknown';
    failure = error instanceof Moved ? `${nameOf(plan, error.uri)} changed meanwhile.` : reasonOf(error);
    log(`apply ${plan.comparisonId} ${plan.lane}: ${failure}`);
  }
  let escaped = await escapedFiles(plan, dependencies);
  // What went astray before it was saved is restored in its buffer only: saving it would write through the link once more.
  const isUnsaved = escaped.length > 0;
  if (end === 'whole' && escaped.length === 0 && workspace.savesRefactorings && plan.files.length > 1) {
    const saved = plan.files.filter(({ before, wasDirty }) => before !== null && !wasDirty);
    await workspace
      .save(new Map(saved.map(({ uri, after }) => [uri, after])))
      .catch((error) => log(`apply ${plan.comparisonId}: not saved: ${reasonOf(error)}`));
    escaped = await escapedFiles(plan, dependencies);
  }
  const found = await surveyOf(plan, end, { isAstray: escaped.length > 0, isUnsaved }, dependencies);
  const kept = [...found.written, ...found.unknown];
  const record = kept.length > 0 ? pushApply(earlier, { ...entry, files: kept }) : earlier;
  await undo
    .write(plan.comparisonId, record.applies.length > 0 ? record : undefined)
    .catch((error) => log(`apply ${plan.comparisonId}: the record stays as it was before the edit: ${reasonOf(error)}`));
  if (escaped.length > 0 && kept.length > 0) {
    const quiet = { ...dependencies.dialogs, tell: async () => undefined };
    const { message } = await undoApply(plan.comparisonId, { ...dependencies, dialogs: quiet }, 'through links');
    log(`apply ${plan.comparisonId} ${plan.lane}: taken back, a link led out of the folder`);
    return nothing(`while it was written, a link led ${escaped.join(', ')} out of the folder. ${message}`);
  }
  if (found.written.length === 0) return nothing(failure);
  log(`apply ${plan.comparisonId} ${plan.lane}: ${found.written.length} of ${plan.files.length} files`);
  const rest = plan.untitled.length > 0 ? [(await openUntitled(plan, dependencies)).message] : [];
  return {
    applied: found.written.map(({ path }) => path),
    first: found.written[0]?.uri ?? '',
    message: [appliedMessage(plan, found.written, failure), ...rest].join(' '),
  };
}

/** How the edit ended: done as far as the person wanted it, given up before documents were changed, or nobody can say. */
type EditEnd = 'whole' | 'stopped' | 'unknown';

/** What is where after the edit. */
interface Survey {
  /** As the answer has it, or changed by the edit and by something else. */
  readonly written: readonly UndoFile[];
  /** Nobody can say whether it was written: what was there before is kept for an undo. */
  readonly unknown: readonly UndoFile[];
}

async function surveyOf(
  plan: ApplyPlan,
  end: EditEnd,
  { isAstray, isUnsaved }: { readonly isAstray: boolean; readonly isUnsaved: boolean },
  { workspace }: ApplyDependencies,
): Promise<Survey> {
  const written: UndoFile[] = [];
  const unknown: UndoFile[] = [];
  for (const file of plan.files) {
    const asPlanned = { ...undoFile(file, workspace.hash(file.after)), wasDirty: file.wasDirty || isUnsaved };
    try {
      const present = await workspace.read(file.uri);
      if ((present?.text ?? null) === file.before) continue;
      if (!present) {
        // Somebody removed it, or renamed it, after the edit: what it held is still kept.
        if (end !== 'stopped') unknown.push(asPlanned);
      } else if (present.text === file.after) written.push(asPlanned);
      else if (end === 'whole' && !isAstray)
        written.push({ ...asPlanned, afterHash: workspace.hash(present.text), altered: true });
      // After an edit that stopped, and behind a link, what is neither the old text nor the answer is somebody else's.
      else if (end !== 'stopped') unknown.push(asPlanned);
    } catch {
      unknown.push(asPlanned);
    }
  }
  return { written, unknown };
}

function appliedMessage({ files, title }: ApplyPlan, written: readonly UndoFile[], failure: string): string {
  const left = files.filter(({ uri }) => !written.some((file) => file.uri === uri)).map(({ path }) => path);
  const altered = written.filter((file) => file.altered).map(({ path }) => path);
  const count = written.length === 1 ? (written[0]?.path ?? '') : `${written.length} files`;
  return [
    left.length > 0
      ? `Applied ${written.length} of ${files.length} files; left out: ${left.join(', ')}.`
      : `Applied ${title} to ${count}.`,
    ...(altered.length > 0 ? [`${altered.join(', ')} differs from the answer: a formatter, or an edit, changed it.`] : []),
    ...(failure ? [failure] : []),
  ].join(' ');
}

const undoFile = ({ uri, path, before, wasDirty, root }: PlannedFile, afterHash: string): UndoFile => ({
  uri,
  path,
  before,
  wasDirty,
  afterHash,
  ...(root === undefined ? {} : { root }),
});

const DESCRIPTION: Record<PlannedFile['kind'], string> = {
  new: 'new file',
  changed: 'changed file',
  merged: 'merged with your later edits',
  unseen: 'replaced as a whole',
};

const changeOf = ({ title }: ApplyPlan, { uri, before, after, wasDirty, sensitive, kind }: PlannedFile): Change => ({
  uri,
  from: before,
  to: after,
  isSaved: before !== null && !wasDirty,
  label: sensitive === undefined ? title : `${title}: can make code run`,
  description: DESCRIPTION[kind],
});

const previewTitle = ({ title }: ApplyPlan, { preview = true }: ApplyDependencies): string | undefined =>
  preview ? title : undefined;

const nameOf = ({ files }: ApplyPlan, uri: string): string => files.find((file) => file.uri === uri)?.path ?? uri;

/** Why the plan can no longer be done as it was made. */
async function firstProblem(plan: ApplyPlan, { workspace }: ApplyDependencies): Promise<string | undefined> {
  for (const { uri, path, root, before } of plan.files) {
    const present = await workspace
      .read(uri)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    if (present instanceof Error) return `${path} cannot be read: ${present.message}`;
    if ((present?.text ?? null) !== before) return `${path} changed meanwhile.`;
    const real = root === undefined ? undefined : await workspace.realPath(root, uri);
    if (real && 'reason' in real) return `${path} cannot be used: ${real.reason}`;
  }
  return undefined;
}

/** Files whose path leads out of their folder now, or cannot be looked at, although it did not before the write. */
async function escapedFiles({ files }: ApplyPlan, { workspace }: ApplyDependencies): Promise<string[]> {
  const escaped: string[] = [];
  for (const { root, uri, path } of files) {
    const real = root === undefined ? undefined : await workspace.realPath(root, uri).catch(reasonOf);
    if (typeof real === 'string' || (real && 'reason' in real)) escaped.push(path);
  }
  return escaped;
}

/** With no folder to write to, the files are shown where nothing is at risk. */
async function openUntitled({ untitled }: ApplyPlan, { workspace }: ApplyDependencies): Promise<ApplyOutcome> {
  await workspace.openUntitled(untitled);
  const what =
    untitled.length === 1
      ? 'the answer was opened as an untitled file'
      : `the ${untitled.length} files were opened as untitled files`;
  return { applied: [], message: `No folder is open, so ${what}. Save it where you want it.` };
}
