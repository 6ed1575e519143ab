/**
 * Tells prose, fences and code apart in a text that streams, and colours each finished line once.
 */
import { CodeHighlighter } from './codeHighlighter.ts';
import { type TokenClass, Tokens } from './tokens.ts';

/** `text` prose, `fence` a line of backticks, `code` a line of code. */
export type LineKind = 'text' | 'fence' | 'code';

export interface HighlightedLine {
  readonly kind: LineKind;
  /** The pieces of the line, in order; joined they are the line. */
  readonly tokens: readonly (readonly [TokenClass, string])[];
}

/** Longer lines are shown plain. */
const MAX_HIGHLIGHTED_CHARS = 2_000;

export class Highlighter {
  #fence: { readonly mark: string; readonly length: number } | undefined;
  #code: CodeHighlighter | undefined;
  #seenText = false;
  readonly #proseOnly: boolean;

  /** `proseOnly`: a text without code, as thinking is. */
  constructor(proseOnly = false) {
    this.#proseOnly = proseOnly;
  }

  /** What an unfinished line is most likely to be. */
  get kind(): LineKind {
    return this.#fence || this.#code ? 'code' : 'text';
  }

  /** Colours the next finished line, given without its newline. */
  line(line: string): HighlightedLine {
    const isLong = line.length > MAX_HIGHLIGHTED_CHARS;
    if (!this.#proseOnly && !isLong) {
      const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/.exec(line.trimEnd());
      if (fence && this.#toggleFence(fence[1] ?? '', (fence[2] ?? '').trim())) return { kind: 'fence', tokens: plain(line) };
      if (!this.#fence && !this.#seenText && line.trim()) this.#code = bareCode(line.trim());
    }
    this.#seenText ||= line.trim() !== '';
    if (isLong || (this.#fence && !this.#code)) return { kind: this.kind, tokens: plain(line) };
    return { kind: this.kind, tokens: this.#code ? this.#code.line(line) : prose(line) };
  }

  #toggleFence(mark: string, info: string): boolean {
    if (this.#fence) {
      if (mark[0] !== this.#fence.mark || mark.length < this.#fence.length || info) return false;
      this.#fence = undefined;
      this.#code = undefined;
      return true;
    }
    this.#fence = { mark: mark[0] ?? '`', length: mark.length };
    const language = (/^[^\s{:]+/.exec(info)?.[0] ?? '').toLowerCase();
    this.#code = CodeHighlighter.for(language) ?? CodeHighlighter.for(/\.(\w+)$/.exec(language)?.[1] ?? '');
    return true;
  }
}

/** An answer may be one bare file, without a fence: told by its first line. */
function bareCode(line: string): CodeHighlighter | undefined {
  if (/^<(!doctype|!--|\/?[a-z])/i.test(line)) return CodeHighlighter.for('html');
  const script = [
    /^(import|export)\s+[\w{*"']/,
    /^(const|let|var)\s+[\w{[]+.*=/,
    /^(async\s+)?function\s+\w+\s*\(/,
    /^['"]use (client|server|strict)/,
  ];
  return script.some((pattern) => pattern.test(line)) ? CodeHighlighter.for('jsx') : undefined;
}

const plain = (line: string): [TokenClass, string][] => (line ? [['', line]] : []);

/** Headings and `**bold**` stand out, `code` is coloured; the marks stay, so that what is copied is what was sent. */
function prose(line: string): [TokenClass, string][] {
  const heading = /^#{1,6}\s+/.exec(line);
  if (heading)
    return [
      ['m', heading[0]],
      ['b', line.slice(heading[0].length)],
    ];
  const out = new Tokens(line);
  while (out.at < line.length) {
    const bold = out.peek(/\*\*([^*]+)\*\*/y);
    if (bold?.[1]) {
      out.take('m', out.at + 2);
      out.take('b', out.at + bold[1].length);
      out.take('m', out.at + 2);
    } else if (!out.match(/`[^`]+`/y, 's') && !out.match(/[^*`]+/y, '')) out.take('', out.at + 1);
  }
  return out.tokens;
}
