/**
 * What makes a wire protocol: how a request is written, how it is sent through its vendor's SDK, and how its events read.
 *
 * Each adapter file exports one {@link Wire}; adapters know neither each other nor the list. What all wires share (clocks, aborts,
 * content types, errors, the one ending) is `stream.ts`.
 */
import type { Adjustment } from '../../shared/comparison.ts';
import type { Api, ModelRequest, StreamEvent } from '../../shared/model.ts';
import type { Endpoint, Fetch, ModelInfo } from '../contracts.ts';
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
  /** Hands on text that was held back until its meaning was certain; called before an ending that is not the wire's own. */
  flush?(): void;
  /** True when all has been said and only figures may follow: the stream is then waited for briefly. */
  isSettling?(): boolean;
}

/** A request as one wire and its endpoint's dialect say it. */
export interface WireRequest {
  readonly body: Json;
  /** What could not be said as it was asked: renamed or dropped, never sent on the chance that it works. */
  readonly adjustments: readonly Adjustment[];
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
  mapper(emit: Emit, context: CallContext): WireMapper;
  /** Asks for the list of models. */
  openModels(connection: Connection): Promise<Response>;
  /** Reads that list. */
  models(list: Json, endpoint: Endpoint): readonly ModelInfo[];
}

/** The rows of a model list, whichever name the server gives it. */
export function modelRows(list: Json): readonly Json[] {
  const rows = Array.isArray(list.data) ? list.data : Array.isArray(list.models) ? list.models : [];
  return rows.flatMap((row) => {
    if (typeof row === 'string') return [{ id: row }];
    return typeof row === 'object' && row !== null ? [row as Json] : []; // an object is a record of unknowns
  });
}
