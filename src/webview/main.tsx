/**
 * The panel's page: takes the host's messages, folds them, and draws at most once a frame.
 *
 * The page is disposable. It keeps nothing but what a person folded and where they were reading; all else comes from the host, which
 * is asked by `ready` at load and whenever something was missed. While the page is hidden no frame comes: what arrives is folded
 * and drawn at once when it is seen again.
 */
import './panel.css';
import { render } from 'preact';
import { LANES, type LaneId } from '../shared/comparison.ts';
import { isLive } from '../shared/figures.ts';
import type { ToHost, ToWebview } from '../shared/protocol.ts';
import { type ViewId, whyNoPreview } from '../shared/view.ts';
import { AnswerView } from './answerView.ts';
import { acceptDrops } from './dropTarget.ts';
import { type KeptLane, KeptState, type KeptStore } from './keptState.ts';
import { PanelModel } from './panelModel.ts';
import { PreviewBoard } from './preview/board.ts';
import { type BoardSettings, settle } from './preview/boardSettings.ts';
import { tameButtons } from './widgets/controls.tsx';
import { FAIRNESS_BUTTON } from './widgets/fairness.tsx';
import { Panel } from './widgets/panel.tsx';
import { hasDesign } from './widgets/previews.tsx';
import { TASK_BUTTON } from './widgets/taskCard.tsx';

interface VsCodeApi extends KeptStore {
  postMessage(message: ToHost): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** Room for three columns, as the style sheet has it. */
const ROOM_FOR_DESIGN = window.matchMedia('(width > 910px)');
/** Figures that change faster than this cannot be read. */
const METER_INTERVAL_MS = 100;
/** Text that comes faster is drawn every other frame, on a fast screen more seldom: half the drawings look no less smooth. */
const TEXT_INTERVAL_MS = 25;

const vscode = acquireVsCodeApi();
const post = (message: ToHost): void => vscode.postMessage(message);
const model = new PanelModel();
const root = document.getElementById('app') ?? document.body.appendChild(document.createElement('div'));
root.id = 'app';
tameButtons(root);

const board = new PreviewBoard(model.runtimes, () => invalidate());

const newViews = () => ({
  answer: new AnswerView({ proseOnly: false, onFollow: () => invalidate() }),
  thinking: new AnswerView({ proseOnly: true }),
});
const views = { fast: newViews(), reasoning: newViews() };
const partView = (lane: LaneId, part: 'text' | 'reasoning'): AnswerView => views[lane][part === 'text' ? 'answer' : 'thinking'];

const kept = new KeptState(vscode, root.dataset.comparison ?? '');
let announcement = '';
let frame = 0;
let timer = 0;
let widgetsStale = true;
let textsStale = true;
let textsDrawnMs = 0;
let mustRestore = false;
let sheetOpened = false;
let askingScripts = false;
/** What the host was told last. */
let previewsShown = false;

/** Names a run, so that what was folded in one is not folded in the next. */
const runName = (lane: LaneId): string => `${model.state.id} ${model.state.runs[lane]?.startedMs ?? ''}`;
const keptOf = (lane: LaneId): KeptLane | undefined => kept.lane(lane, runName(lane));
const keep = (lane: LaneId, change: KeptLane): void => kept.changeLane(lane, runName(lane), change);

const onThinking = (lane: LaneId) => (open: boolean) => {
  keep(lane, { thinkingOpen: open });
  invalidate();
};
const thinkingToggles = { fast: onThinking('fast'), reasoning: onThinking('reasoning') };

function onFairness(open: boolean): void {
  kept.change({ fairnessOpen: open });
  sheetOpened = open;
  invalidate();
}

function onTask(open: boolean): void {
  kept.change({ taskOpen: open });
  invalidate();
}

/** Undefined where there is nothing to choose. */
const shownView = (): ViewId | undefined =>
  model.state.seq < 0 || whyNoPreview(model.state.task) !== undefined
    ? undefined
    : (kept.now.view ?? model.context.view ?? 'code');
const isDrawn = (): boolean => (shownView() ?? 'code') !== 'code';

function showView(view: ViewId): void {
  if (view === 'code') mustRestore = true;
  else if (!isDrawn()) keepPlaces();
  kept.change({ view });
  post({ type: 'choose-view', view });
  invalidate();
}

/** Where an answer that has ended is read: at its very end, too, it stands there again when the code comes back. */
function keepPlaces(): void {
  for (const lane of LANES)
    if (model.state.runs[lane]?.status === 'ended') keep(lane, { top: views[lane].answer.element.scrollTop });
}

function changeBoard(change: Partial<BoardSettings>): void {
  kept.change({ board: { ...kept.now.board, ...change } });
  invalidate();
}

/** Turning scripts on is explained once, and then it is a switch. */
function switchScripts(on: boolean): void {
  const mustAsk = on && !kept.now.board.scriptsExplained && !askingScripts;
  askingScripts = mustAsk;
  changeBoard(mustAsk ? {} : { scripts: on, scriptsExplained: kept.now.board.scriptsExplained || on });
}

function announce(words: string): void {
  announcement = words;
  invalidate();
}

/** The host makes previews only while they are seen. */
function tellShown(): void {
  const shown = isDrawn() && document.visibilityState === 'visible';
  if (shown === previewsShown) return;
  previewsShown = shown;
  post({ type: 'show-previews', shown });
}

/** Draws the widgets, too, at the next frame. */
function invalidate(): void {
  widgetsStale = true;
  schedule();
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  if (!model.loaded) return;
  if (widgetsStale) drawWidgets();
  // Behind previews nobody sees the code: it is drawn when it comes back, all at once.
  if (!isDrawn()) drawTexts();
  if (mustRestore) restoreReading();
  if (sheetOpened) document.getElementById(FAIRNESS_BUTTON)?.closest('section')?.scrollIntoView({ block: 'nearest' });
  sheetOpened = false;
  if (!timer && LANES.some((lane) => isLive(model.state.runs[lane]))) timer = window.setTimeout(tick, METER_INTERVAL_MS);
}

function drawTexts(): void {
  const nowMs = performance.now();
  const mustWait = textsStale && !mustRestore && nowMs - textsDrawnMs < TEXT_INTERVAL_MS;
  if (mustWait) schedule();
  else if (textsStale) textsDrawnMs = nowMs;
  textsStale = mustWait;
  for (const lane of LANES) {
    const run = model.state.runs[lane];
    for (const view of Object.values(views[lane])) {
      if (run && !isLive(run)) view.finish();
      else if (!mustWait) view.commit();
    }
  }
}

function tick(): void {
  timer = 0;
  invalidate();
}

function drawWidgets(): void {
  widgetsStale = false;
  const design = model.state.task.materials?.find((material) => material.role === 'design' && material.frame);
  const settled = settle(kept.now.board, ROOM_FOR_DESIGN.matches, design?.frame?.width);
  const settings: BoardSettings = hasDesign(model.previews) ? settled : { ...settled, pair: 'fast-reasoning' };
  render(
    <Panel
      state={model.state}
      context={model.context}
      nowMs={model.nowMs(performance.now())}
      views={views}
      thinkingChoice={(lane) => keptOf(lane)?.thinkingOpen}
      onThinking={thinkingToggles}
      fairnessOpen={kept.now.fairnessOpen}
      onFairness={onFairness}
      taskOpen={kept.now.taskOpen}
      onTask={onTask}
      view={shownView()}
      onView={showView}
      drawn={{
        board,
        previews: model.previews,
        settings,
        askingScripts,
        onSettings: changeBoard,
        onScripts: switchScripts,
        onSaid: announce,
      }}
      announcement={announcement}
      post={post}
    />,
    root,
  );
  if (isDrawn()) {
    board.update({ previews: model.previews, settings, comparing: shownView() === 'compare', dark: isDark() });
  } else board.clear();
  tellShown();
}

/** VS Code writes the kind of its theme on the body, and again when the person changes it. */
const isDark = (): boolean => !/light/.test(document.body.dataset.vscodeThemeKind ?? '');

/** Puts readers where they were; a finished answer is read from its beginning. */
function restoreReading(): void {
  mustRestore = false;
  for (const lane of LANES) {
    const ended = model.state.runs[lane]?.status === 'ended';
    const top = keptOf(lane)?.top ?? (ended ? 0 : undefined);
    if (top !== undefined) views[lane].answer.scrollTo(top);
    if (ended) views[lane].thinking.scrollTo(0);
  }
}

function receive(message: ToWebview): void {
  if (message.type === 'focus') {
    const { on } = message;
    if (on === 'fairness') onFairness(true);
    if (on === 'task') onTask(true);
    draw();
    const sheet = on === 'fairness' ? FAIRNESS_BUTTON : TASK_BUTTON;
    const target = on === 'fairness' || on === 'task' ? document.getElementById(sheet) : views[on].answer.element;
    target?.focus();
    return;
  }
  if (message.type === 'view') {
    showView(message.view);
    return;
  }
  const stages = stageOf();
  const change = model.receive(message, performance.now());
  for (const { lane, part, reset, text } of change.texts) {
    const view = partView(lane, part);
    if (reset) view.clear();
    view.append(text);
    textsStale = true;
  }
  if (change.announcements.length > 0) announcement = change.announcements.join(' ');
  if (change.needsSnapshot) post({ type: 'ready' });
  if (message.type === 'snapshot') {
    mustRestore = true;
    previewsShown = false; // the host begins anew with each `ready`
  }
  // Streaming text alone leaves the widgets to their clock; anything else shows at once.
  if (message.type !== 'events' || stages !== stageOf()) invalidate();
  else schedule();
}

const stageOf = (): string => LANES.map((lane) => `${runName(lane)} ${model.state.runs[lane]?.status ?? ''}`).join();

for (const lane of LANES) {
  const { answer } = views[lane];
  let saving = 0;
  answer.element.addEventListener(
    'scroll',
    () => {
      // Who follows the end has no place to come back to, and scrolls at each frame.
      if (answer.following) return;
      window.clearTimeout(saving);
      saving = window.setTimeout(() => {
        // Behind the previews a text has no height, and stands nowhere.
        if (!isDrawn() && !answer.following) keep(lane, { top: answer.element.scrollTop });
      }, 300);
    },
    { passive: true },
  );
}
// VS Code posts from a window around this one, of this one's origin. A preview, and whatever is in it, has an opaque origin: "null".
window.addEventListener('message', (event: MessageEvent<ToWebview>) => {
  if (event.origin === window.origin && event.origin !== 'null') receive(event.data);
});
ROOM_FOR_DESIGN.addEventListener('change', invalidate);
document.addEventListener('visibilitychange', () => {
  tellShown();
  if (document.visibilityState === 'visible') invalidate();
});
new MutationObserver(invalidate).observe(document.body, { attributeFilter: ['data-vscode-theme-kind'] });
acceptDrops({ post, accepts: () => model.loaded && !model.context.replay, takesText: () => model.state.seq < 0 });
post({ type: 'ready' });
