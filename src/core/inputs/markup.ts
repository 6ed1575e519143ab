/** The first thing in a piece of markup that says what it is. */

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

/** A document type may declare entities between brackets. */
function endOfDoctype(text: string, from: number): number {
  const end = endOf(text, '>', from);
  const subset = text.indexOf('[', from);
  return subset < 0 || subset > end ? end : endOf(text, '>', text.indexOf(']', subset));
}
