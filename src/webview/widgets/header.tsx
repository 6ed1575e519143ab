/**
 * The top of the panel: what is compared, what it costs against its limit, and the actions on the whole of it.
 */
import type { ComparisonState } from '../../shared/comparison.ts';
import { comparisonCost } from '../../shared/costs.ts';
import { TARGET_LABEL } from '../../shared/design.ts';
import { estimatedCost, estimateSentence } from '../../shared/estimateWords.ts';
import { plural } from '../../shared/figures.ts';
import { formatUsd } from '../../shared/money.ts';
import type { PanelContext } from '../../shared/protocol.ts';
import type { TaskSource } from '../../shared/task.ts';
import { VIEW_LABEL, VIEWS, type ViewId } from '../../shared/view.ts';
import { Button, Icon, IconButton, type Post, Segmented } from './controls.tsx';

export interface HeaderProps {
  readonly state: ComparisonState;
  readonly context: PanelContext;
  /** How the answers are shown; undefined: there is nothing to choose. */
  readonly view: ViewId | undefined;
  readonly onView: (view: ViewId) => void;
  readonly post: Post;
}

const VIEW_OPTIONS = VIEWS.map((value) => ({ value, label: VIEW_LABEL[value] }));

export function Header({ state, context, view, onView, post }: HeaderProps) {
  const { task, running } = state;
  const source = task.source ? <Source source={task.source} post={post} /> : null;
  // What has no heading of its own is called by its file's name, which need not be said twice.
  const isTitle = task.source !== undefined && task.source.name === task.title;
  const scripted = Object.values(state.runs).some((run) => run.plan.scripted);
  return (
    <header class="top">
      <div class="top-row">
        <div class="what">
          <h1 title={task.instruction || task.title}>{isTitle ? source : <bdi>{task.title || 'Comparison'}</bdi>}</h1>
          {isTitle ? null : source}
          {task.target ? <span class="target quiet">{TARGET_LABEL[task.target]}</span> : null}
          {state.importedFrom === undefined ? null : <vscode-badge>imported from {state.importedFrom}</vscode-badge>}
          {context.replay ? <vscode-badge>replay</vscode-badge> : null}
          {scripted ? <vscode-badge>scripted sample, not a model</vscode-badge> : null}
        </div>
        {view ? <Segmented label="How the answers are shown" options={VIEW_OPTIONS} value={view} onChoose={onView} /> : null}
        {context.replay ? <ReplayControls replay={context.replay} post={post} /> : null}
        <div class="top-end">
          <Money state={state} context={context} post={post} />
          <div class="toolbar">
            <IconButton label="Edit prompt and run again" icon="edit" onPress={() => post({ type: 'edit-prompt' })} />
            {running ? null : <IconButton label="Swap lanes" icon="arrow-swap" onPress={() => post({ type: 'swap-lanes' })} />}
          </div>
          {running ? (
            <Button
              label="Stop"
              icon="debug-stop"
              title="Stop both lanes; what was shown is kept"
              onPress={() => post({ type: 'stop' })}
            />
          ) : (
            <Button label="Run again" icon="refresh" title="Run both lanes again" onPress={() => post({ type: 'run-again' })} />
          )}
        </div>
      </div>
      {context.ledgerProblem ? (
        <Problem text={context.ledgerProblem} label="Show log" onPress={() => post({ type: 'show-log' })} />
      ) : null}
    </header>
  );
}

/** Counted from one; a selection that ends before the first character of a line does not reach into it. */
function linesOf({ startLine, endLine, endCharacter }: NonNullable<TaskSource['selection']>): string {
  const last = endCharacter === 0 && endLine > startLine ? endLine - 1 : endLine;
  return last === startLine ? `line ${startLine + 1}` : `lines ${startLine + 1}–${last + 1}`;
}

function Source({ source, post }: { source: TaskSource; post: Post }) {
  const { selection } = source;
  const lines = selection ? `, ${linesOf(selection)}` : '';
  return (
    <button type="button" class="link source" title={`Open ${source.name}`} onClick={() => post({ type: 'open-source' })}>
      <bdi>{source.name}</bdi>
      {lines}
    </button>
  );
}

const SPEEDS = { '1': 1, '2': 2, '8': 8 } as const;
type Pace = keyof typeof SPEEDS;

const PACES: readonly { value: Pace; label: string; title: string }[] = [
  { value: '1', label: '1x', title: 'Play at its own pace' },
  { value: '2', label: '2x', title: 'Play 2 times as fast' },
  { value: '8', label: '8x', title: 'Play 8 times as fast' },
];

/** Instead of everything that would run something. */
function ReplayControls({ replay, post }: { replay: NonNullable<PanelContext['replay']>; post: Post }) {
  const { speed, hasEnded } = replay;
  return (
    <div class="replay-controls" role="toolbar" aria-label="Replay">
      <Segmented
        label="Pace"
        options={PACES}
        value={speed === 0 ? undefined : `${speed}`}
        onChoose={(pace: Pace) => post({ type: 'replay', speed: SPEEDS[pace] })}
      />
      {speed === 0 ? (
        <Button label={hasEnded ? 'Play again' : 'Play'} icon="play" onPress={() => post({ type: 'replay', speed: 1 })} />
      ) : (
        <Button label="Stop" icon="debug-stop" onPress={() => post({ type: 'replay', speed: 0 })} />
      )}
      <Button label="Open" title="Open the comparison itself" onPress={() => post({ type: 'open-comparison' })} />
    </div>
  );
}

function Problem({ text, label, onPress }: { text: string; label: string; onPress: () => void }) {
  return (
    <p class="problem">
      <Icon name="warning" />
      <span>{text}</span>
      <Button label={label} onPress={onPress} />
    </p>
  );
}

function Money({ state, context, post }: Pick<HeaderProps, 'state' | 'context' | 'post'>) {
  const { text, share } = moneySoFar(state, context);
  const day =
    context.todayNanoUsd === undefined ? '' : `Today: ${formatUsd(context.todayNanoUsd)}${ofLimit(context.perDayNanoUsd)}. `;
  return (
    <button
      type="button"
      class="link money"
      title={[estimateSentence(state), `${day}Show spending`].filter(Boolean).join(' ')}
      onClick={() => post({ type: 'show-spending' })}
    >
      <span>{text}</span>
      {share === undefined ? null : (
        <span class={share >= 0.8 ? 'bar near' : 'bar'} aria-hidden="true">
          <i style={{ inlineSize: `${Math.min(1, share) * 100}%` }} />
        </span>
      )}
    </button>
  );
}

const ofLimit = (limit: number | undefined): string => (limit === undefined ? '' : ` of ${formatUsd(limit)}`);

/** What this comparison cost so far against the limit of a run, and its share of that limit. */
function moneySoFar(state: ComparisonState, context: PanelContext): { text: string; share?: number } {
  const { nanoUsd, isEstimate, unknownRuns, illustrativeNanoUsd } = comparisonCost(state);
  const limit = context.perRunNanoUsd;
  if (nanoUsd === undefined && unknownRuns === 0 && illustrativeNanoUsd !== undefined)
    return { text: `${isEstimate ? '~' : ''}${formatUsd(illustrativeNanoUsd)} illustrative, nothing billed` };
  if (nanoUsd === undefined && unknownRuns > 0) return { text: 'Cost unknown' };
  const unknown = unknownRuns === 0 ? '' : `, plus ${plural(unknownRuns, 'run')} of unknown price`;
  const estimate = nanoUsd === undefined ? estimatedCost(state) : undefined;
  if (estimate)
    return {
      text: `likely ${formatUsd(estimate.likelyNanoUsd)}, at most ${formatUsd(estimate.ceilingNanoUsd)}${limit === undefined ? '' : `${ofLimit(limit)} for this run`}`,
    };
  const figure = nanoUsd === undefined ? '–' : `${isEstimate ? '~' : ''}${formatUsd(nanoUsd)}`;
  const text = `${figure}${limit === undefined ? ', no limit' : `${ofLimit(limit)} for this run`}${unknown}`;
  return limit === undefined || limit <= 0 ? { text } : { text, share: (nanoUsd ?? 0) / limit };
}
