/**
 * A React, Vue or Svelte answer to modules that a frame can load: the file that is shown, what it imports, and each of these compiled. The
 * code is only read here, never run, and never rendered. What it imports is a file of the answer, else one that was sent with the task,
 * else something that stands in for it.
 * Style sheets of the answer all apply, imported or not.
 */
import type { TargetId } from '../../shared/design.ts';
import type { Preview, PreviewModule } from '../../shared/preview.ts';
import { compileFile, compileSentence, suffixOf } from './compileFile.ts';
import { aloneIn, entryOf } from './entry.ts';
import { baseOf, extensionOf, type Files, type Found, findFile, MAX_COMPILED_CHARACTERS, type PreviewFile } from './files.ts';
import { takenFrom } from './sent.ts';
import {
  classesModule,
  type Framework,
  GREY_BOX,
  IMITATED,
  jsonModule,
  PROVIDED,
  standInClause,
  standInModule,
  svgAddress,
  svgComponentModule,
  textModule,
} from './standIns.ts';
import { asPlainCss, scopeSheet, usesTailwind, withoutImports } from './styles.ts';

/** More modules than this in one answer are a fault of the answer. */
const MAX_MODULES = 200;
const MAX_PROBLEMS = 20;

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const SHEET = /\.(?:css|scss|sass|less|styl|pcss)$/i;
const PICTURE = /\.(?:png|jpe?g|gif|webp|avif|ico|bmp|svg)$/i;
const QUERY = /\?[\w=&-]{0,60}$/;

export interface ComponentOptions {
  readonly target: TargetId | undefined;
  /** True when no more of the answer will come. */
  readonly complete: boolean;
  /** What was sent with the task. */
  readonly sent: Files;
}

/** The answer as a component, or why it is none. */
export async function componentPreview(
  files: Files,
  { framework, paths }: { readonly framework: Framework; readonly paths: readonly string[] },
  { target, complete, sent }: ComponentOptions,
): Promise<Preview> {
  const entry = entryOf(files, paths, framework);
  if (entry === undefined) return { kind: 'none', reason: 'The answer has no component that could be shown.', problems: [] };
  const tailwind = usesTailwind([...files.values()], target, [...sent.values()]);
  const answer = new Answer(files, sent, framework);
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

/** Collects the modules that an entry needs, one after the other, and all style sheets. */
class Answer {
  readonly #files: Files;
  readonly #sent: Files;
  readonly #framework: Framework;
  readonly #modules = new Map<string, string>();
  readonly #problems = new Set<string>();
  readonly #sheets: string[] = [];
  readonly #queue: string[] = [];
  #entry = '';
  readonly #scoped = new Map<string, ReadonlyMap<string, string>>();
  /** By module: what stands in for it, the first file that imports it, and what is taken from it. */
  readonly #missing = new Map<string, { readonly by: string; readonly isPackage: boolean; readonly taken: Set<string> }>();
  /** Sent files that are used. */
  readonly #lent = new Set<string>();
  /** Files that do not compile. */
  readonly failed = new Set<string>();

  constructor(files: Files, sent: Files, framework: Framework) {
    this.#files = files;
    this.#sent = sent;
    this.#framework = framework;
  }

  get modules(): readonly PreviewModule[] {
    return [...this.#modules].map(([name, code]) => ({ name, code }));
  }

  get css(): string {
    return this.#sheets.join('\n');
  }

  get problems(): readonly string[] {
    const lent = [...this.#lent];
    const missing = [...this.#missing].map(([request, { by, isPackage, taken }]) => {
      const what = isPackage
        ? `${request} is a package that a preview does not have`
        : `${by} imports "${request}", which is ${this.#notThere}`;
      return `${what}: ${standInClause(request, [...taken])}.`;
    });
    return [...this.#problems, ...missing, ...(lent.length > 0 ? [takenFrom(lent)] : [])].slice(0, MAX_PROBLEMS);
  }

  get #notThere(): string {
    return this.#sent.size > 0 ? 'not in the answer, nor was it sent as it is' : 'not in the answer';
  }

  async addAll(entry: string): Promise<void> {
    for (const path of this.#sent.keys()) if (extensionOf(path) === '.css' && !isScoped(path)) this.#addSheet(this.#lend(path));
    for (const path of this.#files.keys()) if (SHEET.test(path) && !isScoped(path)) this.#addSheet(path);
    this.#entry = entry;
    this.#queue.push(entry);
    for (let path = this.#queue.shift(); path !== undefined; path = this.#queue.shift()) {
      if (this.#modules.has(path)) continue;
      if (this.#modules.size >= MAX_MODULES) {
        this.#problems.add(`The answer has more than ${MAX_MODULES} modules; the others are left out.`);
        return;
      }
      const file = this.#fileAt(path);
      if (file) await this.#addFile(path, file);
    }
  }

  async #addFile(path: string, file: PreviewFile): Promise<void> {
    if (file.content.length > MAX_COMPILED_CHARACTERS) {
      this.#modules.set(
        path,
        this.#fail(path, `${path} is longer than ${MAX_COMPILED_CHARACTERS / 1000},000 characters: it is not compiled.`),
      );
      return;
    }
    try {
      const alone = this.#framework === 'react' && path === this.#entry ? aloneIn(file.content) : undefined;
      if (alone && !alone.isExported) this.#problems.add(`${path} exports nothing: ${alone.name} is shown.`);
      else if (alone?.isChosen)
        this.#problems.add(`${path} exports several components and none by default: ${alone.name} is shown.`);
      const { code, css } = await compileFile(path, file.content, {
        resolve: (request, taken) => this.#resolve(path, file.content, request, taken),
        find: (request) => this.#find(path, request)?.path,
        read: (name) => this.#fileAt(name)?.content,
      });
      this.#push(css, path);
      this.#modules.set(path, alone ? `${code}\nexports.default = ${alone.name};` : code);
    } catch (error) {
      this.#modules.set(path, this.#fail(path, compileSentence(path, error)));
    }
  }

  #fileAt(path: string): PreviewFile | undefined {
    return this.#files.get(path) ?? this.#sent.get(path);
  }

  #contentOf(path: string): string {
    return this.#fileAt(path)?.content ?? '';
  }

  /** In the answer, else among what was sent with it; a file whose folder fits goes before one that only has the name. */
  #find(from: string, request: string): Found | undefined {
    const own = findFile(this.#files, from, request);
    if (own?.exact) return own;
    const sent = findFile(this.#sent, from, request);
    const found = sent?.exact ? sent : (own ?? sent);
    return found && { ...found, path: this.#lend(found.path) };
  }

  #lend(path: string): string {
    if (!this.#files.has(path)) this.#lent.add(path);
    return path;
  }

  /** What is in its place: nothing for a file of the answer, which is not whole without it; for one that was sent, a stand-in. */
  #fail(path: string, problem: string): string {
    this.#problems.add(problem);
    if (this.#files.has(path)) {
      this.failed.add(path);
      return '';
    }
    this.#lent.delete(path);
    this.#problems.add(`${path}, which was sent with the task, cannot be compiled: something stands in for it.`);
    return standInModule(path, baseOf(path).replace(/\..*$/, ''));
  }

  /** The name that the frame knows `request` by; what it stands for is made a module, now or when its turn comes. */
  #resolve(path: string, content: string, request: string, taken: readonly string[]): string {
    if (PROVIDED[this.#framework].includes(request)) return request;
    if (request === 'react/jsx-dev-runtime') return 'react/jsx-runtime';
    const plain = request.replace(QUERY, '');
    const found = this.#find(path, plain);
    if (!found) return this.#standIn(path, content, request, taken);
    if (!found.exact)
      this.#problems.add(
        `${path} imports "${plain}", which ${this.#files.has(found.path) ? 'the answer has' : 'was sent'} as ${found.path}.`,
      );
    if (request.endsWith('?raw')) return this.#add(`${found.path}?raw`, () => textModule(this.#contentOf(found.path)));
    if (this.#isDrawnAsComponent(request, taken))
      return this.#add(`${found.path}?react`, () => svgComponentModule(svgAddress(this.#contentOf(found.path)), request));
    return this.#asset(found.path);
  }

  /** `./logo.svg?react`, and `{ ReactComponent }` of a drawing. */
  #isDrawnAsComponent(request: string, taken: readonly string[]): boolean {
    return (
      this.#framework === 'react' &&
      /\.svg(?:\?|$)/i.test(request) &&
      (request.endsWith('?react') || taken.includes('ReactComponent'))
    );
  }

  #asset(path: string): string {
    const content = this.#contentOf(path);
    if (SHEET.test(path) && !isScoped(path)) {
      if (!this.#files.has(path) && extensionOf(path) !== '.css' && !this.#modules.has(path)) this.#addSheet(path);
      return this.#add(path, () => '');
    }
    if (SHEET.test(path)) return this.#add(path, () => classesModule(this.#scope(path, [])));
    if (extensionOf(path) === '.svg') return this.#add(path, () => textModule(svgAddress(content)));
    if (extensionOf(path) === '.json') {
      return this.#add(path, () => {
        try {
          JSON.parse(content);
          return jsonModule(content);
        } catch (error) {
          return this.#fail(path, compileSentence(path, error));
        }
      });
    }
    if (SCRIPT.test(path) || ['.vue', '.svelte'].includes(extensionOf(path))) this.#queue.push(path);
    else return this.#add(path, () => textModule(content));
    return path;
  }

  #standIn(path: string, content: string, request: string, taken: readonly string[]): string {
    const plain = request.replace(QUERY, '');
    const imitation = Object.entries(IMITATED[this.#framework]).find(([name]) => name === request)?.[1];
    if (imitation !== undefined) {
      if (imitation !== '') this.#problems.add(`${request} is imitated: ${imitation}.`);
      return request;
    }
    const isPackage = !/^(?:[./~]|@\/|#\/|\$lib\/|src\/)/.test(plain);
    if (SHEET.test(plain) || plain === 'tailwindcss') {
      if (!plain.startsWith('tailwindcss')) this.#problems.add(`${path} imports ${plain}, which is ${this.#notThere}.`);
      return this.#add(`missing:${plain}`, () => '');
    }
    if (PICTURE.test(plain)) {
      this.#problems.add(`${plain} is ${this.#notThere}: a grey box stands in for it.`);
      return this.#isDrawnAsComponent(request, taken)
        ? this.#add(`missing:${request}?react`, () => svgComponentModule(GREY_BOX, request))
        : this.#add(`missing:${plain}`, () => textModule(GREY_BOX));
    }
    const defaultName = defaultNameOf(content, request);
    const missing = this.#missing.get(request) ?? { by: path, isPackage, taken: new Set() };
    for (const name of taken) missing.taken.add(name === 'default' ? defaultName : name);
    this.#missing.set(request, missing);
    return this.#add(`missing:${plain}`, () => standInModule(plain, defaultName));
  }

  #add(name: string, code: () => string): string {
    if (!this.#modules.has(name)) {
      this.#modules.set(name, ''); // a circle finds it there
      this.#modules.set(name, code());
    }
    return name;
  }

  #addSheet(path: string): void {
    const content = this.#contentOf(path);
    const plain = asPlainCss(content, extensionOf(path).slice(1));
    if (plain === undefined) this.#problems.add(`${path} is not plain CSS: only what a browser understands of it applies.`);
    this.#push(plain ?? content, path);
  }

  #push(css: string, path: string): void {
    const isThere = (request: string): boolean => this.#find(path, request) !== undefined;
    const own = withoutImports(css, path, isThere, this.#problems);
    if (own.trim() !== '') this.#sheets.push(own);
  }

  #scope(path: string, open: readonly string[]): ReadonlyMap<string, string> {
    const known = this.#scoped.get(path);
    if (known) return known;
    const { css, classes } = scopeSheet(this.#contentOf(path), suffixOf(path), (request) => {
      const found = this.#find(path, request);
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
