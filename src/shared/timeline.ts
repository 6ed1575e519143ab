/**
 * Both lanes on one axis of time, as stretches of waiting, thinking and answering: what the panel and the report draw.
 */
import { LANE_LABEL, type LaneId, type Run } from './comparison.ts';
import { endOrNowMs, formatDuration, hiddenThinking, momentsOf } from './figures.ts';

export type Phase = 'retries' | 'waiting' | 'thinking' | 'hidden' | 'answering';

const PHASE_LABEL: Record<Phase, string> = {
  retries: 'retries',
  waiting: 'waiting',
  thinking: 'thinking',
  hidden: 'hidden thinking',
  answering: 'answering',
};

export interface Segment {
  readonly phase: Phase;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The stretches of a run on its own clock, from its first attempt; none is negative, and together they have no gap. */
export function segmentsOf(run: Run, nowMs: number): readonly Segment[] {
  const end = endOrNowMs(run, nowMs);
  const zero = run.attempts > 1 || run.retry ? run.startedMs : run.attemptMs;
  const { firstReasoningMs, firstTextMs } = momentsOf(run);
  const text = Math.min(firstTextMs ?? end, end);
  const hidden = hiddenThinking(run);
  const thinking = Math.min(firstReasoningMs ?? hidden?.fromMs ?? text, text);
  if (run.retry) return [{ phase: 'retries', fromMs: 0, toMs: end - zero }];
  const cuts: [Phase, number, number][] = [
    ['retries', zero, run.attemptMs],
    ['waiting', run.attemptMs, thinking],
    [hidden ? 'hidden' : 'thinking', thinking, text],
    ['answering', text, end],
  ];
  return cuts.filter(([, from, to]) => to > from).map(([phase, from, to]) => ({ phase, fromMs: from - zero, toMs: to - zero }));
}

/** Axis lengths in seconds whose quarters are easy to read. */
const AXES = [
  1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 60, 80, 100, 120, 160, 200, 240, 480, 720, 960, 1200, 1920, 2400, 3600, 7200, 14_400,
];

/** The shortest axis that holds that time; beyond the last, the time itself. */
export function axisSeconds(longestMs: number): number {
  const seconds = longestMs / 1000;
  return AXES.find((axis) => axis >= seconds * 1.01) ?? seconds;
}

/** What stands under the axis at that many seconds: `0`, `4 s`, `2 min`. */
export function tickLabel(seconds: number): string {
  if (seconds === 0) return '0';
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${Number(seconds.toFixed(2))} s`;
}

/** In the order in which they follow each other. */
export const PHASES: readonly Phase[] = ['retries', 'waiting', 'thinking', 'hidden', 'answering'];

/** `waiting 0.80 s`; what was inferred has a tilde. */
export const spanWords = ({ phase, fromMs, toMs }: Segment): string =>
  `${PHASE_LABEL[phase]} ${phase === 'hidden' ? '~' : ''}${formatDuration(toMs - fromMs)}`;

/** A lane's stretches in words, for who cannot see them. */
export function describeSegments(lane: LaneId, segments: readonly Segment[], details: string): string {
  return `${LANE_LABEL[lane]}: ${segments.map(spanWords).join(', ') || 'not started'}. ${details}`.trim();
}
