/**
 * The comparisons of this window: starting one, running lanes again, finding the one that commands mean, bringing one back from disk.
 */
import * as vscode from 'vscode';
import type { JournalRecord } from '../core/journal/reading.ts';
import { isSameTask } from '../core/task.ts';
import { type ComparisonState, EMPTY, LANE_LABEL, type LaneId } from '../shared/comparison.ts';
import type { Task } from '../shared/task.ts';
import { ComparisonPanel, type PanelDeps } from './comparisonPanel.ts';
import { titleOf } from './comparisonTitle.ts';
import { type Changes, type LaunchDeps, launch, quotesToRun, setupsAgain, setupsOf } from './launch.ts';
import { explainStart, type OutputLimits } from './startProblem.ts';

export interface ComparisonsDeps extends LaunchDeps, Pick<PanelDeps, 'extensionUri' | 'previews' | 'facts' | 'onAction'> {
  /** Adds what the settings and the workspace say to a task that a person begins. Throws `TaskProblem`. */
  readonly complete: (task: Task) => Promise<Task>;
  /** A lane failed: one line for the log. */
  readonly onFailure: (line: string) => void;
  /** Any panel came, went or changed. */
  readonly onChange: () => void;
  /** A comparison came to a panel. */
  readonly onOpen: (comparisonId: string) => void;
  /** A comparison ended, and is whole in the journal. */
  readonly onEnd: (comparisonId: string) => void;
  /** Text that other documents show (answers as files) has changed. */
  readonly onAnswer: (comparisonId: string) => void;
}

/** How often a comparison of another window is read again. */
const FOLLOW_INTERVAL_MS = 1000;

export class Comparisons {
  readonly #deps: ComparisonsDeps;
  readonly #panels: ComparisonPanel[] = [];
  /** Sources whose comparison is being prepared: a second press waits for the first. */
  readonly #starting = new Set<string>();

  constructor(deps: ComparisonsDeps) {
    this.#deps = deps;
  }

  /** The comparison that commands mean: the one in front, else the one used last. */
  get current(): ComparisonPanel | undefined {
    const shown = this.#panels.filter((panel) => panel.state.seq >= 0);
    return shown.find((panel) => panel.active) ?? shown.at(-1);
  }

  get panels(): readonly ComparisonPanel[] {
    return this.#panels;
  }

  /** Sends a task to the two chosen models, or to the given ones. */
  async start(given: Task, models?: Record<LaneId, string>, maxOutputTokens: OutputLimits = {}): Promise<void> {
    const key = JSON.stringify([{ ...given, parts: [] }, models]);
    const running = this.#panels.find((panel) => panel.state.running && isSameTask(panel.state.task, given));
    if (running) {
      running.reveal();
      return;
    }
    if (this.#starting.has(key)) return;
    this.#starting.add(key);
    try {
      const task = models ? given : await this.#deps.complete(given);
      const setups = setupsOf(models ?? {}, maxOutputTokens, this.#deps.settings().settings);
      const quotes = await quotesToRun(task, setups, this.#deps);
      if (!quotes) return;
      let panel: ComparisonPanel | undefined;
      const comparison = this.#deps.engine.begin(task, (batch, state) => this.#show(panel, batch, state));
      launch(comparison, quotes, this.#deps);
      const empty = this.#panels.find((other) => other.state.seq < 0);
      panel = this.#makePanel(comparison.state);
      panel.attach(comparison);
      empty?.close();
    } catch (error) {
      explainStart(error, (smaller) => this.start(given, models, { ...maxOutputTokens, ...smaller }));
    } finally {
      this.#starting.delete(key);
    }
  }

  /** Runs lanes of a comparison again, with other models or words where given. */
  async runAgain(panel: ComparisonPanel, lanes: readonly LaneId[], changes: Changes = {}): Promise<void> {
    if (this.#starting.has(panel.state.id) || this.#runsElsewhere(panel)) return;
    const { state } = panel;
    if (!this.#deps.engine.journal.has(state.id)) {
      void vscode.window.showInformationMessage('This comparison was deleted. Compare again to run its task anew.');
      return;
    }
    const busy = lanes.filter((lane) => panel.comparison?.isRunning(lane));
    if (busy.length > 0) {
      const names = busy.map((lane) => LANE_LABEL[lane]).join(' and ');
      void vscode.window.showInformationMessage(`Still running: ${names}. Stop it or wait for its end, then run again.`);
      return;
    }
    this.#starting.add(state.id);
    try {
      const setups = setupsAgain(state, lanes, changes, this.#deps.settings().settings);
      const quotes = await quotesToRun(state.task, setups, this.#deps);
      if (!quotes || this.#runsElsewhere(panel)) return;
      const comparison =
        panel.comparison ?? this.#deps.engine.resume(panel.state, (batch, next) => this.#show(panel, batch, next));
      panel.attach(comparison);
      launch(comparison, quotes, this.#deps);
    } catch (error) {
      explainStart(error, (smaller) =>
        this.runAgain(panel, lanes, { ...changes, maxOutputTokens: { ...changes.maxOutputTokens, ...smaller } }),
      );
    } finally {
      this.#starting.delete(state.id);
    }
  }

  /** Shows a stored comparison: in its panel if it is open, else in a new one. Undefined when there is nothing to show. */
  open(id: string, restored?: vscode.WebviewPanel): ComparisonPanel | undefined {
    const open = this.#panels.find((panel) => panel.state.id === id);
    if (open && !restored) {
      open.reveal();
      return open;
    }
    const record = this.#deps.engine.journal.recover(id);
    if (!record || record.state.seq < 0) {
      restored?.dispose();
      void vscode.window.showWarningMessage(record?.damage ?? 'That comparison is no longer on this machine.');
      this.#deps.onChange();
      return undefined;
    }
    const panel = this.#makePanel(record.state, restored);
    if (record.isLeft) void this.#pickUp(panel);
    else if (record.state.running) this.#follow(panel, record);
    if (record.damage) void vscode.window.showWarningMessage(record.damage);
    return panel;
  }

  /**
   * Fills a panel that VS Code restored. A window that was torn down may have kept the panel and lost what its page had saved; then it is
   * the newest comparison of that title.
   */
  restore(panel: vscode.WebviewPanel, saved: unknown): void {
    const id = typeof saved === 'object' && saved !== null && 'id' in saved ? saved.id : undefined;
    const found = typeof id === 'string' && id !== '' ? id : this.#newestTitled(panel.title);
    if (found === undefined) panel.dispose();
    else this.open(found, panel);
  }

  /** Shows what was added to comparisons that stand still in this window: by another window, or by the books. */
  reread(ids: readonly string[]): void {
    for (const panel of this.#panels) {
      const { id, running } = panel.state;
      if (!ids.includes(id) || running) continue;
      const record = this.#deps.engine.journal.recover(id);
      if (!record || record.state.seq <= panel.state.seq) continue;
      panel.replace(record.state);
      if (record.state.running) this.#follow(panel, record);
    }
  }

  openLast(): void {
    const [newest] = this.#deps.engine.journal.newestFirst();
    if (newest) this.open(newest);
    else (this.#panels.at(-1) ?? this.#makePanel(EMPTY)).reveal(); // an empty panel says how to begin
  }

  /** A panel that says how to begin, and takes what is pasted or dropped. */
  openEmpty(): void {
    (this.#panels.find((panel) => panel.state.seq < 0) ?? this.#makePanel(EMPTY)).reveal();
  }

  /** The state of any comparison, live or stored. */
  async stateOf(id: string): Promise<ComparisonState | undefined> {
    const open = this.#panels.find((panel) => panel.state.id === id);
    return open?.state ?? this.#deps.engine.journal.recover(id)?.state;
  }

  postContexts(): void {
    for (const panel of this.#panels) panel.postContext();
  }

  /**
   * The window is going away: runs end as interrupted, settled and stored, as far as there is time. Background runs go on without it and
   * are picked up by the next.
   */
  async end(): Promise<void> {
    const comparisons = this.#panels.flatMap((panel) => panel.comparison ?? []);
    for (const comparison of comparisons) comparison.interrupt();
    await Promise.all(comparisons.map((comparison) => comparison.settled()));
  }

  /**
   * A comparison that another window runs, or that a window ran which is only just closing: shown as it grows in the journal, until it
   * ends or its window is gone.
   */
  #follow(panel: ComparisonPanel, from?: JournalRecord): void {
    let record = from;
    if (record) panel.follow(record.zeroAtMs);
    const timer = setInterval(() => {
      const isOpen = this.#panels.includes(panel);
      record = isOpen ? this.#deps.engine.journal.recover(panel.state.id, record) : undefined;
      const news = record?.events.slice(panel.state.seq + 1) ?? [];
      if (record && news.length > 0) panel.show(news, record.state);
      else if (record && record.state.seq < panel.state.seq) panel.replace(record.state); // its file was damaged meanwhile
      if (record?.isLeft) void this.#pickUp(panel);
      if (record?.isLeft || !record?.state.running) clearInterval(timer);
    }, FOLLOW_INTERVAL_MS);
  }

  /** Looks again whether another window runs that comparison, and says so: two would write into one log. */
  #runsElsewhere(panel: ComparisonPanel): boolean {
    this.reread([panel.state.id]);
    if (!panel.state.running || panel.comparison) return false;
    void vscode.window.showInformationMessage('This comparison runs in another window. Run it again there, or when it is done.');
    return true;
  }

  /** Goes on with background runs whose window is gone. When another window was first, they are watched from here. */
  async #pickUp(panel: ComparisonPanel): Promise<void> {
    const { id } = panel.state;
    const comparison = await this.#deps.engine.pickUp(id, (batch, state) => this.#show(panel, batch, state));
    if (!comparison) this.#follow(panel);
    else if (this.#panels.includes(panel)) panel.attach(comparison);
    else comparison.stop(); // its panel was closed meanwhile
  }

  #makePanel(state: ComparisonState, restored?: vscode.WebviewPanel): ComparisonPanel {
    const panel = new ComparisonPanel(
      {
        extensionUri: this.#deps.extensionUri,
        previews: this.#deps.previews,
        facts: this.#deps.facts,
        onAction: this.#deps.onAction,
        onChange: (changed) => {
          if (changed.active) this.#bringToEnd(changed);
          this.#deps.onChange();
        },
        onDispose: (gone) => this.#closed(gone),
      },
      state,
      restored,
    );
    this.#panels.push(panel);
    this.#deps.onOpen(state.id);
    this.#deps.onChange();
    return panel;
  }

  /** Nobody can watch or stop what has no panel, so it stops; nothing shown is lost. */
  #closed(panel: ComparisonPanel): void {
    this.#panels.splice(this.#panels.indexOf(panel), 1);
    this.#deps.onChange();
    if (!panel.state.running || !panel.comparison) return;
    panel.comparison.stop();
    const again = 'Open Again';
    void vscode.window
      .showInformationMessage(
        `The comparison on ${panel.state.task.title} was stopped, because its panel was closed. What it showed is kept.`,
        again,
      )
      .then((choice) => choice === again && this.open(panel.state.id));
  }

  #newestTitled(title: string): string | undefined {
    const { journal } = this.#deps.engine;
    const isOpen = (id: string): boolean => this.#panels.some((panel) => panel.state.id === id);
    const wanted = title.replace(/^● /, '');
    for (const id of journal.newestFirst()) if (!isOpen(id) && titleOf(journal.read(id)?.state) === wanted) return id;
    return undefined;
  }

  #bringToEnd(panel: ComparisonPanel): void {
    const index = this.#panels.indexOf(panel);
    if (index >= 0) this.#panels.push(...this.#panels.splice(index, 1));
  }

  #show(panel: ComparisonPanel | undefined, batch: Parameters<ComparisonPanel['show']>[0], state: ComparisonState): void {
    panel?.show(batch, state);
    for (const event of batch) {
      if (event.type !== 'lane' || event.event.type !== 'end' || !event.event.error) continue;
      const { kind, status, message } = event.event.error;
      const model = state.runs[event.lane]?.plan.model;
      this.#deps.onFailure(`${event.lane} lane, ${model}: ${kind}${status === undefined ? '' : ` ${status}`}. ${message}`);
    }
    this.#deps.onAnswer(state.id);
    if (batch.at(-1)?.type === 'comparison-end') this.#deps.onEnd(state.id);
  }
}
