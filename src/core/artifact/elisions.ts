/**
 * Places where an answer says that it leaves something out: "repeat for each item", "... existing content ...", "// unchanged".
 *
 * Only comments are read, and text between tags that cannot be meant for the page; and nothing that stands in the design itself. Some
 * phrases are plain whatever surrounds them. Others are just as well the heading of what follows ("More products"), and count only where
 * nothing follows: before a closing tag, a closing brace or the end.
 */
import { omissionIn, THING } from './omissionWords.ts';
import type { Scan, Stretch } from './scan.ts';

export interface Elision {
  /** The words, on one line. */
  readonly words: string;
  readonly start: number;
}

/** Longer comments explain; they do not stand in for code. In UTF-16 units. */
const MAX_COMMENT = 200;
const MAX_TEXT = 160;
/** A comment with more words describes. */
const MAX_WORDS = 22;
/** No file that is read by people has more. */
const MAX_COMMENTS = 5000;

/** Names what an element should hold, where it holds nothing else. */
const CONTENTS = new RegExp(`^(?:the |your |all )*(?:[\\w-]+ ){0,3}(?:${THING}|area)$`);
/** Likewise, of an element or a rule that may be empty by right: only several things are missed there. */
const SEVERAL = new RegExp(`^(?:the |your |all |\\d+ )*(?:[\\w-]+ ){0,3}(?!css|class|canvas)(?:${THING})s(?: here)?$`);
/** One for each of something. */
const ONE_EACH = new RegExp(`^(?:an? |one )(?:[\\w-]+ ){0,2}${THING} (?:per|for each|for every)\\b`);
/** At its end or its beginning: what is said of markup, which does nothing that could be told so. */
const LEFT_OUT =
  /^(?:omitted|left out|skipped|truncated|shortened): |\b(?:omitted|elided|left out|shortened|abbreviated|snipped)(?:\W*$|, )/;

/** Elisions of one file. `design`: all text that was sent, in the form of {@link plainWords}. */
export function elisionsOf(content: string, { comments }: Scan, design: string): readonly Elision[] {
  let scripted: boolean | undefined;
  const hasScript = (): boolean => {
    scripted ??= /<script[\s>]/i.test(content);
    return scripted;
  };
  const inComments = comments.slice(0, MAX_COMMENTS).flatMap((comment, index) => {
    if (/^\*\s/.test(comment.text)) return []; // a description of what follows
    const words = plainWords(comment.text.slice(0, 2 * MAX_COMMENT)).replace(/^[*\-=#/!\s]+|[*\-=#/\s]+$/g, '');
    if (words === '' || words.length > MAX_COMMENT || isInDesign(words, design)) return [];
    if (words.split(' ').length > MAX_WORDS || isProseGoingOn(content, comments[index - 1], comment)) return [];
    if (isOfStatement(content, comment) && !/\.{3}|…/.test(words)) return [];
    const omission = omissionIn(words);
    const isElision =
      omission === 'plain' ||
      (omission === 'repeat' && !isLoopNext(content, comment)) ||
      ((omission === 'heading' || omission === 'title') && endsThere(content, comment)) ||
      (omission === 'heading' && isOwnParagraph(content, comment)) ||
      (LEFT_OUT.test(words) && isInMarkup(content, comment)) ||
      isAllThereIs(content, comment, words, hasScript);
    return isElision ? [{ words, start: comment.start }] : [];
  });
  return [...inComments, ...elidedTexts(content, design), ...elidedMarkup(content, design)];
}

/** The next line of a comment that is written over several. */
function isProseGoingOn(content: string, before: Stretch | undefined, { start }: Stretch): boolean {
  if (!before || before.text.trim().length < 50 || start - before.end > 200) return false;
  return /^[ \t]*\n[ \t]*$/.test(content.slice(before.end, start));
}

/** Behind a whole statement, at the end of its line: what that statement does, not what should follow. */
const isOfStatement = (content: string, { start, end }: Stretch): boolean =>
  /;[ \t]*$/.test(content.slice(Math.max(0, start - 20), start)) && /^[ \t]*(?:\n|$)/.test(content.slice(end, end + 20));

/** One space between words, lower case: the form in which texts are compared. */
export const plainWords = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();

/** Too short to tell: three dots are in many designs. */
const isInDesign = (words: string, design: string): boolean => words.length > 3 && design.includes(words);

/** Nothing follows on the same level. What stands behind code in its line is said of that code. */
function endsThere(content: string, { start, end }: Stretch): boolean {
  const before = content.slice(Math.max(0, start - 20), start).trimEnd();
  if (/(?:\}|\/>)[ \t]?\{?$/.test(content.slice(Math.max(0, start - 20), start))) return false;
  let after = content.slice(end, end + 400).trimStart();
  if (before.endsWith('{') && after.startsWith('}')) after = after.slice(1).trimStart();
  if (after === '' || /^(?:<\/|[}\])]|\{\/)/.test(after)) return true;
  return /(?:^|\n)[ \t]*(?:\.\.\.|pass)$/.test(before);
}

/** A note in code with an empty line on both sides: it heads nothing. Markup is often written so, and so are the titles of chapters. */
function isOwnParagraph(content: string, { start, end }: Stretch): boolean {
  if (/^<!--|^\/\*.*\*\/\}/.test(content.slice(start, end + 1))) return false;
  if (/^\W*(?:other|more|additional|further)\b/i.test(content.slice(start, end))) return false;
  return (
    /\n[ \t]*\n[ \t]*$/.test(content.slice(Math.max(0, start - 80), start)) &&
    /^[ \t]*\n[ \t]*\n/.test(content.slice(end, end + 80))
  );
}

/** What follows is a loop, which says by itself what is done for each. */
const isLoopNext = (content: string, { end }: Stretch): boolean =>
  /^\s*(?:<[^<>]*(?:v-for|\*ngFor)|\{#each|(?:for|while|loop|foreach|continue)\b|.{0,120}\.(?:map|forEach|flatMap)\()/.test(
    content.slice(end, end + 300),
  );

const isInMarkup = (content: string, { start, end }: Omit<Stretch, 'text'>): boolean =>
  content.startsWith('<!--', start) || (content[start - 1] === '{' && content[end] === '}' && content[start] === '/');

/** The only thing in an element, a rule or a function, where it names what should be there. */
function isAllThereIs(content: string, { start, end }: Stretch, words: string, hasScript: () => boolean): boolean {
  if (!CONTENTS.test(words) && !SEVERAL.test(words) && !ONE_EACH.test(words) && !/^same (?:as|for) /.test(words)) return false;
  const before = content.slice(Math.max(0, start - 300), start).trimEnd();
  const after = content.slice(end, end + 100).trimStart();
  if (after.startsWith('}') && !isInMarkup(content, { start, end })) {
    if (/\)(?: =>)? \{$/.test(before)) return OF_CODE.test(words) && !/^same /.test(words);
    return OF_CODE.test(words) && /^[^{}<>]*[.#@:\w\]][^{}<>=]{0,200}\{$/m.test(before);
  }
  const tag = /<([a-z][\w-]*)(?:\s[^<>]*)?>\{?$/i.exec(before);
  const name = tag?.[1]?.toLowerCase() ?? '';
  if (!tag || !after.replace(/^\}/, '').trimStart().toLowerCase().startsWith(`</${name}>`)) return false;
  if (/\s(?:id|ref|v-html|bind:this)\s?=/i.test(tag[0]) || hasScript()) return false;
  return CONTAINERS.test(name) ? !/^same /.test(words) : SEVERAL.test(words);
}

/** What a rule or a function consists of. */
const OF_CODE = /\b(?:logic|code|implementation|functionality|handling|styles?|rules?|properties|content|same)\b/;
/** Elements that exist for their content. */
const CONTAINERS = /^(?:nav|main|section|article|ul|ol|dl|table|tbody|header|footer|aside|form)$/;

const DRAWING = /\s(?:d|points)\s?=\s?["']([^"'<>]{0,4000}?)(?:\.{3}|…)\s*["']/g;
const STUB =
  /\b(?:todo|unimplemented)!\((?:"[^"\n]{0,100}")?\)|\b(?:new Error|panic|fatalError|NotImplementedError)\(\s?["'](?:not (?:yet )?implemented|todo\b)[^"'\n]{0,100}["']\)/gi;
/** A text between dots among others, and a key that JSON has for comments. */
const DOTTED_TEXT =
  /(?<=[[,]\s{0,200})"\s?((?:\.{3}|…)[^"\n]{3,80}(?:\.{3}|…))\s?"|"(?:\/\/|_?comment)\d?"\s?:\s?"([^"\n]{3,200})"/g;
const DOTTED_ROW =
  /<tr(?:\s[^<>]{0,200})?>(?:\s*<t[dh](?:\s[^<>]{0,200})?>\s*(?:\.{3}|…|&hellip;|⋮)\s*<\/t[dh]>){2,20}\s*<\/tr>/gi;

/** The shape of a drawing that breaks off in dots, a stub, and a row of a table with nothing but dots in it. */
function elidedMarkup(content: string, design: string): readonly Elision[] {
  const shapes = [...content.matchAll(DRAWING), ...content.matchAll(STUB)]
    .map((match) => ({ words: plainWords(match[0]).slice(-60), start: match.index }))
    .filter(({ words }) => !isInDesign(words, design));
  for (const match of content.matchAll(DOTTED_TEXT)) {
    const words = plainWords(match[1] ?? match[2] ?? '');
    const omission = omissionIn(words);
    if ((omission === 'plain' || omission === 'repeat') && !isInDesign(words, design)) shapes.push({ words, start: match.index });
  }
  if (/\.{3}|…/.test(design)) return shapes;
  return [...shapes, ...[...content.matchAll(DOTTED_ROW)].map(({ index }) => ({ words: 'a table row of dots', start: index }))];
}

const OMITS =
  /\b(?:left|leave|leaving|omit\w*|skip(?:ped|ping)|shortened|abbreviated|truncated|only (?:shown|included|written|implemented|show\w*|includ\w+|writ\w+)|(?:show\w*|includ\w+|writ\w+|implement\w+|cover\w+|provid\w+) only|only the first|follows? the same|use the same|repeats? the same|placeholders?|not shown|weggelassen|ausgelassen|gekürzt|nicht enthalten|omis\w*|omitid\w+)(?!\p{L})/u;
const OTHERS =
  /\b(?:rest|remaining|remainder|others?|all \d+|first (?:\w+ )?(?:few|\d+|one|two|three|four|five|six)|only the (?:main|first|key|core|essential))\b/;
const REASON =
  /\b(?:brevity|conciseness|simplicity|to save space|(?:keep|make|stay|kept|keeping)\w* (?:\w+ ){0,4}(?:short|brief|concise|compact|manageable|readable|within)|(?:length|space|token|size|output|character) (?:limit\w*|constraints?|restrictions?)|platzgründen|der (?:kürze|übersichtlichkeit)|brièveté|concision|brevedad)(?!\p{L})/u;
/** "I've omitted them", "they are left out". */
const IS_OMITTED =
  /\b(?:are|is|was|were|i|we|ve|have|has|sind|ist) (?:\w+ )?(?:omitted|left out|skipped|shortened|truncated|abbreviated|weggelassen|gekürzt|nicht enthalten)\b/;
/** What is left to the reader. */
const TO_BE_DONE =
  /\b(?:remaining|rest of|others?)\b.{0,40}\b(?:can|could|should|would|may) (?:then )?be (?:implemented|built|added|created|made|done|written|completed|styled|filled)\b.{0,40}\b(?:similar\w*|same|accordingly|likewise|analogously|pattern)\b/;
const BY_THE_READER =
  /^(?:add|write|implement|build|create|fill in|complete)\b.{0,20}\b(?:remaining|rest of|others?)\b.{0,60}\b(?:same|similar\w*|copy\w*|duplicat\w+|repeat\w*|pattern|yourself)\b/;
/** How a request begins politely. */
const OPENER = /^(?:(?:you (?:can|could|may|should|will need to|need to)|simply|just|please|feel free to|then|now)[ ,]+)+/;

/** Sentences beside the code that say so, and why: a reason about length is what tells them from a choice of design. */
export function elisionsInProse(prose: string, design: string): readonly string[] {
  const sentences = prose.slice(0, 100_000).split(/(?<=[.!?])\s|\n/);
  return sentences
    .map((sentence) => plainWords(sentence.slice(0, 600)))
    .filter((words) => words.length <= 500 && (isExcuse(words) || isRequest(words)))
    .filter((words) => !isInDesign(words, design));
}

function isExcuse(words: string): boolean {
  if (TO_BE_DONE.test(words)) return true;
  if (!OMITS.test(words)) return false;
  if (REASON.test(words)) return OTHERS.test(words) || IS_OMITTED.test(words);
  if (!OTHERS.test(words)) return false;
  return (
    /\bonly (?:included|implemented|wrote|written) (?:the )?first\b/.test(words) ||
    (IS_OMITTED.test(words) && /\b(?:same|similar\w*|pattern)\b/.test(words))
  );
}

/** Asks the reader to write the rest: "Repeat the card block for the other items." */
function isRequest(sentence: string): boolean {
  const words = sentence.replace(OPENER, '');
  if (!/^(?:repeat|duplicate|copy|continue|add|write|implement|build|create|fill in|complete|\.{3}|…)/.test(words)) return false;
  const omission = omissionIn(words);
  return (
    BY_THE_READER.test(words) ||
    (/^(?:repeat|duplicate|copy|continue|add|\.|…)/.test(words) && (omission === 'plain' || omission === 'repeat'))
  );
}

/** Words between tags that no page would show. */
function elidedTexts(content: string, design: string): readonly Elision[] {
  const found: Elision[] = [];
  for (const match of content.matchAll(/>([^<>{}]{6,400})(?=<)/g)) {
    const words = plainWords(match[1] ?? '');
    if (words === '' || words.length > MAX_TEXT || isInDesign(words, design)) continue;
    if (
      words.startsWith('(') &&
      !/\b(?:omitted|brevity|repeat\w*|remaining|rest of|truncated|similar|not shown|as in the)\b/.test(words)
    )
      continue;
    const isMarked = /^(?:[[(]|\.{3}|…)/.test(words)
      ? /(?:[\])]|\.{3}|…)$/.test(words)
      : /\b(?:continues?|goes|go) here\b/.test(words);
    if (isMarked && /\p{L}/u.test(words) && omissionIn(words) !== undefined) found.push({ words, start: match.index + 1 });
    else if (/^[[(.…]*\s?(?:content|text|article|list|page) continues? here/.test(words))
      found.push({ words, start: match.index + 1 });
  }
  return found;
}
