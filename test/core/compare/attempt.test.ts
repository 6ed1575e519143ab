/** What the meter does while an attempt is silent: it tells what was spent, and stops what surely cost too much. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAttempt } from '../../../src/core/compare/attempt.ts';
import type { Attempt } from '../../../src/core/compare/outcome.ts';
import type { Provider } from '../../../src/core/contracts.ts';
import type { LaneEvent } from '../../../src/shared/comparison.ts';
import type { ModelRequest, StreamEvent } from '../../../src/shared/model.ts';
import type { Cost } from '../../../src/shared/money.ts';
import { plan, price } from './fakes.ts';

const REQUEST: ModelRequest = { model: 'm', system: '', parts: [{ type: 'text', text: 'x' }], maxOutputTokens: 1000 };
const LIMITS = { firstByteMs: 1e9, idleMs: 1e9, progressMs: 1e9 };
const DONE: readonly StreamEvent[] = [
  { type: 'usage', usage: { inputTokens: 10, outputTokens: 500, basis: 'reported' } },
  { type: 'finish', reason: 'stop' },
];

/** A reasoning lane of 1,000 tokens that is silent for so long, looked at in steps. Silence vouches for 25 tokens a second. */
async function silent(
  ofMs: number,
  stepMs: number,
  spent?: Cost,
): Promise<{ attempt: Attempt | undefined; events: LaneEvent[]; metered: number[]; ticking: number }> {
  let nowMs = 0;
  let ticking = 0;
  let look = (): void => undefined;
  const events: LaneEvent[] = [];
  const metered: number[] = [];
  const provider: Provider = {
    prepare: async () => undefined,
    async *stream(_request, { signal }) {
      yield { type: 'first-byte' };
      while (nowMs < ofMs && !signal.aborted) {
        nowMs += stepMs;
        look();
      }
      if (signal.aborted) yield { type: 'finish', reason: 'aborted' };
      else yield* DONE;
    },
    listModels: async () => [],
  };
  const attempt = await runAttempt(
    { plan: plan('reasoning'), request: REQUEST, provider, price, limits: LIMITS },
    { spent, pickedUp: undefined, onMetered: (nanoUsd) => metered.push(nanoUsd) },
    {
      clock: { nowMs: () => nowMs, date: () => new Date(0) },
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
      sleep: async () => undefined,
      every: (_ms, call) => {
        look = call;
        ticking++;
        return () => void ticking--;
      },
      linger: () => undefined,
    },
  );
  return { attempt, events, metered, ticking };
}

test('silence that vouches for more than the output limit is stopped, and says why', async () => {
  const { attempt, ticking } = await silent(60_000, 250);
  assert.deepEqual([attempt?.finish, attempt?.error?.kind, attempt?.cost.basis], ['aborted', 'budget', 'estimated']);
  assert.equal(attempt?.endedMs, 40_250);
  assert.equal(ticking, 0, 'nobody looks any more');
});

test('a machine that slept vouches for nothing', async () => {
  const { attempt } = await silent(600_000, 300_000);
  assert.deepEqual([attempt?.finish, attempt?.cost.basis], ['stop', 'computed']);
});

test('what is metered is told four times a second at the most, with what was spent before', async () => {
  const spent: Cost = { nanoUsd: 1_000_000, basis: 'computed' };
  const { events, metered } = await silent(1000, 100, spent);
  const costs = events.flatMap((event) => (event.type === 'cost' ? [event.cost] : []));
  assert.equal(costs.length, 3);
  assert.deepEqual(
    costs.map(({ nanoUsd, basis }) => [nanoUsd, basis]),
    metered.map((nanoUsd) => [nanoUsd + 1_000_000, 'estimated']),
  );
  assert.ok((metered[0] ?? 0) > 0);
});

/** An answer of the same line, so many times, piece by piece. */
async function looping(times: number, stopsLoops: boolean) {
  const events: LaneEvent[] = [];
  let sent = 0;
  const provider: Provider = {
    prepare: async () => undefined,
    async *stream(_request, { signal }) {
      yield { type: 'first-byte' };
      for (; sent < times && !signal.aborted; sent += 1) {
        yield { type: 'text-delta', text: '<li>Unlimited projects and priority support</li>\n' };
      }
      if (signal.aborted) yield { type: 'finish', reason: 'aborted' };
      else yield* DONE;
    },
    listModels: async () => [],
  };
  const attempt = await runAttempt(
    {
      plan: plan('fast'),
      request: { ...REQUEST, maxOutputTokens: 1_000_000 },
      provider,
      price: undefined,
      limits: LIMITS,
      stopsLoops,
    },
    { spent: undefined, pickedUp: undefined, onMetered: () => undefined },
    {
      clock: { nowMs: () => 0, date: () => new Date(0) },
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
      sleep: async () => undefined,
      every: () => () => undefined,
      linger: () => undefined,
    },
  );
  const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
  return { attempt, sent, text, notices };
}

test('an answer that repeats itself beyond doubt is stopped, and its text kept', async () => {
  const { attempt, sent, text } = await looping(5_000, true);
  assert.equal(attempt?.finish, 'aborted');
  assert.match(attempt?.error?.message ?? '', /repeats itself.*text so far is kept/);
  assert.ok(sent < 400, `${sent} lines came`);
  assert.equal(text.split('\n').length - 1, sent);
});

test('where loops are not to be stopped, one is said once and goes on', async () => {
  const { attempt, sent, notices } = await looping(1_000, false);
  assert.deepEqual([attempt?.finish, attempt?.error, sent, notices.length], ['stop', undefined, 1_000, 1]);
  assert.match(notices[0] ?? '', /repeats itself/);
});

test('a few of the same are no loop', async () => {
  const { attempt, notices } = await looping(30, true);
  assert.deepEqual([attempt?.finish, notices], ['stop', []]);
});
