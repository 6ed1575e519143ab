/** What a list says of one comparison: read once from its log, small enough to keep ten thousand of. */
import { type ComparisonState, LANE_LABEL, LANES, type LaneId } from '../../shared/comparison.ts';
import { comparisonCost } from '../../shared/costs.ts';
import { parseModelRef } from '../../shared/model.ts';
import { formatUsd } from '../../shared/money.ts';
import { ratioLine } from '../../shared/ratio.ts';
import { type LaneTone, laneStatus, laneTone } from '../../shared/sentences.ts';
import type { Task } from '../../shared/task.ts';

/** Of one lane's latest run. */
export interface LaneFacts {
  /** As asked for: `endpoint:model@effort`. */
  readonly model: string;
  readonly tone: LaneTone;
  /** Its state in words. */
  readonly status: string;
  readonly hasAnswer: boolean;
}

export interface Facts {
  readonly id: string;
  /** Wall time, ISO 8601; empty when the log does not say. */
  readonly startedAt: string;
  readonly title: string;
  readonly kind: Task['kind'];
  readonly lanes: Partial<Record<LaneId, LaneFacts>>;
  readonly running: boolean;
  /** How the lanes compare, as the panel says it. */
  readonly ratio: string;
  /** What the whole comparison cost, in words, with tilde and note. */
  readonly cost: string;
  /** What can be searched for: title, models and the first words of the task, in lower case. */
  readonly words: string;
  /** Where somebody else's comparison came from. */
  readonly importedFrom?: string;
  /** Present when the file could not be read in full. */
  readonly damage?: string;
}

/** How much of a task can be searched for. */
const SEARCHED_CHARACTERS = 600;

export function factsOf(id: string, state: ComparisonState, damage?: string): Facts {
  const { task, startedAt, running, runs, atMs } = state;
  const lanes = Object.fromEntries(
    LANES.flatMap((lane) => {
      const run = runs[lane];
      if (!run) return [];
      const { model } = run.plan;
      return [[lane, { model, tone: laneTone(run, atMs), status: laneStatus(run, atMs), hasAnswer: run.text !== '' }]];
    }),
  ) as Facts['lanes']; // entries lose the key's type
  const title = task.title || (state.seq < 0 ? 'A comparison that cannot be read' : 'Comparison');
  const models = Object.values(lanes).map(({ model }) => model);
  const texts = task.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const said = [task.instruction, ...texts].join(' ').slice(0, SEARCHED_CHARACTERS);
  return {
    id,
    startedAt,
    title,
    kind: task.kind,
    lanes,
    running,
    ratio: ratioLine(runs.fast, runs.reasoning, atMs),
    cost: costWords(state),
    words: [title, task.source?.name ?? '', ...(task.materials ?? []).map(({ name }) => name), ...models, said]
      .join(' ')
      .replace(/\s+/g, ' ')
      .toLowerCase(),
    ...(state.importedFrom === undefined ? {} : { importedFrom: state.importedFrom }),
    ...(damage === undefined ? {} : { damage }),
  };
}

/** `gpt-6-sol vs claude-opus-5-5 · 6.2x slower, 14x dearer`. */
export function oneLine({ lanes, ratio }: Facts): string {
  const models = LANES.flatMap((lane) => (lanes[lane] ? [shortModel(lanes[lane].model)] : []));
  return [models.join(' vs '), ratio.replace(/^Reasoning: /, '').replace(/\.$/, '')].filter(Boolean).join(' · ');
}

/** All that is known, a line each. */
export function factLines(facts: Facts): readonly string[] {
  const lanes = LANES.flatMap((lane) => {
    const of = facts.lanes[lane];
    return of ? [`${LANE_LABEL[lane]}: ${of.model}. ${of.status}`] : [];
  });
  const started = facts.startedAt ? [`Started ${new Date(facts.startedAt).toLocaleString()}`] : [];
  const origin = facts.importedFrom === undefined ? [] : [`Imported from ${facts.importedFrom}`];
  return [...started, ...origin, ...lanes, facts.ratio, `Cost: ${facts.cost}`, facts.damage ?? ''].filter(Boolean);
}

/** Those that hold all words of a query, in any order; at most so many, the first of the given ones. */
export function search(all: readonly Facts[], query: string, limit: number): readonly Facts[] {
  const wanted = query.toLowerCase().split(/\s+/);
  const hits: Facts[] = [];
  for (const facts of all) {
    if (!wanted.every((word) => facts.words.includes(word))) continue;
    if (hits.push(facts) >= limit) break;
  }
  return hits;
}

/** A model's name without its endpoint; the sample keeps its own, so that nobody takes it for a model. */
function shortModel(reference: string): string {
  const ref = parseModelRef(reference);
  if (!ref || ref.endpoint === 'sample') return reference;
  return ref.effort ? `${ref.model}@${ref.effort}` : ref.model;
}

function costWords(state: ComparisonState): string {
  const { nanoUsd, isEstimate, unknownRuns, illustrativeNanoUsd } = comparisonCost(state);
  const tilde = isEstimate ? '~' : '';
  if (nanoUsd === undefined && unknownRuns > 0) return 'unknown';
  if (nanoUsd === undefined && illustrativeNanoUsd !== undefined)
    return `${tilde}${formatUsd(illustrativeNanoUsd)}, illustrative, nothing billed`;
  const figure = nanoUsd === undefined ? '–' : `${tilde}${formatUsd(nanoUsd)}`;
  return unknownRuns === 0 ? figure : `${figure}, and ${unknownRuns} ${unknownRuns === 1 ? 'run' : 'runs'} of unknown price`;
}
