/** What the readers of markup share: where it begins, and how stretches are taken out of it while all else stays as it is. */

/** Where markup begins behind byte order mark, white space, XML declarations, comments, and the document type of an SVG. */
export function markupStart(text: string): number {
  let at = 0;
  for (;;) {
    const rest = /\S/g;
    rest.lastIndex = at;
    at = rest.exec(text)?.index ?? text.length;
    const end = text.startsWith('<?', at)
      ? endOf(text, '?>', at)
      : text.startsWith('<!--', at)
        ? endOf(text, '-->', at + 4)
        : /^<!DOCTYPE\s+svg\b/i.test(text.slice(at, at + 40))
          ? endOfDoctype(text, at)
          : -1;
    if (end < 0) return at;
    at = end;
  }
}

/** Behind the next such text; -1 where there is none. */
export function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** Behind a document type, which may declare entities between brackets; -1 where it does not end. */
export function endOfDoctype(text: string, from: number): number {
  const end = endOf(text, '>', from);
  const subset = text.indexOf('[', from);
  if (subset < 0 || subset > end) return end;
  SUBSET_END.lastIndex = subset;
  return SUBSET_END.test(text) ? SUBSET_END.lastIndex : -1;
}
const SUBSET_END = /\]\s*>/g;

/** Of white space beside what is left out, this much is looked at. */
const MAX_INDENT = 200;

/** A text being shortened, from its beginning to its end: each call is about what comes after the one before. */
export class Shortened {
  readonly #text: string;
  readonly #kept: string[] = [];
  #from = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Leaves out a stretch, and the line it had for itself. */
  leaveOut(start: number, end: number): void {
    const indent = /(?:^|\n)([ \t]*)$/.exec(this.#text.slice(Math.max(this.#from, start - MAX_INDENT), start));
    const lineEnd = /^[ \t]*\r?\n/.exec(this.#text.slice(end, end + MAX_INDENT));
    const isOwnLine = indent !== null && lineEnd !== null;
    this.replace(isOwnLine ? start - (indent[1]?.length ?? 0) : start, isOwnLine ? end + lineEnd[0].length : end, '');
  }

  replace(start: number, end: number, words: string): void {
    this.#kept.push(this.#text.slice(this.#from, start), words);
    this.#from = end;
  }

  /** The whole, with what was not touched byte for byte. */
  get text(): string {
    return [...this.#kept, this.#text.slice(this.#from)].join('');
  }
}
