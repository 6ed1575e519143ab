/**
 * The packaged extension in a real workbench, in its own words: lanes, their states, the runs behind them, the folder where it keeps
 * things. And the waits that all tests of the workbench are made of: on states that only what was just done can bring.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { VSIX } from '../../scripts/build.ts';
import { ROOT } from '../../scripts/install.mjs';
import { Journal } from '../../src/core/journal/journal.ts';
import { LANES, type LaneId } from '../../src/shared/comparison.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.ts';

const LONG_MS = 60_000;

/** The workspace that comes with the product. */
export const SAMPLES = join(ROOT, 'media', 'samples', 'workspace');
/** One design of each kind. */
export const DESIGNS = join(ROOT, 'test', 'fixtures', 'designs');

export interface Product extends Workbench {
  /** Where the extension keeps what outlives a window. */
  readonly stateFolder: string;
  /** The comparisons on disk, to be read. */
  journal(): Journal;
  /** Runs one of the extension's commands by its title. */
  run(title: string, page?: Page): Promise<void>;
  lane(id: LaneId, panel?: FrameLocator): Locator;
  status(id: LaneId, panel?: FrameLocator): Locator;
  /** The pages of a lane, or of the design, in the preview. */
  pane(side: LaneId | 'design'): Locator;
  /** The document of a pane's page: of two frames, the one that is shown. */
  drawn(side: LaneId | 'design'): Locator;
  /**
   * Finds the status of lanes whose run has not begun yet. What the panel still shows of a run before reads the same, and is not
   * found.
   */
  nextRuns(): (id: LaneId, page?: Page) => Locator;
  /** Does what starts both lanes, and waits until those runs are done. */
  bothDone(start: () => Promise<unknown>, page?: Page): Promise<void>;
  /** Rows of the quick pick that is open. */
  rows(): Locator;
  /** The quick pick or input box that is open. */
  widget(): Locator;
  /** What is typed into there: `text`, or a `password` that is not shown; without a kind whichever it is. */
  box(kind?: 'text' | 'password'): Locator;
  /** The path that a dialog for saving proposes, once it is of that form: it walks to the folder first. */
  proposedFile(form: RegExp): Promise<string>;
  press(...keys: readonly string[]): Promise<void>;
  clipboard(): Promise<string>;
  clearToasts(page?: Page): Promise<void>;
  closeEditors(page?: Page): Promise<void>;
}

/** Opens a workbench with the packaged extension; the workspace is {@link SAMPLES} unless told otherwise. */
export async function openProduct(options: Omit<WorkbenchOptions, 'extension'>): Promise<Product> {
  const workbench = await openWorkbench({ workspace: SAMPLES, ...options, extension: { vsix: VSIX } });
  const { page } = workbench;
  const stateFolder = join(workbench.profile.home, '.local', 'share', 'second-thought');
  const journal = () => new Journal(join(stateFolder, 'comparisons'), { pid: 0 });
  const lane = (id: LaneId, panel = workbench.webview()) => panel.locator(`[data-lane="${id}"]`);
  const pane = (side: LaneId | 'design') => workbench.webview().locator(`.pane[data-side="${side}"]`);
  const widget = () => page.locator('.quick-input-widget:visible');
  const box = (kind?: 'text' | 'password') =>
    widget()
      .locator(kind ? `input[type="${kind}"]` : 'input:visible')
      .first();
  const nextRuns = () => {
    const notBegun = runNames(journal()).map((name) => `:not([data-run="${name}"])`);
    return (id: LaneId, on?: Page) => workbench.webview(on).locator(`[data-lane="${id}"][data-run]${notBegun.join('')} .status`);
  };
  return {
    ...workbench,
    stateFolder,
    journal,
    run: (title, on) => workbench.command(`Second Thought: ${title}`, on),
    lane,
    status: (id, panel) => lane(id, panel).locator('.status'),
    pane,
    drawn: (side) => pane(side).locator('iframe:visible').first().contentFrame().locator('body'),
    nextRuns,
    bothDone: async (start, on) => {
      const next = nextRuns();
      await start();
      for (const id of LANES) await see(next(id, on), 'Done');
    },
    rows: () => page.locator('.quick-input-list .monaco-list-row'),
    widget,
    box,
    proposedFile: async (form) => {
      let path = '';
      await until(`it proposes ${form}`, async () => {
        path = await box().inputValue({ timeout: LONG_MS });
        return form.test(path);
      });
      return path;
    },
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    clipboard: () => page.evaluate('navigator.clipboard.readText()'),
    clearToasts: (on) => workbench.command('Notifications: Clear All Notifications', on),
    closeEditors: (on) => workbench.command('View: Close All Editors', on),
  };
}

/** Settings of two models with known prices, on two wires of one server on loopback: `swift:m` and the dearer `careful:m`. */
export const swiftAndCareful = (url: string) => ({
  'secondThought.endpoints': {
    swift: { api: 'openai-responses', baseUrl: `${url}/v1` },
    careful: { api: 'anthropic-messages', baseUrl: url },
  },
  'secondThought.prices': {
    'swift:m': { inputUsdPerMTok: 1, outputUsdPerMTok: 5 },
    'careful:m': { inputUsdPerMTok: 5, outputUsdPerMTok: 25 },
  },
  'secondThought.fastModel': 'swift:m',
  'secondThought.reasoningModel': 'careful:m',
});

export const seen = (target: Locator): Promise<void> => target.first().waitFor({ timeout: LONG_MS });
export const gone = (target: Locator): Promise<void> => target.first().waitFor({ state: 'hidden', timeout: LONG_MS });
/** Waits until one of them has that text. */
export const see = (target: Locator, text: string | RegExp): Promise<void> => seen(target.filter({ hasText: text }));

/** Waits for what no page can be asked to wait for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = LONG_MS): Promise<void> {
  for (const deadline = performance.now() + limitMs; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error(`in ${limitMs / 1000} s it did not come to this: ${what}`);
    await sleep(50);
  }
}

/** Runs as the panel's page names them. */
function runNames(journal: Journal): readonly string[] {
  return journal.list().flatMap((id) => {
    const state = journal.read(id)?.state;
    const runs = state ? [...state.earlier, ...Object.values(state.runs)] : [];
    return runs.map((run) => `${id} ${run.startedMs}`);
  });
}
