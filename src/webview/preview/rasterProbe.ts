/**
 * A page drawn as a picture by the page's own frame, for the views that lay one picture over another.
 *
 * The document is copied, cleaned until it is well-formed XML, wrapped in an SVG `foreignObject` and drawn as an image from a `data:`
 * address, which leaves the canvas readable even in an opaque origin. Nothing can run or load in an SVG that is drawn as an image. What a
 * browser would resolve against its window (media queries, `vh`, the canvas background, `:root`) is resolved before, because the image
 * has a window of its own. Animations stand at their end, so that the same page gives the same picture.
 */

/** What a frame's page looks like from its top on, in CSS pixels at scale 1. */
export type PagePicture =
  /** `url`: a `data:` address of a PNG. */
  | { readonly kind: 'png'; readonly url: string; readonly size: PictureSize }
  /** The frame could not read its pixels; whoever gets this may draw it: a `data:` address of an SVG. */
  | { readonly kind: 'svg'; readonly url: string; readonly size: PictureSize }
  /** There is no picture: why, in one sentence. */
  | { readonly kind: 'none'; readonly reason: string };

export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Height of the whole page: more than `heightPx` where the picture had to end earlier. */
  readonly pageHeightPx: number;
}

/** A picture is no larger than this, so that three of them fit into memory. */
const MAX_PICTURE_PIXELS = 16_000_000;
export const MAX_PICTURE_HEIGHT_PX = 12_000;
/** Longer addresses are not made, sent or taken. */
export const MAX_PICTURE_URL_LENGTH = 20_000_000;
const DRAW_LIMIT_MS = 8000;

const SVG = 'http://www.w3.org/2000/svg';
const XHTML = 'http://www.w3.org/1999/xhtml';
const NEVER_DRAWN = 'script,noscript,link,meta,iframe,frame,object,embed,base,title,style,template';
const XML_NAME = /^[A-Za-z_][\w.-]*$/;
/** What XML has no way to write: control characters, halves of surrogate pairs, and two that are no characters. */
const NOT_XML = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;

/** Draws the document of this window as it is now. Never throws. */
export async function rasterise(): Promise<PagePicture> {
  try {
    const root = document.documentElement;
    const widthPx = Math.max(1, root.clientWidth);
    const pageHeightPx = Math.max(1, root.scrollHeight, document.body?.scrollHeight ?? 0);
    const heightPx = Math.min(pageHeightPx, MAX_PICTURE_HEIGHT_PX, Math.max(1, Math.floor(MAX_PICTURE_PIXELS / widthPx)));
    const size = { widthPx, heightPx, pageHeightPx };
    const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(size))}`;
    if (url.length > MAX_PICTURE_URL_LENGTH) return { kind: 'none', reason: 'This page is too large to be made a picture of.' };
    const png = await pngOf(url, size);
    return png === undefined || png.length > MAX_PICTURE_URL_LENGTH
      ? { kind: 'svg', url, size }
      : { kind: 'png', url: png, size };
  } catch (error) {
    return { kind: 'none', reason: `This page could not be made a picture of: ${String(error).slice(0, 200)}` };
  }
}

/** Undefined where the canvas may not be read, or the image did not load. */
async function pngOf(url: string, { widthPx, heightPx }: PictureSize): Promise<string | undefined> {
  const image = new Image();
  const loaded = new Promise<boolean>((resolve) => {
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
    setTimeout(() => resolve(false), DRAW_LIMIT_MS);
  });
  image.src = url;
  if (!(await loaded)) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  try {
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    return canvas.toDataURL('image/png');
  } catch {
    return undefined;
  }
}

function svgOf({ widthPx, heightPx }: PictureSize): string {
  const live = document.documentElement;
  const copy = live.cloneNode(true) as HTMLElement; // a clone is of its original's kind
  keepLiveState(live, copy);
  clean(copy);
  const rootStyle = getComputedStyle(live);
  const canvas = canvasBackground();
  copy.setAttribute('xmlns', XHTML);
  copy.style.setProperty('inline-size', 'auto');
  if (rootStyle.display === 'block') copy.style.setProperty('display', 'flow-root');
  if (canvas.fromBody) {
    copy.style.setProperty('background', canvas.background);
    copy.querySelector('body')?.style.setProperty('background', 'none', 'important');
  }
  const style = document.createElementNS(XHTML, 'style');
  style.textContent = xmlText(`${styleSheets()}\n${STILL}`);
  (copy.querySelector('head') ?? copy).prepend(style);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('width', String(widthPx));
  svg.setAttribute('height', String(heightPx));
  // `rem` is measured against the root of the image, which is this element.
  svg.setAttribute('style', `font-size:${rootStyle.fontSize};color-scheme:${rootStyle.colorScheme}`);
  for (const fill of [colorOf('Canvas'), canvas.color]) {
    const ground = document.createElementNS(SVG, 'rect');
    ground.setAttribute('width', '100%');
    ground.setAttribute('height', '100%');
    ground.setAttribute('style', `fill:${fill}!important;stroke:none!important`);
    svg.append(ground);
  }
  // As high as the window, so that heights in per cent come out right; what is longer flows over.
  const place = document.createElementNS(SVG, 'foreignObject');
  place.setAttribute('width', String(widthPx));
  place.setAttribute('height', String(innerHeight));
  place.setAttribute('style', 'overflow:visible');
  place.append(copy);
  svg.append(place);
  return new XMLSerializer().serializeToString(svg);
}

/** A finished animation shows what it leaves behind; one without end shows where it starts from. */
const STILL = `*,*::before,*::after,*::backdrop{animation-delay:-1s!important;animation-duration:1ms!important;
animation-iteration-count:1!important;transition:none!important;caret-color:transparent!important}`;

/** What a system colour is here: a page in its dark scheme that names no background stands on a dark canvas, not on white. */
function colorOf(name: string): string {
  const probe = document.createElement('i');
  probe.style.setProperty('color', name, 'important');
  document.documentElement.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What the browser paints behind everything: the root's background or, where it has none, the body's. */
function canvasBackground(): { color: string; background: string; fromBody: boolean } {
  const [root, body] = [document.documentElement, document.body].map((each) => (each ? getComputedStyle(each) : undefined));
  const paints = (style: CSSStyleDeclaration | undefined): boolean =>
    style !== undefined && (style.backgroundImage !== 'none' || !/^rgba\(.*, 0\)$/.test(style.backgroundColor));
  const fromBody = !paints(root) && paints(body);
  const from = fromBody ? body : root;
  return { color: from?.backgroundColor ?? 'transparent', background: from?.background ?? 'none', fromBody };
}

/** What a person or a script changed without changing the markup. Walks both trees alongside. */
function keepLiveState(live: Element, copy: Element): void {
  const copies = [...copy.querySelectorAll('input,textarea,select,canvas')];
  for (const [index, from] of [...live.querySelectorAll('input,textarea,select,canvas')].entries()) {
    const to = copies[index];
    if (!to) return;
    if (from instanceof HTMLInputElement) {
      if (from.type !== 'file') to.setAttribute('value', from.value);
      to.toggleAttribute('checked', from.checked);
    } else if (from instanceof HTMLTextAreaElement) to.textContent = from.value;
    else if (from instanceof HTMLSelectElement)
      for (const [at, option] of [...to.querySelectorAll('option')].entries())
        option.toggleAttribute('selected', from.options[at]?.selected ?? false);
    else if (from instanceof HTMLCanvasElement) to.replaceWith(canvasImage(from));
  }
}

function canvasImage(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = document.createElement('img');
  for (const { name, value } of canvas.attributes) image.setAttribute(name, value);
  try {
    image.src = canvas.toDataURL();
  } catch {
    image.removeAttribute('src'); // a canvas that may not be read stays an empty box of its size
  }
  return image;
}

/** Until it is well-formed XML that draws and does nothing else. */
function clean(root: HTMLElement): void {
  // A form's fields may have the names of its own members, and hide them.
  const { getAttributeNames, getAttribute, setAttribute, removeAttribute } = Element.prototype;
  for (const element of root.querySelectorAll(NEVER_DRAWN)) element.remove();
  const others = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_PROCESSING_INSTRUCTION);
  const dropped: ChildNode[] = [];
  while (others.nextNode()) dropped.push(others.currentNode as ChildNode); // comments and instructions are children of something
  for (const node of dropped) node.remove();
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.textContent = xmlText(texts.currentNode.textContent ?? '');
  for (const element of [root, ...root.querySelectorAll('*')]) {
    for (const name of getAttributeNames.call(element)) {
      const value = getAttribute.call(element, name) ?? '';
      const isLink = name === 'xlink:href';
      if ((!XML_NAME.test(name) && !isLink) || /^(?:on|xmlns)/i.test(name)) removeAttribute.call(element, name);
      else if (name === 'style') setAttribute.call(element, name, xmlText(windowUnits(value)));
      else if (value !== xmlText(value)) setAttribute.call(element, name, xmlText(value));
    }
    if (element === root || element instanceof HTMLFormElement || XML_NAME.test(element.localName)) continue;
    element.replaceWith(plainOf(element));
  }
}

/** An element whose name XML does not allow, as one that it does, with its children. */
function plainOf(element: Element): HTMLElement {
  const plain = document.createElement('span');
  for (const name of element.getAttributeNames()) plain.setAttribute(name, element.getAttribute(name) ?? '');
  plain.append(...element.childNodes);
  return plain;
}

const xmlText = (text: string): string => text.replace(NOT_XML, '');

/** Every rule in force, also those that scripts put in. */
function styleSheets(): string {
  return [...document.styleSheets, ...document.adoptedStyleSheets]
    .filter((sheet) => !sheet.disabled && isInForce(sheet.media))
    .map((sheet) => {
      try {
        return [...sheet.cssRules].map(ruleText).join('\n');
      } catch {
        return ''; // a sheet of another origin cannot be read; nothing in a preview loads one
      }
    })
    .join('\n');
}

const isInForce = (media: MediaList): boolean => media.length === 0 || matchMedia(media.mediaText).matches;

function ruleText(rule: CSSRule): string {
  if (rule instanceof CSSImportRule) return '';
  const inner = 'cssRules' in rule ? [...(rule.cssRules as CSSRuleList)].map(ruleText).join('\n') : undefined;
  if (rule instanceof CSSMediaRule) return isInForce(rule.media) ? (inner ?? '') : '';
  if (rule instanceof CSSStyleRule) return `${selectorText(rule)}{${windowUnits(rule.style.cssText)}\n${inner ?? ''}}`;
  if (inner === undefined) return windowUnits(rule.cssText);
  return `${rule.cssText.slice(0, rule.cssText.indexOf('{'))}{${inner}}`;
}

/** The image's own root is the SVG: what means the root of the page must mean its copy, with the same weight. */
const selectorText = (rule: CSSStyleRule): string => rule.selectorText.replaceAll(/:root\b/g, ':where(html):nth-child(n)');

/** The window of the image is the whole page: units of the window become pixels of the real one. */
function windowUnits(css: string): string {
  return css.replaceAll(/(?<![\w.\\#-])(-?\d*\.?\d+)[sld]?v(h|w|min|max|b|i)\b/gi, (_, amount: string, unit: string) => {
    const sides = { h: innerHeight, b: innerHeight, w: innerWidth, i: innerWidth };
    const { min, max } = { min: Math.min(innerWidth, innerHeight), max: Math.max(innerWidth, innerHeight) };
    const side = { ...sides, min, max }[unit.toLowerCase() as 'h']; // the pattern names no other units
    return `${(Number(amount) * side) / 100}px`;
  });
}
