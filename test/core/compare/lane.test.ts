/** What a lane writes into the books while it runs and at its end, and that nothing of it can fail the lane. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLane } from '../../../src/core/compare/lane.ts';
import type { Ledger, Provider } from '../../../src/core/contracts.ts';
import type { LaneEvent } from '../../../src/shared/comparison.ts';
import { fakeLedger, plan, price } from './fakes.ts';

/** A lane on the hold `h` that answers for a second, looked at twice. */
async function lane(books: Partial<Ledger>): Promise<{ readonly end: LaneEvent | undefined; readonly problems: number }> {
  let nowMs = 0;
  let look = (): void => undefined;
  let problems = 0;
  const events: LaneEvent[] = [];
  const provider: Provider = {
    prepare: async () => undefined,
    async *stream() {
      yield { type: 'first-byte' };
      for (const untilMs of [500, 1000]) {
        nowMs = untilMs;
        look();
      }
      yield { type: 'usage', usage: { inputTokens: 10, outputTokens: 5, basis: 'reported' } };
      yield { type: 'finish', reason: 'stop' };
    },
    listModels: async () => [],
  };
  await runLane(
    {
      plan: plan('fast'),
      request: { model: 'm', system: '', parts: [{ type: 'text', text: 'x' }], maxOutputTokens: 100 },
      provider,
      price,
      limits: { firstByteMs: 1e6, idleMs: 1e6, progressMs: 1e6 },
      money: { holdId: 'h', holdAgain: () => ({ refusal: 'No.' }), ledger: { ...fakeLedger().ledger, ...books } },
    },
    {
      clock: { nowMs: () => nowMs, date: () => new Date(0) },
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
      sleep: async () => undefined,
      every: (_ms, call) => {
        look = call;
        return () => undefined;
      },
      linger: () => undefined,
      random: () => 0.5,
      onLedgerProblem: () => problems++,
    },
  );
  return { end: events.at(-1), problems };
}

test('the hold is told what the attempt has come to, then settled once', async () => {
  const written: unknown[] = [];
  const { end, problems } = await lane({
    beat: (holdId, nanoUsd) => void written.push([holdId, nanoUsd]),
    settle: (holdId, { nanoUsd, basis }) => written.push([holdId, nanoUsd, basis]) > 0,
  });
  assert.deepEqual(end, { type: 'end', reason: 'stop' });
  assert.deepEqual(written, [
    ['h', 10_000],
    ['h', 10_000],
    ['h', 30_000, 'computed'],
  ]);
  assert.equal(problems, 0);
});

test('books that refuse are told of, and end no lane', async () => {
  const refuse = (): never => {
    throw new Error('The disk is full.');
  };
  const { end, problems } = await lane({ beat: refuse, settle: refuse });
  assert.deepEqual(end, { type: 'end', reason: 'stop' });
  assert.equal(problems, 3);
});
