/** The three clocks, on a clock of the test's own. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StreamLimits } from '../../../src/core/contracts.ts';
import { DEFAULT_LIMITS } from '../../../src/core/providers/index.ts';
import { createWatch, type Expiry, type Timers, type Watch } from '../../../src/core/providers/watch.ts';
import type { StreamEvent } from '../../../src/shared/model.ts';
import { streamOf, textOf, usageOf } from './wireCase.ts';

/** Time that moves only when it is told to, and then calls what falls due, in order. */
class FakeTimers implements Timers {
  #nowMs = 0;
  #due = new Map<number, { readonly atMs: number; readonly call: () => void }>();
  #next = 0;
  nowMs(): number {
    return this.#nowMs;
  }
  after(ms: number, call: () => void): () => void {
    const id = this.#next++;
    this.#due.set(id, { atMs: this.#nowMs + ms, call });
    return () => this.#due.delete(id);
  }
  get pending(): number {
    return this.#due.size;
  }
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    while (true) {
      const first = [...this.#due].sort((a, b) => a[1].atMs - b[1].atMs)[0];
      if (!first || first[1].atMs > untilMs) break;
      this.#due.delete(first[0]);
      this.#nowMs = Math.max(this.#nowMs, first[1].atMs);
      first[1].call();
    }
    this.#nowMs = untilMs;
  }
  /** The machine slept: time passed, and nothing was called in it. */
  sleep(ms: number): void {
    this.#nowMs += ms;
    this.advance(0);
  }
}

const LIMITS: StreamLimits = { firstByteMs: 1000, idleMs: 300, progressMs: 2000 };

function watching(limits: StreamLimits = LIMITS): { timers: FakeTimers; watch: Watch; expired: Expiry[] } {
  const timers = new FakeTimers();
  const expired: Expiry[] = [];
  return { timers, expired, watch: createWatch(limits, timers, (expiry) => expired.push(expiry)) };
}

describe('a watch', () => {
  test('ends what never begins, at the limit and not before', () => {
    const { timers, expired } = watching();
    timers.advance(999);
    assert.deepEqual(expired, []);
    timers.advance(1);
    assert.deepEqual(expired, ['first-byte']);
    timers.advance(10_000);
    assert.deepEqual(expired, ['first-byte']);
    assert.equal(timers.pending, 0);
  });

  test('ends a silence', () => {
    const { timers, watch, expired } = watching();
    timers.advance(900);
    watch.byte();
    timers.advance(299);
    watch.byte();
    timers.advance(299);
    assert.deepEqual(expired, []);
    timers.advance(1);
    assert.deepEqual(expired, ['idle']);
  });

  test('ends pings without progress', () => {
    const { timers, watch, expired } = watching();
    for (let at = 0; at < 2100; at += 100) {
      watch.byte();
      timers.advance(100);
    }
    assert.deepEqual(expired, ['progress']);
  });

  test('lets a model think for 8.5 minutes with a ping each 15 s, and 120 s in full silence', () => {
    const { timers, watch, expired } = watching(DEFAULT_LIMITS.reasoning);
    for (let at = 0; at < 510; at += 15) {
      watch.byte();
      timers.advance(15_000);
    }
    timers.advance(120_000);
    watch.byte();
    watch.progress();
    timers.advance(299_000);
    assert.deepEqual(expired, []);
  });

  test('stops without a trace', () => {
    const { timers, watch, expired } = watching();
    watch.byte();
    watch.stop();
    assert.equal(timers.pending, 0);
    timers.advance(100_000);
    assert.deepEqual(expired, []);
  });

  test('counts no time in which the reader was busy', () => {
    const { timers, watch, expired } = watching();
    watch.byte();
    watch.pause();
    timers.advance(5000);
    watch.resume();
    timers.advance(299);
    assert.deepEqual(expired, []);
    timers.advance(1);
    assert.deepEqual(expired, ['idle']);
  });

  test('after the machine slept, gives the line 30 s once', () => {
    const { timers, watch, expired } = watching();
    watch.byte();
    timers.sleep(3_600_000);
    timers.advance(29_999);
    assert.deepEqual(expired, []);
    timers.advance(1);
    assert.deepEqual(expired, ['idle']);
  });

  test('waits briefly for figures when all has been said', () => {
    const { timers, watch, expired } = watching({ firstByteMs: 1000, idleMs: 60_000, progressMs: 60_000 });
    watch.byte();
    watch.settle(5000);
    timers.advance(4999);
    watch.settle(5000);
    assert.deepEqual(expired, []);
    timers.advance(1);
    assert.deepEqual(expired, ['settled']);
  });

  test('waits less when some have come', () => {
    const { timers, watch, expired } = watching({ firstByteMs: 1000, idleMs: 60_000, progressMs: 60_000 });
    watch.byte();
    watch.settle(5000);
    timers.advance(1000);
    watch.settle(250);
    timers.advance(249);
    assert.deepEqual(expired, []);
    timers.advance(1);
    assert.deepEqual(expired, ['settled']);
  });
});

/** The answer of a server that says no more after its finish reason and leaves the line open, heard for so long. */
async function settled(pieces: readonly Uint8Array[], ms: number): Promise<readonly StreamEvent[]> {
  const timers = new FakeTimers();
  const limits = { firstByteMs: 60_000, idleMs: 60_000, progressMs: 60_000 };
  const events: StreamEvent[] = [];
  const reading = (async () => {
    for await (const event of streamOf('openai-chat', pieces, { ending: 'open', limits, deps: { timers } })) events.push(event);
  })();
  // Let the reader come to its wait before time moves.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  timers.advance(ms);
  await reading;
  return events;
}

describe('an answer with a finish reason, on a line that stays open', () => {
  const said = 'data: {"choices":[{"index":0,"delta":{"content":"Yes."},"finish_reason":"stop"}]}\n\n';
  const counted = 'data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}\n\n';

  test('is complete, and the wait is no part of its time', async () => {
    const events = await settled([Buffer.from(said)], 5000);
    assert.equal(textOf(events), 'Yes.');
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', settlingMs: 5000 });
  });

  test('is waited for a moment longer when its figures have come: later ones hold', async () => {
    const more = counted.replace('5}', '50}');
    const events = await settled(
      [said, counted, more].map((text) => Buffer.from(text)),
      250,
    );
    assert.equal(usageOf(events)?.usage.outputTokens, 50);
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', settlingMs: 250 });
  });
});

test('the default limits are longer for a model that thinks', () => {
  for (const limit of ['firstByteMs', 'idleMs', 'progressMs'] as const) {
    assert.ok(DEFAULT_LIMITS.reasoning[limit] > DEFAULT_LIMITS.fast[limit]);
  }
});
