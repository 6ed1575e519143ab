/**
 * A React, Vue or Svelte answer to modules that a frame can load: which file is shown, what it imports, and each of these compiled. The
 * code is only read here, never run, and never rendered.
 *
 * Shown is, in this order: `App`, `index`, `Page` or `+page` by name; the file with a default export (for Vue and Svelte: any component);
 * the first component; of these, one that no other imports before one that is imported. A file that mounts the others itself (`main.tsx`) is
 * taken only when it is alone. Style sheets of the answer all apply, imported or not.
 */
import type { TargetId } from '../../shared/design.ts';
import type { Preview, PreviewModule } from '../../shared/preview.ts';
import { baseOf, extensionOf, type Files, findFile, MAX_COMPILED_CHARACTERS, type PreviewFile } from './files.ts';
import {
  classesModule,
  type Framework,
  GREY_BOX,
  jsonModule,
  missingModule,
  PROVIDED,
  svgAddress,
  textModule,
} from './standIns.ts';
import { scopeSheet, usesTailwind, withoutImports } from './styles.ts';

/** More modules than this in one answer are a fault of the answer. */
const MAX_MODULES = 200;
const MAX_PROBLEMS = 20;

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const SHEET = /\.(?:css|scss|sass|less|styl|pcss)$/i;
const PICTURE = /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|svg)$/i;
const QUERY = /\?[\w=&-]{0,60}$/;

/** The framework that the answer's components are written in, and its component files; undefined when there are none. */
export function componentsOf(files: Files): { readonly framework: Framework; readonly paths: readonly string[] } | undefined {
  const paths = [...files.keys()];
  const vue = paths.filter((path) => extensionOf(path) === '.vue');
  if (vue.length > 0) return { framework: 'vue', paths: vue };
  const svelte = paths.filter((path) => extensionOf(path) === '.svelte');
  if (svelte.length > 0) return { framework: 'svelte', paths: svelte };
  const react = paths.filter((path) => isReact(path, files.get(path)?.content ?? ''));
  return react.length > 0 ? { framework: 'react', paths: react } : undefined;
}

const isReact = (path: string, content: string): boolean =>
  /\.[jt]sx$/i.test(path) || (/\.js$/i.test(path) && /from\s{0,20}["']react["']/.test(content) && /<[A-Za-z>]/.test(content));

export interface ComponentOptions {
  readonly target: TargetId | undefined;
  /** True when no more of the answer will come. */
  readonly complete: boolean;
}

/** The answer as a component, or why it is none. */
export async function componentPreview(
  files: Files,
  { framework, paths }: { readonly framework: Framework; readonly paths: readonly string[] },
  { target, complete }: ComponentOptions,
): Promise<Preview> {
  const entry = entryOf(files, paths, framework);
  if (entry === undefined) return { kind: 'none', reason: 'The answer has no component that could be shown.', problems: [] };
  const tailwind = usesTailwind([...files.values()], target);
  const answer = new Answer(files, framework);
  await answer.addAll(entry);
  if (answer.failed.size > 0) {
    return {
      kind: 'none',
      reason: `${[...answer.failed].join(' and ')} cannot be compiled, so nothing can be shown.`,
      problems: answer.problems,
    };
  }
  return {
    kind: 'component',
    framework,
    runtimes: tailwind ? ['tailwind', framework] : [framework],
    entry,
    modules: answer.modules,
    css: `${tailwind ? '@import "tailwindcss";\n' : ''}${answer.css}`,
    complete,
    problems: answer.problems,
  };
}

/** The file that is shown. */
function entryOf(files: Files, paths: readonly string[], framework: Framework): string | undefined {
  const content = (path: string): string => files.get(path)?.content ?? '';
  const shown = paths.filter(
    (path) => !/\b(?:createRoot|hydrateRoot|createApp)\s*\(/.test(content(path)) && !/\.(?:test|spec|stories)\.\w+$/i.test(path),
  );
  const candidates = shown.length > 0 ? shown : paths;
  const isImported = (path: string): boolean =>
    candidates.some(
      (other) => other !== path && imports(content(other)).some((request) => findFile(files, other, request)?.path === path),
    );
  const roots = candidates.filter((path) => !isImported(path));
  const pool = roots.length > 0 ? roots : candidates;
  const named = (pattern: RegExp): string | undefined => pool.find((path) => pattern.test(baseOf(path)));
  const hasDefault = (path: string): boolean =>
    framework !== 'react' || /\bexport\s+default\b|\bas\s+default\b|\bmodule\.exports\b/.test(content(path));
  return (
    named(/^app\.\w+$/i) ??
    named(/^index\.\w+$/i) ??
    named(/^\+?page\.\w+$/i) ??
    pool.find(hasDefault) ??
    pool.find((path) => /\bexport\b/.test(content(path))) ??
    pool[0]
  );
}

const imports = (content: string): string[] =>
  [...content.matchAll(/(?:\bfrom\s{0,20}|\bimport\s{0,20}\(?\s{0,20})["']([^"'\n]{1,300})["']/g)].map(
    ([, request = '']) => request,
  );

/** Collects the modules that an entry needs, one after the other, and all style sheets. */
class Answer {
  readonly #files: Files;
  readonly #framework: Framework;
  readonly #modules = new Map<string, string>();
  readonly #problems = new Set<string>();
  readonly #sheets: string[] = [];
  readonly #queue: string[] = [];
  readonly #scoped = new Map<string, ReadonlyMap<string, string>>();
  /** Files that do not compile. */
  readonly failed = new Set<string>();

  constructor(files: Files, framework: Framework) {
    this.#files = files;
    this.#framework = framework;
  }

  get modules(): readonly PreviewModule[] {
    return [...this.#modules].map(([name, code]) => ({ name, code }));
  }

  get css(): string {
    return this.#sheets.join('\n');
  }

  get problems(): readonly string[] {
    return [...this.#problems].slice(0, MAX_PROBLEMS);
  }

  async addAll(entry: string): Promise<void> {
    for (const path of this.#files.keys()) if (SHEET.test(path) && !isScoped(path)) this.#addSheet(path);
    this.#queue.push(entry);
    for (let path = this.#queue.shift(); path !== undefined; path = this.#queue.shift()) {
      if (this.#modules.has(path)) continue;
      if (this.#modules.size >= MAX_MODULES) {
        this.#problems.add(`The answer has more than ${MAX_MODULES} modules; the others are left out.`);
        return;
      }
      const file = this.#files.get(path);
      if (file) await this.#addFile(path, file);
    }
  }

  async #addFile(path: string, file: PreviewFile): Promise<void> {
    if (file.content.length > MAX_COMPILED_CHARACTERS) {
      this.#fail(path, `${path} is longer than ${MAX_COMPILED_CHARACTERS / 1000},000 characters: it is not compiled.`);
      return;
    }
    try {
      this.#modules.set(path, await this.#compile(path, file.content));
    } catch (error) {
      this.#fail(path, compileSentence(path, error));
    }
  }

  #fail(path: string, problem: string): void {
    this.failed.add(path);
    this.#problems.add(problem);
  }

  async #compile(path: string, content: string): Promise<string> {
    const { compileScript } = await import('./compileScript.ts');
    const toCommonJs = (code: string, typescript: boolean, jsx: boolean): string =>
      compileScript({ name: path, content: code, jsx, typescript }, (request) => this.#resolve(path, content, request));
    if (extensionOf(path) === '.vue') {
      const { compileVue } = await import('./compileVue.ts');
      const { code, css, typescript } = compileVue(path, content, suffixOf(path));
      this.#push(css, path);
      return toCommonJs(code, typescript, false);
    }
    if (extensionOf(path) === '.svelte') {
      const { compileSvelte } = await import('./compileSvelte.ts');
      const { code, css } = compileSvelte(path, content);
      this.#push(css, path);
      return toCommonJs(code, false, false);
    }
    const typescript = /\.(?:[cm]?ts|tsx)$/i.test(path);
    if (/\.svelte\.[jt]s$/i.test(path)) {
      const [{ compileSvelteModule }, { withoutTypes }] = [
        await import('./compileSvelte.ts'),
        await import('./compileScript.ts'),
      ];
      return toCommonJs(compileSvelteModule(path, typescript ? withoutTypes(path, content) : content), false, false);
    }
    const jsx = !/\.[cm]?ts$/i.test(path);
    try {
      return toCommonJs(content, typescript, jsx);
    } catch (error) {
      const { faultOf } = await import('./compileVue.ts');
      throw faultOf(content, { jsx, typescript }) ?? error;
    }
  }

  /** The name that the frame knows `request` by; what it stands for is made a module, now or when its turn comes. */
  #resolve(path: string, content: string, request: string): string {
    if (PROVIDED[this.#framework].includes(request)) return request;
    if (request === 'react/jsx-dev-runtime') return 'react/jsx-runtime';
    const plain = request.replace(QUERY, '');
    const found = findFile(this.#files, path, plain);
    if (!found) return this.#standIn(path, content, request, plain);
    if (!found.exact) this.#problems.add(`${path} imports "${plain}", which the answer has as ${found.path}.`);
    if (request.endsWith('?raw'))
      return this.#add(`${found.path}?raw`, () => textModule(this.#files.get(found.path)?.content ?? ''));
    return this.#asset(found.path);
  }

  #asset(path: string): string {
    const content = this.#files.get(path)?.content ?? '';
    if (SHEET.test(path)) return this.#add(path, () => (isScoped(path) ? classesModule(this.#scope(path, [])) : ''));
    if (extensionOf(path) === '.svg') return this.#add(path, () => textModule(svgAddress(content)));
    if (extensionOf(path) === '.json') {
      return this.#add(path, () => {
        try {
          JSON.parse(content);
          return jsonModule(content);
        } catch (error) {
          this.#fail(path, compileSentence(path, error));
          return '';
        }
      });
    }
    if (SCRIPT.test(path) || ['.vue', '.svelte'].includes(extensionOf(path))) this.#queue.push(path);
    else return this.#add(path, () => textModule(content));
    return path;
  }

  #standIn(path: string, content: string, request: string, plain: string): string {
    const isPackage = !/^(?:[./~]|@\/|#\/|\$lib\/)/.test(plain);
    if (SHEET.test(plain) || plain === 'tailwindcss') {
      if (!plain.startsWith('tailwindcss')) this.#problems.add(`${path} imports ${plain}, which is not in the answer.`);
      return this.#add(`missing:${plain}`, () => '');
    }
    if (PICTURE.test(plain)) {
      this.#problems.add(`${plain} is not in the answer: a grey box stands in for it.`);
      return this.#add(`missing:${plain}`, () => textModule(GREY_BOX));
    }
    this.#problems.add(
      isPackage
        ? `${request} is a package that a preview does not have: what ${path} takes from it shows an error in its place.`
        : `${path} imports "${request}", which is not in the answer: what it takes from it shows an error in its place.`,
    );
    return this.#add(`missing:${plain}`, () => missingModule(this.#framework, plain, defaultNameOf(content, request)));
  }

  #add(name: string, code: () => string): string {
    if (!this.#modules.has(name)) {
      this.#modules.set(name, ''); // a circle finds it there
      this.#modules.set(name, code());
    }
    return name;
  }

  #addSheet(path: string): void {
    const content = this.#files.get(path)?.content ?? '';
    if (extensionOf(path) !== '.css') {
      this.#problems.add(`${path} is not plain CSS: only what a browser understands of it applies.`);
    }
    this.#push(content, path);
  }

  #push(css: string, path: string): void {
    const isThere = (request: string): boolean => findFile(this.#files, path, request) !== undefined;
    const own = withoutImports(css, path, isThere, this.#problems);
    if (own.trim() !== '') this.#sheets.push(own);
  }

  #scope(path: string, open: readonly string[]): ReadonlyMap<string, string> {
    const known = this.#scoped.get(path);
    if (known) return known;
    const { css, classes } = scopeSheet(this.#files.get(path)?.content ?? '', suffixOf(path), (request) => {
      const found = findFile(this.#files, path, request);
      if (found && SHEET.test(found.path) && !open.includes(found.path)) return this.#scope(found.path, [...open, path]);
      this.#problems.add(`${path} composes from "${request}", which cannot be read.`);
      return undefined;
    });
    this.#scoped.set(path, classes);
    this.#push(css, path);
    return classes;
  }
}

const isScoped = (path: string): boolean => /\.module\.\w+$/i.test(path);

/** What the importing file calls the default export. */
function defaultNameOf(content: string, request: string): string {
  const at = [`'${request}'`, `"${request}"`].map((literal) => content.indexOf(literal)).find((index) => index >= 0) ?? -1;
  const statement = content.slice(Math.max(0, at - 500), Math.max(0, at));
  return /\bimport\s+(?:type\s+)?([A-Za-z_$][\w$]*)[^;'"]*$/.exec(statement)?.[1] ?? 'default';
}

/** Of a path: short, the same each time, and fit for a name. FNV-1a. */
function suffixOf(path: string): string {
  let hash = 0x811c9dc5;
  for (const char of path) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** `src/App.tsx:12: Unexpected token.` The compilers put the line in four different places. */
function compileSentence(path: string, error: unknown): string {
  const first = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  const inMessage = /\((?<line>\d+):\d+\)$/.exec(first)?.groups?.line;
  const marked = error as { readonly line?: unknown; readonly start?: { readonly line?: unknown } } | null; // as Vue and Svelte mark theirs
  const line = [marked?.line, marked?.start?.line].find((value) => typeof value === 'number') ?? inMessage;
  const what = first
    .replace(/^Error transforming [^:]{0,300}: /, '')
    .replace(/\s*\(\d+:\d+\)$/, '')
    .replace(/^\w*Error: /, '')
    .slice(0, 300);
  return `${path}${line === undefined ? '' : `:${String(line)}`}: ${what.replace(/[.\s]*$/, '')}.`;
}
