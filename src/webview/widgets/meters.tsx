/**
 * Six meters of a lane, the same in the same order in both, so that the eye compares by place. Better is told by weight, a bar and
 * a word for screen readers, not by colour alone.
 */
import type { LaneId, Run } from '../../shared/comparison.ts';
import { betterLane, costSource, type MetricId, metric, type Reading } from '../../shared/metrics.ts';

export interface MetersProps {
  readonly lane: LaneId;
  readonly runs: Partial<Record<LaneId, Run>>;
  readonly nowMs: number;
}

const NO_RUN: Reading = { text: '–', figure: '–' };

export function Meters({ lane, runs, nowMs }: MetersProps) {
  const run = runs[lane];
  const read = (id: MetricId) => (run ? metric(id).read(run, nowMs) : NO_RUN);
  const isBetter = (id: MetricId) => betterLane(metric(id), runs, nowMs) === lane;
  const reasoning = read('reasoning-tokens');
  const cost = read('cost');
  return (
    <div class="meters-frame">
      <dl class="meters">
        <Meter id="first-answer" reading={read('first-answer')} better={isBetter('first-answer')} />
        <Meter
          id="thinking"
          reading={read('thinking')}
          note={reasoning.value === undefined || reasoning.value === 0 ? undefined : `${reasoning.text} tok`}
          title={`${metric('thinking').title} ${metric('reasoning-tokens').title}`}
        />
        <Meter id="total" reading={read('total')} better={isBetter('total')} />
        <Meter id="speed" reading={read('speed')} better={isBetter('speed')} />
        <Meter
          id="input-tokens"
          label="In · out"
          reading={{ text: '', figure: `${read('input-tokens').text} · ${read('output-tokens').text}` }}
          title={`${metric('input-tokens').title} ${metric('output-tokens').title}`}
        />
        <Meter
          id="cost"
          reading={cost}
          note={cost.note}
          better={isBetter('cost')}
          title={`${metric('cost').title} ${costSource(run?.cost)}`}
        />
      </dl>
    </div>
  );
}

interface MeterProps {
  readonly id: MetricId;
  readonly reading: Reading;
  readonly better?: boolean;
  readonly label?: string;
  readonly note?: string | undefined;
  readonly title?: string;
}

function Meter({ id, reading, better = false, label = metric(id).label, note, title = metric(id).title }: MeterProps) {
  return (
    <div class={better ? 'meter better' : 'meter'} title={title} data-metric={id}>
      <dt>{label}</dt>
      <dd>
        <span class="figure">{reading.figure}</span>
        {note ? <span class="note"> {note}</span> : null}
        {better ? <span class="sr-only">, better</span> : null}
      </dd>
    </div>
  );
}
