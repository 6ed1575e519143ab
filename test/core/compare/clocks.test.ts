/** When a lane's clock starts and stops: at the sending and at the arrival, whatever we do before and after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Comparison } from '../../../src/core/compare/comparison.ts';
import { quoteLane } from '../../../src/core/compare/quote.ts';
import type { Provider, StreamOptions } from '../../../src/core/contracts.ts';
import { createProvider } from '../../../src/core/providers/index.ts';
import type { Run } from '../../../src/shared/comparison.ts';
import type { ModelRequest, StreamEvent } from '../../../src/shared/model.ts';
import { deps, endpoint, fakeLedger, price, TASK } from './fakes.ts';

/** What takes how long: building a request, then the model, then writing the books. */
const BUILD_MS = 30;
const MODEL_MS = 700;
const BOOKS_MS = 40;

type Script = (wait: (ms: number) => void, options: StreamOptions) => Iterable<StreamEvent>;

/** Runs a fast lane whose provider moves a clock that nothing else moves. */
async function timesOf(...attempts: Script[]): Promise<Run> {
  let nowMs = 1000;
  const wait = (ms: number): void => {
    nowMs += ms;
  };
  const { ledger } = fakeLedger();
  const settle = (): boolean => {
    wait(BOOKS_MS);
    return true;
  };
  const provider: Provider = {
    prepare: async () => undefined,
    async *stream(_request: ModelRequest, options: StreamOptions) {
      yield* attempts.shift()?.(wait, options) ?? [];
    },
    listModels: async () => [],
  };
  const harness = deps({ fast: provider }, { ...ledger, settle });
  const clock = { nowMs: () => nowMs, date: () => new Date(0) };
  const sleep = async (ms: number): Promise<void> => wait(ms);
  const comparison = new Comparison({ ...harness.deps, clock, sleep }, { id: 'x', task: TASK });
  const setup = { lane: 'fast', ref: { endpoint: 'fake', model: 'fast' }, endpoint, maxOutputTokens: 100 } as const;
  assert.equal(comparison.start([await quoteLane(TASK, setup, { priceFor: async () => price }, new Date(0))], {}), undefined);
  await comparison.settled();
  assert.ok(comparison.state.runs.fast);
  return comparison.state.runs.fast;
}

const answered: Script = function* (wait, { onSent }) {
  wait(BUILD_MS);
  onSent?.();
  wait(MODEL_MS);
  yield { type: 'text-delta', text: 'a' };
  yield { type: 'usage', usage: { inputTokens: 1, outputTokens: 1, basis: 'reported' } };
  yield { type: 'finish', reason: 'stop' };
};
const overloaded: Script = function* (wait, { onSent }) {
  onSent?.();
  wait(MODEL_MS);
  yield { type: 'finish', reason: 'error', error: { kind: 'overloaded', message: 'Busy.', retryable: true, retryAfterMs: 5000 } };
};

test('building the request and writing the books is not the model’s time', async () => {
  const run = await timesOf(answered);
  assert.deepEqual([run.startedMs, run.attemptMs, run.firstTextMs, run.endedMs], [0, 30, 730, 730]);
});

test('an attempt that failed, its books and the wait after it are not the model’s time', async () => {
  const run = await timesOf(overloaded, answered);
  assert.equal(run.attempts, 2);
  assert.equal(run.attemptMs - run.startedMs, MODEL_MS + BOOKS_MS + 5000 + BUILD_MS);
  assert.equal(Number(run.endedMs) - run.attemptMs, MODEL_MS);
});

test('the wait for figures after the end is not the model’s time', async () => {
  const run = await timesOf(function* (wait, { onSent }) {
    onSent?.();
    wait(MODEL_MS);
    yield { type: 'text-delta', text: 'a' };
    wait(5000);
    yield { type: 'finish', reason: 'stop', settlingMs: 5000 };
  });
  assert.deepEqual([run.firstTextMs, run.endedMs], [MODEL_MS, MODEL_MS]);
});

test('where nobody says when it was sent, the attempt’s own start counts', async () => {
  const run = await timesOf((wait, options) => answered(wait, { signal: options.signal, limits: options.limits }));
  assert.deepEqual([run.attemptMs, run.endedMs], [0, 730]);
});

test('a provider says when the built request goes to the network, and says nothing of one that never goes', async () => {
  const seen: string[] = [];
  const ask = async (baseUrl: string): Promise<void> => {
    const fetch = async (): Promise<Response> => {
      seen.push('fetch');
      throw new TypeError('fetch failed');
    };
    const provider = createProvider({ ...endpoint, baseUrl }, { fetch });
    const request: ModelRequest = { model: 'm', system: '', parts: [{ type: 'text', text: 'x' }], maxOutputTokens: 10 };
    const limits = { firstByteMs: 1000, idleMs: 1000, progressMs: 1000 };
    const options = { signal: new AbortController().signal, limits, onSent: () => void seen.push('sent') };
    for await (const event of provider.stream(request, options)) seen.push(event.type);
  };
  await ask('https://fake.test/v1');
  assert.deepEqual(seen.splice(0), ['sent', 'fetch', 'finish']);
  await ask('http://fake.test/v1');
  assert.deepEqual(seen, ['finish']);
});
