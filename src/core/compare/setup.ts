/**
 * One lane as the settings have it: which model, where, how hard it thinks, and how much it may say. The editor and the command line read
 * the settings through here, so that both send the same.
 */
import type { LaneId } from '../../shared/comparison.ts';
import type { ModelRef } from '../../shared/model.ts';
import type { PromptStyle } from '../../shared/sending.ts';
import type { Endpoint } from '../contracts.ts';
import { offersBackground } from '../providers/index.ts';
import { resolveModel, type Settings } from '../settings.ts';

/** One lane as the person chose it. */
export interface LaneSetup {
  readonly lane: LaneId;
  readonly ref: ModelRef;
  readonly endpoint: Endpoint;
  readonly maxOutputTokens: number;
  readonly thinkingBudgetTokens?: number;
  /** Runs on the provider's side and survives a lost connection. */
  readonly background?: true;
  /** Absent: identical. */
  readonly prompts?: Exclude<PromptStyle, 'edited'>;
  /** The person's own words instead of the task's standard prompt. */
  readonly prompt?: string;
}

/** Reads a lane's setup; what one model's own row says wins over what its lane says. */
export function setupLane(lane: LaneId, model: string, settings: Settings): LaneSetup | { readonly problem: string } {
  const found = resolveModel(model, settings);
  if ('problem' in found) return found;
  const key = `${found.ref.endpoint}:${found.ref.model}`;
  const own = Object.hasOwn(settings.models, key) ? settings.models[key] : undefined;
  const effort = found.ref.effort ?? own?.effort;
  const budget = own?.thinkingBudgetTokens === undefined ? settings.thinkingBudgetTokens[lane] : own.thinkingBudgetTokens;
  const background = settings.deepRuns && lane === 'reasoning' && offersBackground(found.endpoint);
  return {
    lane,
    ref: effort === undefined ? found.ref : { ...found.ref, effort },
    endpoint: found.endpoint,
    maxOutputTokens: own?.maxOutputTokens ?? settings.maxOutputTokens[lane],
    ...(budget === undefined || budget === null ? {} : { thinkingBudgetTokens: budget }),
    ...(background ? { background } : {}),
    prompts: settings.prompts,
  };
}
