/**
 * What leaves a workbench and what comes into it: a comparison is exported in every format and imported again, and a key that a server
 * says back in every place it has is found in nothing of it, nor on disk, in the page, in what VS Code's models are sent, or in the
 * diagnostics. Every message to the page is read in the page itself.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { ROOT } from '../../scripts/install.mjs';
import { openProduct, type Product, see, seen, until } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';

const KEY = 'canary4Gd81kQz0pW7xT2mV9bN5c';
const FORMS = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64').slice(0, 24), Buffer.from(KEY).toString('hex')];
const WORDS = `Your key is ${KEY}, you know.\n`;
const REHEARSED_LOG = join(ROOT, 'out', 'lab', 'shared', 'rehearsed.ndjson');
const TITLE = 'Pricing card: the Team plan';
const FILE = /\/second-thought-[\w-]+\.(?:html|md|json)$/;

let workbench: Product;
let server: ModelServer;
/** What the host told pages, as text. */
const told: string[] = [];
const copied: string[] = [];

before(async () => {
  server = await startModelServer({
    text: WORDS.repeat(3),
    reasoning: WORDS,
    servedModel: `m-${KEY}`,
    usage: { inputTokens: 400, outputTokens: 60 },
    // So that it is the slower, and its page listened to from the beginning.
    tokensPerSecond: 30,
  });
  workbench = await openProduct({
    name: 'shared',
    beside: [join(ROOT, 'test', 'lab', 'language-models')],
    env: { REHEARSED_LOG },
    settings: {
      'files.simpleDialog.enable': true,
      'chat.disableAIFeatures': false,
      'secondThought.endpoints': { locked: { api: 'openai-chat', baseUrl: `${server.url}/v1`, needsKey: true } },
      'secondThought.prices': {
        'locked:m': { inputUsdPerMTok: 5, outputUsdPerMTok: 25 },
        'vscode:rehearsed/quick/v1': { inputUsdPerMTok: 1, outputUsdPerMTok: 5 },
      },
      'secondThought.fastModel': 'vscode:rehearsed/quick/v1',
      'secondThought.reasoningModel': 'locked:m',
    },
  });
  await workbench.context.exposeBinding('tellTest', (_source, message: unknown) => told.push(JSON.stringify(message)));
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const run = (title: string): Promise<void> => workbench.run(title);
const row = (text: string | RegExp): Locator =>
  workbench.page.locator('.pane', { hasText: 'History' }).locator('.monaco-list-row', { hasText: text });

async function compare(): Promise<void> {
  await workbench.openFile('pricing-card.md');
  await run('Compare Models on File');
  await workbench.dialog('Send pricing-card.md').getByRole('button', { name: 'Send', exact: true }).click();
  await seen(workbench.status('reasoning'));
  await workbench.webview().locator('body').evaluate("addEventListener('message', ({ data }) => tellTest(data))"); // the binding made above
}

/** Names of those that hold the key in any form. */
const holding = (texts: Iterable<readonly [string, string | Buffer]>): readonly string[] =>
  [...texts].filter(([, text]) => FORMS.some((form) => text.includes(form))).map(([name]) => name);

/** Every file below a folder, whole. */
const filesIn = (folder: string): readonly (readonly [string, Buffer])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name))]);

test('a key is kept, and a server says it back in its answer, its thinking, its name and an error', () =>
  workbench.check(async () => {
    await run('Set API Key');
    await workbench.answer('locked');
    await workbench.box('password').fill(KEY);
    await workbench.press('Enter');
    await seen(workbench.toast('works and is kept'));
    await workbench.clearToasts();
    await workbench.bothDone(compare);
    await workbench.screenshot('answered');
    copied.push(await workbench.webview().locator('body').innerText());

    server.script({ text: '', failure: { status: 401, body: { error: { message: WORDS, type: KEY, code: KEY } } } });
    const next = workbench.nextRuns();
    await run('Run Both with Adapted Prompts');
    await see(next('reasoning'), '401');
    await see(next('fast'), 'Done');
    await workbench.screenshot('refused');
    copied.push(await workbench.webview().locator('body').innerText());
    assert.ok(told.length > 5, `the page was told ${told.length} things`);
    assert.ok(told.some((text) => text.includes('[redacted]')));
  }));

test('it is exported in every format, under a name that is proposed', () =>
  workbench.check(async () => {
    const written = new Map<string, string>();
    for (const format of ['HTML', 'Markdown', 'JSON']) {
      await workbench.clearToasts();
      await run('Export Comparison…');
      await workbench.answer(format);
      const file = await workbench.proposedFile(FILE);
      await workbench.press('Enter');
      await seen(workbench.toast(`The comparison is in ${file.split('/').at(-1)}`));
      written.set(format, readFileSync(file, 'utf8'));
    }
    assert.match(written.get('HTML') ?? '', /^<!doctype html>/i);
    assert.match(written.get('Markdown') ?? '', /\| Total/);
    assert.ok(JSON.parse(written.get('JSON') ?? ''));
    const cost = await workbench.lane('fast').locator('[data-metric="cost"] .figure').innerText();
    for (const format of ['HTML', 'Markdown']) assert.ok(written.get(format)?.includes(cost), `${format} says ${cost}`);
  }));

test('a colleague’s file is imported, and says so in the panel and in the history', () =>
  workbench.check(async () => {
    await workbench.closeEditors();
    await run('Import Comparison…');
    const name = readdirSync(workbench.profile.workspace).find((each) => /^second-thought-.*\.json$/.test(each)) ?? '';
    await workbench.chooseFile(name);
    await see(workbench.webview().locator('vscode-badge'), `imported from ${name}`);
    await see(workbench.status('fast'), 'Done');
    await run('Focus on History View');
    await see(row(TITLE), 'imported');
    assert.equal(await row(TITLE).filter({ hasNotText: 'imported' }).count(), 1);
    await workbench.screenshot('imported');
  }));

test('not one byte of the key is found in anything', () =>
  workbench.check(async () => {
    await workbench.clearToasts();
    await run('Copy Diagnostics');
    await until('the diagnostics are copied', async () => (await workbench.clipboard()).startsWith('Second Thought'));
    const diagnostics = await workbench.clipboard();
    assert.match(diagnostics, /endpoint locked: openai-chat, \S+, key set/);
    const places = (): readonly (readonly [string, string | Buffer])[] => [
      ['messages to the page', told.join('\n')],
      ['the page', copied.join('\n')],
      ['the diagnostics', diagnostics],
      ['the console', workbench.console.join('\n')],
      ['what VS Code’s models were sent', readFileSync(REHEARSED_LOG)],
      ...filesIn(workbench.profile.root),
    ];
    const control = join(workbench.stateFolder, 'control');
    writeFileSync(control, `before ${Buffer.from(KEY).toString('hex')} after`);
    assert.deepEqual(holding(places()), [control], 'what is there is found');
    rmSync(control);
    assert.deepEqual(holding(places()), []);
    assert.ok(server.calls().every(({ headers }) => headers.authorization === `Bearer ${KEY}`));
  }));

test('a ledger that cannot be read is said in the Spending view, with the way out', () =>
  workbench.check(async () => {
    const spending = (text: string): Locator => workbench.page.locator('.pane-body .monaco-list-row', { hasText: text });
    await run('Show Spending');
    await seen(spending('Today: '));
    const file = join(workbench.stateFolder, 'ledger.sqlite');
    writeFileSync(file, readFileSync(file).fill(7, 0, 4096));
    await run('Show Spending');
    await seen(spending('Spending cannot be read: set the damaged ledger aside'));
    await workbench.screenshot('damaged');
    await spending('Spending cannot be read').click();
    const modal = workbench.dialog('Set the damaged spending ledger aside');
    await seen(modal);
    await modal.getByRole('button', { name: 'Set It Aside' }).click();
    await seen(spending('Today: '));
    assert.equal(await spending('Spending cannot be read').count(), 0);
    await workbench.screenshot('set-aside');
  }));
