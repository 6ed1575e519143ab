/**
 * The third corpus, again by someone who had not read the rules: what is left out in several languages of people and of machines, cuts at
 * every kind of place, and more ways of naming files. What the rules missed of it at first (of 101 elided 41, of 66 truncated 5, of 34
 * looped 1, of 71 chatty 7; 3 false alarms in 100) is the honest rate; they were mended on it afterwards. `elided-later.txt` and
 * `near-later.txt` came in four rounds, each written after the rules had been mended on those before: at first sight 27 of the 140 elided
 * lines were missed, and 4 of the 109 sound ones were false alarms. The rules from before missed 42 of them, with 2 false alarms.
 *
 * What is left out is one line each (`elided*.txt`), set into a whole file of its kind; beside it stand lines which only look so
 * (`near*.txt`). A cut answer is a line too (`truncated.txt`): its language and its text, `\n` for a line's end and `@@head|` for a page's
 * beginning; every sixth ends without its fence.
 */
import { type BrokenCase, SHAPES } from './cases.ts';
import { DESIGNS, readLines } from './lines.ts';
import { pageHead, readCases, readText } from './read.ts';

const FENCE = '```';

const LINES: readonly BrokenCase[] = [
  ...readLines('third', 'elided.txt', 'elided', 'e'),
  ...readLines('third', 'near.txt', 'sound', 'n'),
  ...readLines('third', 'elided-later.txt', 'elided', 'f'),
  ...readLines('third', 'near-later.txt', 'sound', 'm'),
];

/** The model closed its fence all the same, but for every sixth. */
const CUT: readonly BrokenCase[] = readText('third', 'truncated.txt')
  .split(/^=== /m)
  .slice(1)
  .map((block, index) => {
    const [id = '', line = ''] = block.split('\n');
    const mark = line.indexOf('|');
    const language = line.slice(0, mark);
    const code = line
      .slice(mark + 1)
      .replace('@@head|', `${pageHead('Shop')}\n`)
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t');
    const text = language === 'bare' ? code : `${FENCE}${language}\n${code}${index % 6 === 5 ? '' : `\n${FENCE}\n`}`;
    return { id: `third-t-${id}`, shape: 'truncated', text, ...(DESIGNS.has(language) ? {} : { kind: 'code' }) };
  });

export const THIRD: readonly BrokenCase[] = [
  ...SHAPES.filter((shape) => shape !== 'elided' && shape !== 'truncated').flatMap((shape) => readCases('third', shape)),
  ...LINES,
  ...CUT,
];
