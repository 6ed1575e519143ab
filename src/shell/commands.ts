/**
 * Every command, by its id, as one table: what the palette, menus, keys and walkthrough run. What a command throws is caught once, here.
 */
import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import type { ParsedSettings } from '../core/settings.ts';
import { type ComparisonState, LANE_LABEL, LANES, type LaneId } from '../shared/comparison.ts';
import { TARGET_LABEL } from '../shared/design.ts';
import { type ViewId, whyNoPreview } from '../shared/view.ts';
import { copyAnswer, openAnswer } from './answers.ts';
import { type ApiKeyDeps, removeApiKey, setApiKey } from './apiKeys.ts';
import { changeLimits } from './changeLimits.ts';
import { taskFromClipboard } from './clipboardInput.ts';
import { explainFailure } from './commandFailure.ts';
import type { ComparisonPanel } from './comparisonPanel.ts';
import type { Comparisons } from './comparisons.ts';
import { diagnostics } from './diagnostics.ts';
import { exportComparison, importComparison } from './exports.ts';
import { type FigmaDeps, figmaLinkTask, removeFigmaToken } from './figma.ts';
import { type HistoryCommandDeps, historyCommands } from './historyCommands.ts';
import type { Keys } from './keys.ts';
import { pickLane, pickLanes } from './lanePicker.ts';
import { askToSetAside } from './ledgerTrouble.ts';
import { deleteLocalData } from './localData.ts';
import type { Log } from './log.ts';
import { type PickerDeps, pickModel } from './modelPicker.ts';
import { choosePreset, savePreset } from './presets.ts';
import type { PromptEditor } from './promptEditor.ts';
import type { Review } from './review.ts';
import { type SampleInputDeps, sampleTask } from './sampleInput.ts';
import { askForSeveral, taskFromUris } from './severalInput.ts';
import { exportSpending, type SpendingView } from './spendingView.ts';
import { chooseTarget, type TargetDeps } from './targets.ts';
import { codeTask, isCode, taskFromFile, taskFromSelection } from './taskInput.ts';
import { updatePrices } from './updatePrices.ts';
import { MODEL_SETTING, writeSetting } from './userSettings.ts';

export interface CommandDeps extends SampleInputDeps, HistoryCommandDeps {
  readonly engine: Engine;
  readonly comparisons: Comparisons;
  readonly review: Review;
  readonly promptEditor: PromptEditor;
  readonly spending: SpendingView;
  readonly keys: Keys;
  readonly apiKeys: ApiKeyDeps;
  readonly figma: FigmaDeps;
  readonly picker: PickerDeps;
  readonly settings: () => ParsedSettings;
  readonly targets: TargetDeps;
  readonly log: Log;
  readonly version: string;
  readonly stateDirectory: string;
  readonly memory: readonly vscode.Memento[];
  /** Keeps what new panels begin with. */
  readonly rememberView: (view: ViewId) => void;
  readonly refresh: () => void;
}

/** Runs a command by the id the manifest gives it. */
export function commandRunner(deps: CommandDeps): (command: string, args: readonly never[]) => Promise<void> {
  const { comparisons, review, promptEditor, engine } = deps;

  const past = historyCommands(deps);

  const chooseModel = async (lane: LaneId): Promise<string | undefined> => {
    const { settings } = deps.settings();
    const chosen = await pickModel(lane, settings[MODEL_SETTING[lane]], deps.picker);
    if (!chosen) return undefined;
    await writeSetting(MODEL_SETTING[lane], chosen);
    vscode.window.setStatusBarMessage(`$(check) ${LANE_LABEL[lane]} model: ${chosen}`, 5000);
    return chosen;
  };

  const withPanel = (run: (panel: ComparisonPanel) => unknown) => async (): Promise<void> => {
    const panel = comparisons.current;
    if (panel) await run(panel);
    else void vscode.window.showInformationMessage('There is no comparison open. Compare a file, or open the last comparison.');
  };
  const withApplied = (run: (state: ComparisonState) => unknown) => async (): Promise<void> => {
    const state = review.resultInFront === undefined ? undefined : await comparisons.stateOf(review.resultInFront);
    if (state) await run(state);
    else await withPanel((panel) => run(panel.state))();
  };
  const withLane = (question: string, run: (panel: ComparisonPanel, lane: LaneId) => unknown, needsText = true) =>
    withPanel(async (panel) => {
      const lane = await pickLane(panel.state, question, needsText);
      if (lane) await run(panel, lane);
    });

  const showView = (panel: ComparisonPanel, view: ViewId): boolean => {
    const why = view === 'code' ? undefined : whyNoPreview(panel.state.task);
    if (why) void vscode.window.showInformationMessage(why);
    else panel.showView(view);
    return why === undefined;
  };

  const figmaTask = (link: string) => figmaLinkTask(deps.figma, link);

  const table: Record<string, (...args: never[]) => unknown> = {
    compareSelection: async () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      const task = uri && isCode(uri) ? await codeTask(uri) : await taskFromSelection();
      if (task) await comparisons.start(task);
    },
    compareFile: async (clicked?: vscode.Uri, all?: readonly vscode.Uri[]) => {
      if (Array.isArray(all) && all.length > 1) {
        const together = await taskFromUris(all);
        if (together) await comparisons.start(together);
        return;
      }
      const uri = clicked ?? vscode.window.activeTextEditor?.document.uri;
      const task = uri && isCode(uri) ? await codeTask(uri) : await taskFromFile(clicked);
      if (task) await comparisons.start(task);
    },
    compareCodeTask: async (clicked?: vscode.Uri) => {
      const task = await codeTask(clicked instanceof vscode.Uri ? clicked : undefined);
      if (task) await comparisons.start(task);
    },
    compareWithFiles: async (clicked?: vscode.Uri, all?: readonly vscode.Uri[]) => {
      const task = await askForSeveral(Array.isArray(all) ? all : clicked instanceof vscode.Uri ? [clicked] : []);
      if (task) await comparisons.start(task);
    },
    compareClipboard: async () => {
      const task = await taskFromClipboard(figmaTask, () => comparisons.openEmpty());
      if (task) await comparisons.start(task);
    },
    compareFigma: async () => {
      const task = await figmaLinkTask(deps.figma);
      if (task) await comparisons.start(task);
    },
    removeFigmaToken: () => removeFigmaToken(deps.figma),
    chooseTarget: async () => {
      const panel = comparisons.current;
      const task = panel?.state.task.kind === 'design' ? panel.state.task : undefined;
      const target = await chooseTarget(task, deps.targets);
      if (!target || !task || task.target === target || panel?.state.running) return;
      const again = `Compare Again in ${TARGET_LABEL[target]}`;
      const question = `New designs are built in ${TARGET_LABEL[target]}. Build ${task.title} in it as well?`;
      if ((await vscode.window.showInformationMessage(question, again)) === again) await comparisons.start({ ...task, target });
    },
    runSample: async (id?: string) => {
      const task = await sampleTask(deps, id);
      if (task) await comparisons.start(task, { fast: 'sample:fast', reasoning: 'sample:reasoning' });
    },
    chooseFastModel: () => chooseModel('fast'),
    chooseReasoningModel: () => chooseModel('reasoning'),
    choosePreset: () => choosePreset(deps.settings().settings, chooseModel),
    savePreset: () => savePreset(deps.settings().settings),
    setApiKey: () => setApiKey(deps.apiKeys),
    removeApiKey: () => removeApiKey(deps.apiKeys),
    addEndpoint: () => deps.picker.addEndpoint(chooseModel),
    stop: () =>
      (comparisons.current?.state.running
        ? comparisons.current
        : comparisons.panels.find((panel) => panel.state.running)
      )?.comparison?.stop(),
    runAgain: withPanel(async (panel) => {
      const lanes = await pickLanes(panel.state, 'Run Which Lanes Again?');
      if (lanes) await comparisons.runAgain(panel, lanes);
    }),
    runIdentical: withPanel((panel) => comparisons.runAgain(panel, LANES, { prompts: 'identical' })),
    runAdapted: withPanel((panel) => comparisons.runAgain(panel, LANES, { prompts: 'adapted' })),
    editPrompt: withPanel((panel) => promptEditor.open(panel.state, undefined)),
    runEditedPrompt: async (lanes?: readonly LaneId[]) => {
      const edited = promptEditor.read(lanes);
      const panel = comparisons.panels.find((candidate) => candidate.state.id === edited?.comparisonId);
      if (!edited || !panel) {
        void vscode.window.showInformationMessage(
          'There is no prompt in front whose comparison is still open. Use "Edit Prompt and Run Again" first.',
        );
        return;
      }
      panel.reveal();
      await comparisons.runAgain(panel, edited.lanes, { prompt: edited.prompt });
    },
    swapLanes: withPanel((panel) => panel.swapLanes()),
    diffLanes: withPanel((panel) => review.diffLanes(panel.state, panel.laneOrder)),
    diffPrompts: withPanel((panel) => review.diffPrompts(panel.state, panel.laneOrder)),
    diffWithFile: withLane('Diff Which Answer with the File?', (panel, lane) => review.diffWithFile(panel.state, lane)),
    apply: withLane('Apply Which Answer?', (panel, lane) => review.apply(panel.state, lane)),
    undoApply: withApplied((state) => review.undoApply(state)),
    formatApplied: withApplied((state) => review.formatApplied(state)),
    takeHunks: withPanel((panel) => review.takeHunks(panel.state, undefined)),
    switchResultSide: (clicked?: vscode.Uri) => review.switchResultSide(clicked),
    applyResult: (clicked?: vscode.Uri) => review.applyResult(clicked),
    previewResult: (clicked?: vscode.Uri) =>
      review.previewResult(clicked, (id) => {
        const panel = comparisons.open(id);
        return panel !== undefined && showView(panel, 'preview');
      }),
    openAnswer: withLane('Open Which Answer?', (panel, lane) => openAnswer(panel.state, lane)),
    copyAnswer: withLane('Copy Which Answer?', (panel, lane) => copyAnswer(panel.state, lane)),
    focusAnswer: withLane('Focus Which Answer?', (panel, lane) => panel.focus(lane), false),
    showFairness: withPanel((panel) => panel.focus('fairness')),
    showCode: withPanel((panel) => showView(panel, 'code')),
    showPreview: withPanel((panel) => showView(panel, 'preview')),
    comparePreviews: withPanel((panel) => showView(panel, 'compare')),
    showTask: withPanel((panel) => panel.focus('task')),
    openLast: () => comparisons.openLast(),
    searchHistory: past.searchHistory,
    replayComparison: past.replayComparison,
    rerunComparison: past.rerunComparison,
    compareWith: past.compareWith,
    pinComparison: past.pinComparison,
    unpinComparison: past.unpinComparison,
    deleteComparison: past.deleteComparison,
    exportComparison: async (id?: string) => {
      const known = typeof id === 'string' ? id : comparisons.current?.state.id;
      if (known !== undefined) await exportComparison(known, deps);
      else void vscode.window.showInformationMessage('There is no comparison open to export. Open one first.');
    },
    importComparison: () => importComparison(deps),
    openComparison: (id: string) => comparisons.open(id),
    showSpending: () => deps.spending.focus(),
    exportSpending: () => exportSpending(engine.ledger()),
    changeLimits: () => changeLimits({ spending: () => engine.ledger().spending(), settings: deps.settings }),
    setLedgerAside: () => askToSetAside(engine, deps.refresh),
    updatePrices: () => updatePrices({ engine, settings: () => deps.settings().settings, refresh: deps.refresh }),
    showLog: () => deps.log.show(),
    copyDiagnostics: async () => {
      await vscode.env.clipboard.writeText(await diagnostics(deps));
      void vscode.window.showInformationMessage(
        'Diagnostics are in the clipboard, without keys, prompts, answers or file names.',
      );
    },
    deleteLocalData: async () => {
      const closeEverything = async (): Promise<void> => {
        const panels = [...comparisons.panels];
        for (const panel of panels) panel.comparison?.stop();
        await Promise.all(panels.map((panel) => panel.comparison?.settled()));
        for (const panel of panels) panel.close();
        deps.history.forget();
        engine.close();
      };
      const showNothingSpent = (): void => {
        deps.refresh();
        engine.close();
      };
      const { stateDirectory, keys, memory } = deps;
      await deps.spending.whileDeleting(() =>
        deleteLocalData({ stateDirectory, keys, memory, closeEverything, showNothingSpent }),
      );
    },
  };
  return async (command, args) => {
    try {
      const run = table[command.replace('secondThought.', '')];
      if (!run) throw new Error(`${command} is in the manifest and not in the table of commands.`);
      await run(...args);
    } catch (error) {
      await explainFailure(error, deps, () => vscode.commands.executeCommand(command, ...args));
    }
  };
}
