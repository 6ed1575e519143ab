/**
 * Puts the parts of the core together for one process: settings in, comparisons out. The extension and the command line each make one and
 * hand it what only they know: where state lies, where keys come from, how bytes travel.
 */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ComparisonEvent, ComparisonState, LaneId, Task } from '../shared/comparison.ts';
import { Comparison, type ComparisonDeps, newComparisonId } from './compare/comparison.ts';
import { type Quote, quoteLane } from './compare/quote.ts';
import type { LaneSetup } from './compare/setup.ts';
import type { Clock, Endpoint, Fetch, Ledger, Provider, ReadSample, StreamLimits } from './contracts.ts';
import { Journal, type JournalWriter } from './journal/journal.ts';
import { openLedger } from './money/ledger.ts';
import { createPricing } from './money/pricing.ts';
import { thisProcess } from './processId.ts';
import { createProvider, DEFAULT_LIMITS } from './providers/index.ts';
import { createSampleProvider, isSampleModel, SAMPLE_ENDPOINT } from './providers/sample.ts';
import type { Patience, Settings } from './settings.ts';

export const systemClock: Clock = { nowMs: () => performance.now(), date: () => new Date() };

export interface EngineDeps {
  /** Where the ledger and the journal lie. */
  readonly stateDirectory: string;
  /** Read anew for each comparison, so that a change takes effect at once. */
  readonly settings: () => Settings;
  /** The key of an endpoint; undefined when none is set. */
  readonly keyFor: (endpoint: Endpoint) => Promise<string | undefined>;
  readonly fetch: Fetch;
  readonly readSample: ReadSample;
  /** The provider of VS Code's own models; absent outside VS Code. */
  readonly editorProvider?: (endpoint: Endpoint, model: string) => Provider;
  readonly clock: Clock;
  /** Told, in one sentence, what could not be written down. */
  readonly onProblem: (sentence: string, error: unknown) => void;
}

/** Whoever shows a comparison. */
export type Listener = (batch: readonly ComparisonEvent[], state: ComparisonState) => void;

export class Engine {
  readonly journal: Journal;
  readonly #deps: EngineDeps;
  #ledger: Ledger | undefined;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.journal = new Journal(path.join(deps.stateDirectory, 'comparisons'), thisProcess());
  }

  /** The books, opened at first use. Throws `LedgerUnavailable`. */
  ledger(): Ledger {
    this.#ledger ??= openLedger({ path: path.join(this.#deps.stateDirectory, 'ledger.sqlite'), clock: this.#deps.clock });
    return this.#ledger;
  }

  /** What these lanes would be sent and could cost. */
  async quote(task: Task, setups: readonly LaneSetup[]): Promise<readonly Quote[]> {
    const pricing = createPricing({ overlay: this.#deps.settings().prices });
    const at = this.#deps.clock.date();
    return Promise.all(setups.map((setup) => quoteLane(task, setup, pricing, at)));
  }

  async provider(endpoint: Endpoint, model: string): Promise<Provider> {
    if (endpoint.id === SAMPLE_ENDPOINT.id) {
      if (!isSampleModel(model)) throw new Error(`the sample has two models, fast and reasoning, and none called "${model}"`);
      return createSampleProvider(model, { readFile: this.#deps.readSample });
    }
    if (endpoint.api === 'vscode-lm') {
      if (!this.#deps.editorProvider) throw new Error('the models of VS Code can be reached inside VS Code only');
      return this.#deps.editorProvider(endpoint, model);
    }
    const key = await this.#deps.keyFor(endpoint);
    return createProvider(endpoint, { fetch: this.#deps.fetch, ...(key === undefined ? {} : { key }) });
  }

  /** A new comparison, written to the journal as it goes and shown to the listener after. */
  begin(task: Task, listener: Listener): Comparison {
    const id = newComparisonId(this.#deps.clock.date(), Math.random);
    return new Comparison(this.#comparisonDeps(id, listener), { id, task });
  }

  /** Goes on with a stored comparison. */
  resume(stored: ComparisonState, listener: Listener): Comparison {
    return new Comparison(this.#comparisonDeps(stored.id, listener), { stored });
  }

  /** Closes the books. Running comparisons must be stopped before. */
  close(): void {
    this.#ledger?.close();
    this.#ledger = undefined;
  }

  #comparisonDeps(id: string, listener: Listener): ComparisonDeps {
    const { clock, onProblem } = this.#deps;
    let writer: JournalWriter | undefined;
    let writable = true;
    const record: Listener = (batch, state) => {
      if (writable) {
        try {
          writer ??= this.journal.open(id);
          writer.append(batch);
          if (batch.at(-1)?.type === 'comparison-end') {
            writer.close();
            writer = undefined;
          }
        } catch (error) {
          writable = false; // one sentence is enough; the comparison itself goes on
          onProblem('This comparison cannot be stored, so it cannot be opened again later. Check the disk.', error);
        }
      }
      listener(batch, state);
    };
    return {
      clock,
      ledger: () => this.ledger(),
      providerFor: (endpoint, model) => this.provider(endpoint, model),
      limitsFor: (lane: LaneId) => limitsOf(lane, this.#deps.settings().patience[lane]),
      sleep,
      random: Math.random,
      sink: record,
      onLedgerProblem: (error) =>
        onProblem('The cost of a run could not be written down; its reservation stays until it is settled.', error),
    };
  }
}

/** How long a lane is waited for: the default of its role, and what the person set instead. */
function limitsOf(lane: LaneId, { firstByteSeconds, idleSeconds, progressSeconds }: Patience): StreamLimits {
  const standard = DEFAULT_LIMITS[lane];
  const ms = (seconds: number | undefined, fallback: number): number => (seconds === undefined ? fallback : seconds * 1000);
  return {
    firstByteMs: ms(firstByteSeconds, standard.firstByteMs),
    idleMs: ms(idleSeconds, standard.idleMs),
    progressMs: ms(progressSeconds, standard.progressMs),
  };
}

/** Resolves after that time, or at once when the signal aborts. */
const sleep = (ms: number, signal: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal }).catch(() => undefined);
