/** `export` and `import` as a script calls them: a stored run, its event log, and the way back. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Journal } from '../../src/core/journal/journal.ts';
import { thisProcess } from '../../src/core/processId.ts';
import { fold } from '../../src/shared/comparison.ts';
import { SCENES } from '../webview/states.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-export-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const STATE = path.join(scratch, 'state');
const ID = '20261122-100000000-abcd';
const { events } = SCENES.done?.() ?? { events: [] };
const journal = new Journal(path.join(STATE, 'comparisons'), thisProcess());
const writer = journal.open(ID);
writer.append(events);
writer.close();
const LOG = path.join(scratch, 'events.ndjson');
fs.writeFileSync(LOG, events.map((event) => `${JSON.stringify(event)}\n`).join(''));

const cli = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const argv = ['--disable-warning=ExperimentalWarning', MAIN, ...args, '--state', STATE];
    execFile(process.execPath, argv, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });

test('a stored comparison and its event log, in every format', async () => {
  const begins = { html: '<!DOCTYPE html>', md: '# Pricing card', json: '{"format":"second-thought-comparison","schema":1' };
  await Promise.all(
    Object.entries(begins).flatMap(([format, begin]) =>
      [ID, LOG].map(async (from) => {
        const { code, stdout, stderr } = await cli('export', from, '--format', format);
        assert.deepEqual([code, stderr, stdout.slice(0, begin.length)], [0, '', begin]);
      }),
    ),
  );
});

test('out, in again under another id, and nothing written over', async () => {
  const file = path.join(scratch, 'ann.json');
  assert.equal((await cli('export', ID, '--format', 'json', '--out', file)).code, 0);
  const again = await cli('export', ID, '--format', 'json', '--out', file);
  assert.deepEqual([again.code, /is there already/.test(again.stderr)], [2, true]);
  const { code, stdout } = await cli('import', file);
  const id = stdout.trim();
  assert.equal(code, 0);
  assert.notEqual(id, ID);
  const state = journal.read(id)?.state;
  assert.equal(state?.importedFrom, 'ann.json');
  assert.deepEqual(state?.runs, fold(events).runs);
});

test('what cannot be is said in a sentence', async () => {
  const bad = path.join(scratch, 'bad.json');
  fs.writeFileSync(bad, '{}');
  const check = async (args: readonly string[], words: RegExp) => {
    const { code, stdout, stderr } = await cli(...args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, words);
  };
  await Promise.all([
    check(['export', '20200101-000000000-none'], /There is no comparison/),
    check(['export', ID, '--format', 'pdf'], /--format takes html, md, json/),
    check(['export'], /one ID or FILE/),
    check(['import', bad], /bad\.json cannot be imported/),
    check(['import', path.join(scratch, 'none.json')], /cannot be read/),
  ]);
});
