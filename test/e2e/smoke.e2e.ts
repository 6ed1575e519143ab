/** The package as a person gets it: installed into a fresh VS Code, its commands are in the palette and nothing outside is asked. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { VSIX } from '../../scripts/build.ts';
import { ROOT } from '../../scripts/install.mjs';
import { openWorkbench, type Workbench } from '../lab/workbench.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    menus: { commandPalette: { command: string; when: string }[] };
  };
};

let workbench: Workbench;
before(async () => {
  workbench = await openWorkbench({
    name: 'smoke',
    extension: { vsix: VSIX },
    workspace: join(ROOT, 'media', 'samples', 'workspace'),
  });
});
after(() => workbench?.close());

test('every command that needs nothing first is in the palette', () =>
  workbench.check(async () => {
    await workbench.openFile('pricing-card.md');
    const { commands, menus } = manifest.contributes;
    const notInPalette = new Set(menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command));
    const titles = commands
      .filter(({ command, enablement }) => enablement === undefined && !notInPalette.has(command))
      .map((command) => command.title);
    const missing = new Set(titles);
    for (let attempt = 0; attempt < 20 && missing.size > 0; attempt++) {
      // One by one: the palette draws no more rows than fit.
      for (const title of missing) {
        const rows = await workbench.paletteRows(`Second Thought: ${title}`);
        if (rows.some((row) => row.includes(`Second Thought: ${title}`))) missing.delete(title);
      }
    }
    await workbench.screenshot('palette-closed');
    assert.deepEqual([...missing], []);
  }));

test('the browser asked nobody but this machine', () => {
  const outside = [...workbench.hosts].filter((host) => !host.startsWith('127.0.0.1:') && !host.endsWith('.vscode-cdn.net'));
  assert.deepEqual(outside, []);
});
