/** Hostile file names: what may be written, on every system at once, and what needs a yes of its own. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkRelativePath, displayPath, isExecutionSensitive, pathConflicts } from '../../../src/core/artifact/paths.ts';

const ACCEPTED = [
  'index.html',
  'src/App.tsx',
  'a b/c d.css',
  'app/[id]/page.tsx',
  'app/(group)/@slot/page.tsx',
  'routes/[...slug].ts',
  'lib/$lib.ts',
  'src/über/Größe.html',
  '日本語/ページ.html',
  'C#/x.cs',
  'a+b=c.txt',
  'x.test.ts',
  'a-b_c.d.e',
  "it's.html",
  'console/com.html',
  'company.html',
  'auxiliary/x.js',
  '.gitignore',
  '.vscode/settings.json',
];

const REFUSED = [
  // parent steps, alone and after a folder, with either slash
  '../x.html',
  '..\\x.html',
  'src/../../x.html',
  'src\\..\\..\\x.html',
  'src/..',
  '..',
  '.',
  './x',
  'a/./b',
  'a//b',
  'a/',
  '',
  '...',
  'a/.../b',
  '. ./x',
  '.. /x',
  // absolute, UNC, drives, devices, pipes, URLs, home
  '/etc/passwd',
  '\\\\server\\share\\x',
  '//server/share/x',
  'C:\\x',
  'C:/x',
  'C:x',
  'c:',
  '\\\\?\\C:\\x',
  '\\\\.\\pipe\\x',
  '//?/C:/x',
  'file:///etc/passwd',
  'file:/x',
  'http://x/y.html',
  '~',
  '~/x',
  '~root/x',
  'a/~/b',
  'PROGRA~1/x',
  'GIT~1/config',
  // hidden, encoded and look-alike characters
  'a\0.html',
  'a\n.html',
  'a\u001b.html',
  '%2e%2e/x',
  '..%2fx',
  'a%00.html',
  '．．/x',
  'a／b',
  '‥/x',
  '…/x',
  '․․/x',
  'a∕b',
  'a⁄b',
  'a＼b',
  'a∖b',
  'a：b',
  'a꞉b',
  '\u200b.git/config',
  '.g\u200bit/config',
  '.git\u200d/config',
  'a\u202egnp.html',
  '\u2066x',
  'a\ufeff.html',
  'a\u00ad.html',
  'a\u3164.html',
  'a\u034f.html',
  'a\u180e.html',
  'ａ.html',
  'a\u2028b',
  // Windows
  'CON',
  'con.html',
  'a/NUL',
  'nul.tar.gz',
  'COM1.txt',
  'lpt9',
  'COM¹',
  'aux.js',
  'PRN .txt',
  'CONIN$',
  'a.',
  'a ',
  'a./b',
  'a /b',
  ' a',
  'x.html::$DATA',
  'x.html:evil',
  'a?b',
  'a<b',
  'a>b',
  'a|b',
  'a"b',
  'a*b',
  // sizes
  'a'.repeat(201),
  `${'a/'.repeat(16)}b`,
  `${'ü'.repeat(130)}.html`,
];

test('ordinary names are accepted as they are', () => {
  for (const name of ACCEPTED) assert.deepEqual(checkRelativePath(name), { ok: true, path: name });
});

test('names that escape, hide or cannot exist everywhere are refused with a reason', () => {
  for (const name of REFUSED) {
    const check = checkRelativePath(name);
    assert.ok(!check.ok, JSON.stringify(name));
    assert.match(check.reason, /^(?:it|the|a|".*") .*\.$/);
  }
});

test('composed and decomposed letters are one name', () => {
  assert.deepEqual(checkRelativePath('Gro\u0308\u00dfe.html'), { ok: true, path: 'Gr\u00f6\u00dfe.html' });
});

test('whatever is accepted stays inside the folder, on posix and on Windows, and is a name Windows keeps', () => {
  const bits = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    'a',
    'C:',
    '~',
    ' ',
    '%2e',
    '\0',
    '．',
    '／',
    'con',
    'nul',
    '.git',
    ':',
    '\u200b',
    'é',
    '$',
    '\u202e',
    '1',
  );
  const names = fc.oneof(
    fc.array(bits, { maxLength: 8 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  fc.assert(
    fc.property(names, (name) => {
      const check = checkRelativePath(name);
      if (!check.ok) return;
      for (const [system, root] of [
        [path.posix, '/srv/space'],
        [path.win32, 'C:\\work\\space'],
      ] as const) {
        const full = system.resolve(root, check.path);
        assert.equal(full, root + system.sep + check.path.split('/').join(system.sep));
        assert.ok(full.startsWith(root + system.sep));
      }
      assert.doesNotMatch(check.path, /[. ](?:\/|$)|[:\\%~\p{Cc}\p{Cf}]/u);
    }),
    { seed: 20261122, numRuns: 20_000 },
  );
});

const SENSITIVE = [
  '.vscode/settings.json',
  '.vscode/tasks.json',
  '.vscode/launch.json',
  '.vscode/mcp.json',
  '.VSCODE/Settings.JSON',
  '.vscode./settings.json',
  '.vscode /tasks.json',
  '.vscode\\tasks.json',
  '.vscode//tasks.json',
  'src/../.vscode/tasks.json',
  '.git/config',
  '.git/hooks/pre-commit',
  '.gitattributes',
  '.GIT/config',
  'GIT~1/config',
  '.g\u200bit/config',
  '．git/config',
  'sub/.git/config',
  '.gitmodules',
  'hooks/pre-commit',
  'x.code-workspace',
  'X.Code-Workspace',
  '.devcontainer/devcontainer.json',
  '.devcontainer.json',
  '.env',
  '.env.local',
  'config/prod.env',
  '.npmrc',
  '.yarnrc.yml',
  '.husky/pre-commit',
  '.github/workflows/ci.yml',
  '.gitlab-ci.yml',
  'Jenkinsfile',
  '.cursor/rules/x.mdc',
  '.cursorrules',
  'CLAUDE.md',
  'AGENTS.md',
  'docs/agents.md',
  'GEMINI.md',
  '.github/copilot-instructions.md',
  'copilot-instructions.md',
  'x.prompt.md',
  '.mcp.json',
  'mcp.json',
  'package.json',
  'apps/web/PACKAGE.JSON',
  'node_modules/x/index.js',
  'Node_Modules/x.js',
  'vite.config.ts',
  'tailwind.config.js',
  'Makefile',
  'setup.py',
  'conftest.py',
  'build.rs',
  'Dockerfile',
  'docker-compose.yml',
  'run.sh',
  'a/b.ps1',
  'x.BAT',
  'x.exe',
  'x.desktop',
  'bin/tool',
  '.bashrc',
  '.editorconfig',
  '.eslintrc.js',
  'x/.hidden/y.html',
  'tsconfig.json',
  'deno.json',
  'gradlew',
  'app.csproj',
  'a.sh::$DATA',
  'a.sh.',
  'run.sh ',
];
const ORDINARY = [
  'index.html',
  'src/App.tsx',
  'styles/main.css',
  'src/hooks/useThing.ts',
  'docs/guide.md',
  'data.json',
  'images/logo.svg',
  'src/config.ts',
  'environment.ts',
  'git/notes.md',
  'pre-order.html',
  'src/[id].tsx',
  'packages.html',
  'vscode.md',
  'cabin/x.html',
];

test('files that can make code run need their own yes, however they are spelled', () => {
  for (const name of SENSITIVE) assert.ok(isExecutionSensitive(name), name);
  for (const name of ORDINARY) assert.equal(isExecutionSensitive(name), undefined, name);
});

test('names that cannot live side by side', () => {
  const cases: readonly (readonly [readonly string[], number])[] = [
    [['a.html', 'b.html', 'a/b.css'], 0],
    [['a.html', 'A.html'], 1],
    [['src/x', 'src/x/y.css'], 1],
    [['SRC/x', 'src/X/y.css'], 1],
  ];
  for (const [paths, count] of cases) assert.equal(pathConflicts(paths).length, count, paths.join());
});

test('any name can be shown, keeps its extension, and never climbs', () => {
  for (const name of [...REFUSED, ...ACCEPTED]) {
    const shown = displayPath(name);
    assert.ok(shown.length > 0 && !shown.startsWith('/') && !/(?:^|\/)\.{0,2}(?:\/|$)|[\\\0]/.test(shown), `${name} -> ${shown}`);
  }
  assert.equal(displayPath('../../src/x.tsx'), '__/__/src/x.tsx'.replaceAll('__/', ''));
  assert.equal(displayPath('C:\\a\\b.css'), 'C_/a/b.css');
});
