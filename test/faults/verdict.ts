/** What must hold for every fault, whichever it is: its own end and charge, closed sockets, settled books, and the other lane untouched. */
import assert from 'node:assert/strict';
import { EXPORT_FORMATS, exported } from '../../src/core/report/share.ts';
import type { LaneId, Run } from '../../src/shared/comparison.ts';
import type { Api } from '../../src/shared/model.ts';
import { laneStatus } from '../../src/shared/sentences.ts';
import { type Charge, type Expected, type Fault, USAGE } from './faults.ts';
import { KEY, type Outcome } from './lab.ts';

/** A line is closed this soon after its lane's end. */
const CLOSED_WITHIN_MS = 250;

/** Throws an assertion that says what is wrong. `undisturbed`: the other lane as it is without any fault. */
export function judge(fault: Fault, lane: LaneId, api: Api, outcome: Outcome, undisturbed: Run): void {
  const { faulty, healthy } = outcome;
  const expected = fault.expected({ api, lane });
  assert.equal(faulty.finish, expected.finish, JSON.stringify(faulty.error));
  assert.equal(faulty.error?.kind, expected.error, faulty.error?.message);
  assert.equal(faulty.text, expected.text);
  assert.equal(faulty.reasoning, expected.reasoning ?? '');
  assert.equal(faulty.attempts, expected.charges.length, 'attempts');
  if (fault.at !== 'tls' && fault.at !== 'nothing') assert.equal(outcome.calls, expected.charges.length, 'requests');
  if (expected.says) assert.match(laneStatus(faulty, faulty.endedMs ?? 0), expected.says);
  if (expected.servedModel) assert.equal(faulty.servedModel, expected.servedModel);
  const least = expected.seconds ?? 0;
  assert.ok(outcome.seconds >= least && outcome.seconds <= least + 1, `${outcome.seconds} s instead of ${least} s`);
  const waitedMs = outcome.closedAfterMs - (expected.settlingMs ?? 0);
  assert.ok(waitedMs <= CLOSED_WITHIN_MS, `the line was closed ${outcome.closedAfterMs} ms after the end`);
  judgeMoney(expected, outcome);
  assert.deepEqual(told(healthy), told(undisturbed), 'the other lane');
  assert.ok(!JSON.stringify(outcome.events).includes(KEY), 'the key is in the log');
  for (const format of EXPORT_FORMATS) {
    const text = exported(format, outcome.events, { secrets: [] }, { version: '', exportedAt: '2026-11-22T00:00:00Z' });
    assert.ok(text.length > 500 && !text.includes(KEY), `the key is in the ${format}`);
  }
}

function judgeMoney(expected: Expected, { faulty, settled, price, ceilingNanoUsd = 0, heldNanoUsd }: Outcome): void {
  assert.equal(heldNanoUsd, 0, 'a hold is open');
  if (expected.charges.includes('unknown')) {
    assert.deepEqual(faulty.cost, { basis: 'unknown' });
    assert.ok(settled.every(({ cost }) => cost.basis === 'unknown'));
    return;
  }
  assert.ok(price);
  assert.equal(settled.length, expected.charges.length, 'settlements');
  const input = price.costOf({ inputTokens: faulty.plan.estimate.inputTokens, outputTokens: 0 }) ?? 0;
  for (const [i, { cost }] of settled.entries()) {
    const nanoUsd = cost.nanoUsd ?? Number.NaN;
    const charge: Charge = expected.charges[i] ?? 'nothing';
    switch (charge) {
      case 'nothing':
        assert.deepEqual([nanoUsd, cost.basis], [0, 'computed']);
        break;
      case 'usage': {
        const { input: inputTokens, output: outputTokens, cacheRead, cacheWrite } = expected.usage ?? USAGE;
        const exact = price.costOf({
          inputTokens,
          outputTokens,
          cacheReadTokens: cacheRead ?? 0,
          cacheWriteTokens: cacheWrite ?? 0,
        });
        assert.deepEqual([nanoUsd, cost.basis], [exact, 'computed']);
        break;
      }
      case 'hold':
        assert.deepEqual([nanoUsd, cost.basis], [ceilingNanoUsd, 'estimated']);
        break;
      case 'meter':
        assert.equal(cost.basis, 'estimated');
        assert.ok(nanoUsd >= input && nanoUsd <= ceilingNanoUsd, `${input} <= ${nanoUsd} <= ${ceilingNanoUsd}`);
        break;
      case 'unknown':
        assert.fail('a charge with a price');
    }
  }
  const sum = settled.reduce((total, { cost }) => total + (cost.nanoUsd ?? 0), 0);
  assert.equal(faulty.cost?.nanoUsd, sum, 'what is shown is what is in the books');
  assert.equal(faulty.cost?.basis, settled.some(({ cost }) => cost.basis === 'estimated') ? 'estimated' : 'computed');
}

/** All that a lane tells, but for its times. */
const told = ({ text, reasoning, finish, error, attempts, usage, cost, servedModel, notices }: Run) => ({
  text,
  reasoning,
  finish,
  error,
  attempts,
  usage,
  cost,
  servedModel,
  notices,
});
