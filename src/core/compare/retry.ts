/**
 * Whether a failed attempt is tried again, and when. Nothing that was shown is ever taken back, and no attempt begins beside a run that may
 * still be going on.
 */
import type { ErrorKind } from '../../shared/model.ts';
import { MAX_RETRY_AFTER_MS } from '../providers/serverErrors.ts';
import type { Attempt } from './outcome.ts';

/** At most this many calls for one answer. */
const MAX_ATTEMPTS = 3;
/** No server gets requests faster than one a second after it failed, whatever it says of waiting. */
const LEAST_RETRY_MS = 1_000;

/** What a server may say inside an answer that it has begun, before it showed anything, and do better a moment later. */
const TRANSIENT: ReadonlySet<ErrorKind> = new Set(['overloaded', 'rate-limit', 'unknown']);

/** Milliseconds to wait before another attempt after the one of that number, which counts from 1; undefined: there is none. */
export function retryWaitMs(
  { error, began, shown, lost }: Pick<Attempt, 'error' | 'began' | 'shown' | 'lost'>,
  number: number,
  random: () => number,
): number | undefined {
  if (!error?.retryable || shown || lost || number >= MAX_ATTEMPTS) return undefined;
  if (began && !TRANSIENT.has(error.kind)) return undefined;
  const asked = error.retryAfterMs;
  if (asked !== undefined && asked > MAX_RETRY_AFTER_MS) return undefined;
  if (asked !== undefined && asked > 0) return Math.max(asked, LEAST_RETRY_MS);
  return LEAST_RETRY_MS + Math.round(random() * 1000 * 2 ** (number - 1));
}
