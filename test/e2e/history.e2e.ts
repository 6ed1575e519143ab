/**
 * The history as a person uses it, in a real workbench, from the packaged extension: what ran stands under its day, opens as it was, is
 * found by its words, stays pinned, is replayed, compared and deleted. Models are scripted servers on loopback.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { Journal } from '../../src/core/journal/journal.ts';
import { LANES } from '../../src/shared/comparison.ts';
import { store } from '../core/history/historyKit.ts';
import { gone, openProduct, type Product, see, seen, until } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';

const TITLE = 'Pricing card: the Team plan';
const PAGE = 'Here it is.\n\n### card.html\n\n```html\n<!doctype html>\n<title>card</title>\n<p>card</p>\n```\n';
const DAY_MS = 86_400_000;

let workbench: Product;
let server: ModelServer;

before(async () => {
  server = await startModelServer({
    text: PAGE,
    usage: { inputTokens: 40, outputTokens: 60 },
    firstDelayMs: 300,
    tokensPerSecond: 15,
  });
  workbench = await openProduct({
    name: 'history',
    settings: {
      'secondThought.endpoints': { local: { api: 'openai-responses', baseUrl: `${server.url}/v1` } },
      'secondThought.fastModel': 'local:quick',
      'secondThought.reasoningModel': 'local:deep',
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

/** The journal as a process writes it that is gone. */
const oldJournal = (): Journal => new Journal(join(workbench.stateFolder, 'comparisons'), { pid: 2 ** 30 });
const logs = (): readonly string[] => workbench.journal().list();
const tree = (): Locator => workbench.page.locator('.pane', { hasText: 'History' }).locator('.monaco-list-row');
const row = (text: string | RegExp): Locator => tree().filter({ hasText: text }).first();
const hits = (): Locator => workbench.rows();
const status: Product['status'] = (id) => workbench.status(id);

/** Goes to the end of the tree until a row is there: rows come when they are known, and only those in sight are in the document. */
async function toEnd(last: Locator): Promise<void> {
  for (let tries = 0; !(await last.isVisible()); tries++) {
    assert.ok(tries < 100, 'it is not at the end');
    await workbench.page.keyboard.press('End');
    await workbench.page.waitForTimeout(100);
  }
}

test('an empty history says how to begin', () =>
  workbench.check(async () => {
    await workbench.page.locator('.activitybar .action-label[aria-label="Second Thought"]').click();
    await seen(workbench.page.getByText('Nothing compared yet.'));
    await workbench.screenshot('empty');
  }));

test('what ran stands under its day, with models and outcome; older days are folded', () =>
  workbench.check(async () => {
    const old = oldJournal();
    store(old, new Date(Date.now() - DAY_MS), { task: { title: 'yesterday.md', instruction: 'A blue checkout' } });
    // Half a minute of deltas: its replay can be met in the middle.
    store(old, new Date(), { letters: 'slow', task: { title: 'slow.md' }, deltas: 1500 });
    store(old, new Date(Date.now() - 40 * DAY_MS), { letters: 'old', task: { title: 'long-ago.md' } });
    await workbench.openFile('pricing-card.md');
    await workbench.bothDone(() => workbench.run('Compare Models on File'));
    await seen(row('Today'));
    await see(tree(), /Pricing card.*quick vs deep/);
    await seen(row(/Yesterday/));
    assert.equal(await row('yesterday.md').count(), 0);
    await row(/Yesterday/).click();
    await see(tree(), /yesterday\.md.*14x dearer/);
    await workbench.screenshot('tree');
  }));

test('a past comparison opens as it was', () =>
  workbench.check(async () => {
    await row('yesterday.md').click();
    await seen(workbench.tab('yesterday.md'));
    await see(workbench.webview().locator('.ratio'), '14x dearer');
    await see(status('fast'), 'Done');
  }));

test('search finds words of the task that no list shows', () =>
  workbench.check(async () => {
    await workbench.run('Search Comparisons…');
    await seen(hits());
    await workbench.box().fill('checkout BLUE');
    await gone(hits().filter({ hasText: TITLE }));
    await see(hits(), 'yesterday.md');
    await workbench.screenshot('search');
    await workbench.page.keyboard.press('Escape');
  }));

test('a pinned comparison stands first, over a reload', () =>
  workbench.check(async () => {
    await workbench.contextMenu(row('yesterday.md'), 'Pin');
    await see(tree().first(), 'Pinned');
    await gone(row(/Yesterday/));
    await workbench.reload();
    await see(tree().first(), 'Pinned');
    await see(tree().nth(1), 'yesterday.md');
    await workbench.contextMenu(row('yesterday.md'), 'Unpin');
    await seen(row(/Yesterday/));
  }));

test('a replay plays what was stored, says so, and changes nothing', () =>
  workbench.check(async () => {
    const before = logs();
    const requests = server.requests.length;
    await workbench.contextMenu(row('slow.md'), 'Replay at Its Own Pace');
    await seen(workbench.tab('Replay: slow.md'));
    const panel = workbench.webview();
    const button = (text: string | RegExp): Locator =>
      panel.locator('.replay-controls :is(vscode-button, button)', { hasText: text });
    await see(panel.locator('vscode-badge'), 'replay');
    await see(status('fast'), /Waiting|Answering|Writing/);
    await button('Stop').click();
    await seen(button('Play'));
    await workbench.screenshot('replay');
    assert.equal(await panel.locator('.lane .toolbar').first().isVisible(), false);
    await button('8x').click();
    for (const id of LANES) await see(status(id), 'Done');
    await seen(button('Play again'));
    assert.deepEqual(logs(), before);
    assert.equal(server.requests.length, requests);
    await button('Open').click();
    await seen(workbench.tab('slow.md').filter({ hasNotText: 'Replay' }));
    // A replay has none; and a panel that is still opening would take the focus from whatever comes next.
    await seen(workbench.webview().locator('.lane .toolbar').first());
  }));

test('two runs of two comparisons are compared, figures and answers', () =>
  workbench.check(async () => {
    await workbench.contextMenu(row(TITLE), 'Compare with Another Comparison');
    await seen(hits());
    await workbench.answer('yesterday');
    await seen(hits().filter({ hasText: '↔' }));
    await workbench.page.keyboard.press('Enter');
    await see(workbench.page.locator('.multiDiffEditor, .multi-diff-root-floating-menu, .multiDiffEntry'), 'fast.md');
    await see(workbench.page.locator('.multiDiffEntry .view-line'), 'Total');
    await workbench.screenshot('compare-runs');
    await workbench.closeEditors();
  }));

test('run again runs in the comparison’s own panel', () =>
  workbench.check(async () => {
    const requests = server.requests.length;
    await workbench.bothDone(() => workbench.contextMenu(row(TITLE), 'Run Comparison Again'));
    assert.ok(server.requests.length > requests);
    await workbench.closeEditors();
  }));

test('the Delete key deletes one comparison, after a question', () =>
  workbench.check(async () => {
    await row(/Yesterday/).click();
    await row('yesterday.md').click();
    const before = logs().length;
    await seen(workbench.tab('yesterday.md'));
    await workbench.run('Focus on History View');
    await workbench.page.keyboard.press('Delete');
    await seen(workbench.dialog('Delete the comparison on yesterday.md?'));
    await workbench.screenshot('delete');
    await workbench.dialog('Delete the comparison').getByRole('button', { name: 'Cancel' }).click();
    assert.equal(logs().length, before);
    await workbench.contextMenu(row('yesterday.md'), 'Delete Comparison');
    await workbench.dialog('Delete the comparison').getByRole('button', { name: 'Delete', exact: true }).click();
    await gone(row(/Yesterday/));
    await until('it is deleted', () => logs().length === before - 1);
    await gone(workbench.tab('yesterday.md'));
  }));

test('days before the newest fourteen wait in a group of their own', () =>
  workbench.check(async () => {
    const old = oldJournal();
    const dates = Array.from({ length: 16 }, (_, i) => new Date(Date.now() - (100 + i) * DAY_MS));
    for (const [i, date] of dates.entries()) store(old, date, { task: { title: `spec-${i}.md` } });
    await workbench.command('View: Show Explorer');
    await workbench.run('Focus on History View');
    await seen(row(/^Earlier$/));
    await workbench.screenshot('earlier');
    const days = new Set(
      dates.map((date) => date.toLocaleDateString('en-US', { year: 'numeric', month: 'long', day: 'numeric' })),
    );
    const last = [...days].at(-1) ?? '';
    assert.equal(await row(last).count(), 0);
    await row(/^Earlier$/).click();
    await toEnd(row(last));
    await row(last).click();
    await toEnd(row('spec-15.md'));
  }));
