/** The extension inside a real extension host: what activation registers, and what it does not load. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

const ID = 'second-thought.second-thought';
const AT_FIRST_USE = ['openaiSdk.js', 'anthropicSdk.js', 'genaiPrices.js', 'share.js'];

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(ID);
  assert.ok(found, `${ID} is not installed`);
  return found;
}

suite('activation', () => {
  test('is not done at start-up', () => {
    assert.equal(extension().isActive, false);
  });

  test('registers every command of the manifest and no other', async () => {
    await extension().activate();
    const manifest = JSON.parse(readFileSync(join(extension().extensionPath, 'package.json'), 'utf8')) as {
      contributes: { commands: { command: string }[] };
    };
    const named = manifest.contributes.commands.map((command) => command.command).sort();
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('secondThought.'));
    // Each view brings commands of its own, such as `<view>.focus`.
    assert.deepEqual(
      registered.filter((command) => !/\.(focus|open|resetViewLocation|removeView|toggleVisibility)$/.test(command)).sort(),
      named,
    );
  });

  test('loads no SDK and no price list', () => {
    const loaded = Object.keys(require.cache).map((file) => file.replaceAll('\\', '/'));
    assert.ok(
      loaded.some((file) => file.endsWith('/dist/extension.js')),
      'the bundle itself should be in the cache that is looked at',
    );
    assert.deepEqual(
      loaded.filter((file) => AT_FIRST_USE.some((name) => file.endsWith(`/dist/${name}`))),
      [],
    );
  });
});
