/**
 * What a report tells, before it is written as HTML or Markdown: every figure and sentence from where the panel has it, at the time of
 * the log's last event, so that a report and the panel cannot differ.
 */
import { type ComparisonState, LANE_LABEL, LANES, type LaneId, type Run } from '../../shared/comparison.ts';
import { costSource, costStage } from '../../shared/costs.ts';
import { MATERIAL_KIND_LABEL, MATERIAL_ROLE_LABEL, TARGET_LABEL } from '../../shared/design.ts';
import { estimateSentence } from '../../shared/estimateWords.ts';
import { type FairnessRow, fairnessSheet, refOf } from '../../shared/fairness.ts';
import { fairnessVerdict } from '../../shared/fairnessVerdict.ts';
import { bytesOfBase64, kilobytes, plural, UNKNOWN } from '../../shared/figures.ts';
import { materialsOf } from '../../shared/materials.ts';
import { betterLane, detailSentence, METRICS, metric } from '../../shared/metrics.ts';
import type { MessagePart } from '../../shared/model.ts';
import { ratioLine } from '../../shared/ratio.ts';
import { type LaneTone, laneStatus, laneTone } from '../../shared/sentences.ts';
import { type AnswerFile, artifactOf } from '../artifact/artifact.ts';
import { findingsOfRun } from '../artifact/findings.ts';
import type { Origin } from './json.ts';

/** What stands in a report beside the comparison. */
export interface About extends Origin {
  /** True when something was removed that was or looked like a key. */
  readonly isRedacted: boolean;
}

export interface Report {
  readonly title: string;
  /** `Design spec, card.md. 22 November 2026, 10:00 UTC.` and whatever else must be known before a figure is read. */
  readonly facts: readonly string[];
  readonly ratio: string;
  readonly fairness: string;
  readonly meters: readonly MeterRow[];
  /** What was sent to work on, in the order sent. */
  readonly materials: readonly ReportMaterial[];
  readonly lanes: readonly ReportLane[];
  readonly sheet: readonly FairnessRow[];
  /** Runs of this comparison that others took the place of, a sentence each. */
  readonly earlier: readonly string[];
  /** Where the figures come from, a sentence each. */
  readonly basis: readonly string[];
}

export interface MeterRow extends Readonly<Record<LaneId, string>> {
  readonly id: string;
  readonly label: string;
  /** One plain sentence that explains it. */
  readonly title: string;
  readonly better?: LaneId;
}

export interface ReportMaterial {
  readonly part: MessagePart;
  /** `hero.png: design, picture, 84 KB`. */
  readonly about: string;
  /** What was left out or rewritten, in one sentence; absent: it was sent as it was. */
  readonly change?: string;
}

export interface ReportLane {
  readonly lane: LaneId;
  readonly run: Run;
  /** Who answered: `openai:gpt-6-sol@high, OpenAI`. */
  readonly who: string;
  readonly status: string;
  readonly tone: LaneTone;
  readonly files: readonly AnswerFile[];
  /** What could not be read out of the answer, a sentence each. */
  readonly problems: readonly string[];
  /** What is missing, cut, repeated or loaded from elsewhere in it, a sentence each. */
  readonly findings: readonly string[];
}

export function reportOf(state: ComparisonState, about: About): Report {
  const { task, runs, atMs } = state;
  return {
    title: task.title || 'Comparison',
    facts: factsOf(state, about),
    ratio: ratioLine(runs.fast, runs.reasoning, atMs),
    fairness: fairnessVerdict(state),
    meters: METRICS.map((each) => {
      const read = (lane: LaneId): string => (runs[lane] ? each.read(runs[lane], atMs).text : UNKNOWN);
      const better = betterLane(each, runs, atMs);
      return {
        id: each.id,
        label: each.label,
        title: each.title,
        fast: read('fast'),
        reasoning: read('reasoning'),
        ...(better ? { better } : {}),
      };
    }),
    materials: reportMaterials(state),
    lanes: LANES.flatMap((lane) => (runs[lane] ? [laneOf(lane, runs[lane], state)] : [])),
    sheet: fairnessSheet(state),
    earlier: state.earlier.map((run) => earlierSentence(run, atMs)),
    basis: basisOf(state, about),
  };
}

/** `22 November 2026, 10:00 UTC`. */
function dayAndTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return 'at an unknown time';
  const words = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return `${date.toLocaleDateString('en-GB', words)}, ${date.toISOString().slice(11, 16)} UTC`;
}

function factsOf({ task, startedAt, importedFrom, running, runs }: ComparisonState, { isRedacted }: About): readonly string[] {
  const scripted = LANES.filter((lane) => runs[lane]?.plan.scripted);
  return [
    `${task.kind === 'code' ? 'Code task' : 'Design spec'}${task.source ? `, ${task.source.name}` : ''}. ${dayAndTime(startedAt)}.`,
    ...(task.target ? [`To be built in ${TARGET_LABEL[task.target]}.`] : []),
    ...(scripted.length > 0 ? ['A scripted sample, not a model: its times and prices illustrate, and nothing was billed.'] : []),
    ...(importedFrom === undefined
      ? []
      : [`Imported from ${importedFrom}: somebody else’s run, with the costs as they recorded them.`]),
    ...(running ? ['It was still running when this was written: figures that grow are as they stood then.'] : []),
    ...(isRedacted ? ['What was or looked like a key is shown as [redacted].'] : []),
  ];
}

function reportMaterials({ task }: ComparisonState): readonly ReportMaterial[] {
  const materials = materialsOf(task);
  return task.parts.flatMap((part, index) => {
    const material = materials[index];
    if (!material) return [];
    const { name, role, kind, leftOut } = material;
    const size = part.type === 'image' ? kilobytes(bytesOfBase64(part.base64)) : plural(part.text.length, 'character');
    return [
      {
        part,
        about: `${name}: ${MATERIAL_ROLE_LABEL[role]}, ${MATERIAL_KIND_LABEL[kind]}, ${size}`,
        ...(leftOut.length > 0 ? { change: `Left out or rewritten: ${leftOut.join(', ')}.` } : {}),
      },
    ];
  });
}

function laneOf(lane: LaneId, run: Run, { task, atMs }: ComparisonState): ReportLane {
  const { files, problems } = artifactOf(task, run);
  const { model, endpointLabel, scripted } = run.plan;
  const isOther = run.servedModel !== undefined && run.servedModel !== refOf(run.plan).model;
  const served = isOther ? `, served as ${run.servedModel}` : '';
  return {
    lane,
    run,
    who: scripted ? `${model}, scripted sample, not a model` : `${model}, ${endpointLabel}${served}`,
    status: laneStatus(run, atMs, { files }),
    tone: laneTone(run, atMs),
    files,
    problems,
    findings: findingsOfRun(task, run).map(({ message, file, line }) => `${message}${placeOf(file, line)}`),
  };
}

const placeOf = (file: string | undefined, line: number | undefined): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `, line ${line}`})`;

function earlierSentence(run: Run, nowMs: number): string {
  const total = metric('total').read(run, nowMs).text;
  const cost = metric('cost').read(run, nowMs).text;
  return `${LANE_LABEL[run.plan.lane]}, ${run.plan.model}: ${laneStatus(run, nowMs)} Total ${total}, cost ${cost}.`;
}

function basisOf(state: ComparisonState, { version, exportedAt }: About): readonly string[] {
  const { runs, atMs } = state;
  const lanes = LANES.flatMap((lane) => {
    const run = runs[lane];
    if (!run) return [];
    const counts = tokensSource(run);
    const cost = `Cost: ${costSource(run.cost, costStage(run))}`;
    return [`${LANE_LABEL[lane]}. ${[counts, cost, detailSentence(run, atMs)].filter(Boolean).join(' ')}`];
  });
  const estimate = estimateSentence(state);
  return [
    ...lanes,
    ...(estimate ? [estimate] : []),
    'Times are measured on one clock, from the moment a request was sent, without earlier attempts that failed.',
    'A tilde (~) marks an estimate, a dash (–) what nobody knows.',
    `Written by Second Thought ${version} on ${dayAndTime(exportedAt)}, from its log of events.`,
  ];
}

function tokensSource({ usage }: Run): string {
  if (usage?.inputTokens === undefined && usage?.outputTokens === undefined) return 'Tokens: not counted.';
  return usage.basis === 'reported' ? 'Tokens: as the provider reported them.' : 'Tokens: our own estimate.';
}
