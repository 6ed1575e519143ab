/**
 * What is done to each element and attribute of a model's page before a frame gets it: what would load is replaced by something of the same
 * size, files of the same answer are put in, and the rest of what runs, loads or leads away is taken out and counted.
 */
import { insideScript } from '../../shared/previewRuntime.ts';
import { BlockedList, isElsewhere, isInside } from './blocked.ts';
import { type CssRules, cleanCss } from './css.ts';
import { removeSource, replaceEmbedded, replaceImage, replaceInCss, replaceMedia, type Surroundings } from './instead.ts';
import { type LinkedFile, LinkedFiles } from './linked.ts';
import { BACKGROUND_PLACEHOLDER } from './placeholder.ts';

export interface SanitiseOptions {
  /** The answer's other files: what its links to style sheets, scripts and vector images mean. */
  readonly linked: readonly LinkedFile[];
  /** Scripts are taken aside instead of out. */
  readonly scripts: boolean;
  /** Tailwind is there, so that its own `@import` and its address elsewhere stand for something. */
  readonly tailwind: boolean;
}

const HTML = 'http://www.w3.org/1999/xhtml';
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
  readonly #surroundings: Surroundings;
  readonly #cssRules: CssRules;
  #importDepth = 0;

  constructor(options: SanitiseOptions, mark: string) {
    this.#options = options;
    this.#mark = mark;
    this.blocked = new BlockedList(mark);
    this.#surroundings = { blocked: this.blocked, files: new LinkedFiles(options.linked), css: (text) => this.css(text) };
    this.#cssRules = {
      replace: (address, use) => replaceInCss(address, use, this.#surroundings),
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
        replaceEmbedded(element, 'frame', element.getAttribute('src') ?? '', this.#surroundings);
        break;
      case 'object':
      case 'embed':
      case 'applet':
        replaceEmbedded(
          element,
          'plug-in',
          element.getAttribute('data') ?? element.getAttribute('src') ?? '',
          this.#surroundings,
        );
        break;
      case 'img':
      case 'image':
      case 'input':
        replaceImage(element, tag, this.#surroundings);
        break;
      case 'source':
      case 'track':
        removeSource(element, this.#surroundings);
        break;
      case 'video':
      case 'audio':
        replaceMedia(element, tag, this.#surroundings);
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
    else if (name === 'name') {
      // `<img name="body">` would hide the document's own member from whoever asks for it.
      if (/^(?:img|form)$/i.test(element.tagName) && value in Document.prototype) data.keepAttr = false;
    } else if (name === 'class') {
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
    const file = source === null ? undefined : this.#surroundings.files.text(source);
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
      const sheet = this.#surroundings.files.text(address);
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

  /** Links look like links and lead nowhere; those within the page still do. */
  #href(element: Element, value: string): string {
    const address = value.trim();
    if (address.startsWith('#') || element.localName === 'image') return value;
    if (isElsewhere(address)) this.blocked.add('link', address);
    return '#';
  }

  #import(address: string): string | undefined {
    if (this.#options.tailwind && /^tailwindcss(?:\/[a-z]+)?(?:\.css)?$/.test(address)) return undefined; // the runtime brings it
    const sheet = this.#importDepth < 8 ? this.#surroundings.files.text(address) : undefined;
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
}
