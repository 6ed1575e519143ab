/**
 * What a preview's frame and the panel's page say to each other, over a port that only our probe and the page hold. Model code shares the
 * frame with the probe, so nothing of this is believed without {@link readReport}.
 */
import { MAX_PICTURE_URL_LENGTH, type PagePicture } from './rasterProbe.ts';

/** What the probe is told before anything else runs, as the constant `PREVIEW_BOOT` around its text. */
export interface Boot {
  /** Says that the port came from this page's probe. Never in the document once the probe runs. */
  readonly token: string;
  readonly colorScheme: 'light' | 'dark';
  readonly left: number;
  readonly top: number;
  /** Styles are made in the frame: it is ready when they are there. */
  readonly tailwind: boolean;
}

export type ToProbe =
  | { readonly type: 'ping' }
  | { readonly type: 'scroll'; readonly left: number; readonly top: number }
  | { readonly type: 'scheme'; readonly colorScheme: 'light' | 'dark' }
  | { readonly type: 'picture' };

export type Report =
  | { readonly type: 'ready'; readonly left: number; readonly top: number }
  | { readonly type: 'pong' }
  /** Keys go to the page, or go there no more. */
  | { readonly type: 'focus'; readonly has: boolean }
  /** Escape was pressed, and the page had no use for it. */
  | { readonly type: 'escape' }
  | { readonly type: 'size'; readonly width: number; readonly height: number }
  | { readonly type: 'scroll'; readonly left: number; readonly top: number }
  | { readonly type: 'finding'; readonly kind: 'error' | 'warning'; readonly text: string }
  | { readonly type: 'blocked'; readonly directive: string; readonly what: string }
  | { readonly type: 'picture'; readonly picture: PagePicture };

export const MAX_TEXT_LENGTH = 300;
/** No page is larger; a number beyond it is a lie or a mistake. */
const MAX_PX = 10_000_000;

/** The report, or undefined if it is not one that a probe sends: wrong shape, too long, or a number that is none. */
export function readReport(value: unknown): Report | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>; // an object; each field is checked below
  const { type, width, height, left, top, kind, text, directive, what, has } = fields;
  switch (type) {
    case 'pong':
    case 'escape':
      return { type };
    case 'focus':
      return typeof has === 'boolean' ? { type, has } : undefined;
    case 'size':
      return isPx(width) && isPx(height) ? { type, width, height } : undefined;
    case 'ready':
    case 'scroll':
      return isPx(left) && isPx(top) ? { type, left, top } : undefined;
    case 'finding':
      return (kind === 'error' || kind === 'warning') && isText(text) ? { type, kind, text } : undefined;
    case 'blocked':
      return isText(directive) && isText(what) ? { type, directive, what } : undefined;
    case 'picture': {
      const picture = readPicture(fields.picture);
      return picture && { type, picture };
    }
    default:
      return undefined;
  }
}

function readPicture(value: unknown): PagePicture | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, url, size, reason } = value as Readonly<Record<string, unknown>>; // an object; each field is checked
  if (kind === 'none') return isText(reason) ? { kind, reason } : undefined;
  if ((kind !== 'png' && kind !== 'svg') || typeof url !== 'string' || url.length > MAX_PICTURE_URL_LENGTH) return undefined;
  if (!url.startsWith(kind === 'png' ? 'data:image/png;base64,' : 'data:image/svg+xml')) return undefined;
  if (typeof size !== 'object' || size === null) return undefined;
  const { widthPx, heightPx, pageHeightPx } = size as Readonly<Record<string, unknown>>; // as above
  return isPx(widthPx) && isPx(heightPx) && isPx(pageHeightPx)
    ? { kind, url, size: { widthPx, heightPx, pageHeightPx } }
    : undefined;
}

const isPx = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= MAX_PX;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
