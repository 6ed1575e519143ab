/** Facts in, figures out: what a person is told of a run, at its hostile corners too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, fold, type LaneEvent, type Run } from '../../src/shared/comparison.ts';
import { costSource, costStage } from '../../src/shared/costs.ts';
import { betterLane, detailSentence, METRICS, type MetricId, metric } from '../../src/shared/metrics.ts';
import type { Cost } from '../../src/shared/money.ts';
import { ratioLine } from '../../src/shared/ratio.ts';
import { laneStatus } from '../../src/shared/sentences.ts';
import { DONE, error, live, PLAN, REASONED, thinking, vary, waiting } from './runs.ts';

test('every metric has an id of its own, a label and one sentence', () => {
  assert.equal(new Set(METRICS.map(({ id }) => id)).size, METRICS.length);
  for (const { label, title } of METRICS) {
    assert.ok(label);
    assert.match(title, /^[A-Z].*\.$/);
  }
});

/** Reads a metric of a run, by default a minute after it started. */
function check(id: MetricId, run: Run, text: string, basis?: 'estimated' | 'atLeast', nowMs = 60_000): void {
  const reading = metric(id).read(run, nowMs);
  assert.equal(reading.text, text, id);
  assert.equal(reading.text, reading.note === undefined ? reading.figure : `${reading.figure}, ${reading.note}`, `${id} note`);
  assert.equal(reading.basis, basis, `${id} basis`);
  assert.equal(reading.value === undefined, text === '–', `${id}: a dash if and only if there is no value`);
}

test('a complete run', () => {
  check('first-answer', DONE, '0.41 s');
  check('thinking', DONE, '–');
  check('total', DONE, '9.8 s');
  check('speed', DONE, '92 tok/s');
  check('input-tokens', DONE, '1,204');
  check('output-tokens', DONE, '861');
  check('reasoning-tokens', DONE, '–');
  check('cost', DONE, '$0.0061');
  check('first-answer', REASONED, '38.9 s');
  check('thinking', REASONED, '38.0 s');
  check('total', REASONED, '62.6 s');
  check('speed', REASONED, '59 tok/s');
  check('reasoning-tokens', REASONED, '2,000');
});

test('a running lane', () => {
  check('first-answer', waiting, '–');
  check('total', waiting, '60.0 s', 'atLeast');
  check('input-tokens', waiting, '~1,200', 'estimated');
  check('output-tokens', waiting, '–');
  check('cost', waiting, '–');
  check('thinking', thinking, '22.3 s', 'atLeast', 23_200);
  check('speed', live({}), '~14 tok/s', 'estimated');
  check('output-tokens', live({}), '~861', 'estimated');
  check('input-tokens', live({}), '1,204');
  check('speed', live({}), '–', undefined, 600);
});

test('what is measured from the attempt that counts', () => {
  const third = vary(REASONED, {
    startedMs: 1000,
    attemptMs: 5000,
    attempts: 3,
    firstByteMs: 2000,
    firstReasoningMs: 5100,
    endedMs: 65_000,
  });
  check('total', third, '60.0 s');
  check('first-answer', third, '33.9 s');
  check('first-answer', vary(third, { firstTextMs: 4000, endedMs: undefined, status: 'waiting' }), '–');
  const retry = { untilMs: 9000, error: { kind: 'overloaded', message: 'Overloaded', retryable: true } } as const;
  check('total', live({ status: 'retrying', retry }), '–');
  check('total', vary(DONE, { retry, finish: 'aborted' }), '–');
});

test('unknown stays unknown, and is never zero', () => {
  check('speed', vary(DONE, { usage: undefined }), '–');
  check('speed', vary(DONE, { usage: { basis: 'reported' } }), '–');
  check('speed', vary(DONE, { firstTextMs: 9760 }), '–'); // all at once: the pace of the line
  check('speed', vary(DONE, { firstTextMs: 9800 }), '–');
  check('speed', vary(DONE, { firstTextMs: 9900 }), '–');
  check('speed', vary(REASONED, { usage: { outputTokens: 100, basis: 'reported' } }), '–');
  check('speed', vary(REASONED, { usage: { outputTokens: 100, reasoningTokens: 200, basis: 'reported' } }), '–');
  check('speed', vary(DONE, { usage: { outputTokens: Number.NaN, basis: 'reported' } }), '–');
  check('output-tokens', vary(DONE, { usage: { outputTokens: -1, basis: 'reported' } }), '–');
  check('input-tokens', vary(waiting, { plan: { ...PLAN, estimate: { inputTokens: 0 } } }), '–');
  check('reasoning-tokens', vary(DONE, { usage: { reasoningTokens: 0, basis: 'reported' } }), '0');
  check('total', vary(DONE, { endedMs: 0 }), '0.00 s');
  check('total', vary(DONE, { attemptMs: 500, endedMs: 100 }), '0.00 s');
  check('total', live({}), '0.00 s', 'atLeast', Number.NaN);
  check('cost', vary(DONE, { cost: undefined }), '–');
  check('cost', vary(DONE, { cost: { basis: 'unknown' } }), '–');
  check('cost', vary(DONE, { cost: { basis: 'computed' } }), '–');
  check('cost', vary(DONE, { cost: { basis: 'unknown', nanoUsd: 5 } }), '–');
});

test('thinking that was hidden, absent, or out of order', () => {
  const reported = (reasoningTokens?: number, basis: 'reported' | 'estimated' = 'reported') =>
    ({ inputTokens: 1, outputTokens: 900, ...(reasoningTokens === undefined ? {} : { reasoningTokens }), basis }) as const;
  const hidden = (firstByteMs: number | undefined, firstTextMs: number | undefined, reasoningTokens?: number) =>
    vary(DONE, { firstByteMs, firstTextMs, usage: reported(reasoningTokens), endedMs: 20_000 });
  const cases: [string, Run, string, 'estimated'?][] = [
    ['between first byte and answer', hidden(400, 5400, 500), '~5.0 s, hidden by the provider', 'estimated'],
    ['before a first byte that was held back', hidden(5395, 5400, 500), '~5.4 s, hidden by the provider', 'estimated'],
    ['too short for its tokens, whatever it is from', hidden(5, 8, 500), '–'],
    ['too short to be a sign', hidden(800, 804, 3), '–'],
    ['too long for its tokens', hidden(400, 19_000, 5), '–'],
    ['no first byte known', hidden(undefined, 5400, 500), '–'],
    ['none reported', hidden(400, 5400, 0), 'none'],
    ['nobody says', hidden(400, 5400), '–'],
    ['our own count proves nothing', vary(hidden(400, 5400), { usage: reported(500, 'estimated') }), '–'],
    ['our own count of none proves nothing', vary(DONE, { usage: reported(0, 'estimated') }), '–'],
    ['while it lasts, only our own count is there', live({ usage: reported(500, 'estimated'), firstTextMs: undefined }), '–'],
    [
      'all of the output limit',
      vary(hidden(400, undefined, 900), { text: '', finish: 'length' }),
      '~19.6 s, hidden by the provider',
      'estimated',
    ],
    ['shown, but after the answer had begun', vary(REASONED, { firstReasoningMs: 40_000 }), '–'],
    ['shown, and then cut', vary(REASONED, { text: '', firstTextMs: undefined, finish: 'length' }), '61.7 s'],
  ];
  for (const [what, run, text, basis] of cases) {
    assert.doesNotMatch(metric('thinking').read(run, 60_000).text, /~</, what);
    check('thinking', run, text, basis);
  }
});

test('tokens of thinking nobody saw say whose count they are', () => {
  const usage = { inputTokens: 1, outputTokens: 900, reasoningTokens: 500, basis: 'reported' } as const;
  check('reasoning-tokens', vary(DONE, { usage }), '500, hidden by the provider');
  check('reasoning-tokens', vary(DONE, { usage: { ...usage, basis: 'estimated' } }), '~500, our estimate', 'estimated');
  check('reasoning-tokens', live({ usage: { ...usage, basis: 'estimated' } }), '~500, our estimate', 'estimated');
  check('reasoning-tokens', vary(REASONED, { usage: { ...usage, basis: 'estimated' } }), '~500', 'estimated');
  check('speed', vary(DONE, { usage: { outputTokens: 90_000, basis: 'reported' } }), '–');
});

test('what came when, and what was lost before', () => {
  check('first-byte', DONE, '0.30 s');
  check('first-event', DONE, '–');
  check('first-event', vary(DONE, { firstEventMs: 320 }), '0.32 s');
  check('first-thinking', DONE, '–');
  check('first-thinking', REASONED, '0.90 s');
  check('waited', DONE, 'none');
  check('waited', vary(DONE, { startedMs: 0, attemptMs: 8 }), 'none');
  const third = vary(REASONED, { startedMs: 1000, attemptMs: 5000, attempts: 3, firstByteMs: 5800, firstEventMs: 5900 });
  check('waited', third, '4.0 s');
  const retry = { untilMs: 9000, error: { kind: 'overloaded', message: 'Overloaded', retryable: true } } as const;
  check('waited', live({ status: 'retrying', retry }), '60.0 s', 'atLeast');
  check('waited', vary(DONE, { retry, finish: 'aborted' }), '9.8 s');
  assert.equal(detailSentence(waiting, 5000), '');
  assert.equal(detailSentence(DONE, 0), 'First byte 0.30 s.');
  assert.equal(
    detailSentence(vary(third, { firstReasoningMs: 6000, resumes: 2 }), 0),
    'First byte 0.80 s, first event 0.90 s, first thinking 1.0 s, retries 4.0 s, picked up again 2 times.',
  );
});

test('an answer from a cache says so with every time, and wins nothing', () => {
  const cached = vary(DONE, { fromCache: true });
  check('first-answer', cached, '0.41 s, from a cache');
  check('total', cached, '9.8 s, from a cache');
  check('speed', cached, '92 tok/s, from a cache');
  check('thinking', cached, '–');
  check('output-tokens', cached, '861');
  for (const each of METRICS) {
    assert.equal(betterLane(each, { fast: cached, reasoning: REASONED }, 0), undefined, each.id);
    assert.equal(betterLane(each, { fast: REASONED, reasoning: cached }, 0), undefined, each.id);
  }
  assert.equal(ratioLine(cached, REASONED, 0), 'No ratio: fast came from a cache.');
  assert.equal(ratioLine(cached, cached, 0), 'No ratio: both answers came from a cache.');
  assert.equal(ratioLine(DONE, live({ fromCache: true }), 0), 'No ratio: reasoning came from a cache.');
});

test('tokens read from a prompt cache are noted', () => {
  const usage = { inputTokens: 1204, outputTokens: 861, basis: 'reported' } as const;
  check('input-tokens', vary(DONE, { usage: { ...usage, cacheReadTokens: 1200 } }), '1,204, 1,200 cached');
  check('input-tokens', vary(DONE, { usage: { ...usage, cacheReadTokens: 0 } }), '1,204');
});

test('cost and where it comes from', () => {
  const cases: [Cost, string, string | undefined, RegExp][] = [
    [{ nanoUsd: 45_200_000, basis: 'estimated' }, '~$0.0452', undefined, /on the safe side, with a margin over the tokens shown/],
    [
      { nanoUsd: 6_100_000, basis: 'computed', priceSource: 'illustrative' },
      '$0.0061, illustrative',
      'illustrative',
      /nothing was billed/,
    ],
    [
      { nanoUsd: 6_100_000, basis: 'estimated', priceSource: 'illustrative' },
      '~$0.0061, illustrative',
      'illustrative',
      /illustrative/,
    ],
    [{ nanoUsd: 0, basis: 'local' }, 'free, local', 'local', /this machine/],
    [{ nanoUsd: 0, basis: 'billed' }, '$0', undefined, /billed by the provider/],
    [{ nanoUsd: 12_340_000_000, basis: 'billed' }, '$12.34', undefined, /billed/],
    [{ nanoUsd: 10, basis: 'computed' }, '<$0.0001', undefined, /Reported tokens/],
    [{ basis: 'unknown' }, '–', undefined, /unknown/],
  ];
  for (const [cost, text, note, source] of cases) {
    const reading = metric('cost').read(vary(DONE, { cost }), 0);
    assert.equal(reading.text, text);
    assert.equal(reading.note, note);
    assert.match(costSource(cost, costStage(DONE)), source);
  }
  assert.match(
    costSource({ nanoUsd: 6_100_000, basis: 'estimated' }, costStage(vary(DONE, { status: 'answering' }))),
    /our own count of tokens so far/i,
  );
  // Of a run that was killed it is the last estimate, without a margin.
  const killed = vary(DONE, { error: { kind: 'interrupted', message: '', retryable: true } });
  assert.match(
    costSource({ nanoUsd: 6_100_000, basis: 'estimated' }, costStage(killed)),
    /^An estimate from our own count of tokens, by/,
  );
  assert.match(costSource(DONE.cost, 'settled'), /genai-prices 0\.1\.8 as of 2026-11-01/);
});

test('who is better, only when it is certain', () => {
  const better = (id: MetricId, fast: Run, reasoning: Run, nowMs = 23_200) => betterLane(metric(id), { fast, reasoning }, nowMs);
  assert.equal(better('total', DONE, REASONED), 'fast');
  assert.equal(better('total', REASONED, DONE), 'reasoning');
  assert.equal(better('total', DONE, thinking), 'fast', 'the other has passed it already');
  assert.equal(better('total', DONE, thinking, 5000), undefined, 'the other may still be faster');
  assert.equal(better('total', DONE, vary(DONE, { endedMs: 9810 })), undefined, 'a tie as shown');
  assert.equal(better('first-answer', DONE, thinking), 'fast');
  assert.equal(better('first-answer', DONE, thinking, 300), undefined);
  assert.equal(better('speed', DONE, REASONED), 'fast');
  assert.equal(better('speed', DONE, live({}, REASONED)), undefined, 'a running speed may rise');
  assert.equal(better('cost', DONE, REASONED), 'fast');
  assert.equal(better('cost', DONE, vary(REASONED, { cost: { basis: 'unknown' } })), undefined);
  assert.equal(
    better('cost', vary(DONE, { cost: { nanoUsd: 1, basis: 'computed', priceSource: 'illustrative' } }), REASONED),
    undefined,
  );
  assert.equal(better('cost', vary(DONE, { cost: { nanoUsd: 0, basis: 'local' } }), REASONED), 'fast');
  assert.equal(better('total', vary(DONE, { finish: 'aborted' }), REASONED), undefined, 'a stopped run wins nothing');
  assert.equal(better('total', DONE, vary(REASONED, { finish: 'error' })), undefined, 'and nobody wins against it');
  assert.equal(better('thinking', DONE, REASONED), undefined, 'neither direction is better');
  assert.equal(betterLane(metric('total'), { fast: DONE }, 0), undefined);
});

test('the figures of a folded log', () => {
  const lane = (seq: number, atMs: number, event: Parameters<typeof laneEvent>[2]) => laneEvent(seq, atMs, event);
  const state = fold([
    { seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'x', startedAt: '', task: EMPTY.task },
    lane(1, 10, { type: 'start', plan: PLAN }),
    lane(2, 20, { type: 'attempt', number: 1 }),
    lane(3, 120, { type: 'retry', waitMs: 900, error: error('network', 'It broke') }),
    lane(4, 1020, { type: 'attempt', number: 2 }),
    lane(5, 1520, { type: 'text', text: 'const answer = 42; // as everywhere\n' }),
    lane(6, 3020, { type: 'usage', usage: { outputTokens: 30, basis: 'reported' } }),
    lane(7, 3020, { type: 'end', reason: 'stop' }),
  ]);
  const run = state.runs.fast;
  assert.ok(run);
  assert.equal(metric('first-answer').read(run, 0).text, '0.50 s');
  assert.equal(metric('total').read(run, 0).text, '2.0 s');
  assert.equal(metric('speed').read(run, 0).text, '20 tok/s');
  assert.equal(laneStatus(run, 0), 'Done. 1 line, complete. Attempt 2, after 1.0 s of retries.');
});

function laneEvent(seq: number, atMs: number, event: LaneEvent) {
  return { seq, atMs, type: 'lane', lane: 'fast', event } as const;
}
