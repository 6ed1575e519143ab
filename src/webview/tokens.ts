/**
 * A line of text being cut into coloured pieces, from left to right. It never loses or changes a character.
 */

/** What a piece is: keyword, string, number, comment, tag, attribute or property, function; bold and marks in prose; plain. */
export type TokenClass = 'k' | 's' | 'n' | 'c' | 't' | 'a' | 'f' | 'b' | 'm' | '';

/** Neighbours of one class become one piece. */
export class Tokens {
  readonly tokens: [TokenClass, string][] = [];
  at = 0;
  readonly #line: string;

  constructor(line: string) {
    this.#line = line;
  }

  get rest(): string {
    return this.#line.slice(this.at);
  }

  /** The last `chars` characters before here. */
  before(chars: number): string {
    return this.#line.slice(Math.max(0, this.at - chars), this.at);
  }

  /** What the sticky pattern finds here, without taking it. */
  peek(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.#line) ?? undefined;
  }

  /** Takes what the sticky pattern finds here. */
  match(pattern: RegExp, as: TokenClass): boolean {
    const found = this.peek(pattern)?.[0];
    if (!found) return false;
    return this.take(as, this.at + found.length);
  }

  /** Takes up to and with `end`, or the rest of the line. True when `end` was found. */
  takeTo(as: TokenClass, end: string): boolean {
    const found = this.#line.indexOf(end, this.at);
    this.take(as, found < 0 ? this.#line.length : found + end.length);
    return found >= 0;
  }

  /** Takes the text up to `to`, as one class. Always true, so that a rule can end with it. */
  take(as: TokenClass, to: number): true {
    const text = this.#line.slice(this.at, to);
    this.at = to;
    const last = this.tokens.at(-1);
    if (last && last[0] === as) last[1] += text;
    else if (text) this.tokens.push([as, text]);
    return true;
  }
}
