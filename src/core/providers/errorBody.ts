/**
 * What a server says of its failure, read from the forms that vendors and proxies give it: its codes, its words, its status, and how long
 * to wait. What that means is decided in `serverErrors.ts`.
 */
import { MAX_READ_LENGTH } from './errors.ts';
import { asArray, asCount, asObject, asText, type Json } from './json.ts';

/** True for an object that says an error and nothing else, with status 200. Only asked of what has none of an answer's fields. */
export const isErrorBody = (body: Json): boolean =>
  Boolean(body.error) ||
  body.type === 'error' ||
  body.object === 'error' ||
  asArray(body.errors).length > 0 ||
  asArray(body.detail).length > 0 ||
  (asText(body.detail) ?? asText(body.message)) !== undefined;

/**
 * The wait a server asked for, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3).
 * Undefined for none, and for what is no wait at all: negative, zero, past or unreadable.
 */
export function readRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = readNumber(headers.get('retry-after-ms'));
  if (milliseconds !== undefined) return positive(milliseconds);
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const seconds = readNumber(value);
  if (seconds !== undefined) return positive(seconds * 1000);
  return /^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(value) ? positive(Date.parse(value) - nowMs) : undefined;
}

const readNumber = (text: string | null): number | undefined =>
  text !== null && /^\s*[+-]?\d+(?:\.\d+)?(?:e\d+)?\s*$/i.test(text) ? Number(text) : undefined;

const positive = (ms: number): number | undefined => (Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined);

/** What an error body says, whichever vendor's form it has. */
export interface ServerWords {
  /** Codes and types, lower case, most telling first. */
  readonly codes: readonly string[];
  readonly text: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
}

/**
 * The forms met in the wild: `{error:{message,type,code}}` (OpenAI, OpenRouter, with a number as code), `{type:'error',error:{...}}`
 * (Anthropic), `{error:'text'}` (Ollama), `{object:'error',message,type,code}` (vLLM), `{errors:[{message}]}` (Cloudflare), `{detail}` and
 * `{message}` (proxies), text.
 */
export function readErrorBody(body: unknown): ServerWords {
  const outer = asObject(Array.isArray(body) ? body[0] : body);
  if (!outer) return { codes: [], text: typeof body === 'string' ? withoutMarkup(body.slice(0, MAX_READ_LENGTH)) : '' };
  const inner = asObject(outer.error) ?? asObject(asArray(outer.errors)[0]) ?? outer;
  // Google's particulars: `ErrorInfo` with a reason, `RetryInfo` with a wait (google.aip.dev/193).
  const details = asArray(inner.details).map((detail) => asObject(detail));
  const reasons = details.map((detail) => detail?.reason);
  const codes = [inner.code, inner.type, inner.status, asObject(inner.metadata)?.error_type, ...reasons].flatMap((value) =>
    typeof value === 'string' && value !== '' && value !== 'error' ? [value.toLowerCase()] : [],
  );
  const status = statusOf(inner) ?? statusOf(outer);
  const delay = details.map((detail) => asText(detail?.retryDelay)).find((text) => text !== undefined);
  const retryAfterMs = /^\d+(?:\.\d+)?s$/.test(delay ?? '') ? positive(Number.parseFloat(delay ?? '') * 1000) : undefined;
  return {
    codes,
    text: wordsOf(inner, outer),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function wordsOf(inner: Json, outer: Json): string {
  for (const value of [inner.message, outer.error, outer.detail, outer.message, inner.error]) {
    if (typeof value === 'string' && value !== '') return value;
    if (Array.isArray(value)) return JSON.stringify(value);
  }
  return '';
}

function statusOf(record: Json): number | undefined {
  for (const value of [record.code, record.status, record.status_code]) {
    const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : asCount(value);
    if (status !== undefined && status >= 400 && status <= 599) return status;
  }
  return undefined;
}

/** The words of an HTML page, roughly: a proxy's error page says what it is in its title or heading. */
const withoutMarkup = (text: string): string =>
  /^\s*</.test(text) ? text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ') : text;
