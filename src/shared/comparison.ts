/**
 * A comparison is a numbered log of events; everything anyone sees is a pure fold of that log.
 *
 * The live panel, a reloaded panel, the command line and the tests all use the same {@link reduce}. Facts (arrival times, text,
 * usage, cost) are recorded once, as events; every shown number is derived from the folded facts by `metrics.ts`.
 */
import { assertNever } from './assertNever.ts';
import type { FinishReason, MessagePart, ModelError, Usage } from './model.ts';
import type { Cost, NanoUsd } from './money.ts';

/** Version of everything below, written into every stored log. Raise it when an older reader would misread a newer log. */
export const SCHEMA_VERSION = 1;

export type LaneId = 'fast' | 'reasoning';
export const LANES: readonly LaneId[] = ['fast', 'reasoning'];
export const LANE_LABEL: Record<LaneId, string> = { fast: 'Fast', reasoning: 'Reasoning' };

/** What is asked. `design` turns a spec into new files; `code` changes given code by an instruction. */
export interface Task {
  readonly kind: 'design' | 'code';
  /** Short name for titles: the file's name, or the first words of the instruction. */
  readonly title: string;
  /** The person's own words; empty when the spec speaks for itself. */
  readonly instruction: string;
  /** The spec or the code, as message parts, in the order sent. */
  readonly parts: readonly MessagePart[];
  /** Where it came from and, for code, where the answer goes. Absent for text that has no document. */
  readonly source?: TaskSource;
}

export interface TaskSource {
  /** Document URI (`file:`, `untitled:`...), or a path on the command line. */
  readonly uri: string;
  /** Name to show, e.g. `pricing-card.md`. */
  readonly name: string;
  /** Language id of the document, where known. */
  readonly languageId?: string;
  /** The selected range, in zero-based UTF-16 positions; absent: the whole document. */
  readonly selection?: {
    readonly startLine: number;
    readonly startCharacter: number;
    readonly endLine: number;
    readonly endCharacter: number;
  };
  /** SHA-256 (hex) of the whole buffer when the run began, saved or not: what an apply is checked against. */
  readonly baseHash?: string;
}

/** Money looked at before the run, for one lane. Absent figures are unknown. */
export interface Estimate {
  readonly inputTokens: number;
  /** Input alone, and nothing answered. */
  readonly floorNanoUsd?: NanoUsd;
  readonly likelyNanoUsd?: NanoUsd;
  /** The worst case: the input's upper bound and the whole output limit. This is what is reserved. */
  readonly ceilingNanoUsd?: NanoUsd;
}

/** The plan of one lane, settled when it starts. */
export interface LanePlan {
  readonly lane: LaneId;
  /** `endpoint:model@effort` as asked for. */
  readonly model: string;
  readonly endpointLabel: string;
  /** The scripted sample: not a model. */
  readonly scripted: boolean;
  readonly maxOutputTokens: number;
  /** The whole text sent, without the pictures, so that the run can be read later as it was. */
  readonly system: string;
  readonly prompt: string;
  readonly estimate: Estimate;
}

/** What can happen to a lane, in order: one `start`, stream events, one `end`. A lane may start again after its end. */
export type LaneEvent =
  | { readonly type: 'start'; readonly plan: LanePlan }
  | { readonly type: 'attempt'; readonly number: number }
  | { readonly type: 'retry'; readonly waitMs: number; readonly error: ModelError }
  | { readonly type: 'first-byte' }
  | { readonly type: 'served'; readonly model?: string; readonly responseId?: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'cost'; readonly cost: Cost }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'end'; readonly reason: FinishReason; readonly error?: ModelError };

/**
 * One line of the log. `seq` counts from 0 without gaps. `atMs` is milliseconds since the comparison began, on a monotonic clock,
 * stamped when the fact arrived.
 */
export type ComparisonEvent = { readonly seq: number; readonly atMs: number } & (
  | {
      readonly type: 'comparison-start';
      readonly schema: number;
      readonly id: string;
      /** Wall time, ISO 8601. */
      readonly startedAt: string;
      readonly task: Task;
    }
  | { readonly type: 'lane'; readonly lane: LaneId; readonly event: LaneEvent }
  | { readonly type: 'comparison-end' }
);

export type RunStatus = 'waiting' | 'retrying' | 'thinking' | 'answering' | 'ended';

/** The facts of one lane's run. Times are `atMs` of the log. Absent means it did not happen, or nobody knows. */
export interface Run {
  readonly plan: LanePlan;
  readonly status: RunStatus;
  readonly attempts: number;
  readonly text: string;
  readonly reasoning: string;
  readonly startedMs: number;
  /** Start of the attempt that counts: retries and waiting before it are not the model's time. */
  readonly attemptMs: number;
  readonly firstByteMs?: number;
  readonly firstReasoningMs?: number;
  readonly lastReasoningMs?: number;
  readonly firstTextMs?: number;
  readonly endedMs?: number;
  readonly servedModel?: string;
  readonly responseId?: string;
  readonly usage?: Usage;
  readonly cost?: Cost;
  readonly retry?: { readonly untilMs: number; readonly error: ModelError };
  readonly notices: readonly string[];
  readonly finish?: FinishReason;
  readonly error?: ModelError;
}

export interface ComparisonState {
  /** Sequence number of the last event folded in; -1 before any. */
  readonly seq: number;
  /** `atMs` of the last event folded in. */
  readonly atMs: number;
  readonly id: string;
  readonly startedAt: string;
  readonly task: Task;
  /** The current run of each lane that has started. */
  readonly runs: Partial<Record<LaneId, Run>>;
  /** Earlier runs of this comparison, oldest first. */
  readonly earlier: readonly Run[];
  /** True between the start of a lane and the end of the last running one. */
  readonly running: boolean;
}

export const EMPTY: ComparisonState = {
  seq: -1,
  atMs: 0,
  id: '',
  startedAt: '',
  task: { kind: 'design', title: '', instruction: '', parts: [] },
  runs: {},
  earlier: [],
  running: false,
};

/** Folds one event. Throws on a gap in `seq`: the reader asks for a snapshot, it never guesses. */
export function reduce(state: ComparisonState, event: ComparisonEvent): ComparisonState {
  if (event.seq !== state.seq + 1) throw new RangeError(`event ${event.seq} does not follow ${state.seq}`);
  const next = { ...state, seq: event.seq, atMs: Math.max(state.atMs, event.atMs) };
  switch (event.type) {
    case 'comparison-start':
      return { ...next, id: event.id, startedAt: event.startedAt, task: event.task };
    case 'comparison-end':
      return { ...next, running: false };
    case 'lane': {
      if (event.event.type === 'start') return startLane(next, event.lane, event.event.plan, event.atMs);
      const run = state.runs[event.lane];
      if (!run) return next;
      return { ...next, runs: { ...state.runs, [event.lane]: reduceRun(run, event.event, event.atMs) } };
    }
    default:
      return assertNever(event);
  }
}

/** Folds a whole log. */
export const fold = (events: Iterable<ComparisonEvent>): ComparisonState => {
  let state = EMPTY;
  for (const event of events) state = reduce(state, event);
  return state;
};

function startLane(state: ComparisonState, lane: LaneId, plan: LanePlan, atMs: number): ComparisonState {
  const previous = state.runs[lane];
  const run: Run = {
    plan,
    status: 'waiting',
    attempts: 0,
    text: '',
    reasoning: '',
    startedMs: atMs,
    attemptMs: atMs,
    notices: [],
  };
  return {
    ...state,
    running: true,
    runs: { ...state.runs, [lane]: run },
    earlier: previous ? [...state.earlier, previous] : state.earlier,
  };
}

function reduceRun(run: Run, event: Exclude<LaneEvent, { type: 'start' }>, atMs: number): Run {
  switch (event.type) {
    case 'attempt': {
      // What an earlier attempt said before it failed is not this one's: only its text and thinking would be kept, and there was none.
      const { retry: _, firstByteMs: __, servedModel: ___, responseId: ____, ...rest } = run;
      return { ...rest, status: 'waiting', attempts: event.number, attemptMs: atMs };
    }
    case 'retry':
      return { ...run, status: 'retrying', retry: { untilMs: atMs + event.waitMs, error: event.error } };
    case 'first-byte':
      return run.firstByteMs === undefined ? { ...run, firstByteMs: atMs } : run;
    case 'served':
      return {
        ...run,
        ...(event.model === undefined ? {} : { servedModel: event.model }),
        ...(event.responseId === undefined ? {} : { responseId: event.responseId }),
      };
    case 'reasoning':
      return {
        ...run,
        status: run.firstTextMs === undefined ? 'thinking' : run.status,
        reasoning: run.reasoning + event.text,
        firstReasoningMs: run.firstReasoningMs ?? atMs,
        lastReasoningMs: atMs,
      };
    case 'text':
      return { ...run, status: 'answering', text: run.text + event.text, firstTextMs: run.firstTextMs ?? atMs };
    case 'usage':
      return { ...run, usage: event.usage };
    case 'cost':
      return { ...run, cost: event.cost };
    case 'notice':
      return { ...run, notices: [...run.notices, event.text] };
    case 'end':
      return { ...run, status: 'ended', endedMs: atMs, finish: event.reason, ...(event.error ? { error: event.error } : {}) };
    default:
      return assertNever(event);
  }
}

/** Only an answer that ended normally is complete; everything else is partial and says so. */
export const isComplete = (run: Run | undefined): boolean => run?.finish === 'stop';
