/**
 * A key is found nowhere but in the request it is for: not in what a run prints, stores or writes, and in no export, whatever a server does
 * with it. Servers say it back in every place they have: a status, an error in the stream, a header, a name, thinking, the answer, in
 * pieces. By real processes, on all three wires.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Journal } from '../../src/core/journal/journal.ts';
import type { Api } from '../../src/shared/model.ts';
import { type ModelScript, startModelServer } from '../servers/models.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const KEY = 'canary4Gd81kQz0pW7xT2mV9bN5c';
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-canary-'));
const server = await startModelServer({ text: '' });
after(async () => {
  await server.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const FORMS = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64').slice(0, 24), Buffer.from(KEY).toString('hex')];
const PRICE = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };

interface Call {
  readonly stdout: string;
  readonly stderr: string;
}
const run = (args: readonly string[]): Promise<Call> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', MAIN, ...args],
      { env: { ...process.env, CANARY_KEY: KEY }, maxBuffer: 64 << 20 },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });

/** Every file below a folder, whole. */
const filesIn = (folder: string): readonly (readonly [string, Buffer])[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, fs.readFileSync(path.join(entry.parentPath, entry.name))]);

let runs = 0;
/** Runs one comparison, exports it in every format, and looks for the key in all that came of it. */
async function check(
  fast: string,
  reasoning: string,
  config: unknown,
  forms: readonly string[],
  script: ModelScript,
): Promise<void> {
  server.script(script);
  const folder = path.join(scratch, String(runs++));
  fs.mkdirSync(folder);
  const [spec, settings, state, out] = ['spec.md', 'config.json', 'state', 'out'].map((name) => path.join(folder, name));
  assert.ok(spec && settings && state && out);
  fs.writeFileSync(spec, '# A card\n');
  fs.writeFileSync(settings, JSON.stringify(config));
  const before = server.requests.length;
  const place = ['--config', settings, '--state', state];
  const compared = await run(['compare', spec, '--fast', fast, '--reasoning', reasoning, ...place, '--out', out, '--fairness']);
  const told: (readonly [string, string | Buffer])[] = [...Object.entries(compared), ...filesIn(state), ...filesIn(out)];
  const used = server.requests.slice(before).filter(({ headers }) => JSON.stringify(headers).includes(KEY));
  assert.ok(used.length >= 2, `the key was sent ${used.length} times: ${compared.stderr}`);
  const [id = ''] = new Journal(path.join(state, 'comparisons'), { pid: 0 }).list();
  const exports = [
    ['html', id],
    ['md', path.join(out, 'events.ndjson')],
    ['json', id],
  ] as const;
  await Promise.all(
    exports.map(async ([format, from]) => {
      const exported = await run(['export', from, '--format', format, ...place]);
      assert.ok(exported.stdout.length > 500, exported.stderr);
      told.push([format, exported.stdout], ['its complaints', exported.stderr]);
    }),
  );
  for (const [name, text] of told) for (const form of forms) assert.ok(!text.includes(form), `${name} holds ${form}`);
  assert.ok(told.length >= 11, 'there is something to look through');
}

const WORDS = `Your key is ${KEY}, you know.`;
const WHERE: Readonly<Record<string, ModelScript>> = {
  'an error with 401': { text: '', failure: { status: 401, body: { error: { message: WORDS, type: KEY, code: KEY } } } },
  'a plain error, in a URL': {
    text: '',
    failure: { status: 400, body: `GET /?key=${encodeURIComponent(KEY)} ${KEY.slice(0, 20)}` },
  },
  'headers and an error': {
    text: '',
    failure: {
      status: 403,
      body: { detail: WORDS },
      headers: { 'x-request-id': KEY, 'retry-after': KEY, 'www-authenticate': `Bearer ${KEY}` },
    },
  },
  'its own name, thinking and the answer': { text: `${WORDS}\n`.repeat(3), reasoning: WORDS, servedModel: `m-${KEY}` },
  'an answer that is cut': { text: `${WORDS}\n`.repeat(3), reasoning: WORDS, fault: { afterTokens: 5, kind: 'end' } },
};

const endpoint = (api: Api) => ({
  api,
  baseUrl: `${server.url}${api === 'anthropic-messages' ? '' : '/v1'}`,
  keyEnv: 'CANARY_KEY',
  needsKey: true,
});
const WIRES = { r: endpoint('openai-responses'), c: endpoint('openai-chat'), a: endpoint('anthropic-messages') };
const prices = (ids: readonly string[]) => Object.fromEntries(ids.map((id) => [`${id}:m`, PRICE]));

describe('a server says the key back in', () => {
  const config = { endpoints: WIRES, prices: prices(['r', 'c', 'a']) };
  for (const [name, script] of Object.entries(WHERE)) {
    test(name, async () => {
      await check('r:m', 'a:m', config, FORMS, script);
      await check('c:m', 'c:m', config, FORMS, script);
    });
  }
});
