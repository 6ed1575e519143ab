/**
 * Both lanes on one axis of time: waiting, thinking, answering. The eye has the ratio before it reads a number.
 */
import { LANE_LABEL, type LaneId, type Run } from '../../shared/comparison.ts';
import { isLive } from '../../shared/figures.ts';
import { detailSentence, metric } from '../../shared/metrics.ts';
import { laneTone } from '../../shared/sentences.ts';
import { axisSeconds, describeSegments, PHASES, segmentsOf, spanWords, tickLabel } from '../../shared/timeline.ts';
import { Icon } from './controls.tsx';

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
          <div class="track" role="img" aria-label={describeSegments(lane, segments, details)} title={details}>
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
              {tickLabel(axis * at)}
            </span>
          ))}
        </div>
        <span />
      </div>
      <p class="legend" aria-hidden="true">
        {PHASES.filter((phase) => phases.has(phase)).map((phase) => (
          <span key={phase}>
            <i class={`segment ${phase}`} />
            {phase}
          </span>
        ))}
      </p>
    </section>
  );
}
