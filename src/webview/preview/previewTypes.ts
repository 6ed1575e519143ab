/** What whoever shows previews asks of a frame, and what a frame says of the page in it. */
import type { Preview } from '../../shared/preview.ts';
import type { PagePicture } from './rasterProbe.ts';

export interface ShowOptions {
  /** The window the page believes in, in CSS pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** How large it is drawn: 1 is as it is. The element takes `widthPx * zoom` by `heightPx * zoom`. */
  readonly zoom: number;
  /** What `prefers-color-scheme` says in the page. Changes without loading the page again. */
  readonly colorScheme: 'light' | 'dark';
  /** The person let the model's scripts run. Those of a page that is still being written never do. */
  readonly scripts: boolean;
}

/** Something that was taken out of a page, or that the browser refused it. */
export interface Blocked {
  readonly kind:
    | 'script'
    | 'handler'
    | 'frame'
    | 'plug-in'
    | 'style sheet'
    | 'image'
    | 'media'
    | 'font'
    | 'link'
    | 'form'
    | 'hint'
    | 'redirect'
    | 'request';
  /** The address or the name, shortened; empty when there is none. */
  readonly what: string;
  readonly count: number;
}

/** Something that went wrong in the page as it ran. */
export interface FrameFinding {
  readonly kind: 'error' | 'warning';
  /** One line, at most 300 characters. */
  readonly text: string;
  readonly count: number;
}

/**
 * - `empty`: nothing was shown yet, or there is nothing to show.
 * - `loading`: the first page is on its way; later ones load behind the one that is seen.
 * - `ready`: a page is seen.
 * - `needs-scripts`: a component shows nothing unless scripts are on.
 * - `not-responding`: the page does not answer; {@link FrameEvents} and `stop` tell what to do.
 * - `stopped`: the page was taken away by `stop`, or by the frame because it tried to leave.
 */
export type FrameStatus = 'empty' | 'loading' | 'ready' | 'needs-scripts' | 'not-responding' | 'stopped';

export interface FrameEvents {
  /** Status, size, blocked things or findings are others than before. At most once a frame. */
  onChange(): void;
  /** The person scrolled the page; not called for `scrollTo`. */
  onScroll(position: ScrollPosition): void;
}

/** In CSS pixels of the page. */
export interface ScrollPosition {
  readonly left: number;
  readonly top: number;
}

/** Of the whole page, in its own CSS pixels. */
export interface PageSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A preview on screen. `PreviewFrame` in frame.ts is the one there is; make it with `new PreviewFrame(runtimes, events, name)`. */
export interface Frame {
  /** Put it where the preview shall be; its size follows `ShowOptions`. It must stay in the document as long as the frame is used. */
  readonly element: HTMLElement;
  readonly status: FrameStatus;
  /** A plain sentence for every status but `ready`; also the reason and problems of a preview of kind `none`. */
  readonly message: string | undefined;
  readonly size: PageSize | undefined;
  readonly scroll: ScrollPosition;
  readonly blocked: readonly Blocked[];
  readonly findings: readonly FrameFinding[];
  /** Of the page that is seen: scripts of the model run in it. */
  readonly runsScripts: boolean;
  /** Shows this as soon as it can. Called as often as wished: what is overtaken while a page loads is never loaded. */
  show(preview: Preview, options: ShowOptions): void;
  scrollTo(position: ScrollPosition): void;
  /** The page as a picture, from its top on at scale 1. Undefined: there is no page, or it did not answer. */
  picture(): Promise<PagePicture | undefined>;
  /** Takes the page away at once, whatever it is doing. The next `show` begins anew. */
  stop(): void;
  /** Loads the page again from its beginning. */
  reload(): void;
  /** Ends the frame for good. */
  dispose(): void;
}
