/** The list is the folder: its days, its facts, its pins and its size, and nothing in the folder can break it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type Facts, oneLine, search } from '../../../src/core/history/facts.ts';
import { History } from '../../../src/core/history/history.ts';
import { Journal } from '../../../src/core/journal/journal.ts';
import { fold } from '../../../src/shared/comparison.ts';
import { idAt, logOf, scratchJournal, store } from './historyKit.ts';

const NOON = new Date(2026, 10, 22, 12);
const hoursBefore = (hours: number): Date => new Date(NOON.getTime() - hours * 3_600_000);
const allIds = (history: History): readonly string[] => [...history.days()].flatMap(({ ids }) => ids);

async function everything(history: History): Promise<readonly Facts[]> {
  const all: Facts[] = [];
  for await (const some of history.all()) all.push(...some);
  return all;
}

test('days are the person’s, newest first, from names alone; garbage is passed over', () => {
  const journal = scratchJournal();
  const today = [store(journal, NOON), store(journal, hoursBefore(11.9))];
  const yesterday = [store(journal, hoursBefore(12.1)), store(journal, hoursBefore(30))];
  for (const id of yesterday) fs.writeFileSync(journal.fileOf(id), 'not a log');
  const garbage = ['notes.txt', 'a b.jsonl', '..jsonl', 'x.jsonl', '20261399-000000000-abcd.json', '.DS_Store'];
  for (const name of garbage) fs.writeFileSync(path.join(journal.directory, name), 'garbage');
  fs.mkdirSync(path.join(journal.directory, `${idAt(hoursBefore(40))}.jsonl`));
  const history = new History({ journal });
  const days = [...history.days()];
  assert.deepEqual(
    days.slice(0, 2).map(({ atMs }) => atMs),
    [new Date(2026, 10, 22).getTime(), new Date(2026, 10, 21).getTime()],
  );
  assert.deepEqual(days[0]?.ids, today);
  assert.deepEqual(days[1]?.ids.slice(0, 2), yesterday);
});

test('facts say what the log says, live and stored alike', async () => {
  const journal = scratchJournal();
  const id = store(journal, NOON, { task: { title: 'card.md', instruction: 'Make it BLUE' } });
  const [facts] = await new History({ journal }).facts([id, idAt(hoursBefore(1))]);
  assert.ok(facts);
  assert.equal(oneLine(facts), 'fast vs reasoning · as fast, 14x dearer');
  assert.equal(facts.cost, '$0.0150');
  assert.equal(facts.running, false);
  assert.deepEqual([facts.lanes.fast?.tone, facts.lanes.reasoning?.tone], ['done', 'done']);
  const state = fold(logOf(id, NOON, { title: 'card.md', instruction: 'Make it BLUE' }));
  const live = new History({ journal: scratchJournal(), shown: () => ({ ...state, running: true }) });
  assert.deepEqual(await live.facts([id]), [{ ...facts, running: true }]);
});

test('what is remembered may be deleted or damaged at any time, and holds for one size and time of its log', async () => {
  const journal = scratchJournal();
  const id = store(journal, NOON, { task: { title: 'first' } });
  fs.utimesSync(journal.fileOf(id), NOON, NOON);
  const titleNow = async (): Promise<string | undefined> => (await new History({ journal }).facts([id]))[0]?.title;
  assert.equal(await titleNow(), 'first');
  const cache = path.join(journal.directory, 'facts', `${id.slice(0, 8)}.json`);
  const remembered = fs.readFileSync(cache, 'utf8');
  const log = fs.readFileSync(journal.fileOf(id));
  fs.writeFileSync(journal.fileOf(id), Buffer.alloc(log.length));
  fs.utimesSync(journal.fileOf(id), NOON, NOON);
  assert.equal(await titleNow(), 'first', 'the log was not read again');
  fs.writeFileSync(journal.fileOf(id), log);
  fs.utimesSync(journal.fileOf(id), NOON, hoursBefore(1));
  for (const broken of [remembered.replace('first', 'other'), remembered.slice(0, -9), '', 'null', '00000000 {}']) {
    fs.writeFileSync(cache, broken);
    assert.equal(await titleNow(), 'first', broken.slice(0, 20));
  }
  fs.rmSync(path.dirname(cache), { recursive: true });
  assert.equal(await titleNow(), 'first');
  fs.rmSync(path.dirname(cache), { recursive: true });
  fs.writeFileSync(path.dirname(cache), 'a file in the way');
  assert.equal(await titleNow(), 'first', 'it cannot be remembered, and is told all the same');
  fs.rmSync(path.dirname(cache));
  assert.equal(await titleNow(), 'first');
  const { size } = fs.statSync(journal.fileOf(id));
  fs.rmSync(journal.fileOf(id));
  store(journal, NOON, { task: { title: 'other' } });
  assert.equal(fs.statSync(journal.fileOf(id)).size, size);
  assert.equal(await titleNow(), 'other', 'the same size at another time');
});

test('a damaged log stays in the list and says so', async () => {
  const journal = scratchJournal();
  const whole = store(journal, NOON);
  const damaged = store(journal, hoursBefore(1));
  const nothing = store(journal, hoursBefore(2));
  const bytes = fs.readFileSync(journal.fileOf(damaged));
  bytes[bytes.length - 40] = 0;
  fs.writeFileSync(journal.fileOf(damaged), bytes);
  fs.writeFileSync(journal.fileOf(nothing), 'garbage\n');
  const facts = await new History({ journal }).facts([whole, damaged, nothing]);
  assert.deepEqual(
    facts.map(({ damage }) => damage?.split(':')[0]),
    [undefined, 'Part of this comparison could not be read', 'This comparison cannot be read'],
  );
});

test('search finds all words in any order, in title, task and models', async () => {
  const journal = scratchJournal();
  const card = store(journal, NOON, { task: { title: 'pricing-card.md', instruction: 'Use a blue button' } });
  const landing = store(journal, hoursBefore(50), {
    task: { title: 'landing.md', parts: [{ type: 'text', text: '# Über uns' }] },
  });
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', [card, landing]],
    ['  ', [card, landing]],
    ['BUTTON pricing', [card]],
    ['über', [landing]],
    ['fake:reasoning', [card, landing]],
    ['button landing', []],
  ];
  const all = await everything(new History({ journal }));
  const idsOf = (query: string, limit: number): readonly string[] => search(all, query, limit).map(({ id }) => id);
  for (const [query, expected] of cases) assert.deepEqual(idsOf(query, 9), expected, query);
  assert.deepEqual(idsOf('', 1), [card], 'the newest of too many');
});

test('pins outlive the process, and nothing in their folder can break them', () => {
  const journal = scratchJournal();
  const id = store(journal, NOON);
  const other = store(journal, hoursBefore(1));
  const history = new History({ journal });
  assert.equal(history.pins().size, 0);
  history.pin(id, true);
  history.pin(id, true);
  history.pin(other, true);
  history.pin(other, false);
  fs.writeFileSync(path.join(journal.directory, 'pins', 'garbage'), '');
  fs.writeFileSync(path.join(journal.directory, 'pins', idAt(hoursBefore(9))), 'of one that is gone');
  fs.writeFileSync(path.join(journal.directory, 'pins', id), 'garbage');
  assert.deepEqual([...new History({ journal }).pins()], [id]);
  assert.throws(() => history.pin('../x', true), RangeError);
});

test('deleting takes one comparison and nothing else', async () => {
  const journal = scratchJournal();
  const id = store(journal, NOON);
  const other = store(journal, hoursBefore(0.1));
  const history = new History({ journal });
  history.pin(id, true);
  await history.facts([id, other]);
  await history.remove(id);
  assert.deepEqual(allIds(history), [other]);
  assert.equal(history.pins().size, 0);
  assert.equal(fs.readFileSync(path.join(journal.directory, 'facts', `${id.slice(0, 8)}.json`), 'utf8').includes(id), false);
  await assert.rejects(history.remove('../x'), RangeError);
});

test('the oldest go when there is too much; never what is pinned, runs or is shown', async () => {
  const journal = scratchJournal();
  const dead = new Journal(journal.directory, { pid: 2 ** 30 });
  const ids = {
    deadRun: store(dead, hoursBefore(60), { events: 4 }),
    livingRun: store(journal, hoursBefore(50), { events: 4 }),
    pinned: store(journal, hoursBefore(40)),
    shown: store(journal, hoursBefore(30)),
    old: store(journal, hoursBefore(20)),
    young: store(journal, hoursBefore(10)),
  };
  const history = new History({ journal, shown: (id) => (id === ids.shown ? fold(logOf(id, NOON)) : undefined) });
  history.pin(ids.pinned, true);
  const size = (names: readonly (keyof typeof ids)[]): number =>
    names.reduce((sum, name) => sum + fs.statSync(journal.fileOf(ids[name])).size, 0);
  const all = Object.keys(ids) as (keyof typeof ids)[]; // the keys of a constant are its keys
  assert.deepEqual(await history.trim(size(all)), []);
  assert.deepEqual(await history.trim(size(all) - 1), [ids.deadRun]);
  assert.deepEqual(await history.trim(size(['livingRun', 'pinned', 'shown', 'young'])), [ids.old]);
  assert.deepEqual(await history.trim(0), [ids.young]);
  assert.deepEqual(allIds(history).toSorted(), [ids.livingRun, ids.pinned, ids.shown].toSorted());
});
