/** What is attached to a task from a real workspace folder, and what its target is: with links, hidden files and secrets lying about. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { Task } from '../../src/shared/task.ts';
import { withContextFiles } from '../../src/shell/contextFiles.ts';
import { withTarget } from '../../src/shell/targets.ts';

const NAME = 'context-test';

suite('context files and target', () => {
  let root: string;
  let here: string;
  let outside: string;
  let task: Task;

  const put = async (name: string, text: string): Promise<void> => {
    const file = path.join(here, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, text);
  };
  const attach = (contextFiles: readonly string[], instructionsFile = '', given = task): Promise<Task> =>
    withContextFiles(given, { contextFiles: contextFiles.map((name) => `${NAME}/${name}`), instructionsFile });
  const roles = ({ materials = [] }: Task): string[] =>
    materials.map(({ role, name }) => `${role} ${name.slice(name.lastIndexOf('/') + 1)}`);

  suiteSetup(async () => {
    const workspace = vscode.workspace.workspaceFolders?.[0];
    assert.ok(workspace, 'the tests need a workspace folder');
    root = workspace.uri.fsPath;
    here = path.join(root, NAME);
    outside = await fs.mkdtemp(path.join(root, '..', 'outside-'));
    await fs.writeFile(path.join(outside, 'private.ts'), 'const secret = 1;\n');
    await put('spec.md', '# Card\n');
    await put('ui/Button.tsx', 'export const Button = () => <button />;\n');
    await put('ui/Card.tsx', 'export const Card = () => <div />;\n');
    await put('rules.md', 'Use tabs.\n');
    await put('.env', 'KEY=1\n');
    await put('server.pem', 'x\n');
    await put('big.ts', 'x'.repeat(300_000));
    await put('huge.ts', '');
    await fs.truncate(path.join(here, 'huge.ts'), 3 * 1024 ** 3); // all hole: it takes no room, and nobody can read it whole
    await put('many/package.json', '{"dependencies":{"vue":"3"}}');
    for (let index = 0; index < 12; index += 1) await put(`many/${index}.ts`, `export const a${index} = 1;\n`);
    await fs.symlink(path.join(outside, 'private.ts'), path.join(here, 'linked.ts'));
    await fs.symlink(outside, path.join(here, 'linked'));
    const uri = vscode.Uri.file(path.join(here, 'spec.md')).with({
      scheme: workspace.uri.scheme,
      authority: workspace.uri.authority,
    });
    task = {
      kind: 'design',
      title: 'Card',
      instruction: '',
      parts: [{ type: 'text', text: '# Card\n' }],
      source: { uri: uri.toString(), name: 'spec.md' },
    };
  });
  suiteTeardown(async () => {
    await fs.rm(here, { recursive: true, force: true });
    await fs.rm(outside, { recursive: true, force: true });
  });

  test('globs, a path and instructions are attached with their roles, once', async () => {
    const attached = await attach(['ui/*.tsx', 'ui/Card.tsx'], `${NAME}/rules.md`);
    assert.deepEqual(roles(attached), ['design spec.md', 'context Button.tsx', 'context Card.tsx', 'instructions rules.md']);
    assert.equal(attached.parts.length, 4);
    assert.deepEqual(await attach(['ui/*.tsx'], `${NAME}/rules.md`, attached), attached);
  });

  test('what several globs find, and what is there already, counts once', async () => {
    const eight = ['many/[0-7].ts', 'many/[0-3].ts', 'many/5.ts'];
    assert.equal(roles(await attach(eight)).length, 1 + 8);
    const again = await attach(eight, '', await attach(['many/[89].ts']));
    assert.equal(roles(again).length, 1 + 2 + 8);
    await assert.rejects(attach(['many/[0-8].ts']), /more than 8 files/);
  });

  test('what is not there is not missed, and the design is not attached to itself', async () => {
    assert.deepEqual(await attach(['nothing/*.ts', 'nothing.ts', 'spec.md'], 'nothing.md'), task);
  });

  test('code tasks get the instructions and no context', async () => {
    assert.deepEqual(roles(await attach(['ui/*.tsx'], `${NAME}/rules.md`, { ...task, kind: 'code' })), [
      'design spec.md',
      'instructions rules.md',
    ]);
  });

  test('nothing outside, hidden, secret or too large is attached, by its name or by a link', async () => {
    for (const [name, reason] of [
      ['../../outside.ts', /not inside/],
      ['linked.ts', /not inside/],
      ['linked/private.ts', /not inside/],
      ['.env', /hidden/],
      ['server.pem', /secrets/],
      ['big.ts', /up to 256 KB/],
      ['huge.ts', /up to 256 KB/],
    ] as const)
      await assert.rejects(attach([name]), reason, name);
    await assert.rejects(attach([], `${NAME}/linked.ts`), /not inside/);
    await assert.rejects(attach(['many/*.ts']), /up to 8/);
  });

  test('the target is the choice, else the setting, else what fits the place', async () => {
    const memory = (value?: string) =>
      ({ keys: () => [], get: () => value, update: async () => undefined }) as unknown as vscode.Memento; // the typed getters are overloads
    const target = async (setting: 'auto' | 'svelte', choice?: string, given = task): Promise<string | undefined> =>
      (await withTarget(given, { memory: memory(choice), setting: () => setting })).target;
    const below = { ...task, source: { uri: task.source?.uri.replace('spec.md', 'many/spec.md') ?? '', name: 'spec.md' } };
    assert.equal(await target('auto', undefined, below), 'vue');
    assert.equal(await target('svelte', undefined, below), 'svelte');
    assert.equal(await target('svelte', 'html', below), 'html');
    assert.equal(await target('auto', 'no such thing', below), 'vue');
    assert.equal(await target('svelte', undefined, { ...task, kind: 'code' }), undefined);
  });
});
