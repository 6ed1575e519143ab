/**
 * How fair the comparison was: one sentence under the footer, which opens the sheet of what each lane really received.
 *
 * A row that is the same for both stands once, across both columns, so that what differs is seen by its place and not by a colour.
 */
import { type ComparisonState, LANE_LABEL, type LaneId } from '../../shared/comparison.ts';
import { type FairnessCell, type FairnessRow, fairnessSheet } from '../../shared/fairness.ts';
import { askedDifferently, fairnessVerdict } from '../../shared/fairnessVerdict.ts';
import { Button, Icon, type Post } from './controls.tsx';

export interface FairnessProps {
  readonly state: ComparisonState;
  readonly order: readonly LaneId[];
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
  readonly post: Post;
}

/** The button that opens the sheet; where "Show Fairness Sheet" puts the focus. */
export const FAIRNESS_BUTTON = 'fairness-button';

export function Fairness({ state, order, open, onToggle, post }: FairnessProps) {
  const verdict = fairnessVerdict(state);
  if (verdict === '') return null;
  return (
    <section class="fairness" aria-label="Fairness">
      <h2>
        <button
          type="button"
          class="fold section-head"
          id={FAIRNESS_BUTTON}
          aria-expanded={open}
          aria-controls="fairness-sheet"
          onClick={() => onToggle(!open)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span class="section-name">Fairness</span>
          <span class="verdict">{verdict}</span>
        </button>
      </h2>
      <div id="fairness-sheet" hidden={!open}>
        {open ? <Sheet state={state} order={order} post={post} /> : null}
      </div>
    </section>
  );
}

function Sheet({ state, order, post }: Pick<FairnessProps, 'state' | 'order' | 'post'>) {
  const { runs, running } = state;
  const differ = askedDifferently(runs);
  // A script plays back the same answer, whatever it is asked.
  const isScript = order.every((lane) => runs[lane]?.plan.scripted);
  return (
    <>
      <table class="sheet">
        <thead>
          <tr>
            <td />
            {order.map((lane) => (
              <th key={lane} scope="col" class={lane}>
                <span class="role">{LANE_LABEL[lane]}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fairnessSheet(state).map((row) => (
            <Row key={row.id} row={row} order={order} />
          ))}
        </tbody>
      </table>
      <div class="sheet-actions">
        {runs.fast && runs.reasoning ? (
          <Button
            label="Diff what was sent"
            icon="diff"
            title="Everything the two were sent, side by side in the diff editor"
            onPress={() => post({ type: 'diff-prompts' })}
          />
        ) : null}
        {running || isScript ? null : differ ? (
          <Button
            label="Run both with identical prompts"
            icon="refresh"
            title="Runs both lanes again with the task's standard words, as a control"
            onPress={() => post({ type: 'run-prompts', prompts: 'identical' })}
          />
        ) : (
          <Button
            label="Run both with adapted prompts"
            icon="refresh"
            title="Runs both lanes again with the same task in other words: steps for the fast model, a plain goal for the reasoning one"
            onPress={() => post({ type: 'run-prompts', prompts: 'adapted' })}
          />
        )}
      </div>
    </>
  );
}

function Row({ row, order }: { row: FairnessRow; order: readonly LaneId[] }) {
  return (
    <tr data-row={row.id}>
      <th scope="row" title={row.title}>
        {row.label}
      </th>
      {row.same ? (
        <td colSpan={2}>
          <Lines lines={row.fast} lead="Both: " />
        </td>
      ) : (
        order.map((lane) => (
          <td key={lane}>
            <Lines lines={row[lane]} />
          </td>
        ))
      )}
    </tr>
  );
}

const Lines = ({ lines, lead = '' }: { lines: FairnessCell; lead?: string }) =>
  lines.map((line, index) => (
    <span class="sheet-line" key={line}>
      {index === 0 && lead ? <span class="quiet">{lead}</span> : null}
      {line}
    </span>
  ));
