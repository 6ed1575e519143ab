/**
 * Puts the parts of the core together for one process: settings in, comparisons out. The extension and the command line each make one and
 * hand it what only they know: where state lies, where keys come from, how bytes travel.
 */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ComparisonEvent, ComparisonState, LaneId, LanePlan, Run } from '../shared/comparison.ts';
import type { Cost } from '../shared/money.ts';
import type { Task } from '../shared/task.ts';
import { Comparison, type ComparisonDeps, newComparisonId } from './compare/comparison.ts';
import { leftLanes } from './compare/interrupted.ts';
import { addCosts } from './compare/outcome.ts';
import { type Quote, quoteLane, withCount } from './compare/quote.ts';
import { type LaneSetup, setupLane } from './compare/setup.ts';
import {
  type Clock,
  type Endpoint,
  type Fetch,
  type Ledger,
  type LedgerEntry,
  LedgerUnavailable,
  type Pricing,
  type Provider,
  type ReadSample,
  type StreamLimits,
} from './contracts.ts';
import { Journal, type JournalWriter } from './journal/journal.ts';
import { fileId } from './money/bookFile.ts';
import { usualOutput } from './money/estimate.ts';
import { carriedOver, type LedgerOptions, openLedger, setLedgerAside } from './money/ledger.ts';
import { createPriceLists, type PriceLists } from './money/priceLists.ts';
import { createPricing } from './money/pricing.ts';
import type { CarriedOver } from './money/setAside.ts';
import { thisProcess } from './processId.ts';
import { createProvider, DEEP_RUN_LIMITS, DEFAULT_LIMITS } from './providers/index.ts';
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
  /** Told what did not work and was done without, for a log. */
  readonly onNote?: (sentence: string, error: unknown) => void;
}

/** Whoever shows a comparison. */
export type Listener = (batch: readonly ComparisonEvent[], state: ComparisonState) => void;

/** A counting endpoint that takes longer is done without. */
const COUNT_MS = 5_000;
/** How far back in the books a model's earlier answers are looked for. */
const REMEMBERED_ENTRIES = 500;

export class Engine {
  readonly journal: Journal;
  /** Where the books lie. */
  readonly ledgerFile: string;
  /** The published prices, as they came with this version or as the person had them updated. */
  readonly priceLists: PriceLists;
  readonly #deps: EngineDeps;
  #ledger: Ledger | undefined;
  #ledgerFileId = '';

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.ledgerFile = path.join(deps.stateDirectory, 'ledger.sqlite');
    this.journal = new Journal(path.join(deps.stateDirectory, 'comparisons'), thisProcess(), (run) => this.#settlementOf(run));
    const file = path.join(deps.stateDirectory, 'prices.json');
    this.priceLists = createPriceLists({
      file,
      fetch: deps.fetch,
      clock: deps.clock,
      onNote: (...note) => deps.onNote?.(...note),
    });
  }

  /** The books, opened at first use, and anew when another window set a damaged ledger aside. Throws `LedgerUnavailable`. */
  ledger(): Ledger {
    const options = this.#ledgerOptions();
    if (this.#ledger && fileId(options.path) !== this.#ledgerFileId) this.close();
    this.#ledger ??= openLedger(options);
    this.#ledgerFileId = fileId(options.path);
    return this.#ledger;
  }

  /** What is known of a damaged ledger's sums. */
  carriedOver(): CarriedOver {
    return carriedOver(this.#ledgerOptions(), this.#deps.settings().limits);
  }

  /**
   * Begins a new ledger with what is known of a damaged one, and keeps that under the name that is returned; undefined when it is not
   * damaged any more. Throws `LedgerUnavailable`.
   */
  setLedgerAside(): string | undefined {
    this.close();
    return setLedgerAside(this.#ledgerOptions(), this.#deps.settings().limits);
  }

  /** What these lanes would be sent and could cost. */
  async quote(task: Task, setups: readonly LaneSetup[]): Promise<readonly Quote[]> {
    const pricing = this.pricing();
    const at = this.#deps.clock.date();
    const entries = setups.some(({ endpoint }) => !endpoint.scripted) ? this.#recentEntries() : [];
    return Promise.all(
      setups.map((setup) => quoteLane(task, setup, pricing, at, usualOutput(entries, setup.endpoint.id, setup.ref.model))),
    );
  }

  /** The same lanes with their input counted by the vendors, where the person wants that and the vendor offers it. This sends the requests. */
  async count(quotes: readonly Quote[]): Promise<readonly Quote[]> {
    if (!this.#deps.settings().countInputTokens) return quotes;
    return Promise.all(quotes.map((quote) => this.#count(quote)));
  }

  /** Prices as the settings and the published list have them now. */
  pricing(): Pricing {
    return createPricing({ overlay: this.#deps.settings().prices, loadPriceList: () => this.priceLists.current() });
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

  /**
   * Picks up the runs of a comparison that another process left to go on on their provider's side. Undefined when another process was
   * first, or there is nothing to pick up.
   */
  async pickUp(id: string, listener: Listener): Promise<Comparison | undefined> {
    const record = this.journal.takeOver(id);
    if (!record) return undefined;
    const { state, zeroAtMs } = record;
    const at = zeroAtMs === undefined ? this.#deps.clock.date() : new Date(zeroAtMs);
    const quoteLeft = (lane: LaneId) =>
      this.#quoteLeft(lane, state, at).catch((error: unknown) => ({
        lane,
        problem: `Something went wrong in Second Thought: ${error instanceof Error ? error.message : String(error)}.`,
      }));
    const lanes = await Promise.all(leftLanes(state).map(quoteLeft));
    const nowMs = zeroAtMs === undefined ? {} : { nowMs: this.#deps.clock.date().getTime() - zeroAtMs };
    const comparison = new Comparison(this.#comparisonDeps(id, listener), { stored: state, ...nowMs });
    comparison.pickUp(lanes, () => this.#deps.settings().limits);
    return comparison;
  }

  /** Closes the books. Running comparisons must be stopped before. */
  close(): void {
    this.#ledger?.close();
    this.#ledger = undefined;
  }

  /** What the books count a run at, its earlier attempts included; nothing when they cannot be read, which is said when money is at stake. */
  #settlementOf({ holdId, spent }: Run): Cost | undefined {
    if (holdId === undefined) return undefined;
    try {
      const cost = this.ledger().settlementOf(holdId);
      return cost && addCosts(spent, cost);
    } catch (error) {
      if (error instanceof LedgerUnavailable) return undefined;
      throw error;
    }
  }

  #ledgerOptions(): LedgerOptions {
    return { path: this.ledgerFile, clock: this.#deps.clock };
  }

  /** A left lane as it was sent, so that it can be read, counted and, should it fail unshown, sent again; or why not. */
  async #quoteLeft(
    lane: LaneId,
    { runs, task }: ComparisonState,
    at: Date,
  ): Promise<Quote | { readonly lane: LaneId; readonly problem: string }> {
    const plan = runs[lane]?.plan;
    const setup = plan ? setupLane(lane, plan.model, this.#deps.settings()) : { problem: 'It has no plan.' };
    if (!plan || 'problem' in setup) return { lane, problem: 'problem' in setup ? setup.problem : '' };
    const { endpoint } = setup;
    if (endpoint.needsKey && (await this.#deps.keyFor(endpoint)) === undefined) {
      return { lane, problem: `There is no key for ${endpoint.label}.` };
    }
    const { maxOutputTokens, prompt } = plan;
    const quote = await quoteLane(task, { ...setup, maxOutputTokens, prompt, background: true }, this.pricing(), at);
    return { ...quote, plan, request: { ...quote.request, system: plan.system } };
  }

  async #count(quote: Quote): Promise<Quote> {
    const { endpoint, ref } = quote.setup;
    try {
      const provider = await this.provider(endpoint, ref.model);
      const tokens = await provider.countTokens?.(quote.request, AbortSignal.timeout(COUNT_MS));
      return tokens === undefined ? quote : withCount(quote, tokens);
    } catch (error) {
      this.#deps.onNote?.(`${endpoint.label} did not count the tokens of the request; the estimate is used.`, error);
      return quote;
    }
  }

  /** What the books say of earlier answers; nothing when they cannot be read, which will be said when money is at stake. */
  #recentEntries(): readonly LedgerEntry[] {
    try {
      return this.ledger().entries(REMEMBERED_ENTRIES);
    } catch {
      return [];
    }
  }

  #comparisonDeps(id: string, listener: Listener): ComparisonDeps {
    const { clock, onProblem } = this.#deps;
    let writer: JournalWriter | undefined;
    let writable = true;
    const record: Listener = (batch, state) => {
      if (writable) {
        try {
          writer ??= this.journal.open(id, clock.date());
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
      limitsFor: (plan) => limitsOf(plan, this.#deps.settings().patience[plan.lane]),
      stopsLoops: () => this.#deps.settings().stopLoops,
      sleep,
      every,
      random: Math.random,
      sink: record,
      onLedgerProblem: (error) =>
        onProblem('The cost of a run could not be written down; its reservation stays until it is settled.', error),
    };
  }
}

/** How long a lane is waited for: the default of its role or of deep runs, and what the person set instead. */
function limitsOf({ lane, background }: LanePlan, { firstByteSeconds, idleSeconds, progressSeconds }: Patience): StreamLimits {
  const standard = background ? DEEP_RUN_LIMITS : DEFAULT_LIMITS[lane];
  const ms = (seconds: number | undefined, fallback: number): number => (seconds === undefined ? fallback : seconds * 1000);
  return {
    firstByteMs: ms(firstByteSeconds, standard.firstByteMs),
    idleMs: ms(idleSeconds, standard.idleMs),
    progressMs: ms(progressSeconds, standard.progressMs),
  };
}

/** Resolves after that time, or at once when the signal aborts. */
const sleep = (ms: number, signal: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal }).catch(() => undefined);

const every = (ms: number, call: () => void): (() => void) => {
  const timer = setInterval(call, ms);
  return () => clearInterval(timer);
};
