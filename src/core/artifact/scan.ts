/**
 * A tolerant look at a file's text: its comments, the words between its tags, and what is still open where it ends.
 *
 * It is no parser. Answers are cut, mixed and sloppy, and a wrong alarm costs more than a missed one; so whatever can be read in two ways
 * is read as sound: a string ends with its line, an apostrophe after a letter opens nothing, a tag that HTML lets go unclosed is closed.
 * One pass, in time proportional to the text.
 */
import { type Scan, scanCode } from './scanCode.ts';
import { scanMarkup } from './scanMarkup.ts';
import { SYNTAX } from './syntax.ts';

export type { Scan, Stretch } from './scanCode.ts';

const MARKUP: ReadonlySet<string> = new Set(['html', 'xml', 'svg', 'vue', 'svelte', 'astro', 'handlebars', 'razor']);

/** Looks at a file in the language of that id; undefined for one we know no syntax of. */
export function scan(content: string, languageId: string): Scan | undefined {
  if (MARKUP.has(languageId)) return scanMarkup(content, languageId);
  const syntax = SYNTAX[languageId];
  return syntax && scanCode(content, 0, content.length, syntax);
}
