/** Loops in a text while it grows: found however it is cut into pieces, and never stopped where a repetition may be right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findLoop, watchRepetition } from '../../../src/core/artifact/repetition.ts';
import { SOUND } from './broken/sound.ts';

const LINE = '    <li>Unlimited projects and priority support</li>\n';
const PAGE = `<!doctype html>\n<html>\n<body>\n<ul>\n`;

/** Signs of the text that had come when it was called a loop beyond doubt; undefined: never. */
function stoppedAfter(text: string, piece: number, design = ''): number | undefined {
  const watch = watchRepetition(design);
  for (let at = 0; at < text.length; at += piece) if (watch.add(text.slice(at, at + piece))) return at + piece;
  return undefined;
}

test('a loop is stopped soon, in whatever pieces it comes', () => {
  const text = PAGE + LINE.repeat(1_000);
  for (const piece of [1, 7, 64, 999, 5_000]) {
    const after = stoppedAfter(text, piece) ?? Number.POSITIVE_INFINITY;
    assert.ok(after > 4_000 && after < 12_000, `${piece}: after ${after}`);
  }
});

test('a loop within one line is stopped', () => {
  assert.ok(stoppedAfter(`<p>It is ${'the best of '.repeat(2_000)}`, 100));
  assert.ok(stoppedAfter(`<p>${'very '.repeat(4_000)}`, 100));
});

test('a loop of whole sections is stopped', () => {
  const section = Array.from(
    { length: 40 },
    (_, index) => `<p>Line ${index} of a section on another matter, number ${index * 7}.</p>\n`,
  ).join('');
  assert.ok(stoppedAfter(PAGE + section.repeat(60), 200));
  assert.equal(stoppedAfter(PAGE + section.repeat(6), 200), undefined);
});

test('what counts on is never stopped: it may be a table', () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => `<tr><td>${index}</td><td>Visitors</td></tr>\n`).join('');
  assert.equal(stoppedAfter(PAGE + rows, 100), undefined);
});

test('what the design itself repeats is never stopped', () => {
  const design = '| unlimited projects and priority support | paid '.repeat(200);
  assert.ok(stoppedAfter(PAGE + LINE.repeat(300), 100));
  assert.equal(stoppedAfter(PAGE + LINE.repeat(300), 100, design), undefined);
});

test('no sound answer of the corpus is stopped', () => {
  for (const { id, text, design } of SOUND) assert.equal(stoppedAfter(text, 50, design?.toLowerCase()), undefined, id);
});

test('text without a repetition has none, and pieces do not matter', () =>
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 3, maxLength: 40 }), { maxLength: 200 }), (lines) => {
      const text = [...new Set(lines)]
        .map((line, index) => `${line.replace(/\s/g, '')}${'abcdefghij'[index % 10]}${index * 7919}`)
        .join('\n');
      assert.equal(findLoop(text, 'ended'), undefined);
    }),
    { seed: 20261122 },
  ));

test('where it is and how often is told', () => {
  const loop = findLoop(`${PAGE}${LINE.repeat(30)}</ul>\n</body>\n</html>\n`, 'whole');
  assert.deepEqual([loop?.start, loop?.times, loop?.unit], [PAGE.length, 30, LINE]);
});

const CONTENT: Readonly<Record<string, readonly [number, string]>> = {
  rows: [30, '<tr><td>#1001</td><td>Jane Doe</td><td>Paid</td><td>$20.00</td></tr>\n'],
  'rows over several lines': [24, '<tr>\n  <td>#1001</td>\n  <td>Jane Doe</td>\n  <td>Paid</td>\n</tr>\n'],
  cards: [
    12,
    '<article>\n  <h3>Product name</h3>\n  <p>Short description of the product</p>\n  <button>Add</button>\n</article>\n',
  ],
  links: [24, '<li><a href="#">Lorem ipsum dolor</a></li>\n'],
  logos: [36, '<li>Logo</li>\n'],
  data: [15, "  { name: 'Jane Doe', email: 'jane@example.com', status: 'Active' },\n"],
  'a text that runs across': [16, '<span>Free shipping on all orders</span>\n'],
  seats: [120, '<button class="seat">A</button>\n'],
  stars: [600, '<i class="star"></i>\n'],
};

for (const [name, [times, unit]] of Object.entries(CONTENT)) {
  test(`the same lines are content in a whole page, and a loop where the answer was cut in them: ${name}`, () => {
    const looped = PAGE + unit.repeat(times);
    assert.equal(findLoop(`${looped}</ul>\n</body>\n</html>\n`, 'whole'), undefined);
    assert.ok(findLoop(looped.slice(0, -5), 'cut'));
  });
}

test('so much that nobody would have written it is a loop in a whole page too', () => {
  for (const [times, words] of [
    [45, 35],
    [14, 363],
    [150, 9],
  ] as const) {
    const unit = `<li>${'Every word of it again '.repeat(20).slice(0, words)}</li>\n`;
    assert.ok(findLoop(`${PAGE}${unit.repeat(times)}</ul>\n</body>\n</html>\n`, 'whole'), `${times}`);
  }
});
