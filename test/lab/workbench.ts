/**
 * The real VS Code workbench as tests see it: one throw-away profile, served on loopback, driven through a browser by words a person
 * would use (a command's title, a toast's text, a status bar item). Starting one costs some ten seconds, so a suite opens one and does
 * many things in it. Waits are generous and on states, never on time alone: a busy machine is slow, not wrong.
 *
 * What a run leaves behind lies in out/lab/<name>/: screenshots, the server's log, and failure-<n>-window-<n>.png for each
 * {@link Workbench.check} that failed.
 */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BrowserContext, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { ensureBrowser } from '../../scripts/browser.ts';
import { ROOT } from '../../scripts/install.mjs';
import { installExtension, installWorkbench, makeProfile, type Profile, serve, settingsFile } from '../../scripts/workbench.ts';

const READY = '.monaco-workbench .part.statusbar';
const PALETTE_TRIES = 60;
const LONG_MS = 90_000;

export interface WorkbenchOptions {
  /** Names the folder in out/lab/. */
  readonly name: string;
  /** A package to install as a person would, or a folder that is loaded as it lies. */
  readonly extension: { readonly vsix: string } | { readonly developmentPath: string };
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Copied; tests write to the copy. */
  readonly workspace?: string;
  /** Added to the server's environment and so to the extension host's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders of extensions that are installed beside it. */
  readonly beside?: readonly string[];
}

export type Theme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

const THEMES: Readonly<Record<Theme, { readonly name: string; readonly className: string }>> = {
  dark: { name: 'Dark Modern', className: 'vs-dark' },
  light: { name: 'Light Modern', className: 'vs' },
  'high-contrast': { name: 'Default High Contrast', className: 'hc-black' },
  'high-contrast-light': { name: 'Default High Contrast Light', className: 'hc-light' },
};

export interface Workbench {
  /** The first window. Every function that takes a page uses this one unless told otherwise. */
  readonly page: Page;
  readonly context: BrowserContext;
  /** Folders on disk: the workspace copy, the user data, and where extensions keep their files. */
  readonly profile: Profile & { readonly globalStorage: string };
  /** What the pages wrote to their consoles, oldest first: `type: text`. */
  readonly console: readonly string[];
  /** Hosts that the browser asked for anything. */
  readonly hosts: ReadonlySet<string>;
  /** Runs a command by its title from the palette; what is typed is the title, category included. */
  command(title: string, page?: Page): Promise<void>;
  /** Waits until the palette offers these commands, and returns the titles of those that it does not. */
  notOffered(titles: readonly string[]): Promise<readonly string[]>;
  /** Opens a file of the workspace by its path there. */
  openFile(path: string, page?: Page): Promise<void>;
  /** Answers an open quick pick or input box: types, then takes the row that holds the text, or the text itself where there are no rows. */
  answer(text: string, page?: Page): Promise<void>;
  /** Chooses a file in VS Code's own dialog for opening, which shows the workspace. */
  chooseFile(name: string): Promise<void>;
  /** Chooses from the context menu of something. */
  contextMenu(of: Locator, label: string): Promise<void>;
  /** The content of a visible webview. */
  webview(page?: Page, nth?: number): FrameLocator;
  toast(text: string, page?: Page): Locator;
  /** A modal dialog holding that text. */
  dialog(text: string, page?: Page): Locator;
  statusBarItem(text: string, page?: Page): Locator;
  tab(text: string, page?: Page): Locator;
  /** A line of the right side of a diff editor. */
  diffLine(text: string, page?: Page): Locator;
  editorLine(text: string, page?: Page): Locator;
  /** Reloads the window: the extension host dies and a new one starts. */
  reload(page?: Page): Promise<void>;
  /** Another window of the same profile on the same workspace. */
  openWindow(): Promise<Page>;
  /** Moves the active editor into a window of its own and returns that window. */
  moveEditorToNewWindow(page?: Page): Promise<Page>;
  setTheme(theme: Theme): Promise<void>;
  /** Merges into the user's settings and saves them, as a person does in the editor; undefined removes one. At once in force. */
  changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Writes out/lab/<name>/<screenshot>.png. */
  screenshot(name: string, page?: Page): Promise<void>;
  /** Runs a piece of a test; when it fails, every window is photographed first. */
  check<T>(piece: () => Promise<T>): Promise<T>;
  /** Ends the browser and the server with all its children. */
  close(): Promise<void>;
}

/** Installs what is missing, makes the profile, serves it and opens the first window. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const browserPath = await ensureBrowser();
  const installed = await installWorkbench();
  const out = join(ROOT, 'out', 'lab', options.name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const profile = makeProfile(join(out, 'profile'), options);
  // A folder among the extensions is one of them, if it is there before the first is installed.
  for (const folder of options.beside ?? []) cpSync(folder, join(profile.extensions, basename(folder)), { recursive: true });
  if ('vsix' in options.extension) await installExtension(installed, profile, options.extension.vsix);
  const server = await serve(installed, profile, { log: join(out, 'server.log'), ...(options.env && { env: options.env }) });
  const browser = await launch(browserPath).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  });
  let failures = 0;
  const lines: string[] = [];
  const hosts = new Set<string>();
  context.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
  context.on('weberror', (error) => lines.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host) hosts.add(host);
  });
  const development =
    'developmentPath' in options.extension
      ? `&payload=${encodeURIComponent(JSON.stringify([['extensionDevelopmentPath', `vscode-remote://127.0.0.1:${server.port}${options.extension.developmentPath}`]]))}`
      : '';
  const openWindow = async () => {
    const opened = await context.newPage();
    await opened.goto(server.address + development);
    await opened.locator(READY).waitFor({ timeout: LONG_MS });
    return opened;
  };
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  const page = await openWindow().catch(async (error: unknown) => {
    await context.pages()[0]?.screenshot({ path: join(out, 'failure-0-window-0.png') });
    await close();
    throw error;
  });

  let changes = 0;
  const changeSettings = async (settings: Readonly<Record<string, unknown>>) => {
    changes += 1;
    await typeSettings(page, settingsFile(profile), settings, `settings ${changes}`);
  };

  return {
    page,
    context,
    profile: { ...profile, globalStorage: join(profile.userData, 'User', 'globalStorage') },
    console: lines,
    hosts,
    command: (title, on = page) => pickInPalette(on, `>${title}`, title.replace(/^.*?: /, '')),
    notOffered: (titles) => notInPalette(page, titles),
    openFile: async (path, on = page) => {
      const name = path.split('/').at(-1) ?? path;
      await pickInPalette(on, path, name);
      await on.locator('.tabs-container .tab.active', { hasText: name }).first().waitFor({ timeout: LONG_MS });
    },
    answer: async (text, on = page) => {
      const box = on.locator('.quick-input-widget:visible input:visible').first();
      await box.waitFor({ timeout: LONG_MS });
      await box.fill(text);
      // Rows come from the extension, some of them because of what was typed.
      const list = on.locator('.quick-input-widget:visible .quick-input-list');
      if (await list.isVisible()) await list.locator('.monaco-list-row', { hasText: text }).first().waitFor({ timeout: LONG_MS });
      await on.keyboard.press('Enter');
    },
    chooseFile: async (name) => {
      // By its row: what is typed while the dialog still walks to its folder is overwritten.
      await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click({ timeout: LONG_MS });
    },
    contextMenu,
    webview: (on = page, nth = 0) =>
      on.frameLocator(`iframe.webview.ready >> visible=true >> nth=${nth}`).frameLocator('iframe#active-frame'),
    toast: (text, on = page) => on.locator('.notification-toast', { hasText: text }),
    dialog: (text, on = page) => on.locator('.monaco-dialog-box', { hasText: text }),
    statusBarItem: (text, on = page) => on.locator('.statusbar-item', { hasText: text }),
    tab: (text, on = page) => on.locator('.tabs-container .tab', { hasText: text }),
    diffLine: (text, on = page) =>
      on.locator('.monaco-diff-editor .modified-in-monaco-diff-editor .view-line', { hasText: text }),
    editorLine: (text, on = page) => on.locator('.monaco-editor .view-line', { hasText: text }),
    reload: async (on = page) => {
      // By command, as a person would: a reload of the browser's page alone is a crash to VS Code, which then forgets its latest tabs.
      const loaded = on.waitForEvent('load', { timeout: LONG_MS });
      await pickInPalette(on, '>Developer: Reload Window', 'Reload Window');
      await loaded;
      await on.locator(READY).waitFor({ timeout: LONG_MS });
    },
    openWindow,
    moveEditorToNewWindow: async (on = page) => {
      const popup = context.waitForEvent('page', { timeout: LONG_MS });
      await pickInPalette(on, '>View: Move Editor into New Window', 'Move Editor into New Window');
      const opened = await popup;
      await opened.locator('.monaco-workbench').waitFor({ timeout: LONG_MS });
      return opened;
    },
    setTheme: async (theme) => {
      const { name, className } = THEMES[theme];
      await changeSettings({ 'workbench.colorTheme': name });
      for (const open of context.pages())
        await open.locator(`.monaco-workbench.${className}`).first().waitFor({ timeout: LONG_MS });
    },
    changeSettings,
    screenshot: async (name, on = page) => {
      await on.screenshot({ path: join(out, `${name}.png`) });
    },
    check: async (piece) => {
      try {
        return await piece();
      } catch (error) {
        failures += 1;
        for (const [window, open] of context.pages().entries()) {
          await open.screenshot({ path: join(out, `failure-${failures}-window-${window}.png`) });
        }
        throw error;
      }
    },
    close,
  };
}

/** A headless browser that asks nobody but this machine. As root Chromium has no sandbox to use. */
export function launch(executablePath: string) {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    ],
  });
}

/**
 * Replaces the text of settings.json in VS Code's own editor and saves it. The served workbench does not notice when the file
 * changes on disk; it reads it again only at a reload. A setting of the window's title tells when they are in force: what is done
 * after that reaches the extension host after the settings.
 */
async function typeSettings(page: Page, file: string, settings: Readonly<Record<string, unknown>>, mark: string): Promise<void> {
  const before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const title = `\${activeEditorShort}\${separator}\${rootName}\${separator}${mark}`;
  const text = JSON.stringify({ ...before, ...settings, 'window.title': title }, null, 2);
  await pickInPalette(page, '>Preferences: Open User Settings (JSON)', 'Open User Settings (JSON)');
  const editor = page.locator('.monaco-editor[data-uri$="/User/settings.json"]').first();
  await editor.locator('.view-line').first().waitFor({ timeout: LONG_MS });
  // Focused, not clicked: what lies above the first line may be moving.
  await editor.locator('.native-edit-context, textarea.inputarea').first().focus();
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  for (const keys of ['ControlOrMeta+A', 'ControlOrMeta+V', 'ControlOrMeta+S']) await page.keyboard.press(keys);
  const deadline = performance.now() + LONG_MS;
  while (readFileSync(file, 'utf8') !== text || !(await page.title()).endsWith(mark)) {
    if (performance.now() > deadline) throw new Error('the settings were not saved, or are not in force');
    await page.waitForTimeout(50);
  }
  // Escape goes to whatever is in front; a toast may have to go first.
  for (let attempt = 0; attempt < 20 && (await editor.isVisible()); attempt++) {
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => editor.locator('.native-edit-context').first().focus());
  }
  await editor.waitFor({ state: 'hidden', timeout: 1000 });
}

/** A menu closes when a panel that is just opening takes the focus: then it is opened again. */
async function contextMenu(of: Locator, label: string): Promise<void> {
  const page = of.page();
  const item = page.locator('.monaco-menu .action-label', { hasText: label }).first();
  for (let tries = 0; tries < 10; tries++) {
    await of.click({ button: 'right' });
    const isThere = await item.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (isThere && (await taken(item))) return;
    await page.keyboard.press('Escape');
  }
  throw new Error(`no "${label}" in the menu`);
}

/** Clicks an item of an open menu; false when it went away before, or stays. VS Code ignores the mouse for 100 ms after a menu opened. */
async function taken(item: Locator): Promise<boolean> {
  await item.page().waitForTimeout(200);
  const clicked = item.click({ timeout: 3000 }).then(() => item.waitFor({ state: 'hidden', timeout: 3000 }));
  return clicked.then(
    () => true,
    () => false,
  );
}

/** Opens the palette with that text in it. Its first key may come before the window listens. */
async function openPalette(page: Page, text: string): Promise<void> {
  const box = page.locator('.quick-input-widget .quick-input-box input').first();
  for (let attempt = 0; attempt < PALETTE_TRIES; attempt++) {
    await page.keyboard.press('F1');
    // What appeared may be the last palette on its way out.
    if ((await appears(box, 1000)) && (await succeeds(box.fill(text, { timeout: 1000 })))) return;
    await page.waitForTimeout(250);
  }
  throw new Error('the palette does not open');
}

/** Takes the row of that label. The palette's list is fixed when it opens: a command that is not there yet means close and open again. */
async function pickInPalette(page: Page, text: string, label: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
  for (let attempt = 0; attempt < PALETTE_TRIES; attempt++) {
    await openPalette(page, text);
    if ((await appears(row, 1500)) && (await succeeds(row.click({ timeout: 2000 })))) {
      await row.waitFor({ state: 'hidden', timeout: LONG_MS });
      return;
    }
    await page.keyboard.press('Escape');
    await page.waitForTimeout(250);
  }
  throw new Error(`the palette does not offer "${text}"`);
}

/** One palette for all titles; those that are not in it yet are looked for in the next. */
async function notInPalette(page: Page, titles: readonly string[]): Promise<readonly string[]> {
  let missing = titles;
  for (let attempt = 0; attempt < PALETTE_TRIES && missing.length > 0; attempt++) {
    await openPalette(page, '>');
    const box = page.locator('.quick-input-widget .quick-input-box input').first();
    const still: string[] = [];
    for (const title of missing) {
      // Its whole title: the palette draws no more rows than fit, and other commands have the same words.
      await box.fill(`>${title}`);
      const row = page.locator(`.quick-input-list .monaco-list-row[aria-label*=${JSON.stringify(title)}]`).first();
      if (still.length > 0 || !(await appears(row, 1500))) still.push(title);
    }
    missing = still;
    await page.keyboard.press('Escape');
    await box.waitFor({ state: 'hidden', timeout: LONG_MS });
  }
  return missing;
}

const appears = (locator: Locator, timeoutMs: number): Promise<boolean> => succeeds(locator.waitFor({ timeout: timeoutMs }));

function succeeds(action: Promise<void>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}
