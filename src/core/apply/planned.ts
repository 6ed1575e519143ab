/** A decided apply: what is shown, asked about and then done, to the letter. */
import type { LaneId } from '../../shared/comparison.ts';
import type { AnswerFile } from '../artifact/artifact.ts';
import type { Question, Workspace } from './workspace.ts';

export interface PlannedFile {
  readonly uri: string;
  /** Path to show: from the workspace folder where there is one. */
  readonly path: string;
  /** The folder it may not leave; absent for a document outside of every workspace folder. */
  readonly root?: string;
  /** `merged`: with what changed since the run began. `unseen`: it is there, the model was not sent it, and all of it is replaced. */
  readonly kind: 'new' | 'changed' | 'merged' | 'unseen';
  /** The whole present text; null where a new file is made. */
  readonly before: string | null;
  readonly after: string;
  readonly wasDirty: boolean;
  /** Of a merge: lines changed since the run began that are kept. */
  readonly keptLines?: number;
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
  /** Paths that hold the answer already. */
  readonly unchanged: readonly string[];
  /** With no folder to write to: opened as untitled documents instead. */
  readonly untitled: readonly AnswerFile[];
  /** Questions to ask first. */
  readonly questions: readonly Question[];
  /** SHA-256 over all that would be done: what was asked about is what is done. */
  readonly token: string;
}

export const NOTHING = 'Nothing was applied';
export const RESTRICTED = 'this window is in Restricted Mode. Trust the folder first.';

/** The hash of everything that would be done. */
export const tokenOf = (plan: Pick<ApplyPlan, 'comparisonId' | 'lane' | 'files' | 'untitled'>, { hash }: Workspace): string =>
  hash(
    JSON.stringify([
      plan.comparisonId,
      plan.lane,
      plan.files.map(({ uri, root, before, after }) => [uri, root ?? null, before, after]),
      plan.untitled.map(({ name, content }) => [name, content]),
    ]),
  );
