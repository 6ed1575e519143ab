/** Code, preview and compare: the switch, the panes with their words, and what lies over what, in a real browser. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Preview } from '../../src/shared/preview.ts';
import type { Task } from '../../src/shared/task.ts';
import type { BoardSettings } from '../../src/webview/preview/boardSettings.ts';
import { type Harness, type Panel, startHarness } from './harness.ts';
import { DESIGN, FAST, PREVIEW_SCENES, pageOf, REASONING, showPreviews } from './previewStates.ts';
import { CONTEXT, SCENES, Script, snapshot } from './states.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness?.close());

async function withPanel(run: (panel: Panel) => Promise<void>, options?: Parameters<Harness['open']>[0]): Promise<void> {
  const panel = await harness.open({ reducedMotion: true, ...options });
  try {
    await run(panel);
    assert.deepEqual(panel.faults, []);
  } finally {
    await panel.page.context().close();
  }
}

const done = () => {
  const make = SCENES.done;
  assert.ok(make);
  return make();
};
const choice = (panel: Panel, name: string) => panel.page.getByRole('radio', { name, exact: true });
const pane = (panel: Panel, side: string) => panel.page.locator(`[data-side=${side}]`);
const compareBar = (panel: Panel) => panel.page.getByLabel('What is compared');
const shownPosts = async (panel: Panel) =>
  (await panel.posted()).flatMap((said) => (said.type === 'show-previews' ? said.shown : []));
const html = (page: string): Preview => ({ kind: 'html', html: page, linked: [], runtimes: [], complete: true, problems: [] });
const heading = (panel: Panel, side: string) => pane(panel, side).frameLocator('iframe:visible').locator('h1');
const stageLine = (panel: Panel) => panel.page.locator('.stage-line');

test('code is shown first, and nothing is asked of the host', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(done()));
    assert.equal(await choice(panel, 'Code').getAttribute('aria-checked'), 'true');
    assert.equal(await panel.page.locator('iframe').count(), 0);
    assert.deepEqual(await shownPosts(panel), []);
  }));

test('previews are asked for exactly while they are seen', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(done()));
    await panel.posted();
    await choice(panel, 'Preview').click();
    await pane(panel, 'fast').waitFor();
    assert.deepEqual(await panel.posted(), [
      { type: 'choose-view', view: 'preview' },
      { type: 'show-previews', shown: true },
    ]);
    await choice(panel, 'Compare').click();
    await compareBar(panel).waitFor();
    assert.deepEqual(await shownPosts(panel), []);
    await choice(panel, 'Code').click();
    await pane(panel, 'fast').waitFor({ state: 'detached' });
    assert.deepEqual(await shownPosts(panel), [false]);
    assert.equal(await panel.page.locator('iframe').count(), 0, 'no page runs behind the code');
  }));

test('the switch is one stop of the Tab key, and arrows choose', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(done()));
    await choice(panel, 'Code').focus();
    await panel.page.keyboard.press('ArrowRight');
    await pane(panel, 'fast').waitFor();
    assert.equal(await choice(panel, 'Preview').getAttribute('aria-checked'), 'true');
    assert.equal(await panel.page.evaluate(() => document.activeElement?.textContent), 'Preview');
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.keyboard.press('ArrowLeft');
    await compareBar(panel).waitFor();
    assert.equal(await choice(panel, 'Compare').getAttribute('aria-checked'), 'true', 'it goes round');
    assert.equal(await panel.page.locator('.top [role=radio][tabindex="0"]').count(), 1);
  }));

test('the choice is kept over a reload, comes from the last panel, and from a command', () =>
  withPanel(async (panel) => {
    const scene = done();
    await panel.send(snapshot({ ...scene, context: { ...scene.context, view: 'preview' } }));
    await pane(panel, 'fast').waitFor();
    await panel.send({ type: 'view', view: 'compare' });
    await compareBar(panel).waitFor();
    await panel.page.reload();
    await panel.send(snapshot(scene));
    await compareBar(panel).waitFor();
    assert.deepEqual(await shownPosts(panel), [true]);
  }));

for (const [languageId, name, offered] of [
  ['python', 'main.py', false],
  ['html', 'index.html', true],
  ['vue', 'Card.vue', true],
  ['plaintext', 'Card.tsx', true],
] as const)
  test(`code of ${name} ${offered ? 'can' : 'cannot'} be drawn`, () =>
    withPanel(async (panel) => {
      const source = { uri: `file:///${name}`, name, languageId };
      const task: Task = { kind: 'code', title: name, instruction: 'i', parts: [], source };
      const { state } = new Script(task).start('fast', 'mine:m');
      await panel.send({ type: 'snapshot', state, context: { ...CONTEXT, view: 'preview' }, nowMs: 0 });
      assert.equal(await choice(panel, 'Preview').count(), offered ? 1 : 0);
      assert.deepEqual(await shownPosts(panel), offered ? [true] : []);
    }));

test('each lane shows its page; the code is where it was when it comes back', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(done()));
    const answer = panel.page.locator('#reasoning-answer');
    await answer.evaluate((element) => element.scrollTo(0, 60));
    await panel.page.waitForTimeout(400);
    await choice(panel, 'Preview').click();
    await panel.send({ type: 'preview', side: 'fast', preview: FAST });
    await panel.send({ type: 'preview', side: 'reasoning', preview: REASONING });
    for (const side of ['fast', 'reasoning'])
      assert.equal(await heading(panel, side).innerText(), 'Simple plans for small teams');
    assert.equal(await answer.isVisible(), false);
    await choice(panel, 'Code').click();
    await answer.waitFor();
    assert.equal(await answer.evaluate((element) => element.scrollTop), 60);
  }));

const MESSAGES: Readonly<Record<string, readonly [fast: RegExp, reasoning: RegExp]>> = {
  'preview-waiting': [/Waiting for the answer/, /Waiting for the answer/],
  'preview-component': [/Scripts are off; this is a React component and needs them\./, /this is a Svelte component/],
  'preview-failed': [/does not compile\..*line 14: Unexpected token/s, /it is only text/],
};
for (const [name, [fast, reasoning]] of Object.entries(MESSAGES))
  test(`${name}: it is said why there is no page`, () =>
    withPanel(async (panel) => {
      await showPreviews(panel, name);
      await pane(panel, 'reasoning').getByText(reasoning).first().waitFor();
      assert.match(await pane(panel, 'fast').innerText(), fast);
    }));

test('an answer that is being written says so', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-streaming');
    await heading(panel, 'fast').waitFor();
    assert.match(await pane(panel, 'fast').innerText(), /being written/);
    assert.match(await pane(panel, 'reasoning').innerText(), /Thinking\. The preview appears/);
  }));

test('what was blocked is counted, and listed on request', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-blocked');
    const fold = pane(panel, 'fast').locator('summary');
    await fold.waitFor();
    assert.match(await fold.innerText(), /Blocked: 3 images, 2 scripts, 1 style sheet/);
    assert.equal(await pane(panel, 'fast').getByText('picsum.photos').isVisible(), false);
    await fold.click();
    assert.equal(await pane(panel, 'fast').getByText('picsum.photos').isVisible(), true);
    assert.equal(await pane(panel, 'reasoning').locator('summary').count(), 0);
  }));

test('scripts are off until somebody has read what it means; then it is a switch; a reload turns it off', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-done');
    const [on, off] = ['true', 'false'].map((value) => panel.page.locator(`[role=switch][aria-checked=${value}]`));
    const ask = panel.page.locator('.preview-ask');
    await off?.click();
    await ask.waitFor();
    assert.equal(await off?.count(), 1, 'asked first');
    await ask.getByText('Keep off').click();
    await ask.waitFor({ state: 'detached' });
    await off?.click();
    await ask.getByText('Run scripts').click();
    await on?.click();
    await off?.click();
    await on?.waitFor();
    assert.equal(await ask.count(), 0, 'explained once');
    await panel.page.reload();
    await panel.send(snapshot(done()));
    assert.equal(await off?.count(), 1);
  }));

test('the pages believe in the chosen width and colour scheme', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-done', { scheme: 'light' });
    const inside = () => heading(panel, 'fast').evaluate(() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]);
    await heading(panel, 'fast').waitFor();
    assert.deepEqual(await inside(), [1280, false]);
    await choice(panel, 'Phone').click();
    await panel.page.getByLabel('Colour scheme of the pages').selectOption('dark');
    await panel.page.waitForTimeout(200);
    assert.deepEqual(await inside(), [390, true]);
    const field = panel.page.getByRole('spinbutton');
    await field.fill('1024');
    await field.press('Enter');
    await panel.page.waitForTimeout(200);
    assert.deepEqual(await inside(), [1024, true]);
    assert.equal(await panel.page.locator('.previews [role=radio][aria-checked=true]').count(), 0, 'no preset is that wide');
    await field.fill('7');
    await field.press('Enter');
    assert.equal(await field.inputValue(), '200', 'no less than the least');
    await panel.page.waitForTimeout(200);
    const { width = 0 } = (await pane(panel, 'fast').locator('iframe:visible').boundingBox()) ?? {};
    assert.ok(Math.abs(width - 200) <= 1, 'never larger than it is');
  }));

test('a page follows the theme of VS Code while it is open', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-done');
    await heading(panel, 'fast').waitFor();
    const scheme = () => heading(panel, 'fast').evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    assert.equal(await scheme(), true);
    await panel.page.evaluate(() => document.body.setAttribute('data-vscode-theme-kind', 'vscode-light'));
    await panel.page.waitForTimeout(300);
    assert.equal(await scheme(), false);
  }));

test('pages have windows of one height, also where one of them has something to tell below it', () =>
  withPanel(async (panel) => {
    const hero = (more: string) => html(`<style>body{margin:0}h1{height:100vh;margin:0}</style><h1>Hello</h1>${more}`);
    await showPreviews(panel, 'preview-done', {}, { fast: hero('<a href="https://x.test/">x</a>'), reasoning: hero('') });
    await pane(panel, 'fast').locator('.pane-fold').waitFor();
    await heading(panel, 'reasoning').waitFor();
    await panel.page.waitForTimeout(200);
    const [fast, reasoning] = await Promise.all(
      ['fast', 'reasoning'].map((side) => heading(panel, side).evaluate((element) => element.clientHeight)),
    );
    assert.ok(fast && fast > 100);
    assert.equal(fast, reasoning);
  }));

test('a page that has the keys says how to leave it, and Escape does', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-done');
    await heading(panel, 'fast').waitFor();
    const words = pane(panel, 'fast').getByText('Esc to leave');
    assert.equal(await words.isVisible(), false);
    await panel.page.getByRole('button', { name: 'Load the previews again' }).focus();
    await panel.page.keyboard.press('Tab');
    await words.waitFor();
    assert.equal(await pane(panel, 'reasoning').getByText('Esc to leave').isVisible(), false);
    await panel.page.keyboard.press('Escape');
    await words.waitFor({ state: 'hidden' });
    const focused = () => panel.page.evaluate(() => document.activeElement?.closest('.pane')?.getAttribute('data-side'));
    assert.equal(await focused(), 'fast', 'the focus stays where the person was');
    assert.equal(await panel.page.evaluate(() => document.activeElement?.localName), 'div');
    await panel.page.keyboard.press('Tab');
    assert.notEqual(await focused(), 'fast', 'Tab goes on behind the page');
    for (let presses = 0; presses < 5 && (await focused()) !== 'fast'; presses++) await panel.page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), 'fast', 'and back into it');
  }));

test('a pane says how large its page is and how it is drawn', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-design', { zoom: '50' });
    await pane(panel, 'fast')
      .getByText(/^1,280 × [\d,]+ px at 50 %$/)
      .waitFor();
    await pane(panel, 'design').getByText('2,560 × 1,800 px at 25 %').waitFor();
  }));

for (const [width, seen] of [
  [1280, ['fast', 'reasoning', 'design']],
  [800, ['design']],
] as const)
  test(`the design at ${width} px`, () =>
    withPanel(
      async (panel) => {
        await showPreviews(panel, 'preview-design');
        await pane(panel, 'design').waitFor();
        const visible = await panel.page
          .locator('.pane:visible')
          .evaluateAll((all) => all.map((each) => each.getAttribute('data-side')));
        assert.deepEqual(visible, seen);
        await panel.page.getByRole('button', { name: 'Design' }).click();
        await pane(panel, 'design').waitFor({ state: 'hidden' });
        assert.equal(await pane(panel, 'fast').isVisible(), true);
      },
      { width },
    ));

/** What the heat map says of two pages. */
async function compared(panel: Panel, fast: Preview, reasoning: Preview, more: Partial<BoardSettings> = {}): Promise<string> {
  await showPreviews(panel, 'compare-pixels', { scheme: 'light', ...more }, { fast, reasoning });
  await stageLine(panel).filter({ hasText: 'differ' }).waitFor();
  return stageLine(panel).innerText();
}
const square = (px: number) =>
  html(`<!doctype html><body style="margin:0;background:#fff"><div style="width:${px}px;height:${px}px;background:#000">`);

test('of the same pages no pixels differ', () =>
  withPanel(async (panel) => {
    assert.match(await compared(panel, FAST, html(pageOf(24, '#5b4bdb'))), /^No pixels differ/);
  }));

test('a known change is found, and counted', () =>
  withPanel(async (panel) => {
    assert.match(await compared(panel, square(100), square(160), { width: 400 }), /% of pixels differ, which says where to look/);
    const counted = await panel.page.locator('canvas.heat').evaluate((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return -1;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      let marked = 0;
      for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) > 0) marked++;
      return marked;
    });
    assert.equal(counted, 160 * 160 - 100 * 100);
  }));

test('rows that one page has more are said to count', () =>
  withPanel(async (panel) => {
    const tall = (px: number) => html(`<!doctype html><body style="margin:0"><div style="height:${px}px">`);
    const said = await compared(panel, tall(2000), tall(2600));
    assert.match(said, /Reasoning is 600 px longer; those rows count as differing\./);
  }));

test('a picture is scaled to the width of the pages, and that is said', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-swipe-design');
    await stageLine(panel).waitFor();
    const words = /Left of the line Design, right of it Fast\..*Design is scaled from 2560 to 1280 px width \(50 %\)\./s;
    assert.match(await stageLine(panel).innerText(), words);
  }));

test('the line of a swipe is a slider for keys and pointer', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-swipe');
    const slider = panel.page.getByRole('slider', { name: 'Line between the pictures' });
    const standsAt = (value: string) => panel.page.locator(`[role=slider][aria-valuenow="${value}"]`).waitFor();
    await slider.waitFor();
    assert.equal(await slider.getAttribute('aria-valuetext'), '50 % Fast, 50 % Reasoning');
    await slider.focus();
    for (const [key, value] of [
      ['ArrowRight', '52'],
      ['ArrowDown', '50'],
      ['PageUp', '60'],
      ['End', '100'],
      ['Home', '0'],
    ] as const) {
      await panel.page.keyboard.press(key);
      await standsAt(value);
    }
    const box = await panel.page.locator('.overlay').boundingBox();
    assert.ok(box);
    await panel.page.mouse.move(box.x + 10, box.y + 60);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width / 4, box.y + 80, { steps: 3 });
    await panel.page.mouse.up();
    await standsAt('25');
    await panel.page.mouse.move(box.x + box.width / 2, box.y + 80);
    await panel.page.waitForTimeout(100);
    assert.equal(await slider.getAttribute('aria-valuenow'), '25', 'let go');
  }));

test('onion skin mixes by its slider', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-onion');
    const over = panel.page.getByRole('img', { name: 'Picture of Reasoning' });
    await over.waitFor();
    await panel.page.getByLabel('Opacity').fill('20');
    await panel.page.waitForTimeout(100);
    assert.equal(await over.evaluate((element) => getComputedStyle(element).opacity), '0.2');
  }));

for (const reducedMotion of [true, false])
  test(`blink ${reducedMotion ? 'stands still where less motion is wanted' : 'takes turns'}, and flips by hand`, () =>
    withPanel(
      async (panel) => {
        await showPreviews(panel, 'compare-blink');
        const name = panel.page.locator('.blink-name');
        await name.waitFor();
        const seen = new Set<string>();
        for (let i = 0; i < 12; i++) {
          seen.add(await name.innerText());
          await panel.page.waitForTimeout(250);
        }
        assert.equal(seen.size, reducedMotion ? 1 : 2);
        await panel.page
          .locator('.blink-bar')
          .getByText(/^Show /)
          .click();
        await panel.page.waitForTimeout(100);
        const flipped = await name.innerText();
        if (reducedMotion) assert.ok(!seen.has(flipped));
        await panel.page.waitForTimeout(1200);
        assert.equal(await name.innerText(), flipped, 'who flips by hand has stopped it');
      },
      { reducedMotion },
    ));

test('blink flips by Space on the pictures, and says which is seen', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-blink');
    await panel.page.locator('.blink-name').filter({ hasText: 'Fast' }).waitFor();
    await panel.page.locator('.stage-place').focus();
    for (const side of ['Reasoning', 'Fast']) {
      await panel.page.keyboard.press('Space');
      await panel.page.locator('.blink-name').filter({ hasText: side }).waitFor();
      await panel.page.getByRole('status').filter({ hasText: side }).waitFor({ state: 'attached' });
    }
  }));

for (const name of ['compare-blink', 'compare-pixels', 'compare-not-ready'])
  test(`${name}: what came of it is told in the one status line`, () =>
    withPanel(async (panel) => {
      await showPreviews(panel, name);
      await panel.page.getByRole('status').filter({ hasText: /\w/ }).waitFor({ state: 'attached' });
      assert.equal(await panel.page.locator('[aria-live], [role=status], [role=log], [role=alert]').count(), 1);
    }));

test('the Tab key leads from the bar to the pictures, past the pages behind them', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-onion');
    await panel.page.getByRole('img', { name: 'Picture of Reasoning' }).waitFor();
    await panel.page.getByLabel('Load the previews again').focus();
    await panel.page.keyboard.press('Tab');
    assert.equal(await panel.page.evaluate(() => document.activeElement?.className), 'stage-place');
  }));

test('the picture of the design scrolls by keyboard', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-design', { zoom: '100' });
    const picture = panel.page.getByRole('region', { name: 'Picture of the design' });
    await picture.locator('img').waitFor();
    assert.equal(await picture.evaluate((element) => (element instanceof HTMLElement ? element.tabIndex : -1)), 0);
    await picture.focus();
    await panel.page.keyboard.press('End');
    await panel.page.waitForFunction(() => (document.activeElement?.scrollTop ?? 0) > 0);
  }));

test('a swipe names both sides at its line', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-swipe');
    const [left, right] = ['Fast', 'Reasoning'].map((name) => panel.page.locator('.swipe-names').getByText(name));
    assert.ok(left && right);
    await left.waitFor();
    const line = await panel.page.locator('.swipe-line').boundingBox();
    const [one, other] = [await left.boundingBox(), await right.boundingBox()];
    assert.ok(line && one && other);
    assert.ok(one.x + one.width < line.x && other.x > line.x + line.width);
  }));

test('where a page is drawn smaller than before, its pane says so', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'preview-done');
    const note = pane(panel, 'fast').locator('.section-note').first();
    await note.filter({ hasText: ' at 47 %' }).waitFor();
    await panel.page.setViewportSize({ width: 1000, height: 800 });
    await note.filter({ hasText: ' at 36 %' }).waitFor();
  }));

test('what streams behind the previews is counted at once, and drawn when the code comes back', () =>
  withPanel(async (panel) => {
    const text = `### index.html\n\n\`\`\`html\n${'<p>one</p>\n'.repeat(40)}\`\`\`\n`;
    const script = new Script().start('fast', 'mine:m');
    await panel.send(snapshot({ state: script.state, context: CONTEXT, nowMs: 5 }));
    await choice(panel, 'Preview').click();
    await pane(panel, 'fast').waitFor();
    const before = script.events.length;
    script.stream('fast', 'text', text, 100, 900).end(1000, 'fast', 'stop');
    await panel.send({ type: 'events', events: script.events.slice(before) });
    await panel.page.locator('[data-lane=fast] .status', { hasText: 'Done. 44 lines' }).waitFor();
    assert.equal(await panel.page.locator('#fast-answer').textContent(), '');
    await choice(panel, 'Code').click();
    await panel.page.locator('#fast-answer', { hasText: 'index.html' }).waitFor();
    assert.equal(await panel.page.locator('#fast-answer').textContent(), text);
  }));

test('an answer read at its very end is there again when the code comes back', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(done()));
    const answer = panel.page.locator('#reasoning-answer');
    const end = await answer.evaluate((element) => {
      element.scrollTo(0, element.scrollHeight);
      return element.scrollTop;
    });
    assert.ok(end > 0);
    await choice(panel, 'Preview').click();
    await pane(panel, 'fast').waitFor();
    await choice(panel, 'Code').click();
    await answer.waitFor();
    assert.equal(await answer.evaluate((element) => element.scrollTop), end);
  }));

test('side by side, both pages scroll together by share', () =>
  withPanel(async (panel) => {
    const tall = (px: number) => html(`<!doctype html><body style="margin:0"><div style="height:${px}px"><h1>Top</h1>`);
    await showPreviews(panel, 'compare-side', {}, { fast: tall(4000), reasoning: tall(8000) });
    for (const side of ['fast', 'reasoning']) await heading(panel, side).waitFor();
    await panel.page.waitForTimeout(600);
    const range = (side: string) => heading(panel, side).evaluate(() => document.documentElement.scrollHeight - innerHeight);
    const [mine, other] = [await range('fast'), await range('reasoning')];
    await heading(panel, 'fast').evaluate((_, top) => scrollTo(0, top), mine / 2);
    await panel.page.waitForTimeout(600);
    const top = await heading(panel, 'reasoning').evaluate(() => scrollY);
    assert.ok(Math.abs(top - other / 2) <= 2, `${top} of ${other}`);
  }));

test('a side that has no page is said, not drawn as if it were empty', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-not-ready');
    const stage = panel.page.locator('.stage');
    await stage.getByText('does not compile').waitFor();
    assert.match(await stage.innerText(), /Fast: .*scripts/i);
    assert.equal(await panel.page.locator('.overlay').count(), 0);
  }));

test('without a design only the lanes can be compared, whatever was chosen before', () =>
  withPanel(async (panel) => {
    await showPreviews(panel, 'compare-swipe', { pair: 'design-fast' });
    await stageLine(panel).filter({ hasText: 'Left of the line Design' }).waitFor();
    await panel.page.reload();
    await panel.send(snapshot(done()));
    assert.equal(await compareBar(panel).locator('option').count(), 1);
    await panel.send({ type: 'preview', side: 'design', preview: DESIGN });
    assert.equal(await compareBar(panel).locator('option').count(), 3);
  }));

for (const width of [800, 1280])
  test(`nothing is cut off at the side of ${width} px`, () =>
    withPanel(
      async (panel) => {
        for (const name of Object.keys(PREVIEW_SCENES)) {
          await showPreviews(panel, name);
          const over = await panel.page.locator('#app').evaluate((app) => app.scrollWidth - app.clientWidth);
          assert.equal(over, 0, name);
        }
      },
      { width },
    ));
