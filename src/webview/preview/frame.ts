/**
 * A preview on screen. A page loads in a hidden frame behind the one that is seen and takes its place when its probe says that it is
 * ready, so nothing flickers while an answer streams in. At most one page loads at a time; what is overtaken meanwhile is never loaded, and
 * the pace follows what a page costs. The last state of a page waits for no pace, and for none before it.
 */
import { assertNever } from '../../shared/assertNever.ts';
import type { Preview, RuntimeId } from '../../shared/preview.ts';
import { type FrameDocument, type Framed, frameDocument } from './document.ts';
import { FramedPage } from './framedPage.ts';
import { idle, pauseMs } from './pace.ts';
import { PictureView } from './pictureView.ts';
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

/** Nothing more will be written. */
const isLast = (preview: Preview | undefined): boolean => preview !== undefined && (!('complete' in preview) || preview.complete);

const isDocument = (made: unknown): made is FrameDocument => typeof made === 'object' && made !== null && 'html' in made;

export class PreviewFrame implements Frame {
  readonly element = document.createElement('div');
  readonly #runtimes: ReadonlyMap<RuntimeId, string>;
  readonly #events: FrameEvents;
  readonly #name: string;
  /** What was asked for last, and what is seen or on its way of it. */
  #wanted: { readonly preview: Preview; readonly options: ShowOptions } | undefined;
  #begun: { readonly preview: Preview; readonly scripts: boolean } | undefined;
  #seen: FramedPage | undefined;
  #next: FramedPage | undefined;
  #picture: PictureView | undefined;
  #status: FrameStatus = 'empty';
  #message: string | undefined;
  /** Loading, from the first step to the swap. */
  #busy = false;
  #generation = 0;
  #notBeforeMs = 0;
  #timer = 0;
  #changeFrame = 0;

  /** @param name what it shows, for a screen reader */
  constructor(runtimes: ReadonlyMap<RuntimeId, string>, events: FrameEvents, name: string) {
    this.#runtimes = runtimes;
    this.#events = events;
    this.#name = name;
    this.element.className = 'preview-frame';
    this.element.tabIndex = -1;
    Object.assign(this.element.style, { position: 'relative', overflow: 'hidden' });
  }

  get status(): FrameStatus {
    if (this.#seen?.isStuck || this.#next?.isStuck) return 'not-responding';
    return this.#status;
  }

  get message(): string | undefined {
    if (this.status !== 'not-responding') return this.#message;
    const why =
      this.#seen?.runsScripts || this.#next?.runsScripts ? 'a script in it may never end' : 'it may be too much to draw';
    return `This page does not respond: ${why}.`;
  }

  get size(): PageSize | undefined {
    return this.#picture?.size ?? this.#seen?.size;
  }

  get scroll(): ScrollPosition {
    return (this.#picture ?? this.#seen)?.scroll ?? { left: 0, top: 0 };
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
    (this.#picture ?? this.#seen)?.scrollTo(position);
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

  /** Gives the keys back. The next Tab goes on behind the page: its first link would be a step back. */
  #leave({ element }: FramedPage): void {
    element.tabIndex = -1;
    this.element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
    this.element.focus({ preventScroll: true });
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
    await idle(isLast(preview));
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
      const why = made instanceof RangeError ? made.message : String(made).slice(0, 200);
      return this.#settle('empty', `This page cannot be shown: ${why}`);
    }
    const { html, blocked, costMs } = made;
    const page = new FramedPage(boot.token, blocked, scripts, {
      onReady: () => this.#swap(page, boot, { loadMs: performance.now() - startMs, costMs }),
      onOffence: (what) => this.#end(page, what),
      onChange: () => this.#changed(),
      onEscape: () => this.#leave(page),
      onScroll: (position) => {
        if (page === this.#seen) this.#events.onScroll(position);
      },
    });
    page.element.title = `${this.#name}, press Escape to leave it`;
    this.#next = page;
    this.#fit();
    this.element.append(page.element);
    page.open(html);
  }

  #swap(page: FramedPage, begunAt: ScrollPosition, took: { loadMs: number; costMs: number }): void {
    if (page !== this.#next) return;
    // The person went on reading meanwhile.
    const at = this.#seen?.scroll;
    if (at && (at.left !== begunAt.left || at.top !== begunAt.top)) page.scrollTo(at);
    this.#seen?.remove();
    this.#dropPicture();
    this.#seen = page;
    this.#next = undefined;
    this.#busy = false;
    page.reveal();
    const { options } = this.#wanted ?? {};
    if (options) page.setScheme(options.colorScheme);
    this.#notBeforeMs = performance.now() + pauseMs(took);
    this.#settle('ready', undefined);
    this.#pump();
  }

  #end(page: FramedPage, what: string): void {
    if (page !== this.#seen && page !== this.#next) return;
    this.#clear();
    this.#settle('stopped', `This page ${what}, so it was taken away. Reload shows it again.`);
  }

  #showPicture(preview: Extract<Preview, { kind: 'picture' }>): void {
    this.#clear();
    this.#picture = new PictureView(this.element, preview, {
      onReady: () => this.#settle('ready', undefined),
      onUnreadable: () => this.#settle('empty', 'This picture cannot be read.'),
      onScroll: (position) => this.#events.onScroll(position),
    });
    this.#fit();
    this.#settle('loading', 'Loading…');
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
    this.#dropPicture();
  }

  #dropPicture(): void {
    this.#picture?.remove();
    this.#picture = undefined;
  }

  #fit(): void {
    const { options } = this.#wanted ?? {};
    if (!options) return;
    const { widthPx, heightPx, zoom } = options;
    Object.assign(this.element.style, { width: `${widthPx * zoom}px`, height: `${heightPx * zoom}px` });
    for (const page of [this.#seen, this.#next]) page?.fit(widthPx, heightPx, zoom);
    this.#picture?.fit(widthPx, zoom);
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
