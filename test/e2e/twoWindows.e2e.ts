/**
 * Money in the real workbench: two windows over one ledger, both near the limit, started together, of which one is admitted; the ways on
 * for the other; the warning; and a ledger that was damaged. Models are scripted servers on loopback.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { VSIX } from '../../scripts/build.ts';
import { ROOT } from '../../scripts/install.mjs';
import { openWorkbench, type Workbench } from '../lab/workbench.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../servers/models.ts';

const LONG_MS = 60_000;
/** The worst case of a comparison is about $0.65, what it costs $0.016: after the first, one more fits into a day's dollar, not two. */
const QUICK: ModelScript = { text: 'A short answer.', usage: { inputTokens: 400, outputTokens: 500 }, tokensPerSecond: 500 };
/** Long enough for both windows to have asked before the first is done. */
const SLOW: ModelScript = { ...QUICK, firstDelayMs: 30_000 };

let workbench: Workbench;
let server: ModelServer;
let other: Page;

before(async () => {
  server = await startModelServer(QUICK);
  const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 5 };
  workbench = await openWorkbench({
    name: 'twoWindows',
    extension: { vsix: VSIX },
    workspace: join(ROOT, 'media', 'samples', 'workspace'),
    settings: {
      'secondThought.endpoints': {
        swift: { api: 'openai-responses', baseUrl: `${server.url}/v1` },
        careful: { api: 'anthropic-messages', baseUrl: server.url },
      },
      'secondThought.prices': { 'swift:m': price, 'careful:m': { inputUsdPerMTok: 5, outputUsdPerMTok: 25 } },
      'secondThought.fastModel': 'swift:m',
      'secondThought.reasoningModel': 'careful:m',
      'secondThought.budget.perDayUsd': 1,
      'secondThought.budget.warnAtShare': 0.01,
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const COMPARE = 'Second Thought: Compare Models on File';
const ledgerFile = (): string => join(workbench.profile.home, '.local', 'share', 'second-thought', 'ledger.sqlite');
const status = (page: Page, lane: string): Locator => workbench.webview(page).locator(`[data-lane="${lane}"] .status`);
const see = (target: Locator, text: string | RegExp): Promise<void> =>
  target.filter({ hasText: text }).first().waitFor({ timeout: LONG_MS });
const refusalIn = (page: Page): Locator => workbench.toast('could cost up to', page).first();
const press = (within: Locator, name: string | RegExp): Promise<void> => within.getByRole('button', { name }).first().click();

test('a first run, by which both windows are near the limit, and the warning of it', () =>
  workbench.check(async () => {
    await workbench.openFile('pricing-card.md');
    await workbench.command(COMPARE);
    const dialog = workbench.dialog('Send pricing-card.md');
    await dialog.waitFor({ timeout: LONG_MS });
    await press(dialog, /^Send$/);
    await see(status(workbench.page, 'fast'), 'Done');
    await see(status(workbench.page, 'reasoning'), 'Done');
    const warning = workbench.toast('of today’s $1.00 is spent').first();
    await warning.waitFor({ timeout: LONG_MS });
    await workbench.screenshot('warning');
    const names = await warning.getByRole('button').allInnerTexts();
    assert.ok(names.includes('Show Spending') && names.includes('Change Limits…'), names.join());
    await workbench.command('Notifications: Clear All Notifications');
  }));

test('of two windows started together exactly one is admitted; the other says why not', () =>
  workbench.check(async () => {
    other = await workbench.openWindow();
    await workbench.openFile('pricing-card.md', other);
    await workbench.openFile('pricing-card.md');
    server.script(() => SLOW);
    const calls = server.calls().length;
    const pages = [workbench.page, other];
    await Promise.all(pages.map((page) => workbench.command(COMPARE, page)));
    const first = await Promise.any(
      pages.map(async (page) => {
        await refusalIn(page).waitFor({ timeout: LONG_MS });
        return page;
      }),
    );
    const admitted = first === other ? workbench.page : other;
    await workbench.screenshot('refused', first);
    await workbench.screenshot('admitted', admitted);
    await see(status(admitted, 'fast'), /\S/);
    assert.equal(await refusalIn(admitted).isVisible(), false, 'both were refused');
    assert.match(
      await refusalIn(first).innerText(),
      /the limit for today is \$1\.00: \$0\.\d+ is spent and \$0\.\d+ is reserved by running lanes, \$0\.\d+ is left/,
    );
    assert.equal(server.calls().length, calls + 2, 'two lanes, of one comparison');
    server.script(() => QUICK);

    // The way on that costs no more than is left.
    await press(refusalIn(first), /^Run with [\d,]+ and [\d,]+ Tokens$/);
    await see(status(first, 'fast'), 'Done');
    await see(status(first, 'reasoning'), 'Done');
    assert.equal(server.calls().length, calls + 4);
    await workbench.command('View: Close All Editors', admitted);
    for (const page of pages) await workbench.command('Notifications: Clear All Notifications', page);
  }));

test('a limit is raised in sight of its figures, from the refusal, and holds at once', () =>
  workbench.check(async () => {
    await workbench.page.bringToFront();
    await workbench.changeSettings({ 'secondThought.budget.perDayUsd': 0.3 });
    await workbench.openFile('pricing-card.md');
    await workbench.command(COMPARE);
    await refusalIn(workbench.page).waitFor({ timeout: LONG_MS });
    await press(refusalIn(workbench.page), 'Change Limits…');
    await workbench.page.locator('.quick-input-widget:visible .monaco-list-row').first().waitFor({ timeout: LONG_MS });
    await workbench.screenshot('change-limits');
    await workbench.answer('A day');
    await workbench.page.locator('.quick-input-widget:visible', { hasText: 'US dollars' }).waitFor({ timeout: LONG_MS });
    await workbench.screenshot('change-limits-amount');
    await workbench.answer('5');
    const modal = workbench.dialog('Raise the limit for a day from $0.3000 to $5.00?');
    await modal.waitFor({ timeout: LONG_MS });
    assert.match(await modal.innerText(), /\$\d\.\d+ is spent.*From now on up to \$4\.\d+ more could be spent today/);
    await workbench.screenshot('change-limits-raise');
    await press(modal, 'Raise to $5.00');
    await see(workbench.statusBarItem('left'), /\$4\.\d+ left/);
    await workbench.command('Notifications: Clear All Notifications');
    const calls = server.calls().length;
    await workbench.command(COMPARE);
    await see(status(workbench.page, 'reasoning'), 'Done');
    assert.equal(server.calls().length, calls + 2);
  }));

test('a damaged ledger refuses, and is set aside with its last sums carried over', () =>
  workbench.check(async () => {
    await workbench.command('Notifications: Clear All Notifications');
    const before = /\$4\.\d+ left/.exec(await workbench.statusBarItem('left').innerText())?.[0] ?? '';
    assert.notEqual(before, '');
    const bytes = readFileSync(ledgerFile());
    writeFileSync(ledgerFile(), bytes.fill(7, 0, 4096));
    const calls = server.calls().length;
    await workbench.openFile('pricing-card.md');
    await workbench.command(COMPARE);
    const toast = workbench.toast('is damaged').first();
    await toast.waitFor({ timeout: LONG_MS });
    await workbench.screenshot('damaged');
    assert.equal(server.calls().length, calls);
    await press(toast, 'Set the Damaged Ledger Aside…');
    const modal = workbench.dialog('Set the damaged spending ledger aside');
    await modal.waitFor({ timeout: LONG_MS });
    await workbench.screenshot('set-aside');
    await press(modal, 'Set It Aside');
    await see(workbench.statusBarItem('left'), before);
    assert.equal(readdirSync(join(ledgerFile(), '..')).filter((name) => /\.damaged-[\dTZ-]+$/.test(name)).length, 1);
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.command(COMPARE);
    await see(status(workbench.page, 'reasoning'), 'Done');
    assert.equal(server.calls().length, calls + 2);
  }));
