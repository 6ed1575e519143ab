/**
 * A comparison is a numbered log of events; everything anyone sees is a pure fold of that log.
 *
 * The live panel, a reloaded panel, the command line and the tests all use the same {@link reduce}. Facts (arrival times, text,
 * usage, cost) are recorded once, as events; every shown number is derived from the folded facts by `metrics.ts`.
 */
import { assertNever } from './assertNever.ts';
import type { FinishReason, ModelError, Usage } from './model.ts';
import type { Cost } from './money.ts';
import type { Estimate, PromptStyle, Sending } from './sending.ts';
import type { Task } from './task.ts';

/** Version of the events and of all they hold, written into every stored log. Raise it when an older reader would misread a newer log. */
export const SCHEMA_VERSION = 1;

export type LaneId = 'fast' | 'reasoning';
export const LANES: readonly LaneId[] = ['fast', 'reasoning'];
export const LANE_LABEL: Record<LaneId, string> = { fast: 'Fast', reasoning: 'Reasoning' };

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
  /** Absent in old logs, as are the next ones. */
  readonly promptStyle?: PromptStyle;
  readonly thinkingBudgetTokens?: number;
  /** A run on the provider's side that can be picked up again. */
  readonly background?: true;
  readonly sending?: Sending;
  /** How long the lane is waited for: until its first byte, in silence, and without text or thinking. In milliseconds. */
  readonly patience?: { readonly firstByteMs: number; readonly idleMs: number; readonly progressMs: number };
}

/** What can happen to a lane, in order: one `start`, stream events, one `end`. A lane may start again after its end. */
export type LaneEvent =
  | { readonly type: 'start'; readonly plan: LanePlan }
  /** For whoever picks a background run up again: the reservation it stands on, and what the attempts before it cost. */
  | { readonly type: 'attempt'; readonly number: number; readonly holdId?: string; readonly spent?: Cost }
  /** The attempt's request is built and goes to the network: its clock starts here. Absent in old logs, and where nobody knows. */
  | { readonly type: 'sent' }
  | { readonly type: 'retry'; readonly waitMs: number; readonly error: ModelError }
  | { readonly type: 'first-byte' }
  | { readonly type: 'first-event' }
  /** Bytes came that say nothing else: the line lives. */
  | { readonly type: 'alive' }
  | {
      readonly type: 'served';
      readonly model?: string;
      readonly responseId?: string;
      readonly serviceTier?: string;
      readonly fromCache?: true;
    }
  /** A background run was picked up again, after a lost connection or after the window came back. Its clock never stopped. */
  | { readonly type: 'resume'; readonly after: 'connection' | 'reload' }
  /** `cursor`: the place in the stored response up to which the text reaches. */
  | { readonly type: 'reasoning'; readonly text: string; readonly cursor?: number }
  | { readonly type: 'text'; readonly text: string; readonly cursor?: number }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'cost'; readonly cost: Cost }
  /** What the ledger counts an interrupted run at: nobody heard its end, so this may be far above the cost of what arrived. */
  | { readonly type: 'settled'; readonly cost: Cost }
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
      /** Name of the file it was brought from: somebody else's run, that cost nothing here. */
      readonly importedFrom?: string;
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
  /** When the attempt that counts was sent: retries, waiting and building the request before it are not the model's time. */
  readonly attemptMs: number;
  readonly firstByteMs?: number;
  readonly firstEventMs?: number;
  /** The last time anything came from the provider, pings included. */
  readonly lastSignMs?: number;
  /** The last time text or thinking came. */
  readonly lastDeltaMs?: number;
  readonly firstReasoningMs?: number;
  readonly lastReasoningMs?: number;
  readonly firstTextMs?: number;
  readonly endedMs?: number;
  readonly servedModel?: string;
  readonly responseId?: string;
  readonly serviceTier?: string;
  /** The answer came from a cache of whole answers: its times are not a model's. */
  readonly fromCache?: true;
  /** The place in a stored response up to which text and thinking reach. */
  readonly cursor?: number;
  /** The reservation of the current attempt. */
  readonly holdId?: string;
  /** What the attempts before this one cost; absent for the first. */
  readonly spent?: Cost;
  /** How often a background run was picked up again. */
  readonly resumes?: number;
  readonly usage?: Usage;
  readonly cost?: Cost;
  /** What the ledger counts an interrupted run at; absent for others, in old logs, and while it is not settled. */
  readonly settled?: Cost;
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
  /** Name of the file it was brought from; absent for a comparison made here. */
  readonly importedFrom?: string;
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
      return {
        ...next,
        id: event.id,
        startedAt: event.startedAt,
        task: event.task,
        ...(event.importedFrom === undefined ? {} : { importedFrom: event.importedFrom }),
      };
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
    case 'attempt':
      return {
        ...withoutAttempt(run),
        status: 'waiting',
        attempts: event.number,
        attemptMs: atMs,
        ...(event.holdId === undefined ? {} : { holdId: event.holdId }),
        ...(event.spent === undefined ? {} : { spent: event.spent }),
      };
    case 'sent':
      return { ...run, attemptMs: atMs };
    case 'retry':
      return { ...run, status: 'retrying', retry: { untilMs: atMs + event.waitMs, error: event.error } };
    case 'first-byte':
      return { ...run, firstByteMs: run.firstByteMs ?? atMs, lastSignMs: atMs };
    case 'first-event':
      return { ...run, firstEventMs: run.firstEventMs ?? atMs, lastSignMs: atMs };
    case 'alive':
      return { ...run, lastSignMs: atMs };
    case 'served':
      return {
        ...run,
        lastSignMs: atMs,
        ...(event.model === undefined ? {} : { servedModel: event.model }),
        ...(event.responseId === undefined ? {} : { responseId: event.responseId }),
        ...(event.serviceTier === undefined ? {} : { serviceTier: event.serviceTier }),
        ...(event.fromCache === undefined ? {} : { fromCache: event.fromCache }),
      };
    case 'resume':
      return { ...resumed(run), resumes: (run.resumes ?? 0) + 1 };
    case 'reasoning':
      return {
        ...run,
        status: run.firstTextMs === undefined ? 'thinking' : run.status,
        reasoning: run.reasoning + event.text,
        lastSignMs: atMs,
        lastDeltaMs: atMs,
        ...(event.cursor === undefined ? {} : { cursor: event.cursor }),
        firstReasoningMs: run.firstReasoningMs ?? atMs,
        lastReasoningMs: atMs,
      };
    case 'text':
      return {
        ...run,
        status: 'answering',
        text: run.text + event.text,
        lastSignMs: atMs,
        lastDeltaMs: atMs,
        ...(event.cursor === undefined ? {} : { cursor: event.cursor }),
        firstTextMs: run.firstTextMs ?? atMs,
      };
    case 'usage':
      return { ...run, usage: event.usage };
    case 'cost':
      return { ...run, cost: event.cost };
    case 'settled':
      return { ...run, settled: event.cost };
    case 'notice':
      return { ...run, notices: [...run.notices, event.text] };
    case 'end':
      return { ...run, status: 'ended', endedMs: atMs, finish: event.reason, ...(event.error ? { error: event.error } : {}) };
    default:
      return assertNever(event);
  }
}

/** What an earlier attempt said before it failed is not this one's: only its text and thinking would be kept, and there was none. */
function withoutAttempt(run: Run): Run {
  const {
    retry: _retry,
    firstByteMs: _firstByteMs,
    firstEventMs: _firstEventMs,
    lastSignMs: _lastSignMs,
    lastDeltaMs: _lastDeltaMs,
    servedModel: _servedModel,
    responseId: _responseId,
    serviceTier: _serviceTier,
    fromCache: _fromCache,
    cursor: _cursor,
    holdId: _holdId,
    spent: _spent,
    ...rest
  } = run;
  return rest;
}

/** A run whose end was written down although the provider went on with it. */
function resumed(run: Run): Run {
  const { endedMs: _endedMs, finish: _finish, error: _error, settled: _settled, ...rest } = run;
  if (run.status !== 'ended') return rest;
  return { ...rest, status: run.text !== '' ? 'answering' : run.reasoning !== '' ? 'thinking' : 'waiting' };
}

/** Only an answer that ended normally is complete; everything else is partial and says so. */
export const isComplete = (run: Run | undefined): boolean => run?.finish === 'stop';
