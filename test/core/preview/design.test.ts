/** The design beside the answers: its picture, the drawing, page or component that was sent, or why there is nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { designPreview } from '../../../src/core/preview/design.ts';
import { previewOf } from '../../../src/core/preview/preview.ts';
import type { Material } from '../../../src/shared/design.ts';
import type { MessagePart } from '../../../src/shared/model.ts';
import type { Task } from '../../../src/shared/task.ts';

const text = (content: string): MessagePart => ({ type: 'text', text: content });
const PNG: MessagePart = { type: 'image', mediaType: 'image/png', base64: 'AAAA' };

function task(parts: readonly (readonly [MessagePart, Partial<Material>])[]): Task {
  return {
    kind: 'design',
    title: 'a',
    instruction: '',
    parts: parts.map(([part]) => part),
    materials: parts.map(([, material]) => ({ kind: 'text', role: 'design', name: 'a', leftOut: [], ...material })),
  };
}

const beside: Readonly<Record<string, string>> = { 'a.css': 'p{}', './b.js': '1', './Card.tsx': 'export default () => <p />;' };
const design = (of: Task) =>
  designPreview(of, {
    readBeside: async (_, request) => (Object.hasOwn(beside, request) ? beside[request] : undefined),
    preview: previewOf,
  });

describe('the design', () => {
  test('is its picture, with its size', async () => {
    const made = await design(
      task([
        [text('words'), {}],
        [PNG, { kind: 'figma', frame: { width: 390, height: 844 } }],
      ]),
    );
    assert.deepEqual(made, { kind: 'picture', mediaType: 'image/png', base64: 'AAAA', size: { width: 390, height: 844 } });
  });

  test('is never what it is to be built with', async () => {
    const made = await design(
      task([
        [text('words'), {}],
        [PNG, { kind: 'picture', role: 'context' }],
        [text('<p>'), { kind: 'html', role: 'context' }],
      ]),
    );
    assert.equal(made.kind, 'none');
  });

  test('is a drawing', async () => {
    const made = await design(task([[text('<svg/>'), { kind: 'svg' }]]));
    assert.ok(made.kind === 'picture' && made.mediaType === 'image/svg+xml');
    assert.equal(Buffer.from(made.base64, 'base64').toString(), '<svg/>');
  });

  test('is a page, with what lies beside it, and says what is gone', async () => {
    const page =
      '<link rel=stylesheet href="a.css"><link href="gone.css"><link href="https://x.example/y.css"><script src="./b.js"></script><p>Hi';
    const made = await design(task([[text(page), { kind: 'html', name: 'mock.html', uri: 'file:///w/mock.html' }]]));
    assert.ok(made.kind === 'html');
    assert.deepEqual(
      made.linked.map(({ name }) => name),
      ['a.css', './b.js'],
    );
    assert.deepEqual(made.problems, ['gone.css is used by mock.html and is not there now: it is shown without it.']);
  });

  test('is a component, with what it imports', async () => {
    const made = await design(
      task([
        [
          text("import Card from './Card'; export default () => <Card />;"),
          { kind: 'component', name: 'App.tsx', uri: 'file:///w/App.tsx' },
        ],
      ]),
    );
    assert.ok(made.kind === 'component');
    assert.deepEqual(
      made.modules.map(({ name }) => name),
      ['App.tsx', 'Card.tsx'],
    );
  });

  test('of words or bare data is nothing, and says so', async () => {
    assert.match(JSON.stringify(await design(task([[text('words'), {}]]))), /The design is words/);
    assert.match(JSON.stringify(await design(task([[text('{}'), { kind: 'figma' }]]))), /came without its picture/);
  });

  test('of an old log is told from its source', async () => {
    const old: Task = {
      kind: 'design',
      title: 'a',
      instruction: '',
      parts: [text('<p>Hi')],
      source: { uri: 'file:///w/a.html', name: 'a.html' },
    };
    assert.equal((await design(old)).kind, 'html');
    assert.equal((await design({ ...old, source: { uri: 'file:///w/a.md', name: 'a.md' } })).kind, 'none');
  });
});
