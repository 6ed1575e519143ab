/**
 * Taking what is good of both answers, in a real workbench, from the packaged extension: hunks by the diff editor's own arrows into one
 * result, the result applied and taken back; answers merged with later edits or refused; what an apply of several files asks first; the
 * workspace's formatter. Models are scripted servers on loopback, so every line is known.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { LANES } from '../../src/shared/comparison.ts';
import { gone, openProduct, type Product, see, seen, until } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';

interface Words {
  readonly heading?: string;
  readonly button?: string;
  readonly note?: string;
}

/** A page whose three lines that change lie far enough apart to be three hunks. */
const banner = ({ heading = 'Ship it', button = 'Start', note = 'Free for a week' }: Words = {}): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '  <body>',
    `    <h1>${heading}</h1>`,
    ...Array.from({ length: 8 }, (_, line) => `    <p>About the plan, ${line}</p>`),
    `    <a href="#trial">${button}</a>`,
    ...Array.from({ length: 8 }, (_, line) => `    <p>About the price, ${line}</p>`),
    `    <small>${note}</small>`,
    '  </body>',
    '</html>',
    '',
  ].join('\n');

const FAST: Words = { heading: 'Ship it fast', button: 'Start fast' };
const REASONING: Words = { heading: 'Ship it with care', note: 'Free for a careful week' };
const ofFile = (name: string, content: string): string => `### ${name}\n\n\`\`\`${name.split('.').at(-1)}\n${content}\`\`\`\n`;

let workbench: Product;
let server: ModelServer;

/** What the two answer from now on. */
const answers = (fast: string, reasoning: string): void =>
  server.script((request) => ({ text: `Here it is.\n\n${request.path.endsWith('/messages') ? reasoning : fast}` }));

before(async () => {
  server = await startModelServer({ text: '' });
  workbench = await openProduct({
    name: 'take',
    settings: {
      'secondThought.endpoints': {
        swift: { api: 'openai-responses', baseUrl: `${server.url}/v1` },
        careful: { api: 'anthropic-messages', baseUrl: server.url },
      },
      'secondThought.fastModel': 'swift:m',
      'secondThought.reasoningModel': 'careful:m',
      'files.refactoring.autoSave': true,
    },
  });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const run = (title: string): Promise<void> => workbench.run(title);
const onDisk = (name: string): string => readFileSync(join(workbench.profile.workspace, name), 'utf8');
const put = (name: string, content: string): void => writeFileSync(join(workbench.profile.workspace, name), content);
const panelButton = (name: string): Locator => workbench.webview().getByRole('button', { name, exact: true });
const dialogButton = (name: string): Locator =>
  workbench.page.locator('.monaco-dialog-box').getByRole('button', { name, exact: true });
const titleButton = (name: string): Locator =>
  workbench.page.locator('.editor-group-container.active .editor-actions').getByRole('button', { name });
/** Lines of the side that can be edited. */
const result = (text: string): Locator => workbench.diffLine(text);
/** Lines of the side that hunks are taken from. */
const left = (text: string): Locator =>
  workbench.page.locator('.monaco-diff-editor .original-in-monaco-diff-editor .view-line', { hasText: text });
const arrows = (): Locator => workbench.page.locator('.monaco-diff-editor .gutter').getByLabel('Revert Block');

/** Presses the diff editor's own arrow of the hunk with that text on the left. Arrows stand in no order but on the page. */
async function takeHunk(text: string): Promise<void> {
  await seen(left(text));
  // An arrow of a difference that is being computed anew does nothing: then it is pressed again, as a person would.
  await until(`${text} in the result`, async () => {
    const line = await left(text).first().boundingBox();
    for (const each of await arrows().all()) {
      const box = await each.boundingBox({ timeout: 1000 }).catch(() => null);
      const middle = box ? box.y + box.height / 2 : Number.NaN;
      if (line && middle > line.y && middle < line.y + line.height) await each.click({ timeout: 1000 }).catch(() => undefined);
    }
    const taken = result(text).first().waitFor({ timeout: 2000 });
    return taken.then(
      () => true,
      () => false,
    );
  });
}

/** Says yes to VS Code's own preview of the edit. */
async function confirmPreview(): Promise<void> {
  const apply = workbench.page.locator('.part.panel, .pane-body').getByRole('button', { name: 'Apply', exact: true });
  await seen(apply);
  await workbench.screenshot('preview-of-edit');
  await apply.first().click();
  await seen(workbench.toast('Applied'));
}

async function openLast(): Promise<void> {
  await run('Open Last Comparison');
  for (const id of LANES) await see(workbench.status(id), 'Done');
}

async function compareCode(file: string): Promise<void> {
  await workbench.openFile(file);
  await workbench.bothDone(async () => {
    await run('Compare Models on a Code Task');
    await seen(workbench.box());
    await workbench.answer('better words');
  });
}

async function tidy(): Promise<void> {
  await workbench.clearToasts();
  await workbench.command('File: Save All Files');
  await workbench.closeEditors();
}

const step = (name: string, body: () => Promise<void>): void => {
  test(name, () =>
    workbench.check(async () => {
      await body();
      await tidy();
    }),
  );
};

step('a hunk of each answer is taken by the arrows, applied as one, and taken back', async () => {
  put('banner.html', banner());
  answers(ofFile('banner.html', banner(FAST)), ofFile('banner.html', banner(REASONING)));
  await compareCode('banner.html');
  await panelButton('Take hunks').click();
  await seen(left('Ship it fast'));
  await seen(result('Ship it'));
  await until('two hunks', async () => (await arrows().count()) === 2);
  await workbench.screenshot('result-beside-fast');
  await takeHunk('Start fast');
  assert.equal(onDisk('banner.html'), banner(), 'the workspace is not touched');

  await seen(titleButton('Switch'));
  await titleButton('Switch').click();
  await see(workbench.rows(), 'Workspace');
  await workbench.screenshot('switch-side');
  await workbench.answer('Reasoning');
  await seen(left('Free for a careful week'));
  await seen(result('Start fast'));
  await until('three hunks', async () => (await arrows().count()) === 3);
  await takeHunk('Free for a careful week');
  await workbench.screenshot('result-of-both');

  await titleButton('Apply Result').click();
  await confirmPreview();
  await workbench.screenshot('result-applied');
  await workbench.command('File: Save All Files');
  const both = banner({ button: 'Start fast', note: 'Free for a careful week' });
  await until('the file holds both', () => onDisk('banner.html') === both);
  await run('Undo Apply');
  await seen(workbench.toast('Undone: banner.html is as before.'));
  await workbench.screenshot('result-undone');
  await until('the file is as it was', () => onDisk('banner.html') === banner());
});

step('a window reloaded in the middle of a result loses nothing, and the result goes on', async () => {
  await openLast();
  await panelButton('Take hunks').click();
  await see(workbench.rows(), 'Start Again');
  await workbench.screenshot('continue-or-again');
  await workbench.answer('Start Again');
  await seen(left('Ship it fast'));
  await gone(result('Free for a careful week'));
  await until('two hunks', async () => (await arrows().count()) === 2);
  await takeHunk('Ship it fast');
  // A served workbench backs unsaved text up a second after it changed, and asks a person who reloads before.
  await workbench.page.waitForTimeout(2000);
  await workbench.reload();
  await workbench.tab('Result').first().click();
  await seen(result('Ship it fast'));
  await workbench.screenshot('result-after-reload');
  assert.equal((await left('Ship it fast').count()) > 0, true, 'the answer is still beside it');
  await titleButton('Apply Result').click();
  await confirmPreview();
  await run('Undo Apply');
  await until('the file is as it was', () => onDisk('banner.html') === banner());
});

step('a result is drawn beside both answers, as it changes, until it is closed', async () => {
  await openLast();
  await panelButton('Take hunks').click();
  await see(workbench.rows(), 'Start Again');
  await workbench.answer('Start Again');
  await until('two hunks', async () => (await arrows().count()) === 2);
  await takeHunk('Ship it fast');
  await titleButton('Preview Result').click();
  const pane = (): Locator => workbench.webview().locator('.pane.result');
  const drawn = (text: string): Locator =>
    pane().locator('iframe:visible').first().contentFrame().getByText(text, { exact: true });
  await seen(drawn('Ship it fast'));
  await seen(drawn('Start'));
  await workbench.screenshot('result-preview');
  await workbench.tab('Result').first().click();
  await takeHunk('Start fast');
  await workbench.tab('better words').first().click();
  await seen(drawn('Start fast'));
  await workbench.screenshot('result-preview-later');
  await workbench.tab('Result').first().click();
  await seen(left('Start fast'));
  await workbench.command('File: Save');
  await workbench.command('View: Close Editor');
  await workbench.tab('better words').first().click();
  await seen(workbench.webview().locator('.pane.fast'));
  await gone(pane());
  await workbench.webview().getByRole('radio', { name: 'Code' }).click();
});

step('an answer is merged with later edits of other lines, after a yes', async () => {
  answers(ofFile('banner.html', banner(FAST)), ofFile('banner.html', banner(REASONING)));
  await compareCode('banner.html');
  put('banner.html', banner({ note: 'Free for a month' }));
  await panelButton('Apply fast').click();
  const merge = workbench.dialog('changed since the run began');
  await seen(merge);
  await workbench.screenshot('merge');
  assert.match(await merge.innerText(), /keeps 1 line you changed since/);
  await dialogButton('Merge').click();
  await confirmPreview();
  await workbench.command('File: Save All Files');
  await until('both', () => onDisk('banner.html') === banner({ ...FAST, note: 'Free for a month' }));
  await run('Undo Apply');
  await until('later edits alone', () => onDisk('banner.html') === banner({ note: 'Free for a month' }));
});

step('an answer that changes the same lines is refused, and its hunks are offered', async () => {
  put('banner.html', banner());
  answers(ofFile('banner.html', banner(FAST)), ofFile('banner.html', banner(REASONING)));
  await compareCode('banner.html');
  const later = banner({ heading: 'Ship it tomorrow' });
  put('banner.html', later);
  await panelButton('Apply fast').click();
  const refusal = workbench.toast('in lines that the answer changes too');
  await seen(refusal);
  await workbench.screenshot('conflict');
  assert.equal(onDisk('banner.html'), later);
  await refusal.first().getByRole('button', { name: 'Take Hunks' }).click();
  await seen(left('Ship it fast'));
  await seen(result('Ship it tomorrow'));
  await workbench.screenshot('conflict-hunks');
});

const SHOP: Readonly<Record<string, string>> = {
  'shop/index.html': '<!doctype html>\n<html lang="en">\n  <title>Shop</title>\n</html>\n',
  'shop/shop.css': 'body {\n  margin: 0;\n}\n',
  'README.md': '# Shop\n',
  'package.json': '{\n  "scripts": { "postinstall": "node steal.js" }\n}\n',
  '.vscode/tasks.json': '{\n  "version": "2.0.0",\n  "tasks": []\n}\n',
};

step('several files are listed first, and those that can make code run need their own yes', async () => {
  const readme = onDisk('README.md');
  const all = Object.entries(SHOP)
    .map(([name, content]) => ofFile(name, content))
    .join('\n');
  answers(all, all);
  await workbench.openFile('pricing-card.md');
  await workbench.bothDone(() => run('Compare Models on File'));
  const made = (): string[] => Object.keys(SHOP).filter((name) => existsSync(join(workbench.profile.workspace, name)));

  await panelButton('Apply fast').click();
  const list = workbench.dialog('5 files');
  await seen(list);
  await workbench.screenshot('list');
  assert.match(await list.innerText(), /New: [\s\S]*shop\/index\.html[\s\S]*Conflicting: [^\n]*README\.md/);
  await dialogButton('Continue').click();
  const risky = workbench.dialog('can make code run');
  await see(risky, /package\.json: [\s\S]*\.vscode\/tasks\.json: /);
  await workbench.screenshot('can-run-code');
  await workbench.page.keyboard.press('Escape');
  await gone(risky);
  assert.deepEqual(made(), ['README.md']);
  assert.equal(onDisk('README.md'), readme);

  await panelButton('Apply fast').click();
  await seen(list);
  await dialogButton('Continue').click();
  await seen(risky);
  await dialogButton('Write Them').click();
  await confirmPreview();
  await workbench.screenshot('several-applied');
  await until('all is written', () =>
    Object.entries(SHOP).every(
      ([name, content]) => existsSync(join(workbench.profile.workspace, name)) && onDisk(name) === content,
    ),
  );
  await run('Undo Apply');
  await until('all is gone', () => made().length === 1 && onDisk('README.md') === readme);
  await until('its folder too', () => !existsSync(join(workbench.profile.workspace, 'shop')));
});

step('the formatter runs on request over what was applied, which can still be taken back', async () => {
  put('loose.html', banner());
  const loose = '<!doctype html>\n<html>\n<body>\n<main>\n<h1>Loose</h1>\n</main>\n</body>\n</html>\n';
  answers(ofFile('loose.html', loose), ofFile('loose.html', loose));
  await compareCode('loose.html');
  await panelButton('Apply fast').click();
  await confirmPreview();
  await run('Format Applied Files');
  await seen(workbench.toast('Formatted loose.html'));
  await workbench.screenshot('formatted');
  await workbench.command('File: Save All Files');
  await until('it is indented', () => /\n +<h1>Loose/.test(onDisk('loose.html')));
  await run('Undo Apply');
  await workbench.command('File: Save All Files');
  await until('the file is as it was', () => onDisk('loose.html') === banner());
});
