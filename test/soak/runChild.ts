/** A window that compares two models on a plain Node host, and tells every event that it shows, at the moment it shows it. */
import fs from 'node:fs';
import { setupLane } from '../../src/core/compare/setup.ts';
import { Engine, systemClock } from '../../src/core/engine.ts';
import { createNodeFetch } from '../../src/core/providers/nodeFetch.ts';
import { parseSettings } from '../../src/core/settings.ts';
import { LANES } from '../../src/shared/comparison.ts';
import { TASK } from '../core/compare/fakes.ts';

const [, , stateDirectory = '', serverUrl = ''] = process.argv;
const MODEL = { fast: 'swift:m', reasoning: 'careful:m' } as const;
const { settings, problems } = parseSettings({
  endpoints: {
    swift: { api: 'openai-responses', baseUrl: `${serverUrl}/v1` },
    careful: { api: 'anthropic-messages', baseUrl: serverUrl },
  },
  prices: {
    'swift:m': { inputUsdPerMTok: 1, outputUsdPerMTok: 5 },
    'careful:m': { inputUsdPerMTok: 5, outputUsdPerMTok: 25 },
  },
});
if (problems.length > 0) throw new Error(problems.join(' '));
const engine = new Engine({
  stateDirectory,
  settings: () => settings,
  keyFor: async () => undefined,
  fetch: createNodeFetch(),
  readSample: (name) => fs.promises.readFile(name),
  clock: systemClock,
  onProblem: (sentence, error) => {
    throw new Error(sentence, { cause: error });
  },
});
const setups = LANES.map((lane) => {
  const setup = setupLane(lane, MODEL[lane], settings);
  if ('problem' in setup) throw new Error(setup.problem);
  return setup;
});
const quotes = await engine.quote(TASK, setups);
const comparison = engine.begin(TASK, (batch) => {
  fs.writeSync(1, batch.map((event) => `${JSON.stringify(event)}\n`).join(''));
});
const refusal = comparison.start(quotes, { perDayNanoUsd: 1e9 });
if (refusal) throw new Error(JSON.stringify(refusal));
await comparison.settled();
engine.close();
