/**
 * The vocabulary of talking to a model: what is asked, what streams back, how it can end.
 *
 * Everything here is plain JSON, so that it can cross the wire to the page, lie in a journal and be compared in a test.
 * A number nobody reported is absent (`undefined`), never 0.
 */

/** How hard a model is asked to think; the union of the words vendors use. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** The three wire protocols we speak. */
export const APIS = ['openai-responses', 'openai-chat', 'anthropic-messages'] as const;
export type Api = (typeof APIS)[number];

/** What an endpoint speaks: a wire, or VS Code's own language model API, which has no wire of ours. */
export type EndpointApi = Api | 'vscode-lm';

/** Why a lane ended. A stream that stops without its protocol's terminal event ends in `error`, never in `stop`. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'aborted' | 'error';

export type ErrorKind =
  | 'auth'
  | 'rate-limit'
  | 'overloaded'
  | 'context-length'
  | 'invalid-request'
  | 'budget'
  | 'network'
  | 'timeout'
  | 'protocol'
  | 'interrupted'
  | 'unknown';

/** A failure as data. `message` is one sentence for the person: what happened and what to do. It never holds a secret. */
export interface ModelError {
  readonly kind: ErrorKind;
  readonly message: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** What would mend it, where the kind alone does not say: another model, other words, the endpoint's settings, VS Code's proxy. */
  readonly mend?: 'model' | 'prompt' | 'endpoint' | 'proxy';
  /** True when the request surely reached no server (connection refused, unknown host): it cannot have cost anything. */
  readonly neverSent?: true;
}

/**
 * Tokens of one model call. `inputTokens` is the total sent, cached ones included; `outputTokens` is the total generated,
 * reasoning included; `reasoningTokens`, `cacheReadTokens` and `cacheWriteTokens` are parts of those totals.
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly basis: 'reported' | 'estimated';
}

/**
 * What a provider's stream yields. Exactly one `finish`, always last; nothing is thrown once the stream was asked for.
 * `first-byte` comes with the first byte of the response body, `first-event` with the first event of the protocol; `alive` says that
 * bytes came (pings) which say nothing else; a later `usage` replaces an earlier one. `cursor` is the place in a stored response up to
 * which this text reaches: a background run goes on after it. `settlingMs` says how long before its `finish` the answer was over, while
 * figures were waited for.
 */
export type StreamEvent =
  | { readonly type: 'first-byte' }
  | { readonly type: 'first-event' }
  | { readonly type: 'alive' }
  | ({ readonly type: 'response-start' } & Served)
  | { readonly type: 'reasoning-delta'; readonly text: string; readonly cursor?: number }
  | { readonly type: 'text-delta'; readonly text: string; readonly cursor?: number }
  | { readonly type: 'usage'; readonly usage: Usage; readonly billedNanoUsd?: number }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly error?: ModelError; readonly settlingMs?: number };

/** What an answer says of itself. A later word replaces an earlier one, field by field. */
export interface Served {
  readonly servedModel?: string;
  readonly responseId?: string;
  /** The price class that was used, in the vendor's word (`default`, `flex`, `priority`...). */
  readonly serviceTier?: string;
  /** A proxy or the provider answered from a cache of whole answers: no model worked, so its times mean nothing. */
  readonly fromCache?: true;
}

export type MessagePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mediaType: ImageMediaType; readonly base64: string };

export type ImageMediaType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';

/** One call: a system text, one user turn made of parts, and limits. The same for every wire. */
export interface ModelRequest {
  readonly model: string;
  readonly system: string;
  readonly parts: readonly MessagePart[];
  readonly maxOutputTokens: number;
  /** Absent: the model's own default. */
  readonly effort?: Effort;
  /** The most tokens of thinking, for models that take a number; inside `maxOutputTokens`. Absent: not asked for. */
  readonly thinkingBudgetTokens?: number;
  /** Runs on the provider's side and can be picked up again after a cut; the provider stores the answer meanwhile. */
  readonly background?: true;
}

/** A model and where it lives, as a person writes it: `endpoint:model@effort`. */
export interface ModelRef {
  readonly endpoint: string;
  readonly model: string;
  readonly effort?: Effort;
}

/**
 * Reads `endpoint:model@effort`. The endpoint ends at the first `:`; an effort follows the last `@` only if it is a known
 * effort word; everything between is the model, so `ollama:llama3:8b` and `openrouter:x/y:free` read as meant.
 * Returns undefined when there is no endpoint or no model.
 */
export function parseModelRef(text: string): ModelRef | undefined {
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  if (colon <= 0) return undefined;
  const endpoint = trimmed.slice(0, colon);
  const rest = trimmed.slice(colon + 1);
  const at = rest.lastIndexOf('@');
  const effort = at > 0 ? EFFORTS.find((word) => word === rest.slice(at + 1)) : undefined;
  const model = effort ? rest.slice(0, at) : rest;
  if (!model || /\s/.test(trimmed)) return undefined;
  return effort ? { endpoint, model, effort } : { endpoint, model };
}

/** The inverse of {@link parseModelRef}. */
export function formatModelRef(ref: ModelRef): string {
  return `${ref.endpoint}:${ref.model}${ref.effort ? `@${ref.effort}` : ''}`;
}
