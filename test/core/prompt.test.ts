/** Tasks in, the words of each lane out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GUIDANCE, promptFor, promptParts, styleOf } from '../../src/core/prompt.ts';
import { LANES, type Task } from '../../src/shared/comparison.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 60 });
const part = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: words }),
  fc.record({ type: fc.constant('image' as const), mediaType: fc.constant('image/png' as const), base64: fc.base64String() }),
);
const tasks: fc.Arbitrary<Task> = fc.record({
  kind: fc.constantFrom('design' as const, 'code' as const),
  title: words,
  instruction: words,
  parts: fc.array(part, { minLength: 1, maxLength: 3 }),
  source: fc.record({ uri: fc.constant('file:///a'), name: words }),
});
const sentText = (task: Task, text: string): string =>
  promptParts(task, text)
    .flatMap((sent) => (sent.type === 'text' ? [sent.text] : []))
    .join();

test('identical words do not depend on the lane, and are the beginning of adapted ones', () =>
  fc.assert(
    fc.property(tasks, (task) => {
      const same = promptFor(task);
      assert.deepEqual(promptFor(structuredClone(task)), same);
      for (const lane of LANES) assert.equal(promptFor(task, lane).text, `${same.text}\n\n${GUIDANCE[task.kind][lane]}`);
    }),
  ));

test('adapted words carry the same rules, pictures and material, byte for byte', () =>
  fc.assert(
    fc.property(tasks, (task) => {
      const same = promptFor(task);
      const pictures = task.parts.filter(({ type }) => type === 'image');
      const material = sentText(task, same.text).slice(same.text.length);
      for (const lane of LANES) {
        const adapted = promptFor(task, lane);
        assert.equal(adapted.system, same.system);
        const parts = promptParts(task, adapted.text);
        assert.deepEqual(parts.slice(0, -1), pictures);
        assert.equal(sentText(task, adapted.text).slice(adapted.text.length), material);
      }
    }),
  ));

test('a reasoning model is told no steps, a fast one is', () => {
  for (const kind of ['design', 'code'] as const) {
    assert.match(GUIDANCE[kind].fast, /^1\. /m);
    assert.doesNotMatch(GUIDANCE[kind].reasoning, /^\s*\d+\.|step|first|then\b/im);
  }
});

test('where words come from is told from the words', () =>
  fc.assert(
    fc.property(tasks, fc.constantFrom(...LANES), (task, lane) => {
      const other = lane === 'fast' ? 'reasoning' : 'fast';
      assert.equal(styleOf(task, lane, promptFor(task).text), 'identical');
      assert.equal(styleOf(task, lane, promptFor(task, lane).text), 'adapted');
      assert.equal(styleOf(task, lane, promptFor(task, other).text), 'edited');
      assert.equal(styleOf(task, lane, `${promptFor(task).text}!`), 'edited');
    }),
  ));
