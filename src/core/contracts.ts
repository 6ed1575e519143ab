/**
 * The sockets of the core: what a provider, a price list, a ledger, a clock must offer. Whoever makes one of these gets its own
 * needs (`fetch`, directory, key) as arguments; nothing here reaches for a global.
 */
import type { Effort, EndpointApi, ModelError, ModelRequest, StreamEvent, Usage } from '../shared/model.ts';
import type { Cost, NanoUsd } from '../shared/money.ts';
import type { Adjustment } from '../shared/sending.ts';

/** A place models are served from. Data, not code: settings hold a table of these beside the built-in rows. */
export interface Endpoint {
  /** The name before the colon of a model reference. */
  readonly id: string;
  readonly label: string;
  readonly api: EndpointApi;
  /** Whose dialect of the wire it speaks, a name of the table in `providers/dialects.ts`. Absent: judged by its host. */
  readonly dialect?: string;
  /** Without a trailing slash, e.g. `https://api.openai.com/v1`. For Anthropic without `/v1`. */
  readonly baseUrl: string;
  /** Environment variable with the key. Read by the command line only; the extension keeps keys in SecretStorage. */
  readonly keyEnv?: string;
  /** False for a server that wants no key (a local one). */
  readonly needsKey: boolean;
  /** True for the scripted sample: not a model, never billed. */
  readonly scripted?: boolean;
  /** Ids offered in the picker when the endpoint cannot be asked. */
  readonly suggestedModels?: readonly string[];
}

/** What an endpoint says of one of its models. Unknown facts are absent. */
export interface ModelInfo {
  readonly id: string;
  readonly label?: string;
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** The words of effort it takes; empty: it takes none. */
  readonly efforts?: readonly Effort[];
  readonly imageInput?: boolean;
  /** What the endpoint itself says it charges, in US dollars per million tokens. */
  readonly price?: { readonly inputUsdPerMTok: number; readonly outputUsdPerMTok: number };
}

/** How long a stream may be silent, in milliseconds; limits differ by role because reasoning models think in silence. */
export interface StreamLimits {
  /** From sending until the first byte of the answer. */
  readonly firstByteMs: number;
  /** No byte at all. */
  readonly idleMs: number;
  /** Bytes (pings) but no text, thinking or usage. */
  readonly progressMs: number;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  readonly limits: StreamLimits;
  /** Goes on with a background run instead of asking anew: the events after that place, or all of them. */
  readonly resume?: { readonly responseId: string; readonly after?: number };
  /** Told when the request is built and goes to the network: what came before was our work. Not told by whoever does not know. */
  readonly onSent?: () => void;
}

/** What a request comes to on its wire, without its words and pictures. Pure: nothing is sent for it. */
export interface RequestDescription {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly adjustments: readonly Adjustment[];
}

/** A model call over one wire. */
export interface Provider {
  /** Loads whatever a call needs from this machine's disk. Done for all lanes before any is sent, so that clocks time models only. */
  prepare(): Promise<void>;
  /**
   * Starts the call when first iterated. Yields events and ends with exactly one `finish`; never throws.
   * Aborting the signal closes the socket at once and ends with `finish aborted`. Never retries: that is the lane's decision.
   */
  stream(request: ModelRequest, options: StreamOptions): AsyncIterable<StreamEvent>;
  /** The models the endpoint lists, by a call that costs nothing. Throws a {@link ModelFailure}. */
  listModels(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Input tokens of a request by the vendor's own counting endpoint, which is free. Absent: it has none. Throws a {@link ModelFailure}. */
  countTokens?(request: ModelRequest, signal: AbortSignal): Promise<number>;
  /** Stops a background run on the provider's side. Absent: there are none. Throws a {@link ModelFailure}. */
  cancel?(responseId: string, signal: AbortSignal): Promise<void>;
}

/** The one exception of the core: carries a {@link ModelError} out of calls that are not streams. */
export class ModelFailure extends Error {
  readonly error: ModelError;
  constructor(error: ModelError) {
    super(error.message);
    this.name = 'ModelFailure';
    this.error = error;
  }
}

/** The price of one model at one endpoint at one moment. */
export interface Price {
  /** As in {@link Cost}. */
  readonly basis: 'computed' | 'local';
  readonly source: string;
  /** The day the price is known for. Absent: the person's own row names none. */
  readonly asOf?: string;
  readonly assumedModel?: string;
  /** What short requests pay, in US dollars per million tokens, for showing. Absent where nothing is charged. */
  readonly usdPerMTok?: { readonly input: number; readonly output: number };
  /**
   * Cost of that usage, rounded up to a whole nano-dollar, tiers and cache included.
   * Undefined when a count it needs is unknown (no input or no output tokens) or inconsistent.
   */
  costOf(usage: Pick<Usage, 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens'>): NanoUsd | undefined;
}

export interface Pricing {
  /** Undefined: nobody knows the price; the run needs an explicit yes and its cost stays unknown. */
  priceFor(endpoint: Endpoint, model: string, at: Date): Promise<Price | undefined>;
}

/** Time, as an argument, so that tests own it. */
export interface Clock {
  /** Monotonic milliseconds: durations come from here only. */
  nowMs(): number;
  /** Wall time: dates come from here only. */
  date(): Date;
}

export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Limits in nano-dollars; undefined means no limit of that kind. */
export interface Limits {
  readonly perRunNanoUsd?: NanoUsd;
  readonly perDayNanoUsd?: NanoUsd;
  readonly perMonthNanoUsd?: NanoUsd;
  /** What holds for one endpoint beside these, by its id. */
  readonly perEndpoint?: Readonly<Record<string, EndpointLimits>>;
}

export interface EndpointLimits {
  readonly perDayNanoUsd?: NanoUsd;
  readonly perMonthNanoUsd?: NanoUsd;
}

export type BudgetWindow = 'run' | 'day' | 'month';

/** Why a run was not admitted, with the figures that show it. */
export interface Refusal {
  readonly window: BudgetWindow;
  /** Whose own limit it is, and then the figures are of that endpoint alone; absent: the limit for all together. */
  readonly endpoint?: string;
  readonly limitNanoUsd: NanoUsd;
  /** Settled money in that window. */
  readonly spentNanoUsd: NanoUsd;
  /** Money reserved by running lanes in that window. */
  readonly heldNanoUsd: NanoUsd;
  /** The worst case of what was asked for. */
  readonly askedNanoUsd: NanoUsd;
}

/** One lane's reservation, before it is sent. */
export interface HoldRequest {
  readonly lane: string;
  readonly endpoint: string;
  readonly model: string;
  /** The worst case. */
  readonly ceilingNanoUsd: NanoUsd;
  /** It may go on to its worst case when its owner is gone: as an orphan it is settled in full. */
  readonly background?: true;
}

export type ReserveResult =
  | { readonly ok: true; readonly holdIds: readonly string[] }
  | { readonly ok: false; readonly refusal: Refusal };

export interface SpentAndHeld {
  readonly todayNanoUsd: NanoUsd;
  readonly heldTodayNanoUsd: NanoUsd;
  readonly monthNanoUsd: NanoUsd;
  readonly heldMonthNanoUsd: NanoUsd;
}

/** What was spent and what is reserved, in this day and month of the person's calendar. */
export interface Spending extends SpentAndHeld {
  readonly day: string;
  readonly month: string;
  /** The same by endpoint, for those with any this month. */
  readonly endpoints: Readonly<Record<string, SpentAndHeld>>;
  /** Runs whose price was unknown this month: they are in no sum. */
  readonly unknownThisMonth: number;
}

/**
 * The book of money: append-only, on disk, shared by every window and the command line. It throws {@link LedgerUnavailable} when it
 * cannot be trusted or written, and then nothing may be spent.
 */
export interface Ledger {
  /** Checks every limit and reserves all holds in one transaction: all or none. Only then may a request be sent. */
  reserve(comparisonId: string, holds: readonly HoldRequest[], limits: Limits): ReserveResult;
  /** Says the owner is alive, and the most the hold may have cost so far; orphans are settled by it. */
  beat(holdId: string, meterNanoUsd: NanoUsd): void;
  /** Makes this process the owner of a hold that another one left. False: it is not open, or its owner lives. */
  adopt(holdId: string): boolean;
  /**
   * Exactly once; a second call is ignored and returns false. An unknown cost settles as 0 with basis `unknown`. What was settled as an
   * orphan is corrected, once, by a cost from reported usage.
   */
  settle(holdId: string, cost: Cost, usage: Usage | undefined): boolean;
  /** Settles what dead owners left open, conservatively. Returns the settlements made. */
  settleOrphans(): readonly {
    readonly holdId: string;
    readonly comparisonId: string;
    readonly lane: string;
    readonly cost: Cost;
  }[];
  /** What a hold came to, corrections included. Undefined: it is open, it is not in these books, or its cost is unknown. */
  settlementOf(holdId: string): Cost | undefined;
  /** Notes a run without a known price, so that it is counted as unknown and not forgotten. */
  noteUnpriced(comparisonId: string, lane: string, endpoint: string, model: string, usage: Usage | undefined): void;
  spending(): Spending;
  /** Settled entries, newest first. */
  entries(limit: number): readonly LedgerEntry[];
  /** Settled entries of that day of the person's calendar (`2026-11-01`) and of later ones, newest first. */
  entriesSince(day: string): readonly LedgerEntry[];
  close(): void;
}

export interface LedgerEntry {
  /** Names the call that was paid for; a correction bears the name of the call it makes right. Absent where nothing was reserved. */
  readonly callId?: string;
  readonly at: string;
  readonly day: string;
  readonly comparisonId: string;
  readonly lane: string;
  readonly endpoint: string;
  readonly model: string;
  /** Of a correction: what the figure before was wrong by, possibly less than 0. */
  readonly cost: Cost;
  readonly usage?: Usage;
  /** True when the run had been settled before, by an estimate that this row makes right. */
  readonly isCorrection?: true;
  /** True when it was carried over from a ledger that was damaged and set aside. */
  readonly isCarriedOver?: true;
}

/**
 * Why there is no ledger: `damaged`, or gone though it was in use; `busy` with another window; `disk-full`; `replaced` while it was open;
 * or, for all else, `unusable`: permissions, the disk, the version, a host without SQLite.
 */
export type LedgerProblem = 'damaged' | 'busy' | 'disk-full' | 'replaced' | 'unusable';

/** The ledger cannot be opened, read or written. The message says why and what to do. */
export class LedgerUnavailable extends Error {
  readonly problem: LedgerProblem;
  constructor(message: string, options: ErrorOptions & { readonly problem?: LedgerProblem } = {}) {
    super(message, options);
    this.name = 'LedgerUnavailable';
    this.problem = options.problem ?? 'unusable';
  }
}

/** Reads a file of the recorded sample by its name. */
export type ReadSample = (name: string) => Promise<Uint8Array>;
