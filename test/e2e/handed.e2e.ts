/**
 * What a person hands over other than by opening a file: the clipboard, a drop into the panel, a paste, several files at once. In a real
 * workbench from the packaged extension, with scripted models on loopback.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FrameLocator, Locator } from 'playwright-core';
import { LANES } from '../../src/shared/comparison.ts';
import { DESIGNS, openProduct, type Product, see, seen, until } from '../lab/product.ts';
import { type ModelServer, startModelServer } from '../servers/models.ts';

let workbench: Product;
let server: ModelServer;
before(async () => {
  server = await startModelServer(() => ({ text: '### index.html\n\n```html\n<!doctype html><h1>Harbour plan</h1>\n```\n' }));
  workbench = await openProduct({
    name: 'handed',
    workspace: DESIGNS,
    settings: {
      // Else the explorer selects the file that opens, alone, whenever that is.
      'explorer.autoReveal': false,
      'secondThought.endpoints': { local: { label: 'Local server', api: 'openai-chat', baseUrl: `${server.url}/v1` } },
      'secondThought.fastModel': 'local:quick',
      'secondThought.reasoningModel': 'local:deep',
    },
  });
  await workbench.page.setViewportSize({ width: 1280, height: 860 });
});
after(async () => {
  await workbench?.close();
  await server?.close();
});

const panel = (): FrameLocator => workbench.webview();
const run = (title: string): Promise<void> => workbench.run(title);

/** Does what starts a comparison: both lanes are sent the same text, and the card names what it was made of. */
async function sends(start: () => Promise<unknown>, words: RegExp, card: RegExp): Promise<void> {
  const before = server.calls().length;
  await workbench.bothDone(start);
  const requests = server.calls().slice(before);
  assert.equal(requests.length, 2);
  for (const { text } of requests) assert.match(text, words);
  await run('Show What Is Sent');
  await see(panel().locator('.task-card'), card);
}

/** Both answers are drawn, and the design beside them where it can be. */
async function drawn(design: boolean): Promise<void> {
  await run('Show Preview');
  for (const side of LANES) await see(workbench.drawn(side).locator('h1'), 'Harbour plan');
  const pane = workbench.pane('design');
  if (design) await see(pane.locator('.section-note'), /400\s×\s300 px/);
  else assert.equal(await pane.count(), 0);
}

/** Of the browser, for the function below, which runs in it. */
declare const DataTransfer: new () => {
  readonly items: { add(file: File): void };
  setData(format: string, text: string): void;
};
declare const DragEvent: new (
  type: string,
  init: { readonly bubbles: true; readonly cancelable: true; readonly dataTransfer: object },
) => Event;

/** What a browser does when files or addresses are let go over the page. */
const drop = (files: readonly string[], uris: readonly string[]): Promise<void> =>
  panel()
    .locator('body')
    .evaluate(
      (body, [given, list]) => {
        const dataTransfer = new DataTransfer();
        for (const { name, base64 } of given) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          dataTransfer.items.add(new File([bytes], name));
        }
        if (list !== '') dataTransfer.setData('application/vnd.code.uri-list', list);
        body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
      },
      [files.map((name) => ({ name, base64: readFileSync(join(DESIGNS, name)).toString('base64') })), uris.join('\r\n')] as const,
    );

test('the clipboard: text that was copied in an editor', () =>
  workbench.check(async () => {
    await workbench.openFile('tokens.dtcg.json');
    await workbench.editorLine('violet').first().click();
    await workbench.page.keyboard.press('Control+A');
    await workbench.page.keyboard.press('Control+C');
    await until('it is in the clipboard', async () => (await workbench.clipboard()).includes('violet'));
    await sends(() => run('Compare Models on Clipboard'), /color\.action[^\n]*#4f46e5/i, /clipboard[\s\S]*design tokens/);
    await workbench.screenshot('clipboard');
    await drawn(false);
    await run('Show Code');
  }));

test('files that are dropped are one new comparison, and so are addresses', () =>
  workbench.check(async () => {
    await sends(
      () => drop(['card.png', 'tokens.dtcg.json'], []),
      /color\.action[^\n]*#4f46e5/i,
      /card\.png[\s\S]*design · picture[\s\S]*tokens\.dtcg\.json[\s\S]*context/,
    );
    await seen(workbench.tab('card.png'));
    await workbench.screenshot('dropped-files');
    await drawn(true);
    await workbench.screenshot('dropped-files-drawn');
    await run('Show Code');

    const address = (name: string): string => `file://${join(workbench.profile.workspace, name)}`;
    await sends(
      () => drop([], [address('card.svg'), address('PlanCard.vue')]),
      /Choose plan[\s\S]*script setup/,
      /card\.svg[\s\S]*PlanCard\.vue[\s\S]*context · component/,
    );
    await seen(workbench.tab('card.svg'));
    await workbench.screenshot('dropped-addresses');
  }));

/** A file in the explorer; the panel stands beside it. */
const inExplorer = (name: string): Locator =>
  workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();

const ROLES = 'Which of These Show the Design?';

test('several files of the explorer: one is the design, the other what it is built with', () =>
  workbench.check(async () => {
    await workbench.closeEditors();
    await workbench.command('Explorer: Focus on Files Explorer');
    await inExplorer('card.jpg').click();
    await seen(workbench.tab('card.jpg'));
    await inExplorer('tokens.dtcg.json').click({ modifiers: ['Control'] });
    const selected = workbench.page.locator('.explorer-folders-view .monaco-list-row.selected');
    await until('both are selected', async () => (await selected.count()) === 2);
    await workbench.contextMenu(inExplorer('tokens.dtcg.json'), 'Compare Models on Several Files');
    await see(workbench.widget(), ROLES);
    await workbench.screenshot('several-roles');
    await sends(
      () => workbench.press('Enter'),
      /color\.action[^\n]*#4f46e5/i,
      /card\.jpg[\s\S]*design · picture[\s\S]*tokens\.dtcg\.json[\s\S]*context/,
    );
    await drawn(true);
    await run('Show Code');
  }));

test('one file of the explorer, and others from the file dialog', () =>
  workbench.check(async () => {
    await workbench.closeEditors();
    await workbench.command('Explorer: Focus on Files Explorer');
    await inExplorer('card.svg').click();
    await workbench.contextMenu(inExplorer('card.svg'), 'Compare Models on Several Files');
    await workbench.chooseFile('PlanCard.vue');
    await see(workbench.widget(), ROLES);
    await sends(
      () => workbench.press('Enter'),
      /Choose plan[\s\S]*script setup/,
      /card\.svg[\s\S]*PlanCard\.vue[\s\S]*context · component/,
    );
    await drawn(true);
    await run('Show Code');
  }));

test('what cannot be used is one sentence, and nothing is sent', () =>
  workbench.check(async () => {
    const before = server.calls().length;
    await drop([], [`file://${workbench.profile.workspace}`]);
    await seen(workbench.toast('is a folder'));
    await drop([], ['https://example.org/a.png']);
    await seen(workbench.toast('Nothing is fetched from https addresses'));
    assert.equal(server.calls().length, before);
  }));
