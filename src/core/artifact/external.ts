/**
 * What an answer's code would fetch from elsewhere, which it was asked not to: scripts, styles, fonts, pictures, requests. Links that a
 * person follows, names of namespaces and comments are none of it.
 */
import type { Scan } from './scan.ts';

export interface ExternalUse {
  readonly host: string;
  readonly what: 'script' | 'style' | 'font' | 'picture' | 'frame' | 'module' | 'request' | 'file';
  readonly start: number;
}

const URL_START = String.raw`(?:https?:|wss?:)?\/\/(?![\s/])`;
const HOST = String.raw`([a-z0-9.-]{1,100}\.[a-z]{2,24}|localhost|\d{1,3}(?:\.\d{1,3}){3})`;

/** Each with the host as its last group. */
const PATTERNS: readonly { readonly what: ExternalUse['what']; readonly pattern: RegExp }[] = [
  {
    what: 'file',
    pattern: new RegExp(
      String.raw`[\s"'](?:src|poster|data-src|background)\s{0,3}=\s{0,3}\{?\s{0,3}["'\x60]?\s{0,3}${URL_START}${HOST}`,
      'gi',
    ),
  },
  {
    what: 'picture',
    pattern: new RegExp(String.raw`[\s"']srcset\s{0,3}=\s{0,3}\{?\s{0,3}["'\x60][^"'\x60<>]{0,300}?${URL_START}${HOST}`, 'gi'),
  },
  {
    what: 'picture',
    pattern: new RegExp(String.raw`<(?:image|use|feimage)\s[^<>]{0,300}?href\s{0,3}=\s{0,3}["']?${URL_START}${HOST}`, 'gi'),
  },
  { what: 'style', pattern: new RegExp(String.raw`<link\s[^<>]{0,400}?href\s{0,3}=\s{0,3}["']?${URL_START}${HOST}`, 'gi') },
  { what: 'frame', pattern: new RegExp(String.raw`<object\s[^<>]{0,300}?data\s{0,3}=\s{0,3}["']?${URL_START}${HOST}`, 'gi') },
  { what: 'style', pattern: new RegExp(String.raw`@import\s{1,5}(?:url\(\s{0,3})?["']?${URL_START}${HOST}`, 'gi') },
  { what: 'picture', pattern: new RegExp(String.raw`\burl\(\s{0,3}["']?${URL_START}${HOST}`, 'gi') },
  { what: 'module', pattern: new RegExp(String.raw`\b(?:from|import|require)\s{0,3}\(?\s{0,3}["']${URL_START}${HOST}`, 'gi') },
  { what: 'script', pattern: new RegExp(String.raw`\bimportScripts\(\s{0,3}["']${URL_START}${HOST}`, 'gi') },
  {
    what: 'request',
    pattern: new RegExp(
      String.raw`\b(?:fetch|axios(?:\.\w{1,10})?|EventSource|WebSocket|sendBeacon|getJSON|ajax|open|Worker|Request)\(\s{0,3}(?:["']\w{1,8}["'],\s{0,3})?["'\x60]${URL_START}${HOST}`,
      'gi',
    ),
  },
  // A picture in the data of a component: by its ending, or by whose it is.
  {
    what: 'picture',
    pattern: new RegExp(
      String.raw`["'\x60]${URL_START}${HOST}\/[^"'\x60\s<>]{1,300}\.(?:png|jpe?g|gif|webp|avif|svg|ico|mp4|webm)\b`,
      'gi',
    ),
  },
  {
    what: 'font',
    pattern: new RegExp(String.raw`["'\x60]${URL_START}${HOST}\/[^"'\x60\s<>]{1,300}\.(?:woff2?|ttf|otf)\b`, 'gi'),
  },
  { what: 'script', pattern: new RegExp(String.raw`\.src\s{0,3}=\s{0,3}["'\x60]${URL_START}${HOST}`, 'gi') },
];

const PLACEHOLDER_SERVICES =
  /(?:^|\.)(?:via\.placeholder\.com|placeholder\.com|placehold\.(?:co|it|jp)|picsum\.photos|source\.unsplash\.com|images\.unsplash\.com|dummyimage\.com|placekitten\.com|loremflickr\.com|pravatar\.cc|ui-avatars\.com|randomuser\.me|placeimg\.com|fakeimg\.pl|lorempixel\.com|placebear\.com|robohash\.org|fillmurray\.com|placecage\.com|baconmockup\.com)$/i;

const SERVICE_URL = new RegExp(String.raw`["'\x60(\s]${URL_START}${HOST}(?=[/"'\x60)\s?:])`, 'gi');

/** True for services that make pictures up: a sized placeholder does the same without a network. */
export const isPlaceholderService = (host: string): boolean => PLACEHOLDER_SERVICES.test(host);

/** Every use once, in order of their places. */
export function externalUses(content: string, scan: Scan | undefined): readonly ExternalUse[] {
  if (!content.includes('//')) return [];
  const comments = scan?.comments ?? [];
  const found = new Map<number, ExternalUse>();
  let commentIndex = 0;
  const add = (what: ExternalUse['what'], match: RegExpExecArray): void => {
    const host = (match[1] ?? '').toLowerCase();
    const start = match.index + match[0].toLowerCase().lastIndexOf(host);
    if (!found.has(start) && !isInLink(content, match.index))
      found.set(start, { host, what: isPlaceholderService(host) ? 'picture' : what, start });
  };
  for (const { what, pattern } of PATTERNS) for (const match of content.matchAll(pattern)) add(what, match);
  for (const match of content.matchAll(SERVICE_URL)) if (isPlaceholderService(match[1] ?? '')) add('picture', match);
  return [...found.values()]
    .sort((a, b) => a.start - b.start)
    .filter(({ start }) => {
      while ((comments[commentIndex]?.end ?? Number.POSITIVE_INFINITY) <= start) commentIndex += 1;
      return (comments[commentIndex]?.start ?? Number.POSITIVE_INFINITY) > start;
    });
}

/** A picture may be linked to without being loaded. */
const isInLink = (content: string, at: number): boolean =>
  /<a\s[^<>]{0,200}href\s{0,3}=\s{0,3}\{?\s{0,3}$/i.test(content.slice(Math.max(0, at - 260), at));
