/** Reports of every state a person can meet: each figure as the panel has it, and whatever a model said as text. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { htmlOf } from '../../../src/core/report/html.ts';
import { markdownOf } from '../../../src/core/report/markdown.ts';
import { exported, exportName } from '../../../src/core/report/share.ts';
import { type ComparisonState, fold, LANES } from '../../../src/shared/comparison.ts';
import { costSource, costStage } from '../../../src/shared/costs.ts';
import type { Material } from '../../../src/shared/design.ts';
import { fairnessSheet } from '../../../src/shared/fairness.ts';
import { METRICS } from '../../../src/shared/metrics.ts';
import { ratioLine } from '../../../src/shared/ratio.ts';
import { SCENES, Script } from '../../webview/states.ts';

const ABOUT = { version: '1.2.3', exportedAt: '2026-11-23T08:30:00.000Z', isRedacted: false };

/** The text of HTML: without elements, with its characters. */
const textOf = (html: string): string =>
  html
    .replace(/ srcdoc="[^"]*"/g, '')
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
/** Markdown without its escapes. */
const plainOf = (markdown: string): string => markdown.replace(/\\([^\w\s])/g, '$1');

const states: readonly (readonly [string, ComparisonState])[] = Object.entries(SCENES)
  .map(([name, scene]) => [name, scene().state] as const)
  .filter(([, state]) => state.seq >= 0);

/** The cells of the row that an element of HTML with that attribute is. */
const cellsOf = (html: string, id: string): readonly string[] => {
  const row = new RegExp(`<tr data-metric="${id}">(.*?)</tr>`, 's').exec(html)?.[1] ?? '';
  return [...row.matchAll(/<td[^>]*>(.*?)(?: <span class="mark">better<\/span>)?<\/td>/gs)].map(([, cell]) => textOf(cell ?? ''));
};

describe('every figure of the panel stands in the reports', () => {
  for (const [name, state] of states) {
    test(name, () => {
      const html = htmlOf(state, ABOUT);
      const markdown = plainOf(markdownOf(state, ABOUT)).split('\n');
      for (const metric of METRICS) {
        const readings = LANES.map((lane) => (state.runs[lane] ? metric.read(state.runs[lane], state.atMs).text : '–'));
        assert.deepEqual(cellsOf(html, metric.id), readings, metric.id);
        const row = markdown.find((line) => line.startsWith(`| ${metric.label} |`)) ?? '';
        assert.deepEqual(
          row
            .split(' | ')
            .slice(1)
            .map((cell) =>
              cell
                .replace(/^\*\*(.*)\*\* \(better\)/, '$1')
                .replace(/ \|$/, '')
                .replace(/\*\*(.*)\*\* \(better\)/, '$1'),
            ),
          readings,
          metric.id,
        );
      }
      const text = textOf(html);
      assert.ok(text.includes(ratioLine(state.runs.fast, state.runs.reasoning, state.atMs)));
      for (const lane of LANES)
        if (state.runs[lane]) assert.ok(text.includes(costSource(state.runs[lane].cost, costStage(state.runs[lane]))));
      for (const { label, fast, reasoning, same } of fairnessSheet(state)) {
        assert.ok(text.includes(label), label);
        for (const line of same ? fast : [...fast, ...reasoning]) assert.ok(text.includes(line), line);
      }
      for (const lane of LANES) assert.ok(text.includes(state.runs[lane]?.text ?? ''));
    });
  }
});

const HOSTILE = `</pre></iframe></style></title><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u0000\u001b[31m\`\`\`\`\n![x](http://example.invalid/a.png) <b>`;

function hostileState(): ComparisonState {
  const script = new Script({
    kind: 'design',
    title: HOSTILE,
    instruction: HOSTILE,
    parts: [
      { type: 'text', text: HOSTILE },
      { type: 'image', mediaType: 'image/png', base64: `"><script>alert(1)</script>` },
    ],
    source: { uri: HOSTILE, name: HOSTILE },
  });
  script
    .start('fast', HOSTILE, { endpointLabel: HOSTILE, system: HOSTILE, prompt: HOSTILE })
    .lane(5, 'fast', { type: 'served', model: HOSTILE })
    .lane(5, 'fast', { type: 'notice', text: HOSTILE })
    .stream('fast', 'reasoning', HOSTILE, 6, 7)
    .stream('fast', 'text', `${HOSTILE}\n\n\`\`\`html ${HOSTILE.replaceAll('\n', ' ')}\n${HOSTILE}\n\`\`\`\n`, 8, 9)
    .end(10, 'fast', 'error', { kind: 'unknown', message: HOSTILE });
  return script.state;
}

test('whatever a model said is text in the HTML', () => {
  const html = htmlOf(hostileState(), ABOUT);
  const tags = new Set([...html.replace(/<!DOCTYPE html>/, '').matchAll(/<\/?([^\s/>]*)/g)].map(([, name]) => name));
  for (const tag of ['script', 'b', 'object', 'link']) assert.ok(!tags.has(tag), tag);
  assert.equal([...html.matchAll(/<style>/g)].length, 1);
  for (const [image] of html.matchAll(/<img[^>]*>/g))
    assert.match(image, /^<img src="data:image\/png;base64,[^"<>]*" alt="[^"]*">$/);
  for (const [tag] of html.matchAll(/<[a-z][^>]*>/g)) assert.doesNotMatch(tag.replace(/"[^"]*"/g, ''), /\son\w+=|.<|[`']/, tag);
  assert.match(
    html,
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;/,
  );
});

test('whatever a model said is text or code in the Markdown', () => {
  const markdown = markdownOf(hostileState(), ABOUT);
  let fence = '';
  for (const line of markdown.split('\n')) {
    const [, ticks] = /^(`{3,})\w*$/.exec(line) ?? [];
    if (fence !== '' && ticks === fence) fence = '';
    else if (fence === '' && ticks !== undefined) fence = ticks;
    else if (fence === '') assert.ok(!/(?<!\\)(?:!\[|<(?!\/?details>|\/?summary>|br>))/.test(line), line);
  }
  assert.equal(fence, '', 'every block is closed');
});

test('a preview is drawn of every HTML file and of nothing else', () => {
  const done = SCENES.done?.().state;
  assert.ok(done);
  const html = htmlOf(done, ABOUT);
  assert.equal([...html.matchAll(/<iframe sandbox title="[^"]*" srcdoc="/g)].length, 1);
  assert.equal([...html.matchAll(/<iframe/g)].length, 1);
  assert.match(html, /No preview: the answer holds no HTML file\./);
});

test('each piece of a task stands in the reports with what it is, what it is for and what was left out of it', () => {
  const piece = (name: string, more: Partial<Material>): Material => ({
    kind: 'text',
    role: 'design',
    name,
    leftOut: [],
    ...more,
  });
  const { state } = new Script({
    kind: 'design',
    title: 'Card',
    instruction: '',
    target: 'vue',
    parts: [
      { type: 'image', mediaType: 'image/png', base64: Buffer.alloc(2048).toString('base64') },
      { type: 'image', mediaType: 'image/png', base64: Buffer.alloc(10).toString('base64') },
      { type: 'text', text: '{"a":1}' },
      { type: 'text', text: 'Use tabs.' },
    ],
    materials: [
      piece('hero.png', { kind: 'picture' }),
      piece('footer.png', { kind: 'picture' }),
      piece('tokens.json', { kind: 'tokens', role: 'context', leftOut: ['3 descriptions'] }),
      piece('rules.md', { role: 'instructions' }),
    ],
  });
  for (const text of [textOf(htmlOf(state, ABOUT)), plainOf(markdownOf(state, ABOUT))]) {
    for (const part of [
      'To be built in Vue.',
      'hero.png: design, picture, 2 KB',
      'footer.png: design, picture, 1 KB',
      'tokens.json: context, design tokens, 7 characters',
      'Left out or rewritten: 3 descriptions.',
      'rules.md: your instructions, text, 9 characters',
    ])
      assert.ok(text.includes(part), part);
  }
});

test('a task of an old log is reported with what is known of it', () => {
  const { state } = new Script({ kind: 'design', title: 'Card', instruction: '', parts: [{ type: 'text', text: '# Card' }] });
  assert.match(textOf(htmlOf(state, ABOUT)), /selection: design, text, 6 characters/);
  assert.doesNotMatch(textOf(htmlOf(state, ABOUT)), /To be built in/);
});

test('a report says when, by which version, whose run it is and what was removed', () => {
  const { events } = SCENES.done?.() ?? { events: [] };
  const [first, ...rest] = events;
  assert.ok(first?.type === 'comparison-start');
  const state = fold([{ ...first, importedFrom: 'from-ann.json' }, ...rest]);
  for (const text of [
    textOf(htmlOf(state, { ...ABOUT, isRedacted: true })),
    plainOf(markdownOf(state, { ...ABOUT, isRedacted: true })),
  ]) {
    for (const part of [
      '22 November 2026, 10:00 UTC',
      '23 November 2026, 08:30 UTC',
      'Second Thought 1.2.3',
      'Imported from from-ann.json',
      '[redacted]',
      'as of 2026-11',
      'A tilde (~) marks an estimate',
    ])
      assert.ok(text.includes(part), part);
  }
});

test('a file has a name that every disk takes', () => {
  const check = (title: string, name: string) =>
    assert.equal(
      exportName(new Script({ kind: 'design', title, instruction: '', parts: [] }).events, 'html', { secrets: [] }),
      name,
    );
  check('Pricing card', 'second-thought-pricing-card-2026-11-22.html');
  check('../../etc/passwd', 'second-thought-etc-passwd-2026-11-22.html');
  check('???', 'second-thought-2026-11-22.html');
});

test('all kinds come from the cleaned log alone', () => {
  const secret = 'canary-0123456789-abcdef';
  const { events } = new Script({
    kind: 'code',
    title: secret,
    instruction: secret,
    parts: [],
    source: { uri: 'file:///srv/ann/x/card.ts', name: 'card.ts' },
  });
  for (const format of ['html', 'md', 'json'] as const) {
    const text = exported(format, events, { secrets: [secret], home: '/srv/ann' }, ABOUT);
    assert.ok(!text.includes(secret) && !text.includes('/srv/ann'), format);
    assert.ok(text.includes('card.ts'));
  }
});
