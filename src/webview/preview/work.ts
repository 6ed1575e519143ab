/**
 * How much work a page is, before the browser is asked to parse it: that is one long step of the panel's, and a few lines can make it last
 * for minutes. A page that would is not shown.
 */

/** Pages of models have some hundreds; of people, some thousands. */
const MAX_ELEMENTS = 20_000;
/** Formatting elements that are left open, in any page that is not made to be slow. */
const USUALLY_OPEN = 8;
const MAX_REOPENED = 10_000;
/** The parser keeps no more of the same at once. */
const MAX_ALIKE = 3;

const TAGS = /<(\/?)([a-z][^\s/>]*)([^>]*)/gi;
const FORMATTING = /^(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)$/i;

/** @throws RangeError with a sentence for the person: this page is not to be parsed */
export function checkWork(html: string): void {
  const open: string[] = [];
  let elements = 0;
  let reopened = 0;
  for (const [, slash, name = '', rest = ''] of html.matchAll(TAGS)) {
    if (!slash) elements++;
    if (elements > MAX_ELEMENTS) throw new RangeError(`This page has more than ${MAX_ELEMENTS.toLocaleString('en')} elements.`);
    if (FORMATTING.test(name)) change(open, name.toLowerCase(), rest, !slash);
    // The parser opens again, in each element that follows, whatever formatting was not closed.
    reopened += Math.max(0, open.length - USUALLY_OPEN);
    if (reopened > MAX_REOPENED)
      throw new RangeError('This page leaves so many elements open that it would take too long to read.');
  }
}

/** What is open after one more tag. A link ends the link before it. */
function change(open: string[], name: string, attributes: string, isStart: boolean): void {
  const isAlone = name === 'a' || name === 'nobr';
  if (!isStart || isAlone) {
    const last = open.findLastIndex((each) => each.startsWith(`${name} `));
    if (last >= 0) open.splice(last, 1);
  }
  if (!isStart) return;
  const key = `${name} ${attributes}`;
  const alike = open.filter((each) => each === key).length;
  if (alike < MAX_ALIKE) open.push(key);
}
