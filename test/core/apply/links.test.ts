/** A path that cannot be looked at is refused; one that is not there is not. */
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { test } from 'node:test';
import { checkRealPath, type Disk } from '../../../src/core/apply/links.ts';

const denied = async (): Promise<never> => {
  throw new Error("EACCES: permission denied, lstat '/ws/closed/a.css'");
};
const disk: Disk = {
  rules: posix,
  lstat: async (path) => (path.startsWith('/ws/closed/') ? denied() : path === '/ws' ? { kind: 'folder', names: 1 } : undefined),
  realpath: async (path) => (path === '/out' ? denied() : path),
};

for (const [root, target, expected] of [
  ['/ws', '/ws/new/a.css', { realRelative: 'new/a.css' }],
  ['/ws', '/ws/closed/a.css', /the system does not let it be looked at \(EACCES: .*\)\.$/],
  ['/out', '/out/a.css', /the system does not let it be looked at/],
] as const) {
  test(`${target} below ${root}`, async () => {
    const real = await checkRealPath(root, target, disk);
    if (expected instanceof RegExp) assert.match('reason' in real ? real.reason : '', expected);
    else assert.deepEqual(real, expected);
  });
}
