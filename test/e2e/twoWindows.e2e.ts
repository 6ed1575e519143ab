/**
 * Money in the real workbench: two windows over one ledger, both near the limit, started together, of which one is admitted; the ways on
 * for the other; the warning; and a ledger that was damaged. Models are scripted servers on loopback.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { LANES } from '../../src/shared/comparison.ts';
import { openProduct, type Product, see, seen, swiftAndCareful } from '../lab/product.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../servers/models.ts';

/** The worst case of a comparison is about $0.65, what it costs $0.016: after the first, one more fits into a day's dollar, not two. */
const QUICK: ModelScript = { text: 'A short answer.', usage: { inputTokens: 400, outputTokens: 500 }, tokensPerSecond: 500 };
/** Long enough for both windows to have asked before the first is done. */
const SLOW: ModelScript = { ...QUICK, firstDelayMs: 30_000 };

let workbench: Product;
let server: ModelServer;
let other: Page;

before(async () => {
  server = await startModelServer(QUICK);
  workbench = await openProduct({
    name: 'twoWindows',
    settings: {
      ...swiftAndCareful(server.url),
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
const ledgerFile = (): string => join(workbench.stateFolder, 'ledger.sqlite');
const refusalIn = (page: Page): Locator => workbench.toast('could cost up to', page).first();
const press = (within: Locator, name: string | RegExp): Promise<void> => within.getByRole('button', { name }).first().click();

test('a first run, by which both windows are near the limit, and the warning of it', () =>
  workbench.check(async () => {
    await workbench.openFile('pricing-card.md');
    await workbench.bothDone(async () => {
      await workbench.command(COMPARE);
      await press(workbench.dialog('Send pricing-card.md'), /^Send$/);
    });
    const warning = workbench.toast('of today’s $1.00 is spent').first();
    await seen(warning);
    await workbench.screenshot('warning');
    const names = await warning.getByRole('button').allInnerTexts();
    assert.ok(names.includes('Show Spending') && names.includes('Change Limits…'), names.join());
    await workbench.clearToasts();
  }));

test('of two windows started together exactly one is admitted; the other says why not', () =>
  workbench.check(async () => {
    other = await workbench.openWindow();
    await workbench.openFile('pricing-card.md', other);
    await workbench.openFile('pricing-card.md');
    server.script(() => SLOW);
    const calls = server.calls().length;
    const pages = [workbench.page, other];
    const next = workbench.nextRuns();
    await Promise.all(pages.map((page) => workbench.command(COMPARE, page)));
    const first = await Promise.any(
      pages.map(async (page) => {
        await seen(refusalIn(page));
        return page;
      }),
    );
    const admitted = first === other ? workbench.page : other;
    await workbench.screenshot('refused', first);
    await workbench.screenshot('admitted', admitted);
    await see(next('fast', admitted), /\S/);
    assert.equal(await refusalIn(admitted).isVisible(), false, 'both were refused');
    assert.match(
      await refusalIn(first).innerText(),
      /the limit for today is \$1\.00: \$0\.\d+ is spent and \$0\.\d+ is reserved by running lanes, \$0\.\d+ is left/,
    );
    assert.equal(server.calls().length, calls + 2, 'two lanes, of one comparison');
    server.script(() => QUICK);

    // The way on that costs no more than is left.
    const smaller = workbench.nextRuns();
    await press(refusalIn(first), /^Run with [\d,]+ and [\d,]+ Tokens$/);
    for (const id of LANES) await see(smaller(id, first), 'Done');
    assert.equal(server.calls().length, calls + 4);
    await workbench.closeEditors(admitted);
    for (const page of pages) await workbench.clearToasts(page);
  }));

test('a limit is raised in sight of its figures, from the refusal, and holds at once', () =>
  workbench.check(async () => {
    await workbench.page.bringToFront();
    await workbench.changeSettings({ 'secondThought.budget.perDayUsd': 0.3 });
    await workbench.openFile('pricing-card.md');
    await workbench.command(COMPARE);
    await seen(refusalIn(workbench.page));
    await press(refusalIn(workbench.page), 'Change Limits…');
    await seen(workbench.rows());
    await workbench.screenshot('change-limits');
    await workbench.answer('A day');
    await see(workbench.widget(), 'US dollars');
    await workbench.screenshot('change-limits-amount');
    await workbench.answer('5');
    const modal = workbench.dialog('Raise the limit for a day from $0.3000 to $5.00?');
    await seen(modal);
    assert.match(await modal.innerText(), /\$\d\.\d+ is spent.*From now on up to \$4\.\d+ more could be spent today/);
    await workbench.screenshot('change-limits-raise');
    await press(modal, 'Raise to $5.00');
    await see(workbench.statusBarItem('left'), /\$4\.\d+ left/);
    await workbench.clearToasts();
    const calls = server.calls().length;
    await workbench.bothDone(() => workbench.command(COMPARE));
    assert.equal(server.calls().length, calls + 2);
  }));

test('a damaged ledger refuses, and is set aside with its last sums carried over', () =>
  workbench.check(async () => {
    await workbench.clearToasts();
    const before = /\$4\.\d+ left/.exec(await workbench.statusBarItem('left').innerText())?.[0] ?? '';
    assert.notEqual(before, '');
    const bytes = readFileSync(ledgerFile());
    writeFileSync(ledgerFile(), bytes.fill(7, 0, 4096));
    const calls = server.calls().length;
    await workbench.openFile('pricing-card.md');
    await workbench.command(COMPARE);
    const toast = workbench.toast('is damaged').first();
    await seen(toast);
    await workbench.screenshot('damaged');
    assert.equal(server.calls().length, calls);
    await press(toast, 'Set the Damaged Ledger Aside…');
    const modal = workbench.dialog('Set the damaged spending ledger aside');
    await seen(modal);
    await workbench.screenshot('set-aside');
    await press(modal, 'Set It Aside');
    await see(workbench.statusBarItem('left'), before);
    assert.equal(readdirSync(join(ledgerFile(), '..')).filter((name) => /\.damaged-[\dTZ-]+$/.test(name)).length, 1);
    await workbench.clearToasts();
    await workbench.bothDone(() => workbench.command(COMPARE));
    assert.equal(server.calls().length, calls + 2);
  }));
