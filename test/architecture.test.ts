/**
 * The house rules of ARCHITECTURE.md as tests: which room may import which, no cycles, and a few things that no file may hold. Imports of
 * types count as imports. Every rule carries a small violation and is seen to catch it, so that none of them is asleep.
 */
import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { cruise, type ICruiseResult, type IRegularForbiddenRuleType } from 'dependency-cruiser';
import { ROOT } from '../scripts/install.mjs';

/** The files of the core that touch the machine. Everything else in it is given what it needs. */
const CORE_FILES_WITH_NODE = [
  'claim.ts',
  'engine.ts',
  'processId.ts',
  'stateDirectory.ts',
  'history/history.ts',
  'journal/journal.ts',
  'journal/lines.ts',
  'money/book.ts',
  'money/bookFailure.ts',
  'money/bookFile.ts',
  'money/heartbeat.ts',
  'money/known.ts',
  'money/ledger.ts',
  'money/setAside.ts',
  'money/priceLists.ts',
  'providers/nodeFetch.ts',
];

const ADAPTERS = '^src/core/providers/(anthropicMessages|openaiChat|openaiResponses)[.]ts$';
const VSCODE = '^vscode$|node_modules/@types/vscode/';
const SDKS = 'node_modules/(openai|@anthropic-ai)/|^(openai|@anthropic-ai/sdk)$';

interface HouseRule extends Pick<IRegularForbiddenRuleType, 'from' | 'to'> {
  readonly name: string;
  /** Files that break it: path and text. The first one is the offender. */
  readonly violation: Readonly<Record<string, string>>;
}

const RULES: readonly HouseRule[] = [
  {
    name: 'shared is the leaf',
    from: { path: '^src/shared/' },
    to: { pathNot: '^src/shared/' },
    violation: { 'src/shared/a.ts': "import type { B } from '../core/b.ts';", 'src/core/b.ts': 'export type B = 1;' },
  },
  {
    name: 'core knows no shell, page or command line',
    from: { path: '^src/core/' },
    to: { path: '^src/(shell|webview|cli)/' },
    violation: { 'src/core/a.ts': "import type { B } from '../shell/b.ts';", 'src/shell/b.ts': 'export type B = 1;' },
  },
  {
    name: 'vscode is known to the shell alone, even as a type',
    from: { path: '^src/', pathNot: '^src/shell/' },
    to: { path: VSCODE },
    violation: { 'src/core/a.ts': "import type { Uri } from 'vscode';" },
  },
  {
    name: 'core touches the machine in few, named files',
    from: { path: '^src/core/', pathNot: `^src/core/(${CORE_FILES_WITH_NODE.join('|').replaceAll('.', '[.]')})$` },
    to: { dependencyTypes: ['core'] },
    violation: { 'src/core/prompt.ts': "import { readFileSync } from 'node:fs';" },
  },
  {
    name: 'the page imports shared, itself and UI libraries',
    from: { path: '^src/webview/' },
    to: {
      pathNot: '^src/(shared|webview)/|node_modules/(preact|@preact|@vscode-elements|@vscode/codicons|dompurify|pixelmatch)/',
    },
    violation: { 'src/webview/a.tsx': "import { b } from '../core/b.ts';", 'src/core/b.ts': 'export const b = 1;' },
  },
  {
    name: 'the runtimes of previews import shared, themselves and their frameworks',
    from: { path: '^src/runtimes/' },
    to: { pathNot: '^src/(shared|runtimes)/|node_modules/(react|react-dom|vue|svelte|@tailwindcss)/|^svelte/' },
    violation: { 'src/runtimes/a.ts': "import { b } from '../webview/b.ts';", 'src/webview/b.ts': 'export const b = 1;' },
  },
  {
    name: 'nobody imports a runtime',
    from: { path: '^src/(core|shell|webview|cli|shared)/' },
    to: { path: '^src/runtimes/' },
    violation: { 'src/webview/a.ts': "import { b } from '../runtimes/b.ts';", 'src/runtimes/b.ts': 'export const b = 1;' },
  },
  {
    name: 'shell and command line know neither the page nor each other',
    from: { path: '^src/(shell|cli)/' },
    to: { path: '^src/(shell|cli|webview)/', pathNot: '^src/$1/' },
    violation: { 'src/shell/a.ts': "import { b } from '../cli/b.ts';", 'src/cli/b.ts': 'export const b = 1;' },
  },
  {
    name: 'nobody imports an entry point',
    from: {},
    to: { path: '^src/(shell/extension[.]ts|cli/main[.]ts|webview/main[.]tsx)$' },
    violation: {
      'src/shell/a.ts': "import { activate } from './extension.ts';",
      'src/shell/extension.ts': 'export const activate = 1;',
    },
  },
  {
    name: 'no cycles',
    from: {},
    to: { circular: true },
    violation: { 'src/core/a.ts': "import './b.ts';", 'src/core/b.ts': "import type { A } from './a.ts';" },
  },
  {
    name: 'providers know neither each other nor their list',
    from: { path: ADAPTERS },
    to: { path: [ADAPTERS, '^src/core/providers/index[.]ts$'] },
    violation: {
      'src/core/providers/openaiChat.ts': "import { x } from './openaiResponses.ts';",
      'src/core/providers/openaiResponses.ts': 'export const x = 1;',
    },
  },
  {
    name: 'only their list knows the providers',
    from: { path: '^src/', pathNot: ['^src/core/providers/index[.]ts$', ADAPTERS] },
    to: { path: ADAPTERS },
    violation: {
      'src/core/engine.ts': "import { x } from './providers/openaiChat.ts';",
      'src/core/providers/openaiChat.ts': 'export const x = 1;',
    },
  },
  {
    name: 'an SDK is loaded by its own bundle alone',
    from: { path: '^src/', pathNot: '^src/core/providers/(openai|anthropic)Sdk[.]ts$' },
    to: { path: SDKS, dependencyTypesNot: ['type-only'] },
    violation: { 'src/core/a.ts': "import { OpenAI } from 'openai';" },
  },
];

function cruiseIn(baseDir: string, rules: readonly HouseRule[]) {
  const forbidden = rules.map(({ name, from, to }) => ({ name, severity: 'error' as const, from, to }));
  return cruise(['src'], {
    baseDir,
    // The TypeScript parser needs the compiler's JavaScript API, which the native compiler does not have.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    validate: true,
    ruleSet: { forbidden },
  });
}

async function violations(baseDir: string, rules: readonly HouseRule[]): Promise<{ result: ICruiseResult; found: string[] }> {
  const { output } = await cruiseIn(baseDir, rules);
  if (typeof output === 'string') throw new Error(output);
  return { result: output, found: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`) };
}

describe('imports', () => {
  test('of the source follow every rule', async () => {
    const { result, found } = await violations(ROOT, RULES);
    const seen = result.modules.map((module) => module.source);
    const files = globSync('src/**/*.{ts,tsx}', { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'));
    assert.deepEqual(
      files.filter((file) => !seen.includes(file)),
      [],
      'every file must have been looked at',
    );
    assert.deepEqual(found, []);
  });

  for (const rule of RULES) {
    test(`a violation of "${rule.name}" is found`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rule-'));
      try {
        for (const [file, text] of Object.entries(rule.violation)) {
          mkdirSync(join(folder, dirname(file)), { recursive: true });
          writeFileSync(join(folder, file), `${text}\n`);
        }
        const { found } = await violations(folder, [rule]);
        const [offender] = Object.keys(rule.violation);
        assert.ok(
          found.some((line) => line.startsWith(`${rule.name}: ${offender} → `)),
          `found only: ${found.join('; ') || 'nothing'}`,
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  test('the list of core files that touch the machine is no longer than it must be', () => {
    const idle = CORE_FILES_WITH_NODE.filter((file) => !/from 'node:/.test(readFileSync(join(ROOT, 'src/core', file), 'utf8')));
    assert.deepEqual(idle, []);
  });
});

interface TextRule {
  readonly name: string;
  readonly files: string;
  /** True for a text that breaks the rule. */
  readonly broken: (text: string) => boolean;
  readonly violation: string;
}

const SCRIPTS = '{src,test,scripts,bench}/**/*.{ts,tsx,mjs,js}';

const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'every source file begins by saying what it is',
    files: 'src/**/*.{ts,tsx,css}',
    broken: (text) => !text.startsWith('/*'),
    violation: 'export const a = 1;',
  },
  {
    name: 'no any',
    files: SCRIPTS,
    broken: (text) => /(?::|<|\bas|\||,)\s*any\s*(?:[,;)>=|&[\]]|$)/m.test(withoutComments(text)),
    violation: `const a = b as ${'any'};`,
  },
  {
    name: 'no empty catch',
    files: SCRIPTS,
    broken: (text) => /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/.test(withoutStrings(text)),
    violation: 'try { a(); } catch {}',
  },
  {
    name: 'types are imported at the top, where the import rules see them',
    files: 'src/**/*.{ts,tsx}',
    broken: (text) => /typeof import\(['"](?:\.|vscode)|import\(['"](?:\.|vscode)[^)]*\)\.[A-Z]/.test(withoutComments(text)),
    violation: "export type A = import('./a.ts').A;",
  },
  {
    name: 'no path of one machine',
    files: '{{src,test,scripts,.vscode,.ci}/**/*.{ts,tsx,mjs,js,css,json,md},*.{md,json,js},.ci/run}',
    broken: (text) => new RegExp(`(?<![\\w.*])/(?:${['work/(?:main|shared)', 'root/', 'home/[a-z]+/'].join('|')})`).test(text),
    violation: `const a = '${'/wo'}${'rk/main'}';`,
  },
];

describe('text', () => {
  for (const rule of TEXT_RULES) {
    test(rule.name, () => {
      const files = globSync(rule.files, { cwd: ROOT }).filter(
        (file) => !file.includes('fixtures') && !file.endsWith('-lock.json'),
      );
      assert.ok(files.length > 0);
      assert.deepEqual(
        files.filter((file) => rule.broken(readFileSync(join(ROOT, file), 'utf8'))),
        [],
      );
    });

    test(`a violation of "${rule.name}" is found`, () => {
      assert.ok(rule.broken(rule.violation));
    });
  }
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

function withoutStrings(text: string): string {
  return text.replaceAll(/'[^'\n]*'|"[^"\n]*"/g, "''");
}
