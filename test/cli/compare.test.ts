/** The command line as a script calls it: real processes, real SDKs, models on loopback. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type ComparisonEvent, fold } from '../../src/shared/comparison.ts';
import { type Summary, summarise } from '../../src/shared/summary.ts';
import { type ModelScript, startModelServer } from '../servers/models.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const KEY = 'canary-key-0123456789abcdef';
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-cli-'));
const server = await startModelServer({ text: '' });
after(() => server.close());

const SCRIPT: ModelScript = {
  text: 'Here it is.\n\n### index.html\n\n```html\n<!doctype html>\n<html><body>Grüße</body></html>\n```\n',
  reasoning: 'Thinking about it.',
  usage: { inputTokens: 200, outputTokens: 100, reasoningTokens: 40, cacheReadTokens: 50 },
};
const PRICE = { inputUsdPerMTok: 1, outputUsdPerMTok: 4, cacheReadUsdPerMTok: 0.1 };
const CONFIG = {
  endpoints: {
    responses: { api: 'openai-responses', baseUrl: `${server.url}/v1`, keyEnv: 'CANARY_KEY' },
    chat: { api: 'openai-chat', baseUrl: `${server.url}/v1`, keyEnv: 'CANARY_KEY' },
    anthropic: { api: 'anthropic-messages', baseUrl: server.url, keyEnv: 'CANARY_KEY' },
  },
  prices: { 'responses:m': PRICE, 'chat:m': PRICE, 'anthropic:m': PRICE },
  budget: { perRunUsd: 1 },
};

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly state: string;
}

let runs = 0;
function cli(config: unknown, ...args: string[]): Promise<Outcome> {
  const folder = path.join(scratch, String(runs++));
  fs.mkdirSync(folder);
  const spec = path.join(folder, 'spec.md');
  const file = path.join(folder, 'config.json');
  fs.writeFileSync(spec, '# A card\n');
  fs.writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  const state = path.join(folder, 'state');
  const argv = ['--disable-warning=ExperimentalWarning', MAIN, 'compare', spec, '--config', file, '--state', state, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env: { ...process.env, CANARY_KEY: KEY } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr, state });
    });
  });
}

const eventsOf = (outcome: Outcome): ComparisonEvent[] =>
  outcome.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ComparisonEvent);
const lanesOf = (outcome: Outcome): Required<Summary> =>
  (eventsOf(outcome).at(-1) as unknown as { lanes: Required<Summary> }).lanes;
const PAIR = ['--fast', 'responses:m', '--reasoning', 'anthropic:m'] as const;

test('what the servers sent is what the summary says, on all three wires', async () => {
  server.script(SCRIPT);
  for (const [fast, reasoning] of [
    ['responses:m', 'anthropic:m'],
    ['chat:m', 'chat:m'],
  ] as const) {
    const outcome = await cli(CONFIG, '--fast', fast, '--reasoning', reasoning, '--events');
    assert.equal(outcome.code, 0, outcome.stderr);
    for (const lane of Object.values(lanesOf(outcome))) {
      assert.equal(lane.finish, 'stop');
      assert.equal(lane.errorKind, null);
      assert.equal(lane.text, SCRIPT.text);
      assert.equal(lane.reasoning, SCRIPT.reasoning);
      assert.equal(lane.servedModel, 'm');
      assert.deepEqual(
        { ...lane.usage, cacheWriteTokens: undefined },
        {
          inputTokens: 200,
          outputTokens: 100,
          reasoningTokens: 40,
          cacheReadTokens: 50,
          cacheWriteTokens: undefined,
          basis: 'reported',
        },
      );
      assert.equal(lane.costUsd, (150 * 1 + 50 * 0.1 + 100 * 4) / 1e6);
      assert.equal(lane.costBasis, 'computed');
      assert.equal(lane.attempts, 1);
    }
  }
});

test('the summary is the fold of the events, and so is the journal', async () => {
  server.script(SCRIPT);
  const outcome = await cli(CONFIG, ...PAIR, '--events');
  const events = eventsOf(outcome);
  assert.deepEqual(lanesOf(outcome), JSON.parse(JSON.stringify(summarise(fold(events)))));
  const [name] = fs.readdirSync(path.join(outcome.state, 'comparisons'));
  const journal = fs.readFileSync(path.join(outcome.state, 'comparisons', name ?? ''), 'utf8');
  assert.equal(journal.trimEnd().split('\n').length, events.length + 1);
});

test('a budget refuses before a byte is sent', async () => {
  server.script(SCRIPT);
  const before = server.calls().length;
  const outcome = await cli(CONFIG, ...PAIR, '--budget-run', '0.01', '--events');
  assert.equal(outcome.code, 3);
  assert.equal(outcome.stdout, '');
  assert.match(outcome.stderr, /\$0\.01/);
  assert.equal(server.calls().length, before);
});

test('an unknown price needs a yes, and its cost stays unknown', async () => {
  server.script(SCRIPT);
  const { prices: _, ...unpriced } = CONFIG;
  const local = await cli(unpriced, ...PAIR, '--events');
  assert.equal(local.code, 0, local.stderr);
  assert.deepEqual([lanesOf(local).fast.costUsd, lanesOf(local).fast.costBasis], [0, 'local']);
});

test('one lane that fails leaves the other alone and the exit code says so', async () => {
  server.script((request) =>
    request.path.endsWith('/messages')
      ? { text: '', failure: { status: 401, body: { error: { message: `bad key ${KEY}` } } } }
      : SCRIPT,
  );
  const outcome = await cli(CONFIG, ...PAIR, '--events');
  assert.equal(outcome.code, 1);
  assert.equal(lanesOf(outcome).fast.finish, 'stop');
  assert.equal(lanesOf(outcome).reasoning.errorKind, 'auth');
  assert.equal(lanesOf(outcome).reasoning.costUsd, 0);
  assert.ok(!(outcome.stdout + outcome.stderr).includes(KEY));
});

test('--out holds the files, the answers and the log; the table goes to standard output', async () => {
  server.script(SCRIPT);
  const out = path.join(scratch, 'out');
  const outcome = await cli(CONFIG, ...PAIR, '--out', out);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stdout, /Reasoning/);
  assert.equal(
    fs.readFileSync(path.join(out, 'fast/files/index.html'), 'utf8'),
    '<!doctype html>\n<html><body>Grüße</body></html>\n',
  );
  assert.equal(fs.readFileSync(path.join(out, 'reasoning/answer.md'), 'utf8'), SCRIPT.text);
  assert.match(fs.readFileSync(path.join(out, 'events.ndjson'), 'utf8'), /"type":"comparison-end","seq|"comparison-end"/);
});

test('hostile file names stay inside the folder', async () => {
  server.script({ text: '```html ../../escaped.html\n<!doctype html>\n```\n', usage: { inputTokens: 1, outputTokens: 1 } });
  const out = path.join(scratch, 'hostile');
  const outcome = await cli(CONFIG, ...PAIR, '--out', out);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stderr, /was not written/);
  assert.ok(!fs.existsSync(path.join(out, 'escaped.html')) && !fs.existsSync(path.join(scratch, 'escaped.html')));
});

const UNUSABLE: readonly [string, unknown, readonly string[], RegExp][] = [
  ['broken JSON', '{', [], /not valid JSON/],
  ['an unknown setting', { endpoint: {} }, [], /Unknown setting "endpoint"/],
  ['an unknown endpoint', CONFIG, ['--fast', 'nowhere:m'], /No endpoint is called "nowhere"/],
  ['no reference', CONFIG, ['--fast', 'gpt'], /not a model reference/],
  ['a budget that is no amount', CONFIG, ['--budget-run', 'much'], /not an amount/],
  ['an unknown option', CONFIG, ['--fats', 'x'], /fats/],
  ['a missing key', CONFIG, ['--fast', 'openai:gpt-6-luna'], /OPENAI_API_KEY/],
];
for (const [what, config, args, expected] of UNUSABLE) {
  test(`${what} ends with 2 and one sentence`, async () => {
    const outcome = await cli(config, ...args);
    assert.equal(outcome.code, 2, outcome.stderr);
    assert.equal(outcome.stdout, '');
    assert.match(outcome.stderr, expected);
  });
}
