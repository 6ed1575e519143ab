/** Comments, texts and half statements of the languages that answers are written in: no more of each than `scanCode.ts` looks at. */

/** How to tell code from its comments and texts, in one language. */
export interface Syntax {
  readonly line: readonly string[];
  readonly block: boolean;
  readonly quotes: string;
  readonly isScript: boolean;
  readonly tripleQuotes?: true;
  /** `'x'` is one sign, and what lies between backticks is as it stands. */
  readonly isCLike?: true;
  /** A text in quotes ends on its line. */
  readonly endsStrings?: true;
  /** Texts over several lines begin with `<<WORD` and end with that word on a line of its own. */
  readonly hereTexts?: true;
  /** What a statement does not end with. */
  readonly unfinished: string;
}

export const SCRIPT: Syntax = {
  line: ['//'],
  block: true,
  quotes: '"\'',
  isScript: true,
  endsStrings: true,
  unfinished: '=,+&|.?:',
};
export const STYLE: Syntax = { line: [], block: true, quotes: '"\'', isScript: false, unfinished: '' };
const NESTED_STYLE: Syntax = { ...STYLE, line: ['//'] };
const HASH: Syntax = { line: ['#'], block: false, quotes: '"\'', isScript: false, tripleQuotes: true, unfinished: '=,+.' };
const SHELL: Syntax = { ...HASH, hereTexts: true };
const PYTHON: Syntax = { ...HASH, endsStrings: true, unfinished: '=,+.:' };
const C_LIKE: Syntax = { line: ['//'], block: true, quotes: '"', isScript: false, isCLike: true, unfinished: '=,+&|.' };
const SQL: Syntax = { line: ['--'], block: true, quotes: "'", isScript: false, unfinished: ',' };

/** By the language's id. */
export const SYNTAX: Readonly<Record<string, Syntax>> = {
  javascript: SCRIPT,
  javascriptreact: SCRIPT,
  typescript: SCRIPT,
  typescriptreact: SCRIPT,
  css: STYLE,
  scss: NESTED_STYLE,
  less: NESTED_STYLE,
  python: PYTHON,
  ruby: SHELL,
  shellscript: SHELL,
  yaml: HASH,
  toml: HASH,
  elixir: HASH,
  go: C_LIKE,
  rust: C_LIKE,
  java: C_LIKE,
  kotlin: C_LIKE,
  swift: C_LIKE,
  dart: C_LIKE,
  c: C_LIKE,
  cpp: C_LIKE,
  csharp: C_LIKE,
  php: { ...C_LIKE, line: ['//', '#'] },
  sql: SQL,
  lua: SQL,
  haskell: SQL,
  jsonc: C_LIKE,
  json: C_LIKE,
};
