/**
 * A preview on screen. A page loads in a hidden frame behind the one that is seen and takes its place when its probe says that it is
 * ready, so nothing flickers while an answer streams in. At most one page loads at a time; what is overtaken meanwhile is never loaded, and
 * the pace follows what a page costs, so that the panel keeps most of its time. Cleaning a page is one long step: it waits until the browser
 * is idle, so that it never falls into a frame with anything else. The last state of a page waits for no pace, and for none before it.
 */
import { assertNever } from '../../shared/assertNever.ts';
import type { Preview, RuntimeId } from '../../shared/preview.ts';
import { type FrameDocument, type Framed, frameDocument } from './document.ts';
import { FramedPage } from './framedPage.ts';
import type {
  Blocked,
  Frame,
  FrameEvents,
  FrameFinding,
  FrameStatus,
  PageSize,
  ScrollPosition,
  ShowOptions,
} from './previewTypes.ts';
import type { PagePicture } from './rasterProbe.ts';

/** While a page is being written: between two loads at least this, and this many times what a load takes of the panel's own time. */
const MIN_INTERVAL_MS = 250;
const OWN_COST_FACTOR = 40;
const LOAD_TIME_FACTOR = 2;
const MAX_INTERVAL_MS = 5000;
/** However long that is, a page being written has no more than a tenth of the panel's time. */
const LEAST_COST_FACTOR = 9;
/** A panel that is never idle cleans a page after so long in any case. */
const IDLE_LIMIT_MS = 1000;
const IDLE_LIMIT_OF_LAST_MS = 100;

/** Nothing more will be written. */
const isLast = (preview: Preview | undefined): boolean => preview !== undefined && (!('complete' in preview) || preview.complete);

const idle = (limitMs: number): Promise<void> =>
  new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: limitMs }));

const isDocument = (made: unknown): made is FrameDocument => typeof made === 'object' && made !== null && 'html' in made;

export class PreviewFrame implements Frame {
  readonly element = document.createElement('div');
  readonly #runtimes: ReadonlyMap<RuntimeId, string>;
  readonly #events: FrameEvents;
  /** What was asked for last, and what is seen or on its way of it. */
  #wanted: { readonly preview: Preview; readonly options: ShowOptions } | undefined;
  #begun: { readonly preview: Preview; readonly scripts: boolean } | undefined;
  #seen: FramedPage | undefined;
  #next: FramedPage | undefined;
  #image: HTMLImageElement | undefined;
  #status: FrameStatus = 'empty';
  #message: string | undefined;
  /** Loading, from the first step to the swap. */
  #busy = false;
  #generation = 0;
  #notBeforeMs = 0;
  #timer = 0;
  #changeFrame = 0;

  constructor(runtimes: ReadonlyMap<RuntimeId, string>, events: FrameEvents) {
    this.#runtimes = runtimes;
    this.#events = events;
    this.element.className = 'preview-frame';
    this.element.tabIndex = -1;
    Object.assign(this.element.style, { position: 'relative', overflow: 'hidden' });
  }

  get status(): FrameStatus {
    if (this.#seen?.isStuck || this.#next?.isStuck) return 'not-responding';
    return this.#status;
  }

  get message(): string | undefined {
    return this.status === 'not-responding' ? 'This page does not respond: a script in it may never end.' : this.#message;
  }

  get size(): PageSize | undefined {
    if (this.#image && this.#image.naturalWidth > 0) {
      const { naturalWidth, naturalHeight } = this.#image;
      return { widthPx: naturalWidth, heightPx: naturalHeight };
    }
    return this.#seen?.size;
  }

  get scroll(): ScrollPosition {
    return this.#image
      ? { left: this.element.scrollLeft, top: this.element.scrollTop }
      : (this.#seen?.scroll ?? { left: 0, top: 0 });
  }

  get blocked(): readonly Blocked[] {
    return this.#seen?.blocked ?? [];
  }

  get findings(): readonly FrameFinding[] {
    return (this.#seen ?? this.#next)?.findings ?? [];
  }

  get runsScripts(): boolean {
    return this.#seen?.runsScripts ?? false;
  }

  show(preview: Preview, options: ShowOptions): void {
    const before = this.#wanted?.options;
    this.#wanted = { preview, options };
    this.#fit();
    if (before && before.colorScheme !== options.colorScheme) {
      // A script may have asked already which scheme it is.
      if (this.#seen?.runsScripts || this.#next?.runsScripts) this.#begun = undefined;
      else for (const page of [this.#seen, this.#next]) page?.setScheme(options.colorScheme);
    }
    this.#pump();
  }

  scrollTo(position: ScrollPosition): void {
    if (this.#image) this.element.scrollTo({ ...position, behavior: 'instant' });
    else this.#seen?.scrollTo(position);
  }

  async picture(): Promise<PagePicture | undefined> {
    return this.#seen?.picture();
  }

  stop(): void {
    this.#clear();
    this.#settle('stopped', 'This page was stopped. Reload shows it again.');
  }

  reload(): void {
    this.#clear();
    this.#begun = undefined;
    this.#notBeforeMs = 0;
    this.#pump();
  }

  dispose(): void {
    this.#clear();
    this.#wanted = undefined;
    cancelAnimationFrame(this.#changeFrame);
    this.element.replaceChildren();
  }

  /** Begins to load what is wanted, unless it is there, on its way, or must wait. */
  #pump(): void {
    const { preview, options } = this.#wanted ?? {};
    if (!preview || !options) return;
    const scripts = options.scripts && (preview.kind === 'component' || (preview.kind === 'html' && preview.complete));
    const isBegun = this.#begun?.scripts === scripts;
    if (isBegun && this.#begun?.preview === preview) return;
    const overtakes = isLast(preview) && !isLast(this.#begun?.preview);
    if (this.#busy && !overtakes && !this.#next?.isStuck) return;
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs > 0 && !isLast(preview)) {
      if (!this.#timer) this.#timer = window.setTimeout(() => this.#onTimer(), waitMs);
      return;
    }
    const before = this.#begun?.preview;
    this.#begun = { preview, scripts };
    // The host may send again what it sent before.
    if (isBegun && before && JSON.stringify(before) === JSON.stringify(preview)) return;
    switch (preview.kind) {
      case 'none':
        this.#clear();
        this.#settle('empty', [preview.reason, ...preview.problems].join('\n'));
        break;
      case 'picture':
        this.#showPicture(preview);
        break;
      case 'component':
        if (options.scripts) void this.#load(preview, true, options);
        else {
          this.#clear();
          this.#settle('needs-scripts', 'A component shows nothing until its scripts run. Turn scripts on to see it.');
        }
        break;
      case 'html':
        void this.#load(preview, scripts, options);
        break;
      default:
        assertNever(preview);
    }
  }

  #onTimer(): void {
    this.#timer = 0;
    this.#pump();
  }

  async #load(preview: Framed, scripts: boolean, options: ShowOptions): Promise<void> {
    const missing = preview.runtimes.find((id) => !this.#runtimes.has(id));
    if (missing) {
      this.#clear();
      return this.#settle('empty', `The program for ${missing} that this page needs is not there.`);
    }
    this.#next?.remove();
    this.#next = undefined;
    this.#busy = true;
    const generation = ++this.#generation;
    if (!this.#seen) this.#settle('loading', 'Loading…');
    await idle(isLast(preview) ? IDLE_LIMIT_OF_LAST_MS : IDLE_LIMIT_MS);
    if (generation !== this.#generation) return;
    const startMs = performance.now();
    const boot = {
      token: crypto.randomUUID(),
      colorScheme: options.colorScheme,
      ...this.scroll,
      tailwind: preview.runtimes.includes('tailwind'),
    };
    const made = await frameDocument(preview, scripts, boot, this.#runtimes).catch((error: unknown) => error);
    if (generation !== this.#generation) return;
    if (!isDocument(made)) {
      this.#clear();
      return this.#settle('empty', `This page cannot be shown: ${String(made).slice(0, 200)}`);
    }
    const { html, blocked, costMs } = made;
    const page = new FramedPage(boot.token, blocked, scripts, {
      onReady: () => this.#swap(page, boot, { loadMs: performance.now() - startMs, costMs }),
      onLeave: () => this.#left(page),
      onChange: () => this.#changed(),
      onEscape: () => this.element.focus({ preventScroll: true }),
      onScroll: (position) => {
        if (page === this.#seen) this.#events.onScroll(position);
      },
    });
    this.#next = page;
    this.#fit();
    this.element.append(page.element);
    page.open(html);
  }

  #swap(page: FramedPage, begunAt: ScrollPosition, { loadMs, costMs }: { loadMs: number; costMs: number }): void {
    if (page !== this.#next) return;
    // The person went on reading meanwhile.
    const at = this.#seen?.scroll;
    if (at && (at.left !== begunAt.left || at.top !== begunAt.top)) page.scrollTo(at);
    this.#seen?.remove();
    this.#dropImage();
    this.#seen = page;
    this.#next = undefined;
    this.#busy = false;
    page.reveal();
    const { options } = this.#wanted ?? {};
    if (options) page.setScheme(options.colorScheme);
    const pauseMs = Math.max(MIN_INTERVAL_MS, costMs * OWN_COST_FACTOR, loadMs * LOAD_TIME_FACTOR);
    this.#notBeforeMs = performance.now() + Math.max(costMs * LEAST_COST_FACTOR, Math.min(MAX_INTERVAL_MS, pauseMs));
    this.#settle('ready', undefined);
    this.#pump();
  }

  /** A frame that shows something else than what was put into it shows nothing any more. */
  #left(page: FramedPage): void {
    if (page !== this.#seen && page !== this.#next) return;
    this.#clear();
    this.#settle('stopped', 'This page tried to lead elsewhere, so it was taken away. Reload shows it again.');
  }

  #showPicture({ mediaType, base64 }: Extract<Preview, { kind: 'picture' }>): void {
    this.#clear();
    const image = document.createElement('img');
    image.alt = 'The design';
    // VS Code's own style sheet would squeeze it into its place.
    Object.assign(image.style, { display: 'block', marginInline: 'auto', maxHeight: 'none' });
    image.onload = () => {
      if (this.#image === image) this.#settle('ready', undefined);
    };
    image.onerror = () => {
      if (this.#image === image) this.#settle('empty', 'This picture cannot be read.');
    };
    this.#image = image;
    this.element.style.overflow = 'auto';
    this.element.tabIndex = 0; // it scrolls, and must do so by keyboard
    this.element.setAttribute('role', 'region');
    this.element.setAttribute('aria-label', 'Picture of the design');
    this.element.addEventListener('scroll', this.#onImageScroll, { passive: true });
    this.element.append(image);
    this.#fit();
    this.#settle('loading', 'Loading…');
    image.src = `data:${mediaType};base64,${base64}`;
  }

  readonly #onImageScroll = (): void => this.#events.onScroll(this.scroll);

  #dropImage(): void {
    this.#image?.remove();
    this.#image = undefined;
    this.element.style.overflow = 'hidden';
    this.element.tabIndex = -1;
    this.element.removeAttribute('role');
    this.element.removeAttribute('aria-label');
    this.element.removeEventListener('scroll', this.#onImageScroll);
  }

  #clear(): void {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#generation++;
    this.#busy = false;
    this.#seen?.remove();
    this.#next?.remove();
    this.#seen = undefined;
    this.#next = undefined;
    this.#dropImage();
  }

  #fit(): void {
    const { options } = this.#wanted ?? {};
    if (!options) return;
    const { widthPx, heightPx, zoom } = options;
    Object.assign(this.element.style, { width: `${widthPx * zoom}px`, height: `${heightPx * zoom}px` });
    for (const page of [this.#seen, this.#next]) page?.fit(widthPx, heightPx, zoom);
    if (this.#image) Object.assign(this.#image.style, { maxWidth: `${widthPx}px`, zoom: String(zoom) });
  }

  #settle(status: FrameStatus, message: string | undefined): void {
    this.#status = status;
    this.#message = message;
    this.#changed();
  }

  #changed(): void {
    if (this.#changeFrame) return;
    this.#changeFrame = requestAnimationFrame(() => {
      this.#changeFrame = 0;
      this.#events.onChange();
    });
  }
}
