/** What the engine puts together before a run: prices, the person's own history, and the vendors' counts. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { setupLane } from '../../src/core/compare/setup.ts';
import { Engine } from '../../src/core/engine.ts';
import { parseSettings } from '../../src/core/settings.ts';
import type { Usage } from '../../src/shared/model.ts';
import type { Task } from '../../src/shared/task.ts';
import { json, type Responder, startServer } from '../servers/server.ts';

const TASK: Task = { kind: 'design', title: 'spec.md', instruction: '', parts: [{ type: 'text', text: '# A pricing card' }] };
const NOON = new Date('2026-11-22T12:00:00Z');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'engine-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
let states = 0;

/** An engine whose one endpoint is a loopback server with a price of $1 in and $10 out. */
async function fixture(responder: Responder, { countInputTokens = true, state = path.join(folder, `${states++}`) } = {}) {
  const server = await startServer(responder);
  const { settings, problems } = parseSettings({
    countInputTokens,
    endpoints: { mine: { api: 'openai-responses', dialect: 'openai', baseUrl: `${server.url}/v1` } },
    prices: { 'mine:m': { inputUsdPerMTok: 1, outputUsdPerMTok: 10 } },
    maxOutputTokens: { fast: 1000 },
  });
  assert.deepEqual(problems, []);
  const notes: string[] = [];
  const engine = new Engine({
    stateDirectory: state,
    settings: () => settings,
    keyFor: async () => undefined,
    fetch,
    readSample: async () => new Uint8Array(),
    clock: { nowMs: () => 0, date: () => NOON },
    onProblem: (sentence) => assert.fail(sentence),
    onNote: (sentence) => notes.push(sentence),
  });
  const quote = async (model = 'mine:m') => {
    const setup = setupLane('fast', model, settings);
    assert.ok(!('problem' in setup));
    return engine.quote(TASK, [setup]);
  };
  const close = async (): Promise<void> => {
    engine.close();
    await server.close();
  };
  return { server, engine, notes, quote, [Symbol.asyncDispose]: close };
}

describe('the input, counted by the vendor', () => {
  test('takes the place of the estimate', async () => {
    await using it = await fixture(json(200, { input_tokens: 2000 }));
    const [guess] = await it.quote();
    assert.equal(it.server.requests.length, 0, 'an estimate asks nobody');
    const [counted] = await it.engine.count(await it.quote());
    assert.equal(guess?.plan.estimate.inputBasis, undefined);
    assert.deepEqual(counted?.plan.estimate, {
      inputTokens: 2000,
      inputTokensRange: [2000, 2056],
      inputBasis: 'counted',
      likelyOutputTokens: 1000,
      floorNanoUsd: 2_000_000,
      likelyNanoUsd: 12_000_000,
      ceilingNanoUsd: 2_056_000 + 10_000_000,
      largerCeilingNanoUsd: 2_056_000 + 20_000_000,
    });
    assert.deepEqual({ ...counted?.plan, estimate: 0 }, { ...guess?.plan, estimate: 0 });
    assert.equal(it.server.requests.length, 1);
  });

  test('is not asked for when the person did not switch it on', async () => {
    await using it = await fixture(json(200, { input_tokens: 2000 }), { countInputTokens: false });
    const quotes = await it.quote();
    assert.equal(await it.engine.count(quotes), quotes);
    assert.equal(it.server.requests.length, 0);
  });

  test('is done without when the vendor fails', async () => {
    await using it = await fixture(json(500, {}));
    const quotes = await it.quote();
    assert.deepEqual(await it.engine.count(quotes), quotes);
    assert.deepEqual(it.notes, ['mine did not count the tokens of the request; the estimate is used.']);
  });

  test('is not asked for of the sample', async () => {
    await using it = await fixture(json(200, { input_tokens: 2000 }));
    const quotes = await it.quote('sample:fast');
    assert.deepEqual(await it.engine.count(quotes), quotes);
    assert.equal(it.server.requests.length, 0);
  });
});

describe('the likely output', () => {
  const answered = (engine: Engine, usage: Usage): void => {
    const hold = { lane: 'fast', endpoint: 'mine', model: 'm', ceilingNanoUsd: 1 };
    const reserved = engine.ledger().reserve('c', [hold], {});
    assert.ok(reserved.ok && reserved.holdIds[0]);
    engine.ledger().settle(reserved.holdIds[0], { nanoUsd: 1, basis: 'computed' }, usage);
  };

  test('is what the person’s own answers came to', async () => {
    await using it = await fixture(json(500, {}));
    for (const outputTokens of [300, 100, 200]) answered(it.engine, { outputTokens, basis: 'reported' });
    const [quote] = await it.quote();
    assert.deepEqual([quote?.plan.estimate.likelyOutputTokens, quote?.plan.estimate.likelyFromRuns], [200, 3]);
  });

  test('is a typical one when there are none, or the books cannot be opened', async () => {
    await using fresh = await fixture(json(500, {}));
    const file = path.join(folder, 'a-file');
    fs.writeFileSync(file, '');
    await using broken = await fixture(json(500, {}), { state: file });
    for (const it of [fresh, broken]) {
      const [quote] = await it.quote();
      assert.deepEqual([quote?.plan.estimate.likelyOutputTokens, quote?.plan.estimate.likelyFromRuns], [1000, undefined]);
    }
  });

  test('opens no books for the sample', async () => {
    const state = path.join(folder, `${states++}`);
    await using it = await fixture(json(500, {}), { state });
    await it.quote('sample:fast');
    assert.equal(fs.existsSync(path.join(state, 'ledger.sqlite')), false);
  });
});
