/**
 * The manifest and the code name the same things, and the manifest keeps the promises made of it: nothing runs at start-up, no
 * workspace can change a setting, and what it points at exists.
 */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ROOT } from '../scripts/install.mjs';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media?: Readonly<Record<string, unknown>>;
  readonly completionEvents?: readonly string[];
}

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly icon?: string;
  readonly activationEvents: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly when?: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly scope?: string; readonly markdownDescription?: string; readonly default?: unknown }>
      >;
    };
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly Step[] }[];
  };
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const sources = globSync('src/**/*.{ts,tsx}', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'));
const shell = globSync('src/shell/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'));

const commands = contributes.commands.map((command) => command.command);
const settings = Object.keys(contributes.configuration.properties);
const views = Object.values(contributes.views ?? {}).flatMap((group) => group.map((view) => view.id));

/** Every `secondThought.<name>` in some texts, without what follows in dots where only the first name counts. */
function namesIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => [...text.matchAll(/\bsecondThought\.[A-Za-z][\w.]*\w/g)].map(([name]) => name)));
}

const whens = [
  ...contributes.commands.map((command) => command.enablement ?? ''),
  ...Object.values(contributes.menus).flatMap((items) => items.map((item) => item.when ?? '')),
  ...contributes.keybindings.map((binding) => binding.when ?? ''),
];
const contextKeys = new Set([...namesIn(whens)].filter((name) => !views.includes(name)));

describe('manifest and code', () => {
  test('name the same commands', () => {
    // Activation registers what the manifest names, and every one of them runs what the table has under its name.
    const table = commandTable(readFileSync(join(ROOT, 'src/shell/commands.ts'), 'utf8'));
    assert.deepEqual(table.map((name) => `secondThought.${name}`).sort(), [...commands].sort());
    const direct = shell.flatMap((text) => text.match(/registerCommand\(\s*['"`].*/g) ?? []);
    assert.deepEqual(direct, [], 'a command that is not in the table');
  });

  test('a command that the table has too many is found, and one it has too few', () => {
    const text =
      'const table: Record<string, Run> = {\n    one: () => 1,\n    two: async () => {\n      three: 3\n    },\n  };\n  four: 4';
    assert.deepEqual(commandTable(text), ['one', 'two']);
  });

  test('use no command that is not there', () => {
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].flatMap(({ command }) => command ?? []);
    assert.deepEqual(
      used.filter((command) => !commands.includes(command)),
      [],
    );
  });

  test('name the same settings', () => {
    const read = new Set(
      sources.flatMap((text) => [
        ...[...text.matchAll(/(?:getConfiguration|affectsConfiguration)\(\s*'(secondThought\.[\w.]+)'/g)].map(
          (match) => match[1] ?? '',
        ),
        ...settings.filter((setting) => mentions(text, setting)),
      ]),
    );
    assert.deepEqual([...read].filter((name) => !settings.includes(name)).sort(), []);
    assert.deepEqual(settings.filter((setting) => !read.has(setting)).sort(), []);
  });

  test('name the same context keys', () => {
    const set = new Set(
      shell.flatMap((text) =>
        [...text.matchAll(/'setContext',\s*(?:'(secondThought\.\w+)'|`secondThought\.\$\{)/g)]
          .map((match) => match[1])
          .filter((name) => name !== undefined),
      ),
    );
    for (const key of contextKeys) {
      const short = key.replace('secondThought.', '');
      const setSomewhere =
        set.has(key) || shell.some((text) => text.includes('setContext') && new RegExp(`\\b${short}\\b`).test(text));
      assert.ok(setSomewhere, `${key} is used in a condition and set nowhere`);
    }
    assert.deepEqual([...set].filter((key) => !contextKeys.has(key)).sort(), [], 'set, but no condition uses it');
  });

  test('name nothing that the other does not know', () => {
    const known = [...commands, ...settings, ...views, ...contextKeys];
    const items = shell.flatMap((text) =>
      [...text.matchAll(/create(?:StatusBarItem|WebviewPanel)\(\s*'(secondThought\.\w+)'/g)].map((match) => match[1] ?? ''),
    );
    const types = [...items, ...manifest.activationEvents.map((event) => event.replace(/^.*:/, ''))];
    // A stretch such as `secondThought.budget` names all settings below it.
    const isKnown = (name: string) =>
      types.includes(name) || known.some((other) => other === name || other.startsWith(`${name}.`));
    assert.deepEqual([...namesIn(sources)].filter((name) => !isKnown(name)).sort(), []);
  });
});

describe('manifest', () => {
  test('each command has the category and a title', () => {
    const wrong = contributes.commands.filter(({ category, title }) => category !== 'Second Thought' || !title);
    assert.deepEqual(wrong, []);
    assert.equal(new Set(commands).size, commands.length);
  });

  test('each setting is for the application, has a default and a description', () => {
    const wrong = Object.entries(contributes.configuration.properties).filter(
      ([, setting]) => setting.scope !== 'application' || !setting.markdownDescription || setting.default === undefined,
    );
    assert.deepEqual(
      wrong.map(([name]) => name),
      [],
    );
  });

  test('nothing activates at start-up', () => {
    const early = manifest.activationEvents.filter(
      (event) => event === '*' || /^onStartupFinished|^workspaceContains|^onLanguage/.test(event),
    );
    assert.deepEqual(early, []);
  });

  test('the engine floor is the version whose API is compiled against', () => {
    const floor = /^\^(\d+\.\d+)\.\d+$/.exec(manifest.engines.vscode)?.[1];
    const types = /^(\d+\.\d+)\.\d+$/.exec(manifest.devDependencies['@types/vscode'] ?? '')?.[1];
    assert.ok(floor);
    assert.equal(types, floor);
  });

  test('all packages are exact, and none is needed at run time', () => {
    assert.deepEqual(manifest.dependencies ?? {}, {});
    const loose = Object.entries({ ...manifest.devDependencies, ...manifest.optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    assert.deepEqual(loose, []);
  });

  test('the lock file holds the packages of every platform, so that npm ci works on each', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; integrity?: string; optionalDependencies?: Record<string, string> }>;
    };
    const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
      ),
    );
    assert.deepEqual(missing, []);
    const unchecked = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.integrity);
    assert.deepEqual(
      unchecked.map(([path]) => path),
      [],
    );
  });

  test('what it points at exists', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const files = steps.flatMap(({ media }) => filesOf(media));
    if (manifest.icon) files.push(manifest.icon);
    assert.deepEqual(
      files.filter((file) => !existsSync(join(ROOT, file))),
      [],
    );
    assert.ok(files.length >= steps.length);
  });

  test('its walkthrough leads only to what there is', () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const texts = steps.flatMap((step) => [step.description, ...(step.completionEvents ?? [])]);
    for (const name of namesIn(texts)) {
      const there = commands.includes(name) || settings.some((setting) => setting === name || setting.startsWith(`${name}.`));
      assert.ok(there, `${name} is in the walkthrough and nowhere else`);
    }
  });
});

function filesOf(media: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.values(media ?? {}).flatMap((value) =>
    typeof value === 'string' ? (value.includes('/') ? [value] : []) : filesOf(value as Readonly<Record<string, unknown>>),
  );
}

/** The names in the table of commands: its keys, which the formatter puts four spaces in. */
function commandTable(text: string): string[] {
  const table = /^\s*const table: .*\{\n(?<lines>[\s\S]*?)^ {2}\};/m.exec(text)?.groups?.lines ?? '';
  return [...table.matchAll(/^ {4}(\w+)[:,(]/gm)].map((match) => match[1] ?? '');
}

/** True when a text names a setting, in full or without the prefix. */
function mentions(text: string, setting: string): boolean {
  const short = setting.replace('secondThought.', '');
  return (
    text.includes(`'${setting}'`) ||
    text.includes(`'${short}'`) ||
    short.split('.').every((part) => new RegExp(`\\b${part}\\b`).test(text))
  );
}
