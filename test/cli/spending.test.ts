/** `spending` as a script calls it: the figures of a ledger, or its entries. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '../../src/core/engine.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import { admitted, hold } from '../core/money/ledgerKit.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-spending-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const state = path.join(scratch, 'state');
const config = path.join(scratch, 'config.json');
fs.writeFileSync(config, JSON.stringify({ budget: { perDayUsd: 2 } }));
const ledger = openLedger({ path: path.join(state, 'ledger.sqlite'), clock: systemClock });
for (const [lane, nanoUsd] of [
  ['fast', 10_000_000],
  ['reasoning', 230_000_000],
] as const) {
  const holdId = admitted(ledger.reserve('a comparison', [hold(nanoUsd, lane)], {}));
  ledger.settle(holdId, { nanoUsd, basis: 'computed', priceSource: 'settings' }, { basis: 'reported', outputTokens: 7 });
}
ledger.close();

function cli(...args: string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const argv = ['--disable-warning=ExperimentalWarning', MAIN, 'spending', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

test('prints the figures of the view', () => {
  const { code, stdout, stderr } = cli('--state', state, '--config', config);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  for (const expected of [
    /^Today: \$0\.2400 of \$2\.00 \(\$1\.76 left\)$/m,
    /^This month: \$0\.2400 of \$50\.00 \(\$49\.76 left\)$/m,
    /^Reasoning against fast: too few to say \(23x dearer per paid call so far, from 1 and 1 this month\)$/m,
    /^ {2}mine:m: \$0\.2400 \(100 %, 2 paid calls, \$0\.1200 each\)$/m,
    /^ {2}Reasoning: \$0\.2300 \(96 %, 1 paid call, \$0\.2300 each\)$/m,
  ])
    assert.match(stdout, expected);
});

test('prints every entry with --csv', () => {
  const { code, stdout, stderr } = cli('--state', state, '--csv');
  assert.deepEqual([code, stderr], [0, '']);
  const rows = stdout.split('\r\n').map((row) => row.split(',').slice(2, 13).join(' '));
  assert.deepEqual(rows.slice(1), [
    'a comparison fast mine m 0.01 computed settings    7',
    'a comparison reasoning mine m 0.23 computed settings    7',
    '',
  ]);
});

test('says what stands in the way', () => {
  const damaged = path.join(scratch, 'damaged');
  fs.mkdirSync(damaged);
  fs.writeFileSync(path.join(damaged, 'ledger.sqlite'), 'not a ledger'.repeat(100));
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['--state', damaged], 2, /ledger/],
    [['spec.md'], 2, /spending takes no argument/],
  ];
  for (const [args, expected, sentence] of cases) {
    const { code, stdout, stderr } = cli(...args);
    assert.deepEqual([code, stdout], [expected, '']);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});
