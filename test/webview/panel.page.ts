/** Messages in, document out: the panel's page in a real browser. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ComparisonEvent, LaneId } from '../../src/shared/comparison.ts';
import { fold } from '../../src/shared/comparison.ts';
import type { ToHost, ToWebview } from '../../src/shared/protocol.ts';
import { type Harness, type Panel, startHarness } from './harness.ts';
import { ANSWER, CONTEXT, SCENES, Script, snapshot, THOUGHTS } from './states.ts';
import type { ThemeName } from './themes.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

/** Opens a page, runs the case, and finds no policy violation and no script error in it. */
async function withPanel(run: (panel: Panel) => Promise<void>, options?: Parameters<Harness['open']>[0]): Promise<void> {
  const panel = await harness.open({ reducedMotion: true, ...options });
  try {
    await run(panel);
    assert.deepEqual(panel.faults, []);
  } finally {
    await panel.page.context().close();
  }
}

const scene = (name: string) => {
  const make = SCENES[name];
  assert.ok(make, `no scene ${name}`);
  return make();
};
const answerText = (panel: Panel, lane: LaneId) =>
  panel.page.locator(`#${lane}-answer`).evaluate((element) => element.textContent ?? '');
const thinkingText = (panel: Panel, lane: LaneId) =>
  panel.page.locator(`#${lane}-thinking .stream`).evaluate((element) => element.textContent ?? '');
const lane = (panel: Panel, id: LaneId) => panel.page.locator(`[data-lane=${id}]`);
const figure = (panel: Panel, id: LaneId, metric: string) =>
  lane(panel, id).locator(`[data-metric=${metric}] .figure`).innerText();

/** Numbers from 0 to 1 that are the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The log in batches of random size, the first event in a snapshot. */
async function playLive(panel: Panel, events: readonly ComparisonEvent[], random: () => number, most: number): Promise<void> {
  await panel.send({ type: 'snapshot', state: fold(events.slice(0, 1)), context: CONTEXT, nowMs: 0 });
  for (let at = 1; at < events.length; ) {
    const size = 1 + Math.floor(random() * most);
    await panel.send({ type: 'events', events: events.slice(at, at + size) });
    at += size;
  }
}

test('it asks for a snapshot at load, and shows nothing before', () =>
  withPanel(async (panel) => {
    assert.deepEqual(await panel.posted(), [{ type: 'ready' }]);
    assert.equal(await panel.page.locator('#app').innerText(), '');
    await panel.send({ type: 'events', events: scene('done').events });
    assert.equal(await panel.page.locator('#app').innerText(), '', 'events without a snapshot are not guessed at');
  }));

test('a snapshot shows figures, words and texts', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('done')));
    assert.equal(await figure(panel, 'fast', 'total'), '9.8 s');
    assert.equal(await figure(panel, 'reasoning', 'first-answer'), '38.9 s');
    assert.equal(await figure(panel, 'reasoning', 'thinking'), '38.0 s');
    assert.equal(await figure(panel, 'fast', 'thinking'), '–');
    assert.equal(await figure(panel, 'reasoning', 'input-tokens'), '1,198 · 3,402');
    assert.equal(await figure(panel, 'reasoning', 'cost'), '$0.1160');
    assert.match(await lane(panel, 'fast').innerText(), /claude-haiku-5-5 Anthropic/);
    assert.match(await lane(panel, 'reasoning').innerText(), /effort high · OpenAI · served as gpt-6-sol-2026-10-01/);
    assert.match(await lane(panel, 'reasoning').innerText(), /Done\. 1 file, complete\./);
    assert.equal(await panel.page.locator('.ratio').innerText(), 'Reasoning: 6.4x slower, 19x dearer.');
    assert.equal(await panel.page.locator('.money span').first().innerText(), '$0.1221 of $1.00 for this run');
    assert.equal(await answerText(panel, 'fast'), ANSWER);
    assert.equal(await thinkingText(panel, 'reasoning'), THOUGHTS);
    const better = await panel.page
      .locator('.meter.better')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-metric')));
    assert.deepEqual(better, ['first-answer', 'total', 'speed', 'cost']);
    assert.match((await lane(panel, 'fast').locator('[data-metric=total]').textContent()) ?? '', /better/, 'told in words, too');
  }));

for (const most of [1, 3, 17, 400])
  test(`live deltas in batches of up to ${most} end in the page that a snapshot gives`, () =>
    withPanel(async (panel) => {
      const done = scene('done');
      const events = most === 1 ? done.events.slice(0, 60) : done.events;
      const state = fold(events);
      await playLive(panel, events, seeded(most), most);
      await panel.send({ type: 'context', context: done.context });
      assert.equal(await answerText(panel, 'fast'), state.runs.fast?.text ?? '');
      assert.equal(await answerText(panel, 'reasoning'), state.runs.reasoning?.text ?? '');
      assert.equal(await thinkingText(panel, 'reasoning'), state.runs.reasoning?.reasoning ?? '');
      if (most === 1) return;
      const streamsOf = () => panel.page.locator('.stream').evaluateAll((all) => all.map((each) => each.innerHTML));
      const textOf = async () => (await panel.page.locator('.panel').innerText()).replace(/Reasoning: Done.*/s, '');
      const live = [await streamsOf(), await textOf()];
      await panel.send(snapshot({ ...done, state }));
      assert.deepEqual([await streamsOf(), await textOf()], live);
    }));

test('a gap is answered with one ready, and then by the snapshot', () =>
  withPanel(async (panel) => {
    const { events, context } = scene('done');
    await panel.send({ type: 'snapshot', state: fold(events.slice(0, 20)), context, nowMs: 0 });
    await panel.posted();
    await panel.send({ type: 'events', events: events.slice(25, 30) });
    await panel.send({ type: 'events', events: events.slice(30, 35) });
    assert.deepEqual(await panel.posted(), [{ type: 'ready' }]);
    await panel.send({ type: 'snapshot', state: fold(events.slice(0, 40)), context, nowMs: 0 });
    await panel.send({ type: 'events', events: events.slice(35) });
    assert.deepEqual(await panel.posted(), [], 'events that the snapshot held are passed over');
    assert.equal(await answerText(panel, 'fast'), ANSWER);
  }));

test('another comparison is never mixed into this one', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('done')));
    await panel.posted();
    await panel.send({
      type: 'events',
      events: [
        { seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'other', startedAt: '', task: scene('done').state.task },
      ],
    });
    assert.deepEqual(await panel.posted(), [{ type: 'ready' }]);
  }));

test('a lane that runs again starts with an empty view', () =>
  withPanel(async (panel) => {
    const script = new Script().start('fast', 'mine:m').stream('fast', 'text', ANSWER, 100, 900).end(1000, 'fast', 'stop');
    await panel.send({ type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 1000 });
    const before = script.events.length;
    script.start('fast', 'mine:n').lane(2000, 'fast', { type: 'text', text: 'second' });
    await panel.send({ type: 'events', events: script.events.slice(before) });
    assert.equal(await answerText(panel, 'fast'), 'second');
    assert.match(await lane(panel, 'fast').innerText(), /FAST n/);
  }));

const HOSTILE: readonly [name: string, text: string][] = [
  [
    'a script',
    '<script>window.hit=1</script>\n```html\n<script>window.hit=1</script>\n</script><img src=x onerror="window.hit=1">\n```\n',
  ],
  ['an event handler', '<img src=x onerror="window.hit=1"><svg onload=window.hit=1>\n'],
  ['terminal codes', 'a\u001b[31mred\u001b[0m \u0007\u0000 b\n'],
  ['direction overrides', 'if (admin\u202e\u2066// check\u2069\u2066) {\u202c\n```js\nlet x = "\u202e";\n```\n'],
  ['carriage returns', 'a\r\nb\rc\r\n```ts\r\nlet a = 1;\r\n```\r\n'],
  ['unclosed everything', '```html\n<a href="x\n<!-- \n```jsx\n<div a={`${"\n/* '],
  ['fences in fences', '````md\n```js\nlet a;\n```\n````\n~~~\n```\n~~~\nend'],
  ['only newlines', '\n'.repeat(200)],
  ['astral and lone surrogates', `👩‍👩‍👧 ${'😀'.repeat(3000)} \ud800 x\n`],
  ['deep nesting', `\`\`\`jsx\n${'<a>{'.repeat(500)}\n${'}'.repeat(900)}\n\`\`\`\n`],
];
for (const [name, text] of HOSTILE)
  test(`hostile text: ${name}`, () =>
    withPanel(async (panel) => {
      const random = seeded(name.length);
      const script = new Script().start('fast', 'mine:m').start('reasoning', 'mine:m');
      for (let at = 0; at < text.length; ) {
        const size = 1 + Math.floor(random() * 900);
        script.lane(10, 'fast', { type: 'text', text: text.slice(at, at + size) });
        script.lane(10, 'reasoning', { type: 'reasoning', text: text.slice(at, at + size) });
        at += size;
      }
      script.end(20, 'fast', 'stop').end(20, 'reasoning', 'stop');
      await playLive(panel, script.events, random, 2);
      assert.equal(await answerText(panel, 'fast'), text);
      assert.equal(await thinkingText(panel, 'reasoning'), text);
      assert.equal(await panel.page.evaluate(() => Reflect.get(window, 'hit')), undefined);
      assert.equal(await panel.page.locator('.stream').locator('script, img, svg, a').count(), 0);
    }));

test('names from models and hosts are text', () =>
  withPanel(async (panel) => {
    const evil = '<img src=x onerror="window.hit=1">\u202e';
    const script = new Script({ kind: 'code', title: evil, instruction: evil, parts: [], source: { uri: evil, name: evil } })
      .start('fast', `mine:${evil.replaceAll(' ', '')}`, { endpointLabel: evil })
      .lane(5, 'fast', { type: 'served', model: evil })
      .lane(6, 'fast', { type: 'notice', text: evil })
      .lane(7, 'fast', { type: 'text', text: 'x' })
      .end(9, 'fast', 'error', { kind: 'unknown', message: evil });
    const files = { fast: [{ name: evil, languageId: evil, complete: false }] };
    await panel.send({
      type: 'snapshot',
      state: script.state,
      context: { ...CONTEXT, files, ledgerProblem: evil },
      nowMs: 9,
    });
    assert.equal(await panel.page.evaluate(() => Reflect.get(window, 'hit')), undefined);
    assert.equal(await panel.page.locator('#app img').count(), 0);
  }));

test('a line of a megabyte, in growing pieces, is all there and does not stop the page', () =>
  withPanel(async (panel) => {
    const script = new Script().start('fast', 'mine:m').lane(1, 'fast', { type: 'text', text: '```js\nconst a = "' });
    const piece = 'x'.repeat(8192);
    for (let i = 0; i < 128; i++) script.lane(2, 'fast', { type: 'text', text: piece });
    script.lane(3, 'fast', { type: 'text', text: '";\nlet b = 1;\n```\n' }).end(4, 'fast', 'stop');
    await playLive(panel, script.events, seeded(1), 8);
    assert.equal(await answerText(panel, 'fast'), script.state.runs.fast?.text);
    assert.equal(await panel.page.locator('#fast-answer .tok-k').last().innerText(), 'let', 'colouring goes on after it');
  }));

test('selecting all of an answer copies it as it was sent, without line numbers', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('done')));
    const copied = await panel.page.evaluate(() => {
      const answer = document.getElementById('fast-answer');
      if (!answer) return '';
      getSelection()?.selectAllChildren(answer);
      return getSelection()?.toString() ?? '';
    });
    assert.equal(copied.trimEnd(), ANSWER.trimEnd());
  }));

test('finished blocks may be skipped, and keep counting their lines', () =>
  withPanel(async (panel) => {
    const text = `\`\`\`js\n${Array.from({ length: 300 }, (_, i) => `let a${i} = ${i};`).join('\n')}\n\`\`\`\n`;
    const script = new Script().start('fast', 'mine:m').lane(1, 'fast', { type: 'text', text }).end(2, 'fast', 'stop');
    await panel.send({ type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 2 });
    const blocks = await panel.page.locator('#fast-answer .block').evaluateAll((all) =>
      all.map((each) => ({
        lines: each.querySelectorAll('.line').length,
        skipped: getComputedStyle(each).contentVisibility,
        last: [...each.querySelectorAll('.line')].at(-1)?.getAttribute('data-number'),
      })),
    );
    assert.equal(blocks.length, 5);
    assert.deepEqual(blocks[0], { lines: 64, skipped: 'auto', last: '63' });
    assert.deepEqual(blocks[1], { lines: 64, skipped: 'auto', last: '127' }, 'the fence itself has no number');
  }));

test('the end is followed until the person scrolls up, and again after a jump', () =>
  withPanel(async (panel) => {
    const script = new Script().start('fast', 'mine:m').lane(1, 'fast', { type: 'text', text: 'line\n'.repeat(200) });
    await panel.send({ type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 1 });
    const stream = panel.page.locator('#fast-answer');
    const gap = () => stream.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
    const grow = async (text: string) => {
      script.lane(2, 'fast', { type: 'text', text });
      await panel.send({ type: 'events', events: script.events.slice(-1) });
    };
    await grow('more\n'.repeat(50));
    assert.ok((await gap()) <= 1, 'follows');
    await stream.hover();
    await panel.page.mouse.wheel(0, -600);
    await panel.page.getByRole('button', { name: 'Jump to latest' }).waitFor();
    const where = await stream.evaluate((element) => element.scrollTop);
    await grow('more\n'.repeat(50));
    assert.equal(await stream.evaluate((element) => element.scrollTop), where, 'does not move under the reader');
    await panel.page.getByRole('button', { name: 'Jump to latest' }).click();
    await grow('last\n');
    assert.ok((await gap()) <= 1, 'follows again');
    assert.equal(await panel.page.getByRole('button', { name: 'Jump to latest' }).count(), 0);
  }));

test('thinking opens while there is only thinking, folds at the answer, and obeys the person', () =>
  withPanel(async (panel) => {
    const script = new Script().start('reasoning', 'mine:m').lane(5, 'reasoning', { type: 'reasoning', text: 'I wonder.' });
    const fold = panel.page.getByRole('button', { name: /^Thinking/ });
    const send = (message: ToWebview) => panel.send(message);
    const grow = (event: Parameters<Script['lane']>[2]) => {
      script.lane(9, 'reasoning', event);
      return send({ type: 'events', events: script.events.slice(-1) });
    };
    await send({ type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 5 });
    assert.equal(await fold.getAttribute('aria-expanded'), 'true');
    await grow({ type: 'text', text: 'So.' });
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    assert.equal(await panel.page.locator('#reasoning-thinking').getAttribute('hidden'), 'until-found', 'find still reaches it');
    await fold.press('Enter');
    await panel.page.locator('button.fold[aria-expanded=true]').waitFor();
    await grow({ type: 'text', text: ' More.' });
    assert.equal(await fold.getAttribute('aria-expanded'), 'true', 'what the person opened stays open');
    await panel.page.reload();
    await send({ type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 5 });
    assert.equal(await fold.getAttribute('aria-expanded'), 'true', 'and stays so over a reload');
  }));

const BUTTONS: readonly [scene: string, name: string, within: LaneId | undefined, says: ToHost][] = [
  ['empty', 'Run the sample', undefined, { type: 'run-sample' }],
  ['thinking', 'Stop', undefined, { type: 'stop' }],
  ['thinking', 'Stop this lane', 'reasoning', { type: 'stop', lane: 'reasoning' }],
  ['thinking', 'Run this lane again', 'fast', { type: 'run-again', lane: 'fast' }],
  ['thinking', 'Apply fast', undefined, { type: 'apply', lane: 'fast' }],
  ['done', 'Run again', undefined, { type: 'run-again' }],
  ['done', 'Swap lanes', undefined, { type: 'swap-lanes' }],
  ['done', 'Edit prompt and run again', undefined, { type: 'edit-prompt' }],
  ['done', 'Edit prompt of this lane', 'fast', { type: 'edit-prompt', lane: 'fast' }],
  ['done', 'Change model', 'fast', { type: 'change-model', lane: 'fast' }],
  ['done', 'Show what was sent', 'reasoning', { type: 'show-prompt', lane: 'reasoning' }],
  ['done', 'Diff with the file', 'fast', { type: 'diff-with-file', lane: 'fast' }],
  ['done', 'Open as untitled file', 'fast', { type: 'open-answer', lane: 'fast' }],
  ['done', 'Copy the answer', 'reasoning', { type: 'copy-answer', lane: 'reasoning' }],
  ['done', 'Apply this answer', 'reasoning', { type: 'apply', lane: 'reasoning' }],
  ['done', 'Diff the two', undefined, { type: 'diff-lanes' }],
  ['done', 'Apply reasoning', undefined, { type: 'apply', lane: 'reasoning' }],
  ['done', 'pricing-card.md', undefined, { type: 'open-source' }],
  ['done', '$0.1221 of $1.00 for this run', undefined, { type: 'show-spending' }],
  ['applied', 'Undo apply', undefined, { type: 'undo-apply' }],
  ['failed', 'Set API key', 'fast', { type: 'set-key', lane: 'fast' }],
  ['failed', 'Run again', 'reasoning', { type: 'run-again', lane: 'reasoning' }],
  ['budget', 'Change limits', 'reasoning', { type: 'open-limits' }],
  ['interrupted', 'Run again', 'reasoning', { type: 'run-again', lane: 'reasoning' }],
  ['retrying', 'Show log', undefined, { type: 'show-log' }],
  ['mendable', 'Proxy settings', 'fast', { type: 'open-settings', about: 'proxy' }],
  [
    'mendable',
    'Run with 16,000 tokens (at most $0.4830)',
    'reasoning',
    { type: 'run-larger', lane: 'reasoning', maxOutputTokens: 16_000 },
  ],
  ['refused', 'Endpoint settings', 'fast', { type: 'open-settings', about: 'endpoints' }],
  ['refused', 'Edit prompt', 'reasoning', { type: 'edit-prompt', lane: 'reasoning' }],
];
test('every button says what it is for, once, by mouse and by key', () =>
  withPanel(async (panel) => {
    for (const [name, label, within, says] of BUTTONS) {
      await panel.send(snapshot(scene(name)));
      await panel.posted();
      const place = within ? lane(panel, within) : panel.page.locator('#app');
      const button = place.getByRole('button', { name: label, exact: true }).first();
      await button.click();
      assert.deepEqual(await panel.posted(), [says], `${name}: ${label}`);
      await button.focus();
      await panel.page.keyboard.press('Enter');
      await panel.page.keyboard.press('Space');
      assert.deepEqual(await panel.posted(), [says, says], `${name}: ${label} by key`);
    }
  }));

test('a lane on which nothing comes says since when and until when, and warns at half of it', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('stalled')));
    const status = (id: LaneId) => lane(panel, id).locator('.status');
    assert.match(
      await status('fast').innerText(),
      /Nothing received for 45 s; the provider may be busy\. Given up after 2 min\./,
    );
    assert.match(
      await status('reasoning').innerText(),
      /Connection alive 3 s ago, no text for 8 min 09 s\. Given up after 15 min\./,
    );
    assert.doesNotMatch((await status('fast').getAttribute('class')) ?? '', /tone-warning/);
    assert.match((await status('reasoning').getAttribute('class')) ?? '', /tone-warning/);
  }));

test('a held key presses once, and Space does not scroll', () =>
  withPanel(
    async (panel) => {
      await panel.send(snapshot(scene('done')));
      await panel.posted();
      await panel.page.getByRole('button', { name: 'Run again', exact: true }).focus();
      await panel.page.keyboard.down('Enter');
      await panel.page.keyboard.down('Enter');
      await panel.page.keyboard.up('Enter');
      await panel.page.keyboard.press('Space');
      assert.deepEqual(await panel.posted(), [{ type: 'run-again' }, { type: 'run-again' }]);
      assert.equal(await panel.page.locator('#app').evaluate((element) => element.scrollTop), 0);
    },
    { width: 500 },
  ));

test('by keyboard alone everything is reached, in the order it is read, and nothing traps', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('done')));
    const names: string[] = [];
    for (let i = 0; i < 60; i++) {
      await panel.page.keyboard.press('Tab');
      await panel.page.keyboard.press('Escape');
      const name = await panel.page.evaluate(() => {
        const at = document.activeElement;
        return at === document.body
          ? ''
          : (
              at?.getAttribute('aria-label') ??
              (at?.localName === 'vscode-toolbar-button' ? at.getAttribute('title') : undefined) ??
              at?.textContent ??
              ''
            ).trim();
      });
      if (!name) break;
      names.push(name);
    }
    const order = [
      'pricing-card.md',
      'Swap lanes',
      'Run again',
      'Show what was sent',
      'Copy the answer',
      'fast answer text',
      'reasoning answer text',
      'Diff the two',
      'Apply reasoning',
      'FairnessSame words.',
    ];
    const found = order.map((name) => names.findIndex((each) => each.toLowerCase() === name.toLowerCase()));
    assert.ok(
      found.every((at) => at >= 0),
      `${order} in ${names}`,
    );
    assert.deepEqual(
      found,
      [...found].sort((one, two) => one - two),
      String(names),
    );
  }));

test('the host can put the focus into an answer', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('done')));
    await panel.send({ type: 'focus', on: 'reasoning' });
    assert.equal(await panel.page.evaluate(() => document.activeElement?.id), 'reasoning-answer');
  }));

const sheet = (panel: Panel) => panel.page.locator('table.sheet');
const fairnessButton = (panel: Panel) => panel.page.getByRole('button', { name: /^Fairness/ });

test('the fairness line opens the sheet by key and by command, and stays open over a reload', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('fairness')));
    const button = fairnessButton(panel);
    assert.equal(
      await panel.page.locator('.verdict').innerText(),
      'Same words; same picture, scaled differently by the vendors; effort differs as asked.',
    );
    assert.equal(await sheet(panel).count(), 0);
    await button.focus();
    for (const [key, expanded] of [
      ['Enter', 'true'],
      ['Space', 'false'],
      ['Space', 'true'],
    ] as const) {
      await panel.page.keyboard.press(key);
      await panel.page.locator(`#fairness-button[aria-expanded=${expanded}]`).waitFor();
      assert.equal(await panel.page.evaluate(() => document.activeElement?.id), 'fairness-button', `focus stays after ${key}`);
    }
    await panel.page.reload();
    await panel.send(snapshot(scene('fairness')));
    assert.equal(await sheet(panel).count(), 1);
    await button.click();
    await sheet(panel).waitFor({ state: 'detached' });
    await panel.send({ type: 'focus', on: 'fairness' });
    assert.equal(await sheet(panel).count(), 1);
    assert.equal(await panel.page.evaluate(() => document.activeElement?.id), 'fairness-button');
  }));

test('the sheet names its rows and lanes, joins what is the same, and follows the order of the lanes', () =>
  withPanel(async (panel) => {
    const { state, nowMs } = scene('fairness-differs');
    const cellsOf = (id: string) => sheet(panel).locator(`[data-row=${id}] td`).allInnerTexts();
    const heads = () => sheet(panel).locator('th[scope=col]').allTextContents();
    await panel.send({ type: 'snapshot', state, context: CONTEXT, nowMs });
    await panel.send({ type: 'focus', on: 'fairness' });
    assert.deepEqual(await heads(), ['Fast', 'Reasoning']);
    assert.deepEqual(await cellsOf('system'), ['Both: 1 character']);
    assert.deepEqual(await cellsOf('prompt'), [
      'adapted to a fast model, 1,180 characters',
      'adapted to a reasoning model, 690 characters',
    ]);
    assert.equal(await sheet(panel).locator('tbody th[scope=row]').count(), await sheet(panel).locator('tbody tr').count());
    await panel.send({ type: 'snapshot', state, context: { ...CONTEXT, laneOrder: ['reasoning', 'fast'] }, nowMs });
    assert.deepEqual(await heads(), ['Reasoning', 'Fast']);
    assert.match((await cellsOf('prompt'))[0] ?? '', /reasoning model/);
  }));

test('the right column of the sheet stands under the right lane', async () => {
  for (const width of [1280, 800])
    await withPanel(
      async (panel) => {
        await panel.send(snapshot(scene('fairness-differs')));
        await panel.send({ type: 'focus', on: 'fairness' });
        const left = (selector: string) =>
          panel.page
            .locator(selector)
            .first()
            .evaluate((element) => Math.round(element.getBoundingClientRect().left));
        const lines = await left('.sheet [data-row=model] td:last-child .sheet-line');
        assert.ok(Math.abs(lines - (await left('.lane:last-child .role'))) <= 2, `${lines} at ${width}`);
      },
      { width },
    );
});

test('the sheet offers the control where words differ, and adapted words where they do not', () =>
  withPanel(async (panel) => {
    const press = async (name: string, label: string): Promise<ToHost[]> => {
      await panel.send(snapshot(scene(name)));
      await panel.send({ type: 'focus', on: 'fairness' });
      await panel.posted();
      await panel.page.getByRole('button', { name: label, exact: true }).click();
      return panel.posted();
    };
    assert.deepEqual(await press('fairness', 'Diff what was sent'), [{ type: 'diff-prompts' }]);
    assert.deepEqual(await press('fairness-differs', 'Run both with identical prompts'), [
      { type: 'run-prompts', prompts: 'identical' },
    ]);
    assert.deepEqual(await press('fairness', 'Run both with adapted prompts'), [{ type: 'run-prompts', prompts: 'adapted' }]);
    await panel.send(snapshot(scene('thinking')));
    assert.equal(await panel.page.getByRole('button', { name: /^Run both with/ }).count(), 0, 'not while a lane runs');
    await panel.send(snapshot(scene('scripted')));
    assert.equal(await panel.page.getByRole('button', { name: /^Run both with/ }).count(), 0, 'a script answers the same');
  }));

test('no sheet scrolls sideways or cuts a word, at any width', async () => {
  for (const width of [320, 480, 720, 800, 1280])
    await withPanel(
      async (panel) => {
        for (const name of Object.keys(SCENES).filter((each) => each !== 'empty')) {
          await panel.send(snapshot(scene(name)));
          await panel.send({ type: 'focus', on: 'fairness' });
          const wide = await panel.page.evaluate(() =>
            ['#app', '.sheet', ...(document.querySelector('.sheet-line') ? ['.sheet td'] : [])]
              .flatMap((selector) => [...document.querySelectorAll(selector)])
              .filter((each) => each.scrollWidth > each.clientWidth + 1)
              .map((each) => each.textContent?.slice(0, 40)),
          );
          assert.deepEqual(wide, [], `${name} at ${width}`);
        }
      },
      { width, height: 600 },
    );
});

test('one polite line tells the stages, never the text', () =>
  withPanel(async (panel) => {
    const done = scene('done');
    const status = panel.page.getByRole('status');
    await panel.send({ type: 'snapshot', state: fold(done.events.slice(0, 1)), context: CONTEXT, nowMs: 0 });
    assert.equal(await panel.page.locator('[aria-live], [role=status], [role=log], [role=alert]').count(), 1);
    const told = new Set<string>();
    for (let at = 1; at < done.events.length; at += 5) {
      await panel.send({ type: 'events', events: done.events.slice(at, at + 5) });
      told.add((await status.textContent()) ?? '');
    }
    assert.deepEqual(
      [...told].filter(Boolean).flatMap((line) => line.split(/(?<=\.) (?=Fast:|Reasoning:)/)),
      [
        'Fast: started.',
        'Reasoning: started.',
        'Fast: first answer after 0.41 s.',
        'Fast: Done. 30 lines, complete.',
        'Reasoning: first answer after 38.9 s.',
        'Reasoning: Done. 27 lines, complete.',
      ],
    );
  }));

test('meters of a live lane tick by the host clock, those of an ended one stand still', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('thinking')));
    const before = await figure(panel, 'reasoning', 'total');
    await panel.page.waitForFunction(
      (was) => document.querySelector('.reasoning [data-metric=total] .figure')?.textContent !== was,
      before,
    );
    assert.match(await figure(panel, 'reasoning', 'total'), /^2\d\.\d s$/);
    assert.equal(await figure(panel, 'fast', 'total'), '9.8 s');
  }));

test('what nobody saw, what came from a cache and what was lost to retries is said beside the figure', () =>
  withPanel(async (panel) => {
    const meter = (id: LaneId, metric: string) => lane(panel, id).locator(`[data-metric=${metric}]`);
    const timeline = (id: LaneId) => panel.page.locator('.track').nth(id === 'fast' ? 0 : 1);
    await panel.send(snapshot(scene('hidden')));
    assert.match(await meter('reasoning', 'thinking').innerText(), /~28\.1 s\s+2,000 tok, hidden$/);
    assert.match(await meter('fast', 'input-tokens').innerText(), /1,204 · 861\s+1,200 cached/);
    assert.match(
      (await meter('fast', 'total').getAttribute('title')) ?? '',
      /First byte 0\.31 s, first event 0\.33 s, retries 3\.9 s/,
    );
    assert.match((await timeline('fast').getAttribute('aria-label')) ?? '', /^Fast: retries 3\.9 s, waiting 0\.41 s, answering/);
    assert.match((await timeline('reasoning').getAttribute('aria-label')) ?? '', /hidden thinking ~28\.1 s/);
    assert.match(await panel.page.locator('.legend').innerText(), /^retries\s+waiting\s+hidden\s+answering$/);
    assert.match(await lane(panel, 'reasoning').locator('.thinking').innerText(), /hidden by the provider/);
    await panel.send(snapshot(scene('cached')));
    assert.match(await meter('fast', 'total').innerText(), /0\.03 s\s+from a cache/);
    assert.match(await meter('reasoning', 'thinking').innerText(), /–\s+~720 tok, our estimate/);
    assert.equal(await panel.page.locator('.meter.better').count(), 0);
    assert.equal(await panel.page.locator('.ratio').innerText(), 'No ratio: fast came from a cache.');
  }));

test('the lanes stand in the order the host says', () =>
  withPanel(async (panel) => {
    const { state, nowMs } = scene('done');
    await panel.send({ type: 'snapshot', state, context: { ...CONTEXT, laneOrder: ['reasoning', 'fast'] }, nowMs });
    const order = await panel.page.locator('.lane').evaluateAll((all) => all.map((each) => each.getAttribute('data-lane')));
    assert.deepEqual(order, ['reasoning', 'fast']);
    assert.equal(await answerText(panel, 'fast'), ANSWER, 'texts move with their lanes');
    await panel.send({ type: 'context', context: CONTEXT });
    assert.equal(await answerText(panel, 'fast'), ANSWER);
  }));

test('a scripted sample says so wherever its figures are', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('scripted')));
    assert.equal(await panel.page.locator('vscode-badge').innerText(), 'scripted sample, not a model');
    for (const id of ['fast', 'reasoning'] as const) {
      assert.match(await lane(panel, id).locator('h2').innerText(), /scripted sample, not a model/);
      assert.match(await lane(panel, id).locator('[data-metric=cost]').innerText(), /illustrative/);
    }
    assert.match(await panel.page.locator('.money').innerText(), /illustrative, nothing billed/);
    assert.match(await panel.page.locator('.ratio').innerText(), /illustrative prices/);
  }));

test('no state at any width scrolls sideways, and no figure is cut', async () => {
  for (const width of [320, 480, 720, 800])
    await withPanel(
      async (panel) => {
        for (const name of Object.keys(SCENES)) {
          await panel.send(snapshot(scene(name)));
          const wide = await panel.page.evaluate(() =>
            [document.documentElement, document.getElementById('app')].some(
              (each) => each && each.scrollWidth > each.clientWidth,
            ),
          );
          assert.equal(wide, false, `${name} at ${width}`);
          const cut = await panel.page
            .locator('.meter dd')
            .evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length);
          assert.equal(cut, 0, `${name} at ${width}: figures cut`);
        }
      },
      { width, height: 600 },
    );
});

test('the meters of both lanes stand at the same height, whatever stands above them', () =>
  withPanel(async (panel) => {
    for (const name of Object.keys(SCENES).filter((each) => each !== 'empty')) {
      await panel.send(snapshot(scene(name)));
      const tops = await panel.page.locator('.meters').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
      assert.equal(tops[0], tops[1], name);
    }
  }));

/** Contrast of WCAG 2, of text against the page's own colours. */
const contrastOf = (panel: Panel, selector: string) =>
  panel.page.locator(selector).evaluateAll((all) => {
    const channels = (colour: string) => {
      const numbers = (colour.match(/[\d.]+/g) ?? []).map(Number);
      return colour.startsWith('color(srgb') ? numbers.map((value, i) => (i < 3 ? value * 255 : value)) : numbers;
    };
    const luminance = ([r = 0, g = 0, b = 0]: number[]) => {
      const linear = (value: number) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    };
    const behind = (element: Element | null): number[] => {
      for (let at = element; at; at = at.parentElement) {
        const [r, g, b, alpha = 1] = channels(getComputedStyle(at).backgroundColor);
        if (r !== undefined && alpha > 0.9) return [r, g ?? 0, b ?? 0];
      }
      return [255, 255, 255];
    };
    return all
      .filter((element) => element.textContent?.trim())
      .map((element) => {
        const back = behind(element);
        const [r = 0, g = 0, b = 0, alpha = 1] = channels(getComputedStyle(element).color);
        const front = [r, g, b].map((value, i) => value * alpha + (back[i] ?? 0) * (1 - alpha));
        const [high = 0, low = 0] = [luminance(front), luminance(back)].sort((one, two) => two - one);
        return { text: element.textContent?.slice(0, 30), ratio: (high + 0.05) / (low + 0.05) };
      });
  });
for (const [theme, least] of [
  ['dark', 4.5],
  ['light', 4.5],
  ['hc', 7],
  ['hc-light', 4.5],
] as [ThemeName, number][])
  test(`text can be read in the ${theme} theme`, () =>
    withPanel(
      async (panel) => {
        await panel.send(snapshot(scene('done')));
        await panel.send({ type: 'focus', on: 'fairness' });
        const all = await contrastOf(
          panel,
          '.verdict, .sheet th, .sheet-line, .role, .model, .detail, .status p, .meter dt, .figure, .note, .section-name, .section-note, .ratio, .timeline-label, .money span',
        );
        assert.ok(all.length > 30);
        const weak = all.filter(({ ratio }) => ratio < (theme === 'hc' ? 5.5 : least));
        assert.deepEqual(weak, []);
      },
      { theme },
    ));

test('in forced colours the phases and the better figure keep a shape', () =>
  withPanel(
    async (panel) => {
      await panel.send(snapshot(scene('done')));
      const shapes = await panel.page.locator('.track .segment').evaluateAll((all) =>
        all.map((each) => {
          const { backgroundImage, backgroundColor } = getComputedStyle(each);
          return `${backgroundImage.slice(0, 35)} ${backgroundColor}`;
        }),
      );
      assert.equal(new Set(shapes).size, 3, `waiting, thinking and answering differ: ${shapes.join(' | ')}`);
    },
    { forcedColors: true, theme: 'hc' },
  ));

test('nothing moves for those who asked for less motion', () =>
  withPanel(async (panel) => {
    await panel.send(snapshot(scene('thinking')));
    assert.equal(await panel.page.evaluate(() => document.getAnimations().length), 0);
  }));

test('where the reader was survives a reload of the page', () =>
  withPanel(async (panel) => {
    const script = new Script().start('fast', 'mine:m').lane(1, 'fast', { type: 'text', text: 'line\n'.repeat(400) });
    const message: ToWebview = { type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 1 };
    await panel.send(message);
    const stream = panel.page.locator('#fast-answer');
    await stream.hover();
    await panel.page.mouse.wheel(0, -2000);
    await panel.page.waitForFunction(() => sessionStorage.getItem('state')?.includes('top'));
    const where = await stream.evaluate((element) => element.scrollTop);
    await panel.page.reload();
    await panel.send(message);
    assert.ok(Math.abs((await stream.evaluate((element) => element.scrollTop)) - where) <= 1);
  }));
