/**
 * The document of a preview's frame, and why it cannot reach anything.
 *
 * The frame has an opaque origin (`sandbox="allow-scripts"`) and takes over the panel's policy: a script in it needs the panel's nonce. Its
 * own policy, here, names the hash of each script that was put in, and both policies must agree. So a script that the model writes at run
 * time, or a frame within the frame, can only be a copy of one of ours, and each that holds the model's code begins with the prelude. The
 * sanitiser took out what opens connections before a policy is asked.
 */
import type { Preview, RuntimeId } from '../../shared/preview.ts';
import { asLiteral, componentScripts, insideScript, PREVIEW_GLOBAL } from '../../shared/previewRuntime.ts';
import preludeScript from './prelude.ts?frame';
import type { Blocked } from './previewTypes.ts';
import probe from './probe.ts?frame';
import type { Boot } from './probeMessages.ts';
import { htmlOf, type Sanitised, sanitise, sanitiseCss } from './sanitise.ts';

export interface FrameDocument {
  readonly html: string;
  readonly blocked: readonly Blocked[];
  /** Time that this took of the page's own. */
  readonly costMs: number;
}

/** In a block, so that its own strictness does not become that of the code behind it. */
const prelude = `{${preludeScript}}`;
const STRICT = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*(["'])use strict\1/;

/** What can be framed. */
export type Framed = Extract<Preview, { kind: 'html' | 'component' }>;

/** The panel's nonce, while its own script runs for the first time. Random for each load; no message and no model ever gets it. */
const nonce = document.currentScript?.nonce ?? '';

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  'media-src data:',
  "connect-src 'none'",
  "frame-src 'none'",
  "worker-src 'none'",
  "object-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
];

/**
 * A policy of its own, which must agree as well. A hash also lets a script in from elsewhere that claims to be the very same (`integrity`),
 * once it is loaded; and a script can read the nonce of the next one while that is being parsed. Together they would ask for any address.
 */
const INLINE_ONLY = "script-src 'unsafe-inline'";

/** @param runtimes must hold every program that the preview names. */
export async function frameDocument(
  preview: Framed,
  scripts: boolean,
  boot: Boot,
  runtimes: ReadonlyMap<RuntimeId, string>,
): Promise<FrameDocument> {
  const startMs = performance.now();
  let waitedMs = 0;
  const waiting = async <T>(promise: Promise<T>): Promise<T> => {
    const sinceMs = performance.now();
    const value = await promise;
    waitedMs += performance.now() - sinceMs;
    return value;
  };
  let breathedMs = startMs;
  const breathe = async (): Promise<void> => {
    if (performance.now() - breathedMs < STEP_MS) return;
    await waiting(nextTask());
    breathedMs = performance.now();
  };
  const programs = preview.runtimes.map((id) => runtimes.get(id) ?? '');
  const page = preview.kind === 'html' ? await htmlPage(preview, scripts, breathe) : await componentPage(preview, breathe);
  const put = new Scripts(page.root.ownerDocument);
  const { root } = page;
  const head = childOf(root, 'head');
  const body = childOf(root, 'body');
  const first = [`{const PREVIEW_BOOT=${asLiteral(boot)};${probe}}`, ...programs].map((text) => put.own(text));
  for (const { element, code, isModule } of page.scripts) put.fill(element, code, isModule);
  for (const code of page.last) body.append(put.model(code));
  const hashes = await waiting(put.hashes());
  await breathe();
  const known = `script-src ${hashes.map((hash) => `'sha256-${hash}'`).join(' ')}`;
  const metas = [[...POLICY, known].join('; '), INLINE_ONLY].map((policy) => {
    const meta = root.ownerDocument.createElement('meta');
    meta.setAttribute('http-equiv', 'Content-Security-Policy');
    meta.setAttribute('content', policy);
    return meta;
  });
  head.prepend(...metas, ...first);
  const html = htmlOf(page);
  return { html, blocked: page.blocked, costMs: performance.now() - startMs - waitedMs };
}

/** How long a page is worked on before the panel gets its turn: half of a frame at 60 a second. */
const STEP_MS = 8;

/** Lets whatever waits go first, a frame among it. */
const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

interface Page extends Pick<Sanitised, 'root' | 'mark' | 'doctype' | 'blocked' | 'scripts'> {
  /** The model's scripts at the end of the body. */
  readonly last: readonly string[];
}

async function htmlPage(
  { html, linked, runtimes }: Extract<Framed, { kind: 'html' }>,
  scripts: boolean,
  breathe: () => Promise<void>,
): Promise<Page> {
  const page = await sanitise(html, { linked, scripts, tailwind: runtimes.includes('tailwind') }, breathe);
  return { ...page, last: page.handlers.map(handlerScript) };
}

async function componentPage(
  { css, runtimes, entry, modules }: Extract<Framed, { kind: 'component' }>,
  breathe: () => Promise<void>,
): Promise<Page> {
  const tailwind = runtimes.includes('tailwind');
  const sheet = sanitiseCss(css, { linked: [], scripts: true, tailwind });
  const empty = '<!DOCTYPE html><body><div id="root"></div></body>';
  const { root, mark } = await sanitise(empty, { linked: [], scripts: true, tailwind }, breathe);
  const style = root.ownerDocument.createElement('style');
  if (tailwind) style.setAttribute('type', 'text/tailwindcss');
  style.textContent = sheet.css;
  childOf(root, 'head').append(style);
  const start = `${PREVIEW_GLOBAL}.start(document.getElementById("root"));`;
  return {
    root,
    mark,
    doctype: '<!DOCTYPE html>',
    blocked: sheet.blocked,
    scripts: [],
    last: [...componentScripts(entry, modules), start],
  };
}

/**
 * An inline handler as a script of its own, so that one the browser cannot parse fails alone. Assigning the property gives `this`, `event`
 * and `return false` their meaning; the `with` gives the names that an inline handler sees.
 */
const handlerScript = ({ event, code }: Sanitised['handlers'][number], index: number): string =>
  `document.querySelectorAll("[data-preview-on-${index}]").forEach(function (element) {element[${asLiteral(`on${event}`)}] = ` +
  `function (event) {with (document) {with (this.form || {}) {with (this) {${insideScript(code)}\n}}}}});`;

/** The scripts of one document, and their hashes. */
class Scripts {
  readonly #document: Document;
  readonly #hashes: Promise<string>[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  hashes(): Promise<string[]> {
    return Promise.all([...new Set(this.#hashes)]);
  }

  own(text: string): Element {
    return this.fill(this.#document.createElement('script'), text, false, '');
  }

  model(code: string): Element {
    return this.fill(this.#document.createElement('script'), code, false);
  }

  /** Makes a script element carry this code, and both policies let it run. */
  fill(element: Element, code: string, isModule: boolean, before = prelude): Element {
    // As the parser will read it, or the hash is another.
    const strict = before !== '' && STRICT.test(code) ? '"use strict";' : '';
    const text = `${strict}${before}${code}`.replaceAll(/\r\n?/g, '\n').replaceAll('\0', '\ufffd').toWellFormed();
    element.textContent = text;
    element.setAttribute('nonce', nonce);
    if (isModule) element.setAttribute('type', 'module');
    this.#hashes.push(hashOf(text, before === ''));
    return element;
  }
}

/** Runtimes are long and always the same. */
const known = new Map<string, Promise<string>>();
const LONG = 50_000;

function hashOf(text: string, isOurs: boolean): Promise<string> {
  const before = known.get(text);
  if (before) return before;
  const hash = crypto.subtle
    .digest('SHA-256', new TextEncoder().encode(text))
    .then((digest) => btoa(String.fromCharCode(...new Uint8Array(digest))));
  if (isOurs && text.length > LONG) known.set(text, hash);
  return hash;
}

/** The parser makes both, but a page of frames has no body, and cleaning may take either. */
function childOf(root: HTMLElement, name: 'head' | 'body'): Element {
  const found = [...root.children].find((child) => child.localName === name);
  if (found) return found;
  const made = root.ownerDocument.createElement(name);
  if (name === 'head') root.prepend(made);
  else root.append(made);
  return made;
}
