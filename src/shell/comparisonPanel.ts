/**
 * One comparison in one webview panel. The host keeps the truth: the page is told everything again whenever it says `ready`, so it may be
 * hidden, moved into another window or reloaded at any time.
 */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { artifactOf } from '../core/artifact/artifact.ts';
import { findingsOfRun } from '../core/artifact/findings.ts';
import type { Comparison } from '../core/compare/comparison.ts';
import { partTokens } from '../core/money/estimate.ts';
import { assertNever } from '../shared/assertNever.ts';
import { type ComparisonEvent, type ComparisonState, LANES, type LaneId, type Run } from '../shared/comparison.ts';
import type { Preview } from '../shared/preview.ts';
import type { FileSummary, PanelContext, ToHost, ToWebview } from '../shared/protocol.ts';
import { ratioLine } from '../shared/ratio.ts';
import type { ViewId } from '../shared/view.ts';
import { PANEL_TYPE } from './names.ts';
import type { Previews } from './previews.ts';

/** VS Code does not bring these back after a reload: a replay is over with its window. */
const REPLAY_TYPE = 'secondThought.replayComparison';

/** Money and switches that the panel shows but does not know. */
export type PanelFacts = Omit<PanelContext, 'files' | 'findings' | 'laneOrder' | 'refusal' | 'partTokens'>;

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

/** Files in a growing answer are looked for at most this often. */
const FILES_INTERVAL_MS = 500;
/** They are judged less often: that takes several times as long. */
const FINDINGS_INTERVAL_MS = 3_000;

export class ComparisonPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #deps: PanelDeps;
  readonly #previews: ReturnType<Previews['forPanel']>;
  #comparison: Comparison | undefined;
  #state: ComparisonState;
  #ready = false;
  #laneOrder: readonly LaneId[] = LANES;
  #refusal: string | undefined;
  /** What to move to as soon as the page is there. */
  #focus: Extract<ToWebview, { type: 'focus' }>['on'] | undefined;
  /** What to show as soon as the page is there. */
  #view: ViewId | undefined;
  #files: PanelContext['files'] = {};
  #findings: NonNullable<PanelContext['findings']> = {};
  #findingsAtMs = Number.NEGATIVE_INFINITY;
  #filesAtMs = 0;
  #counted: { readonly id: string; readonly tokens: Readonly<Record<number, number>> } | undefined;

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
    this.#panel.webview.html = page(this.#panel.webview, root, state.id);
    this.#refreshFiles();
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

  /** Shows a state that was read from the journal. */
  replace(state: ComparisonState): void {
    this.#state = state;
    this.#previews.update(state);
    this.#refreshFiles();
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
    if (milestone || performance.now() - this.#filesAtMs > FILES_INTERVAL_MS) {
      this.#refreshFiles();
      this.postContext();
    }
    if (!milestone) return;
    this.#retitle();
    this.#deps.onChange(this);
    const isSeen = LANES.some((lane) => state.runs[lane]?.plan.background) ? this.active : this.visible;
    if (before.running && !state.running && !isSeen && !this.#deps.replayMs) void this.#announceEnd();
  }

  /** Shows why the last wish to run was refused, or that it no longer is. */
  refuse(sentence: string | undefined): void {
    this.#refusal = sentence;
    this.postContext();
  }

  swapLanes(): void {
    this.#laneOrder = [...this.#laneOrder].reverse();
    this.postContext();
  }

  /** Moves to a lane's answer, or opens the fairness sheet. */
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
      nowMs: this.#deps.replayMs?.() ?? this.#comparison?.nowMs ?? this.#state.atMs,
    });
  }

  #context(): PanelContext {
    return {
      ...this.#deps.facts(this.#state),
      files: this.#files,
      findings: this.#findings,
      laneOrder: this.#laneOrder,
      partTokens: this.#partTokens(),
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
    };
  }

  /** Counted once for each comparison: its task may be long, and never changes. */
  #partTokens(): Readonly<Record<number, number>> {
    const { id, task } = this.#state;
    if (this.#counted?.id !== id) this.#counted = { id, tokens: partTokens(task.parts) };
    return this.#counted.tokens;
  }

  /** Never waits: a page that is slow or gone must not hold up the next message. */
  #post(message: ToWebview): void {
    if (this.#ready) void this.#panel.webview.postMessage(message);
  }

  #refreshFiles(): void {
    this.#filesAtMs = performance.now();
    this.#files = Object.fromEntries(
      LANES.flatMap((lane) => {
        const run = this.#state.runs[lane];
        return run ? [[lane, filesOf(this.#state, run)]] : [];
      }),
    );
    if (this.#state.running && this.#filesAtMs - this.#findingsAtMs < FINDINGS_INTERVAL_MS) return;
    this.#findings = Object.fromEntries(LANES.map((lane) => [lane, findingsOfRun(this.#state.task, this.#state.runs[lane])]));
    this.#findingsAtMs = performance.now();
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

/** The panel's title, but for the mark of a running one. */
export const titleOf = (state: ComparisonState | undefined): string => state?.task.title || 'Comparison';

const filesOf = (state: ComparisonState, run: Run): readonly FileSummary[] =>
  artifactOf(state.task, run).files.map(({ name, languageId, complete }) => ({ name, languageId, complete }));

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

/** The page carries the comparison's id, which VS Code gives back when it restores the panel. */
function page(webview: vscode.Webview, root: vscode.Uri, comparisonId: string): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource} data:`,
    `img-src ${webview.cspSource} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Comparison</title>
    <link rel="stylesheet" href="${asset('webview.css')}" id="vscode-codicon-stylesheet">
  </head>
  <body>
    <div id="app" data-comparison="${comparisonId}"></div>
    <script nonce="${nonce}" src="${asset('webview.js')}"></script>
  </body>
</html>`;
}
