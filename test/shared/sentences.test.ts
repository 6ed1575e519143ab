/** The state of a lane in words and tone, at its hostile corners too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanePlan, Run } from '../../src/shared/comparison.ts';
import { type LaneTone, laneAnnouncement, laneStatus, laneTone, largerLimit } from '../../src/shared/sentences.ts';
import { DONE, error, live, PLAN, REASONED, thinking, vary, waiting } from './runs.ts';

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
  const plan = { ...PLAN, estimate: { inputTokens: 1200, ceilingNanoUsd: 200_000_000, largerCeilingNanoUsd: 391_210_001 } };
  const cut = (usage: Run['usage'], text = 'x', more: Partial<LanePlan> = {}) =>
    vary(DONE, { finish: 'length', text, usage, plan: { ...plan, ...more } });
  const offered = 'Run with 16,000 tokens (at most $0.3913)';
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

const estimated = (nanoUsd: number) => ({ nanoUsd, basis: 'estimated' }) as const;

test('an interrupted lane says what was kept and about what was billed', () => {
  const cut = vary(DONE, {
    finish: 'aborted',
    error: error('interrupted', 'x'),
    cost: { nanoUsd: 20_000_000, basis: 'estimated' },
  });
  const cases: [Run, string][] = [
    [cut, 'Kept what was shown, about $0.0200 billed.'],
    [vary(cut, { settled: estimated(20_000_001) }), 'Kept what was shown, about $0.0200 billed.'],
    [
      vary(cut, { holdId: 'h', settled: estimated(110_000_000) }),
      'Kept what was shown, about $0.0200 billed for what arrived; the limits count $0.1100, to be on the safe side.',
    ],
    [vary(cut, { holdId: 'h' }), 'Kept what was shown, about $0.0200 billed for what arrived; the limits may count more.'],
    [vary(cut, { settled: { nanoUsd: 30_000_000, basis: 'computed' } }), 'Kept what was shown, $0.0300 billed.'],
    [
      vary(cut, { cost: undefined, holdId: 'h' }),
      'Kept what was shown; what was billed is not known; the limits may count more.',
    ],
    [
      vary(cut, { cost: undefined, settled: estimated(110_000_000) }),
      'Kept what was shown; what was billed is not known; the limits count $0.1100, to be on the safe side.',
    ],
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
