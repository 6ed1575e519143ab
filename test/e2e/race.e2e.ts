/**
 * The product as a person meets it, in a real workbench, from the packaged extension: compare, watch, diff, apply, undo, reload, move,
 * stop, be refused. Models are scripted servers on loopback behind the real SDKs, so every figure is known.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { VSIX } from '../../scripts/build.ts';
import { ROOT } from '../../scripts/install.mjs';
import { Journal } from '../../src/core/journal/journal.ts';
import { openWorkbench, type Workbench } from '../lab/workbench.ts';
import { type ModelScript, type ModelServer, startModelServer } from '../servers/models.ts';

const LONG_MS = 60_000;
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

let workbench: Workbench;
let server: ModelServer;
/** Multiplies the pace; a slow run leaves time to interfere. */
let pace = 1;
const scripts = (): void =>
  server.script((request) => {
    const script = request.path.endsWith('/messages') ? REASONING : FAST;
    return { ...script, tokensPerSecond: (script.tokensPerSecond ?? 100) * pace };
  });

before(async () => {
  server = await startModelServer(FAST);
  scripts();
  const price = { inputUsdPerMTok: 1, outputUsdPerMTok: 5 };
  workbench = await openWorkbench({
    name: 'race',
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
      // One file, so that the preview's every change is confirmed as a person would.
      'files.refactoring.autoSave': true,
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const lane = (panel: FrameLocator, id: 'fast' | 'reasoning'): Locator => panel.locator(`[data-lane="${id}"]`);
const answer = (panel: FrameLocator, id: 'fast' | 'reasoning'): Locator =>
  lane(panel, id).locator('article.answer .stream-frame');
const meter = (panel: FrameLocator, id: 'fast' | 'reasoning', metric: string): Locator =>
  lane(panel, id).locator(`[data-metric="${metric}"] .figure`);
const journals = (): number =>
  new Journal(join(workbench.profile.home, '.local', 'share', 'second-thought', 'comparisons'), { pid: 0 }).list().length;
const status = (panel: FrameLocator, id: 'fast' | 'reasoning'): Locator => lane(panel, id).locator('.status');
const see = (target: Locator, text: string | RegExp): Promise<void> =>
  target.filter({ hasText: text }).first().waitFor({ timeout: LONG_MS });

/** Waits until it reads differently. */
async function moved(target: Locator, from: string): Promise<void> {
  const deadline = performance.now() + LONG_MS;
  while ((await target.innerText()) === from) {
    assert.ok(performance.now() < deadline, `still ${from}`);
    await workbench.page.waitForTimeout(100);
  }
}

async function startComparison(): Promise<FrameLocator> {
  await workbench.openFile('pricing-card.md');
  await workbench.command('Second Thought: Compare Models on File');
  const panel = workbench.webview();
  return panel;
}

async function closeEditors(): Promise<void> {
  await workbench.command('View: Close All Editors');
  const stopped = workbench.toast('was stopped');
  if (await stopped.isVisible()) await workbench.command('Notifications: Clear All Notifications');
}

async function settle(): Promise<void> {
  await workbench.command('Notifications: Clear All Notifications');
}

test('the first paid run says what is sent, where, and at what ceiling; then both lanes stream', () =>
  workbench.check(async () => {
    pace = 0.35;
    scripts();
    const panel = await startComparison();
    const dialog = workbench.dialog('Send pricing-card.md');
    await dialog.waitFor({ timeout: LONG_MS });
    assert.match(await dialog.innerText(), /127\.0\.0\.1:\d+[\s\S]*at most \$\d/);
    await workbench.screenshot('consent');
    assert.equal(server.calls().length, 0);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();

    await see(answer(panel, 'fast'), 'Here is the card');
    await see(lane(panel, 'reasoning').locator('.thinking'), 'First I read the spec');
    const early = (await answer(panel, 'fast').innerText()).length;
    const spentEarly = await meter(panel, 'fast', 'cost').innerText();
    await workbench.screenshot('running-dark');
    await see(answer(panel, 'reasoning'), 'Here is the card');
    const later = (await answer(panel, 'fast').innerText()).length;
    assert.ok(later > early, `deltas arrive while running: ${early}, then ${later}`);
    assert.match(await status(panel, 'fast').innerText(), /Answering/);
    await moved(meter(panel, 'fast', 'cost'), spentEarly);
    assert.match(await meter(panel, 'fast', 'cost').innerText(), /^~\$/);
    assert.match(await panel.locator('footer .ratio').innerText(), /./);

    // The same command again shows the running comparison; it starts no second one.
    const calls = server.calls().length;
    await workbench.openFile('pricing-card.md');
    await workbench.command('Second Thought: Compare Models on File');
    await see(answer(workbench.webview(), 'fast'), 'Here is the card');
    assert.equal(server.calls().length, calls);
  }));

test('both finish, with the figures the servers reported', () =>
  workbench.check(async () => {
    const panel = workbench.webview();
    await see(status(panel, 'fast'), 'Done');
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
    await workbench.command('Second Thought: Diff the Two Answers');
    await workbench.diffLine('careful line 0').first().waitFor({ timeout: LONG_MS });
    await see(workbench.statusBarItem('HTML'), 'HTML');
    await workbench.screenshot('diff');
  }));

test('an answer is applied after the refactor preview, and taken back', () =>
  workbench.check(async () => {
    const target = join(workbench.profile.workspace, 'card.html');
    assert.ok(!existsSync(target));
    await workbench.command('Second Thought: Apply an Answer');
    await workbench.answer('Reasoning');
    const apply = workbench.page.locator('.part.panel, .pane-body').getByRole('button', { name: 'Apply', exact: true });
    await apply.first().waitFor({ timeout: LONG_MS });
    assert.ok(!existsSync(target), 'nothing is written before the preview is confirmed');
    await workbench.screenshot('refactor-preview');
    await apply.first().click();
    await workbench.toast('Applied').first().waitFor({ timeout: LONG_MS });
    assert.equal(readFileSync(target, 'utf8'), CARD('careful'));
    await workbench.screenshot('applied');

    await workbench.command('Second Thought: Undo Apply');
    for (let i = 0; existsSync(target) && i < 100; i++) await workbench.page.waitForTimeout(200);
    assert.ok(!existsSync(target));
    await settle();
  }));

test('a window reloaded after the run shows it as it was, its diff tab too', () =>
  workbench.check(async () => {
    await workbench.command('Second Thought: Open Last Comparison');
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
    await workbench.diffLine('careful line 0').first().waitFor({ timeout: LONG_MS });
    await closeEditors();
  }));

test('a panel moved into a new window in mid-run goes on there', () =>
  workbench.check(async () => {
    pace = 0.25;
    scripts();
    const panel = await startComparison();
    await see(answer(panel, 'fast'), 'swift line 1');
    const other: Page = await workbench.moveEditorToNewWindow();
    const inOther = workbench.webview(other);
    await see(answer(inOther, 'fast'), 'swift line 1');
    await see(status(inOther, 'fast'), 'Answering');
    await workbench.screenshot('moved', other);
    await see(status(inOther, 'fast'), 'Done');
    await see(answer(inOther, 'fast'), 'swift line 59');
    await lane(inOther, 'reasoning').getByRole('button', { name: /stop/i }).first().click();
    await see(status(inOther, 'reasoning'), 'Stopped');
    await other.close();
    await workbench.page.bringToFront();
    await closeEditors();
  }));

test('stopping a lane keeps its text and leaves the other alone', () =>
  workbench.check(async () => {
    await closeEditors();
    pace = 0.4;
    scripts();
    const panel = await startComparison();
    await see(answer(panel, 'fast'), 'swift line 1');
    await lane(panel, 'fast').getByRole('button', { name: /stop/i }).first().click();
    await see(status(panel, 'fast'), 'Stopped');
    assert.match(await meter(panel, 'fast', 'cost').innerText(), /^~\$/);
    assert.match(await answer(panel, 'fast').innerText(), /swift line 1/);
    await workbench.screenshot('stopped');
    pace = 1;
    scripts();
    await see(status(panel, 'reasoning'), 'Done');
    await closeEditors();
  }));

test('a window reloaded in mid-run brings its lanes back as interrupted, with all that was shown', () =>
  workbench.check(async () => {
    pace = 0.2;
    scripts();
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
    pace = 4;
    scripts();
    await lane(again, 'fast')
      .getByRole('button', { name: /run again/i })
      .first()
      .click();
    await see(status(again, 'fast'), 'Done');
    await closeEditors();
  }));

test('a one-cent budget refuses before anything is sent', () =>
  workbench.check(async () => {
    await workbench.changeSettings({ 'secondThought.budget.perRunUsd': 0.01 });
    const calls = server.calls().length;
    const before = journals();
    await workbench.page.waitForTimeout(1000);
    await workbench.openFile('pricing-card.md');
    await workbench.command('Second Thought: Compare Models on File');
    const refusal = workbench.toast('$0.01');
    await refusal.first().waitFor({ timeout: LONG_MS });
    await workbench.screenshot('refused');
    assert.match(await refusal.first().innerText(), /could cost up to \$0\.\d+/);
    assert.equal(server.calls().length, calls);
    assert.equal(journals(), before);
    await workbench.changeSettings({ 'secondThought.budget.perRunUsd': undefined });
    await settle();
  }));

test('the browser asked nobody but this machine', () => {
  const outside = [...workbench.hosts].filter((host) => !host.startsWith('127.0.0.1:') && !host.endsWith('.vscode-cdn.net'));
  assert.deepEqual(outside, []);
});
