/**
 * What makes a wire protocol: how a request is written, how it is sent through its vendor's SDK, and how its events read.
 *
 * Each adapter file exports one {@link Wire}; adapters know neither each other nor the list. What all wires share (clocks, aborts,
 * content types, errors, the one ending) is `stream.ts`.
 */
import type { Api, ModelRequest, StreamEvent } from '../../shared/model.ts';
import type { Adjustment } from '../../shared/sending.ts';
import type { Endpoint, Fetch } from '../contracts.ts';
import type { CallContext } from './errors.ts';
import type { Json } from './json.ts';

/** What an SDK client is made with; everything it would otherwise look for in the environment is given. */
export interface Connection {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

export type Emit = (event: StreamEvent) => void;

/** A state machine from one wire's JSON to our events. It emits at most one `finish` and nothing after. */
export interface WireMapper {
  /** One event of the stream, with the name of its `event:` line. */
  take(event: Json, name: string | undefined): void;
  /** The stream ended without a fault, by `[DONE]` or by its end. Emits `finish` only if this wire may end so. */
  end(how: 'done' | 'eof'): void;
  /** A whole body instead of a stream, as some proxies answer. False: it is no answer of this wire. */
  whole(body: Json): boolean;
  /** Hands on what was held back: text whose meaning was not certain, or the answer's own end. Called before an ending from outside. */
  flush?(): void;
  /** When all has been said and only figures may follow: how long they are waited for, in milliseconds. Undefined before. */
  settleMs?(): number | undefined;
}

/** A request as one wire and its endpoint's dialect say it. */
export interface WireRequest {
  readonly body: Json;
  /** What could not be said as it was asked: renamed or dropped, never sent on the chance that it works. */
  readonly adjustments: readonly Adjustment[];
}

/** The place in a stored response up to which its text is known; absent: nothing of it is. */
export interface BackgroundPlace {
  readonly after?: number;
}

/** A response that the provider stores, and from which place on it is wanted. */
export interface BackgroundRun extends BackgroundPlace {
  readonly responseId: string;
}

export interface Wire {
  readonly api: Api;
  /** Loads the SDK, so that no call is timed with it. */
  load(): Promise<unknown>;
  /** The request as it is sent. Pure. */
  write(request: ModelRequest, endpoint: Endpoint): WireRequest;
  /** The names in the body that hold words and pictures: no parameters. */
  readonly content: readonly string[];
  /** Sends it. Resolves with the response as `connection.fetch` returned it. */
  open(connection: Connection, body: Json): Promise<Response>;
  /** `background` is there for a run that can be picked up again: then text carries its cursor. */
  mapper(emit: Emit, context: CallContext, background?: BackgroundPlace): WireMapper;
  /** How a run on the provider's side is listened to again, and stopped. Absent where there are none. */
  readonly background?: {
    reopen(connection: Connection, run: BackgroundRun): Promise<Response>;
    cancel(connection: Connection, responseId: string): Promise<Response>;
  };
  /** How the vendor counts a request's input without running it. Absent where it does not. */
  readonly counting?: {
    offered(endpoint: Endpoint): boolean;
    /** The names in the body that the counting endpoint takes; it refuses others. */
    readonly parameters: readonly string[];
    open(connection: Connection, body: Json): Promise<Response>;
  };
  /** Asks for the list of models. */
  openModels(connection: Connection): Promise<Response>;
}
