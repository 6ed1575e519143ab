/**
 * From a Figma link to two answers, as a person does it, in a real workbench, from the packaged extension: link, token, frame, run; and
 * what is said when Figma says no. Figma and the models are servers on loopback, so what was asked and sent can be read.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { LANES } from '../../src/shared/comparison.ts';
import { card, file } from '../core/inputs/figmaKit.ts';
import { gone, openProduct, type Product, see, seen } from '../lab/product.ts';
import { type FigmaServer, type FigmaTrouble, startFigmaServer } from '../servers/figma.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';

const TOKEN = 'figd_canary-7Qm2x9Vt4Rb8Zc1Wd6Kj3';
const KEY = 'AbC123dEf456GhI789';
const LINK = `https://www.figma.com/design/${KEY}/Shop`;
const COMMAND = 'Compare Models on Figma Link…';
const PAGE = 'Here it is.\n\n### card.html\n\n```html\n<!doctype html>\n<title>card</title>\n<p>Team plan</p>\n```\n';

let workbench: Product;
let models: ModelServer;
let figma: FigmaServer;

before(async () => {
  models = await startModelServer({ text: PAGE, usage: { inputTokens: 40, outputTokens: 60 } });
  figma = await startFigmaServer({ token: TOKEN, files: { [KEY]: file() } });
  workbench = await openProduct({
    name: 'figma',
    settings: {
      'secondThought.endpoints': { local: { api: 'openai-chat', baseUrl: `${models.url}/v1` } },
      'secondThought.fastModel': 'local:quick',
      'secondThought.reasoningModel': 'local:deep',
      'secondThought.figma.apiUrl': figma.url,
    },
  });
});
after(async () => {
  await workbench?.close();
  await Promise.all([models?.close(), figma?.close()]);
});

const run = (title: string): Promise<void> => workbench.run(title);
const pane: Product['pane'] = (side) => workbench.pane(side);
const rows = (): Locator => workbench.rows();
const box: Product['box'] = (kind) => workbench.box(kind);
const enter = (): Promise<void> => workbench.press('Enter');
/** In the page, which is a browser's and so has a clipboard. */
const copy = (text: string): Promise<unknown> =>
  workbench.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);

async function tidy(): Promise<void> {
  figma.trouble('none');
  await workbench.clearToasts();
  await workbench.closeEditors();
  // Of more than three notifications within 800 ms VS Code shows no toast.
  await workbench.page.waitForTimeout(900);
}

/** Runs the command with that link. */
async function compareLink(link: string): Promise<void> {
  await run(COMMAND);
  await seen(box('text'));
  await box('text').fill(link);
  await enter();
}

test('a link without a frame: the token, then the frames, then the picture and the description are sent', () =>
  workbench.check(async () => {
    await copy(LINK);
    await run(COMMAND);
    await seen(box('text'));
    assert.equal(await box('text').inputValue(), LINK);
    await workbench.screenshot('link');
    await enter();
    await seen(box('password'));
    await workbench.screenshot('token');
    await box('password').fill(TOKEN);
    await enter();
    await see(rows(), /Pricing card.*360×480/);
    await see(rows(), /Login.*390×844/);
    await workbench.screenshot('frames');
    await workbench.bothDone(() => workbench.answer('Pricing'));
    await seen(workbench.tab('Pricing card'));
    await workbench.screenshot('done');
    await workbench.webview().getByText('What is sent').first().click();
    await see(workbench.webview().locator('body'), /2 hidden layers/);
    await see(workbench.webview().locator('body'), /2 vector paths \(as 1 icon\)/);
    await workbench.screenshot('sent');
    await workbench.webview().getByText('What is sent').first().click();

    await run('Show Preview');
    for (const lane of LANES) await see(workbench.drawn(lane), 'Team plan');
    await see(pane('design').locator('.section-note'), /720\s×\s960 px at/);
    // Pages are as wide as the design, so that one can be held against the other.
    await see(pane('fast').locator('.section-note'), /^360\s×/);
    await seen(pane('design').getByRole('img', { name: 'The design' }));
    await workbench.screenshot('drawn');
    await run('Show Code');

    const [first, second] = models.calls().map((request) => request.text);
    for (const sent of [first, second]) {
      assert.match(sent ?? '', /Team plan/);
      assert.match(sent ?? '', /24,24 200×32/);
      assert.match(sent ?? '', /data:image\/png;base64,iVBOR/);
      assert.doesNotMatch(sent ?? '', /canary|SALE/);
    }
    assert.deepEqual(
      figma.requests.map(({ path }) => decodeURIComponent(path)),
      [`/v1/files/${KEY}?depth=2`, `/v1/files/${KEY}/nodes?ids=1:2`, `/v1/images/${KEY}?ids=1:2&format=png&scale=2`],
    );
    assert.equal(figma.pictureRequests[0]?.headers['x-figma-token'], undefined);
    await tidy();
  }));

test('a link to a frame: nothing more is asked', () =>
  workbench.check(async () => {
    const before = models.calls().length;
    await workbench.bothDone(() => compareLink(`${LINK}?node-id=1-2&t=abc`));
    assert.equal(models.calls().length, before + 2);
    await tidy();
  }));

test('what is no link is not taken', () =>
  workbench.check(async () => {
    await run(COMMAND);
    await seen(box('text'));
    await box('text').fill(`https://figma.com.evil.test/design/${KEY}`);
    await see(workbench.page.locator('.quick-input-widget:visible'), 'This is no link to a Figma file.');
    await workbench.page.keyboard.press('Escape');
    await gone(box('text'));
  }));

const REFUSALS: readonly (readonly [FigmaTrouble, string, string])[] = [
  ['forbidden', 'This token may not see the file (403).', 'Set Another Token'],
  ['expired', 'Figma did not accept the token', 'Set Another Token'],
  ['missing', 'Figma knows no such file (404).', 'Enter Another Link'],
  ['limited', "Figma's request limit for this token is reached (429). Try again in 5 days.", 'Try Again'],
  ['server-error', 'Figma has trouble of its own (500).', 'Try Again'],
  ['redirect', 'points elsewhere, and was not followed', 'Try Again'],
];
for (const [trouble, sentence, wayOut] of REFUSALS) {
  test(`${trouble}: one sentence, and a way out`, () =>
    workbench.check(async () => {
      const before = models.calls().length;
      figma.trouble(trouble);
      await compareLink(`${LINK}?node-id=1-2`);
      await seen(workbench.toast(sentence));
      await seen(workbench.toast(sentence).getByRole('button', { name: wayOut }));
      await workbench.screenshot(trouble);
      assert.equal(models.calls().length, before);
      await tidy();
    }));
}

test('another token is asked for, kept, and used at once', () =>
  workbench.check(async () => {
    figma.trouble('expired');
    await compareLink(`${LINK}?node-id=1-2`);
    const toast = workbench.toast('Figma did not accept the token');
    await seen(toast);
    figma.trouble('none');
    await toast.getByRole('button', { name: 'Set Another Token' }).click();
    await seen(box('password'));
    await box('password').fill(TOKEN);
    await workbench.bothDone(enter);
    await tidy();
  }));

test('without a picture it goes on with the description, if that is agreed', () =>
  workbench.check(async () => {
    const before = models.calls().length;
    figma.trouble('no-picture');
    await compareLink(`${LINK}?node-id=1-2`);
    const toast = workbench.toast('Figma could not render this layer');
    await seen(toast);
    await workbench.bothDone(() => toast.getByRole('button', { name: 'Compare Without Picture' }).click());
    const [sent] = models.calls().slice(before);
    assert.match(sent?.text ?? '', /Start trial/);
    assert.doesNotMatch(sent?.text ?? '', /image_url/);
    await tidy();
  }));

test('when the picture alone is refused, going without asks Figma nothing more', () =>
  workbench.check(async () => {
    figma.trouble('picture-gone');
    await compareLink(`${LINK}?node-id=1-2`);
    const toast = workbench.toast('The picture could not be fetched (403).');
    await seen(toast);
    const before = figma.requests.length;
    await workbench.bothDone(() => toast.getByRole('button', { name: 'Compare Without Picture' }).click());
    assert.equal(figma.requests.length, before);
    await tidy();
  }));

test('a request that hangs can be cancelled', () =>
  workbench.check(async () => {
    const before = models.calls().length;
    figma.trouble('slow');
    await compareLink(`${LINK}?node-id=1-2`);
    const toast = workbench.toast('Fetching the layer from Figma');
    await seen(toast);
    await toast.getByRole('button', { name: 'Cancel' }).click();
    await gone(toast);
    assert.equal(models.calls().length, before);
    await tidy();
  }));

test('the token is removed once, and then there is none', () =>
  workbench.check(async () => {
    await run('Remove Figma Token');
    await seen(workbench.toast('The Figma token is removed from this machine.'));
    await tidy();
    await run('Remove Figma Token');
    await seen(workbench.toast('No Figma token is stored.'));
    await tidy();
    await compareLink(`${LINK}?node-id=${encodeURIComponent(String(card().id))}`);
    await seen(box('password'));
    await workbench.page.keyboard.press('Escape');
  }));

test('the token is in no line that was logged', () => {
  assert.doesNotMatch(workbench.console.join('\n'), /canary/);
});
