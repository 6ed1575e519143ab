/** The card that says what is sent, and what is dropped on the page or pasted into it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { PanelContext } from '../../src/shared/protocol.ts';
import type { Task } from '../../src/shared/task.ts';
import { type Harness, type OpenOptions, type Panel, startHarness } from './harness.ts';
import { CONTEXT, SCENES, Script, snapshot } from './states.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

const PNG = readFileSync(path.join(import.meta.dirname, '../fixtures/designs/card.png')).toString('base64');

const TASK: Task = {
  kind: 'design',
  title: 'hero.png',
  instruction: 'Keep the header sticky.',
  target: 'react-tailwind',
  parts: [
    { type: 'image', mediaType: 'image/png', base64: PNG },
    { type: 'text', text: 'Frame "Plans" 1440 x 900' },
    { type: 'text', text: 'color.brand: #3b82f6 (color)\n' },
    { type: 'text', text: 'Use our words.' },
  ],
  materials: [
    {
      kind: 'picture',
      role: 'design',
      name: 'hero.png',
      uri: 'file:///srv/hero.png',
      frame: { width: 400, height: 300 },
      leftOut: [],
    },
    {
      kind: 'figma',
      role: 'design',
      name: 'Plans <b>bold</b> & a name that goes on and on, as layers in Figma are called when nobody looks',
      frame: { width: 1440, height: 900 },
      originalBytes: 2_400_000,
      leftOut: ['214 hidden nodes', '31 vector shapes', '1,204 default values'],
    },
    {
      kind: 'tokens',
      role: 'context',
      name: 'tokens.json',
      uri: 'file:///srv/tokens.json',
      language: 'json',
      originalBytes: 9000,
      leftOut: ['JSON rewritten as a list', '12 aliases resolved'],
    },
    { kind: 'text', role: 'instructions', name: 'rules.md', uri: 'file:///srv/rules.md', leftOut: [] },
  ],
};
const TOKENS = { partTokens: { 1: 12, 2: 15, 3: 4 } };

const picture = (scaled: number, tokens: number) => ({
  parameters: {},
  adjustments: [],
  pictures: [
    {
      mediaType: 'image/png' as const,
      bytes: 5000,
      size: { width: 2000, height: 1500 },
      scaledTo: { width: scaled, height: (scaled * 3) / 4 },
      tokens,
    },
  ],
});

function card(task: Task = TASK, context: Partial<PanelContext> = TOKENS) {
  const { state } = new Script(task)
    .start('fast', 'anthropic:claude-haiku-5-5', { sending: picture(1568, 1568) })
    .start('reasoning', 'openai:gpt-6-sol', { sending: picture(2000, 2961) });
  return snapshot({ state, context: { ...CONTEXT, ...context }, nowMs: 100 });
}

async function withPanel(run: (panel: Panel) => Promise<void>, options?: OpenOptions): Promise<void> {
  const panel = await harness.open({ reducedMotion: true, ...options });
  try {
    await run(panel);
    assert.deepEqual(panel.faults, []);
  } finally {
    await panel.page.context().close();
  }
}
const button = (panel: Panel) => panel.page.getByRole('button', { name: /What is sent/ });
const rows = (panel: Panel) =>
  panel.page.locator('.material').evaluateAll((all) => all.map((each) => (each as HTMLElement).innerText.split(/\n+/)));

test('folded it is one line; open it says each file, its use, size, tokens and what was left out', () =>
  withPanel(async (panel) => {
    await panel.send(card());
    assert.equal(await button(panel).getAttribute('aria-expanded'), 'false');
    assert.match(
      await button(panel).innerText(),
      /What is sent\s+hero\.png, Plans .*, tokens\.json, 1 more; ~31 tokens of text; what models do not need/s,
    );
    assert.deepEqual(await rows(panel), []);
    await button(panel).click();
    await button(panel).and(panel.page.locator('[aria-expanded=true]')).waitFor();
    assert.deepEqual(await rows(panel), [
      [
        'hero.png',
        `design · picture · 400 × 300 px · ${Math.ceil((PNG.length * 3) / 4 / 1024)} KB`,
        'Fast: seen at 1568 × 1176 px, ~1,568 tokens',
        'Reasoning: seen in full size, ~2,961 tokens',
        'Sent as it is.',
      ],
      [
        'Plans <b>bold</b> & a name that goes on and on, as layers in Figma are called when nobody looks',
        'design · Figma frame · 1440 × 900 px · 24 characters, made from 2,344 KB · ~12 tokens',
        'Left out or rewritten: 214 hidden nodes, 31 vector shapes, 1,204 default values.',
      ],
      [
        'tokens.json',
        'context · design tokens · 29 characters, made from 9 KB · ~15 tokens',
        'Left out or rewritten: JSON rewritten as a list, 12 aliases resolved.',
      ],
      ['rules.md', 'your instructions · text · 14 characters · ~4 tokens', 'Sent as it is.'],
    ]);
    assert.match(
      await panel.page.locator('.task-words').innerText(),
      /React and Tailwind CSS\. Asked for: .?Keep the header sticky\./,
    );
    assert.equal(
      await panel.page.locator('.material-picture').evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
      true,
    );
  }));

test('a name opens its own document; what has none is no link; nothing is in a replay or a file from elsewhere', () =>
  withPanel(async (panel) => {
    await panel.send(card());
    await button(panel).click();
    await panel.posted();
    await panel.page.getByRole('button', { name: 'tokens.json', exact: true }).click();
    assert.deepEqual(await panel.posted(), [{ type: 'open-source', part: 2 }]);
    assert.equal(await panel.page.locator('.material button').count(), 3);
    await panel.send(card(TASK, { ...TOKENS, replay: { speed: 1, hasEnded: false } }));
    assert.equal(await panel.page.locator('.material button').count(), 0);
    const imported = card();
    assert.ok(imported.type === 'snapshot');
    await panel.send({ ...imported, state: { ...imported.state, importedFrom: 'other.json' } });
    assert.equal(await panel.page.locator('.material button').count(), 0);
  }));

test('the command opens it and puts the focus there; the keyboard folds it; a reload keeps it', () =>
  withPanel(async (panel) => {
    await panel.send(card());
    await panel.send({ type: 'focus', on: 'task' });
    assert.equal(await panel.page.evaluate(() => document.activeElement?.id), 'task-button');
    assert.equal((await rows(panel)).length, 4);
    await panel.page.reload();
    await panel.send(card());
    assert.equal((await rows(panel)).length, 4);
    await button(panel).focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.locator('.material').first().waitFor({ state: 'detached' });
    assert.equal((await rows(panel)).length, 0);
  }));

test('one file is named by the header, and its size is told instead', () =>
  withPanel(async (panel) => {
    const { materials: _materials, ...old } = TASK;
    const source = { uri: 'file:///srv/a.md', name: 'a.md' };
    await panel.send(card({ ...old, parts: old.parts.slice(1, 2), source }, { partTokens: [12] }));
    assert.match(await button(panel).innerText(), /^What is sent\s+~12 tokens of text; sent as it is$/);
  }));

test('a log from before materials says what it knows', () =>
  withPanel(async (panel) => {
    const { materials: _materials, target: _target, ...old } = TASK;
    await panel.send(card({ ...old, parts: old.parts.slice(1, 2), source: { uri: 'file:///srv/a.md', name: 'a.md' } }, {}));
    await button(panel).click();
    assert.deepEqual(await rows(panel), [['a.md', 'design · text · 24 characters', 'Sent as it is.']]);
    assert.match(await panel.page.locator('.task-words').innerText(), /HTML and CSS/);
    await panel.posted();
    await panel.page.getByRole('button', { name: 'a.md', exact: true }).first().click();
    assert.deepEqual(await panel.posted(), [{ type: 'open-source' }]);
  }));

for (const [theme, width] of [
  ['dark', 1280],
  ['dark', 800],
  ['light', 1280],
  ['hc', 1280],
] as const) {
  test(`nothing is cut or runs over in ${theme} at ${width} px`, () =>
    withPanel(
      async (panel) => {
        await panel.send(card());
        await button(panel).click();
        const over = await panel.page
          .locator('.task-card, .task-card *')
          .evaluateAll((all) =>
            all
              .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
              .map((each) => each.className),
          );
        assert.deepEqual(over, []);
      },
      { theme, width },
    ));
}

/** Dispatches what a browser would, with that content. */
const give = (
  panel: Panel,
  type: 'drop' | 'paste',
  data: { files?: readonly (readonly [string, string, string])[]; texts?: Readonly<Record<string, string>> },
) =>
  panel.page.evaluate(
    async ([kind, { files = [], texts = {} }]) => {
      const transfer = new DataTransfer();
      for (const [name, mediaType, content] of files) transfer.items.add(new File([content], name, { type: mediaType }));
      for (const [format, text] of Object.entries(texts)) transfer.setData(format, text);
      const init = { bubbles: true, cancelable: true };
      const event =
        kind === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...init, clipboardData: transfer });
      document.body.dispatchEvent(event);
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
    [type, data] as const,
  );
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const empty = () => {
  const scene = SCENES.empty?.();
  assert.ok(scene);
  return snapshot(scene);
};

test('an empty panel says how to hand it something', () =>
  withPanel(async (panel) => {
    await panel.send(empty());
    assert.match(await panel.page.locator('.empty').innerText(), /paste a picture or text here, or drop files.*Hold Shift/s);
  }));

test('files and addresses that are dropped reach the host as they are', () =>
  withPanel(async (panel) => {
    await panel.send(empty());
    await panel.posted();
    await give(panel, 'drop', { files: [['a.md', 'text/markdown', '# Größe']] });
    assert.deepEqual(await panel.posted(), [
      { type: 'add-material', items: [{ name: 'a.md', mediaType: 'text/markdown', base64: base64('# Größe') }], uris: [] },
    ]);
    await give(panel, 'drop', {
      texts: {
        'text/uri-list': 'file:///a.png',
        'application/vnd.code.uri-list': '# two\r\nfile:///a.png\r\nfile:///b%20c.json\r\n',
      },
    });
    assert.deepEqual(await panel.posted(), [{ type: 'add-material', items: [], uris: ['file:///a.png', 'file:///b%20c.json'] }]);
    await give(panel, 'drop', { texts: { 'text/plain': 'words' } });
    assert.deepEqual(await panel.posted(), []);
  }));

test('a pasted picture is taken anywhere, pasted text only where nothing is shown, nothing in a replay', () =>
  withPanel(async (panel) => {
    await panel.send(empty());
    await panel.posted();
    await give(panel, 'paste', { texts: { 'text/plain': '# A' } });
    assert.deepEqual(await panel.posted(), [
      { type: 'add-material', items: [{ name: 'clipboard', mediaType: 'text/plain', base64: base64('# A') }], uris: [] },
    ]);
    await panel.send(card());
    await panel.posted();
    await give(panel, 'paste', { texts: { 'text/plain': '# A' } });
    assert.deepEqual(await panel.posted(), []);
    await give(panel, 'paste', { files: [['image.png', 'image/png', 'x']] });
    assert.deepEqual(await panel.posted(), [
      { type: 'add-material', items: [{ name: 'pasted-picture.png', mediaType: 'image/png', base64: base64('x') }], uris: [] },
    ]);
    await panel.send(card(TASK, { replay: { speed: 1, hasEnded: false } }));
    await panel.posted();
    await give(panel, 'paste', { files: [['image.png', 'image/png', 'x']] });
    await give(panel, 'drop', { files: [['a.md', 'text/markdown', 'x']] });
    assert.deepEqual(await panel.posted(), []);
  }));
