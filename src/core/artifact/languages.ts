/**
 * What a file is written in, from its name or from the word after a code fence, and what to call a file nobody named. Ids are those
 * of VS Code's language modes. One table, because the same question is asked by extraction, the virtual documents and the diff.
 */

/** Kinds of text that can stand for each other: a `tsx` fence may well hold `App.jsx`, a `css` fence never `index.html`. */
type Family = 'markup' | 'style' | 'script' | 'data' | 'prose' | 'shell' | 'patch' | 'output' | 'other';

interface Language {
  readonly id: string;
  readonly family: Family;
  /** Name of a file nobody named. */
  readonly file: string;
  /** Extensions, without the dot, and words used after a fence. The first of them is the usual extension. */
  readonly words: string;
  /** Whole file names, lower case. */
  readonly names?: string;
}

const LANGUAGES: readonly Language[] = [
  { id: 'html', family: 'markup', file: 'index.html', words: 'html htm xhtml html5' },
  { id: 'css', family: 'style', file: 'styles.css', words: 'css postcss tailwindcss' },
  { id: 'scss', family: 'style', file: 'styles.scss', words: 'scss' },
  { id: 'sass', family: 'style', file: 'styles.sass', words: 'sass' },
  { id: 'less', family: 'style', file: 'styles.less', words: 'less' },
  { id: 'javascript', family: 'script', file: 'script.js', words: 'js mjs cjs javascript node ecmascript es6' },
  { id: 'javascriptreact', family: 'script', file: 'App.jsx', words: 'jsx javascriptreact react' },
  { id: 'typescript', family: 'script', file: 'script.ts', words: 'ts mts cts typescript' },
  { id: 'typescriptreact', family: 'script', file: 'App.tsx', words: 'tsx typescriptreact' },
  { id: 'vue', family: 'script', file: 'App.vue', words: 'vue' },
  { id: 'svelte', family: 'script', file: 'App.svelte', words: 'svelte' },
  { id: 'astro', family: 'script', file: 'index.astro', words: 'astro' },
  { id: 'php', family: 'script', file: 'index.php', words: 'php' },
  { id: 'xml', family: 'markup', file: 'document.xml', words: 'xml xsl xsd plist' },
  { id: 'svg', family: 'markup', file: 'image.svg', words: 'svg' },
  { id: 'handlebars', family: 'markup', file: 'index.hbs', words: 'hbs handlebars' },
  { id: 'jade', family: 'markup', file: 'index.pug', words: 'pug jade' },
  { id: 'razor', family: 'markup', file: 'index.cshtml', words: 'cshtml razor' },
  { id: 'json', family: 'data', file: 'data.json', words: 'json webmanifest geojson' },
  { id: 'jsonc', family: 'data', file: 'data.jsonc', words: 'jsonc json5 code-workspace' },
  { id: 'yaml', family: 'data', file: 'data.yaml', words: 'yaml yml' },
  { id: 'toml', family: 'data', file: 'data.toml', words: 'toml' },
  { id: 'ini', family: 'data', file: 'data.ini', words: 'ini cfg conf properties editorconfig' },
  { id: 'dotenv', family: 'data', file: 'variables.env', words: 'env dotenv' },
  { id: 'csv', family: 'data', file: 'data.csv', words: 'csv tsv' },
  { id: 'markdown', family: 'prose', file: 'README.md', words: 'md markdown mdown mkd' },
  { id: 'mdx', family: 'prose', file: 'page.mdx', words: 'mdx' },
  { id: 'restructuredtext', family: 'prose', file: 'README.rst', words: 'rst restructuredtext' },
  { id: 'latex', family: 'prose', file: 'main.tex', words: 'tex latex' },
  { id: 'python', family: 'other', file: 'main.py', words: 'py python py3 python3 pyw pyi' },
  { id: 'go', family: 'other', file: 'main.go', words: 'go golang' },
  { id: 'rust', family: 'other', file: 'main.rs', words: 'rs rust' },
  { id: 'java', family: 'other', file: 'Main.java', words: 'java' },
  { id: 'kotlin', family: 'other', file: 'Main.kt', words: 'kt kts kotlin' },
  { id: 'swift', family: 'other', file: 'main.swift', words: 'swift' },
  { id: 'dart', family: 'other', file: 'main.dart', words: 'dart' },
  { id: 'c', family: 'other', file: 'main.c', words: 'c h' },
  { id: 'cpp', family: 'other', file: 'main.cpp', words: 'cpp cc cxx hpp hh hxx c++' },
  { id: 'csharp', family: 'other', file: 'Program.cs', words: 'cs csharp c#' },
  { id: 'fsharp', family: 'other', file: 'Program.fs', words: 'fs fsx fsharp f#' },
  { id: 'objective-c', family: 'other', file: 'main.m', words: 'm objective-c objc' },
  { id: 'ruby', family: 'other', file: 'main.rb', words: 'rb ruby', names: 'gemfile rakefile' },
  { id: 'elixir', family: 'other', file: 'main.ex', words: 'ex exs elixir' },
  { id: 'lua', family: 'other', file: 'main.lua', words: 'lua' },
  { id: 'perl', family: 'other', file: 'main.pl', words: 'pl pm perl' },
  { id: 'r', family: 'other', file: 'main.r', words: 'r' },
  { id: 'scala', family: 'other', file: 'Main.scala', words: 'scala sbt' },
  { id: 'haskell', family: 'other', file: 'Main.hs', words: 'hs haskell' },
  { id: 'sql', family: 'other', file: 'query.sql', words: 'sql pgsql mysql sqlite' },
  { id: 'graphql', family: 'other', file: 'schema.graphql', words: 'graphql gql' },
  { id: 'proto3', family: 'other', file: 'schema.proto', words: 'proto protobuf proto3' },
  { id: 'dockerfile', family: 'other', file: 'Dockerfile', words: 'dockerfile docker', names: 'dockerfile containerfile' },
  { id: 'makefile', family: 'other', file: 'Makefile', words: 'mk makefile make', names: 'makefile gnumakefile' },
  {
    id: 'shellscript',
    family: 'shell',
    file: 'script.sh',
    words: 'sh bash zsh ksh fish shell shellscript shell-session shellsession',
  },
  { id: 'shellscript', family: 'output', file: 'session.txt', words: 'console terminal' },
  { id: 'powershell', family: 'shell', file: 'script.ps1', words: 'ps1 psm1 psd1 powershell pwsh' },
  { id: 'bat', family: 'shell', file: 'script.bat', words: 'bat cmd batch' },
  { id: 'diff', family: 'patch', file: 'changes.diff', words: 'diff patch' },
  {
    id: 'plaintext',
    family: 'output',
    file: 'answer.txt',
    words: 'txt text plaintext plain output log stdout tree http mermaid',
  },
];

const BY_WORD = new Map(LANGUAGES.flatMap((language) => language.words.split(' ').map((word) => [word, language] as const)));
const BY_NAME = new Map(
  LANGUAGES.flatMap((language) => (language.names?.split(' ') ?? []).map((name) => [name, language] as const)),
);
const BY_ID = new Map([...LANGUAGES].reverse().map((language) => [language.id, language] as const));

/** File names without an extension that are file names all the same. Lower case. */
const BARE_NAMES = new Set([
  ...BY_NAME.keys(),
  'license',
  'procfile',
  'codeowners',
  'jenkinsfile',
  'justfile',
  'vagrantfile',
  'caddyfile',
]);

/** True for `Dockerfile` and its like. */
export const isBareFileName = (name: string): boolean => BARE_NAMES.has(name.toLowerCase());

/** The first word of a fence's info string, lower case: `html` of `html title="x"`, of `{.html}` and of `html:src/x.html`. */
export const fenceWord = (info: string): string => /^[{.\s]*([^\s:,{}"'=]{1,40})/.exec(info)?.[1]?.toLowerCase() ?? '';

/** True when a fence's info string begins with the word of a language. */
export const isLanguageWord = (info: string): boolean => BY_WORD.has(fenceWord(info));

/**
 * The language id of a file: by its name; else by the words after its fence; else `plaintext`. Pass an empty string for what is unknown.
 */
export function languageIdOf(name: string, fenceInfo: string): string {
  return (languageOfName(name) ?? BY_WORD.get(fenceWord(fenceInfo)))?.id ?? 'plaintext';
}

/** True when the name's extension, or the whole name, belongs to a language we know. */
export const hasKnownExtension = (name: string): boolean => languageOfName(name) !== undefined;

/** The name of a file nobody named: `index.html`, `App.tsx`... */
export const defaultFileName = (languageId: string): string => BY_ID.get(languageId)?.file ?? 'answer.txt';

/** The kind of text behind a fence's word; undefined for a fence without a word, or with one we do not know. */
export const familyOfFence = (info: string): Family | undefined => BY_WORD.get(fenceWord(info))?.family;

const familyOfId = (languageId: string): Family | undefined =>
  languageId === 'plaintext' ? undefined : BY_ID.get(languageId)?.family;

/** False only when both are known and of different kinds. Markup, components and scripts with markup may stand for each other. */
export function areCompatible(languageId: string, otherId: string): boolean {
  const family = familyOfId(languageId);
  const other = familyOfId(otherId);
  if (!family || !other || languageId === otherId) return true;
  const mixed = ['vue', 'svelte', 'astro', 'php'];
  const fits = (id: string, with_: Family): boolean => mixed.includes(id) && (with_ === 'markup' || with_ === 'script');
  if (fits(languageId, other) || fits(otherId, family)) return true;
  return family === other && family !== 'other';
}

/** The language of a bare text, guessed from how it begins. Deliberately few and safe guesses. */
export function sniffLanguageId(content: string): string {
  const head = content.slice(0, 2000).trimStart();
  if (/^<!doctype html|^<html[\s>]/i.test(head)) return 'html';
  if (/^<svg[\s>]/i.test(head)) return 'svg';
  if (/^<\?xml/.test(head)) return 'xml';
  if (/^<\?php/.test(head)) return 'php';
  if (/^<(?:template|script)[\s>]/i.test(head) && /<template[\s>]/i.test(head)) return 'vue';
  if (/^<[a-z!]/i.test(head)) return 'html';
  if (/^(?:import|export)\s[\s\S]{0,200}?['"]react['"]/.test(head)) return 'javascriptreact';
  if (/^(?:'use |"use |import\s|export\s|const\s|let\s|function\s|class\s|\/\/|async\s)/.test(head))
    return /(?:\breturn|=>)\s{0,9}\(?\s{0,20}<[a-zA-Z>]/.test(head) ? 'javascriptreact' : 'javascript';
  if (/^(?:@import|@media|@charset|:root|\*|[.#]?[a-z][\w-]*(?:[ .:>,#[][^{};]{0,80})?)\s*\{\s*[-a-z]+\s*:/i.test(head))
    return 'css';
  if (/^[[{]\s*(?:["{[\]}\d]|true|false|null)/.test(head)) return 'json';
  return 'plaintext';
}

function languageOfName(name: string): Language | undefined {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
  const dot = base.lastIndexOf('.');
  return BY_NAME.get(base) ?? (dot >= 0 ? BY_WORD.get(base.slice(dot + 1)) : undefined);
}
