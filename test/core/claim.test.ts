/** A claim is held by one, and outlives nobody. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { claim } from '../../src/core/claim.ts';
import { thisProcess } from '../../src/core/processId.ts';

const GONE = { pid: 2 ** 30 };

test('a claim from before the system started is nobody’s, though its maker’s number is in use again', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-claim-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const name = path.join(folder, 'x');
  const owner = { pid: process.pid };
  assert.ok(claim(name, owner));
  assert.equal(claim(name, owner), undefined);
  fs.utimesSync(`${name}-0`, 0, 0);
  assert.ok(claim(name, owner));
});

test('one at a time; what a dead process left is passed over and stays', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-claim-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const name = path.join(folder, 'x');
  const mine = (): (() => void) | undefined => claim(name, thisProcess());
  assert.ok(claim(name, GONE));
  const release = mine();
  assert.ok(release, 'its maker is gone');
  assert.equal(mine(), undefined, 'its maker lives');
  release();
  assert.deepEqual(fs.readdirSync(folder), ['x-0']);
  fs.writeFileSync(`${name}-1`, '');
  assert.equal(mine(), undefined, 'it is just being written');
  fs.utimesSync(`${name}-1`, 0, 0);
  const again = mine();
  assert.ok(again, 'its maker died while it wrote');
  assert.deepEqual(fs.readdirSync(folder).sort(), ['x-0', 'x-1', 'x-2']);
  assert.throws(() => claim(path.join(folder, 'missing', 'x'), thisProcess()), /ENOENT/);
});
