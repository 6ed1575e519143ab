/**
 * Review as the commands and the panel see it: diff, apply, undo and the documents behind them, for one window.
 */
import * as vscode from 'vscode';
import { alone } from '../core/apply/alone.ts';
import { undoApply } from '../core/apply/undo.ts';
import type { UndoStore } from '../core/apply/workspace.ts';
import { parseUndoRecord } from '../core/artifact/review.ts';
import type { ComparisonState, LaneId } from '../shared/comparison.ts';
import { AnswerFiles } from './answerFiles.ts';
import { type AfterApply, applyAndTell } from './apply.ts';
import { readText } from './applyTargets.ts';
import { WINDOW_WORKSPACE } from './applyWorkspace.ts';
import { type DiffDependencies, diffLanes, diffPrompts, diffRuns, diffWithFile, type Side } from './diffReview.ts';
import { formatApplied } from './formatApplied.ts';
import { RESULT_SCHEME } from './names.ts';
import {
  activeResult,
  applyResult,
  filesAround,
  isResultOpen,
  laneBeside,
  type ResultDependencies,
  switchResultSide,
  takeHunks,
} from './resultDocument.ts';
import { ResultFiles } from './resultFiles.ts';
import { ResultPreview, type ResultPreviewDeps } from './resultPreview.ts';
import { WINDOW_DIALOGS } from './reviewDialogs.ts';
import { undoStoreIn } from './undoApply.ts';

export interface ReviewDeps {
  /** Where what an apply replaced is kept, and where results are. */
  readonly undoDirectory: string;
  readonly resultDirectory: string;
  readonly stateOf: (comparisonId: string) => Promise<ComparisonState | undefined>;
  readonly preview: ResultPreviewDeps['preview'];
  /** Draws a result in the panel of its comparison. */
  readonly showResult: ResultPreviewDeps['show'];
  /** For the log: file names and what was found, never content. */
  readonly log: (line: string) => void;
  /** An apply was made or taken back. */
  readonly onChange: () => void;
}

export class Review implements vscode.Disposable {
  /** The documents of answers, to be read. */
  readonly files: AnswerFiles;
  /** The documents of results, to be edited. */
  readonly results: ResultFiles;
  readonly #undo: UndoStore;
  readonly #log: (line: string) => void;
  readonly #onChange: () => void;
  /** Comparisons with an apply to take back. */
  readonly #undoable = new Set<string>();
  readonly #stateOf: ReviewDeps['stateOf'];
  readonly #tabs: vscode.Disposable;
  readonly #resultPreview: ResultPreview;
  #resultInFront: string | undefined;

  constructor({ undoDirectory, resultDirectory, stateOf, preview, showResult, log, onChange }: ReviewDeps) {
    this.results = new ResultFiles(resultDirectory);
    this.#stateOf = stateOf;
    this.files = new AnswerFiles({ lookup: stateOf, readText });
    this.#undo = undoStoreIn(undoDirectory);
    this.#log = log;
    this.#onChange = onChange;
    this.#resultPreview = new ResultPreview({
      preview,
      filesOf: (state, uri) => filesAround(state, uri, this.#applying),
      isOpen: isResultOpen,
      show: showResult,
    });
    const { tabGroups } = vscode.window;
    const look = (): void => this.#lookInFront();
    this.#tabs = vscode.Disposable.from(tabGroups.onDidChangeTabs(look), tabGroups.onDidChangeTabGroups(look));
    queueMicrotask(look); // those who are told are not made yet
  }

  /** The comparison of the result that is in front: commands mean it rather than that of a panel behind. */
  get resultInFront(): string | undefined {
    return this.#resultInFront;
  }

  async diffLanes(state: ComparisonState, order: readonly LaneId[]): Promise<void> {
    await diffLanes(state, this.#diffing, order);
  }

  async diffRuns(left: Side, right: Side): Promise<void> {
    await diffRuns(left, right, this.#diffing);
  }

  async diffWithFile(state: ComparisonState, lane: LaneId): Promise<void> {
    await diffWithFile(state, lane, this.#diffing);
  }

  async diffPrompts(state: ComparisonState, order: readonly LaneId[]): Promise<void> {
    await diffPrompts(state, this.#diffing, order);
  }

  async apply(state: ComparisonState, lane: LaneId): Promise<void> {
    await this.#alone(state.id, () => applyAndTell(state, lane, this.#applying, this.#afterApply(state, lane)));
  }

  async undoApply(state: ComparisonState): Promise<void> {
    await this.#alone(state.id, () => undoApply(state.id, this.#applying));
  }

  async formatApplied(state: ComparisonState): Promise<void> {
    await this.#alone(state.id, () => formatApplied(state.id, this.#applying));
  }

  async takeHunks(state: ComparisonState, lane: LaneId | undefined): Promise<void> {
    await takeHunks(state, lane, this.#applying);
  }

  /** Puts another text on the left of a result; without one, of the result in front. */
  async switchResultSide(clicked?: vscode.Uri): Promise<void> {
    await this.#withResult(clicked, (state, uri) => switchResultSide(state, uri, this.#applying));
  }

  async applyResult(clicked?: vscode.Uri): Promise<void> {
    await this.#withResult(clicked, (state, uri) => {
      const lane = laneBeside(uri);
      return this.#alone(state.id, () => applyResult(uri, lane, this.#applying, this.#afterApply(state, lane)));
    });
  }

  /** Draws a result in the panel of its comparison, which `open` brings to front. */
  async previewResult(clicked: vscode.Uri | undefined, open: (comparisonId: string) => boolean): Promise<void> {
    await this.#withResult(clicked, async (state, uri) => {
      if (open(state.id)) await this.#resultPreview.show(state, uri);
    });
  }

  async showPrompt(state: ComparisonState, lane: LaneId): Promise<void> {
    await vscode.commands.executeCommand('vscode.open', this.files.promptUri(state, lane));
  }

  /** The lane whose answer was applied last and not taken back since. */
  async appliedLane(comparisonId: string): Promise<LaneId | undefined> {
    return parseUndoRecord(await this.#undo.read(comparisonId)).applies.at(-1)?.lane;
  }

  /** Forgets what could be taken back, with the comparison it belongs to. */
  async forget(comparisonId: string): Promise<void> {
    await this.#undo.write(comparisonId, undefined);
    await this.results.forget(comparisonId);
    await this.refresh(comparisonId);
  }

  canUndo(comparisonId: string): boolean {
    return this.#undoable.has(comparisonId);
  }

  /** Looks again whether a comparison has an apply to take back. */
  async refresh(comparisonId: string): Promise<void> {
    const can = (await this.appliedLane(comparisonId)) !== undefined;
    if (can === this.#undoable.has(comparisonId)) return;
    if (can) this.#undoable.add(comparisonId);
    else this.#undoable.delete(comparisonId);
    this.#onChange();
  }

  /** Open documents of that comparison show older text. */
  answerChanged(comparisonId: string): void {
    this.files.update(comparisonId);
  }

  dispose(): void {
    this.#tabs.dispose();
    this.#resultPreview.dispose();
    this.files.dispose();
    this.results.dispose();
  }

  #lookInFront(): void {
    const id = activeResult(RESULT_SCHEME)?.authority;
    if (id === this.#resultInFront) return;
    this.#resultInFront = id;
    this.#onChange();
    if (id !== undefined) void this.refresh(id);
  }

  get #diffing(): DiffDependencies {
    return { files: this.files, dialogs: WINDOW_DIALOGS };
  }

  get #applying(): ResultDependencies {
    return {
      ...this.#diffing,
      workspace: WINDOW_WORKSPACE,
      undo: this.#undo,
      log: this.#log,
      results: this.results,
      choose: async (title, items) => vscode.window.showQuickPick(items, { title }),
    };
  }

  #afterApply(state: ComparisonState, lane: LaneId): AfterApply {
    return {
      undo: () => this.undoApply(state),
      format: () => this.formatApplied(state),
      takeHunks: () => this.takeHunks(state, lane),
    };
  }

  async #alone(comparisonId: string, work: () => Promise<unknown>): Promise<void> {
    await alone(comparisonId, { undo: this.#undo, dialogs: WINDOW_DIALOGS }, work);
    await this.refresh(comparisonId);
  }

  async #withResult(
    clicked: vscode.Uri | undefined,
    work: (state: ComparisonState, uri: vscode.Uri) => Promise<unknown>,
  ): Promise<void> {
    const uri = clicked instanceof vscode.Uri && clicked.scheme === RESULT_SCHEME ? clicked : activeResult(RESULT_SCHEME);
    const state = uri && (await this.#stateOf(uri.authority));
    if (uri && state) await work(state, uri);
    else void WINDOW_DIALOGS.tell('There is no result in front. Use "Take Hunks into a Result" first.');
  }
}
