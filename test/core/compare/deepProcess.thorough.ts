/** A process is killed in the middle of a background run, and others go on with it: real processes, sockets, books and files. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startBackgroundServer } from '../../servers/background.ts';
import type { ModelScript } from '../../servers/models.ts';
import { deepWindow } from './deepKit.ts';

const CHILD = path.join(import.meta.dirname, 'deepChild.ts');
const SCRIPT: ModelScript = {
  reasoning: 'First I read the spec. '.repeat(4),
  text: Array.from({ length: 40 }, (_, i) => `Line ${i}: Grüße, 世界 🎈\n`).join(''),
  usage: { inputTokens: 100, outputTokens: 400, reasoningTokens: 60 },
  tokensPerSecond: 150,
};
/** 100 tokens in at 1 dollar a million, 400 out at 5. */
const COST_NANO_USD = 100 * 1000 + 400 * 5000;

async function killedInMidRun(stateDirectory: string, url: string): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [CHILD, stateDirectory, url, 'begin'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(child.stdout);
  const [id] = await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  return String(id);
}

test('a killed process’s run is read to its end by one of two others, paid for once', async (t) => {
  await using server = await startBackgroundServer(SCRIPT);
  const stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-process-'));
  t.after(() => fs.rmSync(stateDirectory, { recursive: true, force: true }));
  const id = await killedInMidRun(stateDirectory, server.url);
  const [stored] = server.runs;
  assert.equal(stored?.status, 'in_progress', 'it goes on while nobody listens');

  const { engine } = deepWindow(stateDirectory, server.url);
  const before = engine.journal.read(id)?.state.runs.reasoning;
  assert.ok(SCRIPT.text.startsWith(before?.text ?? 'x') && before?.text !== SCRIPT.text);
  const said = await Promise.all(
    ['one', 'two'].map(() => promisify(execFile)(process.execPath, [CHILD, stateDirectory, server.url, 'pick-up', id])),
  );
  assert.deepEqual(said.map(({ stdout }) => stdout).sort(), ['elsewhere', 'stop']);

  const run = engine.journal.read(id)?.state.runs.reasoning;
  assert.equal(run?.text, SCRIPT.text);
  assert.equal(run?.reasoning, SCRIPT.reasoning);
  assert.equal(run?.finish, 'stop');
  assert.equal(run?.resumes, 1);
  assert.deepEqual([run?.cost?.nanoUsd, run?.cost?.basis], [COST_NANO_USD, 'computed']);
  assert.equal(stored?.listeners.length, 2);
  assert.equal(stored?.listeners[1]?.after, before?.cursor, 'only what was not stored is asked for');
  const { todayNanoUsd, heldTodayNanoUsd } = engine.ledger().spending();
  assert.deepEqual([todayNanoUsd, heldTodayNanoUsd], [COST_NANO_USD, 0]);
  assert.equal(engine.ledger().entries(10).length, 1);
  engine.close();
});

test('lines that are cut again and again are made again', async (t) => {
  await using server = await startBackgroundServer({ ...SCRIPT, tokensPerSecond: 400 });
  server.cutEvery(100);
  const stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-lines-'));
  t.after(() => fs.rmSync(stateDirectory, { recursive: true, force: true }));
  const { engine, begin } = deepWindow(stateDirectory, server.url);
  const comparison = await begin(() => undefined);
  await comparison.settled();
  engine.close();
  const run = comparison.state.runs.reasoning;
  assert.equal(run?.text, SCRIPT.text);
  assert.equal(run?.reasoning, SCRIPT.reasoning);
  assert.equal(run?.cost?.nanoUsd, COST_NANO_USD);
  assert.equal(run?.attempts, 1);
  assert.equal(run?.resumes, (server.runs[0]?.listeners.length ?? 0) - 1);
  assert.ok((run?.resumes ?? 0) >= 2);
});
