/**
 * A `fetch` on `node:https` and `node:http`, as thin as can be.
 *
 * VS Code replaces the functions of those two modules to honour proxies and company certificates; the modules are therefore reached
 * through their objects at the moment of the call. Its replaced `fetch` would end a silent answer after 300 s, which kills a thinking
 * model, and Node's own is slower to the first byte. There is no time-out here: whoever calls owns the clocks and the signal.
 */
import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { type Fetch, ModelFailure } from '../contracts.ts';
import { isLoopbackHost } from './baseUrl.ts';

export interface HttpModules {
  readonly http: Pick<typeof http, 'request'>;
  readonly https: Pick<typeof https, 'request'>;
}

/** How much of a body may wait unread before the socket is paused. */
const BUFFER_BYTES = 256 * 1024;
/** Keeps middle boxes from forgetting a connection on which a model thinks in silence. */
const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * Makes a {@link Fetch}. It rejects as `fetch` does, with a `TypeError` whose `cause` carries Node's `code`; an abort rejects with the
 * signal's reason and destroys the socket at once. A redirect and plain http beyond this machine reject with a {@link ModelFailure}:
 * keys go to the saved address only.
 */
export function createNodeFetch(modules: HttpModules = { http, https }): Fetch {
  return async (input, init = {}) => {
    const given = input instanceof Request ? input : undefined;
    const url = new URL(given?.url ?? String(input));
    const signal = init.signal ?? given?.signal;
    signal?.throwIfAborted();
    refuseUnsafe(url);
    const body = await bodyBytes(init.body ?? (await given?.arrayBuffer()));
    signal?.throwIfAborted();
    const headers = new Headers(init.headers ?? given?.headers);
    // A compressing proxy would hold deltas back; what comes compressed anyway is decoded.
    if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'identity');
    if (body) headers.set('content-length', String(body.byteLength));
    const options = { method: init.method ?? given?.method ?? 'GET', headers: Object.fromEntries(headers) };
    const send = (url.protocol === 'http:' ? modules.http : modules.https).request;

    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => reject(signal?.aborted ? signal.reason : fetchFailed(error));
      let request: http.ClientRequest;
      try {
        request = send(url, options);
      } catch (error) {
        fail(error);
        return;
      }
      const abort = (): void => {
        reject(signal?.reason);
        request.destroy();
      };
      signal?.addEventListener('abort', abort, { once: true });
      request.on('socket', (socket) => socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS));
      request.on('error', fail);
      request.on('close', () => signal?.removeEventListener('abort', abort));
      request.on('response', (message) => {
        try {
          resolve(toResponse(message, url, signal ?? undefined));
        } catch (error) {
          message.on('error', ignore);
          message.destroy();
          fail(error);
        }
      });
      request.end(body);
    });
  };
}

function refuseUnsafe(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) return;
  const message =
    url.protocol === 'http:'
      ? `Plain http to ${url.hostname} is refused: it would send the key unprotected. Use https.`
      : `${url.protocol} addresses cannot be called. Use https.`;
  throw new ModelFailure({ kind: 'invalid-request', message, retryable: false });
}

async function bodyBytes(body: unknown): Promise<Uint8Array | undefined> {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return body.byteLength === 0 ? undefined : new Uint8Array(body);
  throw new TypeError('Only text and bytes can be sent');
}

function toResponse(message: http.IncomingMessage, url: URL, signal: AbortSignal | undefined): Response {
  const status = message.statusCode ?? 0;
  const location = message.headers.location;
  if (status >= 300 && status < 400 && location !== undefined) throw redirectRefused(url, status, location);
  if (status < 200 || status > 599) throw Object.assign(new Error(`Unexpected status ${status}`), { code: 'HPE_INVALID_STATUS' });

  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headersDistinct)) {
    for (const one of value ?? []) headers.append(name, one);
  }
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  if (!hasBody) {
    message.resume();
    return new Response(null, { status, headers });
  }
  const source = decoded(message, headers);
  return new Response(webStream(source, message, signal), { status, headers });
}

function redirectRefused(from: URL, status: number, location: string): ModelFailure {
  const target = URL.parse(location, from.href);
  const where = target ? `${target.origin}${target.pathname}` : 'another address';
  return new ModelFailure({
    kind: 'invalid-request',
    message: `${from.origin} points to ${where} (${status}). It was not followed, because the key belongs to ${from.origin} alone. If that address is right, make it the endpoint's base URL.`,
    retryable: false,
    status,
  });
}

/** The body without its content encoding. What came is handed on at once, even in the middle of a compressed block. */
function decoded(message: http.IncomingMessage, headers: Headers): Readable {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return message;
  const flush = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  let decoder: zlib.Gunzip | zlib.Inflate | zlib.BrotliDecompress;
  if (encoding === 'gzip' || encoding === 'x-gzip') decoder = zlib.createGunzip(flush);
  else if (encoding === 'deflate') decoder = zlib.createInflate(flush);
  else if (encoding === 'br') {
    const operation = { flush: zlib.constants.BROTLI_OPERATION_FLUSH, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH };
    decoder = zlib.createBrotliDecompress(operation);
  } else throw Object.assign(new Error(`Unknown content encoding ${encoding.slice(0, 40)}`), { code: 'ERR_ZLIB_ENCODING' });
  headers.delete('content-encoding');
  headers.delete('content-length');
  message.on('error', (error) => decoder.destroy(error));
  return message.pipe(decoder);
}

/**
 * The body as a web stream. What arrived before a fault is read before the fault: a web stream that fails forgets what it holds, so a
 * failure waits until all is read. Only an abort is immediate.
 */
function webStream(source: Readable, message: http.IncomingMessage, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  let over = false;
  let failure: { readonly error: unknown } | undefined;
  let forget = ignore;
  const destroy = (): void => {
    over = true;
    forget();
    source.destroy();
    message.destroy();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = (): void => {
          if (!over) controller.error(signal?.reason);
          destroy();
        };
        const fail = (error: unknown): void => {
          if (over) return;
          destroy();
          if (controller.desiredSize === BUFFER_BYTES) controller.error(error);
          else failure = { error };
        };
        signal?.addEventListener('abort', abort, { once: true });
        forget = () => signal?.removeEventListener('abort', abort);
        source.on('data', (chunk: Uint8Array) => {
          if (over) return;
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) source.pause();
        });
        source.on('end', () => {
          if (over) return;
          over = true;
          forget();
          controller.close();
        });
        source.on('error', (error) => fail(fetchFailed(error)));
        // A peer that goes away without ending the body.
        message.on('close', () => {
          if (!message.complete) fail(fetchFailed(Object.assign(new Error('The connection was cut'), { code: 'ECONNRESET' })));
        });
      },
      pull(controller) {
        if (failure && controller.desiredSize === BUFFER_BYTES) controller.error(failure.error);
        else if (source.isPaused() && !over) source.resume();
      },
      cancel: destroy,
    },
    { highWaterMark: BUFFER_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  );
}

const fetchFailed = (error: unknown): unknown =>
  error instanceof ModelFailure ? error : new TypeError('fetch failed', { cause: error });

/** For errors already told otherwise. */
function ignore(): void {
  // Nothing to do.
}
