/**
 * Begins the sample comparison in the window that `npm start` opens. It runs once a profile: a reload must show what the extension
 * restores, not a second comparison. A file remembers that, because a served window keeps its other memory in the browser.
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

/** @param {import('vscode').ExtensionContext} context */
exports.activate = async (context) => {
  mkdirSync(context.globalStorageUri.fsPath, { recursive: true });
  try {
    writeFileSync(join(context.globalStorageUri.fsPath, 'begun'), '', { flag: 'wx' });
  } catch {
    return; // It has begun before.
  }
  await vscode.commands.executeCommand('secondThought.runSample', 'pricing-card');
};
