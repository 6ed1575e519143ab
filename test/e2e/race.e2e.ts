/**
 * The product as a person meets it, in a real workbench, from the packaged extension: compare, watch, diff, apply, undo, reload, move,
 * stop, be refused. Models are scripted servers on loopback behind the real SDKs, so every figure is known.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { LaneId } from '../../src/shared/comparison.ts';
import { openProduct, type Product, see, seen, swiftAndCareful, until } from '../lab/product.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../servers/models.ts';

const ALL = Number.POSITIVE_INFINITY;
/** Longer than any file of tests may take. */
const HELD_MS = 600_000;
const CARD = (name: string): string =>
  `<!doctype html>\n<html lang="en">\n<title>${name}</title>\n${Array.from({ length: 60 }, (_, i) => `<p>${name} line ${i}</p>`).join('\n')}\n</html>\n`;
const answerOf = (name: string): string => `Here is the card.\n\n### card.html\n\n\`\`\`html\n${CARD(name)}\`\`\`\n`;

const FAST: ModelScript = {
  text: answerOf('swift'),
  usage: { inputTokens: 400, outputTokens: 900 },
  firstDelayMs: 100,
  tokensPerSecond: 150,
};
const REASONING: ModelScript = {
  text: answerOf('careful'),
  reasoning: 'First I read the spec. Then I measure the card. '.repeat(8),
  usage: { inputTokens: 400, outputTokens: 1500, reasoningTokens: 600 },
  firstDelayMs: 200,
  tokensPerSecond: 110,
};

let workbench: Product;
let server: ModelServer;
/** How many tokens each model may say, thinking included: one that is held in mid-answer leaves all the time there is to interfere. */
const allowed: Record<LaneId, number> = { fast: ALL, reasoning: ALL };
const allow = (fast: number, reasoning: number): void => void Object.assign(allowed, { fast, reasoning });
const held = (lane: LaneId) => ({
  hold: (tokens: number) => until(`${lane} may go on`, () => tokens < allowed[lane], HELD_MS),
});

before(async () => {
  server = await startModelServer(FAST);
  server.script((request) =>
    request.path.endsWith('/messages') ? { ...REASONING, ...held('reasoning') } : { ...FAST, ...held('fast') },
  );
  workbench = await openProduct({
    name: 'race',
    settings: {
      ...swiftAndCareful(server.url),
      // One file, so that the preview's every change is confirmed as a person would.
      'files.refactoring.autoSave': true,
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const lane = (panel: FrameLocator, id: LaneId): Locator => workbench.lane(id, panel);
const answer = (panel: FrameLocator, id: LaneId): Locator => lane(panel, id).locator('article.answer .stream-frame');
const meter = (panel: FrameLocator, id: LaneId, metric: string): Locator =>
  lane(panel, id).locator(`[data-metric="${metric}"] .figure`);
const status = (panel: FrameLocator, id: LaneId): Locator => workbench.status(id, panel);

async function startComparison(): Promise<FrameLocator> {
  await workbench.openFile('pricing-card.md');
  await workbench.run('Compare Models on File');
  return workbench.webview();
}

/** Leaves nothing that a later wait could take for its own. */
async function tidy(): Promise<void> {
  await workbench.closeEditors();
  await workbench.clearToasts();
}

test('the first paid run says what is sent, where, and at what ceiling; then both lanes stream', () =>
  workbench.check(async () => {
    allow(60, 60);
    const panel = await startComparison();
    const dialog = workbench.dialog('Send pricing-card.md');
    await seen(dialog);
    assert.match(await dialog.innerText(), /127\.0\.0\.1:\d+[\s\S]*at most \$\d/);
    await workbench.screenshot('consent');
    assert.equal(server.calls().length, 0);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();

    await see(answer(panel, 'fast'), 'Here is the card');
    await see(lane(panel, 'reasoning').locator('.thinking'), 'First I read the spec');
    const early = (await answer(panel, 'fast').innerText()).length;
    const spentEarly = await meter(panel, 'fast', 'cost').innerText();
    await workbench.screenshot('running-dark');
    allow(150, 150);
    await see(answer(panel, 'reasoning'), 'Here is the card');
    await until('deltas arrive while running', async () => (await answer(panel, 'fast').innerText()).length > early);
    assert.match(await status(panel, 'fast').innerText(), /Answering/);
    await until('the cost moves', async () => (await meter(panel, 'fast', 'cost').innerText()) !== spentEarly);
    assert.match(await meter(panel, 'fast', 'cost').innerText(), /^~\$/);
    assert.match(await panel.locator('footer .ratio').innerText(), /./);

    // The same command again shows the running comparison; it starts no second one.
    const calls = server.calls().length;
    await workbench.openFile('pricing-card.md');
    await workbench.run('Compare Models on File');
    await see(answer(workbench.webview(), 'fast'), 'Here is the card');
    assert.equal(server.calls().length, calls);
  }));

test('both finish, with the figures the servers reported', () =>
  workbench.check(async () => {
    const panel = workbench.webview();
    allow(ALL, 150);
    await see(status(panel, 'fast'), 'Done');
    const fast = workbench.journal().read(workbench.journal().list()[0] ?? '')?.state.runs.fast;
    const tookMs = (fast?.endedMs ?? Number.NaN) - (fast?.startedMs ?? Number.NaN);
    const doneMs = performance.now();
    await until('reasoning is slower by a third', () => performance.now() - doneMs > tookMs / 3);
    allow(ALL, ALL);
    await see(status(panel, 'reasoning'), 'Done');
    assert.equal(await meter(panel, 'fast', 'cost').innerText(), '$0.0049');
    assert.equal(await meter(panel, 'reasoning', 'cost').innerText(), '$0.0395');
    assert.match(await lane(panel, 'fast').locator('.meters').innerText(), /400\s*·\s*900/);
    assert.match(await panel.locator('footer .ratio').innerText(), /slower, 8\.1x dearer/);
    await see(workbench.statusBarItem('left'), '$0.0444');
    await workbench.screenshot('done-dark');
    for (const theme of ['light', 'high-contrast'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`done-${theme}`);
    }
    await workbench.setTheme('dark');
    await workbench.page.setViewportSize({ width: 800, height: 900 });
    await workbench.screenshot('done-narrow');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
  }));

test('the two answers open in the native diff editor', () =>
  workbench.check(async () => {
    await workbench.run('Diff the Two Answers');
    await seen(workbench.diffLine('careful line 0'));
    await see(workbench.statusBarItem('HTML'), 'HTML');
    await workbench.screenshot('diff');
  }));

test('an answer is applied after the refactor preview, and taken back', () =>
  workbench.check(async () => {
    const target = join(workbench.profile.workspace, 'card.html');
    assert.ok(!existsSync(target));
    await workbench.run('Apply an Answer');
    await workbench.answer('Reasoning');
    const apply = workbench.page.locator('.part.panel, .pane-body').getByRole('button', { name: 'Apply', exact: true });
    await seen(apply);
    assert.ok(!existsSync(target), 'nothing is written before the preview is confirmed');
    await workbench.screenshot('refactor-preview');
    await apply.first().click();
    await seen(workbench.toast('Applied'));
    assert.equal(readFileSync(target, 'utf8'), CARD('careful'));
    await workbench.screenshot('applied');

    await workbench.run('Undo Apply');
    await until('the file is gone', () => !existsSync(target));
    await workbench.clearToasts();
  }));

test('a window reloaded after the run shows it as it was, its diff tab too', () =>
  workbench.check(async () => {
    await workbench.run('Open Last Comparison');
    await see(status(workbench.webview(), 'reasoning'), 'Done');
    const before = await lane(workbench.webview(), 'reasoning').locator('.meters').innerText();
    await workbench.reload();
    // Which tab is in front again is VS Code's affair.
    await workbench.tab('Pricing card').first().click();
    const panel = workbench.webview();
    await see(status(panel, 'reasoning'), 'Done');
    await see(answer(panel, 'reasoning'), 'careful line 59');
    assert.equal(await lane(panel, 'reasoning').locator('.meters').innerText(), before);
    await workbench.tab('card.html').first().click();
    await seen(workbench.diffLine('careful line 0'));
    await tidy();
  }));

test('a panel moved into a new window in mid-run goes on there', () =>
  workbench.check(async () => {
    allow(60, 60);
    const panel = await startComparison();
    await see(answer(panel, 'fast'), 'swift line 1');
    const other: Page = await workbench.moveEditorToNewWindow();
    const inOther = workbench.webview(other);
    await see(answer(inOther, 'fast'), 'swift line 1');
    await see(status(inOther, 'fast'), 'Answering');
    await workbench.screenshot('moved', other);
    allow(ALL, 60);
    await see(status(inOther, 'fast'), 'Done');
    await see(answer(inOther, 'fast'), 'swift line 59');
    await lane(inOther, 'reasoning').getByRole('button', { name: /stop/i }).first().click();
    await see(status(inOther, 'reasoning'), 'Stopped');
    await other.close();
    await workbench.page.bringToFront();
    await tidy();
  }));

test('stopping a lane keeps its text and leaves the other alone', () =>
  workbench.check(async () => {
    allow(60, 60);
    const panel = await startComparison();
    await see(answer(panel, 'fast'), 'swift line 1');
    await lane(panel, 'fast').getByRole('button', { name: /stop/i }).first().click();
    await see(status(panel, 'fast'), 'Stopped');
    assert.match(await meter(panel, 'fast', 'cost').innerText(), /^~\$/);
    assert.match(await answer(panel, 'fast').innerText(), /swift line 1/);
    await workbench.screenshot('stopped');
    allow(60, ALL);
    await see(status(panel, 'reasoning'), 'Done');
    await tidy();
  }));

test('a window reloaded in mid-run brings its lanes back as interrupted, with all that was shown', () =>
  workbench.check(async () => {
    allow(60, 60);
    const panel = await startComparison();
    await see(answer(panel, 'fast'), 'swift line 2');
    await see(lane(panel, 'reasoning').locator('.thinking'), 'First I read');
    const shown = (await answer(panel, 'fast').innerText()).trimEnd().split('\n').slice(0, -1).join('\n');
    await workbench.reload();
    await workbench.tab('Pricing card').first().click();
    const again = workbench.webview();
    await see(status(again, 'fast'), 'Interrupted');
    await see(status(again, 'reasoning'), 'Interrupted');
    assert.ok((await answer(again, 'fast').innerText()).startsWith(shown), 'everything shown is there');
    assert.match(await meter(again, 'fast', 'cost').innerText(), /^~\$|^–$/);
    await workbench.screenshot('interrupted');

    // And it can be run again from there.
    allow(ALL, ALL);
    const next = workbench.nextRuns();
    await lane(again, 'fast')
      .getByRole('button', { name: /run again/i })
      .first()
      .click();
    await see(next('fast'), 'Done');
    await tidy();
  }));

test('a one-cent budget refuses before anything is sent', () =>
  workbench.check(async () => {
    await workbench.changeSettings({ 'secondThought.budget.perRunUsd': 0.01 });
    const calls = server.calls().length;
    const before = workbench.journal().list();
    await workbench.openFile('pricing-card.md');
    await workbench.run('Compare Models on File');
    const refusal = workbench.toast('$0.01');
    await seen(refusal);
    await workbench.screenshot('refused');
    assert.match(await refusal.first().innerText(), /could cost up to \$0\.\d+/);
    assert.equal(server.calls().length, calls);
    assert.deepEqual(workbench.journal().list(), before);
    await workbench.changeSettings({ 'secondThought.budget.perRunUsd': undefined });
    await workbench.clearToasts();
  }));

test('the browser asked nobody but this machine', () => {
  const outside = [...workbench.hosts].filter((host) => !host.startsWith('127.0.0.1:') && !host.endsWith('.vscode-cdn.net'));
  assert.deepEqual(outside, []);
});
