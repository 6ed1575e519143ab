/** The three-way merge: what both sides changed is kept or refused, never mixed, and never marked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeTexts } from '../../../src/core/apply/merge.ts';

const BASE = 'a\nb\nc\nd\ne\n';

const CASES: readonly {
  readonly title: string;
  readonly base?: string;
  readonly present: string;
  readonly answer: string;
  readonly expect: string | undefined;
  readonly kept?: number;
}[] = [
  {
    title: 'edits in different places',
    present: 'A\nb\nc\nd\ne\n',
    answer: 'a\nb\nc\nd\nE\n',
    expect: 'A\nb\nc\nd\nE\n',
    kept: 1,
  },
  { title: 'lines added above', present: `x\ny\n${BASE}`, answer: 'a\nb\nc\nD\ne\n', expect: 'x\ny\na\nb\nc\nD\ne\n', kept: 2 },
  { title: 'lines removed', present: 'b\nc\nd\ne\n', answer: 'a\nb\nc\nd\nE\n', expect: 'b\nc\nd\nE\n', kept: 1 },
  {
    title: 'the same change on both sides',
    present: 'a\nB\nc\nd\ne\n',
    answer: 'a\nB\nc\nd\ne\n',
    expect: 'a\nB\nc\nd\ne\n',
    kept: 1,
  },
  { title: 'the same line changed twice', present: 'a\nmine\nc\nd\ne\n', answer: 'a\ntheirs\nc\nd\ne\n', expect: undefined },
  { title: 'a line removed that the answer changes', present: 'a\nc\nd\ne\n', answer: 'a\nB\nc\nd\ne\n', expect: undefined },
  { title: 'two additions at one place', present: 'a\nx\nb\nc\nd\ne\n', answer: 'a\ny\nb\nc\nd\ne\n', expect: undefined },
  {
    title: 'line ends of the present text',
    present: 'A\r\nb\r\nc\r\nd\r\ne\r\n',
    answer: 'a\nb\nc\nd\nE\n',
    expect: 'A\r\nb\r\nc\r\nd\r\nE\r\n',
    kept: 1,
  },
  {
    title: 'words that objects know',
    base: 'constructor\n__proto__\nx\n',
    present: '!\nconstructor\n__proto__\nx\n',
    answer: 'constructor\n__proto__\ny\n',
    expect: '!\nconstructor\n__proto__\ny\n',
    kept: 1,
  },
  {
    title: 'many equal lines',
    base: '}\n}\n}\nq\n}\n}\n',
    present: '}\n}\n}\nq\n}\n}\nz\n',
    answer: '{\n}\n}\nq\n}\n}\n',
    expect: '{\n}\n}\nq\n}\n}\nz\n',
    kept: 1,
  },
];

for (const { title, base = BASE, present, answer, expect, kept } of CASES) {
  test(title, () => {
    const merge = mergeTexts(base, present, answer);
    assert.equal(merge.ok ? merge.text : undefined, expect);
    if (merge.ok) assert.equal(merge.keptLines, kept);
    else assert.equal(merge.reason, 'conflict');
  });
}

test('a side that changed nothing gives way to the other, whatever they are', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', '}', '', 'constructor'), { maxLength: 12 }).map((parts) => parts.join('\n'));
  fc.assert(
    fc.property(lines, lines, (base, other) => {
      for (const merge of [mergeTexts(base, other, base), mergeTexts(base, base, other), mergeTexts(base, other, other)]) {
        assert.equal(merge.ok && merge.text, other);
      }
    }),
    { seed: 20261122, numRuns: 2_000 },
  );
});

test('what either side added is in a clean merge', () => {
  const edits = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 4 });
  const base = Array.from({ length: 10 }, (_, index) => (index % 3 === 0 ? '}' : `line ${index}`));
  const withEdits = (side: string, made: readonly (readonly [number, boolean])[]): string[] => {
    const lines: string[] = [];
    for (const [index, line] of base.entries()) {
      const edit = made.findIndex(([at]) => at === index);
      if (edit >= 0) lines.push(`${side} ${edit}`);
      if (edit < 0 || made[edit]?.[1]) lines.push(line);
    }
    return lines;
  };
  fc.assert(
    fc.property(edits, edits, (ours, theirs) => {
      const [present, answer] = [withEdits('mine', ours), withEdits('theirs', theirs)];
      const merge = mergeTexts(base.join('\n'), present.join('\n'), answer.join('\n'));
      if (!merge.ok) return;
      const merged = merge.text.split('\n');
      for (const line of [...present, ...answer]) if (/^(?:mine|theirs) /.test(line)) assert.ok(merged.includes(line));
      assert.doesNotMatch(merge.text, /[<>=|]{7}/);
    }),
    { seed: 20261122, numRuns: 2_000 },
  );
});

test('a text that would take too long is refused', () => {
  const long = '}\n'.repeat(2_000);
  assert.deepEqual(mergeTexts(long, `x\n${long}`, `${long}y\n`), { ok: false, reason: 'too-long' });
});
