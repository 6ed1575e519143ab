/**
 * Six meters of a lane, the same in the same order in both, so that the eye compares by place. Better is told by weight, a bar and
 * a word for screen readers, not by colour alone.
 */
import type { LaneId, Run } from '../../shared/comparison.ts';
import { costSource, costStage } from '../../shared/costs.ts';
import { betterLane, detailSentence, HIDDEN, type MetricId, metric, type Reading } from '../../shared/metrics.ts';

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
  const [total, input, cost] = [read('total'), read('input-tokens'), read('cost')];
  const details = run ? detailSentence(run, nowMs) : '';
  return (
    <div class="meters-frame">
      <dl class="meters">
        <Meter
          id="first-answer"
          reading={read('first-answer')}
          better={isBetter('first-answer')}
          title={`${metric('first-answer').title} ${details}`}
        />
        <Meter
          id="thinking"
          reading={read('thinking')}
          note={thinkingNote(read('thinking'), read('reasoning-tokens'))}
          title={`${metric('thinking').title} ${metric('reasoning-tokens').title}`}
        />
        <Meter
          id="total"
          reading={total}
          note={total.note}
          better={isBetter('total')}
          title={`${metric('total').title} ${details}`}
        />
        <Meter id="speed" reading={read('speed')} better={isBetter('speed')} />
        <Meter
          id="input-tokens"
          label="In · out"
          reading={{ text: '', figure: `${input.figure} · ${read('output-tokens').figure}` }}
          note={input.note}
          title={`${metric('input-tokens').title} ${metric('output-tokens').title}`}
        />
        <Meter
          id="cost"
          reading={cost}
          note={cost.note}
          better={isBetter('cost')}
          title={`${metric('cost').title} ${costSource(run?.cost, costStage(run))}`}
        />
      </dl>
    </div>
  );
}

/** Tokens of thinking; who hid it or who counted it, where nobody saw it. */
function thinkingNote(time: Reading, tokens: Reading): string | undefined {
  if (!tokens.value) return time.note;
  const note = tokens.note === HIDDEN ? 'hidden' : tokens.note; // by whom stands in the line below the meters
  return note === undefined ? `${tokens.figure} tok` : `${tokens.figure} tok, ${note}`;
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
