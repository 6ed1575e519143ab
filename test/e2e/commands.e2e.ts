/**
 * Every command as a newcomer meets it, in a real workbench, from the packaged extension: where it is found, what it asks, what it
 * sends, what it says when it cannot. Models are scripted servers on loopback, so what was sent can be read.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { ROOT } from '../../scripts/install.mjs';
import { LANES } from '../../src/shared/comparison.ts';
import { gone, openProduct, type Product, SAMPLES, see, seen, until } from '../lab/product.ts';
import { type ModelScript, respond } from '../servers/models.ts';
import { json, type RecordedRequest, startServer, type TestServer } from '../servers/server.ts';

const GOOD_KEY = 'lk-7Qm2x9Vt4Rb8Zc1Wd6';
const WRONG_KEY = 'lk-0000WrongWrongWrong';
const QUICK_CODE = "export const formatDuration = (ms: number): string => ms + ' quick';\n";
const fenced = (language: string, code: string): string => `Here it is.\n\n\`\`\`${language}\n${code}\`\`\`\n`;
const HTML = (name: string): string => `<!doctype html>\n<title>${name}</title>\n<p>${name}</p>\n`;
const PAGE = (name: string): string => `Here it is.\n\n### card.html\n\n\`\`\`html\n${HTML(name)}\`\`\`\n`;

let workbench: Product;
let server: TestServer;
/** What each model answers from now on. */
let scripts: Readonly<Record<string, ModelScript>> = {};

const askedModel = (request: RecordedRequest): string => String((request.json as { model?: unknown } | undefined)?.model ?? '');
const answers = (models: Readonly<Record<string, ModelScript>>): void => {
  scripts = { quick: { text: PAGE('quick') }, deep: { text: PAGE('deep'), reasoning: 'I look twice. ' }, ...models };
};
const calls = (): readonly RecordedRequest[] => server.requests.filter((request) => request.method === 'POST');

before(async () => {
  answers({});
  const models = respond((request) => scripts[askedModel(request)] ?? { text: PAGE(askedModel(request)) }, ['quick', 'deep']);
  server = await startServer(async (request, response) => {
    const isLocked = request.path.startsWith('/locked') && request.headers.authorization !== `Bearer ${GOOD_KEY}`;
    if (isLocked)
      await json(401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } })(request, response);
    else await models(request, response);
  });
  workbench = await openProduct({
    name: 'commands',
    settings: {
      'secondThought.endpoints': {
        local: { label: 'Local server', api: 'openai-chat', baseUrl: `${server.url}/v1` },
        paid: { api: 'anthropic-messages', baseUrl: server.url },
        locked: { label: 'Locked server', api: 'openai-chat', baseUrl: `${server.url}/locked/v1`, needsKey: true },
        far: { api: 'openai-chat', baseUrl: 'https://models.invalid/v1', needsKey: false },
        dead: { api: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1' },
      },
      'secondThought.prices': { 'paid:m': { inputUsdPerMTok: 5, outputUsdPerMTok: 25 } },
      'secondThought.fastModel': 'local:quick',
      'secondThought.reasoningModel': 'local:deep',
      'files.refactoring.autoSave': true,
    },
  });
  await workbench.page.setViewportSize({ width: 1280, height: 860 });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const lane: Product['lane'] = (id) => workbench.lane(id);
const status: Product['status'] = (id) => workbench.status(id);
const rows = (): Locator => workbench.rows();
const run = (title: string): Promise<void> => workbench.run(title);
const look = (name: string): Promise<void> => workbench.screenshot(name);
const spendingRows = (): Locator => workbench.page.locator('.pane-body .monaco-list-row');

/** Compares the file in front, or its selection, by a command. */
const compare = (title = 'Compare Models on File'): Promise<void> => workbench.bothDone(() => run(title));

/** Selects whole lines of the file in front by the keyboard. */
async function selectLines(first: number, count: number): Promise<void> {
  const { keyboard } = workbench.page;
  await keyboard.press('Control+G');
  await workbench.box().fill(`:${first}`);
  await see(rows(), `go to line ${first} `);
  await keyboard.press('Enter');
  await see(workbench.statusBarItem('Ln '), `Ln ${first}, Col 1`);
  for (let line = 0; line < count; line++) await keyboard.press('Control+L');
  await see(workbench.statusBarItem('selected'), `Ln ${first + count}, Col 1 (`);
}

/** Closes what is open, without saving. */
async function closeAll(): Promise<void> {
  await workbench.closeEditors();
  const tabs = workbench.page.locator('.tabs-container .tab');
  const dontSave = workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: /don't save/i });
  await until('all editors are closed', async () => {
    if (await dontSave.isVisible()) await dontSave.click();
    return (await tabs.count()) === 0;
  });
}

async function tidy(): Promise<void> {
  // The workbench shows three at a time.
  await workbench.clearToasts();
  await closeAll();
}

const step = (name: string, body: () => Promise<void>): void => {
  test(name, () =>
    workbench.check(async () => {
      answers({});
      await body();
      await tidy();
    }),
  );
};

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    menus: { commandPalette: { command: string; when: string }[] };
  };
};

step('every command that needs nothing first is in the palette', async () => {
  await workbench.openFile('pricing-card.md');
  const { commands, menus } = manifest.contributes;
  const notInPalette = new Set(menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command));
  const titles = commands
    .filter(({ command, enablement }) => enablement === undefined && !notInPalette.has(command))
    .map((command) => `Second Thought: ${command.title}`);
  assert.deepEqual(await workbench.notOffered(titles), []);
});

step('compare on a selection sends the selection alone', async () => {
  await workbench.openFile('pricing-card.md');
  await selectLines(8, 3);
  await compare('Compare Models on Selection');
  const sent = calls().map((request) => request.text);
  assert.equal(sent.length, 2);
  for (const body of sent) {
    assert.match(body, /Word for word, in this order/);
    assert.doesNotMatch(body, /Most popular|Pricing card: the Team plan/);
  }
  assert.match(await workbench.webview().locator('header.top').innerText(), /pricing-card\.md, lines 8–10/);
  await look('selection');
});

step('a code task on a selection is applied into it and taken back', async () => {
  answers({ quick: { text: fenced('ts', QUICK_CODE) }, deep: { text: fenced('ts', QUICK_CODE.replace('quick', 'deep')) } });
  const file = join(workbench.profile.workspace, 'format-duration.ts');
  const original = readFileSync(file, 'utf8');
  const lines = original.split('\n');
  const from = lines.findIndex((line) => line.startsWith('export function'));
  await workbench.openFile('format-duration.ts');
  await selectLines(from + 1, lines.length - from - 1);
  await workbench.bothDone(async () => {
    await run('Compare Models on a Code Task');
    await seen(workbench.widget().getByText('What should change in the selected lines'));
    await look('code-task-instruction');
    await workbench.answer('answer with the number alone');
  });
  assert.match(calls().at(-1)?.text ?? '', /answer with the number alone/);
  await look('code-task');
  await workbench.webview().getByRole('button', { name: 'Apply reasoning' }).click();
  const apply = workbench.page.locator('.part.panel, .pane-body').getByRole('button', { name: 'Apply', exact: true });
  await seen(apply);
  await look('code-task-preview');
  await apply.first().click();
  await seen(workbench.toast('Applied'));
  const buffer = async (): Promise<string> => {
    await workbench.openFile('format-duration.ts');
    return (
      await workbench.page.locator('.monaco-editor[data-uri$="format-duration.ts"] .view-lines').first().innerText()
    ).replaceAll('\u00a0', ' ');
  };
  assert.match(await buffer(), /Durations in words[\s\S]*ms \+ ' deep'/);
  await run('Undo Apply');
  await until('the file is as it was', async () => readFileSync(file, 'utf8') === original && !(await buffer()).includes('deep'));
});

step('compare on a picture, from the explorer and from its tab, sends the picture', async () => {
  const picture = readFileSync(join(SAMPLES, 'landing', 'reference.png')).toString('base64');
  const before = calls().length;
  await workbench.openFile('landing/reference.png');
  await compare();
  assert.equal(calls().filter((request) => request.text.includes(picture)).length, 2);
  await look('picture');
  await workbench.command('File: Focus on Files Explorer');
  const row = workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'reference.png' }).first();
  await seen(row);
  await workbench.bothDone(() => workbench.contextMenu(row, 'Compare Models on File'));
  assert.equal(calls().length, before + 4);
});

step('the sample says that it is one, goes on while hidden, and no ledger hears of it', async () => {
  const before = calls().length;
  const next = workbench.nextRuns();
  await run('Run the Sample Comparison');
  await seen(rows());
  await look('sample-picker');
  await workbench.answer('Durations');
  await see(lane('fast'), 'scripted sample, not a model');
  await see(lane('reasoning'), 'scripted sample, not a model');
  await workbench.openFile('README.md');
  await run('Show Spending');
  await see(spendingRows(), 'No paid run yet');
  await look('spending-empty');
  await workbench.command('View: Show Explorer');
  const ended = workbench.toast('has ended');
  await seen(ended);
  await look('ended-while-hidden');
  assert.match(await ended.first().innerText(), /slower, .* dearer \(illustrative prices\)/);
  await ended.first().getByRole('button', { name: 'Show' }).click();
  for (const id of LANES) await see(next(id), 'Done');
  assert.match(await workbench.webview().locator('header.top').innerText(), /illustrative, nothing billed/);
  await look('sample');
  assert.equal(calls().length, before);
});

step('the picker lists what can be used now, takes a written reference, and says how to get more', async () => {
  await run('Choose Fast Model');
  await see(rows(), 'local:deep');
  await see(rows(), 'sample:fast');
  await see(rows(), 'Keep local:quick');
  await look('model-picker');
  const box = workbench.box();
  await box.fill('dead');
  await see(rows(), /Not running: .*dead/);
  await box.fill('nowhere:m');
  await see(rows(), 'No endpoint is called "nowhere"');
  await box.fill('local:mini@high');
  await see(rows(), 'Use local:mini@high');
  await look('model-picker-typed');
  await workbench.page.keyboard.press('Enter');
  await see(workbench.statusBarItem('Fast model'), 'local:mini@high');
  await run('Choose Reasoning Model');
  await see(rows(), 'local:quick');
  await workbench.answer('local:quick');
  await see(workbench.widget(), 'How Hard Should quick Think?');
  await look('effort-picker');
  await workbench.answer('low');
  await see(workbench.statusBarItem('Reasoning model'), 'local:quick@low');
});

step('a pair of models is kept under a name and chosen by it', async () => {
  await run('Save This Pair of Models As');
  await see(workbench.widget(), 'A name for local:mini@high and local:quick@low');
  await workbench.answer('Tiny twins');
  await see(workbench.statusBarItem('Tiny twins'), 'saved');
  await run('Choose a Pair of Models');
  await see(rows(), 'Tiny twins');
  await look('preset-picker');
  await workbench.answer('Scripted sample');
  await see(workbench.statusBarItem('Comparing'), 'sample:fast and sample:reasoning');
  await run('Choose a Pair of Models');
  await workbench.answer('Tiny twins');
  await see(workbench.statusBarItem('Comparing'), 'local:mini@high and local:quick@low');
  await workbench.openFile('pricing-card.md');
  await compare();
  const [fast, reasoning] = calls()
    .slice(-2)
    .map((request) => request.json as Record<string, unknown>)
    .sort((a) => (a.model === 'mini' ? -1 : 1));
  assert.equal(fast?.model, 'mini');
  assert.equal(fast?.reasoning_effort, 'high');
  assert.equal(reasoning?.reasoning_effort, 'low');
  await workbench.changeSettings({ 'secondThought.fastModel': 'local:quick', 'secondThought.reasoningModel': 'local:deep' });
});

step('an API key is typed unseen, tried with a free call, kept only if meant, and removed', async () => {
  const typeKey = async (key: string): Promise<void> => {
    await run('Set API Key');
    await workbench.answer('Locked server');
    const box = workbench.box('password');
    await seen(box);
    await box.fill(key);
    await look(`key-box-${key === GOOD_KEY ? 'good' : 'wrong'}`);
    await workbench.page.keyboard.press('Enter');
  };
  await typeKey(WRONG_KEY);
  const doubt = workbench.dialog('Locked server did not accept this key');
  await seen(doubt);
  await look('key-wrong');
  await doubt.getByRole('button', { name: 'Cancel' }).click();
  await typeKey(GOOD_KEY);
  await seen(workbench.toast('works and is kept'));
  await look('key-good');
  const tried = server.requests.filter((request) => request.path.startsWith('/locked'));
  assert.deepEqual(
    tried.map(({ method, path }) => `${method} ${path.split('?')[0]}`),
    ['GET /locked/v1/models', 'GET /locked/v1/models'],
  );
  assert.equal(tried[1]?.headers.authorization, `Bearer ${GOOD_KEY}`);

  await workbench.clearToasts();
  await run('Copy Diagnostics');
  // Not by its toast: the workbench holds toasts back when several came within a second.
  await until('the diagnostics are copied', async () => (await workbench.clipboard()).startsWith('Second Thought'));
  const copied = await workbench.clipboard();
  await workbench.clearToasts();
  assert.match(copied, /endpoint locked: openai-chat, http:\/\/127\.0\.0\.1:\d+, key set/);
  assert.match(copied, /comparison \S+ fast: local:/);
  for (const secret of [GOOD_KEY, 'pricing-card', 'format-duration', 'Word for word', 'number alone', workbench.profile.home])
    assert.ok(!copied.includes(secret), `${secret} is in:\n${copied}`);

  await run('Remove API Key');
  await see(rows(), 'Locked server');
  await workbench.answer('Locked server');
  await seen(workbench.toast('is removed from this machine'));
  await workbench.clearToasts();
  await run('Remove API Key');
  await seen(workbench.toast('No API key is stored'));
});

step('a lane that fails says why, and its button does what it says', async () => {
  await workbench.changeSettings({ 'secondThought.fastModel': 'dead:m', 'secondThought.reasoningModel': 'locked:m' });
  await workbench.openFile('pricing-card.md');
  await run('Compare Models on File');
  const needsKey = workbench.dialog('Locked server needs an API key');
  await seen(needsKey);
  await look('needs-key');
  await needsKey.getByRole('button', { name: 'Set API Key' }).click();
  const box = workbench.box('password');
  await seen(box);
  await box.fill(WRONG_KEY);
  await workbench.page.keyboard.press('Enter');
  await workbench.dialog('did not accept this key').getByRole('button', { name: 'Keep It Anyway' }).click();
  await see(status('reasoning'), /key/i);
  await see(status('fast'), /dead/);
  await look('failed-lanes');
  assert.doesNotMatch(await lane('reasoning').innerText(), new RegExp(WRONG_KEY));
  await lane('reasoning').getByRole('button', { name: 'Set API key' }).click();
  await seen(box);
  await box.fill(GOOD_KEY);
  await workbench.page.keyboard.press('Enter');
  await see(status('reasoning'), 'Done');
  await lane('fast').getByRole('button', { name: 'Change model' }).first().click();
  await see(rows(), 'local:quick');
  await workbench.answer('local:quick@low');
  await see(status('fast'), 'Done');
  await workbench.changeSettings({ 'secondThought.reasoningModel': 'local:deep', 'secondThought.fastModel': 'local:quick' });
});

step('text that looks like a key is named before it goes', async () => {
  const before = calls().length;
  writeFileSync(join(workbench.profile.workspace, 'with-token.md'), '# Status page\n\nAPI_TOKEN=9f8e7d6c5b4a39281706f5e4\n');
  await workbench.openFile('with-token.md');
  await run('Compare Models on File');
  const warning = workbench.dialog('looks as if it held secrets');
  await seen(warning);
  await look('secrets');
  const words = await warning.innerText();
  assert.match(words, /value of API_TOKEN/);
  assert.doesNotMatch(words, /9f8e7d6c5b4a/);
  await warning.getByRole('button', { name: 'Cancel' }).click();
  await gone(warning);
  assert.equal(calls().length, before);
});

step('a price nobody knows is asked about, and Cancel sends nothing', async () => {
  const before = calls().length;
  await workbench.changeSettings({ 'secondThought.reasoningModel': 'far:m' });
  await workbench.openFile('pricing-card.md');
  await run('Compare Models on File');
  const question = workbench.dialog('No price is known for far:m');
  await seen(question);
  await look('unknown-price');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await gone(question);
  assert.equal(calls().length, before);
});

step('everything that can be done with a comparison, by its command', async () => {
  const { keyboard } = workbench.page;
  await workbench.changeSettings({ 'secondThought.fastModel': 'local:quick', 'secondThought.reasoningModel': 'paid:m' });
  await workbench.openFile('pricing-card.md');
  await workbench.bothDone(async () => {
    await run('Compare Models on File');
    await seen(workbench.dialog('Send pricing-card.md'));
    await look('consent');
    // Enter is the likely answer: Send.
    await keyboard.press('Enter');
  });

  await run('Show Spending');
  await see(spendingRows(), 'paid:m');
  await look('spending');
  await workbench.command('View: Show Explorer');

  const order = async (): Promise<string | null> => workbench.webview().locator('[data-lane]').first().getAttribute('data-lane');
  assert.equal(await order(), 'fast');
  await run('Swap Lanes');
  await until('the lanes are swapped', async () => (await order()) === 'reasoning');
  await look('swapped');
  await run('Swap Lanes');
  await until('they are swapped back', async () => (await order()) === 'fast');

  await run('Copy an Answer');
  await seen(rows());
  await workbench.answer('Fast');
  await until('the answer is copied', async () => (await workbench.clipboard()) === HTML('quick'));

  await run('Open an Answer as Untitled File');
  await workbench.answer('Reasoning');
  await seen(workbench.tab('Untitled'));
  await seen(workbench.editorLine('<title>m</title>'));
  await see(workbench.statusBarItem('HTML'), 'HTML');
  await look('untitled');

  // The panel is hidden now: its page has to come back before it can take the focus.
  await run('Focus an Answer');
  await workbench.answer('Reasoning');
  await until('the answer has the focus', async () => {
    const focused = workbench.webview().locator('#reasoning-answer:focus');
    return (await focused.count()) === 1;
  });
  await look('focused');

  await lane('fast').getByRole('button', { name: 'Show what was sent' }).first().click();
  await seen(workbench.editorLine('Build the design described below'));
  await seen(workbench.editorLine('Pricing card: the Team plan'));
  await look('prompt-shown');

  await run('Diff an Answer with the File');
  await workbench.answer('Fast');
  await seen(workbench.diffLine('<title>quick</title>'));
  await look('diff-with-file');

  const before = calls().length;
  const next = workbench.nextRuns();
  await run('Edit Prompt and Run Again');
  await seen(workbench.page.locator('.codelens-decoration', { hasText: 'pricing-card.md follows these words unchanged' }));
  await keyboard.press('ControlOrMeta+End');
  await keyboard.type(' In green.');
  await look('prompt-editor');
  await workbench.page.locator('.codelens-decoration').getByText('Fast only').click();
  await see(next('fast'), 'Done');
  assert.equal(calls().length, before + 1);
  assert.match(calls().at(-1)?.text ?? '', /In green\./);
  await see(workbench.webview().locator('.verdict'), 'asked in different words, one of them edited');
  await workbench.bothDone(async () => {
    await workbench.page.locator('.editor-actions .action-label[aria-label*="Run Again"]').first().click();
    await seen(rows());
    await look('run-again');
    await workbench.answer('Both');
  });
  assert.equal(calls().length, before + 3);
  assert.equal(
    calls()
      .slice(-2)
      .filter((request) => request.text.includes('In green.')).length,
    1,
  );

  await closeAll();
  await run('Open Last Comparison');
  for (const id of LANES) await see(status(id), 'Done');
  await run('Show Log');
  await seen(workbench.page.locator('.part.panel .monaco-editor'));
  await look('log');
  await workbench.command('View: Hide Panel');
});

step('stop by its keys', async () => {
  const slow = { text: PAGE('slow'.repeat(400)), tokensPerSecond: 20 };
  answers({ quick: slow, m: slow });
  await workbench.openFile('pricing-card.md');
  await workbench.page.keyboard.press('ControlOrMeta+Alt+2');
  await see(status('fast'), 'Answering');
  await see(status('reasoning'), 'Answering');
  await workbench.page.keyboard.press('ControlOrMeta+Alt+0');
  await see(status('fast'), 'Stopped by you');
  await see(status('reasoning'), 'Stopped by you');
  await look('stopped');
});

step('all local data goes, and everything works again', async () => {
  await run('Open Last Comparison');
  await see(status('fast'), 'Stopped by you');
  await run('Delete All Local Data');
  const question = workbench.dialog('Delete all data');
  await seen(question);
  await look('delete-question');
  await question.getByRole('button', { name: 'Delete Everything' }).click();
  await seen(workbench.toast('All local data of Second Thought is deleted'));
  await look('deleted');
  await workbench.clearToasts();
  assert.ok(!existsSync(workbench.stateFolder), 'the folder is gone');
  await gone(workbench.tab('Pricing card'));
  await see(workbench.statusBarItem('left'), '$0, $5.00 left');
  await run('Remove API Key');
  await seen(workbench.toast('No API key is stored'));
  await run('Open Last Comparison');
  await seen(workbench.webview().getByText('Nothing compared yet'));
  await workbench.openFile('pricing-card.md');
  await workbench.bothDone(async () => {
    await run('Compare Models on File');
    await workbench.dialog('Send pricing-card.md').getByRole('button', { name: 'Send', exact: true }).click();
  });
  assert.equal(workbench.journal().list().length, 1);
});
