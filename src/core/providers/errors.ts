/**
 * The parts that every failure of a model call is made of: what the call was about, what cannot be known by a status, and a server's own
 * words, which are shown only shortened and redacted. A failure is classified once, where its status or its code is seen
 * (`serverErrors.ts`, `networkErrors.ts`); from then on it is plain data.
 */
import type { ErrorKind, ModelError } from '../../shared/model.ts';
import { type Endpoint, ModelFailure } from '../contracts.ts';
import { redact, removeSecrets } from './redact.ts';

/** What a failing call was about, for its sentence; and what must never appear in it. */
export interface CallContext {
  readonly endpoint: Endpoint;
  /** Absent when the call is not about one model (listing them). */
  readonly model?: string;
  readonly secrets: readonly string[];
}

/** At most this much of a server's own words is shown. */
const MAX_DETAIL_LENGTH = 200;
/** Far more than is shown, and little enough to search. */
export const MAX_READ_LENGTH = 8_000;

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

/** The way to a key, in the editor and on the command line. */
export const howToSetKey = ({ keyEnv }: Endpoint): string =>
  `Set one with “Set API Key”.${keyEnv === undefined ? '' : ` On the command line, put it into ${keyEnv}.`}`;

/** A proxy of the network that lets nobody through unknown; `number`: its status, in brackets. */
export const proxySignIn = (number: string): ModelError => ({
  kind: 'network',
  message: `The network's proxy wants a sign-in${number}. Check the proxy settings.`,
  retryable: false,
  mend: 'proxy',
});
