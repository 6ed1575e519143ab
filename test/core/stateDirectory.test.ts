/** One folder a person, by the customs of each system. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userStateDirectory } from '../../src/core/stateDirectory.ts';

const CASES: readonly [NodeJS.Platform, NodeJS.ProcessEnv, string][] = [
  ['linux', {}, '/home/ada/.local/share/second-thought'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/second-thought'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/second-thought'],
  ['darwin', {}, '/home/ada/Library/Application Support/second-thought'],
  ['win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Local\\second-thought'],
  ['linux', { SECOND_THOUGHT_STATE: '/trial' }, '/trial'],
];
for (const [platform, environment, expected] of CASES) {
  test(`${platform} ${JSON.stringify(environment)}`, () =>
    assert.equal(userStateDirectory(environment, platform, '/home/ada'), expected));
}
