/**
 * The whole panel: header, time axis, two lanes, the line at the bottom that says how they compare and what to do next, and how fair it was.
 */
import { type ComparisonState, isComplete, type LaneId } from '../../shared/comparison.ts';
import { isLive } from '../../shared/figures.ts';
import type { PanelContext } from '../../shared/protocol.ts';
import { ratioLine } from '../../shared/ratio.ts';
import type { Task } from '../../shared/task.ts';
import type { ViewId } from '../../shared/view.ts';
import type { AnswerView } from '../answerView.ts';
import { Button, type ButtonProps, type Post } from './controls.tsx';
import { Fairness } from './fairness.tsx';
import { Header } from './header.tsx';
import { Lane } from './lane.tsx';
import { hasDesign, Previews, type PreviewsProps } from './previews.tsx';
import { TaskCard } from './taskCard.tsx';
import { Timeline } from './timeline.tsx';

export interface PanelProps {
  readonly state: ComparisonState;
  readonly context: PanelContext;
  readonly nowMs: number;
  readonly views: Record<LaneId, { readonly answer: AnswerView; readonly thinking: AnswerView }>;
  readonly thinkingChoice: (lane: LaneId) => boolean | undefined;
  readonly onThinking: Record<LaneId, (open: boolean) => void>;
  readonly fairnessOpen: boolean;
  readonly onFairness: (open: boolean) => void;
  readonly taskOpen: boolean;
  readonly onTask: (open: boolean) => void;
  /** How the answers are shown; undefined: as code, and there is nothing else to choose. */
  readonly view: ViewId | undefined;
  readonly onView: (view: ViewId) => void;
  readonly drawn: Pick<
    PreviewsProps,
    'board' | 'previews' | 'settings' | 'askingScripts' | 'onSettings' | 'onScripts' | 'onSaid'
  >;
  /** The one thing a screen reader is told. */
  readonly announcement: string;
  readonly post: Post;
}

export function Panel(props: PanelProps) {
  const { state, context, nowMs, views, view, post } = props;
  const isDrawn = view === 'preview' || view === 'compare';
  const { previews, settings } = props.drawn;
  const isResultSeen = view === 'preview' && previews.result !== undefined;
  const isDesignSeen = view === 'preview' && !isResultSeen && settings.design && hasDesign(previews);
  const third = isResultSeen ? 'with-result' : isDesignSeen ? 'with-design' : '';
  if (state.seq < 0) return <Empty post={post} />;
  return (
    <div class={['panel', context.replay ? 'replay' : '', isDrawn ? `drawn ${view}` : '', third].filter(Boolean).join(' ')}>
      <Header state={state} context={context} view={view} onView={props.onView} post={post} />
      <TaskCard state={state} context={context} open={props.taskOpen} onToggle={props.onTask} post={post} />
      <Timeline order={context.laneOrder} runs={state.runs} nowMs={nowMs} />
      <main class="lanes">
        {context.laneOrder.map((lane) => (
          <Lane
            key={lane}
            lane={lane}
            state={state}
            context={context}
            nowMs={nowMs}
            answer={views[lane].answer}
            thinking={views[lane].thinking}
            thinkingChoice={props.thinkingChoice(lane)}
            onThinking={props.onThinking[lane]}
            post={post}
          />
        ))}
        {isDesignSeen ? <DesignHead task={state.task} /> : null}
        {isResultSeen ? <ResultHead /> : null}
        {isDrawn ? <Previews state={state} context={context} comparing={view === 'compare'} {...props.drawn} /> : null}
      </main>
      <Footer state={state} context={context} nowMs={nowMs} post={post} />
      <Fairness state={state} order={context.laneOrder} open={props.fairnessOpen} onToggle={props.onFairness} post={post} />
      <p class="sr-only" role="status">
        {props.announcement}
      </p>
    </div>
  );
}

function Empty({ post }: { post: Post }) {
  return (
    <div class="empty">
      <h1>Nothing compared yet</h1>
      <p>
        Open a design (a written spec, a picture, a page, a component) or code, then run <b>Compare Models on File</b> or{' '}
        <b>Compare Models on Selection</b>: a fast and a reasoning model answer it side by side, with clocks and dollars running.
        Read both as code, see them drawn beside the design, or lay one over the other.
      </p>
      <p>
        Or paste a picture or text here, or drop files: from outside VS Code, or from the explorer. <b>Hold Shift</b> until you
        let go, else VS Code opens the file instead.
      </p>
      <Button label="Run the sample" icon="play" primary onPress={() => post({ type: 'run-sample' })} />
      <p class="quiet">The sample needs no key and costs nothing. It is scripted, not a model.</p>
    </div>
  );
}

/** Over the design, in line with the lanes' heads. */
function DesignHead({ task }: { task: Task }) {
  const design = task.materials?.find((material) => material.role === 'design');
  const name = design?.name ?? task.source?.name ?? task.title;
  return (
    <section class="lane design" aria-labelledby="design-name">
      <div class="lane-head">
        <h2 id="design-name" title={name}>
          <span class="role">Design</span> <bdi class="model">{name}</bdi>
        </h2>
      </div>
      <div class="status">What both were asked to build.</div>
    </section>
  );
}

/** Over the result, in line with the lanes' heads. */
function ResultHead() {
  return (
    <section class="lane result" aria-labelledby="result-name">
      <div class="lane-head">
        <h2 id="result-name">
          <span class="role">Result</span>
        </h2>
      </div>
      <div class="status">What you took from both, as it is in its editor now.</div>
    </section>
  );
}

function Footer({ state, context, nowMs, post }: { state: ComparisonState; context: PanelContext; nowMs: number; post: Post }) {
  const { fast, reasoning } = state.runs;
  return (
    <footer class="bottom">
      <p class="ratio">{ratioLine(fast, reasoning, nowMs)}</p>
      <div class="next">
        {nextActions(state, context, post).map((action, index) => (
          <Button key={action.label} {...action} primary={index === 0} />
        ))}
      </div>
    </footer>
  );
}

/** What a person is likely to do next, the likeliest first. */
function nextActions({ runs }: ComparisonState, { canUndoApply, laneOrder }: PanelContext, post: Post): ButtonProps[] {
  const { fast, reasoning } = runs;
  const bothAnswered = Boolean(fast?.text && reasoning?.text) && !isLive(fast) && !isLive(reasoning);
  const actions: ButtonProps[] = [];
  if (canUndoApply) actions.push({ label: 'Undo apply', icon: 'discard', onPress: () => post({ type: 'undo-apply' }) });
  const diff: ButtonProps = { label: 'Diff the two', icon: 'diff', onPress: () => post({ type: 'diff-lanes' }) };
  const bothComplete = isComplete(fast) && isComplete(reasoning);
  if (bothAnswered && bothComplete) actions.push(diff);
  for (const lane of laneOrder)
    if (isComplete(runs[lane]) && runs[lane]?.text)
      actions.push({ label: `Apply ${lane}`, onPress: () => post({ type: 'apply', lane }) });
  if (bothAnswered) actions.push({ label: 'Take hunks', icon: 'git-merge', onPress: () => post({ type: 'take-hunks' }) });
  if (bothAnswered && !bothComplete) actions.push(diff);
  return actions;
}
