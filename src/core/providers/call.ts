/**
 * One HTTP call through an SDK, fenced in: the SDK writes the request, but what leaves is checked here, and what comes back outside
 * 2xx is read, bounded and classified here, where the status is seen.
 */
import { type Endpoint, type Fetch, ModelFailure } from '../contracts.ts';
import { originOf, validateBaseUrl } from './baseUrl.ts';
import { dialectOf } from './dialects.ts';
import { type CallContext, howToSetKey, refusal } from './errors.ts';
import { errorFromStatus } from './serverErrors.ts';
import type { Connection } from './wire.ts';

/**
 * The only request headers that leave. SDKs add what they find in the environment (`OPENAI_CUSTOM_HEADERS`, organisation ids,
 * trace contexts) and what they know of the machine; none of that is ours to send.
 */
const SENT_HEADERS = [
  'accept',
  'authorization',
  'x-api-key',
  'anthropic-version',
  'anthropic-beta',
  'content-type',
  'user-agent',
];

/** An error's body is read this far and this long. */
const ERROR_BODY_BYTES = 64 * 1024;
const ERROR_BODY_MS = 5_000;

/** SDKs want a key even where the server wants none; this stands in its place and never leaves. */
const NO_KEY = 'no-key';

export interface FencedCall {
  readonly connection: Connection;
  /** What a failed call comes to: what was seen here, or else what the SDK threw, which may only wrap it. */
  failure(thrown: unknown): unknown;
}

/** A key as it may stand in a header, or undefined. Spaces around it are a slip of the hand; anything else odd is not a key. */
export const cleanKey = (key: string | undefined): string | undefined => key?.trim() || undefined;

/** Throws a {@link ModelFailure} for an address no key may go to, and when a key is needed and there is none that could be sent. */
export function requireUsable(endpoint: Endpoint, key: string | undefined): void {
  const problem = validateBaseUrl(endpoint.baseUrl);
  if (problem !== undefined) throw refusal('invalid-request', problem);
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw refusal(
      'auth',
      `The key saved for ${endpoint.label} holds spaces or characters that no key has. Set it again with “Set API Key”.`,
    );
  }
  if (key === undefined && endpoint.needsKey) {
    throw refusal('auth', `There is no key for ${endpoint.label}. ${howToSetKey(endpoint)}`);
  }
}

/** Prepares a call that may only go to the endpoint's own origin, with its own key. */
export function fenceCall(context: CallContext, key: string | undefined, fetch: Fetch, signal: AbortSignal): FencedCall {
  const { endpoint } = context;
  const origin = originOf(endpoint.baseUrl);
  const { keyHeader } = dialectOf(endpoint);
  let seen: unknown;

  const fenced: Fetch = async (input, init = {}) => {
    try {
      const url = new URL(input instanceof Request ? input.url : String(input));
      if (url.origin !== origin)
        throw refusal('invalid-request', `A call to ${url.origin} was stopped: the key belongs to ${origin}.`);
      const headers = sendableHeaders(new Headers(init.headers), key, keyHeader);
      const sent = fetch(url, { ...init, headers, redirect: 'error', signal: init.signal ?? signal });
      const response = await untilAborted(sent, signal);
      if (response.ok) return response;
      const body = await readBounded(response, ERROR_BODY_BYTES, ERROR_BODY_MS, signal);
      throw new ModelFailure(errorFromStatus(context, response.status, response.headers, body.text));
    } catch (error) {
      seen = error;
      throw error;
    }
  };

  const connection = { baseUrl: endpoint.baseUrl.replace(/\/+$/, ''), apiKey: key ?? NO_KEY, fetch: fenced, signal };
  return { connection, failure: (thrown) => seen ?? thrown };
}

/** The response, or the signal's reason, whatever a transport does with the signal. A response that comes too late is closed. */
async function untilAborted(response: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(signal.reason);
    response.then((late) => late.body?.cancel()).catch(ignore);
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([response, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * The endpoint's key and no other credential, once: in the header its dialect names, or else where the SDK puts it; nothing where there is
 * no key.
 */
function sendableHeaders(asked: Headers, key: string | undefined, keyHeader: 'api-key' | undefined): Headers {
  const headers = new Headers();
  let carriesKey = false;
  for (const name of SENT_HEADERS) {
    const value = asked.get(name);
    if (value === null) continue;
    if (name === 'authorization' || name === 'x-api-key') {
      if (keyHeader || carriesKey || key === undefined || (value !== key && value !== `Bearer ${key}`)) continue;
      carriesKey = true;
    }
    headers.set(name, value);
  }
  if (key !== undefined && keyHeader) headers.set(keyHeader, key);
  else if (key !== undefined && !carriesKey) headers.set('authorization', `Bearer ${key}`);
  return headers;
}

export interface BoundedBody {
  readonly text: string;
  /** False when there was more than was read. */
  readonly whole: boolean;
}

/** Reads a body as text up to so many bytes and milliseconds; what came before a fault or a limit is kept. */
export async function readBounded(response: Response, bytes: number, ms: number, signal: AbortSignal): Promise<BoundedBody> {
  const reader = response.body?.getReader();
  if (!reader) return { text: '', whole: true };
  const close = (): void => void reader.cancel().catch(ignore);
  const timer = setTimeout(close, ms);
  signal.addEventListener('abort', close, { once: true });
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let left = bytes;
  let whole = true;
  try {
    while (left > 0) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(decoder.decode(value.subarray(0, left), { stream: true }));
      left -= value.byteLength;
    }
    whole = left > 0;
  } catch {
    whole = false;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', close);
    if (!whole) close();
  }
  return { text: parts.join(''), whole };
}

/** The call is over; how its remains end is of no interest. */
export const ignore = (): void => undefined;
