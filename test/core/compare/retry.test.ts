/** Which failures are tried again, and after what wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryWaitMs } from '../../../src/core/compare/retry.ts';
import type { ModelError } from '../../../src/shared/model.ts';

interface Case {
  readonly what: string;
  readonly error?: Partial<ModelError>;
  readonly began?: true;
  readonly shown?: true;
  readonly lost?: true;
  /** 1 for the first attempt. */
  readonly number?: number;
  readonly waitMs: number | undefined;
}

const CASES: readonly Case[] = [
  { what: 'the first failure waits a second and some', waitMs: 1500 },
  { what: 'the second twice as long at the most', number: 2, waitMs: 2000 },
  { what: 'there is no fourth attempt', number: 3, waitMs: undefined },
  { what: 'what cannot be mended by waiting', error: { retryable: false }, waitMs: undefined },
  { what: 'nothing shown is taken back', shown: true, waitMs: undefined },
  { what: 'no attempt beside a run that nobody hears', lost: true, waitMs: undefined },
  { what: 'a busy server that had begun', began: true, waitMs: 1500 },
  { what: 'a line cut after it had begun', began: true, error: { kind: 'network' }, waitMs: undefined },
  { what: 'as long as the server asks', error: { retryAfterMs: 7000 }, waitMs: 7000 },
  { what: 'but no less than a second', error: { retryAfterMs: 10 }, waitMs: 1000 },
  { what: 'two minutes are waited for', error: { retryAfterMs: 120_000 }, waitMs: 120_000 },
  { what: 'no longer than that', error: { retryAfterMs: 120_001 }, waitMs: undefined },
];

for (const { what, error, began = false, shown = false, lost = false, number = 1, waitMs } of CASES) {
  test(what, () => {
    const failed: ModelError = { kind: 'overloaded', message: 'Busy.', retryable: true, ...error };
    assert.equal(
      retryWaitMs({ error: failed, began, shown, lost }, number, () => 0.5),
      waitMs,
    );
  });
}

test('an attempt that did not fail', () => {
  assert.equal(
    retryWaitMs({ began: true, shown: false, lost: false }, 1, () => 0),
    undefined,
  );
});
