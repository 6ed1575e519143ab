/** A design that is a picture, in the place of a page: it scrolls in its holder, by keyboard as well. */
import type { Preview } from '../../shared/preview.ts';
import type { PageSize, ScrollPosition } from './previewTypes.ts';

export interface PictureEvents {
  onReady(): void;
  /** The browser cannot read it. */
  onUnreadable(): void;
  onScroll(position: ScrollPosition): void;
}

export class PictureView {
  readonly #holder: HTMLElement;
  readonly #image = document.createElement('img');
  readonly #ended = new AbortController();

  constructor(holder: HTMLElement, { mediaType, base64 }: Extract<Preview, { kind: 'picture' }>, events: PictureEvents) {
    this.#holder = holder;
    const { signal } = this.#ended;
    const image = this.#image;
    image.alt = 'The design';
    // VS Code's own style sheet would squeeze it into its place.
    Object.assign(image.style, { display: 'block', marginInline: 'auto', maxHeight: 'none' });
    image.addEventListener('load', () => events.onReady(), { signal });
    image.addEventListener('error', () => events.onUnreadable(), { signal });
    holder.addEventListener('scroll', () => events.onScroll(this.scroll), { signal, passive: true });
    holder.style.overflow = 'auto';
    holder.tabIndex = 0;
    holder.setAttribute('role', 'region');
    holder.setAttribute('aria-label', 'Picture of the design');
    holder.append(image);
    image.src = `data:${mediaType};base64,${base64}`;
  }

  get size(): PageSize | undefined {
    const { naturalWidth, naturalHeight } = this.#image;
    return naturalWidth > 0 ? { widthPx: naturalWidth, heightPx: naturalHeight } : undefined;
  }

  get scroll(): ScrollPosition {
    return { left: this.#holder.scrollLeft, top: this.#holder.scrollTop };
  }

  scrollTo(position: ScrollPosition): void {
    this.#holder.scrollTo({ ...position, behavior: 'instant' });
  }

  fit(widthPx: number, zoom: number): void {
    Object.assign(this.#image.style, { maxWidth: `${widthPx}px`, zoom: String(zoom) });
  }

  remove(): void {
    this.#ended.abort();
    this.#image.remove();
    this.#holder.style.overflow = 'hidden';
    this.#holder.tabIndex = -1;
    this.#holder.removeAttribute('role');
    this.#holder.removeAttribute('aria-label');
  }
}
