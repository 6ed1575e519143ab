/**
 * One file of a component to a module and its styles, by the compiler of its language. Each compiler is loaded at first use.
 */
import { extensionOf } from './files.ts';

export interface Surroundings {
  /** The name that the frame knows a required module by; `taken`: the exports that are used of it. */
  readonly resolve: (request: string, taken: readonly string[]) => string;
  /** The path of the file that an import means; undefined when there is none. */
  readonly find: (request: string) => string | undefined;
  /** The text of the file at a path. */
  readonly read: (path: string) => string | undefined;
}

/** `code` is the body of `function (require, module, exports)`. Throws what the compiler throws: see {@link compileSentence}. */
export async function compileFile(
  path: string,
  content: string,
  { resolve, find, read }: Surroundings,
): Promise<{ readonly code: string; readonly css: string }> {
  const { compileScript, withoutTypes } = await import('./compileScript.ts');
  const toCommonJs = (code: string, typescript: boolean, jsx = false): string =>
    compileScript({ name: path, content: code, jsx, typescript }, resolve);
  if (extensionOf(path) === '.vue') {
    const { compileVue } = await import('./compileVue.ts');
    const { code, css, typescript } = compileVue(path, withPaths(path, content, find), suffixOf(path), read);
    return { code: toCommonJs(code, typescript), css };
  }
  if (extensionOf(path) === '.svelte') {
    const { compileSvelte } = await import('./compileSvelte.ts');
    const { code, css } = compileSvelte(path, content);
    return { code: toCommonJs(code, false), css };
  }
  const typescript = /\.(?:[cm]?ts|tsx)$/i.test(path);
  if (/\.svelte\.[jt]s$/i.test(path)) {
    const { compileSvelteModule } = await import('./compileSvelte.ts');
    return { code: toCommonJs(compileSvelteModule(path, typescript ? withoutTypes(path, content) : content), false), css: '' };
  }
  const jsx = !/\.[cm]?ts$/i.test(path);
  try {
    return { code: toCommonJs(content, typescript, jsx), css: '' };
  } catch (error) {
    const { faultOf } = await import('./compileVue.ts');
    throw faultOf(content, { jsx, typescript }) ?? error;
  }
}

/** Vue looks for the types that a component imports, and knows no short names for folders: these become paths from the file. */
const withPaths = (path: string, content: string, find: Surroundings['find']): string =>
  content.replaceAll(/(\bfrom\s{0,20}["'])([@~#$/][^"'\n]{1,300})(?=["'])/g, (whole: string, from: string, request: string) => {
    const found = /(?:^|\/)[^./]+$|\.[cm]?[jt]sx?$/.test(request) ? find(request) : undefined;
    return found === undefined ? whole : `${from}./${'../'.repeat(path.split('/').length - 1)}${found}`;
  });

/** Of a path: short, the same each time, and fit for a name. FNV-1a. */
export function suffixOf(path: string): string {
  let hash = 0x811c9dc5;
  for (const char of path) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** `src/App.tsx:12: Unexpected token.` The compilers put the line in four different places. */
export function compileSentence(path: string, error: unknown): string {
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
