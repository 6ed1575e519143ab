/** One folder a person, by the customs of each system. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userStateDirectory } from '../../src/core/stateDirectory.ts';

const CASES: readonly [NodeJS.Platform, NodeJS.ProcessEnv, string][] = [
  ['linux', {}, '/homes/ada/.local/share/second-thought'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/second-thought'],
  ['linux', { XDG_DATA_HOME: 'relative' }, '/homes/ada/.local/share/second-thought'],
  ['darwin', {}, '/homes/ada/Library/Application Support/second-thought'],
  ['win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Local\\second-thought'],
  ['linux', { SECOND_THOUGHT_STATE: '/trial' }, '/trial'],
];
for (const [platform, environment, expected] of CASES) {
  test(`${platform} ${JSON.stringify(environment)}`, () =>
    assert.equal(userStateDirectory(environment, platform, '/homes/ada'), expected));
}
