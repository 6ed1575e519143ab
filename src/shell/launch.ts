/**
 * What lies between the wish to run lanes and their sending: each lane's setup, what it would be sent and may cost, what the person must
 * be asked, and the limits. What keeps lanes from being sent is thrown as `StartProblem`.
 */
import type { Comparison } from '../core/compare/comparison.ts';
import { explainRefusal, fittingLimits, type Quote } from '../core/compare/quote.ts';
import { type LaneSetup, setupLane } from '../core/compare/setup.ts';
import type { Engine } from '../core/engine.ts';
import type { ParsedSettings, Settings } from '../core/settings.ts';
import { type ComparisonState, LANES, type LaneId } from '../shared/comparison.ts';
import type { Task } from '../shared/task.ts';
import { type BeforeRunDeps, mayRun } from './beforeRun.ts';
import { type OutputLimits, StartProblem } from './startProblem.ts';
import { MODEL_SETTING } from './userSettings.ts';

export interface LaunchDeps {
  readonly engine: Engine;
  readonly settings: () => ParsedSettings;
  readonly beforeRun: BeforeRunDeps;
}

/** What to change when lanes run again. */
export interface Changes {
  readonly models?: Partial<Record<LaneId, string>>;
  readonly prompt?: string;
  readonly maxOutputTokens?: OutputLimits;
  /** The task's own words, of that kind, instead of those that were sent. */
  readonly prompts?: 'identical' | 'adapted';
}

/** Both lanes, with the models given or else chosen in the settings. */
export const setupsOf = (
  models: Partial<Record<LaneId, string>>,
  limits: OutputLimits,
  settings: Settings,
): readonly LaneSetup[] => LANES.map((lane) => setupOf(lane, models[lane] ?? settings[MODEL_SETTING[lane]], settings, limits));

/** Lanes of a comparison as they ran, but for the changes. */
export function setupsAgain(
  state: ComparisonState,
  lanes: readonly LaneId[],
  changes: Changes,
  settings: Settings,
): readonly LaneSetup[] {
  return lanes.map((lane) => {
    const plan = state.runs[lane]?.plan;
    const prompt = changes.prompts ? undefined : (changes.prompt ?? plan?.prompt);
    const model = changes.models?.[lane] ?? plan?.model ?? settings[MODEL_SETTING[lane]];
    return {
      ...setupOf(lane, model, settings, changes.maxOutputTokens),
      ...(prompt === undefined ? {} : { prompt }),
      ...(changes.prompts ? { prompts: changes.prompts } : {}),
    };
  });
}

/** Quotes these lanes and asks what must be asked. Undefined: do not run. */
export async function quotesToRun(
  task: Task,
  setups: readonly LaneSetup[],
  { engine, settings, beforeRun }: LaunchDeps,
): Promise<readonly Quote[] | undefined> {
  const parsed = settings();
  const quotes = await engine.quote(task, setups);
  if (parsed.limitsBroken && quotes.some((quote) => !quote.plan.scripted)) {
    throw new StartProblem(`${parsed.problems.join(' ')} Nothing is sent until the limits can be read.`, 'limits');
  }
  return (await mayRun(task, quotes, parsed.settings.limits, beforeRun)) ? engine.count(quotes) : undefined;
}

/** Sends these lanes. A change of the limits counts from then on; limits that cannot be read leave the ones before in force. */
export function launch(comparison: Comparison, quotes: readonly Quote[], { settings }: LaunchDeps): void {
  const { limits } = settings().settings;
  const limitsNow = () => {
    const parsed = settings();
    return parsed.limitsBroken ? limits : parsed.settings.limits;
  };
  const refusal = comparison.start(quotes, limitsNow);
  if (refusal)
    throw new StartProblem(`${explainRefusal(refusal, quotes)} Nothing was sent.`, 'limits', fittingLimits(refusal, quotes));
}

function setupOf(lane: LaneId, model: string, settings: Settings, limits: OutputLimits = {}): LaneSetup {
  const setup = setupLane(lane, model, settings);
  if ('problem' in setup) throw new StartProblem(setup.problem, 'models');
  const { [lane]: maxOutputTokens = setup.maxOutputTokens } = limits;
  return { ...setup, maxOutputTokens };
}
