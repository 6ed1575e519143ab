/** What is said of each component of the corpus, and which of them are refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { previewOf } from '../../../src/core/preview/preview.ts';
import { COMPONENTS } from './componentCorpus.ts';

const filesOf = (files: Readonly<Record<string, string>> = {}) =>
  Object.entries(files).map(([name, content]) => ({ name, content }));

for (const [framework, cases] of Object.entries(COMPONENTS)) {
  describe(framework, () => {
    for (const { name, files, sent, reads, says = [] } of cases) {
      test(name, async () => {
        const preview = await previewOf(filesOf(files), { complete: true, sent: filesOf(sent) });
        assert.equal(preview.kind, reads === undefined ? 'none' : 'component');
        assert.deepEqual('problems' in preview && preview.problems, says);
      });
    }
  });
}
