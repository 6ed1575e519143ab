/** The product's core as the benchmark runs it: real books and a real journal in a scratch folder, messages written as for a panel. */
import assert from 'node:assert/strict';
import type { Comparison } from '../src/core/compare/comparison.ts';
import type { Endpoint } from '../src/core/contracts.ts';
import { Engine, systemClock } from '../src/core/engine.ts';
import { createNodeFetch } from '../src/core/providers/nodeFetch.ts';
import { parseSettings } from '../src/core/settings.ts';
import type { LaneId } from '../src/shared/comparison.ts';
import type { Api } from '../src/shared/model.ts';

const MAX_OUTPUT_TOKENS = 100_000;
const USD = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };
const LIMITS = {};

export function endpointOf(url: string, api: Api): Endpoint {
  return { id: 'bench', label: 'Bench', api, baseUrl: api === 'anthropic-messages' ? url : `${url}/v1`, needsKey: false };
}

/** These models have a price, so that there are books to keep. */
export function benchEngine(stateDirectory: string, models: readonly string[], fetch = createNodeFetch()): Engine {
  const { settings } = parseSettings({
    prices: Object.fromEntries(models.map((model) => [`bench:${model}`, USD])),
    budget: { perRunUsd: null, perDayUsd: null, perMonthUsd: null },
  });
  return new Engine({
    stateDirectory,
    settings: () => settings,
    keyFor: async () => undefined,
    fetch,
    readSample: () => assert.fail('no sample is asked for'),
    clock: systemClock,
    onProblem: (sentence, error) => assert.fail(`${sentence} ${error}`),
  });
}

export interface Compared {
  readonly comparison: Comparison;
  /** Batches handed on, the characters of their messages, and how long the oldest delta of each had waited. */
  readonly count: number;
  readonly posted: number;
  readonly waitsMs: readonly number[];
}

/** A whole comparison of both lanes. `onStart` is called when all is quoted and the lanes are about to start. */
export async function compare(
  engine: Engine,
  endpoint: Endpoint,
  models: Readonly<Record<LaneId, string>>,
  onStart: () => void = () => undefined,
): Promise<Compared> {
  const task = { kind: 'design', title: 'Bench', instruction: '', parts: [{ type: 'text', text: 'x' }] } as const;
  const setups = (['fast', 'reasoning'] as const).map((lane) => {
    return { lane, ref: { endpoint: endpoint.id, model: models[lane] }, endpoint, maxOutputTokens: MAX_OUTPUT_TOKENS };
  });
  const quotes = await engine.quote(task, setups);
  const waitsMs: number[] = [];
  let count = 0;
  let posted = 0;
  onStart();
  const comparison = engine.begin(task, (batch) => {
    posted += JSON.stringify({ type: 'events', events: batch }).length; // as the panel's postMessage does
    count++;
    const oldest = batch.find((event) => event.type === 'lane' && event.event.type === 'text');
    if (oldest) waitsMs.push(comparison.nowMs - oldest.atMs);
  });
  assert.equal(comparison.start(quotes, LIMITS), undefined);
  await comparison.settled();
  return { comparison, count, posted, waitsMs };
}
