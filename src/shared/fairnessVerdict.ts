/**
 * How fair a comparison was, in one sentence: the fairness sheet without opening it. What is not as the other lane has it is named.
 */
import { type ComparisonState, LANE_LABEL, LANES, type LaneId, type LanePlan, type Run } from './comparison.ts';
import { isVersionOf, pictureCount, pixels, refOf } from './fairness.ts';
import { plural } from './figures.ts';
import type { Task } from './task.ts';

/** How fair it was, in one sentence; empty before any lane has started. */
export function fairnessVerdict({ task, runs }: ComparisonState): string {
  const { fast, reasoning } = runs;
  const only = fast ?? reasoning;
  if (!only) return '';
  if (!fast || !reasoning) return `Only the ${only.plan.lane} lane has run.`;
  if (fast.plan.scripted && reasoning.plan.scripted) return 'A scripted sample: nothing was sent to a model.';
  const clauses = [
    wordsClause(fast.plan, reasoning.plan),
    ...pictureClauses(task, fast.plan, reasoning.plan),
    ...effortClauses(fast.plan, reasoning.plan),
    ...adjustmentClauses(fast.plan, reasoning.plan),
    ...LANES.flatMap((lane) => servedClauses(lane, runs[lane])),
  ];
  return `${clauses.join('; ')}.`;
}

/** True when both lanes have run and were sent other words. */
export const askedDifferently = ({ fast, reasoning }: ComparisonState['runs']): boolean =>
  fast !== undefined && reasoning !== undefined && !sameWords(fast.plan, reasoning.plan);

const sameWords = (one: LanePlan, other: LanePlan): boolean => one.prompt === other.prompt && one.system === other.system;

function wordsClause(one: LanePlan, other: LanePlan): string {
  if (sameWords(one, other)) return 'Same words';
  const edited = [one, other].filter(({ promptStyle }) => promptStyle === 'edited').length;
  const how =
    edited === 2 ? ', both edited' : edited === 1 ? ', one of them edited' : bothAdapted(one, other) ? ', adapted to each' : '';
  return `The two were asked in different words${how}`;
}

const bothAdapted = (one: LanePlan, other: LanePlan): boolean => one.promptStyle === 'adapted' && other.promptStyle === 'adapted';

function pictureClauses({ parts }: Task, one: LanePlan, other: LanePlan): readonly string[] {
  const count = pictureCount(parts);
  if (count === 0) return [];
  const sizes = [one, other].map(({ sending }) => sending?.pictures.map(({ scaledTo }) => scaledTo && pixels(scaledTo)));
  const isDifferent = sizes[0]?.some((size, i) => size !== undefined && sizes[1]?.[i] !== undefined && size !== sizes[1][i]);
  const noun = count === 1 ? 'picture' : 'pictures';
  return [`same ${noun}${isDifferent ? ', scaled differently by the vendors' : ''}`];
}

/** Says that efforts differ only where nothing else is said of an effort. */
function effortClauses(...plans: readonly [LanePlan, LanePlan]): readonly string[] {
  const [one, other] = plans.map((plan) => refOf(plan).effort);
  if (
    one === other ||
    plans.some(({ sending }) => !sending || sending.adjustments.some(({ asked }) => asked.startsWith('effort')))
  )
    return [];
  return ['effort differs as asked'];
}

/** A single one is named, so that it is known without opening the sheet. */
function adjustmentClauses(...plans: readonly [LanePlan, LanePlan]): readonly string[] {
  const all = plans.flatMap(({ lane, sending }) => (sending?.adjustments ?? []).map((adjustment) => ({ lane, adjustment })));
  const [first] = all;
  if (first && all.length === 1) {
    const { asked, sent } = first.adjustment;
    return [`${LANE_LABEL[first.lane]}: ${asked} ${sent === undefined ? 'dropped' : `sent as ${sent}`}`];
  }
  const dropped = all.filter(({ adjustment }) => adjustment.sent === undefined).length;
  const changed = all.length - dropped;
  return [
    ...(dropped === 0 ? [] : [`${plural(dropped, 'setting')} dropped`]),
    ...(changed === 0 ? [] : [`${plural(changed, 'setting')} sent in another form`]),
  ];
}

function servedClauses(lane: LaneId, run: Run | undefined): readonly string[] {
  if (!run || run.plan.scripted) return [];
  const isOther = run.servedModel !== undefined && !isVersionOf(refOf(run.plan).model, run.servedModel);
  return [
    ...(isOther ? [`${LANE_LABEL[lane]} was served by ${run.servedModel}`] : []),
    ...(run.fromCache ? [`${LANE_LABEL[lane]} was answered from a cache`] : []),
  ];
}
