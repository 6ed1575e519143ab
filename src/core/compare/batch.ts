/**
 * Gathers a comparison's events into batches of at most one a frame.
 *
 * Every listener downstream (journal, panel, terminal) works per batch, so this is where thousands of deltas a second become sixty
 * writes and sixty messages. Within a batch, the deltas that follow each other in one lane become one event that keeps the first
 * one's time; the order inside a lane never changes. The first delta of a kind goes out at once: nobody waits a frame for the first
 * token. A batch also leaves when its oldest event is a frame old, checked on each arrival, because a busy stream can starve timers.
 */
import type { ComparisonEvent, LaneEvent, LaneId } from '../../shared/comparison.ts';
import type { Clock } from '../contracts.ts';

/** One display frame at 60 Hz. */
const FRAME_MS = 16;

/** An event before it is numbered and stamped. */
type EventBody =
  | ({ readonly type: 'comparison-start'; readonly schema: number; readonly id: string; readonly startedAt: string } & Pick<
      Extract<ComparisonEvent, { type: 'comparison-start' }>,
      'task'
    >)
  | { readonly type: 'lane'; readonly lane: LaneId; readonly event: LaneEvent }
  | { readonly type: 'comparison-end' };

interface OpenDelta {
  readonly type: 'text' | 'reasoning';
  readonly index: number;
  readonly pieces: string[];
  /** Of the last piece that has one. */
  cursor: number | undefined;
}

export class EventBatcher {
  readonly #emit: (batch: readonly ComparisonEvent[]) => void;
  readonly #clock: Clock;
  readonly #zeroMs: number;
  #nextSeq: number;
  #pending: ComparisonEvent[] = [];
  /** The last pending event of a lane, while it is a delta that may still grow. Joined once, when the batch leaves. */
  readonly #open = new Map<LaneId, OpenDelta>();
  #oldestMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #seen = new Set<string>();

  /** `zeroMs` is the clock's reading at the log's zero; `nextSeq` continues an existing log. */
  constructor(emit: (batch: readonly ComparisonEvent[]) => void, clock: Clock, zeroMs: number, nextSeq = 0) {
    this.#emit = emit;
    this.#clock = clock;
    this.#zeroMs = zeroMs;
    this.#nextSeq = nextSeq;
  }

  /** Adds an event, stamped with the moment it happened: now, unless told. */
  add(body: EventBody, nowMs = this.#clock.nowMs()): void {
    const joined = body.type === 'lane' && this.#join(body.lane, body.event);
    if (!joined) {
      if (this.#pending.length === 0) this.#oldestMs = nowMs;
      this.#pending.push({ ...body, seq: this.#nextSeq++, atMs: Math.round((nowMs - this.#zeroMs) * 1000) / 1000 });
    }
    if (body.type !== 'lane' || this.#isUrgent(body.lane, body.event) || nowMs - this.#oldestMs >= FRAME_MS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), FRAME_MS);
  }

  /** Sends what is pending, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const lane of [...this.#open.keys()]) this.#seal(lane);
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#emit(batch);
  }

  /** Lets a delta grow the lane's last pending event when that is a delta of the same kind; true when it did. */
  #join(lane: LaneId, event: LaneEvent): boolean {
    const open = this.#open.get(lane);
    if (event.type === open?.type) {
      open.pieces.push(event.text);
      open.cursor = event.cursor ?? open.cursor;
      return true;
    }
    this.#seal(lane);
    if (event.type === 'text' || event.type === 'reasoning') {
      this.#open.set(lane, { type: event.type, index: this.#pending.length, pieces: [event.text], cursor: event.cursor });
    }
    return false;
  }

  #seal(lane: LaneId): void {
    const open = this.#open.get(lane);
    if (!open) return;
    this.#open.delete(lane);
    const event = this.#pending[open.index];
    if (event?.type === 'lane' && open.pieces.length > 1) {
      const cursor = open.cursor === undefined ? {} : { cursor: open.cursor };
      this.#pending[open.index] = { ...event, event: { type: open.type, text: open.pieces.join(''), ...cursor } };
    }
  }

  #isUrgent(lane: LaneId, event: LaneEvent): boolean {
    if (event.type === 'start' || event.type === 'end') {
      this.#seen.delete(`${lane} text`);
      this.#seen.delete(`${lane} reasoning`);
      return true;
    }
    if (event.type !== 'text' && event.type !== 'reasoning') return false;
    const kind = `${lane} ${event.type}`;
    if (this.#seen.has(kind)) return false;
    this.#seen.add(kind);
    return true;
  }
}
