/**
 * Both lanes on one axis of time: waiting, thinking, answering. The eye has the ratio before it reads a number.
 */
import { LANE_LABEL, type LaneId, type Run } from '../../shared/comparison.ts';
import { endOrNowMs, formatDuration, isLive, momentsOf } from '../../shared/figures.ts';
import { laneTone, metric } from '../../shared/metrics.ts';
import { Icon } from './controls.tsx';

export type Phase = 'retries' | 'waiting' | 'thinking' | 'answering';

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
  const thinking = Math.min(firstReasoningMs ?? text, text);
  if (run.retry) return [{ phase: 'retries', fromMs: 0, toMs: end - zero }];
  const cuts: [Phase, number, number][] = [
    ['retries', zero, run.attemptMs],
    ['waiting', run.attemptMs, thinking],
    ['thinking', thinking, text],
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
    return { lane, run, segments: run ? segmentsOf(run, nowMs) : [] };
  });
  const axis = axisSeconds(Math.max(1000, ...lanes.map(({ segments }) => segments.at(-1)?.toMs ?? 0)));
  const percent = (ms: number) => `${Math.min(100, ms / 10 / axis || 0)}%`;
  return (
    <section class="timeline" aria-label="Time of both lanes">
      {lanes.map(({ lane, run, segments }) => (
        <div class="timeline-row" key={lane}>
          <span class="timeline-label">{LANE_LABEL[lane]}</span>
          <div class="track" role="img" aria-label={describe(lane, segments)}>
            {segments.map(({ phase, fromMs, toMs }) => (
              <i
                key={phase}
                class={`segment ${phase}`}
                title={`${phase} ${formatDuration(toMs - fromMs)}`}
                style={{ insetInlineStart: percent(fromMs), inlineSize: percent(toMs - fromMs) }}
              />
            ))}
          </div>
          <span class="timeline-total" title={metric('total').title}>
            {run ? metric('total').read(run, nowMs).text : '–'}
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
        {(['waiting', 'thinking', 'answering'] as const).map((phase) => (
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

function describe(lane: LaneId, segments: readonly Segment[]): string {
  const words = segments.map(({ phase, fromMs, toMs }) => `${phase} ${formatDuration(toMs - fromMs)}`);
  return `${LANE_LABEL[lane]}: ${words.join(', ') || 'not started'}`;
}
