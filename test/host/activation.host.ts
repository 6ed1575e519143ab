/** The extension inside a real extension host: what activation registers, what it does not load, and what the first use does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

const ID = 'second-thought.second-thought';
const AT_FIRST_USE = ['product.js', 'openaiSdk.js', 'anthropicSdk.js', 'genaiPrices.js', 'share.js'];

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(ID);
  assert.ok(found, `${ID} is not installed`);
  return found;
}

/** Whether the extension host has read that bundle. */
const isLoaded = (name: string): boolean =>
  Object.keys(require.cache).some((file) => file.replaceAll('\\', '/').endsWith(`/dist/${name}`));

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

  test('loads the registrations and nothing else', () => {
    assert.ok(isLoaded('extension.js'), 'the bundle itself should be in the cache that is looked at');
    assert.deepEqual(AT_FIRST_USE.filter(isLoaded), []);
  });

  test('a document that is asked for loads the product, and no SDK', async () => {
    const uri = vscode.Uri.parse('second-thought:/none/fast/index.html');
    await assert.rejects(
      async () => vscode.workspace.fs.stat(uri),
      (error) => error instanceof vscode.FileSystemError && error.code === 'FileNotFound',
    );
    assert.deepEqual(AT_FIRST_USE.filter(isLoaded), ['product.js']);
  });

  test('a command runs with its arguments, and once', async () => {
    // Nothing is under that id: whoever runs it says so and ends.
    await vscode.commands.executeCommand('secondThought.openComparison', 'none');
    await vscode.commands.executeCommand('secondThought.stop');
    assert.deepEqual(AT_FIRST_USE.filter(isLoaded), ['product.js']);
  });
});
