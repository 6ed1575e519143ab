/**
 * One streamed call, whatever the wire: from a request to events with exactly one ending.
 *
 * The SDK sends; the bytes of its response are read here, because an SDK's own iterator ends silently on a cut stream, hangs on a
 * silent one and costs several times as much. This is the one place that knows the three clocks, an abort, a wrong content type, an
 * end that came too early and one that came too late. It never throws and never retries.
 */
import type { ModelError, ModelRequest, StreamEvent } from '../../shared/model.ts';
import type { Endpoint, Fetch, StreamOptions } from '../contracts.ts';
import { cleanKey, fenceCall, ignore, requireUsable } from './call.ts';
import { type CallContext, cleanName, final, protocolError, timeoutError } from './errors.ts';
import { errorFromThrown } from './networkErrors.ts';
import { createSink, type Sink } from './sinks.ts';
import { SseTooLarge } from './sse.ts';
import { createWatch, type Expiry, SYSTEM_TIMERS, type Timers } from './watch.ts';
import type { Wire } from './wire.ts';

/** No answer is longer than this, in characters of text or of thinking. */
const MAX_ANSWER_LENGTH = 2 * 1024 * 1024;
/** After the end the line may close itself within this time, and can then be used again. */
const CLOSE_MS = 100;
/** A line that only pings says that it lives at most this often. */
const ALIVE_MS = 5_000;

export interface StreamDeps {
  readonly endpoint: Endpoint;
  readonly fetch: Fetch;
  readonly key?: string;
  /** Texts that must never appear in an error, besides the key. */
  readonly secrets?: readonly string[];
  readonly timers?: Timers;
}

export const callContext = (deps: StreamDeps, model?: string): CallContext => {
  const key = cleanKey(deps.key);
  return {
    endpoint: deps.endpoint,
    ...(model === undefined ? {} : { model }),
    secrets: [...(key === undefined ? [] : [key]), ...(deps.secrets ?? [])],
  };
};

/** See `Provider.stream`. */
export async function* streamCall(
  wire: Wire,
  deps: StreamDeps,
  request: ModelRequest,
  options: StreamOptions,
): AsyncGenerator<StreamEvent, void, undefined> {
  const timers = deps.timers ?? SYSTEM_TIMERS;
  const context = callContext(deps, request.model);
  /** Ends the call: the person's abort or a limit that ran out. */
  const stop = new AbortController();
  let expiry: Expiry | undefined;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let sink: Sink | undefined;
  let began = false;
  let ended = false;
  let fromCache = false;
  /** When the last event was handed on, and whether one that waits there says more than that the line lives. */
  let signMs = 0;
  let progressed = false;
  /** Since when nothing but figures is waited for. */
  let settlingSinceMs: number | undefined;

  const end = (): void => {
    stop.abort();
    // A pending read resolves at once, whatever the transport does with the signal.
    reader?.cancel().catch(ignore);
  };
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();

  const queue: StreamEvent[] = [];
  let finished = false;
  let textLength = 0;
  let reasoningLength = 0;
  const emit = (event: StreamEvent): void => {
    if (finished) return;
    finished = event.type === 'finish';
    signMs = timers.nowMs();
    progressed ||= !SIGNS.has(event.type);
    queue.push(event.type === 'response-start' ? withCleanNames(event, context) : event);
    if (event.type === 'text-delta') textLength += event.text.length;
    else if (event.type === 'reasoning-delta') reasoningLength += event.text.length;
    else return;
    if (textLength > MAX_ANSWER_LENGTH || reasoningLength > MAX_ANSWER_LENGTH) {
      fail(protocolError(context, 'sends more text than any answer has. The part that came is kept.'));
    }
  };
  const mapper = wire.mapper(emit, context, request.background && (options.resume ?? {}));
  const fail = (error: ModelError): void => {
    if (finished) return;
    mapper.flush?.();
    emit({ type: 'finish', reason: 'error', error });
  };

  const watch = createWatch(options.limits, timers, (which) => {
    expiry = which;
    end();
  });

  /** Ends the answer for a reason outside the wire. */
  const conclude = (thrown?: unknown): void => {
    if (finished) return;
    if (options.signal.aborted) {
      emit(ABORTED);
      return;
    }
    if (expiry === 'settled') mapper.end('eof');
    if (expiry !== undefined) fail(limitError(context, options, expiry));
    else if (thrown instanceof SseTooLarge)
      fail(protocolError(context, 'sent an event too large to be an answer. The part that came is kept.'));
    else if (thrown !== undefined) fail(errorFromThrown(context, thrown));
    else fail(protocolError(context, 'cut the stream before the end of the answer. The part that came is kept; run again.'));
  };

  let heard = false;
  const onEvent = (): void => {
    if (!heard) emit({ type: 'first-event' });
    heard = true;
  };

  const connect = async (): Promise<void> => {
    try {
      const response = await open(wire, deps, context, request, options, stop.signal);
      reader = response.body?.getReader();
      fromCache = isFromCache(response.headers);
      if (reader) sink = createSink(response, onEvent, mapper, context, fail);
      else fail(final(protocolError(context, 'answered without a body. Check the endpoint.')));
      if (stop.signal.aborted) conclude();
    } catch (error) {
      conclude(error);
    }
  };

  const begin = (): void => {
    began = true;
    emit({ type: 'first-byte' });
    if (fromCache) emit({ type: 'response-start', fromCache });
  };

  const readOnce = async (): Promise<void> => {
    try {
      const { done, value } = reader && sink ? await reader.read() : NOTHING;
      if (stop.signal.aborted) {
        conclude();
      } else if (done) {
        sink?.end();
        conclude();
      } else {
        watch.byte();
        if (!began) begin();
        sink?.feed(value);
        if (queue.length === 0 && timers.nowMs() - signMs >= ALIVE_MS) emit({ type: 'alive' });
      }
    } catch (error) {
      conclude(error);
    }
  };

  try {
    await connect();
    while (true) {
      if (progressed) watch.progress();
      progressed = false;
      watch.pause();
      for (const event of queue.splice(0)) {
        // The person's stop holds from the moment it is given, also for what lies ready.
        const next = options.signal.aborted ? ABORTED : event;
        if (SAYS.has(next.type)) settlingSinceMs = undefined;
        ended = next.type === 'finish';
        yield next.type === 'finish' ? withWait(next, settlingSinceMs, timers.nowMs()) : next;
        if (ended) return;
      }
      watch.resume();
      const settleMs = mapper.settleMs?.();
      if (settleMs !== undefined) {
        settlingSinceMs ??= timers.nowMs();
        watch.settle(settleMs);
      }
      await readOnce();
    }
  } finally {
    watch.stop();
    options.signal.removeEventListener('abort', end);
    if (reader && ended && !stop.signal.aborted) closeSoon(reader, timers);
    else end();
  }
}

/** The names a server gives itself and its answer, without our key, control characters or undue length. */
function withCleanNames(event: Extract<StreamEvent, { type: 'response-start' }>, context: CallContext): StreamEvent {
  const { servedModel, responseId, serviceTier } = event;
  return {
    ...event,
    ...(servedModel === undefined ? {} : { servedModel: cleanName(servedModel, context) }),
    ...(responseId === undefined ? {} : { responseId: cleanName(responseId, context) }),
    ...(serviceTier === undefined ? {} : { serviceTier: cleanName(serviceTier, context) }),
  };
}

/** The end of an answer whose figures were waited for: the wait is no part of its time. An abort or an error ends when it comes. */
function withWait(finish: Extract<StreamEvent, { type: 'finish' }>, sinceMs: number | undefined, nowMs: number): StreamEvent {
  const isOfAnswer = finish.reason !== 'aborted' && finish.reason !== 'error';
  return isOfAnswer && sinceMs !== undefined && nowMs > sinceMs ? { ...finish, settlingMs: nowMs - sinceMs } : finish;
}

const ABORTED: StreamEvent = { type: 'finish', reason: 'aborted' };
/** What is part of the answer. */
const SAYS: ReadonlySet<StreamEvent['type']> = new Set(['text-delta', 'reasoning-delta']);
/** What says that the line lives, and not that the model gets on. */
const SIGNS: ReadonlySet<StreamEvent['type']> = new Set(['first-byte', 'first-event', 'alive']);
const NOTHING = { done: true, value: undefined } as const;

/**
 * How proxies say that a whole answer came from their cache: Cloudflare AI Gateway (developers.cloudflare.com/ai-gateway, caching),
 * Helicone (docs.helicone.ai, advanced usage, caching), LiteLLM (docs.litellm.ai, proxy, caching), OpenRouter (openrouter.ai/docs, response
 * caching), Portkey (portkey.ai/docs, response schema), and the plain header of many others (Fastly's documentation of `X-Cache`).
 */
const CACHE_HEADERS = [
  'cf-aig-cache-status',
  'helicone-cache',
  'x-litellm-cache-hit',
  'x-openrouter-cache-status',
  'x-portkey-cache-status',
  'x-cache',
];

/** `HIT`, `SEMANTIC HIT`, `True`, `HIT from name`; of several caches in a row (`MISS, HIT`), any one. */
const isFromCache = (headers: Headers): boolean =>
  CACHE_HEADERS.some((name) => /^(?:true|(?:semantic |tcp_)?hit)\b|, *hit\b/i.test(headers.get(name)?.trim() ?? ''));

/** Sends the request, or listens again to the answer of one that was sent before. */
async function open(
  wire: Wire,
  deps: StreamDeps,
  context: CallContext,
  request: ModelRequest,
  { resume, onSent }: StreamOptions,
  signal: AbortSignal,
): Promise<Response> {
  const key = cleanKey(deps.key);
  requireUsable(deps.endpoint, key);
  const send: Fetch = (url, init) => {
    if (!resume) onSent?.();
    return deps.fetch(url, init);
  };
  const call = fenceCall(context, key, send, signal);
  try {
    if (resume && wire.background) return await wire.background.reopen(call.connection, resume);
    return await wire.open(call.connection, wire.write(request, deps.endpoint).body);
  } catch (error) {
    throw call.failure(error);
  }
}

function limitError(context: CallContext, options: StreamOptions, expiry: Expiry): ModelError {
  const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
  switch (expiry) {
    case 'first-byte':
      return timeoutError(
        context,
        `did not begin to answer within ${seconds(options.limits.firstByteMs)}. Run again, or choose another model.`,
      );
    case 'idle':
      return timeoutError(context, `sent nothing for ${seconds(options.limits.idleMs)}. The part that came is kept; run again.`);
    default:
      return timeoutError(
        context,
        `kept the line open for ${seconds(options.limits.progressMs)} without text or thinking. The part that came is kept; run again.`,
      );
  }
}

/** Lets the server close the line, so that the connection can serve the next call; a server that does not is cut off. */
function closeSoon(reader: ReadableStreamDefaultReader<Uint8Array>, timers: Timers): void {
  const close = (): void => void reader.cancel().catch(ignore);
  const cancelTimer = timers.after(CLOSE_MS, close);
  let left = 16;
  const drain = async (): Promise<void> => {
    while (left-- > 0) if ((await reader.read()).done) return;
    close();
  };
  drain().catch(ignore).finally(cancelTimer);
}
