/**
 * Every failure of a model call is classified here, once, where its status or its code is seen; from then on it is plain data.
 *
 * The kind decides what happens next (retry, ask for a key, say what to shorten), the sentence tells the person what happened and what
 * to do. A server's own words are added only shortened and redacted.
 */
import { formatElapsed } from '../../shared/figures.ts';
import type { ErrorKind, ModelError } from '../../shared/model.ts';
import { type Endpoint, ModelFailure } from '../contracts.ts';
import { isLoopbackUrl } from './baseUrl.ts';
import { asArray, asCount, asObject, asText, type Json, parseJson } from './json.ts';
import { redact, removeSecrets } from './redact.ts';

/** What a failing call was about, for its sentence; and what must never appear in it. */
export interface CallContext {
  readonly endpoint: Endpoint;
  /** Absent when the call is not about one model (listing them). */
  readonly model?: string;
  readonly secrets: readonly string[];
}

/** A server that asks for a longer wait is not waited for; the person is told when to come back. */
export const MAX_RETRY_AFTER_MS = 120_000;

/** At most this much of a server's own words is shown. */
const MAX_DETAIL_LENGTH = 200;
/** Far more than is shown, and little enough to search. */
const MAX_READ_LENGTH = 8_000;

/** An answer with a status outside 2xx. The body may be JSON of any vendor's form, plain text, HTML or nothing. */
export function errorFromStatus(context: CallContext, status: number, headers: Headers, body: string): ModelError {
  const said = readBody(parseJson(body) ?? body);
  const retryAfterMs = readRetryAfter(headers, Date.now()) ?? said.retryAfterMs;
  return { ...classify(context, said, status, retryAfterMs), status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** An error object inside a stream or a body whose status was 200. */
export function errorFromPayload(context: CallContext, payload: unknown): ModelError {
  const said = readBody(payload);
  return classify(context, said, said.status);
}

/** Whatever was thrown while connecting or reading. */
export function errorFromThrown(context: CallContext, thrown: unknown): ModelError {
  const chain = causes(thrown);
  const failure = chain.find((error) => error instanceof ModelFailure);
  if (failure) return { ...failure.error, message: redact(failure.error.message, context.secrets) };
  const code = chain.map((error) => asText(asObject(error)?.code)).find((text) => text !== undefined);
  const innermost = chain.findLast((error) => error instanceof Error);
  return networkError(context, code, innermost instanceof Error ? innermost.message : String(thrown));
}

/** The answer broke the rules of its protocol. `what` continues the sentence that begins with the endpoint's name. */
export const protocolError = (context: CallContext, what: string): ModelError => ({
  kind: 'protocol',
  message: redact(`${context.endpoint.label} ${what}`, context.secrets),
  retryable: true,
});

export const timeoutError = (context: CallContext, what: string): ModelError => ({
  kind: 'timeout',
  message: `${context.endpoint.label} ${what}`,
  retryable: true,
});

/** The same failure, with what would mend it. */
export const mendedBy = (mend: NonNullable<ModelError['mend']>, error: ModelError): ModelError => ({ ...error, mend });

/** The same failure of an endpoint that will answer no better another time. */
export const final = (error: ModelError): ModelError => mendedBy('endpoint', { ...error, retryable: false });

/** Refused before anything was sent. */
export const refusal = (kind: ErrorKind, message: string): ModelFailure => new ModelFailure({ kind, message, retryable: false });

/** Redacts first and shortens then, so that a cut cannot save half a key. Control characters, which a terminal would obey, go as well. */
export function excerpt(text: string, secrets: readonly string[]): string {
  const clean = redact(text.slice(0, MAX_READ_LENGTH), secrets)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return clean.length > MAX_DETAIL_LENGTH ? `${clean.slice(0, MAX_DETAIL_LENGTH)}…` : clean;
}

/** A name that a server gave (of a model, of an answer), without our secrets, in one line and no longer than a name is. */
export const cleanName = (name: string, { secrets }: Pick<CallContext, 'secrets'>): string =>
  removeSecrets(name, secrets)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL_LENGTH);

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
interface Said {
  /** Codes and types, lower case, most telling first. */
  readonly codes: readonly string[];
  readonly text: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
}

/**
 * The forms met in the wild: `{error:{message,type,code}}` (OpenAI, OpenRouter, with a number as code), `{type:'error',error:{...}}`
 * (Anthropic), `{error:'text'}` (Ollama), `{object:'error',message,type,code}` (vLLM), `{detail}` and `{message}` (proxies), text.
 */
function readBody(body: unknown): Said {
  const outer = asObject(Array.isArray(body) ? body[0] : body);
  if (!outer) return { codes: [], text: typeof body === 'string' ? withoutMarkup(body.slice(0, MAX_READ_LENGTH)) : '' };
  const inner = asObject(outer.error) ?? outer;
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

/** Codes are compared as whole words of their parts, e.g. `enforced_spend_limit_exceeded`. */
const NO_CREDIT =
  /insufficient_(?:quota|funds|balance|credits?)|billing|payment_required|spend_limit|budget_exhausted|budget_exceeded|exceeds_budget|exceeded_current_quota|arrearage/;
/** Anthropic (400), xAI (403) and LiteLLM say it in words alone. */
const NO_CREDIT_WORDS =
  /credit balance is too low|insufficient (?:balance|credits?|funds)|(?:run|ran) out of credits|budget has been exceeded/i;
const TOO_LONG_CODE = /context_length|context_window|string_above_max_length|request_too_large|content_too_large/;
const TOO_LONG_WORDS =
  /context (?:length|window|size)|maximum context|prompt is too long|input is too long|too many (?:input )?tokens|exceeds? the (?:model'?s? )?(?:maximum|available) (?:context|input)|reduce the length|ContextWindowExceeded/i;
const POLICY = /content_?filter|content_policy|policy_violation|invalid_prompt|bio_policy|responsible_?ai|moderation|safety/;
const BAD_KEY = /invalid_api_key|api_key_invalid|authentication|unauthorized|permission|forbidden|invalid_key/;
/** Google and xAI answer 400 to a wrong key. */
const BAD_KEY_WORDS = /(?:incorrect|invalid) api key|api key (?:not valid|not found|expired)/i;
const NO_MODEL = /model_not_found|not_found|unknown_model|invalid_model/;
const NO_MODEL_WORDS = /invalid model name|not a valid model|model .{1,200}(?:does not exist|not found)/i;
const TOO_FAST = /rate_?limit|too_many_requests|slow_down|resource_exhausted/;
const TOO_BUSY = /overloaded|unavailable|insufficient_system_resource|capacity|engine_/;
const SERVER_FAULT = /server_error|api_error|internal|timeout_error|upstream|provider_error|bad_gateway/;

function classify(context: CallContext, said: Said, status: number | undefined, retryAfterMs?: number): ModelError {
  const { endpoint, model } = context;
  const name = endpoint.label;
  const codes = said.codes.join(' ');
  const number = status === undefined ? '' : ` (${status})`;
  const detail = excerpt(said.text, context.secrets);
  const make = (kind: ErrorKind, retryable: boolean, sentence: string): ModelError => ({
    kind,
    message: redact(detail === '' ? sentence : `${sentence} It said: “${detail}”`, context.secrets),
    retryable,
  });
  const is = (pattern: RegExp, ...statuses: readonly number[]): boolean =>
    pattern.test(codes) || (status !== undefined && statuses.includes(status));
  const clientFault = status === undefined || status === 400 || status === 413 || status === 422;

  if (is(NO_CREDIT, 402) || (status !== 404 && NO_CREDIT_WORDS.test(said.text))) {
    return mendedBy(
      'model',
      make(
        'rate-limit',
        false,
        `${name} reports no credit left, or a spending limit reached${number}. Check the account's billing, or choose another model.`,
      ),
    );
  }
  if (is(TOO_LONG_CODE, 413) || (clientFault && TOO_LONG_WORDS.test(said.text))) {
    return make(
      'context-length',
      false,
      `The request is too long for ${model ?? name}${number}. Send less, or choose a model with a larger context.`,
    );
  }
  if (is(POLICY)) {
    return mendedBy(
      'prompt',
      make(
        'invalid-request',
        false,
        `${name} declined the request by its content policy${number}. Change the prompt or choose another model.`,
      ),
    );
  }
  if (is(BAD_KEY, 401, 403) || (clientFault && BAD_KEY_WORDS.test(said.text))) {
    return status === 403
      ? make(
          'auth',
          false,
          `${name} does not allow this key to use ${model ?? 'its models'}${number}. Check the key's permissions, or set another with “Set API Key”.`,
        )
      : context.secrets.length === 0
        ? make('auth', false, `${name} wants an API key${number}, and none is set. ${howToSetKey(endpoint)}`)
        : make('auth', false, `${name} did not accept the API key${number}. ${howToSetKey(endpoint)}`);
  }
  if (is(NO_MODEL, 404) || (status === 400 && NO_MODEL_WORDS.test(said.text))) {
    return model === undefined
      ? mendedBy(
          'endpoint',
          make('invalid-request', false, `${name} has nothing at ${endpoint.baseUrl}${number}. Check the endpoint's base URL.`),
        )
      : make(
          'invalid-request',
          false,
          `${name} does not know the model “${model}”${number}. Choose another model, or check the base URL ${endpoint.baseUrl}.`,
        );
  }
  const later = (error: ModelError): ModelError => ((retryAfterMs ?? 0) > MAX_RETRY_AFTER_MS ? mendedBy('model', error) : error);
  if (is(TOO_FAST, 429)) {
    return later(make('rate-limit', true, `${name} is limiting requests${number}${whenToComeBack(retryAfterMs)}`));
  }
  // 498: Groq's, “Flex tier capacity exceeded” (console.groq.com/docs/errors).
  if (is(TOO_BUSY, 498, 502, 503, 504, 529)) {
    return later(make('overloaded', true, `${name} is overloaded or unavailable${number}${whenToComeBack(retryAfterMs)}`));
  }
  if (status === 407) return proxySignIn(number);
  if (status === 408 || status === 425) return make('timeout', true, `${name} gave up waiting${number}. Run again.`);
  if (status !== undefined && status >= 300 && status < 400) {
    return mendedBy(
      'endpoint',
      make(
        'invalid-request',
        false,
        `${name} answered with a redirect${number}, which is not followed. Check the endpoint's base URL.`,
      ),
    );
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return make(
      'invalid-request',
      status === 409,
      `${name} did not accept the request${number}. Check the model, its effort and its limits.`,
    );
  }
  if (SERVER_FAULT.test(codes) || (status !== undefined && status >= 500)) {
    return make('unknown', true, `${name} failed on its side${number}. Run again; if it stays, see the vendor's status page.`);
  }
  if (/invalid|bad_?request|unsupported|image/.test(codes)) {
    return make('invalid-request', false, `${name} did not accept the request. Check the model, its effort and its limits.`);
  }
  return make('unknown', false, `${name} reported an error${number}.`);
}

/** The rest of a sentence about a server that has too much to do. A long wait is told with its end, in local time. */
function whenToComeBack(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined || retryAfterMs <= MAX_RETRY_AFTER_MS) return '. Wait a moment and run again.';
  const end = new Date(Date.now() + retryAfterMs);
  if (Number.isNaN(end.getTime())) return ' and asks for a wait without end. Choose another model.';
  const day = end.toDateString() === new Date().toDateString() ? {} : ({ day: 'numeric', month: 'short' } as const);
  const time = end.toLocaleString('en-GB', { hour: '2-digit', minute: '2-digit', ...day });
  return ` and asks for ${formatElapsed(retryAfterMs)}. Run again after ${time}, or choose another model.`;
}

/** How agents say that a proxy did not open a tunnel: with the status of its answer. */
const PROXY_ANSWER = /(?:tunnel|proxy)[\s\S]*?\b(4\d\d|5\d\d)\b/i;

const tunnelRefused = (status: string): ModelError =>
  status === '407'
    ? { ...proxySignIn(' (407)'), neverSent: true }
    : {
        kind: 'network',
        message: `The network's proxy did not let the call through (${status}). Check the proxy settings.`,
        retryable: status.startsWith('5'),
        mend: 'proxy',
        neverSent: true,
      };

const proxySignIn = (number: string): ModelError => ({
  kind: 'network',
  message: `The network's proxy wants a sign-in${number}. Check the proxy settings.`,
  retryable: false,
  mend: 'proxy',
});

/** The way to a key, in the editor and on the command line. */
export const howToSetKey = ({ keyEnv }: Endpoint): string =>
  `Set one with “Set API Key”.${keyEnv === undefined ? '' : ` On the command line, put it into ${keyEnv}.`}`;

const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|CRL_|ERR_SSL|EPROTO)/;

/** A failure below HTTP, by the code Node gives it. */
function networkError(context: CallContext, code: string | undefined, words: string): ModelError {
  const { endpoint } = context;
  const origin = URL.parse(endpoint.baseUrl)?.origin ?? endpoint.baseUrl;
  const make = (kind: ErrorKind, retryable: boolean, sentence: string): ModelError => ({
    kind,
    message: redact(sentence, context.secrets),
    retryable,
    ...(code !== undefined && NEVER_SENT.test(code) ? { neverSent: true } : {}),
  });
  const detail = excerpt(words, context.secrets);

  const refusedTunnel = PROXY_ANSWER.exec(words)?.[1];
  if (refusedTunnel !== undefined) return tunnelRefused(refusedTunnel);
  if (code === 'ECONNREFUSED') {
    return isLoopbackUrl(endpoint.baseUrl)
      ? make('network', true, `Nothing listens on ${origin}. Is the ${endpoint.label} server running?`)
      : make('network', true, `${origin} refused the connection. Check the network and the endpoint's base URL.`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    return make(
      'network',
      true,
      `The host of ${origin} was not found. Check the network connection and the endpoint's base URL.`,
    );
  }
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'UND_ERR_SOCKET' ||
    code === 'ECONNABORTED' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE'
  ) {
    return make('network', true, `The connection to ${endpoint.label} was cut. Check the network and run again.`);
  }
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return make('network', true, `${origin} could not be reached in time. Check the network and run again.`);
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EADDRNOTAVAIL') {
    return make('network', true, `${origin} cannot be reached from this network. Check the connection, the VPN and the proxy.`);
  }
  if (code !== undefined && CERTIFICATE.test(code)) {
    return mendedBy(
      'proxy',
      make(
        'network',
        false,
        `The certificate of ${origin} was not accepted: ${detail} (${code}). If a company proxy replaces certificates, its own must be trusted on this machine.`,
      ),
    );
  }
  if (code?.startsWith('HPE_'))
    return make('protocol', true, `${endpoint.label} did not answer in HTTP (${code}). Check the endpoint's base URL.`);
  if (code === 'ERR_ZLIB_ENCODING')
    return final(make('protocol', false, `${endpoint.label} compressed its answer in a way that was not asked for: ${detail}.`));
  if (code?.startsWith('Z_') || code?.startsWith('ERR_BROTLI') || code?.startsWith('ERR_ZLIB') || code?.startsWith('BROTLI')) {
    return make('protocol', true, `The compressed answer of ${endpoint.label} is damaged (${code}). Run again.`);
  }
  const named = code === undefined ? detail : `${detail} (${code})`;
  return make('network', true, `The call to ${endpoint.label} failed: ${named}. Check the network and run again.`);
}

/**
 * Codes of a connection that never stood, so that no byte of the request can have arrived, nor cost anything. A certificate is refused
 * before anything is sent over its connection.
 */
const NEVER_SENT =
  /^(?:(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_NODATA|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

/** The error, its causes and the parts of an aggregate, outermost first; bounded against a ring. */
function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  const open: unknown[] = [thrown];
  while (open.length > 0 && chain.length < 12) {
    const error = open.shift();
    if (error === undefined || error === null) continue;
    chain.push(error);
    if (error instanceof AggregateError) open.push(...error.errors);
    if (error instanceof Error) open.push(error.cause);
  }
  return chain;
}
