/**
 * Finds a text that repeats itself, while it grows.
 *
 * Models fall into loops: the same words, lines or sections again and again until their output limit. What repeats within lines is found at
 * the end of the text, every few thousand signs, by its borders (the prefix function of the reversed end; Knuth, Morris and Pratt). Whole
 * lines and sections are found wherever they are, by counting lines that are the same as one some lines above. Both take time in proportion
 * to the text.
 *
 * Code repeats itself by right: the cells of a board, rows of a grid, the steps of a path. So how often is too often depends on whether
 * the repeated unit has words of its own, and on how long it is; and on how the text ends. What was cut within a repetition was in a loop.
 * What goes on behind it to a proper end may be a table with thirty rows alike: there it has to be much that is read again.
 */

export interface Loop {
  /** What is repeated: at most its first 200 signs. */
  readonly unit: string;
  readonly times: number;
  /** Signs that all repetitions together take. */
  readonly length: number;
  /** Offset at which they begin. */
  readonly start: number;
  /** Letters of the unit that a person would read. */
  readonly letters: number;
  /** True when the repetitions differ in their numbers. */
  readonly isCounting: boolean;
}

/** The end of the text is looked at over signs once in so many, and so much of it. */
const STEP = 1_000;
const WINDOW = 8_000;
/** What is kept of the end of the text. */
const KEPT = 2 * WINDOW;
/** The longest repeated section, in lines that are not empty. */
const MAX_LINES = 200;

export interface RepetitionWatch {
  /** Takes more of the text. Returns a loop that is beyond doubt where the text so far ends in one. */
  add(delta: string): Loop | undefined;
  /** The worst loop seen anywhere, once the text has ended. */
  finish(): Loop | undefined;
}

/** How a text ended: with all of its files closed, in some other way, without a proper end. */
export type TextEnd = 'whole' | 'ended' | 'cut';

/** Watches one text. `design`: what was sent; what is repeated there may be repeated here. `ending`: how it ends, where that is known. */
export function watchRepetition(design = '', ending: TextEnd = 'ended'): RepetitionWatch {
  let end: End = { text: '', offset: 0 };
  let unseen = 0;
  let worst: Loop | undefined;
  const lines = watchLines();
  const within = ending === 'cut' ? 'ended' : ending;
  const keep = (loop: Loop, when: TextEnd): void => {
    if (loop.length > (worst?.length ?? 0) && isTooMuch(loop, when, design)) worst = loop;
  };
  const look = (): readonly Loop[] => {
    unseen = 0;
    const loops = [...lines.read(end, (loop) => keep(loop, within)), ...bySigns(end)];
    const gone = end.text.length - KEPT;
    if (gone > KEPT) end = { text: end.text.slice(gone), offset: end.offset + gone };
    return loops;
  };
  return {
    add(delta) {
      end = { text: end.text + delta, offset: end.offset };
      unseen += delta.length;
      if (unseen < STEP) return undefined;
      const loops = look();
      for (const loop of loops) keep(loop, within);
      return loops.find((loop) => isTooMuch(loop, 'running', design));
    },
    finish() {
      for (const loop of look()) keep(loop, ending);
      return worst;
    },
  };
}

/** The end of a text, and where in it that begins. */
interface End {
  readonly text: string;
  readonly offset: number;
}

/** The worst loop in a whole text. */
export function findLoop(text: string, ending: TextEnd, design = ''): Loop | undefined {
  const watch = watchRepetition(design, ending);
  for (let at = 0; at < text.length; at += STEP) watch.add(text.slice(at, at + STEP));
  return watch.finish();
}

/** So many letters have to be there to read, in all repetitions together, where the text goes on to a proper end. */
const MANY_LETTERS = 1_000;

/** How often is too often, for a unit with so many letters: while it runs (beyond doubt), and by how the text ended. */
function isTooMuch(loop: Loop, when: 'running' | TextEnd, design: string): boolean {
  const { letters, times, length, unit, isCounting } = loop;
  if (isCounting) return when === 'cut' && length >= 1_000 && times >= (length >= 3_000 ? 20 : 30);
  const isProse = letters >= 40 && !/[<>{}()[\];=\n]/.test(unit);
  const least = isProse
    ? { running: 40, whole: 5, ended: 5, cut: 4 }
    : letters >= 200
      ? { running: 20, whole: 12, ended: 8, cut: 4 }
      : letters >= 12
        ? { running: 40, whole: 12, ended: 12, cut: 8 }
        : letters >= 3
          ? { running: 200, whole: 30, ended: 30, cut: 20 }
          : { running: 2_000, whole: 2_000, ended: 500, cut: 60 };
  const ended = letters >= 3 ? 250 : /\s|</.test(unit) ? 8_000 : 20_000;
  const signs =
    letters >= 3 ? { running: 4_000, whole: ended, ended, cut: 200 } : { running: 16_000, whole: ended, ended, cut: 500 };
  const isContent = when === 'whole' && !isProse && letters * times < MANY_LETTERS && !/^\s*(?:```|~~~)/m.test(unit);
  if (times < least[when] || length < signs[when] || (isContent && letters >= 3)) return false;
  return !(letters >= 3 && occurrences(design, longestWords(unit)) * 2 >= times);
}

function bySigns({ text, offset }: End): readonly Loop[] {
  const found = periodOf(text.slice(-WINDOW));
  if (!found) return [];
  const { period, times, length } = found;
  const start = offset + text.length - length;
  return [loopOf(text.slice(text.length - length, text.length - length + period), times, start, length, false)];
}

interface LineWatch {
  /** Reads the lines that are whole now. Returns the repetitions that the text ends in; tells of those that ended before. */
  read(end: End, onEnded: (loop: Loop) => void): readonly Loop[];
}

/**
 * For each distance, how many lines in a row are the same as the line so far above them: a section of as many lines that repeats itself.
 * Empty lines count for nothing. Once as they are, once with their numbers made alike.
 */
function watchLines(): LineWatch {
  const ids = new Map<string, number>();
  const starts: number[] = [];
  let read = 0;
  const watches = [false, true].map((isCounting) => ({
    isCounting,
    lines: [] as number[],
    runs: new Int32Array(MAX_LINES + 1),
  }));
  const idOf = (line: string): number => {
    const id = ids.get(line) ?? ids.size;
    ids.set(line, id);
    return id;
  };
  /** The loop of `run` lines that ends before the line of that index. */
  const loopOfLines = (
    { text, offset }: End,
    isCounting: boolean,
    period: number,
    run: number,
    before: number,
  ): Loop | undefined => {
    const start = starts[before - run - period];
    const lastUnit = starts[before - period];
    if (run < 2 * period || start === undefined || lastUnit === undefined) return undefined;
    const until = starts[before] ?? read;
    const unit = text.slice(Math.max(0, lastUnit - offset), Math.max(0, until - offset));
    return loopOf(unit, Math.floor((run + period) / period), start, until - start, isCounting);
  };
  return {
    read(end, onEnded) {
      for (
        let newline = end.text.indexOf('\n', read - end.offset);
        newline >= 0;
        newline = end.text.indexOf('\n', read - end.offset)
      ) {
        const start = read;
        const line = end.text.slice(Math.max(0, start - end.offset), newline).trim();
        read = end.offset + newline + 1;
        if (line === '') continue;
        starts.push(start);
        for (const { isCounting, lines, runs } of watches) {
          const id = idOf(isCounting ? `#${line.replace(/\d+/g, '0')}` : line);
          lines.push(id);
          const last = lines.length - 1;
          let hasEnded = false; // twice a distance is one as well: the shortest is told
          for (let period = 1; period <= Math.min(MAX_LINES, last); period += 1) {
            const run = runs[period] ?? 0;
            if (lines[last - period] === id) runs[period] = run + 1;
            else if (run > 0) {
              runs[period] = 0;
              if (hasEnded || run < 4 * period) continue;
              hasEnded = true;
              const ended = loopOfLines(end, isCounting, period, run, last);
              if (ended) onEnded(ended);
            }
          }
        }
      }
      return watches.flatMap(({ isCounting, lines, runs }) => {
        const period = runs.findIndex((run, distance) => distance > 0 && run >= 2 * distance);
        const loop = period > 0 ? loopOfLines(end, isCounting, period, runs[period] ?? 0, lines.length) : undefined;
        return loop ? [loop] : [];
      });
    },
  };
}

function loopOf(unit: string, times: number, start: number, length: number, isCounting: boolean): Loop {
  return { unit: unit.slice(0, 200), times, length, start, letters: lettersOf(unit.slice(0, 4_000)), isCounting };
}

/** The repetition that a text ends in: its longest end that is at least three times its own shortest period. */
function periodOf(text: string): { readonly period: number; readonly times: number; readonly length: number } | undefined {
  const size = text.length;
  const border = new Int32Array(size);
  const isSame = (a: number, b: number): boolean => text.charCodeAt(size - 1 - a) === text.charCodeAt(size - 1 - b);
  let best: { period: number; times: number; length: number } | undefined;
  for (let at = 1, matched = 0; at < size; at += 1) {
    while (matched > 0 && !isSame(at, matched)) matched = border[matched - 1] ?? 0;
    if (isSame(at, matched)) matched += 1;
    border[at] = matched;
    const length = at + 1;
    const period = length - matched;
    if (length >= 3 * period) best = { period, times: Math.floor(length / period), length };
  }
  return best;
}

/** What a person would read of a unit: without tags, and as one line. */
const readable = (unit: string): string =>
  unit
    .replace(/<[^<>]{0,400}>|^[^<]*>|<[^>]*$/g, ' ')
    .replace(/&[a-z]{2,8};/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** The longest words between two tags of a repeated unit, wherever in the middle of them it was cut. */
function longestWords(unit: string): string {
  const pieces = `${unit}${unit}`
    .split(/<[^<>]{0,400}>|\n|["'`]/)
    .map((words) => words.replace(/\s+/g, ' ').trim().toLowerCase());
  const whole = pieces.length > 2 ? pieces.slice(1, -1) : pieces;
  return whole.reduce((a, b) => (b.length > a.length ? b : a), '');
}

/** Values that stand in rows by right. */
const FILLERS = /\b(?:null|true|false|undefined|none|auto|yes|no|px|fr|rem|em|nan|void)\b/g;

const lettersOf = (unit: string): number => (readable(unit).replace(FILLERS, ' ').match(/\p{L}/gu) ?? []).length;

function occurrences(design: string, words: string): number {
  if (words.length < 3) return 0;
  let count = 0;
  for (let at = design.indexOf(words); at >= 0; at = design.indexOf(words, at + words.length)) count += 1;
  return count;
}
