/** What a window is made of, without VS Code: an engine on a folder, with a server that runs in the background as its reasoning lane. */
import fs from 'node:fs';
import { setupLane } from '../../../src/core/compare/setup.ts';
import { Engine, type Listener, systemClock } from '../../../src/core/engine.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import { parseSettings } from '../../../src/core/settings.ts';
import { TASK } from './fakes.ts';

export interface DeepWindow {
  readonly engine: Engine;
  /** Starts the reasoning lane alone, in the background. */
  begin(listener: Listener): Promise<ReturnType<Engine['begin']>>;
}

export function deepWindow(stateDirectory: string, serverUrl: string): DeepWindow {
  const { settings, problems } = parseSettings({
    endpoints: { deep: { api: 'openai-responses', dialect: 'openai', baseUrl: `${serverUrl}/v1` } },
    prices: { 'deep:m': { inputUsdPerMTok: 1, outputUsdPerMTok: 5 } },
    deepRuns: true,
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
  return {
    engine,
    begin: async (listener) => {
      const setup = setupLane('reasoning', 'deep:m', settings);
      if ('problem' in setup) throw new Error(setup.problem);
      const quotes = await engine.quote(TASK, [setup]);
      const comparison = engine.begin(TASK, listener);
      const refusal = comparison.start(quotes, {});
      if (refusal) throw new Error(JSON.stringify(refusal));
      return comparison;
    },
  };
}
