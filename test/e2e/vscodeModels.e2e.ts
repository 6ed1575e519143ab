/**
 * The models of VS Code itself, in a real workbench: a provider extension is installed beside ours, its models are listed, chosen and run
 * against a server on loopback. And how endpoints are found and added, which happens in the same picker.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { ROOT } from '../../scripts/install.mjs';
import { LANES } from '../../src/shared/comparison.ts';
import { gone, openProduct, type Product, see, seen, until } from '../lab/product.ts';
import { respond } from '../servers/models.ts';
import { json, startServer, type TestServer } from '../servers/server.ts';

const REHEARSED_LOG = join(ROOT, 'out', 'lab', 'vscode-models', 'rehearsed.ndjson');
const PAGE = 'Here it is.\n\n### card.html\n\n```html\n<!doctype html>\n<title>deep</title>\n<p>deep</p>\n```\n';

interface Entry {
  readonly model: string;
  readonly cancelled?: true;
  readonly modelOptions?: object;
  readonly messages?: readonly { readonly role: number; readonly parts: readonly Readonly<Record<string, unknown>>[] }[];
}

let workbench: Product;
let server: TestServer;

before(async () => {
  const models = respond(() => ({ text: PAGE, tokensPerSecond: 200 }), ['deep', 'deeper']);
  server = await startServer(async (request, response) => {
    if (request.path.startsWith('/odd')) await json(200, { hello: 'world' })(request, response);
    else await models(request, response);
  });
  workbench = await openProduct({
    name: 'vscode-models',
    beside: [join(ROOT, 'test', 'lab', 'language-models')],
    env: { REHEARSED_LOG },
    settings: {
      'chat.disableAIFeatures': false,
      'secondThought.endpoints': {
        local: { label: 'Local server', api: 'openai-chat', baseUrl: `${server.url}/v1` },
        odd: { label: 'Odd server', api: 'openai-chat', baseUrl: `${server.url}/odd/v1` },
        dead: { api: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1' },
      },
      'secondThought.reasoningModel': 'local:deep',
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const lane: Product['lane'] = (id) => workbench.lane(id);
const rows = (): Locator => workbench.rows();
const box = (): Locator => workbench.box();
const widget = (): Locator => workbench.widget();
const look = (name: string): Promise<void> => workbench.screenshot(name);
const run = (title: string): Promise<void> => workbench.run(title);
const asked = (): readonly Entry[] =>
  existsSync(REHEARSED_LOG)
    ? readFileSync(REHEARSED_LOG, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Entry)
    : [];

type Statuses = ReturnType<Product['nextRuns']>;

/** Compares a file, saying yes to a price that nobody knows and to sending; returns where its lanes say how they are. */
async function compare(file: string): Promise<Statuses> {
  const status = workbench.nextRuns();
  await workbench.openFile(file);
  await run('Compare Models on File');
  const price = workbench.dialog('No price is known');
  await see(price, 'vscode:rehearsed/');
  await look('unknown-price');
  await price.getByRole('button', { name: 'Run Without a Price' }).click();
  await gone(price);
  // Asked once for a place that is not this machine.
  const consent = workbench.dialog(`Send ${file}`).getByRole('button', { name: 'Send', exact: true });
  await Promise.race([seen(consent), see(status('fast'), /./)]);
  if (await consent.isVisible()) {
    await look('consent');
    await consent.click();
  }
  return status;
}

const step = (name: string, body: () => Promise<void>): void => {
  test(name, () =>
    workbench.check(async () => {
      await body();
      await workbench.clearToasts();
      await workbench.closeEditors();
    }),
  );
};

step('the picker lists them with what is known, and servers that do not run in one row', async () => {
  // The window listens to its size once its commands are there.
  assert.deepEqual(await workbench.notOffered(['Second Thought: Choose Fast Model']), []);
  await workbench.page.setViewportSize({ width: 1280, height: 800 });
  await run('Choose Fast Model');
  await see(rows(), 'Rehearsed Quick');
  await see(rows(), /128k context.*price unknown.*reads pictures/);
  await see(rows(), 'local:deep');
  await look('picker-dark');
  await box().fill('did not list');
  await see(rows(), 'Odd server did not list its models');
  await look('picker-odd');
  await box().fill('not running');
  await see(rows(), /Not running: .*dead/);
  await look('picker-not-running');
  await box().fill('set api key');
  await see(rows(), 'Anthropic');
  await look('picker-locked');
  await box().fill('rehearsed quick');
  await see(rows(), 'vscode:rehearsed/quick/v1');
  await workbench.page.keyboard.press('Enter');
  // No question of effort: VS Code takes none.
  await see(workbench.statusBarItem('Fast model'), 'vscode:rehearsed/quick/v1');
});

step('one runs against a server on loopback; its tokens are an estimate, its cost is unknown', async () => {
  const status = await compare('pricing-card.md');
  for (const id of LANES) await see(status(id), 'Done');
  await look('compared');
  const words = await lane('fast').innerText();
  assert.match(words, /~\d/);
  assert.match(words, /–/);
  assert.doesNotMatch(words, /\$\d/);
  // What the model counted (a quarter of the characters), not what we would.
  const sent = asked()[0]?.messages?.[0]?.parts.map((part) => String(part.text)) ?? [];
  assert.ok(words.includes(`~${Math.ceil(sent.join('').length / 4).toLocaleString('en-US')} ·`), words);
  const [entry] = asked();
  assert.equal(entry?.model, 'quick/v1');
  assert.deepEqual(entry?.modelOptions, {});
  assert.equal(entry?.messages?.length, 1);
  assert.equal(entry?.messages?.[0]?.role, 1);
  assert.match(String(entry?.messages?.[0]?.parts[1]?.text), /Pricing card: the Team plan/);
});

step('a picture reaches it as a picture', async () => {
  const status = await compare('landing/reference.png');
  for (const id of LANES) await see(status(id), 'Done');
  const picture = asked()
    .at(-1)
    ?.messages?.[0]?.parts.find((part) => part.mimeType);
  assert.equal(picture?.mimeType, 'image/png');
  assert.ok(Number(picture?.bytes) > 1000);
});

step('thinking is shown as thinking where a model shows it', async () => {
  await workbench.changeSettings({ 'secondThought.fastModel': 'vscode:rehearsed/thoughtful' });
  const status = await compare('pricing-card.md');
  await see(status('fast'), 'Done');
  await look('thoughtful');
  assert.doesNotMatch(await lane('fast').locator('.answer, [id$="-answer"]').first().innerText(), /Twice/);
});

step('what its provider refuses is said in one sentence', async () => {
  await workbench.changeSettings({ 'secondThought.fastModel': 'vscode:rehearsed/spent' });
  const status = await compare('pricing-card.md');
  await see(status('fast'), 'the monthly allowance is used up');
  await see(status('reasoning'), 'Done');
  await look('refused');
});

step('stopping one stops its provider', async () => {
  await workbench.changeSettings({ 'secondThought.fastModel': 'vscode:rehearsed/slow' });
  const status = await compare('pricing-card.md');
  await see(status('fast'), 'Answering');
  await workbench.page.keyboard.press('ControlOrMeta+Alt+0');
  await see(status('fast'), 'Stopped by you');
  await until('the provider was told', () => asked().some((entry) => entry.model === 'slow' && entry.cancelled === true));
});

step('an endpoint is added step by step, back and forth, and proved', async () => {
  await run('Add Endpoint');
  await see(widget(), 'What Does It Speak?');
  await look('add-1-kind');
  await workbench.answer('Azure');
  await see(widget(), 'Its Address');
  await box().fill('https://acme.openai.azure.com/');
  await see(widget(), '/openai/v1');
  await look('add-2-azure');
  await widget().locator('.quick-input-titlebar .action-label').first().click();
  await see(widget(), 'What Does It Speak?');
  await workbench.answer('OpenAI-compatible');
  await box().fill('http://models.example.com/v1');
  await see(widget(), 'Use https://');
  await box().fill(`${server.url}/v1/chat/completions`);
  await workbench.page.keyboard.press('Enter');
  await see(widget(), 'Its Name');
  await box().fill('ollama');
  await see(widget(), 'Ollama has that name already');
  await look('add-3-name');
  await workbench.page.keyboard.press('Escape');
  // What was typed is still there.
  await run('Add Endpoint');
  await see(widget(), 'What Does It Speak?');
  await workbench.page.keyboard.press('Enter');
  await see(widget(), 'Its Address');
  assert.equal(await box().inputValue(), `${server.url}/v1`);
  await workbench.page.keyboard.press('Enter');
  await see(widget(), 'Its Name');
  await workbench.answer('mine');
  const added = workbench.toast('mine is added and lists 2 models');
  await seen(added);
  await look('add-4-done');
  await added.getByRole('button', { name: 'Choose Fast Model' }).click();
  await see(widget(), 'Choose the Fast Model');
  await box().fill('mine');
  await see(rows(), 'mine:deeper');
  await workbench.page.keyboard.press('Escape');
});

step('the picker in a light theme', async () => {
  await workbench.setTheme('light');
  await run('Choose Reasoning Model');
  await see(rows(), 'Rehearsed Quick');
  await see(rows(), 'local:deep');
  await look('picker-light');
  await workbench.page.keyboard.press('Escape');
});
