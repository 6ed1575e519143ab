/** What is drawn where a picture would be: a grey box of the picture's size with its description, as a `data:` address. */

export interface PictureBox {
  readonly widthPx: number;
  readonly heightPx: number;
  /** False: neither the page nor the address says how large the picture is. */
  readonly isKnown: boolean;
}

/** Where nothing is known: 16 to 9, and narrow enough for a telephone. */
const UNKNOWN: PictureBox = { widthPx: 320, heightPx: 180, isKnown: false };
const MAX_SIDE_PX = 10_000;

/** Size from the attributes, else from an address that names it as placeholder services and picture hosts do. */
export function boxOf(width: string | null, height: string | null, address: string): PictureBox {
  const [fromWidth, fromHeight] = [sidePx(width), sidePx(height)];
  if (fromWidth && fromHeight) return { widthPx: fromWidth, heightPx: fromHeight, isKnown: true };
  const sides = /(?:^|[/_=-])(\d{2,4})[x×/](\d{2,4})(?=$|[/?.#&_-])/i.exec(address);
  const named = (names: string): number | undefined =>
    sidePx(new RegExp(`[?&](?:${names})=(\\d{2,4})(?:&|#|$)`).exec(address)?.[1]);
  const [w, h] = [sidePx(sides?.[1]) ?? named('w|width'), sidePx(sides?.[2]) ?? named('h|height')];
  if (w && h) {
    if (fromWidth) return { widthPx: fromWidth, heightPx: Math.max(1, Math.round((fromWidth * h) / w)), isKnown: true };
    if (fromHeight) return { widthPx: Math.max(1, Math.round((fromHeight * w) / h)), heightPx: fromHeight, isKnown: true };
    return { widthPx: w, heightPx: h, isKnown: true };
  }
  const widthPx = fromWidth ?? w;
  const heightPx = fromHeight ?? h;
  return {
    widthPx: widthPx ?? (heightPx ? Math.max(1, Math.round((heightPx * 16) / 9)) : UNKNOWN.widthPx),
    heightPx: heightPx ?? (widthPx ? Math.max(1, Math.round((widthPx * 9) / 16)) : UNKNOWN.heightPx),
    isKnown: false,
  };
}

/** The box as an image of exactly that size. */
export function placeholderUrl({ widthPx, heightPx, isKnown }: PictureBox, description: string): string {
  const sizePx = Math.max(9, Math.min(14, heightPx / 4));
  const fits = Math.max(0, Math.floor(widthPx / (sizePx * 0.6)) - 2);
  const words =
    heightPx < 16 ? '' : shortened(description.trim() || (isKnown ? `${widthPx} × ${heightPx}` : 'Image, unknown size'), fits);
  return svgUrl(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}">` +
      '<rect width="100%" height="100%" fill="#9aa0a6" fill-opacity=".3"/>' +
      '<rect x=".5" y=".5" width="100%" height="100%" fill="none" stroke="#80868b" stroke-opacity=".5" style="width:calc(100% - 1px);height:calc(100% - 1px)"/>' +
      `<text x="50%" y="50%" fill="#5f6368" font-family="sans-serif" font-size="${sizePx}" text-anchor="middle" dominant-baseline="central">${escaped(words)}</text></svg>`,
  );
}

/** For backgrounds: it has no size of its own and fills what it is given. */
export const BACKGROUND_PLACEHOLDER = svgUrl(
  '<svg xmlns="http://www.w3.org/2000/svg"><rect width="100%" height="100%" fill="#9aa0a6" fill-opacity=".3"/></svg>',
);

function svgUrl(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function sidePx(text: string | null | undefined): number | undefined {
  const side = /^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/.exec(text ?? '')?.[1];
  return side === undefined || Number(side) < 1 ? undefined : Math.min(MAX_SIDE_PX, Number(side));
}

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : length < 3 ? '' : `${text.slice(0, length - 1)}…`;

/** `toWellFormed`: half a surrogate pair cannot be encoded. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\p{Cc}|[\ufffe\uffff]/gu, ' ')
    .replaceAll(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
