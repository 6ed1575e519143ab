/**
 * The Spending view in a real workbench: figures of runs whose price and usage are known, walked with the keyboard alone, and exported.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { LANES } from '../../src/shared/comparison.ts';
import { openProduct, type Product, see, seen, swiftAndCareful, until } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';

const PROPOSED = /second-thought-spending-\d{4}-\d\d-\d\d\.csv$/;
const TEXT = 'Here is the card.\n\n### card.html\n\n```html\n<!doctype html>\n<title>card</title>\n```\n';

let workbench: Product;
let server: ModelServer;

before(async () => {
  server = await startModelServer(({ path }) => ({
    text: TEXT,
    usage: path.endsWith('/messages')
      ? { inputTokens: 400, outputTokens: 1500, reasoningTokens: 600 }
      : { inputTokens: 400, outputTokens: 900 },
  }));
  workbench = await openProduct({
    name: 'spending',
    settings: {
      ...swiftAndCareful(server.url),
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

/** A row of the view by the start of what a screen reader says of it. */
const row = (label: string): Locator => workbench.page.locator(`.pane-body .monaco-list-row[aria-label^="${label}"]`);
const press: Product['press'] = (...keys) => workbench.press(...keys);

/** Keys go to the view from here on. */
async function focusView(): Promise<void> {
  await workbench.run('Show Spending');
  await seen(workbench.page.locator('.pane-body .monaco-list:focus'));
}

/** Walks down the view to that row. */
async function walkTo(label: string): Promise<void> {
  const focused = workbench.page.locator('.pane-body .monaco-list:focus .monaco-list-row.focused');
  await press('Home');
  await until(`the keyboard reaches ${label}`, async () => {
    if ((await focused.getAttribute('aria-label'))?.startsWith(label)) return true;
    await press('ArrowDown');
    return false;
  });
}

test('nothing was spent yet, and the view says so', () =>
  workbench.check(async () => {
    await workbench.run('Show Spending');
    await seen(row('Today: $0 of $5.00, $5.00 left'));
    await seen(row('No paid run yet'));
    await seen(row('Reasoning against fast: not known yet'));
    await workbench.screenshot('empty-dark');
  }));

test('it follows what is spent while it is seen', () =>
  workbench.check(async () => {
    await workbench.openFile('pricing-card.md');
    await workbench.bothDone(async () => {
      await workbench.run('Compare Models on File');
      await seen(workbench.dialog('Send pricing-card.md'));
      await press('Enter');
    });
    await seen(row('Today: $0.0444 of $5.00, $4.96 left'));
    for (const sum of ['$0.0888', '$0.1332']) {
      await workbench.run('Run Both with Identical Prompts');
      await seen(row(`Today: ${sum} of $5.00`));
    }
    await seen(row('This month: $0.1332 of $50.00'));
    await seen(row('Reasoning: 8.1x dearer, against fast, per paid call, from 3 and 3 this month'));
    await seen(row('At this rate: too early to say'));
    await seen(row('careful:m: $0.1185, 89 %, 3 paid calls, $0.0395 each'));
    await seen(row('swift:m: $0.0147, 11 %, 3 paid calls, $0.0049 each'));
    await seen(row('Reasoning: $0.1185'));
  }));

test('the keyboard alone reaches every row, opens what is closed, and opens a comparison', () =>
  workbench.check(async () => {
    await workbench.closeEditors();
    await focusView();
    await walkTo('Today');
    await press('ArrowRight');
    await seen(row('Exact: $0.1332'));
    await walkTo('Recent');
    await press('ArrowRight');
    await seen(row('careful:m: $0.0395, Reasoning'));
    await workbench.screenshot('dark');
    await workbench.setTheme('light');
    await workbench.screenshot('light');
    await workbench.setTheme('high-contrast');
    await workbench.screenshot('high-contrast');
    await focusView();
    await walkTo('careful:m: $0.0395, Reasoning');
    await press('Enter');
    for (const id of LANES) await see(workbench.status(id), 'Done');
  }));

test('a limit that is changed is shown at once, and little left is said in words', () =>
  workbench.check(async () => {
    await workbench.changeSettings({ 'secondThought.budget.perDayUsd': 0.15 });
    await focusView();
    await press('Home');
    await seen(row('Today: $0.1332 of $0.1500, only $0.0168 left'));
    await workbench.screenshot('little-left');
  }));

test('every entry is exported', () =>
  workbench.check(async () => {
    await workbench.run('Export Spending as CSV');
    const file = await workbench.proposedFile(PROPOSED);
    await press('Enter');
    await seen(workbench.toast('6 entries were written'));
    assert.ok(existsSync(file));
    const rows = readFileSync(file, 'utf8').split('\r\n');
    assert.equal(rows.length, 1 + 6 + 1);
    const figures = rows.slice(1, -1).map((line) => line.split(',').slice(3, 9).join(' '));
    assert.deepEqual(figures.toSorted(), [
      ...Array.from({ length: 3 }, () => 'fast swift m 0.0049 computed settings'),
      ...Array.from({ length: 3 }, () => 'reasoning careful m 0.0395 computed settings'),
    ]);
  }));
