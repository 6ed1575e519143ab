/**
 * Taking an apply back. The editor's own undo asks, fails when one of several files changed, and cannot be reached from the panel; this
 * compares hashes, restores what nobody changed since, and names what it leaves alone. It works after a restart, because what was there
 * before is stored. What could not be restored stays stored, so that it still can be once it is as the apply left it.
 */
import {
  decideUndo,
  parseUndoRecord,
  replaceApply,
  type UndoDecision,
  type UndoEntry,
  type UndoFile,
} from '../artifact/review.ts';
import { type ApplyDependencies, type Change, reasonOf, type Workspace } from './workspace.ts';

export interface UndoOutcome {
  /** Paths that are as they were before the apply. */
  readonly undone: readonly string[];
  readonly message: string;
}

/**
 * Takes the latest apply of a comparison back that still can be, as far as nobody has changed its files since, and says what happened.
 * `through links`: right after a write that a swapped link led astray, to take it back from where it went.
 */
export async function undoApply(
  comparisonId: string,
  dependencies: ApplyDependencies,
  where: 'in its folder' | 'through links' = 'in its folder',
): Promise<UndoOutcome> {
  const { workspace, dialogs, undo, log } = dependencies;
  const say = (message: string, undone: readonly string[] = []): UndoOutcome => {
    void dialogs.tell(message);
    return { undone, message };
  };
  try {
    let record = parseUndoRecord(await undo.read(comparisonId));
    if (record.applies.length === 0) return say('There is no apply to undo.');
    const keep = async (entry: UndoEntry, rest: readonly UndoFile[]): Promise<void> => {
      record = replaceApply(record, entry, rest);
      await undo.write(comparisonId, record.applies.length > 0 ? record : undefined);
    };
    const stuck = new Set<string>();
    const nothing = (): UndoOutcome =>
      say(`Nothing was undone${stuck.size > 0 ? `: ${[...stuck].join(', ')} changed since the apply` : ''}.`);
    const entries = where === 'through links' ? record.applies.slice(-1) : record.applies.toReversed();
    for (const entry of entries) {
      const state = await lookAt(entry, where, workspace);
      for (const { path } of state.changed) stuck.add(path);
      if (state.restore.length + state.altered.length > 0) {
        const chosen = await ask(state, dependencies);
        if (chosen === undefined) return nothing();
        const failure = await restore(chosen, entry, state, where, workspace);
        const after = await lookAt(entry, where, workspace);
        const left = [...after.restore, ...after.altered, ...after.changed];
        await keep(entry, left);
        const undone = after.done.filter(({ uri }) => chosen.some((file) => file.uri === uri)).map(({ path }) => path);
        log(`undo ${comparisonId}: ${undone.length} of ${entry.files.length} files`);
        const failed = chosen.filter(({ uri }) => left.some((file) => file.uri === uri)).map(({ path }) => path);
        const alone = left.map(({ path }) => path).filter((path) => !failed.includes(path));
        return say(undoneMessage(undone, failed, alone, failure), undone);
      }
      if (state.changed.length === 0) await keep(entry, []);
    }
    if (stuck.size > 0) return nothing();
    return say('Nothing to undo: the files are as they were before the apply.');
  } catch (error) {
    return say(`Could not undo: ${reasonOf(error)}`);
  }
}

interface Looked extends UndoDecision {
  /** The present text of each document, where there is one that can be read. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Which of an apply's files can be restored now. A file whose path leads elsewhere now counts as changed. */
async function lookAt(entry: UndoEntry, where: 'in its folder' | 'through links', workspace: Workspace): Promise<Looked> {
  const texts = new Map<string, string>();
  const hashes = new Map<string, string | undefined>();
  for (const { uri, root } of entry.files) {
    const isAstray = where === 'in its folder' && root !== undefined && (await leaves(root, uri, workspace));
    const present = isAstray ? 'unreadable' : await workspace.read(uri).catch(() => 'unreadable' as const);
    if (typeof present === 'object') texts.set(uri, present.text);
    hashes.set(uri, typeof present === 'object' ? workspace.hash(present.text) : present);
  }
  return { ...decideUndo(entry, (uri) => hashes.get(uri), workspace.hash), texts };
}

async function leaves(root: string, uri: string, workspace: Workspace): Promise<boolean> {
  const real = await workspace.realPath(root, uri).catch(reasonOf);
  return typeof real === 'string' || 'reason' in real;
}

/** The files to restore, after the questions; undefined when the person wants none. */
async function ask({ restore, altered, changed }: Looked, { dialogs }: ApplyDependencies): Promise<UndoFile[] | undefined> {
  const chosen = [...restore];
  if (altered.length > 0) {
    const names = namesOf(altered);
    const question = {
      message: `${names} held more than the answer when the apply ended: a formatter, or an edit, changed ${itOrThem(altered)}.`,
      detail: `Restore ${itOrThem(altered)} as before the apply all the same? What was added is lost.`,
      action: altered.length === 1 ? 'Restore It' : 'Restore Them',
    };
    if (await dialogs.confirm(question)) chosen.push(...altered);
  }
  if (chosen.length === 0) return undefined;
  if (changed.length === 0) return chosen;
  const question = {
    message: `${namesOf(changed)} changed since the apply and will be left as ${changed.length === 1 ? 'it is' : 'they are'}.`,
    detail: `Undo the rest: ${namesOf(chosen)}.`,
    action: 'Undo the Rest',
  };
  return (await dialogs.confirm(question)) ? chosen : undefined;
}

/** Restores files from the very texts that were looked at. Returns what went wrong, as the end of a sentence. */
async function restore(
  files: readonly UndoFile[],
  { folders }: UndoEntry,
  { texts }: Looked,
  where: 'in its folder' | 'through links',
  workspace: Workspace,
): Promise<string | undefined> {
  const changes = files.map(({ uri, before }): Change => ({ uri, from: texts.get(uri) ?? null, to: before }));
  let failure: string | undefined;
  try {
    await workspace.edit(changes, undefined);
    // Documents that were saved before the apply are saved again; unsaved ones stay unsaved.
    const saved = files.flatMap(({ uri, before, wasDirty }): [string, string][] =>
      before === null || wasDirty ? [] : [[uri, before]],
    );
    await workspace.save(new Map(saved));
  } catch (error) {
    failure = reasonOf(error);
  }
  const root = files.find((file) => file.root !== undefined)?.root;
  for (const folder of [...folders].reverse()) {
    if (where === 'in its folder' && root !== undefined && (await leaves(root, folder, workspace))) continue;
    await workspace.removeEmptyFolder(folder).catch(() => undefined); // not there, or not ours to remove: it stays as it is
  }
  return failure;
}

function undoneMessage(
  undone: readonly string[],
  failed: readonly string[],
  alone: readonly string[],
  failure: string | undefined,
): string {
  const what = undone.length === 1 ? undone[0] : `${undone.length} files`;
  const rest =
    alone.length > 0 ? ` ${alone.join(', ')} changed since the apply and ${alone.length === 1 ? 'was' : 'were'} left.` : '';
  if (failed.length === 0) return `Undone: ${what} ${undone.length === 1 ? 'is' : 'are'} as before.${rest}`;
  const why = failure === undefined ? '' : `: ${failure}`;
  return `Could not undo ${failed.join(', ')}${why.replace(/\.$/, '')}.${undone.length > 0 ? ` ${what} restored.` : ''}${rest}`;
}

const namesOf = (files: readonly UndoFile[]): string => files.map(({ path }) => path).join(', ');
const itOrThem = (files: readonly UndoFile[]): string => (files.length === 1 ? 'it' : 'them');
