/**
 * Which framework an answer's components are written in, and which of them is shown.
 *
 * Shown is, in this order: `App`, `index`, `Page` or `+page` by name; the file with a default export (for Vue and Svelte: any component);
 * the first component; of these, one that no other imports before one that is imported. A file that mounts the others itself (`main.tsx`) is
 * taken only when it is alone.
 */
import { baseOf, extensionOf, type Files, findFile } from './files.ts';
import type { Framework } from './standIns.ts';

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

/** The file that is shown. */
export function entryOf(files: Files, paths: readonly string[], framework: Framework): string | undefined {
  const content = (path: string): string => files.get(path)?.content ?? '';
  const shown = paths.filter(
    (path) =>
      !/\b(?:createRoot|hydrateRoot|createApp|ReactDOM\.render)\s*\(/.test(content(path)) &&
      !/\.(?:test|spec|stories)\.\w+$/i.test(path),
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

/**
 * Which component of a React file is shown that has no default export and mounts nothing: of what it exports, or else has, `App`, else the
 * last that no other component of the file uses. `isChosen`: there were others.
 */
export function aloneIn(
  content: string,
): { readonly name: string; readonly isExported: boolean; readonly isChosen: boolean } | undefined {
  if (/\bexport\s+default\b|\bas\s+default\b|\bmodule\.exports\b|\bexports\.default\b|\.render\s*\(/.test(content))
    return undefined;
  const declared = [...content.matchAll(DECLARED)].map(([, exported, name = '']) => ({
    name,
    isExported: exported !== undefined,
  }));
  const exported = declared.filter(({ isExported }) => isExported);
  if (exported.length === 0 && /\bexports?\b/.test(content)) return undefined;
  const names = exported.length > 0 ? exported : declared;
  const used = new Set([...content.matchAll(/<([A-Z]\w{0,100})[\s/>.]/g)].map(([, name]) => name));
  const chosen = names.find(({ name }) => name === 'App') ?? names.findLast(({ name }) => !used.has(name)) ?? names.at(-1);
  return chosen && { ...chosen, isChosen: names.length > 1 };
}

/** At the start of a line: a function, a class, or a constant that is a function or what wraps one. */
const DECLARED =
  /^(export\s+)?(?:(?:async\s+)?function|class|(?:const|let|var)(?=\s+\w+(?:\s*:[^=\n]{0,200})?\s*=\s*(?:async\b|function\b|\(|\w+\s*=>|<\w|(?:React\.)?(?:memo|forwardRef|lazy)\b|styled\b)))\s+([A-Z]\w{0,100})/gm;
