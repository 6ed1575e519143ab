/** `compare`: one spec, two models, events or a table. */
import fs from 'node:fs';
import path from 'node:path';
import { artifactOf } from '../core/artifact/artifact.ts';
import { checkRelativePath } from '../core/artifact/paths.ts';
import { explainRefusal, type LaneSetup, type Quote, unpricedQuotes } from '../core/compare/quote.ts';
import { LedgerUnavailable } from '../core/contracts.ts';
import { resolveModel } from '../core/settings.ts';
import { TaskProblem, taskFromBytes } from '../core/task.ts';
import { type ComparisonEvent, type ComparisonState, isComplete, LANES, type Task } from '../shared/comparison.ts';
import { estimateSentence } from '../shared/metrics.ts';
import { NANO_PER_USD, nanoFromUsd } from '../shared/money.ts';
import { summarise } from '../shared/summary.ts';
import { EXIT, Refused, Unusable } from './exit.ts';
import { createProgress } from './progress.ts';
import { keyProblem, openSession, requireSqlite, type Session } from './session.ts';
import { resultTable } from './table.ts';

export interface CompareOptions {
  readonly task?: string | undefined;
  readonly fast?: string | undefined;
  readonly reasoning?: string | undefined;
  readonly config?: string | undefined;
  readonly 'budget-run'?: string | undefined;
  readonly 'allow-unknown-price'?: boolean | undefined;
  readonly state?: string | undefined;
  readonly out?: string | undefined;
  readonly events?: boolean | undefined;
}

/** Returns the exit code. Throws {@link Unusable} or {@link Refused} before anything is sent. */
export async function compareCommand(spec: string, options: CompareOptions, samples: string): Promise<number> {
  requireSqlite();
  const session = openSession(options, samples);
  const limits = withRunBudget(session.settings.limits, options['budget-run']);
  const setups = LANES.map((lane) => {
    const model = options[lane] ?? (lane === 'fast' ? session.settings.fastModel : session.settings.reasoningModel);
    const found = resolveModel(model, session.settings);
    if ('problem' in found) throw new Unusable(found.problem);
    const problem = keyProblem(found.endpoint);
    if (problem) throw new Unusable(problem);
    return { lane, ...found, maxOutputTokens: session.settings.maxOutputTokens[lane] } satisfies LaneSetup;
  });
  const task = readTask(spec, options.task);
  const quotes = await session.engine.quote(task, setups);
  const unpriced = unpricedQuotes(quotes);
  if (unpriced.length > 0 && !options['allow-unknown-price']) {
    const names = unpriced.map((quote) => quote.plan.model).join(' and ');
    throw new Refused(
      `No price is known for ${names}, so no budget can hold it. Add a row to "prices" in the configuration, or run with --allow-unknown-price.`,
    );
  }
  const out = options.out === undefined ? undefined : prepareOut(options.out);
  try {
    const state = await run(session, task, quotes, limits, options, out);
    if (out !== undefined) writeFiles(state, out);
    return LANES.every((lane) => isComplete(state.runs[lane])) ? EXIT.ok : EXIT.lane;
  } finally {
    session.engine.close();
  }
}

async function run(
  session: Session,
  task: Task,
  quotes: readonly Quote[],
  limits: Parameters<ReturnType<Session['engine']['begin']>['start']>[1],
  options: CompareOptions,
  out: string | undefined,
): Promise<ComparisonState> {
  const progress = options.events ? undefined : createProgress(process.stderr);
  const log = out === undefined ? undefined : fs.openSync(path.join(out, 'events.ndjson'), 'w');
  const show = (batch: readonly ComparisonEvent[], state: ComparisonState): void => {
    const lines = batch
      .map((event) => `${JSON.stringify(event.type === 'comparison-end' ? { ...event, lanes: summarise(state) } : event)}\n`)
      .join('');
    if (log !== undefined) fs.writeSync(log, lines);
    if (options.events) process.stdout.write(lines);
  };
  const comparison = session.engine.begin(task, show);
  const interrupt = (): void => comparison.stop();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
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
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    if (log !== undefined) fs.closeSync(log);
  }
  if (!options.events) process.stdout.write(resultTable(comparison.state));
  return comparison.state;
}

function readTask(spec: string, instruction: string | undefined): Task {
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(spec);
  } catch (error) {
    throw new Unusable(`${spec} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    const source = { uri: path.resolve(spec), name: path.basename(spec) };
    return taskFromBytes({ source, bytes, ...(instruction === undefined ? {} : { instruction }) });
  } catch (error) {
    if (error instanceof TaskProblem) throw new Unusable(error.message);
    throw error;
  }
}

function withRunBudget<L extends { readonly perRunNanoUsd?: number }>(limits: L, text: string | undefined): L {
  if (text === undefined) return limits;
  const usd = Number(text);
  if (text.trim() === '' || !Number.isFinite(usd) || usd < 0 || usd > Number.MAX_SAFE_INTEGER / NANO_PER_USD) {
    throw new Unusable(`--budget-run takes US dollars, for example 0.50; "${text}" is not an amount.`);
  }
  return { ...limits, perRunNanoUsd: nanoFromUsd(usd) };
}

function prepareOut(directory: string): string {
  try {
    fs.mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new Unusable(`${directory} cannot be made: ${error instanceof Error ? error.message : String(error)}`);
  }
  return directory;
}

/** Each lane's files below a folder of its own; a name that is not a plain relative path is left out and said. */
function writeFiles(state: ComparisonState, out: string): void {
  for (const lane of LANES) {
    const run = state.runs[lane];
    if (!run) continue;
    const root = path.join(out, lane);
    fs.rmSync(root, { recursive: true, force: true });
    fs.mkdirSync(root, { recursive: true });
    fs.writeFileSync(path.join(root, 'answer.md'), run.text);
    if (run.reasoning) fs.writeFileSync(path.join(root, 'thinking.md'), run.reasoning);
    for (const file of artifactOf(state.task, run).files) {
      const checked = checkRelativePath(file.name);
      if (!checked.ok) {
        process.stderr.write(`${lane}: a file was not written: ${checked.reason}\n`);
        continue;
      }
      const target = path.join(root, 'files', checked.path);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, file.content);
    }
  }
}
