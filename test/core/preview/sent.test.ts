/** Which files of a task a preview may use, and what it takes of them for a page. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { previewOf } from '../../../src/core/preview/preview.ts';
import { sentFiles } from '../../../src/core/preview/sent.ts';
import type { Material } from '../../../src/shared/design.ts';
import type { Task } from '../../../src/shared/task.ts';

const task = (materials: readonly Partial<Material>[], source?: Task['source']): Task => ({
  kind: 'design',
  title: 'a',
  instruction: '',
  parts: materials.map(({ name }) => ({ type: 'text', text: `text of ${name}` })),
  materials: materials.map((material) => ({ kind: 'component', role: 'context', name: 'a', leftOut: [], ...material })),
  ...(source ? { source } : {}),
});

const selection = { startLine: 0, startCharacter: 0, endLine: 1, endCharacter: 0 };

describe('files that were sent', () => {
  const cases: Readonly<Record<string, { readonly task: Task; readonly names: readonly string[] }>> = {
    'components, code, drawings and data': {
      task: task([
        { name: 'src/Button.tsx' },
        { name: 'a.module.css', kind: 'code' },
        { name: 'logo.svg', kind: 'svg' },
        { name: 'plans.json', kind: 'text' },
      ]),
      names: ['src/Button.tsx', 'a.module.css', 'logo.svg', 'plans.json'],
    },
    'components to restyle': { task: task([{ name: 'Card.tsx', role: 'design' }]), names: ['Card.tsx'] },
    'no words, no tokens and nothing of Figma': {
      task: task([
        { name: 'spec.md', kind: 'text' },
        { name: 'tokens.json', kind: 'tokens' },
        { name: 'frame.json', kind: 'figma' },
      ]),
      names: [],
    },
    'no instructions': { task: task([{ name: 'rules.json', kind: 'text', role: 'instructions' }]), names: [] },
    'no part of a file': {
      task: task([{ name: 'Card.tsx', role: 'design' }, { name: 'B.tsx' }], {
        uri: 'file:///Card.tsx',
        name: 'Card.tsx',
        selection,
      }),
      names: ['B.tsx'],
    },
    'nothing of an old task': {
      task: { kind: 'design', title: 'a', instruction: '', parts: [{ type: 'text', text: 'a' }] },
      names: [],
    },
  };
  for (const [name, { task: of, names }] of Object.entries(cases)) {
    test(name, () => {
      assert.deepEqual(
        sentFiles(of),
        names.map((file) => ({ name: file, content: `text of ${file}` })),
      );
    });
  }
});

test('a page gets what it links and the answer does not have', async () => {
  const html =
    '<link rel="stylesheet" href="css/tokens.css"><link rel="stylesheet" href="own.css"><link href="gone.css"><h1>Hi</h1>';
  const preview = await previewOf(
    [
      { name: 'index.html', content: html },
      { name: 'own.css', content: 'own' },
    ],
    {
      complete: true,
      sent: [
        { name: 'src/css/tokens.css', content: 'tokens' },
        { name: 'own.css', content: 'not this' },
        { name: 'other.css', content: 'nor this' },
      ],
    },
  );
  assert.ok(preview.kind === 'html');
  assert.deepEqual(preview.linked, [
    { name: 'own.css', content: 'own' },
    { name: 'css/tokens.css', content: 'tokens' },
  ]);
  assert.deepEqual(preview.problems, ['Taken from what was sent with the task: css/tokens.css.']);
});
