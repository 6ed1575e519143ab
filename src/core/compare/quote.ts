/**
 * What a lane would be sent and what it could cost, before anything is sent: shown to the person, checked against the limits, reserved.
 */
import { LANE_LABEL, type LanePlan } from '../../shared/comparison.ts';
import { formatModelRef, type ModelRequest } from '../../shared/model.ts';
import type { SentPicture } from '../../shared/sending.ts';
import type { Task } from '../../shared/task.ts';
import type { Endpoint, HoldRequest, Price, Pricing, Refusal } from '../contracts.ts';
import { type FittingLimit, fittingOutputLimits, headroomOf, refusalSentence } from '../money/budget.ts';
import { ceilingByOutput, estimateRun, type UsualOutput, withCountedInput } from '../money/estimate.ts';
import { describePicture } from '../money/images.ts';
import { promptFor, promptParts, styleOf } from '../prompt.ts';
import { describeRequest } from '../providers/index.ts';
import type { LaneSetup } from './setup.ts';

export interface Quote {
  readonly setup: LaneSetup;
  readonly request: ModelRequest;
  readonly plan: LanePlan;
  /** Undefined: nobody knows the price. */
  readonly price: Price | undefined;
}

/** `usualOutput`: what earlier answers by this model came to, where there are any. */
export async function quoteLane(
  task: Task,
  setup: LaneSetup,
  pricing: Pricing,
  at: Date,
  usualOutput?: UsualOutput,
): Promise<Quote> {
  const { lane, ref, endpoint, maxOutputTokens, thinkingBudgetTokens, background } = setup;
  const standard = promptFor(task, setup.prompts === 'adapted' ? lane : undefined);
  const prompt = setup.prompt ?? standard.text;
  const request: ModelRequest = {
    model: ref.model,
    system: standard.system,
    parts: promptParts(task, prompt),
    maxOutputTokens,
    ...(ref.effort ? { effort: ref.effort } : {}),
    ...(thinkingBudgetTokens === undefined ? {} : { thinkingBudgetTokens }),
    ...(background ? { background } : {}),
  };
  const price = await pricing.priceFor(endpoint, ref.model, at);
  const plan: LanePlan = {
    lane,
    model: formatModelRef(ref),
    endpointLabel: endpoint.label,
    scripted: endpoint.scripted === true,
    maxOutputTokens,
    system: standard.system,
    prompt,
    estimate: estimateRun(request, price, lane, usualOutput ? { usualOutput } : {}),
    promptStyle: styleOf(task, lane, prompt),
    ...(thinkingBudgetTokens === undefined ? {} : { thinkingBudgetTokens }),
    ...(background ? { background } : {}),
    sending: { ...describeRequest(endpoint, request), pictures: picturesOf(request, endpoint) },
  };
  return { setup, request, plan, price };
}

/** The quote after the vendor's counting endpoint has said how many tokens the request has. */
export function withCount(quote: Quote, inputTokens: number): Quote {
  const { plan, request, price } = quote;
  const estimate = withCountedInput(plan.estimate, inputTokens, { request, price, lane: plan.lane });
  return { ...quote, plan: { ...plan, estimate } };
}

/** What a vendor makes of a picture is known where the picture goes to that vendor's wire: not behind VS Code, nor in a script. */
function picturesOf({ model, parts }: ModelRequest, { api, scripted }: Endpoint): readonly SentPicture[] {
  const readBy = scripted || api === 'vscode-lm' ? undefined : model;
  return parts.flatMap((part) => (part.type === 'image' ? [describePicture(part, readBy)] : []));
}

/** True when real money is at stake at a known price. */
export const isPaid = (quote: Quote): boolean => quote.price?.basis === 'computed' && quote.price.source !== 'illustrative';

/** The lanes whose price nobody knows. */
export const unpricedQuotes = (quotes: readonly Quote[]): readonly Quote[] => quotes.filter((quote) => quote.price === undefined);

/** What must be reserved before these lanes may be sent. */
export function holdsFor(quotes: readonly Quote[]): readonly HoldRequest[] {
  return quotes.filter(isPaid).map(({ plan, setup }) => {
    if (plan.estimate.ceilingNanoUsd === undefined) throw new Error(`no ceiling for the ${LANE_LABEL[plan.lane]} lane`);
    const { ceilingNanoUsd } = plan.estimate;
    const background = plan.background ? { background: true as const } : {};
    return { lane: plan.lane, endpoint: setup.endpoint.id, model: setup.ref.model, ceilingNanoUsd, ...background };
  });
}

/** Why these lanes may not run, with the output limits that would fit where there are any. */
export const explainRefusal = (refusal: Refusal, quotes: readonly Quote[]): string =>
  refusalSentence(refusal, fittingLimits(refusal, quotes));

/** The output limits with which the refused limit would hold; undefined where short answers would break it as well. */
export function fittingLimits(refusal: Refusal, quotes: readonly Quote[]): readonly FittingLimit[] | undefined {
  const asked = quotes.filter(
    (quote) => isPaid(quote) && (refusal.endpoint === undefined || quote.setup.endpoint.id === refusal.endpoint),
  );
  const lanes = asked.flatMap(({ plan, request, price }) =>
    price
      ? [{ lane: plan.lane, maxOutputTokens: plan.maxOutputTokens, ceiling: ceilingByOutput(request, price, countedInput(plan)) }]
      : [],
  );
  return fittingOutputLimits(lanes, headroomOf(refusal));
}

const countedInput = ({ estimate }: LanePlan): number | undefined =>
  estimate.inputBasis === 'counted' ? estimate.inputTokens : undefined;
