/**
 * Where the product is put together, at its first use. Everything is made here, handed its arguments, and given to VS Code to dispose; no
 * other file keeps state of its own. What VS Code asks of it comes through `extension.ts`, which registered it.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { type Endpoint, LedgerUnavailable } from '../core/contracts.ts';
import { Engine, systemClock } from '../core/engine.ts';
import { History } from '../core/history/history.ts';
import { createProvider } from '../core/providers/index.ts';
import { createNodeFetch } from '../core/providers/nodeFetch.ts';
import { userStateDirectory } from '../core/stateDirectory.ts';
import { readView } from '../shared/view.ts';
import { createAddEndpoint } from './addEndpoint.ts';
import { setApiKey } from './apiKeys.ts';
import { type CommandDeps, commandRunner } from './commands.ts';
import type { ComparisonPanel, PanelFacts } from './comparisonPanel.ts';
import { Comparisons } from './comparisons.ts';
import { withContextFiles } from './contextFiles.ts';
import { HistoryView } from './historyView.ts';
import { Keys } from './keys.ts';
import { createLimitWarnings } from './limitWarnings.ts';
import { cleanedLog } from './log.ts';
import { panelActions } from './panelActions.ts';
import { createPreviews } from './previews.ts';
import { PromptEditor } from './promptEditor.ts';
import { replayComparison } from './replayPanel.ts';
import { Review } from './review.ts';
import { type SpendingNode, SpendingView } from './spendingView.ts';
import { StatusBar } from './statusBar.ts';
import { withTarget } from './targets.ts';
import { readSettings, SECTION } from './userSettings.ts';
import { createVscodeProvider } from './vscodeModels.ts';
import { watchOrphans } from './watchOrphans.ts';
import { watchSpending } from './watchSpending.ts';

/** What VS Code asks for, after activation. */
export interface Product {
  /** Runs a command of the manifest; says what goes wrong. */
  readonly runCommand: (command: string, args: readonly never[]) => Promise<void>;
  /** Fills a panel that VS Code restored. */
  readonly restorePanel: (panel: vscode.WebviewPanel, saved: unknown) => void;
  readonly history: vscode.TreeDataProvider<string>;
  readonly spending: vscode.TreeDataProvider<SpendingNode>;
  readonly answers: vscode.FileSystemProvider;
  readonly results: vscode.FileSystemProvider;
  /** Ends what runs, as the window goes away. */
  readonly end: () => Promise<void>;
}

/** The views as they were registered at activation. */
export interface Views {
  readonly history: vscode.TreeView<string>;
  readonly spending: vscode.TreeView<SpendingNode>;
}

export function createProduct(context: vscode.ExtensionContext, views: Views): Product {
  const keys = new Keys(context.secrets);
  const log = cleanedLog(vscode.window.createOutputChannel('Second Thought', { log: true }), keys);
  const stateDirectory = userStateDirectory();
  const fetch = createNodeFetch();
  const readSample = (name: string): Promise<Uint8Array> =>
    fs.readFile(path.join(context.extensionPath, 'dist', 'samples', name));

  const engine = new Engine({
    stateDirectory,
    settings: () => readSettings().settings,
    keyFor: (endpoint) => keys.get(endpoint),
    fetch,
    readSample,
    editorProvider: (endpoint) => createVscodeProvider(endpoint, vscode),
    clock: systemClock,
    onProblem: (sentence, error) => {
      log.error(`${sentence} ${error instanceof Error ? error.message : String(error)}`);
      void vscode.window.showErrorMessage(sentence);
    },
    onNote: (sentence, error) => log.warn(`${sentence} ${error instanceof Error ? error.message : String(error)}`),
  });

  const sums = { spending: () => engine.ledger().spending(), settings: () => readSettings().settings };
  const statusBar = new StatusBar(sums);
  const warnOfLimits = createLimitWarnings({ ...sums, memory: context.globalState });
  const spending = new SpendingView({
    ledger: () => engine.ledger(),
    settings: () => readSettings().settings,
    date: () => systemClock.date(),
    view: views.spending,
  });
  const promptEditor = new PromptEditor();
  const apiKeys = {
    settings: () => readSettings().settings,
    keys,
    providerWithKey: (endpoint: Parameters<typeof createProvider>[0], key: string) => createProvider(endpoint, { fetch, key }),
  };
  const providers = {
    settings: () => readSettings().settings,
    provider: (endpoint: Endpoint, model: string) => engine.provider(endpoint, model),
    setKey: (endpoint: Endpoint) => setApiKey(apiKeys, endpoint),
  };
  const picker = { ...providers, keys, pricing: () => engine.pricing(), addEndpoint: createAddEndpoint(providers) };
  const previews = createPreviews(context.extensionUri);
  const review = new Review({
    undoDirectory: path.join(stateDirectory, 'undo'),
    resultDirectory: path.join(stateDirectory, 'results'),
    stateOf: (id: string) => comparisons.stateOf(id),
    preview: previews.preview,
    showResult: (id, preview) => comparisons.panels.find(({ state }) => state.id === id)?.showResult(preview),
    log: (line) => log.info(line),
    onChange: () => {
      historyView.refresh();
      comparisons.postContexts();
      refresh();
    },
  });

  const targets = { memory: context.workspaceState, setting: () => readSettings().settings.target };
  const comparisons: Comparisons = new Comparisons({
    extensionUri: context.extensionUri,
    previews,
    engine,
    settings: readSettings,
    facts: (state) => ({ ...panelFacts(engine, review, state.id), ...lastView(context.globalState) }),
    onAction: (panel, action) => onAction(panel, action),
    complete: async (task) => withContextFiles(await withTarget(task, targets), readSettings().settings),
    beforeRun: { keys, memory: context.globalState, setKey: (endpoint) => setApiKey(apiKeys, endpoint) },
    onOpen: (id) => void review.refresh(id),
    onAnswer: (id) => review.answerChanged(id),
    onEnd: (id) => keepHistory([id]),
    onFailure: (line) => log.warn(line),
    onChange: () => refresh(),
  });

  const history = new History({
    journal: engine.journal,
    shown: (id) => comparisons.panels.find((panel) => panel.state.id === id)?.state,
  });
  /** Remembers what is known of these comparisons, and makes room. Nothing waits for it. */
  const keepHistory = (ids: readonly string[]): void => {
    const keep = async (): Promise<void> => {
      await history.facts(ids);
      const removed = await history.trim(readSettings().settings.historyMaxBytes);
      for (const id of removed) await review.forget(id);
      if (removed.length > 0) log.info(`removed ${removed.length} of the oldest comparisons, to keep to history.maxMegabytes`);
      historyView.refresh();
    };
    void keep().catch((error: unknown) => log.warn(`the history could not be kept in size: ${String(error)}`));
  };
  const historyView = new HistoryView({
    history,
    appliedLane: (id) => review.appliedLane(id),
    onFirstUse: () => keepHistory([]),
    view: views.history,
  });

  let listedRuns = '';
  const refresh = (): void => {
    // Listing anew closes menus and takes time: what is only looked at changes nothing in the list.
    const runs = comparisons.panels.flatMap(({ state }) => (state.running ? state.id : [])).join();
    if (runs !== listedRuns) historyView.refresh();
    listedRuns = runs;
    statusBar.refresh();
    warnOfLimits();
    spending.refresh();
    setContexts(comparisons, review);
  };

  const deps: CommandDeps = {
    engine,
    comparisons,
    review,
    history,
    historyView,
    replay: (id) =>
      replayComparison(id, {
        extensionUri: context.extensionUri,
        previews,
        journal: engine.journal,
        open: (stored) => void comparisons.open(stored),
      }),
    promptEditor,
    spending,
    keys,
    apiKeys,
    figma: { keys, fetch, settings: () => readSettings().settings },
    picker,
    settings: readSettings,
    targets,
    log,
    version: String(context.extension.packageJSON.version),
    stateDirectory,
    memory: [context.globalState, context.workspaceState],
    rememberView: (view) => void context.globalState.update(LAST_VIEW, view),
    sampleRoot: vscode.Uri.joinPath(context.extensionUri, 'media', 'samples', 'workspace'),
    readSample,
    refresh,
  };
  const onAction: (panel: ComparisonPanel, action: Parameters<ReturnType<typeof panelActions>>[1]) => void = panelActions(deps);

  context.subscriptions.push(
    log,
    statusBar,
    spending,
    promptEditor,
    review,
    historyView,
    previews,
    { dispose: () => engine.close() },
    watchOrphans({
      engine,
      log,
      isPaused: () => spending.isPaused,
      onSettled: (ids) => {
        comparisons.reread(ids);
        refresh();
      },
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SECTION)) return;
      for (const problem of readSettings().problems) log.warn(problem);
      comparisons.postContexts();
      refresh();
    }),
    watchSpending({
      file: engine.ledgerFile,
      spending: sums.spending,
      isPaused: () => spending.isPaused,
      onChange: refresh,
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(refresh),
  );
  refresh();
  return {
    runCommand: commandRunner(deps),
    restorePanel: (panel, saved) => comparisons.restore(panel, saved),
    history: historyView,
    spending,
    answers: review.files,
    results: review.results,
    end: () => comparisons.end(),
  };
}

function panelFacts(engine: Engine, review: Review, id: string): PanelFacts {
  const { limits } = readSettings().settings;
  const common = {
    canUndoApply: review.canUndo(id),
    ...(limits.perRunNanoUsd === undefined ? {} : { perRunNanoUsd: limits.perRunNanoUsd }),
    ...(limits.perDayNanoUsd === undefined ? {} : { perDayNanoUsd: limits.perDayNanoUsd }),
  };
  try {
    return { ...common, todayNanoUsd: engine.ledger().spending().todayNanoUsd };
  } catch (error) {
    if (error instanceof LedgerUnavailable) return { ...common, ledgerProblem: error.message };
    throw error;
  }
}

/** Where the person's last choice among code, preview and compare is kept. */
const LAST_VIEW = 'lastView';

function lastView(memory: vscode.Memento): Pick<PanelFacts, 'view'> {
  const view = readView(memory.get(LAST_VIEW));
  return view === undefined ? {} : { view };
}

function setContexts(comparisons: Comparisons, review: Review): void {
  const { current, panels } = comparisons;
  const set = (name: string, value: boolean): void =>
    void vscode.commands.executeCommand('setContext', `secondThought.${name}`, value);
  set('hasComparison', current !== undefined);
  set('panelActive', current?.active === true);
  set(
    'running',
    panels.some((panel) => panel.state.running),
  );
  set(
    'hasAnswer',
    Object.values(current?.state.runs ?? {}).some((run) => run.text !== ''),
  );
  const applied = review.resultInFront ?? current?.state.id;
  set('canUndoApply', applied !== undefined && review.canUndo(applied));
}
