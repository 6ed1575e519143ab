/** What `npm start` opens where. Desktop systems other than Linux are decided here and tried nowhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseOpening, isAtLeast, mayUseDesktopCode, type Opening, type Surroundings } from '../../scripts/situation.ts';

const LEAST = '1.136.2';
const CODE = { path: '/usr/bin/code', version: '1.139.1' };
const OLD = { path: '/usr/bin/code', version: '1.99.3' };

function check(expected: Opening, around: Partial<Surroundings>): void {
  assert.equal(chooseOpening({ platform: 'linux', env: {}, interactive: false, leastVersion: LEAST, ...around }), expected);
}

const CASES: readonly (readonly [string, Opening, Partial<Surroundings>])[] = [
  ['no display, no terminal', 'terminal', {}],
  ['no display, no terminal, VS Code on PATH', 'terminal', { desktop: CODE }],
  ['no display, a terminal', 'terminal-then-serve', { interactive: true }],
  [
    'a terminal of a remote VS Code, which opens browsers at home',
    'browser',
    { interactive: true, env: { BROWSER: '/helpers/browser.sh' } },
  ],
  ['a display and VS Code', 'desktop', { env: { DISPLAY: ':0' }, desktop: CODE }],
  ['Wayland and VS Code', 'desktop', { env: { WAYLAND_DISPLAY: 'wayland-0' }, desktop: CODE, interactive: true }],
  ['a display and no VS Code', 'browser', { env: { DISPLAY: ':0' } }],
  ['a display and a VS Code that is too old', 'browser', { env: { DISPLAY: ':0' }, desktop: OLD }],
  ['macOS with VS Code', 'desktop', { platform: 'darwin', desktop: CODE }],
  ['macOS over ssh', 'terminal', { platform: 'darwin', env: { SSH_CONNECTION: '::1 1 ::1 22' }, desktop: CODE }],
  ['Windows without VS Code', 'browser', { platform: 'win32' }],
];

for (const [name, expected, around] of CASES) test(`${name}: ${expected}`, () => check(expected, around));

test('versions are compared by number', () => {
  const newer = ['1.136.2', '1.136.10', '1.140.0', '2.0.0', '1.137.0-insider'];
  const older = ['1.136.1', '1.99.9', '0.200.0', '', 'unknown'];
  assert.deepEqual(
    [...newer, ...older].filter((version) => isAtLeast(version, LEAST)),
    newer,
  );
});

test('a remote command line is not a desktop', () => {
  assert.ok(mayUseDesktopCode({}));
  assert.ok(!mayUseDesktopCode({ WSL_DISTRO_NAME: 'Debian' }));
  assert.ok(!mayUseDesktopCode({ VSCODE_IPC_HOOK_CLI: '/run/user/1000/vscode-ipc.sock' }));
});
