/** `compare`: one spec of one or several files, two models, events or a table. */
import { explainRefusal, type Quote, unpricedQuotes } from '../core/compare/quote.ts';
import { setupLane } from '../core/compare/setup.ts';
import { LedgerUnavailable } from '../core/contracts.ts';
import { type ComparisonEvent, type ComparisonState, isComplete, LANES } from '../shared/comparison.ts';
import { estimateSentence } from '../shared/estimateWords.ts';
import { NANO_PER_USD, nanoFromUsd } from '../shared/money.ts';
import { summarise } from '../shared/summary.ts';
import type { Task } from '../shared/task.ts';
import { EXIT, Refused, Unusable } from './exit.ts';
import { OutFolder } from './outFolder.ts';
import { createProgress } from './progress.ts';
import { withProposedTarget } from './proposeTarget.ts';
import { readTask, type TaskOptions } from './readTask.ts';
import { keyProblem, openSession, requireSqlite, type Session } from './session.ts';
import { fairnessTable, findingsList, resultTable } from './table.ts';

export interface CompareOptions extends TaskOptions {
  readonly fast?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly config?: string | undefined;
  readonly 'budget-run'?: string | undefined;
  readonly 'allow-unknown-price'?: boolean | undefined;
  readonly state?: string | undefined;
  readonly out?: string | undefined;
  readonly events?: boolean | undefined;
  readonly fairness?: boolean | undefined;
}

/** A person, a service or a closed terminal asks for the end. A second time the process ends at once. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Returns the exit code. Throws {@link Unusable} or {@link Refused} before anything is sent. */
export async function compareCommand(specs: readonly string[], options: CompareOptions, samples: string): Promise<number> {
  if (options.events && options.fairness)
    throw new Unusable('--fairness prints a table and --events prints nothing but events: choose one of them.');
  requireSqlite();
  const session = openSession(options, samples);
  const limits = withRunBudget(session.settings.limits, options['budget-run']);
  const setups = LANES.map((lane) => {
    const model = options[lane] ?? (lane === 'fast' ? session.settings.fastModel : session.settings.reasoningModel);
    const setup = setupLane(lane, model, session.settings);
    if ('problem' in setup) throw new Unusable(setup.problem);
    const problem = keyProblem(setup.endpoint);
    if (problem) throw new Unusable(problem);
    return setup;
  });
  const { target } = session.settings;
  const read = await readTask(specs, options, target === 'auto' ? undefined : target);
  const task = withProposedTarget(read, options.events ? () => undefined : say); // events hold the target themselves
  const quotes = await session.engine.quote(task, setups);
  const unpriced = unpricedQuotes(quotes);
  if (unpriced.length > 0 && !options['allow-unknown-price']) {
    const names = [...new Set(unpriced.map((quote) => quote.plan.model))].join(' and ');
    throw new Refused(
      `No price is known for ${names}, so no budget can hold it. Add a row to "prices" in the configuration, or run with --allow-unknown-price.`,
    );
  }
  const out = options.out === undefined ? undefined : new OutFolder(options.out, say);
  const output = watchOutput();
  try {
    const counted = await session.engine.count(quotes);
    const state = await run(session, task, counted, limits, options, out, output);
    out?.writeAnswers(state);
    const isWhole = !output.isLost && out?.isWhole !== false;
    return isWhole && LANES.every((lane) => isComplete(state.runs[lane])) ? EXIT.ok : EXIT.lane;
  } finally {
    out?.close();
    session.engine.close();
  }
}

async function run(
  session: Session,
  task: Task,
  quotes: readonly Quote[],
  limits: Parameters<ReturnType<Session['engine']['begin']>['start']>[1],
  options: CompareOptions,
  out: OutFolder | undefined,
  output: Output,
): Promise<ComparisonState> {
  const progress = options.events ? undefined : createProgress(process.stderr);
  const show = (batch: readonly ComparisonEvent[], state: ComparisonState): void => {
    const lines = batch
      .map((event) => `${JSON.stringify(event.type === 'comparison-end' ? { ...event, lanes: summarise(state) } : event)}\n`)
      .join('');
    out?.append(lines);
    if (options.events && !output.isLost) process.stdout.write(lines);
  };
  const comparison = session.engine.begin(task, show);
  const interrupt = (): void => comparison.stop();
  output.onLost = interrupt; // nobody reads any more, so nobody should pay
  for (const signal of STOP_SIGNALS) process.once(signal, interrupt);
  try {
    const refusal = comparison.start(quotes, limits);
    if (refusal) throw new Refused(explainRefusal(refusal, quotes));
    const estimate = estimateSentence(comparison.state);
    if (progress && estimate) process.stderr.write(`${estimate}\n`);
    progress?.start(() => ({ state: comparison.state, nowMs: comparison.nowMs }));
    await comparison.settled();
  } catch (error) {
    if (error instanceof LedgerUnavailable) throw new Refused(error.message);
    throw error;
  } finally {
    progress?.stop();
    for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
  }
  if (!options.events && !output.isLost)
    process.stdout.write(
      resultTable(comparison.state) + findingsList(comparison.state) + (options.fairness ? fairnessTable(comparison.state) : ''),
    );
  return comparison.state;
}

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** Standard output while somebody reads it. */
interface Output {
  isLost: boolean;
  onLost: () => void;
}

/** Notices when standard output can no longer be written: its reader went away, or the disk it goes to is full. */
function watchOutput(): Output {
  const output: Output = { isLost: false, onLost: () => undefined };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (output.isLost) return;
    output.isLost = true;
    if (error.code !== 'EPIPE') say(`The output cannot be written: ${error.message}`);
    output.onLost();
  });
  return output;
}

function withRunBudget<L extends { readonly perRunNanoUsd?: number }>(limits: L, text: string | undefined): L {
  if (text === undefined) return limits;
  const usd = Number(text);
  if (text.trim() === '' || !Number.isFinite(usd) || usd < 0 || usd > Number.MAX_SAFE_INTEGER / NANO_PER_USD) {
    throw new Unusable(`--budget-run takes US dollars, for example 0.50; "${text}" is not an amount.`);
  }
  return { ...limits, perRunNanoUsd: nanoFromUsd(usd) };
}
