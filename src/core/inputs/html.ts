/**
 * An HTML mock-up without what no model needs to see the design: comments, what scripts do, embedded pictures, and what measures visitors
 * or hurries loading. Texts, markup, classes and styles stay as they are, white space included.
 *
 * It is read as the tokenizer of the HTML standard reads it, as far as needed: quoted attributes may hold `>`, and script, style, title
 * and textarea hold text up to their own end tag. A file that breaks off in any of them is kept from there on.
 */
import { withoutData } from './dataUris.ts';
import { endOf, markupStart, Shortened } from './markup.ts';
import { leftOutPhrases, type Piece, textPiece } from './piece.ts';

/** True for a text that begins as a whole page does. */
export const isPage = (text: string): boolean => PAGE_START.has(firstElement(text) ?? '');

/** True for a page, or for a piece of one: it begins with an element of HTML, or one of the author's own, and ends with a tag. */
export function isHtml(text: string): boolean {
  const first = firstElement(text) ?? '';
  return PAGE_START.has(first) || ((PIECE_START.has(first) || first.includes('-')) && TAG_AT_END.test(text.slice(-MAX_LAST_TAG)));
}

/** Its name in small letters; `!doctype` for a page's. Undefined where something else comes first. */
function firstElement(text: string): string | undefined {
  const start = markupStart(text);
  return /^<(!doctype(?=\s+html)|[a-z][a-z0-9-]*)/i.exec(text.slice(start, start + 60))?.[1]?.toLowerCase();
}

const PAGE_START = new Set(['!doctype', 'html', 'head', 'body']);
const PIECE_START = new Set(
  `a article aside b blockquote button center details dialog div dl fieldset figure font footer form h1 h2 h3 h4 h5 h6 header hr i iframe
  img input label link main menu meta nav ol p picture pre section select small span strong style summary table tbody template tr ul title
  video`.split(/\s+/),
);
const TAG_AT_END = /(?:<\/?[a-z][^<>]*|--)>\s*$/i;
const MAX_LAST_TAG = 1000;

export function readHtml(name: string, text: string): Piece {
  const plain = withoutData(text);
  const { html, counts } = withoutNoise(plain.text);
  return textPiece(html, {
    kind: 'html',
    name,
    language: 'html',
    ...(html === text ? {} : { originalBytes: Buffer.byteLength(text) }),
    leftOut: [...leftOutPhrases(counts, { 'script body': 'script bodies' }), ...plain.leftOut],
  });
}

/** Elements whose content is text up to their own end tag. */
const RAW_TEXT = new Set('script style title textarea noscript iframe xmp noembed noframes'.split(' '));
/** What looks up or counts visitors, by where it comes from. */
const TRACKER =
  /\b(?:googletagmanager|google-analytics|googleadservices|doubleclick|facebook\.net|facebook\.com\/tr|hotjar|segment\.(?:com|io)|mixpanel|clarity\.ms|matomo|plausible\.io|sentry|newrelic|nr-data|cookielaw|onetrust|cookiebot|intercom|hs-scripts|hubspot|linkedin\.com\/px|bat\.bing)\b/i;
const LOADING_HINT =
  /\brel\s*=\s*["']?(?:preconnect|dns-prefetch|preload|prefetch|modulepreload|manifest|alternate|canonical)\b/i;
/** What a page tells search engines and networks of itself. */
const META_KEPT = /\b(?:charset\s*=|name\s*=\s*["']?(?:viewport|description|theme-color|color-scheme)\b)/i;
/** Scripts longer than this are programs, whatever they write. */
const MAX_DESIGN_SCRIPT = 64 * 1024;

/** A configuration of Tailwind holds the design's colours and sizes; a template, or a script that writes elements, its texts. */
const isDesign = (script: string): boolean =>
  script.length <= MAX_DESIGN_SCRIPT &&
  (/\btailwind\.config\b/.test(script) ||
    (/<[a-z][\w-]*(?:\s[^<>]{0,400})?>/i.test(script) && /<\/[a-z][\w-]*\s*>/i.test(script)));

interface Counts {
  comment: number;
  'script body': number;
  'tracking element': number;
  'loading hint': number;
  'meta element': number;
  [noun: string]: number;
}

function withoutNoise(text: string): { readonly html: string; readonly counts: Counts } {
  const counts: Counts = { comment: 0, 'script body': 0, 'tracking element': 0, 'loading hint': 0, 'meta element': 0 };
  const html = new Shortened(text);
  const leaveOut = (noun: keyof Counts & string, start: number, end: number): void => {
    counts[noun] = (counts[noun] ?? 0) + 1;
    html.leaveOut(start, end);
  };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      const end = commentEnd(text, at);
      if (end < 0) break;
      leaveOut('comment', at, end);
      at = end;
      continue;
    }
    const name = nameAt(text, at);
    if (name === undefined) {
      at++;
      continue;
    }
    const end = tagEnd(text, at + 1 + name.length);
    const isRaw = RAW_TEXT.has(name);
    const bodyEnd = end >= 0 && isRaw ? closeOf(text, name, end) : end;
    const wholeEnd = bodyEnd >= 0 && isRaw ? endOf(text, '>', bodyEnd) : bodyEnd;
    if (wholeEnd < 0) break; // the file breaks off in here
    const source = text.slice(at, end);
    if (name === 'script' && !isDesign(text.slice(end, bodyEnd))) {
      if (TRACKER.test(text.slice(at, bodyEnd))) leaveOut('tracking element', at, wholeEnd);
      else if (!/\ssrc\s*=/i.test(source)) leaveOut('script body', at, wholeEnd);
    } else if ((name === 'noscript' || name === 'iframe' || name === 'img') && isTracker(text.slice(at, wholeEnd))) {
      leaveOut('tracking element', at, wholeEnd);
    } else if (name === 'link' && LOADING_HINT.test(source) && !/stylesheet/i.test(source)) leaveOut('loading hint', at, end);
    else if (name === 'meta' && !META_KEPT.test(source)) leaveOut('meta element', at, end);
    at = wholeEnd;
  }
  return { html: html.text, counts };
}

/** Comes from a known address, or is a picture of one pixel. A logo may have such a name and comes from elsewhere. */
const isTracker = (element: string): boolean =>
  (element.match(HOSTS) ?? []).some((host) => TRACKER.test(host)) ||
  (/\bwidth\s*=\s*["']?[01]["'\s/>]/i.test(element) && /\bheight\s*=\s*["']?[01]["'\s/>]/i.test(element));

const HOSTS = /\/\/[^\s"'<>/?#]{1,200}(?:\/(?:tr|px)\b)?/g;

/** The name of the start tag that begins there; undefined where none does. */
function nameAt(text: string, at: number): string | undefined {
  TAG_NAME.lastIndex = at;
  return TAG_NAME.exec(text)?.[1]?.toLowerCase();
}
const TAG_NAME = /<([a-z][a-z0-9-]*)/iy;

/** Behind the `>` of a start tag, which no quoted attribute holds; -1 where it never ends. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '>') return i + 1;
    else if ((character === '"' || character === "'") && /=\s*$/.test(text.slice(Math.max(0, i - 20), i))) quote = character;
  }
  return -1;
}

/** Where the end tag begins; -1 where there is none. */
function closeOf(text: string, name: string, from: number): number {
  const close = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  close.lastIndex = from;
  return close.exec(text)?.index ?? -1;
}

/** As the standard ends comments: `<!-->` and `<!--->` are over at once, and `--!>` ends one too. -1 where nothing does. */
function commentEnd(text: string, at: number): number {
  const empty = /^<!---?>/.exec(text.slice(at, at + 6))?.[0];
  if (empty !== undefined) return at + empty.length;
  COMMENT_END.lastIndex = at + 4;
  return COMMENT_END.test(text) ? COMMENT_END.lastIndex : -1;
}
const COMMENT_END = /--!?>/g;
