/**
 * Both lanes on one axis of time: waiting, thinking, answering. The eye has the ratio before it reads a number.
 */
import { LANE_LABEL, type LaneId, type Run } from '../../shared/comparison.ts';
import { endOrNowMs, formatDuration, hiddenThinking, isLive, momentsOf } from '../../shared/figures.ts';
import { detailSentence, laneTone, metric } from '../../shared/metrics.ts';
import { Icon } from './controls.tsx';

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

export interface TimelineProps {
  readonly order: readonly LaneId[];
  readonly runs: Partial<Record<LaneId, Run>>;
  readonly nowMs: number;
}

export function Timeline({ order, runs, nowMs }: TimelineProps) {
  const lanes = order.map((lane) => {
    const run = runs[lane];
    return { lane, run, segments: run ? segmentsOf(run, nowMs) : [], details: run ? detailSentence(run, nowMs) : '' };
  });
  const axis = axisSeconds(Math.max(1000, ...lanes.map(({ segments }) => segments.at(-1)?.toMs ?? 0)));
  const phases = new Set(lanes.flatMap(({ segments }) => segments.map(({ phase }) => phase)));
  const percent = (ms: number) => `${Math.min(100, ms / 10 / axis || 0)}%`;
  return (
    <section class="timeline" aria-label="Time of both lanes">
      {lanes.map(({ lane, run, segments, details }) => (
        <div class="timeline-row" key={lane}>
          <span class="timeline-label">{LANE_LABEL[lane]}</span>
          <div class="track" role="img" aria-label={describe(lane, segments, details)} title={details}>
            {segments.map(({ phase, fromMs, toMs }) => (
              <i
                key={phase}
                class={`segment ${phase}`}
                title={`${spanWords({ phase, fromMs, toMs })}. ${details}`}
                style={{ insetInlineStart: percent(fromMs), inlineSize: percent(toMs - fromMs) }}
              />
            ))}
          </div>
          <span class="timeline-total" title={metric('total').title}>
            {run ? metric('total').read(run, nowMs).figure : '–'}
            {run && !isLive(run) && laneTone(run) !== 'done' ? <Icon name="circle-slash" /> : null}
          </span>
        </div>
      ))}
      <div class="timeline-row" aria-hidden="true">
        <span />
        <div class="ticks">
          {[0, 0.25, 0.5, 0.75].map((at) => (
            <span key={at} style={{ insetInlineStart: `${at * 100}%` }}>
              {tick(axis * at)}
            </span>
          ))}
        </div>
        <span />
      </div>
      <p class="legend" aria-hidden="true">
        {LEGEND.filter((phase) => phases.has(phase)).map((phase) => (
          <span key={phase}>
            <i class={`segment ${phase}`} />
            {phase}
          </span>
        ))}
      </p>
    </section>
  );
}

function tick(seconds: number): string {
  if (seconds === 0) return '0';
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${Number(seconds.toFixed(2))} s`;
}

const LEGEND: readonly Phase[] = ['retries', 'waiting', 'thinking', 'hidden', 'answering'];

/** `waiting 0.80 s`; what was inferred has a tilde. */
const spanWords = ({ phase, fromMs, toMs }: Segment): string =>
  `${PHASE_LABEL[phase]} ${phase === 'hidden' ? '~' : ''}${formatDuration(toMs - fromMs)}`;

function describe(lane: LaneId, segments: readonly Segment[], details: string): string {
  return `${LANE_LABEL[lane]}: ${segments.map(spanWords).join(', ') || 'not started'}. ${details}`.trim();
}
