/** The files of an answer as a preview looks them up: by cleaned path, first by what is asked for, then by what bundlers would try. */

export interface PreviewFile {
  /** As the model wrote it; never trusted, and never used to touch a disk. */
  readonly name: string;
  readonly content: string;
  /** False while it is still being written, or when it was cut. Absent: it is whole. */
  readonly complete?: boolean;
}

/** A larger file is not compiled: compilers cannot be interrupted. */
export const MAX_COMPILED_CHARACTERS = 400_000;

export type Files = ReadonlyMap<string, PreviewFile>;

/** By path with `/`, without `./` and without what leads out of the answer. */
export function filesByPath(files: readonly PreviewFile[]): Files {
  return new Map(files.map((file) => [cleanPath(file.name), file]));
}

function cleanPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.replaceAll('\\', '/').split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

export const extensionOf = (path: string): string => /\.[^./]+$/.exec(path)?.[0].toLowerCase() ?? '';

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a name may stand for, in the order bundlers try. `./x.js` may mean a TypeScript file. */
const ENDINGS = [
  '',
  ...['.tsx', '.ts', '.jsx', '.js', '.mjs', '.vue', '.svelte', '.svelte.ts', '.svelte.js', '.json'],
  ...['/index.tsx', '/index.ts', '/index.jsx', '/index.js'],
];

/** Roots that projects give a short name. */
const ALIAS = /^(?:@\/|~\/|\$lib\/|#\/|\/)/;

export interface Found {
  readonly path: string;
  /** False when only the file's own name fits, and its folder does not. */
  readonly exact: boolean;
}

/** The file that `request` means when `from` asks for it; undefined when there is none. */
export function findFile(files: Files, from: string, request: string): Found | undefined {
  const found = findNamed(files, from, request);
  if (found || !/^@\w/.test(request)) return found;
  const own = findNamed(files, from, request.slice(1)); // `@components/Card`, by an alias of the project's own
  return own && { ...own, exact: false };
}

function findNamed(files: Files, from: string, request: string): Found | undefined {
  const isRelative = /^\.{1,2}(?:\/|$)/.test(request);
  const wanted = isRelative ? cleanPath(`${from}/../${request}`) : cleanPath(request.replace(ALIAS, ''));
  if (wanted === '') return undefined;
  const names = [wanted, wanted.replace(/\.(?:js|jsx|mjs)$/, '')].flatMap((name) => ENDINGS.map((ending) => name + ending));
  const exact = names.find((name) => files.has(name));
  if (exact !== undefined) return { path: exact, exact: true };
  const isPath = isRelative || ALIAS.test(request);
  if (!isPath && !wanted.includes('/')) return undefined;
  const within = (name: string): string | undefined => only([...files.keys()].filter((path) => path.endsWith(`/${name}`)));
  if (!isRelative) {
    const path = names.map(within).find((found) => found !== undefined);
    return path === undefined ? undefined : { path, exact: true };
  }
  const named = new Set(names.map(endOf));
  const path = only([...files.keys()].filter((candidate) => named.has(endOf(candidate)) && candidate !== from));
  return path === undefined ? undefined : { path, exact: false };
}

/** What is left of a path when its folder is not known: the file's name, with that of its folder where it is an index, in any case. */
const endOf = (path: string): string => (/[^/]+\/index\.\w+$/.exec(path)?.[0] ?? baseOf(path)).toLowerCase();

const only = (paths: readonly string[]): string | undefined => (paths.length === 1 ? paths[0] : undefined);

/** What a page links and a module imports, relative to itself. */
export function requestsOf(text: string): string[] {
  const links = [...text.matchAll(/<(?:link|script)\b[^>]{0,1000}?\s(?:href|src)\s*=\s*["']?([^"'\s>?#]{1,300})/gi)];
  const imports = [...text.matchAll(/(?:\bfrom\s{0,20}|\bimport\s{0,20})["'](\.[^"'\n?]{1,300})["']/g)];
  const requests = [...links, ...imports].map(([, request = '']) => request);
  return [...new Set(requests)].filter(
    (request) => !/^(?:[a-z][\w+.-]*:|\/\/)/i.test(request) && !/\.(?:png|jpe?g|gif|webp|avif|ico)$/i.test(request),
  );
}
