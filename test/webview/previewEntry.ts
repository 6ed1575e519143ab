/** In the panel's place: one preview frame, for tests to drive. */
import type { Preview, RuntimeId } from '../../src/shared/preview.ts';
import { PreviewFrame } from '../../src/webview/preview/frame.ts';
import type { ShowOptions } from '../../src/webview/preview/previewTypes.ts';
import { htmlOf, sanitise } from '../../src/webview/preview/sanitise.ts';

export interface PreviewLab {
  readonly runtimes: Map<RuntimeId, string>;
  /** The frame made last. */
  frame: PreviewFrame;
  scrolls: number;
  /** Messages that reached this window as those of the host do. */
  readonly fromHost: unknown[];
  /** Takes away all frames, and makes one with nothing in it. */
  fresh(): void;
  /** One more frame, which becomes the last. */
  add(): void;
  /** Shows it in the last frame. Resolves to the status once the page is seen, or shows nothing for a reason. */
  show(preview: Preview, options?: Partial<ShowOptions>): Promise<string>;
  /** Elements and attributes that a page still has after cleaning and should not, read from its text as a frame would. */
  leftovers(html: string): Promise<string[]>;
}

const runtimes = new Map<RuntimeId, string>();
const DEFAULTS: ShowOptions = { widthPx: 800, heightPx: 600, zoom: 1, colorScheme: 'light', scripts: false };
const frames: PreviewFrame[] = [];
const shown = new WeakMap<PreviewFrame, string>();

const lab: PreviewLab = {
  runtimes,
  frame: undefined as unknown as PreviewFrame, // made by fresh(), below
  scrolls: 0,
  fromHost: [],
  fresh() {
    for (const frame of frames.splice(0)) {
      frame.dispose();
      frame.element.remove();
    }
    lab.add();
  },
  add() {
    lab.frame = new PreviewFrame(runtimes, { onChange: () => undefined, onScroll: () => lab.scrolls++ }, 'Preview');
    frames.push(lab.frame);
    document.body.append(lab.frame.element);
  },
  async show(preview, options) {
    const { frame } = lab;
    const before = frame.element.lastElementChild;
    const isNew = JSON.stringify(preview) !== shown.get(frame);
    shown.set(frame, JSON.stringify(preview));
    frame.show(preview, { ...DEFAULTS, ...options });
    // The page before stays in sight until the new one is put there.
    while (isNew && frame.status === 'ready' && frame.element.lastElementChild === before)
      await new Promise((resolve) => setTimeout(resolve, 5));
    while (frame.status === 'loading' || (frame.status === 'empty' && !frame.message))
      await new Promise((resolve) => setTimeout(resolve, 10));
    return frame.status;
  },
  async leftovers(html) {
    const page = await sanitise(html, { linked: [], scripts: false, tailwind: false }, () => Promise.resolve());
    const again = new DOMParser().parseFromString(htmlOf(page), 'text/html');
    const found: string[] = [];
    for (const element of again.querySelectorAll('*')) {
      if (FORBIDDEN.test(element.localName)) found.push(element.localName);
      for (const { name, value } of element.attributes)
        if (/^on/i.test(name) || /^(?:srcdoc|target|formaction|ping|nonce)$/.test(name) || LEADS_OUT.test(value))
          found.push(`${name}=${value}`);
      if (element.localName === 'style' && LEADS_OUT.test(element.textContent ?? '')) found.push(element.textContent ?? '');
    }
    return found;
  },
};
const FORBIDDEN = /^(?:script|iframe|frame|frameset|object|embed|link|base|portal|fencedframe|noscript|applet)$/;
const LEADS_OUT = /(?:https?:)?\/\/127\.0\.0\.1|javascript:/i;
window.addEventListener('message', (event) => {
  if (event.origin === window.origin) lab.fromHost.push(event.data);
});
// A browser that is always idle: a page is on its way when `show` has been called, as the tests of one after another take it.
window.requestIdleCallback = (call) => {
  call({ didTimeout: false, timeRemaining: () => 1 });
  return 0;
};
Object.assign(window, { lab });
lab.fresh();
