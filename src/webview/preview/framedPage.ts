/** One page in one frame: its element, the port to its probe, and what the probe said. Nothing that arrives is taken on trust. */

import { floodGate, isFrom, keepFocus } from './guard.ts';
import type { Blocked, FrameFinding, PageSize, ScrollPosition } from './previewTypes.ts';
import type { Report, ToProbe } from './probeMessages.ts';
import { readReport } from './probeMessages.ts';
import type { PagePicture } from './rasterProbe.ts';
import { refused } from './refused.ts';

export interface PageEvents {
  /** Parsed, styled and scrolled. Once. */
  onReady(): void;
  /** The page did what none may: what, in words that follow "This page". It is to be taken away. */
  onOffence(what: string): void;
  onChange(): void;
  onScroll(position: ScrollPosition): void;
  /** The person wants to leave the page, which has the focus. */
  onEscape(): void;
}

/** Of each kind: a page that says more is not heard until the second is over, but its errors never drown that it is ready. */
const REPORTS_PER_SECOND = 20;
/** Of what changes with each frame. */
const PLACES_PER_SECOND = 120;
const PING_INTERVAL_MS = 1000;
const STUCK_AFTER_MS = 5000;
const GONE_AFTER_MS = 2000;
/** A page that has loaded is ready well before. */
const READY_LIMIT_MS = 10_000;
const PICTURE_LIMIT_MS = 20_000;
const MAX_FINDINGS = 50;
const FOCUS_SETTLES_MS = 100;
const LED_AWAY = 'tried to lead elsewhere';

export class FramedPage {
  readonly element = document.createElement('iframe');
  readonly runsScripts: boolean;
  size: PageSize | undefined;
  scroll: ScrollPosition = { left: 0, top: 0 };
  /** It has not answered for a while. */
  isStuck = false;
  readonly #token: string;
  readonly #events: PageEvents;
  readonly #blocked = new Map<string, Blocked>();
  readonly #findings = new Map<string, FrameFinding>();
  readonly #ended = new AbortController();
  #port: MessagePort | undefined;
  #isReady = false;
  #hasKeys = false;
  #loads = 0;
  #loadedMs = 0;
  #ping = 0;
  #heardMs = 0;
  #secondStartMs = 0;
  readonly #reports = new Map<Report['type'], number>();
  #onPicture: ((picture: PagePicture | undefined) => void) | undefined;

  constructor(token: string, blocked: readonly Blocked[], runsScripts: boolean, events: PageEvents) {
    this.#token = token;
    this.#events = events;
    this.runsScripts = runsScripts;
    for (const each of blocked) this.#blocked.set(`${each.kind} ${each.what}`, each);
    // Scripts hear of a form that is sent only where forms may be; the policy refuses the sending itself.
    this.element.setAttribute('sandbox', runsScripts ? 'allow-scripts allow-forms' : 'allow-scripts');
    this.element.setAttribute('referrerpolicy', 'no-referrer');
    this.element.setAttribute('aria-hidden', 'true');
    Object.assign(this.element.style, {
      ...{ position: 'absolute', left: '0', top: '0', border: '0', transformOrigin: '0 0', visibility: 'hidden' },
      // A page stands on white unless it says otherwise; one that takes dark brings its own canvas.
      ...{ background: 'white', colorScheme: 'light' },
    });
  }

  get blocked(): readonly Blocked[] {
    return [...this.#blocked.values()];
  }

  get findings(): readonly FrameFinding[] {
    return [...this.#findings.values()];
  }

  /** Loads the page; its element must be in the document, and stay where it is. */
  open(html: string): void {
    const { signal } = this.#ended;
    const count = floodGate(() => this.#events.onOffence('flooded the panel with messages'));
    window.addEventListener(
      'message',
      (event) => {
        if (!isFrom(this.element, event.source)) return;
        count();
        this.#greet(event);
      },
      { signal },
    );
    if (this.runsScripts)
      keepFocus(this.element, () => this.#events.onOffence('kept taking the keyboard away from the panel'), signal);
    this.element.addEventListener('load', () => this.#loaded(), { signal });
    this.element.srcdoc = html;
    this.#heardMs = performance.now();
    this.#ping = window.setInterval(() => this.#check(), PING_INTERVAL_MS);
  }

  reveal(): void {
    this.element.style.visibility = 'visible';
    this.element.removeAttribute('aria-hidden');
  }

  fit(widthPx: number, heightPx: number, zoom: number): void {
    Object.assign(this.element.style, {
      width: `${widthPx}px`,
      height: `${heightPx}px`,
      transform: zoom === 1 ? 'none' : `scale(${zoom})`,
    });
  }

  setScheme(colorScheme: 'light' | 'dark'): void {
    this.#say({ type: 'scheme', colorScheme });
  }

  scrollTo(position: ScrollPosition): void {
    this.scroll = position;
    this.#say({ type: 'scroll', ...position });
  }

  /** Undefined: it did not answer in time, is gone, or another picture was asked for. */
  picture(): Promise<PagePicture | undefined> {
    this.#onPicture?.(undefined);
    if (!this.#isReady) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => this.#onPicture?.(undefined), PICTURE_LIMIT_MS);
      this.#onPicture = (picture) => {
        window.clearTimeout(timer);
        this.#onPicture = undefined;
        resolve(picture);
      };
      this.#say({ type: 'picture' });
    });
  }

  remove(): void {
    this.#ended.abort();
    window.clearInterval(this.#ping);
    this.#onPicture?.(undefined);
    this.#port?.close();
    this.#port = undefined;
    this.element.remove();
  }

  #say(message: ToProbe): void {
    this.#port?.postMessage(message);
  }

  /** The probe's first word, with the port for all others. Model code in the same frame does not know the token. */
  #greet({ source, data, ports }: MessageEvent<unknown>): void {
    if (this.#port || source !== this.element.contentWindow || typeof data !== 'object' || data === null) return;
    const [port] = ports;
    if (!('preview' in data) || data.preview !== this.#token || !port) return;
    this.#port = port;
    this.#heardMs = performance.now();
    port.onmessage = (event: MessageEvent<unknown>) => this.#receive(event.data);
  }

  /** The first load is the page; a second one is another. */
  #loaded(): void {
    this.#loadedMs = performance.now();
    if (++this.#loads > 1) this.#events.onOffence(LED_AWAY);
  }

  #receive(data: unknown): void {
    this.#heardMs = performance.now();
    if (this.isStuck) {
      this.isStuck = false;
      this.#events.onChange();
    }
    const report = readReport(data);
    if (!report || !this.#isWithinRate(report.type)) return;
    this.#take(report);
  }

  #isWithinRate(type: Report['type']): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#secondStartMs > 1000) {
      this.#secondStartMs = nowMs;
      this.#reports.clear();
    }
    const reports = (this.#reports.get(type) ?? 0) + 1;
    this.#reports.set(type, reports);
    return reports <= (type === 'scroll' || type === 'size' ? PLACES_PER_SECOND : REPORTS_PER_SECOND);
  }

  #take(report: Report): void {
    switch (report.type) {
      case 'pong':
        return;
      case 'focus':
        this.#hasKeys = report.has;
        this.#markKeys();
        // The page may be in another process and know sooner than this document that it has the focus.
        window.setTimeout(() => this.#markKeys(), FOCUS_SETTLES_MS);
        return;
      case 'escape':
        // A page may say so at any time; it can do no more than give up the focus that it has.
        if (document.activeElement === this.element) this.#events.onEscape();
        return;
      case 'ready':
        if (!this.#isReady) {
          this.#isReady = true;
          this.scroll = { left: report.left, top: report.top };
          this.#events.onReady();
        }
        return;
      case 'size':
        this.size = { widthPx: report.width, heightPx: report.height };
        break;
      case 'scroll':
        this.scroll = { left: report.left, top: report.top };
        this.#events.onScroll(this.scroll);
        return;
      case 'finding':
        count(this.#findings, report.text, { kind: report.kind, text: report.text, count: 0 });
        break;
      case 'blocked': {
        const { kind, what } = refused(report.directive, report.what);
        count(this.#blocked, `${kind} ${what}`, { kind, what, count: 0 });
        break;
      }
      case 'picture':
        this.#onPicture?.(report.picture);
        return;
    }
    this.#events.onChange();
  }

  /** For the style sheet, which cannot tell by itself: seen from outside, a frame that has the focus is not focused. */
  #markKeys(): void {
    this.element.toggleAttribute('data-focused', this.#hasKeys && document.activeElement === this.element);
  }

  #check(): void {
    this.#say({ type: 'ping' });
    // A panel that is hidden sleeps, and so do its frames.
    if (document.visibilityState === 'hidden') this.#heardMs = this.#loadedMs = performance.now();
    const silentMs = performance.now() - this.#heardMs;
    // Something loaded, and it was not the page: that would have said that it is ready.
    if (this.#loads > 0 && !this.#isReady && silentMs > GONE_AFTER_MS) {
      this.#events.onOffence(LED_AWAY);
      return;
    }
    if (this.#loads > 0 && !this.#isReady && performance.now() - this.#loadedMs > READY_LIMIT_MS) {
      this.#events.onOffence('kept its preview from starting');
      return;
    }
    const isStuck = silentMs > STUCK_AFTER_MS;
    if (isStuck === this.isStuck) return;
    this.isStuck = isStuck;
    this.#events.onChange();
  }
}

function count<Thing extends { readonly count: number }>(things: Map<string, Thing>, key: string, fresh: Thing): void {
  const known = things.get(key);
  if (known || things.size < MAX_FINDINGS) things.set(key, { ...(known ?? fresh), count: (known?.count ?? 0) + 1 });
}
