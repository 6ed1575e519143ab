/**
 * A call as one stream, however many connections it takes.
 *
 * A background run goes on on the provider's side while nobody listens. When its line is cut or falls silent it is listened to again from
 * the place up to which its text is known, so that nothing is lost and nothing comes twice. Any other call is passed on as it is.
 */
import type { ErrorKind, ModelError, ModelRequest, StreamEvent } from '../../shared/model.ts';
import type { Clock, Provider, StreamOptions } from '../contracts.ts';

/** Waits between tries to listen again: this long after the first, twice as long after each other... */
const FIRST_WAIT_MS = 1_000;
/** ...and no longer than this. */
const LONGEST_WAIT_MS = 30_000;
/** A run is listened to once more for this long even when its time is over: the machine may only have slept. */
const LAST_TRY_MS = 30_000;

/** `limits.progressMs` bounds all connections together: no text or thinking for that long is the end, whatever the lines do. */
export interface SteadyOptions extends StreamOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * `resume` comes before the first event of each new connection. `lost` comes before a `finish` that says nothing of the run itself: it
 * may still be going on, and nobody can hear it.
 */
export type SteadyEvent = StreamEvent | { readonly type: 'resume' } | { readonly type: 'lost' };

/** As `Provider.stream`: exactly one `finish`, last, and nothing is thrown. */
export async function* steadyStream(
  provider: Provider,
  request: ModelRequest,
  options: SteadyOptions,
): AsyncGenerator<SteadyEvent, void, undefined> {
  const { clock, sleep, ...line } = options;
  const { signal, limits } = line;
  let { resume } = line;
  let responseId = resume?.responseId;
  let after = resume?.after;
  /** False once text came without saying where it lies: then nobody knows where to go on. */
  let isPlaceKnown = true;
  let progressMs = clock.nowMs();
  let tries = 0;
  for (;;) {
    let heard = false;
    let finish: Extract<StreamEvent, { type: 'finish' }> | undefined;
    const leftMs = limits.progressMs - (clock.nowMs() - progressMs);
    const again = resume && { signal, limits: { ...limits, progressMs: Math.max(leftMs, LAST_TRY_MS) }, resume };
    for await (const event of provider.stream(request, again ?? line)) {
      switch (event.type) {
        case 'finish':
          finish = event;
          continue;
        case 'first-byte':
          if (resume) yield { type: 'resume' };
          break;
        case 'first-event':
          heard = true;
          break;
        case 'response-start':
          responseId = event.responseId ?? responseId;
          break;
        case 'text-delta':
        case 'reasoning-delta':
          isPlaceKnown = event.cursor !== undefined;
          after = event.cursor;
          progressMs = clock.nowMs();
          tries = 0;
          break;
      }
      yield event;
    }
    const error = finish?.error;
    const isOfLine = !finish || (finish.reason === 'error' && (!heard || LINE_FAULTS.has(error?.kind ?? 'unknown')));
    if (!request.background || responseId === undefined || !isOfLine) {
      if (finish) yield finish;
      return;
    }
    const hasTime = tries === 0 || clock.nowMs() - progressMs < limits.progressMs;
    const mayTry = isPlaceKnown && hasTime && (error?.retryable ?? true);
    if (!mayTry) {
      yield { type: 'lost' };
      if (finish) yield error?.status === 404 ? { ...finish, error: GONE } : finish;
      return;
    }
    await sleep(waitMs(tries++, error), signal);
    if (signal.aborted) {
      yield { type: 'finish', reason: 'aborted' };
      return;
    }
    resume = { responseId, ...(after === undefined ? {} : { after }) };
  }
}

/** What ends a connection and says nothing of the run. A server's refusal to be listened to, before any event, is the other case. */
const LINE_FAULTS: ReadonlySet<ErrorKind> = new Set(['network', 'timeout', 'protocol']);

/** The provider stores a run for a while only. */
const GONE: ModelError = {
  kind: 'protocol',
  message:
    'The provider no longer has this run, so its rest cannot be read. What came is kept; run the lane again for a whole answer.',
  retryable: true,
};

const waitMs = (tries: number, error: ModelError | undefined): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS * 2 ** Math.min(tries, 10), error?.retryAfterMs ?? 0));
