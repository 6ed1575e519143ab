/**
 * The same bytes come to the same end everywhere: a process of the command line, the engine as the panel's host uses it, and the panel's
 * page, which takes a snapshot in the middle and events after it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Engine, systemClock } from '../../src/core/engine.ts';
import { createNodeFetch } from '../../src/core/providers/nodeFetch.ts';
import { parseSettings, resolveModel } from '../../src/core/settings.ts';
import { taskFromBytes } from '../../src/core/task.ts';
import { type ComparisonEvent, type ComparisonState, LANES } from '../../src/shared/comparison.ts';
import { type Summary, summarise } from '../../src/shared/summary.ts';
import { PanelModel } from '../../src/webview/panelModel.ts';
import { type ModelScript, startModelServer } from '../servers/models.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-fold-'));
const server = await startModelServer({ text: '' });
after(async () => {
  await server.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const CONFIG = {
  endpoints: {
    r: { api: 'openai-responses', baseUrl: `${server.url}/v1` },
    c: { api: 'openai-chat', baseUrl: `${server.url}/v1` },
    a: { api: 'anthropic-messages', baseUrl: server.url },
  },
  prices: Object.fromEntries(['r:m', 'c:m', 'a:m'].map((model) => [model, { inputUsdPerMTok: 3, outputUsdPerMTok: 15 }])),
};
const SPEC = '# Card\n';

/** Times and what hangs on them differ from run to run; everything else may not. */
const timeless = (summary: Summary) =>
  LANES.map((lane) => {
    const run = summary[lane];
    assert.ok(run, `no ${lane} lane`);
    const isEstimate = run.costBasis === 'estimated';
    return { ...run, timingsMs: undefined, ...(isEstimate ? { costUsd: undefined, usage: undefined } : {}) };
  });

async function byCommandLine(models: readonly [string, string]): Promise<Summary> {
  const spec = path.join(scratch, 'spec.md');
  const config = path.join(scratch, 'config.json');
  fs.writeFileSync(spec, SPEC);
  fs.writeFileSync(config, JSON.stringify(CONFIG));
  const state = fs.mkdtempSync(path.join(scratch, 'cli-'));
  const args = ['compare', spec, '--config', config, '--state', state, '--fast', models[0], '--reasoning', models[1], '--events'];
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], (_error, out) => resolve(out));
  });
  return (JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { lanes: Summary }).lanes;
}

async function byPanel(models: readonly [string, string]): Promise<{ host: ComparisonState; page: ComparisonState }> {
  const { settings } = parseSettings(CONFIG);
  const engine = new Engine({
    stateDirectory: fs.mkdtempSync(path.join(scratch, 'panel-')),
    settings: () => settings,
    keyFor: async () => undefined,
    fetch: createNodeFetch(),
    readSample: async (name) => {
      throw new Error(`no sample ${name} here`);
    },
    clock: systemClock,
    onProblem: (sentence) => assert.fail(sentence),
  });
  const task = taskFromBytes({ source: { uri: path.join(scratch, 'spec.md'), name: 'spec.md' }, bytes: Buffer.from(SPEC) });
  const setups = LANES.map((lane, i) => {
    const found = resolveModel(models[i] ?? '', settings);
    assert.ok('endpoint' in found);
    return { lane, ...found, maxOutputTokens: settings.maxOutputTokens[lane] };
  });
  const page = new PanelModel();
  let batches = 0;
  const listener = (events: readonly ComparisonEvent[], state: ComparisonState): void => {
    // The page comes late, as a panel that was hidden does.
    if (++batches === 4) page.receive({ type: 'snapshot', state, context: page.context, nowMs: state.atMs }, 0);
    else assert.equal(page.receive({ type: 'events', events }, 0).needsSnapshot, false);
  };
  const comparison = engine.begin(task, listener);
  assert.equal(comparison.start(await engine.quote(task, setups), settings.limits), undefined);
  await comparison.settled();
  engine.close();
  assert.deepEqual(engine.journal.read(comparison.id)?.state, comparison.state);
  return { host: comparison.state, page: page.state };
}

const TEXT = 'Grüße 🎈\n\n### card.html\n\n```html\n<!doctype html>\n<p>世界</p>\n</html>\n```\n'.repeat(8);
const WHOLE: ModelScript = {
  text: TEXT,
  reasoning: 'First this, then that. '.repeat(20),
  usage: { inputTokens: 321, outputTokens: 654, reasoningTokens: 99 },
};
const SCRIPTS: Readonly<Record<string, ModelScript>> = {
  whole: WHOLE,
  'cut by the output limit': { ...WHOLE, finish: 'length' },
  'cut off': { ...WHOLE, fault: { afterTokens: 30, kind: 'end' } },
  'overloaded in mid-stream': { ...WHOLE, fault: { afterTokens: 30, kind: 'overloaded' } },
  'refused with 401': { text: '', failure: { status: 401, body: { error: { message: 'no' } } } },
};
for (const [name, script] of Object.entries(SCRIPTS)) {
  for (const models of [
    ['r:m', 'a:m'],
    ['c:m', 'c:m'],
  ] as const) {
    test(`${name}, ${models.join(' and ')}`, async () => {
      server.script(script);
      const cli = await byCommandLine(models);
      const { host, page } = await byPanel(models);
      assert.deepEqual(page, host);
      assert.deepEqual(timeless(summarise(host)), timeless(cli));
    });
  }
}
