/**
 * TypeScript, JSX and modules to CommonJS, with Sucrase: it rewrites tokens and keeps lines, so an error in the page has the line of the
 * source. Loaded at first use, from a bundle of its own.
 */
import { transform } from 'sucrase';
import { parse } from 'sucrase/dist/parser/index.js';
import { TokenType } from 'sucrase/dist/parser/tokenizer/types.js';

export interface ScriptSource {
  /** Path in the answer, for messages. */
  readonly name: string;
  readonly content: string;
  readonly jsx: boolean;
  readonly typescript: boolean;
}

/**
 * The body of `function (require, module, exports)`. `resolve` gives each name that is required, types excepted, the name that the frame
 * knows it by; `taken` are the exports that the code uses of it, as far as it names them. Throws what Sucrase throws: its message ends with `(line:column)`.
 */
export function compileScript(
  { name, content, jsx, typescript }: ScriptSource,
  resolve: (request: string, taken: readonly string[]) => string,
): string {
  const { code } = transform(content, {
    transforms: [...(jsx ? (['jsx'] as const) : []), ...(typescript ? (['typescript'] as const) : []), 'imports'],
    jsxRuntime: 'automatic',
    production: true,
    disableESTransforms: true,
    filePath: name,
  });
  return withRequests(code, resolve);
}

/** The same module as JavaScript. */
export const withoutTypes = (name: string, content: string): string =>
  transform(content, { transforms: ['typescript'], disableESTransforms: true, filePath: name }).code;

/** Rewrites the literal of each `require('...')`, and `import.meta`; strings and comments that only look like one are left alone. */
function withRequests(code: string, resolve: (request: string, taken: readonly string[]) => string): string {
  const { tokens } = parse(code, false, false, false);
  const words = tokens.map(({ start, end }) => code.slice(start, end));
  const taken = membersOf(words);
  const pieces: string[] = [];
  let from = 0;
  tokens.forEach((token, index) => {
    if (words[index] === 'import' && words[index + 1] === '.' && words[index + 2] === 'meta') {
      pieces.push(code.slice(from, token.start), META);
      from = tokens[index + 2]?.end ?? token.end;
      return;
    }
    const isRequest =
      token.type === TokenType.string &&
      tokens[index - 1]?.type === TokenType.parenL &&
      tokens[index + 1]?.type === TokenType.parenR &&
      words[index - 2] === 'require' &&
      tokens[index - 3]?.type !== TokenType.dot;
    if (!isRequest) return;
    const variable = words[index - 3] === '=' ? (words[index - 4] ?? '') : '';
    const request = code.slice(token.start + 1, token.end - 1);
    pieces.push(code.slice(from, token.start), JSON.stringify(resolve(request, taken(variable))));
    from = token.end;
  });
  return pieces.join('') + code.slice(from);
}

/** What bundlers give a module to know of its surroundings, and a script has no word for. */
const META = "({ env: { MODE: 'production', PROD: true, DEV: false, SSR: false, BASE_URL: '/' }, url: 'about:blank' })";

/** Which members of a variable some code reads, also under the name that Sucrase gives to what it wraps. */
function membersOf(words: readonly string[]): (variable: string) => readonly string[] {
  const members = new Map<string, Set<string>>();
  const wrapped = new Map<string, string>();
  words.forEach((word, index) => {
    if (words[index + 1] === '.') {
      const known = members.get(word) ?? new Set();
      members.set(word, known.add(words[index + 2] ?? ''));
    }
    const isWrapped = words[index - 1] === '(' && /^_interopRequire(?:Default|Wildcard)$/.test(words[index - 2] ?? '');
    if (isWrapped && words[index - 3] === '=') wrapped.set(word, words[index - 4] ?? '');
  });
  return (variable) => [...(members.get(variable) ?? []), ...(members.get(wrapped.get(variable) ?? '') ?? [])];
}
