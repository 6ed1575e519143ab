/**
 * Runs first in a preview's frame, in static pages as the only script. It says how large the page is, where it is scrolled, and what goes
 * wrong; keeps links and forms from leading away; and makes `prefers-color-scheme` say what was chosen, which a frame cannot be given from
 * outside. What it needs it takes hold of before the model's scripts can replace it. Its element is gone when they run.
 */
import { PREVIEW_GLOBAL } from '../../shared/previewRuntime.ts';
import { type Boot, MAX_TEXT_LENGTH, type Report, type ToProbe } from './probeMessages.ts';
import { rasterise } from './rasterProbe.ts';

declare const PREVIEW_BOOT: Boot;

const REPORTS_PER_SECOND = 15;
/** Without it the counts would be taken for all there were. */
const NOT_ALL = `The page reports more than ${REPORTS_PER_SECOND} things a second. The rest is neither listed nor counted.`;
const STYLES_LIMIT_MS = 1500;

document.currentScript?.remove();
// Named elements of a page hide the document's own properties; the accessors of the prototype, held from the start, cannot be hidden.
const held = <Name extends 'documentElement' | 'body' | 'styleSheets' | 'adoptedStyleSheets'>(
  name: Name,
): (() => Document[Name]) => {
  const get = Object.getOwnPropertyDescriptor(Document.prototype, name)?.get;
  return () => get?.call(document) as Document[Name]; // the accessor of that very property
};
const rootOf = held('documentElement');
const bodyOf = held('body');
const sheetsOf = held('styleSheets');
const adoptedOf = held('adoptedStyleSheets');
const find = document.querySelectorAll.bind(document);
const { stringify } = JSON;
const later = setTimeout.bind(window);
const now = performance.now.bind(performance);
const realMatchMedia = matchMedia.bind(window);
const scrollTo = window.scrollTo.bind(window);

const { port1, port2 } = new MessageChannel();
const post: (report: Report) => void = port1.postMessage.bind(port1);
window.parent.postMessage({ preview: PREVIEW_BOOT.token }, '*', [port2]);
// Read by the prototype's own accessor: one that the model puts in its place would be handed the event, and with it the port.
const dataOf = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get;
port1.onmessage = (event) => command(dataOf?.call(event) as ToProbe); // only the panel's page holds the other end

let { colorScheme } = PREVIEW_BOOT;
let isReady = false;
let sent = 0;
let windowStartMs = now();

/** What a page says by the hundred, kept within what the panel takes: the first of a burst are the ones that tell. */
function report(message: Extract<Report, { type: 'finding' | 'blocked' }>): void {
  if (now() - windowStartMs > 1000) {
    windowStartMs = now();
    sent = 0;
  }
  if (sent++ < REPORTS_PER_SECOND) post(message);
  else if (sent === REPORTS_PER_SECOND + 1) post({ type: 'finding', kind: 'warning', text: NOT_ALL });
}

function command(message: ToProbe): void {
  switch (message.type) {
    case 'ping':
      post({ type: 'pong' });
      break;
    case 'scroll':
      place = { left: message.left, top: message.top };
      scrollTo({ ...place, behavior: 'instant' });
      place = position();
      break;
    case 'scheme':
      colorScheme = message.colorScheme;
      applyScheme();
      break;
    case 'picture':
      void rasterise().then((picture) => post({ type: 'picture', picture }));
      break;
  }
}

// What goes wrong.

const textOf = (value: unknown): string => {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return typeof value === 'object' && value !== null ? (stringify(value) ?? '') : String(value);
  } catch {
    return 'something that cannot be written';
  }
};
/** What is cut off is not looked at. */
const cut = (text: string): string =>
  text
    .slice(0, 4 * MAX_TEXT_LENGTH)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH);
const finding = (kind: 'error' | 'warning', text: string): void => report({ type: 'finding', kind, text: cut(text) });

window.addEventListener('error', (event) => {
  if (event.message) finding('error', event.lineno > 0 ? `${event.message} (line ${event.lineno})` : event.message);
});
window.addEventListener('unhandledrejection', ({ reason }) => finding('error', `Promise rejected: ${textOf(reason)}`));
for (const [method, kind] of [
  ['error', 'error'],
  ['warn', 'warning'],
] as const) {
  const real = console[method].bind(console);
  console[method] = (...values: unknown[]) => {
    finding(kind, values.map(textOf).join(' '));
    real(...values);
  };
}
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, originalPolicy }) => {
  // The panel's policy refuses the same once more.
  if (originalPolicy.includes('sha256-')) report({ type: 'blocked', directive: cut(effectiveDirective), what: cut(blockedURI) });
});
Object.defineProperty(window, PREVIEW_GLOBAL, {
  value: { modules: Object.create(null), report: (message: unknown) => finding('error', textOf(message)) },
});

// Links and forms. An address that begins with `#` would be resolved against the panel's page, and lead there.

window.addEventListener(
  'click',
  (event) => {
    const link = event.composedPath().find((each) => each instanceof Element && /^(?:a|area)$/i.test(each.localName));
    if (!(link instanceof Element)) return;
    const address = link.getAttribute('href') ?? link.getAttribute('xlink:href');
    if (address === null) return;
    later(() => {
      // A page that handles the click itself has the say.
      if (!prevented.has(event) && address.startsWith('#') && address.length > 1) window.location.hash = address;
    });
    Object.defineProperty(event, 'preventDefault', { value: () => prevented.add(event) });
    Event.prototype.preventDefault.call(event);
  },
  true,
);
const prevented = new WeakSet<Event>();
window.addEventListener(
  'submit',
  (event) => {
    const { target } = event;
    if (!(target instanceof HTMLFormElement) || target.getAttribute('method')?.toLowerCase() !== 'dialog') event.preventDefault();
  },
  true,
);

// Keys pressed in a frame reach nobody else: Escape is the way out to where VS Code hears them, unless the page itself takes it.
window.addEventListener('focus', ({ isTrusted }) => isTrusted && post({ type: 'focus', has: true }));
window.addEventListener('blur', ({ isTrusted }) => isTrusted && post({ type: 'focus', has: false }));
window.addEventListener(
  'keydown',
  (event) => {
    if (event.key === 'Escape' && event.isTrusted) later(() => event.defaultPrevented || post({ type: 'escape' }));
  },
  true,
);

// Size and scrolling.

interface Place {
  readonly left: number;
  readonly top: number;
}
const position = (): Place => ({ left: window.scrollX, top: window.scrollY });
let place = position();
let sizeText = '';

function reportSize(): void {
  const root = rootOf();
  const size = { width: Math.max(root.scrollWidth, root.clientWidth), height: root.scrollHeight };
  const text = `${size.width} ${size.height}`;
  if (text === sizeText) return;
  sizeText = text;
  post({ type: 'size', ...size });
}
const sizes = new ResizeObserver(reportSize);
window.addEventListener(
  'scroll',
  () => {
    const at = position();
    if (!isReady || (Math.abs(at.left - place.left) < 1 && Math.abs(at.top - place.top) < 1)) return;
    place = at;
    post({ type: 'scroll', ...at });
  },
  { passive: true },
);

// Light and dark.

const SCHEME = /\(\s*prefers-color-scheme\s*(?::\s*(light|dark|no-preference)\s*)?\)/gi;
/** A condition that always holds, and one that never does. */
const chosen = (query: string): string =>
  query.replace(SCHEME, (_, asked: string | undefined) =>
    asked === undefined || asked.toLowerCase() === colorScheme ? '(width >= 0px)' : '(width < 0px)',
  );
const written = new WeakMap<MediaList, string>();

function applyMedia(media: MediaList): void {
  const text = written.get(media) ?? media.mediaText;
  if (!text.includes('prefers-color-scheme')) return;
  written.set(media, text);
  media.mediaText = chosen(text);
}

function applyRules(rules: CSSRuleList): void {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule) applyMedia(rule.media);
    if ('cssRules' in rule) applyRules(rule.cssRules as CSSRuleList); // what groups rules says so
  }
}

function applyScheme(): void {
  for (const sheet of [...sheetsOf(), ...adoptedOf()]) {
    applyMedia(sheet.media);
    applyRules(sheet.cssRules); // readable: nothing in a preview comes from elsewhere
  }
  // A page that takes either scheme gets the chosen one.
  const root = rootOf();
  root.style.removeProperty('color-scheme');
  const accepted = getComputedStyle(root).colorScheme;
  if (/light/.test(accepted) && /dark/.test(accepted)) root.style.setProperty('color-scheme', colorScheme);
}
window.matchMedia = (query: string) => realMatchMedia(chosen(String(query)));

/** Styles that scripts write later follow the chosen scheme, too. */
const styles = new MutationObserver((records) => {
  const isStyle = (node: Node): boolean =>
    /^(?:style|#text)$/i.test(node.nodeName) && /^(?:style|head)$/i.test(node.parentNode?.nodeName ?? '');
  if (records.some(({ addedNodes }) => [...addedNodes].some(isStyle))) applyScheme();
});

// Ready: parsed, styled, scrolled to where the page before it was.

function ready(): void {
  applyScheme();
  styles.observe(rootOf(), { childList: true, subtree: true });
  scrollTo({ left: PREVIEW_BOOT.left, top: PREVIEW_BOOT.top, behavior: 'instant' });
  place = position();
  sizes.observe(rootOf());
  const body = bodyOf();
  if (body) sizes.observe(body);
  reportSize();
  isReady = true;
  post({ type: 'ready', ...place });
}

/** Tailwind writes its styles, which begin with its name, once it has read the page. */
const isStyled = (): boolean =>
  !PREVIEW_BOOT.tailwind ||
  [...find('head > style:not([type])')].some((style) => style.textContent?.startsWith('/*! tailwindcss'));

window.addEventListener('load', () => {
  const startMs = now();
  const wait = (): void => {
    if (isStyled() || now() - startMs > STYLES_LIMIT_MS) later(ready, PREVIEW_BOOT.tailwind ? 16 : 0);
    else later(wait, 16);
  };
  wait();
});
