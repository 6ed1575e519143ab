/** The command line as a script calls it: real processes, real SDKs, models on loopback. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Journal } from '../../src/core/journal/journal.ts';
import { type ComparisonEvent, fold } from '../../src/shared/comparison.ts';
import { type Summary, summarise } from '../../src/shared/summary.ts';
import { type ModelScript, startModelServer } from '../servers/models.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const NODE_ARGS = ['--disable-warning=ExperimentalWarning', MAIN];
const KEY = 'canary-key-0123456789abcdef';
const ENVIRONMENT = { ...process.env, CANARY_KEY: KEY };
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

/** One call, as its arguments and the folder it keeps its state in. */
function callOf(config: unknown, args: readonly string[]): { argv: readonly string[]; state: string } {
  const folder = path.join(scratch, String(runs++));
  fs.mkdirSync(folder);
  const spec = path.join(folder, 'spec.md');
  const file = path.join(folder, 'config.json');
  fs.writeFileSync(spec, '# A card\n');
  fs.writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config));
  const state = path.join(folder, 'state');
  return { argv: [...NODE_ARGS, 'compare', spec, '--config', file, '--state', state, ...args], state };
}

let runs = 0;
function cli(config: unknown, ...args: string[]): Promise<Outcome> {
  const { argv, state } = callOf(config, args);
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env: ENVIRONMENT }, (error, stdout, stderr) => {
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
  const stored = new Journal(path.join(outcome.state, 'comparisons'), { pid: 0 });
  const journal = fs.readFileSync(stored.fileOf(stored.list()[0] ?? ''), 'utf8');
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
  const stored = fs.readdirSync(outcome.state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(stored.some(({ name }) => name === 'ledger.sqlite'));
  for (const { parentPath, name } of stored) assert.ok(!fs.readFileSync(path.join(parentPath, name)).includes(KEY), name);
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

test('--fairness prints what each model really received after the table, and does not go with --events', async () => {
  server.script(SCRIPT);
  const outcome = await cli(CONFIG, ...PAIR, '--fairness');
  assert.equal(outcome.code, 0, outcome.stderr);
  const [, sheet = ''] = outcome.stdout.split('\nSame words');
  assert.match(sheet, /^Prompt +standard words, \d+ characters +standard words, \d+ characters$/m);
  assert.match(sheet, /^Parameters sent +\S+: /m);
  assert.equal((await cli(CONFIG, ...PAIR, '--fairness', '--events')).code, 2);
});

test('hostile file names stay inside the folder', async () => {
  server.script({ text: '```html ../../escaped.html\n<!doctype html>\n```\n', usage: { inputTokens: 1, outputTokens: 1 } });
  const out = path.join(scratch, 'hostile');
  const outcome = await cli(CONFIG, ...PAIR, '--out', out);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stderr, /was not written/);
  assert.ok(!fs.existsSync(path.join(out, 'escaped.html')) && !fs.existsSync(path.join(scratch, 'escaped.html')));
});

test('what lies in the folder of --out and is not ours is kept, and found out before anything is sent', async () => {
  server.script(SCRIPT);
  const cases: readonly [string, (out: string) => string][] = [
    ['a folder of the same name', (out) => path.join(out, 'fast', 'mine.txt')],
    ['a file of the same name', (out) => path.join(out, 'reasoning')],
    ['a folder where the log goes', (out) => path.join(out, 'events.ndjson', 'mine.txt')],
    ['a file where the folder goes', (out) => out],
  ];
  for (const [what, place] of cases) {
    const out = path.join(scratch, what);
    const mine = place(out);
    fs.mkdirSync(path.dirname(mine), { recursive: true });
    fs.writeFileSync(mine, 'mine');
    const before = server.calls().length;
    const outcome = await cli(CONFIG, ...PAIR, '--out', out, '--events');
    assert.equal(outcome.code, 2, `${what}: ${outcome.stderr}`);
    assert.equal(fs.readFileSync(mine, 'utf8'), 'mine');
    assert.equal(server.calls().length, before);
  }
});

test('a second run replaces the first in --out; a refused one leaves it as it was', async () => {
  const out = path.join(scratch, 'again');
  server.script({ ...SCRIPT, text: '### one.html\n\n```html\n<p>1</p>\n```\n' });
  await cli(CONFIG, ...PAIR, '--out', out);
  const log = fs.readFileSync(path.join(out, 'events.ndjson'), 'utf8');
  assert.equal((await cli(CONFIG, ...PAIR, '--out', out, '--budget-run', '0')).code, 3);
  assert.equal(fs.readFileSync(path.join(out, 'events.ndjson'), 'utf8'), log);
  server.script({ ...SCRIPT, text: '### two.html\n\n```html\n<p>2</p>\n```\n' });
  const second = await cli(CONFIG, ...PAIR, '--out', out, '--events');
  assert.deepEqual(fs.readdirSync(path.join(out, 'fast/files')), ['two.html']);
  assert.equal(fs.readFileSync(path.join(out, 'events.ndjson'), 'utf8'), second.stdout);
});

test('files of an answer whose names stand in each other’s way are told, and the rest is written', async () => {
  server.script({
    text: '### a.html\n\n```html\n<p>1\n```\n\n### a.html/b.html\n\n```html\n<p>2\n```\n',
    usage: { inputTokens: 1, outputTokens: 1 },
  });
  const out = path.join(scratch, 'collision');
  const outcome = await cli(CONFIG, ...PAIR, '--out', out);
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stderr, /fast: a file was not written: its name is taken/);
  assert.equal(fs.readFileSync(path.join(out, 'reasoning/files/a.html'), 'utf8'), '<p>1\n');
});

const SLOW: ModelScript = { text: 'word '.repeat(2000), tokensPerSecond: 50 };

/** Starts a comparison that takes long, does something to it when both lanes answer, and returns how it ended. */
async function disturbed(
  act: (child: ReturnType<typeof spawn>) => void,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  server.script(SLOW);
  const { argv } = callOf(CONFIG, [...PAIR, '--events']);
  const child = spawn(process.execPath, argv, { env: ENVIRONMENT });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const answering = new Promise<void>((resolve) => {
    child.stdout.on('data', (data) => {
      stdout += data;
      if (/"fast","event":{"type":"text"/.test(stdout) && /"reasoning","event":{"type":"text"/.test(stdout)) resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await answering;
  act(child);
  return { code: await ended, stdout, stderr };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} stops both lanes, keeps their text and ends with the summary`, {
    skip: process.platform === 'win32',
  }, async () => {
    const { code, stdout } = await disturbed((child) => child.kill(signal));
    assert.equal(code, 1);
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { lanes: Required<Summary> };
    for (const lane of Object.values(last.lanes)) {
      assert.deepEqual([lane.finish, lane.errorKind, lane.costBasis], ['aborted', null, 'estimated']);
      assert.match(lane.text, /^word/);
    }
  });
}

test('a reader that goes away stops both lanes, without a stack trace', async () => {
  const { code, stderr } = await disturbed((child) => child.stdout?.destroy());
  assert.equal(code, 1);
  assert.equal(stderr, '');
  await Promise.all(server.calls().map((call) => call.closed)); // nothing goes on
});

test('a configuration may begin with a byte order mark', async () => {
  server.script(SCRIPT);
  const outcome = await cli(`\uFEFF${JSON.stringify(CONFIG)}`, ...PAIR, '--events');
  assert.equal(outcome.code, 0, outcome.stderr);
});

test('models that cannot be listed say why, in one sentence', async () => {
  const file = path.join(scratch, 'models.json');
  const endpoints = { down: { api: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1' }, chat: CONFIG.endpoints.chat };
  fs.writeFileSync(file, JSON.stringify({ endpoints }));
  const { stdout, code } = await new Promise<{ stdout: string; code: number }>((resolve) => {
    execFile(process.execPath, [...NODE_ARGS, 'models', '--config', file], { env: ENVIRONMENT }, (error, out) => {
      resolve({ stdout: out, code: error ? 1 : 0 });
    });
  });
  assert.equal(code, 0);
  assert.match(stdout, /^ {2}chat:m {2}free\b/m);
  assert.match(stdout, /^vscode {2}\(VS Code\)\n {2}not usable: .*inside VS Code only/m);
  assert.match(stdout, /^down .*\n {2}its models could not be listed: Nothing listens on http:\/\/127\.0\.0\.1:9\./m);
});

const UNUSABLE: readonly [string, unknown, readonly string[], RegExp][] = [
  ['broken JSON', '{', [], /not valid JSON/],
  [
    'a model of VS Code',
    {},
    ['--fast', 'vscode:copilot/gpt'],
    /^The models of VS Code can be used inside VS Code only\. Choose another endpoint here\.$/m,
  ],
  ['a model of VS Code without its vendor', {}, ['--fast', 'vscode:gpt'], /Write vscode:vendor\/model/],
  ['an unknown setting', { endpoint: {} }, [], /Unknown setting "endpoint"/],
  ['an unknown endpoint', CONFIG, ['--fast', 'nowhere:m'], /No endpoint is called "nowhere"/],
  ['an unknown sample', CONFIG, ['--fast', 'sample:slow'], /sample:fast and sample:reasoning/],
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
