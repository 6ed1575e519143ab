/** The thread that makes previews: code that keeps a compiler busy ends the thread, not the extension, and the next preview is made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Previewer } from '../../src/shell/previewer.ts';

const THREAD = new URL('../../src/shell/previewThread.ts', import.meta.url);
const GOOD = [{ name: 'App.tsx', content: 'export default () => <p>a</p>;' }];
/** Each level doubles the time that Sucrase takes. */
const ENDLESS = [{ name: 'App.tsx', content: `export default ${'(a='.repeat(40)}1${')=>1'.repeat(40)}` }];

test('previews are made in the order asked for, and one that never ends is given up', async () => {
  const previewer = new Previewer(THREAD, 6000);
  try {
    const all = await Promise.all([GOOD, GOOD, ENDLESS, GOOD].map((files) => previewer.preview(files, { complete: true })));
    assert.deepEqual(
      all.map(({ kind }) => kind),
      ['component', 'component', 'none', 'component'],
    );
    assert.deepEqual(all[2], {
      kind: 'none',
      reason: 'This code was not compiled within 6 seconds, so it cannot be shown.',
      problems: [],
    });
  } finally {
    previewer.dispose();
  }
});

test('a thread that cannot start is one sentence, each time it is asked for', async () => {
  for (const [program, reason] of [
    [new URL('file:///nowhere/at/all.js'), /^This code cannot be compiled here: Cannot find module/],
    ['no path at all', /^This code cannot be compiled here: The worker script or module filename must be/],
  ] as const) {
    const previewer = new Previewer(program);
    for (const made of await Promise.all([GOOD, GOOD].map((files) => previewer.preview(files, { complete: true })))) {
      assert.ok(made.kind === 'none');
      assert.match(made.reason, reason);
    }
    previewer.dispose();
  }
});
