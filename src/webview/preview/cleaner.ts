/**
 * What is done to each element and attribute of a model's page before a frame gets it: what would load is replaced by something of the same
 * size, files of the same answer are put in, and the rest of what runs, loads or leads away is taken out and counted.
 */
import { insideScript } from '../../shared/previewRuntime.ts';
import { BlockedList, isElsewhere, isInside, plainPath } from './blocked.ts';
import { type CssRules, cleanCss } from './css.ts';
import { BACKGROUND_PLACEHOLDER, boxOf, placeholderUrl } from './placeholder.ts';

export interface SanitiseOptions {
  /** The answer's other files: what its links to style sheets, scripts and vector images mean. */
  readonly linked: readonly { readonly name: string; readonly content: string }[];
  /** Scripts are taken aside instead of out. */
  readonly scripts: boolean;
  /** Tailwind is there, so that its own `@import` and its address elsewhere stand for something. */
  readonly tailwind: boolean;
}

const HTML = 'http://www.w3.org/1999/xhtml';
const XLINK = 'http://www.w3.org/1999/xlink';
const INLINE_TYPES = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i;

/** Static imports, and `export ... from`: nothing they name is there. */
const IMPORTS = /(?:^|[;\n}])\s*(?:import\s*(?:["'{*]|[\w$]+[\s,])|export\s*(?:\*|\{[^}]*\})\s*from\b)/;

interface AttributeData {
  readonly attrName: string;
  attrValue: string;
  keepAttr: boolean;
  forceKeepAttr: boolean | undefined;
}

/** One page's walk: made anew for each. */
export class Cleaner {
  readonly blocked: BlockedList;
  readonly scripts: { element: Element; code: string; isModule: boolean }[] = [];
  readonly handlers: { event: string; code: string }[] = [];
  readonly #options: SanitiseOptions;
  readonly #mark: string;
  readonly #linked: ReadonlyMap<string, string>;
  readonly #cssRules: CssRules;
  #importDepth = 0;

  constructor(options: SanitiseOptions, mark: string) {
    this.#options = options;
    this.#mark = mark;
    this.blocked = new BlockedList(mark);
    this.#linked = new Map(options.linked.map(({ name, content }) => [plainPath(name), content]));
    this.#cssRules = {
      replace: (address, use) => this.#cssAddress(address, use),
      onImport: (address) => this.#import(address),
    };
  }

  css(text: string): string {
    return cleanCss(text, this.#cssRules);
  }

  element(element: Element, tag: string): void {
    switch (tag) {
      case 'script':
        this.#script(element);
        break;
      case 'style':
        element.textContent = this.css(element.textContent ?? '');
        break;
      case 'link':
        this.#link(element);
        break;
      case 'meta':
        this.#meta(element);
        break;
      case 'base':
        this.blocked.add('link', `base ${element.getAttribute('href') ?? ''}`);
        break;
      case 'iframe':
      case 'frame':
      case 'portal':
      case 'fencedframe':
        this.#embedded(element, 'frame', element.getAttribute('src') ?? '');
        break;
      case 'object':
      case 'embed':
      case 'applet':
        this.#embedded(element, 'plug-in', element.getAttribute('data') ?? element.getAttribute('src') ?? '');
        break;
      case 'img':
      case 'image':
      case 'input':
        this.#image(element, tag);
        break;
      case 'source':
      case 'track':
        this.#source(element);
        break;
      case 'video':
      case 'audio':
        this.#media(element, tag);
        break;
      case 'form':
        break; // its own properties may be hidden by its fields: only its attributes are looked at, below
      case 'use':
      case 'feimage':
      case 'mpath':
      case 'textpath':
      case 'pattern':
      case 'lineargradient':
      case 'radialgradient':
        for (const name of ['href', 'xlink:href']) {
          const address = element.getAttribute(name)?.trim();
          if (address === undefined || address.startsWith('#')) continue;
          this.blocked.add('image', address);
          element.removeAttribute(name);
        }
        break;
    }
  }

  attribute(element: Element, data: AttributeData): void {
    const { attrName: name, attrValue: value } = data;
    if (name.startsWith(`${this.#mark}on`))
      this.#handler(element, name.slice(this.#mark.length + 2), value.replaceAll(this.#mark, ''));
    else if (name === 'class') {
      // Tailwind writes `[&[open]>svg]:p-2`, which DOMPurify takes for the end of XML character data.
      if (value.includes('<')) return;
      data.attrValue = '';
      data.forceKeepAttr = true;
    } else if (name === 'style') data.attrValue = this.css(value);
    else if (name === 'href' || name === 'xlink:href') data.attrValue = this.#href(element, value);
    else if (name === 'action' || name === 'formaction') {
      if (isElsewhere(value)) this.blocked.add('form', value);
    } else if (name === 'ping' || name === 'attributionsrc') this.blocked.add('hint', value);
    else if (name === 'background') {
      if (isInside(value)) return;
      this.blocked.add('image', value);
      data.attrValue = BACKGROUND_PLACEHOLDER;
      data.forceKeepAttr = true;
      element.setAttribute(name, BACKGROUND_PLACEHOLDER);
    } else if (name === 'src' || name === 'poster') {
      // Elements that may have one were seen to above.
      if (!/^(?:img|input|video|audio|source)$/i.test(element.tagName) || !isInside(value)) data.keepAttr = false;
      else data.forceKeepAttr = true;
    } else if (/url|image|src|\\/i.test(value) && element.namespaceURI !== HTML) data.attrValue = this.css(value);
  }

  #script(element: Element): void {
    const type = (element.getAttribute('type') ?? '').trim();
    const source = element.getAttribute('src') ?? element.getAttribute('href') ?? element.getAttribute('xlink:href');
    const text = (element.textContent ?? '').replaceAll(this.#mark, '');
    const isModule = /^module$/i.test(type);
    const isDeferred = element.hasAttribute('defer') && source !== null;
    if (!INLINE_TYPES.test(type)) {
      if (/^(?:speculationrules|importmap)$/i.test(type)) this.blocked.add('hint', type);
      element.remove();
      return;
    }
    const isTailwind = this.#options.tailwind && /\btailwind/i.test(source ?? '');
    const file = source === null ? undefined : this.#linkedFile(source);
    const code = source === null ? text : file && insideScript(file);
    if (!this.#options.scripts || code === undefined || element.namespaceURI !== HTML || (isModule && IMPORTS.test(code))) {
      if (!isTailwind)
        this.blocked.add('script', source ?? (isModule && this.#options.scripts ? 'module with imports' : 'in the page'));
      element.remove();
      return;
    }
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
    element.textContent = '';
    if (isDeferred) element.closest('html')?.lastElementChild?.append(element);
    this.scripts.push({ element, code, isModule });
  }

  #handler(element: Element, event: string, code: string): void {
    if (!this.#options.scripts) {
      this.blocked.add('handler', `on${event}`);
      return;
    }
    let index = this.handlers.findIndex((each) => each.event === event && each.code === code);
    if (index < 0) index = this.handlers.push({ event, code }) - 1;
    Element.prototype.setAttribute.call(element, `data-preview-on-${index}`, '');
  }

  #link(element: Element): void {
    const rel = (element.getAttribute('rel') ?? '').toLowerCase().split(/\s+/);
    const address = element.getAttribute('href') ?? '';
    if (rel.includes('stylesheet')) {
      const sheet = this.#linkedFile(address);
      if (sheet === undefined) this.blocked.add('style sheet', address);
      else {
        const style = element.ownerDocument.createElement('style');
        const media = element.getAttribute('media');
        if (media) style.setAttribute('media', media);
        style.textContent = this.css(sheet);
        element.before(style);
      }
    } else if (isElsewhere(address)) this.blocked.add('hint', `${rel.join(' ')} ${address}`);
    element.remove();
  }

  #meta(element: Element): void {
    if (/^(?:color-scheme|theme-color)$/i.test(element.getAttribute('name') ?? '')) return;
    if (/^\s*refresh/i.test(element.getAttribute('http-equiv') ?? ''))
      this.blocked.add('redirect', element.getAttribute('content') ?? '');
    element.remove();
  }

  /** A frame keeps its place, so that the page around it keeps its shape. */
  #embedded(element: Element, kind: 'frame' | 'plug-in', address: string): void {
    const { ownerDocument } = element;
    this.blocked.add(kind, address || (element.hasAttribute('srcdoc') ? 'with a page of its own' : ''));
    if (element.namespaceURI === HTML && element.localName !== 'frame') {
      const image = ownerDocument.createElement('img');
      for (const name of ['id', 'class', 'width', 'height', 'title']) {
        const value = element.getAttribute(name);
        if (value !== null) image.setAttribute(name, value);
      }
      const style = element.getAttribute('style');
      if (style !== null) image.setAttribute('style', this.css(style));
      const [width, height] = [element.getAttribute('width') ?? '300', element.getAttribute('height') ?? '150'];
      image.setAttribute('src', placeholderUrl(boxOf(width, height, ''), element.getAttribute('title') || 'Embedded page'));
      element.before(image);
    }
    element.remove();
  }

  #image(element: Element, tag: string): void {
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
    const instead = isPicture ? undefined : this.#linkedImage(address);
    if (instead === undefined && !isPicture) {
      this.blocked.add('image', address || (set ?? ''));
    }
    const url = isPicture
      ? address
      : (instead ?? placeholderUrl(boxOf(width, height, address || (set ?? '')), element.getAttribute('alt') ?? ''));
    if (attribute === 'xlink:href') element.setAttributeNS(XLINK, attribute, url);
    else element.setAttribute(attribute, url);
  }

  #source(element: Element): void {
    const address = element.getAttribute('src') ?? element.getAttribute('srcset') ?? '';
    if (!/^\s*data:/i.test(address))
      this.blocked.add(element.parentElement?.localName === 'picture' ? 'image' : 'media', address);
    element.remove();
  }

  #media(element: Element, tag: string): void {
    const address = element.getAttribute('src');
    if (address !== null && !isInside(address)) {
      this.blocked.add('media', address);
      element.removeAttribute('src');
    }
    const poster = element.getAttribute('poster');
    if (tag === 'audio' || (poster !== null && isInside(poster))) return;
    if (poster) this.blocked.add('image', poster);
    const box = boxOf(element.getAttribute('width'), element.getAttribute('height'), poster ?? '');
    element.setAttribute('poster', placeholderUrl(box, element.getAttribute('title') || 'Video'));
  }

  /** Links look like links and lead nowhere; those within the page still do. */
  #href(element: Element, value: string): string {
    const address = value.trim();
    if (address.startsWith('#') || element.localName === 'image') return value;
    if (isElsewhere(address)) this.blocked.add('link', address);
    return '#';
  }

  #cssAddress(address: string, use: 'image' | 'font'): string | undefined {
    if (address === '' || address.startsWith('#')) return undefined;
    if (/^data:(?:image\/|font\/|application\/(?:x-)?font|application\/octet-stream|,|;)/i.test(address)) return undefined;
    const local = use === 'image' ? this.#linkedImage(address) : undefined;
    if (local !== undefined) return local;
    this.blocked.add(use, address);
    return use === 'font' ? 'data:,' : BACKGROUND_PLACEHOLDER;
  }

  #import(address: string): string | undefined {
    if (this.#options.tailwind && /^tailwindcss(?:\/[a-z]+)?(?:\.css)?$/.test(address)) return undefined; // the runtime brings it
    const sheet = this.#importDepth < 8 ? this.#linkedFile(address) : undefined;
    if (sheet === undefined) {
      this.blocked.add('style sheet', address);
      return undefined;
    }
    this.#importDepth++;
    try {
      return this.css(sheet);
    } finally {
      this.#importDepth--;
    }
  }

  #linkedFile(address: string): string | undefined {
    return isElsewhere(address) ? undefined : this.#linked.get(plainPath(address));
  }

  #linkedImage(address: string): string | undefined {
    const text = /\.svg(?:[?#]|$)/i.test(address) ? this.#linkedFile(address) : undefined;
    return text === undefined ? undefined : `data:image/svg+xml,${encodeURIComponent(text.toWellFormed())}`;
  }
}
