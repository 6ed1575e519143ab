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
 * knows it by. Throws what Sucrase throws: its message ends with `(line:column)`.
 */
export function compileScript({ name, content, jsx, typescript }: ScriptSource, resolve: (request: string) => string): string {
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

/** Rewrites the literal of each `require('...')`; strings and comments that only look like one are left alone. */
function withRequests(code: string, resolve: (request: string) => string): string {
  const { tokens } = parse(code, false, false, false);
  const pieces: string[] = [];
  let from = 0;
  tokens.forEach((token, index) => {
    const isRequest =
      token.type === TokenType.string &&
      tokens[index - 1]?.type === TokenType.parenL &&
      tokens[index + 1]?.type === TokenType.parenR &&
      textOf(tokens[index - 2], code) === 'require' &&
      tokens[index - 3]?.type !== TokenType.dot;
    if (!isRequest) return;
    pieces.push(code.slice(from, token.start), JSON.stringify(resolve(code.slice(token.start + 1, token.end - 1))));
    from = token.end;
  });
  return pieces.join('') + code.slice(from);
}

const textOf = (token: { readonly start: number; readonly end: number } | undefined, code: string): string =>
  token ? code.slice(token.start, token.end) : '';
