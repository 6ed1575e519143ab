/** What was appended is read again; what is damaged is said, and the rest kept. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Journal } from '../../../src/core/journal/journal.ts';
import { thisProcess } from '../../../src/core/processId.ts';
import { type ComparisonEvent, fold, SCHEMA_VERSION } from '../../../src/shared/comparison.ts';
import type { Cost } from '../../../src/shared/money.ts';
import { plan, TASK } from '../compare/fakes.ts';

const LOG: readonly ComparisonEvent[] = [
  { seq: 0, atMs: 0, type: 'comparison-start', schema: SCHEMA_VERSION, id: 'x', startedAt: '2026-01-01T00:00:00Z', task: TASK },
  { seq: 1, atMs: 1, type: 'lane', lane: 'fast', event: { type: 'start', plan: plan('fast') } },
  { seq: 2, atMs: 2, type: 'lane', lane: 'fast', event: { type: 'text', text: 'Grüße, 世界 \u2028 🎈\n' } },
  { seq: 3, atMs: 3, type: 'lane', lane: 'fast', event: { type: 'end', reason: 'stop' } },
  { seq: 4, atMs: 4, type: 'comparison-end' },
];

function journal(owner = thisProcess()) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-journal-'));
  return new Journal(directory, owner);
}

function write(target: Journal, events: readonly ComparisonEvent[], id = 'x'): void {
  const writer = target.open(id);
  writer.append(events);
  writer.close();
}

test('live and stored fold alike', () => {
  const target = journal();
  write(target, LOG);
  assert.deepEqual(target.read('x')?.state, fold(LOG));
  assert.deepEqual(target.list(), ['x']);
  assert.equal(target.read('y'), undefined);
  assert.throws(() => target.fileOf('../escape'), RangeError);
});

test('only the owner of the folder can read it', { skip: process.platform === 'win32' }, () => {
  const target = journal();
  write(target, LOG);
  assert.equal(fs.statSync(target.fileOf('x')).mode & 0o077, 0);
});

test('every truncation reads as a prefix, and writing goes on from there', () => {
  const target = journal();
  write(target, LOG);
  const whole = fs.readFileSync(target.fileOf('x'));
  for (let length = 0; length < whole.length; length++) {
    fs.writeFileSync(target.fileOf('x'), whole.subarray(0, length));
    const record = target.read('x');
    assert.equal(record?.damage, undefined, `cut at ${length}`);
    assert.deepEqual(record?.events, LOG.slice(0, record?.events.length), `cut at ${length}`);
  }
  write(target, LOG.slice(target.read('x')?.events.length));
  assert.deepEqual(target.read('x')?.state, fold(LOG));
});

test('every flipped byte is noticed: a prefix and a sentence, or an unfinished end', () => {
  const target = journal();
  write(target, LOG);
  const whole = fs.readFileSync(target.fileOf('x'));
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x01;
    fs.writeFileSync(target.fileOf('x'), damaged);
    const record = target.read('x');
    assert.ok(record && record.events.length < LOG.length, `flipped ${at}`);
    assert.deepEqual(record.events, LOG.slice(0, record.events.length));
    assert.ok(record.damage !== undefined || record.goodBytes < whole.length, `flipped ${at}`);
  }
});

test('a run whose writer is gone comes back as interrupted, once and for all', () => {
  const gone = journal({ pid: 2 ** 30 });
  write(gone, LOG.slice(0, 3));
  const reader = new Journal(gone.directory, thisProcess());
  const record = reader.recover('x');
  assert.equal(record?.state.runs.fast?.finish, 'aborted');
  assert.equal(record?.state.runs.fast?.error?.kind, 'interrupted');
  assert.equal(record?.state.runs.fast?.text, 'Grüße, 世界 \u2028 🎈\n');
  assert.equal(record?.state.running, false);
  assert.deepEqual(reader.recover('x')?.events, record?.events);
});

test('what the books settled a dead run at is noted once, as soon as they know', () => {
  const gone = journal({ pid: 2 ** 30 });
  write(gone, LOG.slice(0, 3));
  let settled: Cost | undefined;
  let asked = 0;
  const reader = new Journal(gone.directory, thisProcess(), () => {
    asked += 1;
    return settled;
  });
  assert.equal(reader.recover('x')?.state.runs.fast?.settled, undefined);
  settled = { nanoUsd: 7, basis: 'estimated' };
  const record = reader.recover('x');
  assert.deepEqual(record?.state.runs.fast?.settled, settled);
  assert.deepEqual(reader.recover('x')?.events, record?.events);
  assert.equal(asked, 2, 'nothing is asked that the log says');
  assert.deepEqual(new Journal(gone.directory, thisProcess()).read('x')?.events, record?.events);
});

test('what is written between the reading and the noting leaves no gap', () => {
  const gone = journal({ pid: 2 ** 30 });
  const late = gone.open('x');
  late.append(LOG.slice(0, 3));
  const reader = new Journal(gone.directory, thisProcess(), () => {
    if (gone.read('x')?.state.seq === 4) late.append([{ seq: 5, atMs: 5, type: 'comparison-end' }]);
    return { nanoUsd: 7, basis: 'estimated' };
  });
  reader.recover('x');
  late.close();
  const record = reader.recover('x');
  assert.equal(record?.damage, undefined);
  assert.equal(record?.state.seq, 6);
});

test('the books are not asked of a run that ended by itself', () => {
  const target = journal();
  write(target, LOG);
  new Journal(target.directory, thisProcess(), () => assert.fail('asked')).recover('x');
});

test('reading on gives what reading anew does, at whichever byte the first reading came', () => {
  const target = journal();
  write(target, LOG);
  const whole = fs.readFileSync(target.fileOf('x'));
  const anew = target.read('x');
  for (let length = 0; length <= whole.length; length++) {
    fs.writeFileSync(target.fileOf('x'), whole.subarray(0, length));
    const before = target.read('x');
    fs.writeFileSync(target.fileOf('x'), whole);
    assert.deepEqual(target.read('x', before), anew, `first ${length} bytes`);
  }
  assert.ok(anew);
  assert.equal(target.read('x', anew), anew, 'nothing came');
  fs.writeFileSync(target.fileOf('x'), whole.subarray(0, 200));
  assert.deepEqual(target.read('x', anew), target.read('x'), 'a shorter file is another one');
  fs.rmSync(target.fileOf('x'));
  assert.equal(target.read('x', anew), undefined);
});

test('a run whose writer lives is left alone', () => {
  const target = journal();
  write(target, LOG.slice(0, 3));
  assert.equal(target.recover('x')?.state.running, true);
});

/** A fast lane and a background run, both in mid-run. */
const LEFT: readonly ComparisonEvent[] = [
  ...LOG.slice(0, 3),
  {
    seq: 3,
    atMs: 3,
    type: 'lane',
    lane: 'reasoning',
    event: { type: 'start', plan: { ...plan('reasoning'), background: true } },
  },
  { seq: 4, atMs: 4, type: 'lane', lane: 'reasoning', event: { type: 'served', responseId: 'resp_1' } },
  { seq: 5, atMs: 1000, type: 'lane', lane: 'reasoning', event: { type: 'text', text: 'so far', cursor: 7 } },
];
const CAME = new Date('2026-01-01T00:00:00Z');

function leave(events: readonly ComparisonEvent[]): Journal {
  const gone = journal({ pid: 2 ** 30 });
  const writer = gone.open('x', CAME);
  writer.append(events);
  writer.close();
  return new Journal(gone.directory, thisProcess());
}

test('a background run whose writer is gone is left, until one process takes it over', () => {
  const reader = leave(LEFT);
  const before = fs.readFileSync(reader.fileOf('x'));
  const record = reader.recover('x');
  assert.equal(record?.isLeft, true);
  assert.equal(record?.state.running, true);
  assert.deepEqual(fs.readFileSync(reader.fileOf('x')), before, 'looking changes nothing');

  const taken = reader.takeOver('x');
  assert.equal(taken?.state.runs.fast?.error?.kind, 'interrupted', 'the other lane has ended');
  assert.equal(taken?.state.runs.reasoning?.finish, undefined);
  assert.equal(taken?.state.running, true);
  assert.equal(taken?.zeroAtMs, CAME.getTime(), 'whoever only ended what was dead has not moved the clock');
  assert.equal(reader.takeOver('x'), undefined, 'it has a living writer');
  assert.equal(reader.recover('x')?.isLeft, undefined);
  assert.deepEqual(fs.readdirSync(reader.directory), ['x.jsonl'], 'no claim stays');
});

test('what is no run to pick up ends as interrupted', () => {
  const cases: readonly (readonly [string, readonly ComparisonEvent[]])[] = [
    ['before its response is named', LEFT.slice(0, 4)],
    ['text of which nobody knows the place', [...LEFT.slice(0, 5), { ...LEFT[5], event: { type: 'text', text: 'x' } } as never]],
  ];
  for (const [name, events] of cases) {
    const record = leave(events).recover('x');
    assert.equal(record?.isLeft, undefined, name);
    assert.equal(record?.state.runs.reasoning?.error?.kind, 'interrupted', name);
    assert.equal(record?.state.running, false, name);
  }
});

test('a claim whose maker died is passed over', () => {
  const reader = leave(LEFT);
  fs.writeFileSync(`${reader.fileOf('x')}.claim-1-0`, JSON.stringify({ pid: 2 ** 30 }));
  assert.ok(reader.takeOver('x'));
  const other = leave(LEFT);
  fs.writeFileSync(`${other.fileOf('x')}.claim-1-0`, JSON.stringify(thisProcess()));
  assert.equal(other.takeOver('x'), undefined, 'its maker lives');
});

test('whoever looked before another one took it over comes too late', () => {
  const { directory } = leave(LEFT);
  class Late extends Journal {
    override recover(id: string) {
      const record = super.recover(id);
      assert.ok(new Journal(directory, thisProcess()).takeOver(id));
      return record;
    }
  }
  const late = new Late(directory, thisProcess());
  assert.equal(late.takeOver('x'), undefined);
  assert.equal(late.read('x')?.damage, undefined);
  assert.deepEqual(fs.readdirSync(directory), ['x.jsonl']);
});

test('of processes that try together, one takes it over', async () => {
  const { directory } = leave(LEFT);
  const child = path.join(import.meta.dirname, 'journalChild.ts');
  const startAtMs = Date.now() + 1500;
  const said = await Promise.all(
    Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, [child, directory, 'x', String(startAtMs)])),
  );
  assert.deepEqual(said.map(({ stdout }) => stdout).sort(), ['lost', 'lost', 'lost', 'taken']);
});

test('a damaged file is kept whole beside, its readable part goes on, and that is said once', () => {
  const target = journal({ pid: 2 ** 30 });
  write(target, LOG);
  const damaged = fs.readFileSync(target.fileOf('x'));
  damaged[damaged.indexOf('"end"')] = 0;
  fs.writeFileSync(target.fileOf('x'), damaged);
  const reader = new Journal(target.directory, thisProcess());
  const record = reader.recover('x');
  assert.match(record?.damage ?? '', /damaged file is kept in .*damaged/);
  assert.equal(record?.state.runs.fast?.text, 'Grüße, 世界 \u2028 🎈\n');
  assert.match(record?.state.runs.fast?.error?.message ?? '', /could not be read/);
  assert.deepEqual(fs.readFileSync(path.join(target.directory, 'damaged', 'x.jsonl')), damaged);
  assert.equal(reader.recover('x')?.damage, undefined, 'once');
  assert.deepEqual(reader.recover('x')?.state, record?.state);
  fs.writeFileSync(target.fileOf('x'), damaged);
  reader.recover('x');
  assert.deepEqual(
    fs.readdirSync(path.join(target.directory, 'damaged')).sort(),
    ['x-2.jsonl', 'x.jsonl'],
    'no copy is overwritten',
  );
});

test('a file of which nothing can be read leaves the list, and is kept', () => {
  const target = journal();
  fs.writeFileSync(target.fileOf('x'), 'garbage\n');
  assert.match(target.recover('x')?.damage ?? '', /cannot be read.*is kept in/);
  assert.deepEqual(target.list(), []);
  assert.equal(target.recover('x'), undefined);
  assert.equal(fs.readFileSync(path.join(target.directory, 'damaged', 'x.jsonl'), 'utf8'), 'garbage\n');
});

test('of damaged files so much is kept, the newest first', () => {
  const target = journal();
  const directory = path.join(target.directory, 'damaged');
  fs.mkdirSync(directory);
  const mebibytes = { old: 40, newer: 40, newest: 20 };
  for (const [i, [name, size]] of Object.entries(mebibytes).entries()) {
    fs.writeFileSync(path.join(directory, `${name}.jsonl`), '');
    fs.truncateSync(path.join(directory, `${name}.jsonl`), size * 1024 * 1024);
    fs.utimesSync(path.join(directory, `${name}.jsonl`), 1000 + i, 1000 + i);
  }
  fs.writeFileSync(target.fileOf('x'), 'garbage\n');
  target.recover('x');
  assert.deepEqual(fs.readdirSync(directory).sort(), ['newer.jsonl', 'newest.jsonl', 'x.jsonl']);
});

test('a damaged file whose writer lives is left to it', () => {
  const target = journal();
  write(target, LOG.slice(0, 3));
  fs.appendFileSync(target.fileOf('x'), 'garbage\n');
  const before = fs.readFileSync(target.fileOf('x'));
  assert.ok(target.recover('x')?.damage);
  assert.deepEqual(fs.readFileSync(target.fileOf('x')), before);
});

test('the newest come first, over folders of months and the directory itself, and nothing older is read before it is asked for', () => {
  const target = journal();
  const ids = ['20261122-100000000-abcd', '20261103-100000000-abcd', '20260930-100000000-abcd', '20260929-100000000-abcd', 'x'];
  const [now = '', , early = '', before = ''] = ids;
  for (const id of ids) write(target, LOG, id);
  assert.equal(target.fileOf(now), path.join(target.directory, '2026-11', `${now}.jsonl`));
  fs.renameSync(target.fileOf(early), path.join(target.directory, `${early}.jsonl`));
  fs.cpSync(target.fileOf(now), path.join(target.directory, '2026-09', `${now}.jsonl`));
  assert.deepEqual(target.list(), ids);
  assert.ok(ids.every((id) => target.has(id) && target.read(id)?.state.seq === LOG.length - 1));
  target.open(early).close();
  assert.deepEqual(target.list(), ids, 'what lies in the directory itself goes on there');
  const listed = target.newestFirst();
  assert.deepEqual([listed.next().value, listed.next().value], ids.slice(0, 2));
  target.remove(before);
  assert.deepEqual([...listed], [early, 'x'], 'the month had not been read yet');
});

test('what else lies in the folder is passed over', () => {
  const target = journal();
  write(target, LOG);
  for (const name of ['a b.jsonl', '.jsonl', 'notes.txt', 'x.jsonl.claim-1-0'])
    fs.writeFileSync(path.join(target.directory, name), '?');
  fs.mkdirSync(target.fileOf('folder'));
  assert.deepEqual(target.list(), ['x', 'folder']);
  assert.equal(target.read('folder'), undefined);
});

test('reading gently reads the same', async () => {
  const target = journal();
  write(target, LOG);
  const text = 'x'.repeat(100_000);
  const more = Array.from({ length: 8 }, (_, i) => ({
    ...LOG[2],
    seq: 5 + i,
    event: { type: 'text', text },
  })) as ComparisonEvent[];
  write(target, more);
  assert.deepEqual(await target.readGently('x'), target.read('x'));
  assert.equal(await target.readGently('y'), undefined);
});

test('nothing is written to a log of a newer version', () => {
  const target = journal({ pid: 2 ** 30 });
  write(target, LOG.slice(0, 3));
  const json = JSON.stringify({ journal: SCHEMA_VERSION + 1, owner: { pid: 2 ** 30 } });
  const { crc32 } = process.getBuiltinModule('node:zlib');
  fs.appendFileSync(target.fileOf('x'), `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
  const before = fs.readFileSync(target.fileOf('x'));
  assert.match(target.recover('x')?.damage ?? '', /newer version/);
  assert.throws(() => target.open('x'), /newer version/);
  assert.deepEqual(fs.readFileSync(target.fileOf('x')), before);
});

test('a log of a newer version is not guessed at', () => {
  const target = journal();
  const line = JSON.stringify({ journal: SCHEMA_VERSION + 1, owner: { pid: 1 } });
  write(target, LOG);
  const writer = fs.readFileSync(target.fileOf('x'), 'utf8').split('\n');
  const { crc32 } = process.getBuiltinModule('node:zlib');
  writer[0] = `${crc32(line).toString(16).padStart(8, '0')} ${line}`;
  fs.writeFileSync(target.fileOf('x'), writer.join('\n'));
  assert.match(target.read('x')?.damage ?? '', /newer version/);
});
