/**
 * Hostile names and trees, each on three kinds of disk: nothing is written outside the folder by name or by an existing link, and nothing
 * that can make code run is written without a yes of its own. Controls show that the trees let such a write through when nobody looks.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ApplyOutcome, applyAnswer } from '../../../src/core/apply/apply.ts';
import type { Question } from '../../../src/core/apply/workspace.ts';
import { answerOf, comparison } from './kit.ts';
import { SYSTEMS, type System, Tree } from './tree.ts';

/** 28 ways out by name. Those through links are below. */
const ESCAPE = [
  '../x.html',
  '..\\x.html',
  'src/../../x.html',
  'src\\..\\..\\x.html',
  '../ws-evil/x.html',
  '/etc/x.html',
  '/srv/ws-evil/x.html',
  '\\\\server\\share\\x.html',
  '//server/share/x.html',
  'C:\\srv\\ws-evil\\x.html',
  'C:/srv/ws-evil/x.html',
  'C:x.html',
  '\\\\?\\C:\\x.html',
  '\\\\.\\pipe\\x.html',
  'file:///etc/x.html',
  '~/x.html',
  '~root/x.html',
  '.',
  '..',
  '',
  'a\0/../../x.html',
  '%2e%2e/x.html',
  '..%2fx.html',
  '..%5cx.html',
  '․․/x.html',
  '．．/x.html',
  '..∕x.html',
  '..／x.html',
];

/** 13 names that Windows reads otherwise; refused everywhere. */
const WINDOWS = [
  'CON',
  'con.html',
  'a/NUL.css',
  'COM1.html',
  'LPT9',
  'x.html.',
  'a /x.html',
  'x.html::$DATA',
  'a:b.html',
  'a?.html',
  'a<b>.html',
  'a\u202egnp.html',
  `${'a'.repeat(300)}.html`,
];

/** 29 names that can make code run, or whose spelling hides one. */
const EXECUTION = [
  '.vscode/settings.json',
  '.vscode/tasks.json',
  '.vscode/launch.json',
  '.vscode/mcp.json',
  '.VSCODE/SETTINGS.JSON',
  '.VsCode/tasks.json',
  '.vscode./tasks.json',
  '.vscode /tasks.json',
  '.vscode\\tasks.json',
  '.vscode//tasks.json',
  'src/../.vscode/tasks.json',
  '.git/config',
  '.git/hooks/pre-commit',
  '.gitattributes',
  'GIT~1/config',
  '.g\u200bit/config',
  'x.code-workspace',
  '.devcontainer/devcontainer.json',
  '.env',
  '.npmrc',
  '.husky/pre-commit',
  '.github/workflows/ci.yml',
  '.cursor/rules/x.mdc',
  '.claude/settings.json',
  'package.json',
  'AGENTS.md',
  'node_modules/x/index.js',
  'Package.json',
  '.ＧＩＴ/config',
];

/** Links that are there before; `x` is written through them. Those to outside must be refused, the ones to inside may be used. */
const LINKS: readonly { readonly name: string; readonly isSafe: boolean; readonly make: (tree: Tree) => void }[] = [
  { name: 'folder/x.html', isSafe: false, make: (tree) => tree.link(tree.in('folder'), tree.outside) },
  { name: 'folder/deep/er/x.html', isSafe: false, make: (tree) => tree.link(tree.in('folder'), tree.outside) },
  {
    name: 'file.html',
    isSafe: false,
    make: (tree) => {
      tree.file(`${tree.outside}/theirs.html`, 'theirs\n');
      tree.link(tree.in('file.html'), `${tree.outside}/theirs.html`);
    },
  },
  { name: 'dangling.html', isSafe: false, make: (tree) => tree.link(tree.in('dangling.html'), `${tree.outside}/nowhere.html`) },
  {
    name: 'chain/x.html',
    isSafe: false,
    make: (tree) => {
      tree.link(tree.in('chain'), tree.in('second'));
      tree.link(tree.in('second'), tree.outside);
    },
  },
  { name: 'loop/x.html', isSafe: false, make: (tree) => tree.link(tree.in('loop'), tree.in('loop')) },
  { name: 'up/x.html', isSafe: false, make: (tree) => tree.link(tree.in('up'), '..') },
  { name: 'self/x.html', isSafe: true, make: (tree) => tree.link(tree.in('self'), tree.root) },
  {
    name: 'inside/x.html',
    isSafe: true,
    make: (tree) => {
      tree.folder(tree.in('src'));
      tree.link(tree.in('inside'), tree.in('src'));
    },
  },
];

async function apply(
  tree: Tree,
  files: Readonly<Record<string, string>>,
  says: (question: Question) => boolean,
): Promise<ApplyOutcome> {
  const state = comparison('names', {}, { fast: answerOf(files) });
  return applyAnswer(state, 'fast', {
    workspace: tree.workspace(),
    undo: { read: async () => undefined, write: async () => undefined, lock: async () => undefined },
    dialogs: { confirm: async (question) => says(question), tell: async () => undefined, pickFolder: async () => tree.root },
    log: () => undefined,
  });
}

for (const system of SYSTEMS) {
  describe(`on a ${system} disk`, () => {
    for (const name of [...ESCAPE, ...WINDOWS]) {
      test(`${JSON.stringify(name).slice(0, 40)} writes nothing outside`, async () => {
        const tree = new Tree(system);
        const { applied, message } = await apply(tree, { [name]: '<p>\n', 'good.html': '<p>\n' }, () => true);
        assert.ok(tree.staysInside(), `${tree.written.join()}: ${message}`);
        // The reader of answers takes no such thing for a name: only what is beside it is written.
        const isName = name !== '' && name.length < 256 && !name.includes('\0');
        if (isName) assert.deepEqual([applied, tree.written], [[], []], message);
      });
    }

    for (const { name, isSafe, make } of LINKS) {
      test(`${name} through an existing link ${isSafe ? 'inside' : 'that leads out'}`, async () => {
        const tree = new Tree(system);
        make(tree);
        const { applied, message } = await apply(tree, { [name]: '<p>\n' }, () => true);
        assert.ok(tree.staysInside(), tree.written.join());
        assert.deepEqual([applied.length, tree.written.length], isSafe ? [1, 1] : [0, 0], message);
      });
    }

    test('two names of one file, through a link or by letter case, are refused', async () => {
      const tree = new Tree(system);
      tree.file(tree.in('src', 'x.html'), 'old\n');
      tree.link(tree.in('again'), tree.in('src'));
      assert.match((await apply(tree, { 'src/x.html': 'A\n', 'again/x.html': 'B\n' }, () => true)).message, /same file/);
      assert.match((await apply(tree, { 'a.html': 'A\n', 'A.html': 'B\n' }, () => true)).message, /same file/);
      assert.match(
        (await apply(tree, { 'gr\u00fc.html': 'A\n', 'gru\u0308.html': 'B\n' }, () => true)).message,
        /same file|^Applied/,
      );
    });

    for (const name of EXECUTION) {
      test(`${JSON.stringify(name)} needs its own yes`, async () => {
        const tree = new Tree(system);
        const own = /can make code run/;
        await apply(tree, { [name]: '{}\n' }, ({ message }) => !own.test(message));
        assert.deepEqual(tree.written, []);
      });
    }

    test('a red-listed file behind a link of a harmless name needs its own yes', async () => {
      const tree = new Tree(system);
      tree.folder(tree.in('.git', 'hooks'));
      tree.link(tree.in('docs'), tree.in('.git', 'hooks'));
      const asked: string[] = [];
      await apply(tree, { 'docs/x.html': '<p>\n' }, ({ message }) => {
        asked.push(message);
        return false;
      });
      assert.match(asked.join(), /can make code run/);
      assert.deepEqual(tree.written, []);
    });

    test('a write through a link is seen by these trees when nobody stops it', async () => {
      const tree = new Tree(system);
      tree.link(tree.in('folder'), tree.outside);
      const workspace = tree.workspace();
      await workspace.edit([{ uri: workspace.join(tree.root, 'folder/x.html'), from: null, to: 'x' }], undefined);
      assert.equal(tree.staysInside(), false);
      await workspace.edit([{ uri: workspace.join(tree.root, '../ws-evil/x.html'), from: null, to: 'x' }], undefined);
      assert.equal(tree.written.length, 2);
    });
  });
}

test('the families are whole', () => {
  const kinds: readonly System[] = SYSTEMS;
  assert.deepEqual([ESCAPE.length, WINDOWS.length, EXECUTION.length, kinds.length], [28, 13, 29, 3]);
});
