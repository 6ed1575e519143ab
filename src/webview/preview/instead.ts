/**
 * What stands in the place of a picture, a video or an embedded page, none of which is loaded: a file of the same answer, else a box of the
 * same size, so that the page around it keeps its shape.
 */
import { type BlockedList, isInside } from './blocked.ts';
import type { LinkedFiles } from './linked.ts';
import { BACKGROUND_PLACEHOLDER, boxOf, placeholderUrl } from './placeholder.ts';

/** Of the page in which something is replaced. */
export interface Surroundings {
  readonly blocked: BlockedList;
  readonly files: LinkedFiles;
  /** Cleans declarations. */
  readonly css: (text: string) => string;
}

const XLINK = 'http://www.w3.org/1999/xlink';
const HTML = 'http://www.w3.org/1999/xhtml';

export function replaceImage(element: Element, tag: string, { blocked, files }: Surroundings): void {
  if (tag === 'input' && !/^image$/i.test(element.getAttribute('type') ?? '')) {
    element.removeAttribute('src');
    return;
  }
  const attribute = tag === 'image' ? (element.hasAttribute('href') ? 'href' : 'xlink:href') : 'src';
  const address = element.getAttribute(attribute) ?? '';
  const set = element.getAttribute('srcset');
  const [width, height] = [element.getAttribute('width'), element.getAttribute('height')];
  const isPicture = /^data:image\//i.test(address.trim());
  if ((address === '' && !set) || (isPicture && !set)) return;
  const instead = isPicture ? undefined : files.image(address);
  if (instead === undefined && !isPicture) {
    blocked.add('image', address || (set ?? ''));
  }
  const url = isPicture
    ? address
    : (instead ?? placeholderUrl(boxOf(width, height, address || (set ?? '')), element.getAttribute('alt') ?? ''));
  if (attribute === 'xlink:href') element.setAttributeNS(XLINK, attribute, url);
  else element.setAttribute(attribute, url);
}

export function removeSource(element: Element, { blocked }: Surroundings): void {
  const address = element.getAttribute('src') ?? element.getAttribute('srcset') ?? '';
  if (!/^\s*data:/i.test(address)) blocked.add(element.parentElement?.localName === 'picture' ? 'image' : 'media', address);
  element.remove();
}

/** A video shows its placeholder as its poster; sound has nothing to show. */
export function replaceMedia(element: Element, tag: string, { blocked }: Surroundings): void {
  const address = element.getAttribute('src');
  if (address !== null && !isInside(address)) {
    blocked.add('media', address);
    element.removeAttribute('src');
  }
  const poster = element.getAttribute('poster');
  if (tag === 'audio' || (poster !== null && isInside(poster))) return;
  if (poster) blocked.add('image', poster);
  const box = boxOf(element.getAttribute('width'), element.getAttribute('height'), poster ?? '');
  element.setAttribute('poster', placeholderUrl(box, element.getAttribute('title') || 'Video'));
}

/** A frame keeps its place, so that the page around it keeps its shape. */
export function replaceEmbedded(
  element: Element,
  kind: 'frame' | 'plug-in',
  address: string,
  { blocked, css }: Surroundings,
): void {
  const { ownerDocument } = element;
  blocked.add(kind, address || (element.hasAttribute('srcdoc') ? 'with a page of its own' : ''));
  if (element.namespaceURI === HTML && element.localName !== 'frame') {
    const image = ownerDocument.createElement('img');
    for (const name of ['id', 'class', 'width', 'height', 'title']) {
      const value = element.getAttribute(name);
      if (value !== null) image.setAttribute(name, value);
    }
    const style = element.getAttribute('style');
    if (style !== null) image.setAttribute('style', css(style));
    const [width, height] = [element.getAttribute('width') ?? '300', element.getAttribute('height') ?? '150'];
    image.setAttribute('src', placeholderUrl(boxOf(width, height, ''), element.getAttribute('title') || 'Embedded page'));
    element.before(image);
  }
  element.remove();
}

/** Undefined: the address may stay as it is. */
export function replaceInCss(address: string, use: 'image' | 'font', { blocked, files }: Surroundings): string | undefined {
  if (address === '' || address.startsWith('#')) return undefined;
  if (/^data:(?:image\/|font\/|application\/(?:x-)?font|application\/octet-stream|,|;)/i.test(address)) return undefined;
  const local = use === 'image' ? files.image(address) : undefined;
  if (local !== undefined) return local;
  blocked.add(use, address);
  return use === 'font' ? 'data:,' : BACKGROUND_PLACEHOLDER;
}
