/** Designs of several files on the command line, and those that cannot be used. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type ComparisonEvent, fold } from '../../src/shared/comparison.ts';
import type { Task } from '../../src/shared/task.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-inputs-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const FRAME = (id: string, name: string) => ({
  id,
  name,
  type: 'FRAME',
  absoluteBoundingBox: { x: 0, y: 0, width: 320, height: 200 },
  children: [
    { id: `${id}9`, name: 'Title', type: 'TEXT', characters: name, absoluteBoundingBox: { x: 0, y: 0, width: 90, height: 24 } },
  ],
});
const FILES: Readonly<Record<string, string>> = {
  'hero.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><!-- a --><text x="1" y="2">Team</text></svg>',
  'tokens.json': '{"color":{"brand":{"$value":"#123456","$type":"color"}}}',
  'Card.tsx': 'export function Card() {\n  return <p>Card</p>;\n}\n',
  'util.ts': 'export const a = 1;\n',
  'rules.md': 'Use tabs.\n',
  'keys.md': `Use ${'sk-'}${'a'.repeat(30)}.\n`,
  'broken.json': '{"a":',
  'figma.json': JSON.stringify({
    document: {
      id: '0:0',
      type: 'DOCUMENT',
      children: [{ id: '0:1', type: 'CANVAS', name: 'Page', children: [FRAME('1:2', 'Plans'), FRAME('1:4', 'Team')] }],
    },
  }),
};
for (const [name, content] of Object.entries(FILES)) fs.writeFileSync(path.join(scratch, name), content);

async function compare(...args: string[]): Promise<{ readonly code: number; readonly stderr: string; readonly task?: Task }> {
  const state = fs.mkdtempSync(path.join(scratch, 'state-'));
  const argv = ['--disable-warning=ExperimentalWarning', MAIN, 'compare', ...args, '--state', state, '--events', '--config'];
  const config = path.join(state, 'config.json');
  // Nothing listens there: the task is what counts, and both lanes end at once.
  const dead = { api: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1', needsKey: false };
  fs.writeFileSync(config, JSON.stringify({ endpoints: { dead }, fastModel: 'dead:m', reasoningModel: 'dead:m', target: 'vue' }));
  return new Promise((resolve) => {
    execFile(process.execPath, [...argv, config], { cwd: scratch }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter(Boolean);
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({
        code,
        stderr,
        ...(lines.length > 0 ? { task: fold(lines.map((line) => JSON.parse(line) as ComparisonEvent)).task } : {}),
      });
    });
  });
}
const namesOf = (task: Task | undefined) => task?.materials?.map(({ name, role, kind }) => `${name}: ${role}, ${kind}`);

test('several files are one design, with context', async () => {
  const { task, stderr } = await compare('tokens.json', '--file', 'hero.svg', '--context', 'Card.tsx', '--context', 'util.ts');
  assert.ok(task, stderr);
  assert.deepEqual(namesOf(task), [
    'hero.svg: design, svg',
    'tokens.json: context, tokens',
    'Card.tsx: context, component',
    'util.ts: context, code',
  ]);
  assert.deepEqual(task.materials?.[0]?.leftOut, ['1 comment']);
  assert.deepEqual([task.kind, task.target, task.source?.name], ['design', 'vue', 'hero.svg']);
  // As the editor names documents, so that it can open and compare them.
  const uri = pathToFileURL(path.join(fs.realpathSync(scratch), 'hero.svg')).href;
  assert.deepEqual([task.source?.uri, task.materials?.[0]?.uri], [uri, uri]);
});

test('a frame of a Figma file is chosen by its id', async () => {
  const { task } = await compare('figma.json', '--frame', '1:4');
  assert.deepEqual(namesOf(task), ['Team: design, figma']);
  const which = await compare('figma.json');
  assert.equal(which.code, 2);
  assert.match(which.stderr, /2 frames: "Plans", "Team"/);
});

test('standing instructions and the target can be named, for designs and for code', async () => {
  const { task, stderr } = await compare('hero.svg', '--instructions', 'rules.md', '--target', 'svelte');
  assert.deepEqual(namesOf(task), ['hero.svg: design, svg', 'rules.md: instructions, text'], stderr);
  assert.equal(task?.target, 'svelte');
  const code = await compare('util.ts', '--task', 'rename', '--instructions', 'rules.md');
  assert.deepEqual(namesOf(code.task), ['util.ts: design, code', 'rules.md: instructions, text'], code.stderr);
});

test('what cannot be used is one sentence and exit code 2', async () => {
  for (const [args, expected] of [
    [['broken.json'], /broken\.json is not valid JSON/],
    [['hero.svg', '--context', 'gone.css'], /gone\.css cannot be read/],
    [['--context', 'Card.tsx'], /takes a SPEC/],
    [['hero.svg', '--target', 'cobol'], /--target takes html, .*; "cobol" is none of them/],
    [['hero.svg', '--instructions', 'keys.md'], /keys\.md is not sent: it holds what looks like a secret key/],
    [['hero.svg', '--instructions', 'gone.md'], /gone\.md cannot be read/],
  ] as const) {
    const { code, stderr } = await compare(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, expected);
  }
});
