/**
 * One comparison in one webview panel. The host keeps the truth: the page is told everything again whenever it says `ready`, so it may be
 * hidden, moved into another window or reloaded at any time.
 */
import * as vscode from 'vscode';
import type { Comparison } from '../core/compare/comparison.ts';
import { assertNever } from '../shared/assertNever.ts';
import { type ComparisonEvent, type ComparisonState, LANES, type LaneId } from '../shared/comparison.ts';
import type { Preview } from '../shared/preview.ts';
import type { PanelContext, ToHost, ToWebview } from '../shared/protocol.ts';
import { ratioLine } from '../shared/ratio.ts';
import type { ViewId } from '../shared/view.ts';
import { AnswerFacts, type AnswersSeen } from './answerFacts.ts';
import { titleOf } from './comparisonTitle.ts';
import { PANEL_TYPE } from './names.ts';
import { panelPage } from './panelPage.ts';
import type { Previews } from './previews.ts';

/** VS Code does not bring these back after a reload: a replay is over with its window. */
const REPLAY_TYPE = 'secondThought.replayComparison';

/** Money and switches that the panel shows but does not know. */
export type PanelFacts = Omit<PanelContext, keyof AnswersSeen | 'laneOrder'>;

/** What a person asked for in the page; what the panel sees to by itself is not among it. */
export type PanelAction = Exclude<ToHost, { type: 'ready' | 'show-previews' }>;

export interface PanelDeps {
  readonly extensionUri: vscode.Uri;
  readonly previews: Previews;
  readonly facts: (state: ComparisonState) => PanelFacts;
  /** A person pressed something in the page. */
  readonly onAction: (panel: ComparisonPanel, action: PanelAction) => void;
  /** The panel came to front, went to back, or its comparison began, moved on to another state, or ended. */
  readonly onChange: (panel: ComparisonPanel) => void;
  readonly onDispose: (panel: ComparisonPanel) => void;
  /** Of a panel that plays a stored comparison: the log's time now. It says what it is in its title, and announces no end. */
  readonly replayMs?: () => number;
}

export class ComparisonPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #deps: PanelDeps;
  readonly #previews: ReturnType<Previews['forPanel']>;
  readonly #answers = new AnswerFacts();
  #comparison: Comparison | undefined;
  /** Wall time of the log's zero, where another process writes it. */
  #zeroAtMs: number | undefined;
  #state: ComparisonState;
  #ready = false;
  #laneOrder: readonly LaneId[] = LANES;
  /** What to move to as soon as the page is there. */
  #focus: Extract<ToWebview, { type: 'focus' }>['on'] | undefined;
  /** What to show as soon as the page is there. */
  #view: ViewId | undefined;

  /** Makes a panel beside what is open, or takes one that VS Code restored. */
  constructor(deps: PanelDeps, state: ComparisonState, restored?: vscode.WebviewPanel) {
    this.#deps = deps;
    this.#state = state;
    this.#previews = deps.previews.forPanel((message) => this.#post(message));
    this.#previews.update(state);
    const root = vscode.Uri.joinPath(deps.extensionUri, 'dist');
    const options: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [root], enableCommandUris: false };
    this.#panel =
      restored ??
      vscode.window.createWebviewPanel(deps.replayMs ? REPLAY_TYPE : PANEL_TYPE, 'Comparison', vscode.ViewColumn.Active, {
        ...options,
        enableFindWidget: true,
      });
    this.#panel.webview.options = options;
    this.#panel.iconPath = vscode.Uri.joinPath(deps.extensionUri, 'media', 'icon.svg');
    this.#panel.webview.onDidReceiveMessage((message: ToHost) => this.#receive(message));
    this.#panel.onDidChangeViewState(() => {
      if (!this.#panel.visible) {
        this.#ready = false; // a hidden page is thrown away; the next one says ready
        this.#previews.show(false);
      }
      deps.onChange(this);
    });
    this.#panel.onDidDispose(() => {
      this.#ready = false;
      this.#previews.dispose();
      deps.onDispose(this);
    });
    this.#panel.webview.html = panelPage(this.#panel.webview, root, state.id);
    this.#answers.look(this.#state);
    this.#retitle();
  }

  get state(): ComparisonState {
    return this.#state;
  }

  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  /** Left first. */
  get laneOrder(): readonly LaneId[] {
    return this.#laneOrder;
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  /** The comparison whose events will come through {@link show}. */
  attach(comparison: Comparison): void {
    this.#comparison = comparison;
    this.#state = comparison.state;
    this.#previews.update(this.#state);
    this.#postSnapshot();
  }

  /** The panel shows what another process writes, on a clock that began at that wall time (in milliseconds since 1970), where it is known. */
  follow(zeroAtMs: number | undefined): void {
    this.#zeroAtMs = zeroAtMs;
  }

  /** Shows a state that was read from the journal. */
  replace(state: ComparisonState): void {
    this.#comparison = undefined;
    this.#state = state;
    this.#previews.update(state);
    this.#answers.look(this.#state);
    this.#retitle();
    this.#postSnapshot();
    this.#deps.onChange(this);
  }

  /** Shows a batch that is already in the journal. */
  show(batch: readonly ComparisonEvent[], state: ComparisonState): void {
    const before = this.#state;
    this.#state = state;
    this.#previews.update(state);
    this.#post({ type: 'events', events: batch });
    const milestone = batch.some(isMilestone);
    if (milestone || this.#answers.isDue) {
      this.#answers.look(state);
      this.postContext();
    }
    if (!milestone) return;
    this.#retitle();
    this.#deps.onChange(this);
    const isSeen = LANES.some((lane) => state.runs[lane]?.plan.background) ? this.active : this.visible;
    if (before.running && !state.running && !isSeen && this.#comparison) void this.#announceEnd();
  }

  swapLanes(): void {
    this.#laneOrder = [...this.#laneOrder].reverse();
    this.postContext();
  }

  /** Moves to a lane's answer, or opens the task card or the fairness sheet. */
  focus(on: Extract<ToWebview, { type: 'focus' }>['on']): void {
    this.#focus = on;
    this.reveal();
    if (this.#ready) this.#postFocus();
  }

  /** Shows the answers as code, drawn, or one laid over the other. */
  showView(view: ViewId): void {
    this.#view = view;
    this.reveal();
    if (this.#ready) this.#postView();
  }

  /** Draws a result beside the answers; undefined: there is none any more. */
  showResult(preview: Preview | undefined): void {
    this.#previews.showResult(preview);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  close(): void {
    this.#panel.dispose();
  }

  postContext(): void {
    this.#post({ type: 'context', context: this.#context() });
  }

  #receive(message: ToHost): void {
    if (message.type === 'show-previews') {
      this.#previews.show(message.shown);
      return;
    }
    if (message.type !== 'ready') {
      this.#deps.onAction(this, message);
      return;
    }
    this.#ready = true;
    this.#previews.show(false); // until the page says that it shows them
    this.#postSnapshot();
    this.#previews.forgetPage();
    this.#postView();
    this.#postFocus();
  }

  #postFocus(): void {
    if (this.#focus) this.#post({ type: 'focus', on: this.#focus });
    this.#focus = undefined;
  }

  #postView(): void {
    if (this.#view) this.#post({ type: 'view', view: this.#view });
    this.#view = undefined;
  }

  #postSnapshot(): void {
    this.#post({
      type: 'snapshot',
      state: this.#state,
      context: this.#context(),
      nowMs: this.#deps.replayMs?.() ?? this.#comparison?.nowMs ?? this.#followedMs ?? this.#state.atMs,
    });
  }

  get #followedMs(): number | undefined {
    return this.#state.running && this.#zeroAtMs !== undefined
      ? Math.max(this.#state.atMs, Date.now() - this.#zeroAtMs)
      : undefined;
  }

  #context(): PanelContext {
    return { ...this.#deps.facts(this.#state), ...this.#answers.seen(this.#state), laneOrder: this.#laneOrder };
  }

  /** Never waits: a page that is slow or gone must not hold up the next message. */
  #post(message: ToWebview): void {
    if (this.#ready) void this.#panel.webview.postMessage(message);
  }

  #retitle(): void {
    const mark = this.#deps.replayMs ? 'Replay: ' : this.#state.running ? '● ' : '';
    this.#panel.title = `${mark}${titleOf(this.#state)}`;
  }

  async #announceEnd(): Promise<void> {
    const { fast, reasoning } = this.#state.runs;
    const show = 'Show';
    const line = ratioLine(fast, reasoning, this.#state.atMs);
    const choice = await vscode.window.showInformationMessage(
      `The comparison on ${this.#state.task.title} has ended. ${line}`,
      show,
    );
    if (choice === show) this.reveal();
  }
}

function isMilestone(event: ComparisonEvent): boolean {
  switch (event.type) {
    case 'comparison-start':
    case 'comparison-end':
      return true;
    case 'lane':
      return event.event.type === 'start' || event.event.type === 'end';
    default:
      return assertNever(event);
  }
}
