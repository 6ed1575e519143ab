/**
 * A model's page, without what runs, loads, leads elsewhere or embeds; otherwise as it was written. The frame's policy and sandbox refuse
 * all of that anyway; but Chromium opens connections for links, nested frames and hints before any policy is asked, and only what is taken
 * out here can be told to the person. DOMPurify walks the document; its hooks below replace and count.
 */
import createPurifier, { type DOMPurify } from 'dompurify';
import { Cleaner, type SanitiseOptions } from './cleaner.ts';
import type { Blocked } from './previewTypes.ts';
import { checkWork } from './work.ts';

export interface Sanitised {
  /** The `html` element of an inert document; {@link htmlOf} gives its text. */
  readonly root: HTMLElement;
  /** Stands before the name of each inline handler in the document. */
  readonly mark: string;
  /** `<!DOCTYPE html>`, or nothing where the page had none and means the old layout rules. */
  readonly doctype: string;
  readonly blocked: readonly Blocked[];
  /** Empty elements where the page's scripts stood, and what they held. None while scripts are off. */
  readonly scripts: readonly { readonly element: Element; readonly code: string; readonly isModule: boolean }[];
  /** Inline handlers: each element that had one carries the attribute `data-preview-on-<index>`. */
  readonly handlers: readonly { readonly event: string; readonly code: string }[];
}

/** Beside what DOMPurify knows: all of it is checked by the hooks. */
const MORE_TAGS = new Set([
  'meta',
  'use',
  'foreignobject',
  'animate',
  'animatetransform',
  'animatemotion',
  'set',
  'mpath',
  'search',
]);
const NO_ATTRIBUTES = new Set([
  ...[
    'action',
    'archive',
    'attributionsrc',
    'autofocus',
    'classid',
    'codebase',
    'crossorigin',
    'csp',
    'data',
    'dynsrc',
    'fetchpriority',
  ],
  ...[
    'form-action',
    'formaction',
    'formtarget',
    'http-equiv',
    'imagesrcset',
    'integrity',
    'is',
    'longdesc',
    'lowsrc',
    'manifest',
  ],
  ...[
    'nonce',
    'ping',
    'profile',
    'referrerpolicy',
    'sandbox',
    'shadowrootmode',
    'sizes',
    'srcdoc',
    'srcset',
    'target',
    'xml:base',
  ],
]);

/** Pages that change when they are read again mostly do so once. */
const MAX_ROUNDS = 3;

/**
 * Cleans a page, also one that breaks off anywhere.
 *
 * @param breathe gives the panel its turn between the steps, each of which is long for a long page
 * @throws RangeError with a sentence for the person when cleaning would take too long
 */
export async function sanitise(html: string, options: SanitiseOptions, breathe: () => Promise<void>): Promise<Sanitised> {
  checkWork(html);
  // Even an inert document makes handlers of attributes, which the panel's policy then refuses, each with a complaint to the console.
  const mark = `m${crypto.randomUUID().replaceAll('-', '')}`;
  const parsed = parse(html.replaceAll(/\bon(?=[a-z]+\s*=)/gi, `${mark}on`));
  const doctype = accessor(Document.prototype, 'doctype', parsed) === null ? '' : '<!DOCTYPE html>';
  const work = new Cleaner(options, mark);
  const clean = (root: HTMLElement): unknown =>
    purifierFor(work).sanitize(root, {
      IN_PLACE: true,
      WHOLE_DOCUMENT: true,
      SANITIZE_DOM: false,
      ADD_TAGS: (tag) => MORE_TAGS.has(tag) || (options.scripts && tag === 'script'),
      ADD_ATTR: (name) => !name.startsWith('on') && !name.startsWith(mark),
      FORBID_ATTR: [...NO_ATTRIBUTES],
      HTML_INTEGRATION_POINTS: { 'annotation-xml': true, foreignobject: true },
      CUSTOM_ELEMENT_HANDLING: { tagNameCheck: /./, attributeNameCheck: null, allowCustomizedBuiltInElements: false },
    });
  let root = rootOf(parsed);
  await breathe();
  clean(root);
  // The frame reads what was cleaned once more, and not every page is the same then: what it becomes is cleaned as well. Where scripts run
  // this would gain nothing, and they have their places in the document.
  for (let round = 0, text = root.outerHTML; round < MAX_ROUNDS && !options.scripts; round++) {
    await breathe();
    const again = rootOf(parse(`${doctype}${text}`));
    const textAgain = again.outerHTML;
    if (textAgain === text) break;
    text = textAgain;
    root = again;
    clean(root);
  }
  return {
    root,
    mark,
    doctype,
    blocked: work.blocked.list,
    scripts: work.scripts,
    handlers: work.handlers,
  };
}

/** The page as text, for a frame. */
export const htmlOf = ({ doctype, root, mark }: Pick<Sanitised, 'doctype' | 'root' | 'mark'>): string =>
  `${doctype}${root.outerHTML.replaceAll(mark, '')}`;

/** The style sheet of a component, cleaned in the same way. */
export function sanitiseCss(
  css: string,
  options: SanitiseOptions,
): { readonly css: string; readonly blocked: readonly Blocked[] } {
  const work = new Cleaner(options, '');
  return { css: work.css(css), blocked: work.blocked.list };
}

/** DOMPurify holds the hooks of one page at a time. */
function purifierFor(work: Cleaner): DOMPurify {
  purifier.removeAllHooks();
  purifier.addHook('uponSanitizeElement', (node, { tagName }) => {
    if (node instanceof Element) work.element(node, tagName);
  });
  purifier.addHook('uponSanitizeAttribute', (element, data) => work.attribute(element, data));
  return purifier;
}
const purifier = createPurifier(window);

const parse = (html: string): Document => new DOMParser().parseFromString(html, 'text/html');

/** A page may name an image "documentElement"; the accessors of the prototype are not fooled. An HTML document has a root. */
const rootOf = (parsed: Document): HTMLElement => accessor(Document.prototype, 'documentElement', parsed) as HTMLElement;

const accessor = (prototype: object, name: string, of: object): unknown =>
  Object.getOwnPropertyDescriptor(prototype, name)?.get?.call(of);
