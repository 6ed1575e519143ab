/**
 * Pictures and fonts that are written into SVG, HTML and CSS as base64: no model reads them, and one of them may outweigh the design. Each
 * becomes a name that says what stood there.
 */
import { kilobytes } from '../../shared/figures.ts';
import { readImageSize } from '../money/images.ts';

export interface WithoutData {
  readonly text: string;
  /** One phrase a kind: `2 embedded pictures (84 KB)`. */
  readonly leftOut: readonly string[];
}

const DATA_URI = /data:([a-z]+)\/([\w.+-]+)(?:;[\w-]+=[\w."-]*)*;base64,([A-Za-z0-9+/=_\-\s%]*)/gi;

/** Every base64 data URI becomes a name such as `embedded-picture-1-120x80.png`; the same data keeps the same name. */
export function withoutData(text: string): WithoutData {
  const names = new Map<string, string>();
  const sums = { picture: { count: 0, bytes: 0 }, font: { count: 0, bytes: 0 }, file: { count: 0, bytes: 0 } };
  const result = text.replace(DATA_URI, (uri: string, type: string, format: string, data: string) => {
    // A URI outside quotes ends at white space; what follows is not its data.
    const body = /^\S*/.exec(data)?.[0] ?? '';
    const rest = body.length > 0 && body.length < data.length && !isWrapped(data) ? data.slice(body.length) : '';
    const own = rest === '' ? uri : uri.slice(0, uri.length - rest.length);
    const known = names.get(own);
    if (known !== undefined) return known + rest;
    const kind = type.toLowerCase() === 'image' ? 'picture' : type.toLowerCase() === 'font' ? 'font' : 'file';
    const sum = sums[kind];
    sum.count++;
    sum.bytes += Math.floor((own.length * 3) / 4);
    const size = kind === 'picture' ? readImageSize(body) : undefined;
    const extension = format.toLowerCase().replace(/^x-/, '').replace('svg+xml', 'svg').replace('jpeg', 'jpg');
    const name = `embedded-${kind}-${sum.count}${size ? `-${size.width}x${size.height}` : ''}.${extension}`;
    names.set(own, name);
    return name + rest;
  });
  const leftOut = (['picture', 'font', 'file'] as const).flatMap((kind) => {
    const { count, bytes } = sums[kind];
    if (count === 0) return [];
    return [`${count} embedded ${kind}${count === 1 ? '' : 's'} (${kilobytes(bytes)})`];
  });
  return { text: result, leftOut };
}

/** Base64 that is broken into lines of one length, as mail programs and some editors write it. */
function isWrapped(data: string): boolean {
  const lines = data.trim().split(/\s+/);
  return lines.length > 1 && lines.every((line, index) => (line.length >= 60 || index === lines.length - 1) && BASE64.test(line));
}

const BASE64 = /^[A-Za-z0-9+/]+=*$/;
