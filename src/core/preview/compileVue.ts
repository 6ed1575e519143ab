/**
 * A Vue component in one file to a script and its styles, with Vue's own compiler. Loaded at first use, from a bundle of its own.
 * With it comes Babel's parser, which knows where an error is: Sucrase, when it has tried two readings, names the place of the first.
 */
import { babelParse, compileScript, compileStyle, compileTemplate, parse, type SFCDescriptor } from 'vue/compiler-sfc';
import { asPlainCss, scopeSheet } from './styles.ts';

export interface CompiledComponent {
  /** A module with `import` and a default export; still TypeScript where the component is. */
  readonly code: string;
  readonly typescript: boolean;
  readonly css: string;
}

/** A place in the file, for a message. */
class CompileError extends Error {
  readonly line: number | undefined;

  constructor(message: string, line: number | undefined) {
    super(message);
    this.line = line;
  }
}

/** Throws a {@link CompileError} for the first thing that is wrong. `read`: another file, whose types the component may import. */
export function compileVue(
  name: string,
  content: string,
  id: string,
  read: (path: string) => string | undefined,
): CompiledComponent {
  const { descriptor, errors } = parse(content, { filename: name, sourceMap: false });
  refuse(errors);
  const language = descriptor.scriptSetup?.lang ?? descriptor.script?.lang;
  if (language && !['js', 'ts'].includes(language))
    throw new CompileError(`scripts in ${language} cannot be previewed`, undefined);
  for (const block of [descriptor.template, descriptor.script, descriptor.scriptSetup]) {
    if (block === descriptor.template && block?.lang && block.lang !== 'html')
      throw new CompileError(`templates in ${block.lang} cannot be previewed`, block.loc.start.line);
    if (block?.src) throw new CompileError(`code from "${block.src}" cannot be previewed; it must be in this file`, undefined);
  }
  if (!descriptor.template && !descriptor.script && !descriptor.scriptSetup) {
    throw new CompileError('it has neither a template nor a script', undefined);
  }
  const typescript = language === 'ts';
  const scoped = descriptor.styles.some((style) => style.scoped);
  const { css, modules } = stylesOf(descriptor, id);
  return { code: scriptOf(descriptor, { id, scoped, typescript, modules, read }), typescript, css };
}

/** What Babel finds wrong with a script; undefined when it finds nothing. */
export function faultOf(
  content: string,
  { jsx, typescript }: { readonly jsx: boolean; readonly typescript: boolean },
): CompileError | undefined {
  try {
    babelParse(content, {
      sourceType: 'module',
      plugins: [...(jsx ? (['jsx'] as const) : []), ...(typescript ? (['typescript'] as const) : [])],
    });
    return undefined;
  } catch (error) {
    const { message, loc } = error as Error & { readonly loc?: { readonly line?: number } }; // as Babel marks its own
    return new CompileError(message, loc?.line);
  }
}

/** By the name that a template knows it by, such as `$style`: entries of local names and what they became. */
type StyleModules = ReadonlyMap<string, readonly (readonly [string, string])[]>;

interface Options {
  readonly modules: StyleModules;
  readonly read: (path: string) => string | undefined;
  readonly id: string;
  readonly scoped: boolean;
  readonly typescript: boolean;
}

function scriptOf(descriptor: SFCDescriptor, { id, scoped, typescript, modules, read }: Options): string {
  const { template } = descriptor;
  const templateOptions = {
    filename: descriptor.filename,
    id,
    scoped,
    transformAssetUrls: false,
    compilerOptions: { scopeId: `data-v-${id}`, expressionPlugins: typescript ? (['typescript'] as ['typescript']) : [] },
  };
  let script = 'const __component = {};';
  if (descriptor.script || descriptor.scriptSetup) {
    const compiled = located(
      () =>
        compileScript(descriptor, {
          id,
          inlineTemplate: true,
          fs: { fileExists: (file) => read(file) !== undefined, readFile: read },
          genDefaultAs: '__component',
          templateOptions,
        }),
      descriptor,
    );
    script = compiled.content;
  }
  const parts = [script];
  if (template && !descriptor.scriptSetup) {
    const { code, errors } = compileTemplate({
      ...templateOptions,
      source: template.content,
      ...(template.ast ? { ast: template.ast } : {}),
    });
    refuse(errors);
    parts.push(code.replace(/\bexport (?=function render\b)/, ''), '__component.render = render;');
  }
  if (scoped) parts.push(`__component.__scopeId = ${JSON.stringify(`data-v-${id}`)};`);
  if (modules.size > 0) {
    const entries = JSON.stringify([...modules]);
    parts.push(
      `__component.__cssModules = Object.fromEntries(${entries}.map(([name, classes]) => [name, Object.fromEntries(classes)]));`,
    );
  }
  return [...parts, 'export default __component;'].join('\n');
}

function stylesOf(descriptor: SFCDescriptor, id: string): { readonly css: string; readonly modules: StyleModules } {
  const modules = new Map<string, (readonly [string, string])[]>();
  const sheets = descriptor.styles.map((style) => {
    const refused = (what: string): CompileError => new CompileError(`${what} cannot be previewed`, style.loc.start.line);
    if (style.src) throw refused(`styles from "${style.src}"`);
    const source = asPlainCss(style.content, style.lang ?? 'css');
    if (source === undefined) throw refused(`styles in ${style.lang}`);
    const { code, errors } = compileStyle({
      source,
      filename: descriptor.filename,
      id: `data-v-${id}`,
      scoped: style.scoped === true,
    });
    refuse(errors);
    if (!style.module) return code;
    const name = style.module === true ? '$style' : style.module;
    const { css, classes } = scopeSheet(code, `${name.replace('$', '')}_${id}`, (request) => {
      throw refused(`what is composed from "${request}"`);
    });
    modules.set(name, [...(modules.get(name) ?? []), ...classes]);
    return css;
  });
  return { css: sheets.join('\n'), modules };
}

/** Vue's own errors have a place in the file. Babel counts lines from the start of its block, and says so inside its message. */
function located<T>(compile: () => T, descriptor: SFCDescriptor): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const own = placeOf(error);
    const [first = ''] = error.message.replace(/^\[[^\]]*\]\s*/, '').split('\n');
    const inBlock = /\((\d+):\d+\)$/.exec(first)?.[1];
    const block = descriptor.scriptSetup ?? descriptor.script;
    throw new CompileError(first, own ?? (inBlock && block ? Number(inBlock) + block.loc.start.line - 1 : undefined));
  }
}

function refuse(errors: readonly (string | Error)[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw typeof first === 'string' ? new CompileError(first, undefined) : new CompileError(first.message, placeOf(first));
}

/** The line in the file, as Vue and PostCSS mark theirs. */
function placeOf(error: Error): number | undefined {
  const marked = error as Error & { readonly loc?: { readonly start?: { readonly line?: number } }; readonly line?: number };
  return marked.loc?.start?.line ?? marked.line;
}
