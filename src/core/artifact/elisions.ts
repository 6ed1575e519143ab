/**
 * Places where an answer says that it leaves something out: "repeat for each item", "... existing content ...", "// unchanged".
 *
 * Only comments are read, and text between tags that cannot be meant for the page; and nothing that stands in the design itself. Some
 * phrases are plain whatever surrounds them. Others are just as well the heading of what follows ("More products"), and count only where
 * nothing follows: before a closing tag, a closing brace or the end.
 */
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
const SENTENCE_END = /(?<=[\p{L})][.;!?]) /u;
/** No file that is read by people has more. */
const MAX_COMMENTS = 5000;

const NOUN =
  '(?:items?|cards?|rows?|sections?|links?|posts?|products?|entr(?:y|ies)|contents?|elements?|articles?|columns?|features?|styles?|styling|rules?|code|options?|slides?|testimonials?|questions?|members?|images?|plans?|blocks?|fields?|cells?|paragraphs?|lines?|components?|functions?|methods?|handlers?|tests?|cases|imports?|props|markup|html|css|javascript|js|page|file|list|table|grid|menu|nav(?:igation)?|form|footer|layout|tiers?|tabs?|steps?|events?|users?|records?|values?|data|logic|implementation|template|script|pattern|structure|reviews?|logos?|days|weeks|months|others?|ones?|stuff|details|text|body|sidebar|header|faqs?|services?|projects?|tags?|categories|comments?|class(?:es)?|routes?|properties|attributes|parts?|variants?|definitions?|selectors?|icons?|buttons?|panels?|rest)';
const TAIL =
  '(?:here|omitted|as needed|go|goes|going|follows?|similar(?:ly)?|same|would|could|can be|to be|etc|not shown|for brevity|below|if needed|stays?|remains?|unchanged|truncated|continues?|as before|as is|as they are|as above|accordingly|likewise)';

/** What the code does with them: they are in it. */
const DONE =
  '(?:is|are|was|were|gets?) (?!omitted|left|kept|skipped|similar|identical|unchanged|not|truncated|elided|added|needed)\\w+(?:ed|en|wn)\\b';

/** Plain wherever they stand. All are read against lower case, one space between words. */
const PLAIN: readonly RegExp[] = [
  /^[[({<]*\s?(?:\.{3,}|…)\s?[\])}>]*$/,
  new RegExp(
    `^[[({\\s]*(?:\\.{3,}|…) (?:\\S+ ){0,6}?[[(]?(?:rest|remain\\w*|existing|more|others?|same|similar|repeat\\w*|previous|unchanged|continue[sd]?|additional|omitted|${NOUN})\\b`,
  ),
  /\b(?:rest|remain\w*|existing|more|others?|same|similar|repeat\w*|previous|unchanged|continue[sd]?|additional|omitted)\b[^.…]{0,40}(?:\.{3,}|…)[\])\s]*$/,
  new RegExp(`\\b(?:rest|remainder) of\\b.{0,60}\\b${TAIL}\\b`),
  /\b(?:the |all the )?rest\b.{0,20}\b(?:same|unchanged|remains?|stays?|omitted|similar|as is|as before|as above|follows?)\b/,
  new RegExp(
    `\\b(?:more|other|additional|further|remaining|extra|\\d+ more|all other)\\s(?:[\\w-]+\\s){0,3}?${NOUN}\\b(?! ${DONE}).{0,60}\\b${TAIL}\\b`,
  ),
  /\b(?:more|other|additional|further|remaining)\s(?:[\w-]+\s){0,2}?here\b/,
  new RegExp(
    `\\bprevious ${NOUN} (?:stays?|remains?|kept)\\b.{0,20}\\b(?:as (?:they are|it is|is|before)|unchanged|the same|here)\\b`,
  ),
  /^(?:and |then |please |todo:? |\W)*(?:repeat|duplicate|replicate)\b(?!-).{0,40}\b(?:for|each|above|below|similar|remaining|others?|more|this|these|same|times|as needed|pattern|structure|block)\b/,
  /^(?:and |then |please |todo:? |\W)*copy (?:and paste )?(?:the |this )?(?:above|block|structure|card|item|row|section|pattern)\b/,
  /\b(?:follows?|uses?|ha(?:s|ve)|shares?|repeats?) the (?:same|identical) (?:markup|structure|pattern|format|layout|design)\b/,
  /\b(?:remaining|others?|rest)\b.{0,40}\bidentical\b/,
  /\b(?:repeated|duplicated) (?:for|as needed|\d+ times|here)/,
  /^(?:todo|fixme):? (?:add|insert|write|fill in|include|complete|implement) (?:the |all )?(?:rest|remaining|other|more|additional)\b/,
  /^(?:todo|fixme):? (?:the )?(?:rest|remaining|other|more|additional)\b/,
  new RegExp(
    `^(?:add|insert|put|place|include) (?:(?:the|your) )?(?:more|additional|remaining|rest|other|further)\\b.{0,60}\\b${TAIL}\\b`,
  ),
  /\bfor (?:the sake of )?(?:brevity|conciseness)\b|\bto save space\b|\bfor space reasons\b/,
  new RegExp(
    `\\b(?:${NOUN}|rest) (?:has |have |was |were |is |are |been )*(?:omitted|elided|abbreviated|snipped|left out)(?=[^\\w]*$| (?:for|here|to save)\\b)`,
  ),
  /\b(?:remaining|rest|content|code|output|file|items|rows) (?:is |was |were |has been |have been )?truncated(?=\W*$| (?:for|here)\b)/,
  /^(?:\S+ ){0,3}(?:is |are |remains? |stays? |left |kept )?unchanged[.!\s]*$/,
  new RegExp(`\\b${NOUN} continues?\\b`),
  /^continue(?:s|d)? (?:with |for |adding |in |as |using )?(?:the |a |this |that )?(?:rest|remaining|same|similar|pattern|other|more|content|above)\b/,
  /\b(?:same|similar|identical)\b.{0,40}\b(?:for|as|to)\b.{0,20}\b(?:others?|remaining|rest)\b/,
  /\b(?:others?|remaining|rest)\b.{0,40}\b(?:similar(?:ly)?|the same way|same pattern|likewise|accordingly)\b/,
  /^\W*(?:and so on|etc\b|and so forth)/,
  /^(?:[\w$.#]{1,60}\(\),? (?:(?:and|&) )?){1,12}(?:methods? |functions? )?(?:is |are |remains? |stays? |left |kept )*(?:unchanged|the same|as before|as is)\W*$/,
  /^[[(<-]*\s?(?:snip|snipped|cut|skipped|abbreviated|shortened|omitted)\s?[\])>-]*$/,
  /^[[(]?unchanged (?:code|content|styles?|markup|parts?|sections?)[\])]?$/,
  /\b(?:weitere|restliche[nrs]?|übrige[nrs]?)\s.{0,40}\b(?:hier|analog|ebenso|folgen|usw|unverändert)|^\W*(?:le |la )?(?:reste|suite) (?:du|des|de l)(?!.*\b(?:est|sont|ont)\b)|^\W*(?:el |il )?resto d(?:el|ella?|ei|i|e)\b(?!.*\b(?:est?[áa]n?|son|è|sono)(?=\s))|^\W*(?:o )?rest(?:o|ante) d[oa]s?\b(?!.*\b(?:está|estão|é|são)(?=\s))|^\W*(?:autres?|otr[oa]s|outr[oa]s|altr[ie])\s.{0,40}\s(?:ici|aquí|aqui|qui)\W*$|其余|省略|以此类推|同上|以下同様|以下略/,
];

/** The heading of what follows, unless nothing does. */
const BARE: readonly RegExp[] = [
  /^(?:and |the |with |some |add |\W)*(?:more|other|additional|further|remaining|another|rest of|remainder of|\d+ more)\b(?:\s\S+){0,4}$/,
  /^[[(]?(?:keep |leave |the |your |all )*existing\b(?:\s\S+){0,4}$/,
  /\b(?:goes|go|comes|would be|belongs?|should be|will be)\s(?:in )?here\b/,
  /^(?:your|insert|add|place|put|enter)\b.{0,60}\bhere\b/,
  /^(?:same|similar|identical|as)\b(?:\s\S+){0,3}?\s(?:above|before|previous|previously|first)\b/,
  /^(?:continued|to be continued)[.!]?$/,
  new RegExp(`^${NOUN} here$`),
  /^(?:[\w-]+ ){1,3}content$|^content for\b/,
  /^(?:you can )?(?:todo:? )?(?:add|insert|include|fill in|write)(?: in)? (?:the |your )?(?:others?|rest|remaining|more|additional)\b/,
  /\b\d+,? ?(?:\.{3}|…)$/,
  /^(?:repeat|repeated)\b(?!-)/,
  /^(?:the )?(?:full|complete|entire|whole) (?:[\w-]+ ){0,2}(?:text|content|article|list|table|story|copy)$/,
];

/** Names what an element should hold, where it holds nothing else. */
const CONTENTS = new RegExp(`^(?:the |your |all )*(?:[\\w-]+ ){0,3}(?:${NOUN}|area)$`);

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
    const isPlain = words.split(SENTENCE_END).some((sentence) => PLAIN.some((pattern) => pattern.test(sentence)));
    const isElision =
      isPlain ||
      (BARE.some((pattern) => pattern.test(words)) && endsThere(content, comment)) ||
      (CONTENTS.test(words) && isAlone(content, comment) && !hasScript());
    return isElision ? [{ words, start: comment.start }] : [];
  });
  return [...inComments, ...elidedTexts(content, design), ...elidedMarkup(content, design)];
}

/** The next line of a comment that is written over several. */
function isProseGoingOn(content: string, before: Stretch | undefined, { start }: Stretch): boolean {
  if (!before || before.text.trim().length < 50 || start - before.end > 200) return false;
  return /^[ \t]*\n[ \t]*$/.test(content.slice(before.end, start));
}

/** One space between words, lower case: the form in which texts are compared. */
export const plainWords = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();

/** Too short to tell: three dots are in many designs. */
const isInDesign = (words: string, design: string): boolean => words.length > 3 && design.includes(words);

/** Nothing follows on the same level. */
function endsThere(content: string, { start, end }: Stretch): boolean {
  const before = content.slice(Math.max(0, start - 20), start).trimEnd();
  let after = content.slice(end, end + 400).trimStart();
  if (before.endsWith('{') && after.startsWith('}')) after = after.slice(1).trimStart();
  return after === '' || /^(?:<\/|[}\])]|\{\/)/.test(after);
}

/** The only thing in an element that exists for its content and that no code could look up to fill. */
function isAlone(content: string, { start, end }: Stretch): boolean {
  const before = content.slice(Math.max(0, start - 300), start).trimEnd();
  const tag = /<(nav|main|section|article|ul|ol|dl|table|tbody|header|footer|aside|form)(?:\s[^<>]*)?>$/i.exec(before);
  if (!tag || /\s(?:id|ref|v-html|bind:this)\s?=/i.test(tag[0])) return false;
  return content
    .slice(end, end + 100)
    .trimStart()
    .toLowerCase()
    .startsWith(`</${tag[1]?.toLowerCase()}>`);
}

const DRAWING = /\s(?:d|points)\s?=\s?["']([^"'<>]{0,4000}?)(?:\.{3}|…)\s*["']/g;
const DOTTED_ROW =
  /<tr(?:\s[^<>]{0,200})?>(?:\s*<t[dh](?:\s[^<>]{0,200})?>\s*(?:\.{3}|…|&hellip;|⋮)\s*<\/t[dh]>){2,20}\s*<\/tr>/gi;

/** The shape of a drawing that breaks off in dots, and a row of a table with nothing but dots in it. */
function elidedMarkup(content: string, design: string): readonly Elision[] {
  const shapes = [...content.matchAll(DRAWING)].map((match) => ({ words: plainWords(match[0]).slice(-60), start: match.index }));
  if (/\.{3}|…/.test(design)) return shapes;
  return [...shapes, ...[...content.matchAll(DOTTED_ROW)].map(({ index }) => ({ words: 'a table row of dots', start: index }))];
}

const OMITS =
  /\b(?:left|leave|leaving|omit\w*|skip(?:ped|ping)|shortened|abbreviated|truncated|only (?:shown|included|written|implemented|show|include|write)|follows? the same|use the same|repeats? the same|placeholders?)\b/;
const OTHERS = /\b(?:rest|remaining|remainder|others?|all \d+|first (?:\w+ )?(?:few|\d+|one|two|three|four|five|six))\b/;
const REASON =
  /\b(?:brevity|conciseness|to save space|to (?:keep|make|stay) (?:\w+ ){0,4}(?:short|brief|concise|compact|manageable|readable|within)|(?:length|space|token|size|output|character) (?:limit\w*|constraints?|restrictions?))\b/;

/** Sentences beside the code that say so, and why: a reason about length is what tells them from a choice of design. */
export function elisionsInProse(prose: string, design: string): readonly string[] {
  const sentences = prose.slice(0, 100_000).split(/(?<=[.!?])\s|\n/);
  return sentences
    .map((sentence) => plainWords(sentence.slice(0, 600)))
    .filter((words) => words.length <= 500 && OMITS.test(words) && OTHERS.test(words) && REASON.test(words))
    .filter((words) => !isInDesign(words, design));
}

/** Words between tags that no page would show. */
function elidedTexts(content: string, design: string): readonly Elision[] {
  const found: Elision[] = [];
  for (const match of content.matchAll(/>([^<>{}]{6,400})(?=<)/g)) {
    const words = plainWords(match[1] ?? '');
    if (words === '' || words.length > MAX_TEXT || isInDesign(words, design)) continue;
    if (words.startsWith('(') && !/\b(?:omitted|brevity|repeat\w*|remaining|rest of|truncated|similar|not shown)\b/.test(words))
      continue;
    const isMarked = /^(?:[[(]|\.{3}|…)/.test(words)
      ? /(?:[\])]|\.{3}|…)$/.test(words)
      : /\b(?:continues?|goes|go) here\b/.test(words);
    if (isMarked && PLAIN.slice(1).some((pattern) => pattern.test(words))) found.push({ words, start: match.index + 1 });
    else if (/^[[(.…]*\s?(?:content|text|article|list|page) continues? here/.test(words))
      found.push({ words, start: match.index + 1 });
  }
  return found;
}
