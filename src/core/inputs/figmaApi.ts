/**
 * The three calls to Figma's REST API that a link needs: the list of frames, one layer's tree, and its rendered picture
 * (https://developers.figma.com/docs/rest-api). The token goes to the API's own origin and nowhere else; the picture lies elsewhere, at an
 * address signed for it, and is fetched without. What a server says of itself is never repeated: every failure is a sentence of ours.
 */
import { type Fetch, ModelFailure } from '../contracts.ts';
import { isLoopbackUrl, originOf, validateBaseUrl } from '../providers/baseUrl.ts';
import { MAX_FIGMA_BYTES, record, stringOf, valueAt } from './figmaJson.ts';
import { megabytes } from './piece.ts';
import { TaskProblem } from './problem.ts';

export interface FigmaApi {
  /** The file down to what lies on its pages. */
  frames(fileKey: string, signal: AbortSignal): Promise<unknown>;
  /** One layer with all below it. */
  layer(fileKey: string, nodeId: string, signal: AbortSignal): Promise<unknown>;
  /** The layer as PNG, that many pixels to one of CSS. */
  picture(fileKey: string, nodeId: string, scale: number, signal: AbortSignal): Promise<Uint8Array>;
}

export interface FigmaApiOptions {
  readonly fetch: Fetch;
  /** Without a slash at the end, e.g. `https://api.figma.com`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly timeoutMs?: number;
  /** Waits before the one repetition; tests do not. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Why Figma gave nothing, and what helps. `token`: another one; `link`: another one, or one to a smaller frame; `later`: the same again,
 * once what stands in the way is gone; `picture`: to go without, as nothing else is missing.
 */
export class FigmaProblem extends TaskProblem {
  readonly kind: 'token' | 'link' | 'later' | 'picture';
  constructor(message: string, kind: FigmaProblem['kind'] = 'later') {
    super(message);
    this.kind = kind;
  }
}

const TIMEOUT_MS = 60_000;
const MAX_PICTURE_BYTES = 20 * 1024 * 1024;
/** A limit that is over this soon is waited for, once. */
const SHORT_WAIT_SECONDS = 3;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Never rejects with anything but a {@link FigmaProblem}, or the signal's reason when the caller gave up. */
export function createFigmaApi({ fetch, baseUrl, token, timeoutMs = TIMEOUT_MS, wait = pause }: FigmaApiOptions): FigmaApi {
  const call = async (path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> => {
    const problem = validateBaseUrl(baseUrl);
    if (problem) throw new FigmaProblem(problem);
    // A header's own complaint about its value would repeat the token.
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new FigmaProblem('The Figma token has characters that no token has. Set it again.', 'token');
    const url = `${baseUrl}/v1/${path}?${new URLSearchParams(query)}`;
    const headers = { 'X-Figma-Token': token, accept: 'application/json' };
    const first = await get(url, headers, signal);
    const soonMs = first.status === 429 ? shortWaitMs(first) : undefined;
    if (soonMs === undefined) return jsonOf(first, signal);
    await first.body?.cancel();
    await wait(soonMs, signal);
    return jsonOf(await get(url, headers, signal), signal);
  };

  const get = async (url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> => {
    const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await fetch(url, { headers, signal: both, redirect: 'manual' });
      if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) throw redirected(url);
      return response;
    } catch (error) {
      throw explained(error, url, signal, timeoutMs);
    }
  };

  const jsonOf = async (response: Response, signal: AbortSignal): Promise<unknown> => {
    const text = new TextDecoder().decode(await bytesOf(response, MAX_FIGMA_BYTES, 'The design', signal));
    if (!response.ok) throw refusal(response, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new FigmaProblem(
        `${originOf(baseUrl)} answered with something that is not JSON. Check "figma.apiUrl" and the proxy.`,
      );
    }
  };

  const bytesOf = async (response: Response, limit: number, what: string, signal: AbortSignal): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        // Leaving the loop cancels the rest.
        if (size > limit)
          throw new FigmaProblem(`${what} is larger than ${megabytes(limit)} MB. Choose a smaller frame.`, 'link');
        chunks.push(chunk);
      }
    } catch (error) {
      throw explained(error, baseUrl, signal, timeoutMs);
    }
    return Buffer.concat(chunks);
  };

  const pictureAt = async (address: string, signal: AbortSignal): Promise<Uint8Array> => {
    const url = pictureUrl(address, baseUrl);
    if (!url)
      throw new FigmaProblem('Figma gave an address for the picture that is not safe to call. It was not fetched.', 'picture');
    try {
      const response = await get(url, {}, signal);
      const bytes = await bytesOf(response, MAX_PICTURE_BYTES, 'The picture', signal);
      if (!response.ok) throw new FigmaProblem(`The picture could not be fetched (${response.status}). Try again.`, 'picture');
      if (PNG.some((byte, at) => bytes[at] !== byte))
        throw new FigmaProblem('What came for the picture is no PNG. Try again.', 'picture');
      return bytes;
    } catch (error) {
      if (error instanceof FigmaProblem && error.kind !== 'picture') throw new FigmaProblem(error.message, 'picture');
      throw error;
    }
  };

  return {
    frames: (fileKey, signal) => call(`files/${encodeURIComponent(fileKey)}`, { depth: '2' }, signal),
    layer: async (fileKey, nodeId, signal) => {
      const answer = await call(`files/${encodeURIComponent(fileKey)}/nodes`, { ids: nodeId }, signal);
      const found = record(valueAt(record(record(answer)?.nodes), nodeId));
      if (!found)
        throw new FigmaProblem('The file no longer holds the layer that the link names. Copy a new link in Figma.', 'link');
      return answer;
    },
    picture: async (fileKey, nodeId, scale, signal) => {
      const query = { ids: nodeId, format: 'png', scale: String(scale) };
      const answer = record(await call(`images/${encodeURIComponent(fileKey)}`, query, signal));
      const address = stringOf(valueAt(record(answer?.images), nodeId));
      if (answer?.err || !address) {
        throw new FigmaProblem(
          'Figma could not render this layer: it may be empty, hidden or too large. Choose another frame.',
          'picture',
        );
      }
      return pictureAt(address, signal);
    },
  };
}

/** https alone; this machine only where the API is on it too. */
function pictureUrl(address: string, baseUrl: string): string | undefined {
  const url = URL.parse(address);
  if (url?.username !== '' || url.password !== '') return undefined;
  if (isLoopbackUrl(url.href)) return isLoopbackUrl(baseUrl) && /^https?:$/.test(url.protocol) ? url.href : undefined;
  return url.protocol === 'https:' ? url.href : undefined;
}

function refusal(response: Response, body: string): FigmaProblem {
  const { status } = response;
  if (status === 401 || (status === 403 && /token/i.test(body))) {
    return new FigmaProblem(
      'Figma did not accept the token: it is mistyped, expired or revoked. Make a new one in Figma and set it.',
      'token',
    );
  }
  if (status === 403 && /scope/i.test(body)) {
    return new FigmaProblem('The Figma token may not read files. Make one with the scope file_content:read and set it.', 'token');
  }
  if (status === 403) {
    return new FigmaProblem(
      'This token may not see the file (403). Ask its owner for access, or set the token of an account that has it.',
      'token',
    );
  }
  if (status === 404) {
    return new FigmaProblem(
      'Figma knows no such file (404). Check the link; a file the token may not see can look missing too.',
      'link',
    );
  }
  if (status === 429) {
    const few =
      response.headers.get('x-figma-rate-limit-type') === 'low' ? ' This seat or plan allows few requests a month.' : '';
    return new FigmaProblem(
      `Figma's request limit for this token is reached (429). Try again ${when(retryAfter(response))}.${few}`,
    );
  }
  if (status === 400) {
    return new FigmaProblem(
      'Figma could not answer for this link (400): it is malformed, or the frame is too large. Choose a smaller frame.',
      'link',
    );
  }
  if (status >= 500)
    return new FigmaProblem(`Figma has trouble of its own (${status}). Try again later, or choose a smaller frame.`);
  return new FigmaProblem(`Figma refused the request (${status}). Check the link and the token.`);
}

/** Seconds; undefined when it is not said. */
function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function shortWaitMs(response: Response): number | undefined {
  const seconds = retryAfter(response);
  return seconds !== undefined && seconds <= SHORT_WAIT_SECONDS ? seconds * 1000 : undefined;
}

/** In the unit that reads best: Figma's limits last from seconds to days. */
function when(seconds: number | undefined): string {
  if (seconds === undefined) return 'in a minute';
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const [unit, length] = units.find(([, one]) => seconds >= 2 * one) ?? units[3];
  const count = Math.max(1, Math.ceil(seconds / length));
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`;
}

const redirected = (url: string): FigmaProblem =>
  new FigmaProblem(
    `${new URL(url).host} points elsewhere, and was not followed, because the token belongs to it alone. Check "figma.apiUrl".`,
  );

function explained(error: unknown, url: string, signal: AbortSignal, timeoutMs: number): unknown {
  if (error instanceof FigmaProblem) return error;
  if (signal.aborted) return signal.reason;
  const { host } = new URL(url);
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new FigmaProblem(`${host} did not answer within ${timeoutMs / 1000} seconds. Try again, or choose a smaller frame.`);
  }
  if (error instanceof ModelFailure && error.error.status !== undefined) return redirected(url);
  const cause = error instanceof Error ? record(error.cause) : undefined;
  const code = stringOf(cause?.code);
  const detail = code && /^[A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : '';
  return new FigmaProblem(`${host} cannot be reached${detail}. Check the connection and VS Code's proxy settings.`);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const give = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', give);
      resolve();
    }, ms);
    signal.addEventListener('abort', give, { once: true });
  });
