/** Deep runs from the command line: lines that are cut are made again, and a stop is told to the provider before the process ends. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Summary } from '../../src/shared/summary.ts';
import { type BackgroundServer, startBackgroundServer } from '../servers/background.ts';
import type { ModelScript } from '../servers/models.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const SCRIPT: ModelScript = {
  text: Array.from({ length: 60 }, (_, i) => `Line ${i}: Grüße\n`).join(''),
  usage: { inputTokens: 100, outputTokens: 400 },
  tokensPerSecond: 300,
};

/** The reasoning lane has shown text, so its response has a name by which it can be stopped. */
const REASONING_TEXT = /"lane":"reasoning","event":\{"type":"text"/;

/** Runs both lanes with that server, the reasoning lane in the background; `onText` may disturb it. */
async function compare(server: BackgroundServer, onText?: (child: ReturnType<typeof spawn>) => void) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-cli-deep-'));
  const endpoint = { api: 'openai-responses', baseUrl: `${server.url}/v1` };
  const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 5 };
  fs.writeFileSync(path.join(folder, 'spec.md'), '# A card\n');
  fs.writeFileSync(
    path.join(folder, 'config.json'),
    JSON.stringify({
      endpoints: { plain: endpoint, deep: { ...endpoint, dialect: 'openai' } },
      prices: { 'plain:m': price, 'deep:m': price },
      deepRuns: true,
    }),
  );
  const args = [
    'compare',
    'spec.md',
    '--config',
    'config.json',
    '--state',
    'state',
    '--fast',
    'plain:m',
    '--reasoning',
    'deep:m',
  ];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args, '--events'], { cwd: folder });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const hadText = REASONING_TEXT.test(stdout);
    stdout += chunk;
    if (!hadText && REASONING_TEXT.test(stdout)) onText?.(child);
  });
  const [code] = await once(child, 'close');
  fs.rmSync(folder, { recursive: true, force: true });
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { lanes: Required<Summary> };
  return { code, lanes: last.lanes };
}

test('a run whose line is cut again and again comes whole', async () => {
  await using server = await startBackgroundServer(SCRIPT);
  server.cutEvery(150);
  const { code, lanes } = await compare(server);
  assert.equal(code, 0);
  assert.equal(lanes.reasoning.text, SCRIPT.text);
  assert.equal(lanes.reasoning.costUsd, (100 * 1 + 400 * 5) / 1e6);
  assert.ok(lanes.reasoning.resumes >= 1);
  assert.equal(lanes.fast.text, SCRIPT.text);
  assert.equal(server.runs.length, 1, 'the fast lane stores nothing');
});

test('stopping it stops it at the provider', { skip: process.platform === 'win32' }, async () => {
  await using server = await startBackgroundServer({ ...SCRIPT, tokensPerSecond: 60 });
  const { code, lanes } = await compare(server, (child) => child.kill('SIGINT'));
  assert.equal(code, 1);
  assert.deepEqual([lanes.reasoning.finish, lanes.reasoning.costBasis], ['aborted', 'estimated']);
  assert.equal(server.runs[0]?.status, 'cancelled');
});
