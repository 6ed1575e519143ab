/** Facts in, figures and sentences out: what a person is told of a run, at its hostile corners too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, fold, type LanePlan, type Run } from '../../src/shared/comparison.ts';
import { countLines, formatCount, formatDuration, formatElapsed } from '../../src/shared/figures.ts';
import {
  betterLane,
  comparisonCost,
  costSource,
  detailSentence,
  type LaneTone,
  laneAnnouncement,
  laneStatus,
  laneTone,
  largerLimit,
  METRICS,
  type MetricId,
  metric,
  ratioLine,
} from '../../src/shared/metrics.ts';
import type { Cost } from '../../src/shared/money.ts';

const PLAN: LanePlan = {
  lane: 'fast',
  model: 'mine:m',
  endpointLabel: 'Mine',
  scripted: false,
  maxOutputTokens: 8000,
  system: '',
  prompt: '',
  estimate: { inputTokens: 1200 },
};

/** A complete run of 9.8 s: first text at 410 ms after its attempt began. */
const DONE: Run = {
  plan: PLAN,
  status: 'ended',
  attempts: 1,
  text: `${'const answer = 42; '.repeat(150)}\nb\n`,
  reasoning: '',
  startedMs: 0,
  attemptMs: 0,
  firstByteMs: 300,
  firstTextMs: 410,
  endedMs: 9800,
  usage: { inputTokens: 1204, outputTokens: 861, basis: 'reported' },
  cost: { nanoUsd: 6_100_000, basis: 'computed', priceSource: 'genai-prices 0.1.8', priceAsOf: '2026-11-01' },
  notices: [],
  finish: 'stop',
};

const REASONED: Run = {
  ...DONE,
  plan: { ...PLAN, lane: 'reasoning' },
  reasoning: 'hm',
  firstByteMs: 800,
  firstReasoningMs: 900,
  lastReasoningMs: 38_000,
  firstTextMs: 38_900,
  endedMs: 62_600,
  usage: { inputTokens: 1198, outputTokens: 3402, reasoningTokens: 2000, basis: 'reported' },
  cost: { nanoUsd: 85_400_000, basis: 'computed' },
};

/** A copy with some fields changed, and those given as undefined removed. */
function vary(run: Run, change: { [K in keyof Run]?: Run[K] | undefined }): Run {
  const copy: Record<string, unknown> = { ...run, ...change };
  for (const key of Object.keys(copy)) if (copy[key] === undefined) delete copy[key];
  return copy as unknown as Run; // only optional fields are removed
}

const live = (change: { [K in keyof Run]?: Run[K] | undefined }, base: Run = DONE): Run =>
  vary(base, { endedMs: undefined, finish: undefined, status: 'answering', ...change });
const waiting = live({
  status: 'waiting',
  text: '',
  firstByteMs: undefined,
  firstTextMs: undefined,
  usage: undefined,
  cost: undefined,
});
const thinking = live({ status: 'thinking', text: '', firstTextMs: undefined, usage: undefined, cost: undefined }, REASONED);

test('durations', () => {
  const cases: [number | undefined, string][] = [
    [undefined, '–'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
    [-1, '–'],
    [0, '0.00 s'],
    [1, '<0.01 s'],
    [410, '0.41 s'],
    [994, '0.99 s'],
    [996, '1.0 s'],
    [9800, '9.8 s'],
    [62_600, '62.6 s'],
    [119_940, '119.9 s'],
    [119_960, '2 min 00 s'],
    [725_000, '12 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [3_720_000, '1 h 02 min'],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text, String(ms));
});

test('clocks round down, counts are grouped', () => {
  assert.equal(formatElapsed(2999), '2 s');
  assert.equal(formatElapsed(-5), '0 s');
  assert.equal(formatElapsed(65_900), '1 min 05 s');
  assert.equal(formatCount(1_234_567), '1,234,567');
  assert.equal(formatCount(999), '999');
  assert.equal(formatCount(undefined), '–');
  assert.equal(formatCount(Number.NaN), '–');
  for (const [text, lines] of [
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\n\nb', 3],
    ['\n', 1],
  ] as const)
    assert.equal(countLines(text), lines, JSON.stringify(text));
});

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
    [{ nanoUsd: 45_200_000, basis: 'estimated' }, '~$0.0452', undefined, /our own count/i],
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
    assert.match(costSource(cost), source);
  }
  assert.match(costSource(DONE.cost), /genai-prices 0\.1\.8 as of 2026-11-01/);
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

const error = (kind: 'budget' | 'interrupted' | 'network' | 'auth' | 'unknown', message: string) =>
  ({ kind, message, retryable: false }) as const;

test('the state of a lane in words', () => {
  const cases: [Run, string, string?][] = [
    [waiting, 'Waiting for the first byte, 3 s'],
    [vary(waiting, { attempts: 2 }), 'Attempt 2: waiting for the first byte, 3 s'],
    [vary(waiting, { firstByteMs: 100 }), 'Connected, waiting for the first token, 3 s'],
    [vary(waiting, { attemptMs: 9000 }), 'Waiting for the first byte, 0 s'],
    [vary(thinking, { firstReasoningMs: 900 }), 'Thinking for 2 s'],
    [live({ text: 'x\n'.repeat(41) }), 'Answering, 41 lines'],
    [live({ text: 'x' }), 'Answering, 1 line'],
    [
      live({ status: 'retrying', retry: { untilMs: 5100, error: error('network', 'The connection broke') } }),
      'The connection broke. Trying again in 3 s',
    ],
    [live({ status: 'retrying', retry: { untilMs: 10, error: error('network', 'It broke.') } }), 'It broke. Trying again'],
    [DONE, 'Done. 2 lines, complete.'],
    [vary(DONE, { text: '' }), 'Done, but the answer is empty.'],
    [vary(DONE, { attempts: 2, attemptMs: 4200 }), 'Done. 2 lines, complete. Attempt 2, after 4.2 s of retries.'],
    [vary(DONE, { finish: 'aborted' }), 'Stopped by you; text kept.'],
    [vary(DONE, { finish: 'aborted', text: '' }), 'Stopped by you; no answer.'],
    [vary(REASONED, { finish: 'aborted', text: '' }), 'Stopped by you; thinking kept, no answer.'],
    [vary(DONE, { finish: 'content-filter', text: '' }), 'Refused by the provider’s content filter: there is no answer.'],
    [
      vary(DONE, { finish: 'aborted', error: error('budget', 'Stopped at its budget. The text so far is kept.') }),
      'Stopped at its budget. The text so far is kept.',
    ],
    [
      vary(DONE, { finish: 'error', error: error('network', 'The connection broke') }),
      'The connection broke. The text so far is kept; it is not complete.',
    ],
    [vary(DONE, { finish: 'error', text: '', error: error('auth', 'The key was refused.') }), 'The key was refused.'],
    [vary(DONE, { finish: 'error', text: '', error: error('unknown', ' ') }), 'It failed, and no reason was given.'],
    [vary(DONE, { finish: undefined, text: '' }), 'It failed, and no reason was given.'],
  ];
  for (const [run, text] of cases) assert.equal(laneStatus(run, 3000), text);
  assert.equal(laneStatus(DONE, 0, { files: [{ complete: true }, { complete: true }] }), 'Done. 2 files, complete.');
  assert.equal(laneStatus(DONE, 0, { files: [{ complete: false }] }), 'Done. 1 file, 1 of them not closed.');
  assert.equal(laneStatus(live({}), 0, { lines: 7 }), 'Answering, 7 lines');
});

test('a cut lane says what cut it and what thinking took, and offers twice the limit where that helps', () => {
  const plan = { ...PLAN, estimate: { inputTokens: 1200, ceilingNanoUsd: 200_000_000 } };
  const cut = (usage: Run['usage'], text = 'x', more: Partial<LanePlan> = {}) =>
    vary(DONE, { finish: 'length', text, usage, plan: { ...plan, ...more } });
  const offered = 'Run with 16,000 tokens (at most $0.4000)';
  const cases: [Run, string, string?][] = [
    [cut(undefined), 'Cut at the output limit of 8,000 tokens: the answer is not complete.', offered],
    [cut(undefined, ''), 'Cut at the output limit of 8,000 tokens while thinking: there is no answer.', offered],
    [
      cut({ outputTokens: 8000, reasoningTokens: 6100, basis: 'reported' }),
      'Cut at the output limit of 8,000 tokens, 6,100 of them for thinking: the answer is not complete.',
      offered,
    ],
    [
      cut({ outputTokens: 8000, reasoningTokens: 7990, basis: 'reported' }, ''),
      'Cut at the output limit: all 8,000 tokens went into thinking, there is no answer.',
      offered,
    ],
    // Our own count of thinking is no figure to tell.
    [
      cut({ outputTokens: 3000, reasoningTokens: 2000, basis: 'estimated' }),
      'Cut at the output limit of 8,000 tokens: the answer is not complete.',
      offered,
    ],
    // Anthropic ends so when the context window is full.
    [
      cut({ outputTokens: 861, basis: 'reported' }),
      'Cut by the provider after 861 tokens, before the output limit of 8,000: the answer is not complete.',
    ],
    [
      cut(undefined, 'x', { estimate: { inputTokens: 1 } }),
      'Cut at the output limit of 8,000 tokens: the answer is not complete.',
      'Run with 16,000 tokens',
    ],
  ];
  for (const [run, words, label] of cases) {
    assert.equal(laneStatus(run, 0), words);
    assert.equal(largerLimit(run)?.label, label);
    assert.equal(largerLimit(run)?.maxOutputTokens, label && 16_000);
  }
  assert.equal(largerLimit(DONE), undefined);
  assert.equal(largerLimit(vary(DONE, { finish: 'error' })), undefined);
});

test('a running lane that says nothing for 30 s says so, and warns at half of its patience', () => {
  const patience = { firstByteMs: 600_000, idleMs: 300_000, progressMs: 900_000 };
  const plan: LanePlan = { ...PLAN, lane: 'reasoning', patience };
  const at = (facts: Partial<Run>) => ({
    ...live({ status: 'waiting', text: '', firstTextMs: undefined, firstByteMs: undefined, ...facts }),
    plan,
  });
  const silent = at({});
  const idle = at({
    firstByteMs: 1000,
    lastSignMs: 5000,
    lastDeltaMs: 5000,
    status: 'thinking',
    reasoning: 'hm',
    firstReasoningMs: 4000,
  });
  const pinged = at({ firstByteMs: 1000, lastSignMs: 500_000 });
  const cases: [Run, number, string, LaneTone][] = [
    [silent, 29_999, 'Waiting for the first byte, 29 s', 'waiting'],
    [silent, 45_000, 'Nothing received for 45 s; the model may be thinking. Given up after 10 min.', 'waiting'],
    [silent, 300_000, 'Nothing received for 5 min 00 s; the model may be thinking. Given up after 10 min.', 'warning'],
    [idle, 34_000, 'Thinking for 30 s', 'thinking'],
    [idle, 50_000, 'Nothing received for 45 s; the model may be thinking. Given up after 5 min.', 'thinking'],
    [idle, 156_000, 'Nothing received for 2 min 31 s; the model may be thinking. Given up after 5 min.', 'warning'],
    [
      at({ firstByteMs: 1000, lastSignMs: 118_000 }),
      121_000,
      'Connection alive 3 s ago, no text for 2 min 00 s. Given up after 15 min.',
      'waiting',
    ],
    [pinged, 503_000, 'Connection alive 3 s ago, no text for 8 min 22 s. Given up after 15 min.', 'warning'],
    [{ ...silent, plan: { ...PLAN, lane: 'fast' } }, 45_000, 'Nothing received for 45 s; the provider may be busy.', 'waiting'],
    [
      vary(idle, { attemptMs: 50_000, firstByteMs: 51_000, lastSignMs: 52_000, reasoning: '', lastDeltaMs: undefined }),
      70_000,
      'Thinking for 20 s',
      'thinking',
    ],
  ];
  for (const [run, nowMs, words, tone] of cases) {
    assert.equal(laneStatus(run, nowMs), words);
    assert.equal(laneTone(run, nowMs), tone, words);
  }
  const retrying = at({ status: 'retrying', retry: { untilMs: 100_000, error: error('network', 'It broke.') } });
  assert.equal(laneStatus(retrying, 60_000), 'It broke. Trying again in 40 s');
  assert.equal(laneStatus(vary(DONE, {}), 1e9), 'Done. 2 lines, complete.');
});

test('an interrupted lane says what was kept and about what was billed', () => {
  const cut = vary(DONE, {
    finish: 'aborted',
    error: error('interrupted', 'x'),
    cost: { nanoUsd: 20_000_000, basis: 'estimated' },
  });
  const cases: [Run, string][] = [
    [cut, 'Kept what was shown, about $0.0200 billed.'],
    [vary(cut, { cost: { basis: 'unknown' } }), 'Kept what was shown; what was billed is not known.'],
    [vary(cut, { cost: undefined, text: '' }), 'Nothing had been shown; what was billed is not known.'],
    [vary(cut, { cost: { nanoUsd: 0, basis: 'local' } }), 'Kept what was shown; a local model is free.'],
    [vary(cut, { plan: { ...PLAN, scripted: true } }), 'Kept what was shown; nothing is billed for a scripted sample.'],
  ];
  for (const [run, text] of cases) assert.equal(laneStatus(run, 0), `Interrupted: the window closed. ${text}`);
});

test('the tone of a lane', () => {
  const cases: [Run, string][] = [
    [waiting, 'waiting'],
    [thinking, 'thinking'],
    [live({}), 'answering'],
    [live({ status: 'retrying' }), 'warning'],
    [DONE, 'done'],
    [vary(DONE, { text: '' }), 'warning'],
    [vary(DONE, { finish: 'length' }), 'warning'],
    [vary(DONE, { finish: 'aborted' }), 'stopped'],
    [vary(DONE, { finish: 'aborted', error: error('interrupted', 'x') }), 'warning'],
    [vary(DONE, { finish: 'error' }), 'error'],
  ];
  for (const [run, tone] of cases) assert.equal(laneTone(run), tone);
});

test('the ratio line', () => {
  const free: Cost = { nanoUsd: 0, basis: 'local' };
  const shown: Cost = { nanoUsd: 1_000_000, basis: 'computed', priceSource: 'illustrative' };
  const soFar = vary(thinking, { cost: { nanoUsd: 45_200_000, basis: 'estimated' } });
  const cases: [Run | undefined, Run | undefined, string][] = [
    [undefined, undefined, ''],
    [DONE, undefined, 'Only the fast lane has run.'],
    [undefined, REASONED, 'Only the reasoning lane has run.'],
    [DONE, REASONED, 'Reasoning: 6.4x slower, 14x dearer.'],
    [REASONED, DONE, 'Reasoning: 6.4x faster, 14x cheaper.'],
    [DONE, DONE, 'Reasoning: as fast, at the same price.'],
    [DONE, vary(REASONED, { cost: { nanoUsd: 85_400_000, basis: 'estimated' } }), 'Reasoning: 6.4x slower, ~14x dearer.'],
    [DONE, vary(REASONED, { cost: { basis: 'unknown' } }), 'Reasoning: 6.4x slower, price unknown.'],
    [vary(DONE, { cost: undefined }), REASONED, 'Reasoning: 6.4x slower, price unknown.'],
    [vary(DONE, { cost: free }), REASONED, 'Reasoning: 6.4x slower, $0.0854 where fast is free.'],
    [DONE, vary(REASONED, { cost: free }), 'Reasoning: 6.4x slower, free where fast costs $0.0061.'],
    [vary(DONE, { cost: free }), vary(REASONED, { cost: free }), 'Reasoning: 6.4x slower, both free.'],
    [vary(DONE, { cost: shown }), REASONED, 'Reasoning: 6.4x slower, prices not comparable.'],
    [
      vary(DONE, { cost: shown }),
      vary(REASONED, { cost: { ...shown, nanoUsd: 14_000_000 } }),
      'Reasoning: 6.4x slower, 14x dearer (illustrative prices).',
    ],
    [vary(DONE, { endedMs: 0 }), REASONED, 'Reasoning: times not comparable, 14x dearer.'],
    [vary(DONE, { cost: { nanoUsd: 1, basis: 'computed' } }), REASONED, 'Reasoning: 6.4x slower, 85,400,000x dearer.'],
    [DONE, soFar, 'Reasoning so far: at least 2.4x slower, ~7.4x dearer, still thinking.'],
    [DONE, thinking, 'Reasoning so far: at least 2.4x slower, still thinking.'],
    [vary(DONE, { endedMs: 40_000 }), thinking, 'Reasoning so far: 23 s of the 40.0 s that fast took, still thinking.'],
    [live({}), REASONED, 'Fast so far: 23 s of the 62.6 s that reasoning took, still answering.'],
    [live({}), soFar, 'Fast is answering; reasoning is thinking.'],
    [waiting, waiting, 'Both are waiting.'],
    [DONE, vary(REASONED, { finish: 'aborted' }), 'No ratio: reasoning was stopped.'],
    [vary(DONE, { finish: 'length' }), REASONED, 'No ratio: fast was cut at its output limit.'],
    [DONE, vary(REASONED, { finish: 'aborted', error: error('budget', 'x') }), 'No ratio: reasoning was stopped by the budget.'],
    [DONE, vary(REASONED, { finish: 'aborted', error: error('interrupted', 'x') }), 'No ratio: reasoning was interrupted.'],
    [vary(DONE, { finish: 'error' }), soFar, 'No ratio: fast failed.'],
    [vary(DONE, { finish: 'error' }), vary(REASONED, { finish: 'error' }), 'No ratio: neither answer is complete.'],
  ];
  for (const [fast, reasoning, text] of cases) assert.equal(ratioLine(fast, reasoning, 23_200), text);
});

test('announcements: one at each stage, none between', () => {
  assert.equal(laneAnnouncement('fast', undefined, waiting), 'Fast: started.');
  assert.equal(laneAnnouncement('fast', waiting, waiting), undefined);
  assert.equal(laneAnnouncement('fast', waiting, live({})), 'Fast: first answer after 0.41 s.');
  assert.equal(laneAnnouncement('fast', live({}), live({ text: 'more' })), undefined);
  assert.equal(laneAnnouncement('fast', live({}), DONE), 'Fast: Done. 2 lines, complete.');
  assert.equal(laneAnnouncement('fast', DONE, DONE), undefined);
  assert.equal(laneAnnouncement('fast', DONE, vary(waiting, { startedMs: 20_000 })), 'Fast: started.');
  assert.equal(laneAnnouncement('fast', DONE, undefined), undefined);
});

test('the cost of a comparison', () => {
  const sum = (...runs: Run[]) => comparisonCost({ ...EMPTY, runs: runs[0] ? { fast: runs[0] } : {}, earlier: runs.slice(1) });
  assert.deepEqual(sum(), { isEstimate: false, unknownRuns: 0 });
  assert.deepEqual(sum(DONE, REASONED), { nanoUsd: 91_500_000, isEstimate: false, unknownRuns: 0 });
  assert.deepEqual(sum(vary(DONE, { cost: { nanoUsd: 5, basis: 'estimated' } })), {
    nanoUsd: 5,
    isEstimate: true,
    unknownRuns: 0,
  });
  assert.deepEqual(sum(DONE, vary(DONE, { cost: undefined })), { nanoUsd: 6_100_000, isEstimate: false, unknownRuns: 1 });
  assert.deepEqual(sum(vary(DONE, { cost: { basis: 'unknown' } })), { isEstimate: false, unknownRuns: 1 });
  assert.deepEqual(sum(waiting), { isEstimate: false, unknownRuns: 0 });
  const shown = vary(DONE, { cost: { nanoUsd: 7, basis: 'computed', priceSource: 'illustrative' } });
  assert.deepEqual(sum(shown), { illustrativeNanoUsd: 7, isEstimate: false, unknownRuns: 0 });
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

function laneEvent(seq: number, atMs: number, event: import('../../src/shared/comparison.ts').LaneEvent) {
  return { seq, atMs, type: 'lane', lane: 'fast', event } as const;
}
