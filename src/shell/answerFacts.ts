/**
 * What a panel says of the answers beside their words: which files are in them, and what is wrong with these. Looking takes time, so that
 * growing answers are looked at now and then only.
 */
import { artifactOf } from '../core/artifact/artifact.ts';
import { findingsOfRun } from '../core/artifact/findings.ts';
import { partTokens } from '../core/money/estimate.ts';
import { type ComparisonState, LANES, type Run } from '../shared/comparison.ts';
import type { FileSummary, PanelContext } from '../shared/protocol.ts';

export type AnswersSeen = Pick<PanelContext, 'files' | 'findings' | 'partTokens'>;

/** Files in a growing answer are looked for at most this often. */
const FILES_INTERVAL_MS = 500;
/** They are judged less often: that takes several times as long. */
const FINDINGS_INTERVAL_MS = 3_000;

export class AnswerFacts {
  #files: PanelContext['files'] = {};
  #findings: NonNullable<PanelContext['findings']> = {};
  #filesAtMs = 0;
  #findingsAtMs = Number.NEGATIVE_INFINITY;
  #counted: { readonly id: string; readonly tokens: Readonly<Record<number, number>> } | undefined;

  /** True when growing answers may be looked at again. */
  get isDue(): boolean {
    return performance.now() - this.#filesAtMs > FILES_INTERVAL_MS;
  }

  look(state: ComparisonState): void {
    this.#filesAtMs = performance.now();
    this.#files = Object.fromEntries(
      LANES.flatMap((lane) => {
        const run = state.runs[lane];
        return run ? [[lane, filesOf(state, run)]] : [];
      }),
    );
    if (state.running && this.#filesAtMs - this.#findingsAtMs < FINDINGS_INTERVAL_MS) return;
    this.#findings = Object.fromEntries(LANES.map((lane) => [lane, findingsOfRun(state.task, state.runs[lane])]));
    this.#findingsAtMs = performance.now();
  }

  /** What the last look found, and the size of each part that was sent. */
  seen(state: ComparisonState): AnswersSeen {
    return { files: this.#files, findings: this.#findings, partTokens: this.#partTokens(state) };
  }

  /** Counted once for each comparison: its task may be long, and never changes. */
  #partTokens({ id, task }: ComparisonState): Readonly<Record<number, number>> {
    if (this.#counted?.id !== id) this.#counted = { id, tokens: partTokens(task.parts) };
    return this.#counted.tokens;
  }
}

const filesOf = (state: ComparisonState, run: Run): readonly FileSummary[] =>
  artifactOf(state.task, run).files.map(({ name, languageId, complete }) => ({ name, languageId, complete }));
