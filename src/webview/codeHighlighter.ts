/**
 * Colours lines of code one after the other, carrying what is still open (a tag, a comment, a template) as a short stack.
 *
 * It knows what design answers are made of: markup with styles and scripts inside, CSS, JavaScript and its relatives with JSX, JSON.
 * It guesses where a real parser would know, and it never looks back.
 */
import { type TokenClass, Tokens } from './tokens.ts';

/** What a line can begin inside of. */
type Mode =
  | { readonly in: 'markup' }
  | { readonly in: 'tag'; readonly jsx: boolean; readonly closing: boolean; readonly name: string }
  | { readonly in: 'quoted'; readonly quote: string }
  | { readonly in: 'jsx-text' }
  | { readonly in: 'script'; depth: number; readonly until: '' | '}' | '</script'; readonly jsx: boolean; readonly json: boolean }
  | { readonly in: 'template' }
  | { readonly in: 'style'; depth: number; readonly until: '' | '</style' }
  | { readonly in: 'comment'; readonly end: '*/' | '-->' }
  | { readonly in: 'hash' };

/** Deeper nesting than any real answer has is not followed. */
const MAX_DEPTH = 60;

const KEYWORDS = new Set(
  `abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export
  extends false finally for from function get if implements import in instanceof interface is keyof let new null number of private
  protected public readonly return satisfies set static string super switch this throw true try type typeof undefined unknown var
  void while with yield`.split(/\s+/),
);

/** First mode of a language; undefined for one we do not know, which is shown plain. */
function modeFor(language: string): Mode | undefined {
  switch (language) {
    case 'html':
    case 'htm':
    case 'xml':
    case 'svg':
    case 'vue':
    case 'svelte':
    case 'astro':
      return { in: 'markup' };
    case 'css':
    case 'scss':
    case 'less':
      return { in: 'style', depth: 0, until: '' };
    case 'js':
    case 'javascript':
    case 'mjs':
    case 'cjs':
    case 'jsx':
    case 'tsx':
    case 'javascriptreact':
    case 'typescriptreact':
      return { in: 'script', depth: 0, until: '', jsx: true, json: false };
    case 'ts':
    case 'typescript':
    case 'mts':
    case 'cts':
    case 'java':
    case 'c':
    case 'cpp':
    case 'cs':
    case 'csharp':
    case 'go':
    case 'rust':
    case 'swift':
    case 'kotlin':
    case 'dart':
    case 'php':
      return { in: 'script', depth: 0, until: '', jsx: false, json: false };
    case 'json':
    case 'jsonc':
    case 'json5':
      return { in: 'script', depth: 0, until: '', jsx: false, json: true };
    case 'py':
    case 'python':
    case 'sh':
    case 'bash':
    case 'shell':
    case 'yaml':
    case 'yml':
    case 'toml':
    case 'ruby':
      return { in: 'hash' };
    default:
      return undefined;
  }
}

export class CodeHighlighter {
  readonly #stack: Mode[];

  /** For a language by its fence word or file ending; undefined for one we do not know, which is shown plain. */
  static for(language: string): CodeHighlighter | undefined {
    const mode = modeFor(language);
    return mode && new CodeHighlighter(mode);
  }

  private constructor(mode: Mode) {
    this.#stack = [mode];
  }

  #push(mode: Mode): true {
    if (this.#stack.length < MAX_DEPTH) this.#stack.push(mode);
    return true;
  }

  #pop(): true {
    if (this.#stack.length > 1) this.#stack.pop();
    return true;
  }

  /** Cuts the next line; what it leaves open is carried to the line after. */
  line(line: string): [TokenClass, string][] {
    const out = new Tokens(line);
    while (out.at < line.length) if (!this.#step(out)) out.take('', out.at + 1);
    return out.tokens;
  }

  /** Takes a piece, or enters or leaves a mode. False where no rule fits. */
  #step(out: Tokens): boolean {
    const mode = this.#stack.at(-1);
    switch (mode?.in) {
      case 'markup':
        return this.#markup(out);
      case 'tag':
        return this.#tag(out, mode);
      case 'quoted':
        return out.takeTo('s', mode.quote) ? this.#pop() : true;
      case 'comment':
        return out.takeTo('c', mode.end) ? this.#pop() : true;
      case 'template':
        return this.#template(out);
      case 'jsx-text':
        return this.#jsxText(out);
      case 'script':
        return this.#script(out, mode);
      case 'style':
        return this.#style(out, mode);
      case 'hash':
        return hashScript(out);
      case undefined:
        return out.match(/.+/y, '');
    }
  }

  #markup(out: Tokens): boolean {
    if (out.match(/[^<&]+/y, '')) return true;
    if (out.match(/<!--/y, 'c')) return this.#push({ in: 'comment', end: '-->' });
    return out.match(/&#?\w+;/y, 'n') || this.#openTag(out, false);
  }

  /** At a `<`: a tag if a name follows. */
  #openTag(out: Tokens, jsx: boolean): boolean {
    const found = out.peek(jsx ? /<(\/?)([A-Za-z][\w.:-]*|(?=\s*>))/y : /<([/!?]?)([A-Za-z][\w.:-]*)/y);
    if (!found) return false;
    out.take('', out.at + 1 + (found[1] ?? '').length);
    out.take('t', out.at + (found[2] ?? '').length);
    this.#push({ in: 'tag', jsx, closing: found[1] === '/', name: (found[2] ?? '').toLowerCase() });
    return true;
  }

  #tag(out: Tokens, mode: Extract<Mode, { in: 'tag' }>): boolean {
    if (out.match(/\s+/y, '')) return true;
    if (out.match(/\/>/y, '')) return this.#pop();
    if (out.match(/>/y, '')) {
      this.#pop();
      if (mode.jsx) {
        if (!mode.closing) this.#push({ in: 'jsx-text' });
        else if (this.#stack.at(-1)?.in === 'jsx-text') this.#pop();
      } else if (!mode.closing && mode.name === 'script') {
        this.#push({ in: 'script', depth: 0, until: '</script', jsx: false, json: false });
      } else if (!mode.closing && mode.name === 'style') this.#push({ in: 'style', depth: 0, until: '</style' });
      return true;
    }
    if (out.match(/"[^"]*"|'[^']*'/y, 's')) return true;
    const quote = out.peek(/["']/y)?.[0];
    if (quote) {
      out.take('s', out.at + 1);
      return this.#push({ in: 'quoted', quote });
    }
    if (mode.jsx && out.match(/\{/y, '')) return this.#push({ in: 'script', depth: 0, until: '}', jsx: true, json: false });
    if (out.match(/[@:#A-Za-z_][\w.:@-]*/y, 'a')) return true;
    return out.match(/=(?!["'{])[^\s"'>{]+/y, 's');
  }

  #jsxText(out: Tokens): boolean {
    if (out.match(/[^<{]+/y, '')) return true;
    if (out.match(/\{/y, '')) return this.#push({ in: 'script', depth: 0, until: '}', jsx: true, json: false });
    return this.#openTag(out, true);
  }

  #template(out: Tokens): boolean {
    if (out.match(/(?:[^`\\$]|\\.|\$(?!\{))+/y, 's')) return true;
    if (out.match(/`/y, 's')) return this.#pop();
    if (out.match(/\$\{/y, 'k')) return this.#push({ in: 'script', depth: 0, until: '}', jsx: true, json: false });
    return out.take('s', out.at + 1);
  }

  #script(out: Tokens, mode: Extract<Mode, { in: 'script' }>): boolean {
    if (mode.until === '</script' && out.peek(/<\/script/iy)) return this.#pop();
    if (out.match(/\s+/y, '')) return true;
    if (out.match(/\/\/.*/y, 'c')) return true;
    if (out.match(/\/\*/y, 'c')) return this.#push({ in: 'comment', end: '*/' });
    if (out.match(mode.json ? /"(?:[^"\\]|\\.)*"(?=\s*:)/y : /(?!)/y, 'a')) return true;
    if (out.match(/"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)/y, 's')) return true;
    if (out.match(/`/y, 's')) return this.#push({ in: 'template' });
    if (out.match(/(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)n?\b/y, 'n')) return true;
    const startsValue = /(^|[([{,;:=!&|?+\-*%<>~^]|\breturn|=>)\s*$/.test(out.before(40));
    if (mode.jsx && startsValue && this.#openTag(out, true)) return true;
    if (startsValue && out.match(/\/(?![*/])(?:[^\\/[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*/y, 's')) return true;
    const word = out.peek(/[A-Za-z_$@][\w$]*/y)?.[0];
    if (word) {
      const after = out.rest.slice(word.length, word.length + 2);
      const property = out.before(1) === '.';
      const isKeyword = KEYWORDS.has(word) && !property;
      return out.take(isKeyword ? 'k' : after.startsWith('(') ? 'f' : '', out.at + word.length);
    }
    if (out.match(/\{/y, '')) {
      mode.depth++;
      return true;
    }
    if (out.peek(/\}/y)) {
      if (mode.until === '}' && mode.depth === 0) this.#pop();
      mode.depth = Math.max(0, mode.depth - 1);
    }
    return out.take('', out.at + 1);
  }

  #style(out: Tokens, mode: Extract<Mode, { in: 'style' }>): boolean {
    if (mode.until && out.peek(/<\/style/iy)) return this.#pop();
    if (out.match(/\s+/y, '')) return true;
    if (out.match(/\/\*/y, 'c')) return this.#push({ in: 'comment', end: '*/' });
    if (out.match(/"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)/y, 's')) return true;
    if (out.match(/@[\w-]+/y, 'k')) return true;
    if (out.match(/--[\w-]+/y, 'a')) return true;
    if (mode.depth > 0 && out.match(/[\w-]+(?=\s*:(?!:)[^{]*(?:;|$))/y, 'a')) return true;
    if (out.match(/#[\da-fA-F]{3,8}\b|[+-]?(?:\d+\.?\d*|\.\d+)(?:%|[a-z]+)?/y, 'n')) return true;
    if (out.match(/!important\b/y, 'k')) return true;
    if (out.match(/[\w-]+(?=\()/y, 'f')) return true;
    const word = out.peek(/[.#&]?-?[A-Za-z_][\w-]*/y)?.[0];
    if (word) return out.take(mode.depth === 0 || /^[.#&]/.test(word) ? 't' : '', out.at + word.length);
    if (out.match(/\{/y, '')) {
      mode.depth++;
      return true;
    }
    if (out.match(/\}/y, '')) {
      mode.depth = Math.max(0, mode.depth - 1);
      return true;
    }
    return false;
  }
}

/** Languages whose comments begin with `#`. */
function hashScript(out: Tokens): boolean {
  if (out.match(/\s+/y, '') || out.match(/#.*/y, 'c')) return true;
  if (out.match(/"(?:[^"\\]|\\.)*(?:"|$)|'(?:[^'\\]|\\.)*(?:'|$)/y, 's')) return true;
  if (out.match(/\d[\w.]*/y, 'n')) return true;
  const word = out.peek(/[A-Za-z_][\w-]*/y)?.[0];
  if (!word) return out.take('', out.at + 1);
  const isKey = out.rest.startsWith(':', word.length);
  const isKeyword =
    KEYWORDS.has(word) || /^(def|elif|except|and|or|not|None|True|False|pass|raise|lambda|fi|then|done|echo|end)$/.test(word);
  return out.take(isKey ? 'a' : isKeyword ? 'k' : out.rest.startsWith('(', word.length) ? 'f' : '', out.at + word.length);
}
