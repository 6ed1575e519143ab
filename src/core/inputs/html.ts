/**
 * An HTML mock-up without what no model needs to see the design: comments, what scripts do, embedded pictures, and what measures visitors
 * or hurries loading. Texts, markup, classes and styles stay as they are, white space included.
 *
 * It is read as the tokenizer of the HTML standard reads it, as far as needed: quoted attributes may hold `>`, and script, style, title
 * and textarea hold text up to their own end tag. A file that breaks off in any of them is kept from there on.
 */
import { withoutData } from './dataUris.ts';
import { endOf, markupStart } from './markup.ts';
import { leftOutPhrases, type Piece, textPiece } from './piece.ts';

/** True for a text that begins as a page does, or as a piece of one. */
export function isHtml(text: string): boolean {
  const start = markupStart(text);
  const first = /^<(!doctype\s+html|[a-z][a-z0-9-]*)/i.exec(text.slice(start, start + 40))?.[1]?.toLowerCase();
  if (first === undefined) return false;
  return (
    PAGE_START.has(first) ||
    first.startsWith('!doctype') ||
    (PIECE_START.has(first) && /<\/[a-z][\w-]*>$/i.test(text.slice(-80).trimEnd()))
  );
}

const PAGE_START = new Set(['html', 'head', 'body']);
const PIECE_START = new Set(
  `a article aside button div footer form h1 h2 h3 h4 h5 h6 header img label link main meta nav ol p section span style table template
  title ul`.split(/\s+/),
);

export function readHtml(name: string, text: string): Piece {
  const plain = withoutData(text);
  const { html, counts } = withoutNoise(plain.text);
  return textPiece(html, {
    kind: 'html',
    name,
    language: 'html',
    ...(html === text ? {} : { originalBytes: Buffer.byteLength(text) }),
    leftOut: [...leftOutPhrases(counts), ...plain.leftOut],
  });
}

/** Elements whose content is text up to their own end tag. */
const RAW_TEXT = new Set(['script', 'style', 'title', 'textarea', 'noscript']);
/** Of white space beside what is left out, this much is looked at. */
const MAX_INDENT = 200;
/** What looks up or counts visitors, by where it comes from. */
const TRACKER =
  /\b(?:googletagmanager|google-analytics|googleadservices|doubleclick|facebook\.net|facebook\.com\/tr|hotjar|segment\.(?:com|io)|mixpanel|clarity\.ms|matomo|plausible\.io|sentry|newrelic|nr-data|cookielaw|onetrust|cookiebot|intercom|hs-scripts|hubspot|linkedin\.com\/px|bat\.bing)\b/i;
const LOADING_HINT =
  /\brel\s*=\s*["']?(?:preconnect|dns-prefetch|preload|prefetch|modulepreload|manifest|alternate|canonical)\b/i;
/** What a page tells search engines and networks of itself. */
const META_KEPT = /\b(?:charset\s*=|name\s*=\s*["']?(?:viewport|description|theme-color|color-scheme)\b)/i;
/** A configuration of Tailwind holds the design's colours and sizes. */
const DESIGN_SCRIPT = /\btailwind\.config\b/;

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
  const kept: string[] = [];
  let from = 0;
  /** Leaves out a stretch, and the line it had for itself. */
  const leaveOut = (noun: string, start: number, end: number): void => {
    counts[noun] = (counts[noun] ?? 0) + 1;
    const indent = /(?:^|\n)([ \t]*)$/.exec(text.slice(Math.max(from, start - MAX_INDENT), start));
    const lineEnd = /^[ \t]*\r?\n/.exec(text.slice(end, end + MAX_INDENT));
    const isOwnLine = indent !== null && lineEnd !== null;
    kept.push(text.slice(from, isOwnLine ? start - (indent[1]?.length ?? 0) : start));
    from = isOwnLine ? end + lineEnd[0].length : end;
  };
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      const end = endOf(text, '-->', at + 4);
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
    if (name === 'script' && !DESIGN_SCRIPT.test(text.slice(end, bodyEnd))) {
      if (TRACKER.test(text.slice(at, bodyEnd))) leaveOut('tracking element', at, wholeEnd);
      else if (!/\ssrc\s*=/i.test(source)) leaveOut('script body', at, wholeEnd);
    } else if ((name === 'noscript' || name === 'iframe' || name === 'img') && isTracker(text.slice(at, wholeEnd))) {
      leaveOut('tracking element', at, name === 'iframe' ? withEndTag(text, name, wholeEnd) : wholeEnd);
    } else if (name === 'link' && LOADING_HINT.test(source)) leaveOut('loading hint', at, end);
    else if (name === 'meta' && !META_KEPT.test(source)) leaveOut('meta element', at, end);
    at = wholeEnd;
  }
  kept.push(text.slice(from));
  return { html: kept.join(''), counts };
}

/** A known address, or a picture of one pixel. */
const isTracker = (element: string): boolean =>
  TRACKER.test(element) ||
  (/\bwidth\s*=\s*["']?[01]["'\s/>]/i.test(element) && /\bheight\s*=\s*["']?[01]["'\s/>]/i.test(element));

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

function withEndTag(text: string, name: string, end: number): number {
  const rest = new RegExp(`^\\s*</${name}\\s*>`, 'i').exec(text.slice(end, end + 200));
  return end + (rest?.[0].length ?? 0);
}
