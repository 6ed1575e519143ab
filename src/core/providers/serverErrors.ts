/**
 * What a server's failure means: the kind, which decides what happens next (retry, ask for a key, say what to shorten), and the sentence
 * that tells the person what happened and what to do.
 */
import { formatElapsed } from '../../shared/figures.ts';
import type { ErrorKind, ModelError } from '../../shared/model.ts';
import { readErrorBody, readRetryAfter, type ServerWords } from './errorBody.ts';
import { type CallContext, excerpt, howToSetKey, mendedBy, proxySignIn } from './errors.ts';
import { parseJson } from './json.ts';
import { redact } from './redact.ts';

/** A server that asks for a longer wait is not waited for; the person is told when to come back. */
export const MAX_RETRY_AFTER_MS = 120_000;

/** An answer with a status outside 2xx. The body may be JSON of any vendor's form, plain text, HTML or nothing. */
export function errorFromStatus(context: CallContext, status: number, headers: Headers, body: string): ModelError {
  const said = readErrorBody(parseJson(body) ?? body);
  const retryAfterMs = readRetryAfter(headers, Date.now()) ?? said.retryAfterMs;
  return { ...classify(context, said, status, retryAfterMs), status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** An error object inside a stream or a body whose status was 200. */
export function errorFromPayload(context: CallContext, payload: unknown): ModelError {
  const said = readErrorBody(payload);
  return classify(context, said, said.status);
}

/** Codes are compared as whole words of their parts, e.g. `enforced_spend_limit_exceeded`. */
const NO_CREDIT =
  /insufficient_(?:quota|funds|balance|credits?)|billing|payment_required|spend_limit|budget_exhausted|budget_exceeded|exceeds_budget|exceeded_current_quota|arrearage/;
/** Anthropic (400), xAI (403) and LiteLLM say it in words alone. */
const NO_CREDIT_WORDS =
  /credit balance is too low|insufficient (?:balance|credits?|funds)|(?:run|ran) out of credits|budget has been exceeded/i;
const TOO_LONG_CODE = /context_length|context_window|string_above_max_length|request_too_large|content_too_large/;
const TOO_LONG_WORDS =
  /context (?:length|window|size)|maximum context|prompt is too long|input is too long|too many (?:input )?tokens|exceeds? the (?:model'?s? )?(?:maximum|available) (?:context|input)|reduce the length|ContextWindowExceeded/i;
const POLICY =
  /content_?filter|content_policy|policy_violation|invalid_prompt|bio_policy|responsible_?ai|moderation|safety|inspection_failed/;
/** Zhipu says it in words, beside a number of its own; Alibaba in both. */
const POLICY_WORDS = /(?:unsafe or sensitive|may contain inappropriate) content/i;
const BAD_KEY = /invalid_api_key|api_key_invalid|authentication|unauthorized|permission|forbidden|invalid_key/;
/** Google and xAI answer 400 to a wrong key. */
const BAD_KEY_WORDS = /(?:incorrect|invalid) api key|api key (?:not valid|not found|expired)/i;
const NO_MODEL = /model_not_found|not_found|unknown_model|invalid_model/;
const NO_MODEL_WORDS = /invalid model name|not a valid model|model .{1,200}(?:does not exist|not found)/i;
const TOO_FAST = /rate_?limit|too_many_requests|slow_down|resource_exhausted/;
/** In mid-stream some servers say it in words alone. */
const TOO_FAST_WORDS = /rate limit|too many requests/i;
const TOO_BUSY = /overloaded|unavailable|insufficient_system_resource|capacity|engine_/;
const TOO_BUSY_WORDS = /\b(?:overloaded|(?:at|over|out of|no|insufficient) capacity)\b/i;
const SERVER_FAULT = /server_error|api_error|internal|timeout_error|upstream|provider_error|bad_gateway/;

function classify(context: CallContext, said: ServerWords, status: number | undefined, retryAfterMs?: number): ModelError {
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
  if (is(POLICY) || (clientFault && POLICY_WORDS.test(said.text))) {
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
  if (is(TOO_FAST, 429) || (status === undefined && TOO_FAST_WORDS.test(said.text))) {
    return later(make('rate-limit', true, `${name} is limiting requests${number}${whenToComeBack(retryAfterMs)}`));
  }
  // 498: Groq's, “Flex tier capacity exceeded” (console.groq.com/docs/errors).
  if (is(TOO_BUSY, 498, 502, 503, 504, 529) || (status === undefined && TOO_BUSY_WORDS.test(said.text))) {
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
