/**
 * Style sheets of a model, without what loads something. The text is read token by token as CSS Syntax 3 says, because addresses hide
 * behind escapes (`\75rl(...)`) and comments, and everything else must stay as it was written: what a browser does not know yet included.
 */

/** What stands for an address that is not loaded, and how it is told. */
export interface CssRules {
  /** A `data:` address or fragment to use instead of `address`; undefined: the address may stay as it is. */
  readonly replace: (address: string, use: 'image' | 'font') => string | undefined;
  /** An `@import`. Returns the style sheet to put there instead; undefined: nothing. */
  readonly onImport: (address: string) => string | undefined;
}

/** Functions whose plain strings are addresses, too. */
const TAKES_STRINGS = new Set(['url', 'src', 'image-set', '-webkit-image-set', 'image', 'cross-fade', '-webkit-cross-fade']);

/** The same style sheet, or the same declarations of a `style` attribute, that loads nothing. Never contains `</`. */
export function cleanCss(css: string, rules: CssRules): string {
  // As a browser prepares it: a form feed ends a line as well, and with it a string.
  const tokens = tokensOf(css.replaceAll(/\r\n?|\f/g, '\n').replaceAll('\0', '\ufffd'));
  const out: string[] = [];
  // `<` before a name would begin a tag for a parser that is not in a style element; in CSS a space there changes nothing.
  const put = (text: string): unknown => out.push(out.at(-1)?.endsWith('<') && /^[\w/!?]/.test(text) ? ` ${text}` : text);
  /** Names of the functions around, innermost last; '' for other brackets. */
  const functions: string[] = [];
  let isFont = false;
  let depth = 0;
  let fontDepth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (!token) break;
    switch (token.type) {
      case 'comment':
        put(' ');
        break;
      case 'at': {
        if (token.value === 'import') {
          const end = statementEnd(tokens, at + 1);
          const named = tokens.slice(at + 1, end).find(({ type }) => type === 'string' || type === 'url');
          const instead = rules.onImport(named?.value ?? '');
          if (instead !== undefined) put(cleanCss(instead, rules));
          at = end;
          break;
        }
        isFont = token.value === 'font-face';
        fontDepth = depth;
        put(safeText(token.text));
        break;
      }
      case 'url':
        put(addressText(token, isFont, rules));
        break;
      case 'function':
        functions.push(token.value);
        put(safeText(token.text));
        break;
      case 'string':
        put(TAKES_STRINGS.has(functions.at(-1) ?? '') ? addressText(token, isFont, rules) : safeText(token.text));
        break;
      default:
        if (token.text === '(') functions.push('');
        else if (token.text === ')') functions.pop();
        else if (token.text === '{') depth++;
        else if (token.text === '}') {
          depth = Math.max(0, depth - 1);
          if (depth <= fontDepth) isFont = false;
        }
        put(safeText(token.text));
    }
  }
  return out.join('');
}

function addressText(token: Token, isFont: boolean, rules: CssRules): string {
  const instead = rules.replace(token.value.trim(), isFont ? 'font' : 'image');
  if (instead === undefined) return safeText(token.text);
  const quoted = `"${instead.replaceAll(/["\\\n]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)}"`;
  return safeText(token.type === 'url' ? `url(${quoted})` : quoted);
}

/** Inside strings, addresses and names `\3c ` is the same character. Nearly no text has one. */
const safeText = (text: string): string =>
  text.includes('<')
    ? text.replaceAll(/\\[\s\S]|<(?=[\w/!?])/g, (found) => (found === '<' || found === '\\<' ? '\\3c ' : found))
    : text;

interface Token {
  readonly type: 'comment' | 'string' | 'url' | 'function' | 'at' | 'other';
  readonly text: string;
  /** Unescaped: the address, the string, or the name in lower case. */
  readonly value: string;
}

const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/y;
const STRING = /"(?:[^"\\\n]|\\[\s\S])*(?:"|$|(?=\n))|'(?:[^'\\\n]|\\[\s\S])*(?:'|$|(?=\n))/y;
const ESCAPE = String.raw`\\(?:[\da-f]{1,6}(?:\r\n|\s)?|[^\n\da-f])`;
const NAME = new RegExp(String.raw`(?:--|-?(?:[a-z_\u0080-\u{10ffff}]|${ESCAPE}))(?:[\w\u0080-\u{10ffff}-]|${ESCAPE})*|-`, 'iuy');
const ADDRESS = new RegExp(String.raw`\s*((?:[^\s"'()\\]|${ESCAPE})*)\s*(?:\)|$)`, 'iy');
/** Browsers differ on some of these: what stands in it counts as an address. */
const BAD_ADDRESS = /((?:[^)\\]|\\[\s\S])*)(?:\)|\\?$)/y;
const QUOTED = /\s*["']/y;
const PLAIN = /[\s\d.,:#%*+>~=!&|[\]]+/y;

function tokensOf(css: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(css);
    if (found) at += found[0].length;
    return found;
  };
  const isNext = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    return pattern.test(css);
  };
  while (at < css.length) {
    const start = at;
    const add = (type: Token['type'], value: string): void => {
      tokens.push({ type, text: css.slice(start, at), value });
    };
    if (css[at] === '/' && take(COMMENT)) add('comment', '');
    else if ((css[at] === '"' || css[at] === "'") && take(STRING))
      add('string', unescaped(css.slice(start + 1, at).replace(/["']$/, '')));
    else if (css[at] === '@') {
      at++;
      add('at', unescaped(take(NAME)?.[0] ?? '').toLowerCase());
    } else {
      const name = take(NAME)?.[0];
      if (name === undefined) {
        if (!take(PLAIN)) at += css.codePointAt(at) === undefined ? 1 : String.fromCodePoint(css.codePointAt(at) ?? 0).length;
        add('other', '');
      } else if (css[at] !== '(') add('other', '');
      else {
        at++;
        const lower = unescaped(name).toLowerCase();
        if (lower !== 'url' || isNext(QUOTED)) add('function', lower);
        else {
          const address = take(ADDRESS) ?? take(BAD_ADDRESS);
          add('url', unescaped(address?.[1] ?? ''));
        }
      }
    }
  }
  return tokens;
}

/** Index of the `;` that ends the statement begun before `from`, or of the last token. */
function statementEnd(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at++) if (tokens[at]?.text.includes(';') && tokens[at]?.type === 'other') return at;
  return tokens.length;
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:([\da-f]{1,6})(?:\r\n|\s)?|\n|([\s\S]))/gi, (_, hex: string | undefined, char: string | undefined) => {
    const code = Number.parseInt(hex ?? '', 16);
    if (hex === undefined) return char ?? '';
    return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
  });
