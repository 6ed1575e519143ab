/**
 * Pictures of two previews at the same width, ready to be laid over each other, and where they differ. Taken again when what they show
 * changed, at a calm pace while an answer is still being written.
 */
import type { Preview, PreviewSide } from '../../shared/preview.ts';
import { type HeatMap, heatMap } from './heatMap.ts';
import type { Frame } from './previewTypes.ts';
import { MAX_PICTURE_HEIGHT_PX, MAX_PICTURE_URL_LENGTH, type PagePicture } from './rasterProbe.ts';

/** What a picture is to be taken of. */
export interface Subject {
  readonly side: PreviewSide;
  /** As it is named in sentences: `Fast`. */
  readonly name: string;
  readonly preview: Preview | undefined;
  readonly frame: Frame;
}

export interface Layer {
  readonly side: PreviewSide;
  readonly canvas: HTMLCanvasElement;
  /** What the person should know of this picture: that it is scaled, or ends early. */
  readonly notes: readonly string[];
}

export type LayersState =
  | { readonly kind: 'making' }
  | { readonly kind: 'missing'; readonly reasons: readonly string[] }
  | { readonly kind: 'ready'; readonly layers: readonly [Layer, Layer]; readonly heat?: HeatMap };

/** Pictures are taken once nothing has changed for so long, or at the latest after the second. */
const CALM_MS = 400;
const AT_LATEST_MS = 2500;

export class Layers {
  state: LayersState = { kind: 'making' };
  readonly #onChange: () => void;
  #topic = '';
  #version = '';
  #pending: (() => Promise<void>) | undefined;
  #timer = 0;
  #sinceMs = 0;
  #stop = new AbortController();
  #working = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Asks for pictures of both. Of another topic nothing old is shown meanwhile; another version takes the place of the one before once it
   * is there; the same version is not drawn twice.
   */
  want(ask: { topic: string; version: string }, subjects: readonly [Subject, Subject], widthPx: number, withHeat: boolean): void {
    if (ask.topic === this.#topic && ask.version === this.#version) return;
    if (ask.topic !== this.#topic) this.clear();
    this.#topic = ask.topic;
    this.#version = ask.version;
    this.#pending = () => this.#make(subjects, widthPx, withHeat);
    this.#schedule();
  }

  /** Takes them again, though nothing is known to have changed. */
  again(): void {
    this.#version = '';
  }

  /** Forgets all; nothing goes on. */
  clear(): void {
    this.#stop.abort();
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#topic = '';
    this.#pending = undefined;
    this.state = { kind: 'making' };
  }

  #schedule(): void {
    const nowMs = performance.now();
    if (this.#timer === 0) this.#sinceMs = nowMs;
    window.clearTimeout(this.#timer);
    const waitMs = Math.max(0, Math.min(CALM_MS, this.#sinceMs + AT_LATEST_MS - nowMs));
    this.#timer = window.setTimeout(() => void this.#run(), waitMs);
  }

  async #run(): Promise<void> {
    this.#timer = 0;
    if (this.#working) return; // what is wanted now is taken up when this is done
    this.#working = true;
    for (let make = this.#pending; make; make = this.#pending) {
      this.#pending = undefined;
      this.#stop = new AbortController();
      try {
        await make();
      } catch (error) {
        this.#settle({
          kind: 'missing',
          reasons: [`The two cannot be laid over each other here: ${String(error).slice(0, 200)}`],
        });
      }
    }
    this.#working = false;
  }

  async #make(subjects: readonly [Subject, Subject], widthPx: number, withHeat: boolean): Promise<void> {
    const { signal } = this.#stop;
    const [one, other] = await Promise.all([layerOf(subjects[0], widthPx), layerOf(subjects[1], widthPx)]);
    if (signal.aborted) return;
    if (typeof one === 'string' || typeof other === 'string') {
      this.#settle({ kind: 'missing', reasons: [one, other].filter((each) => typeof each === 'string') });
      return;
    }
    const layers = [one, other] as const;
    this.#settle({ kind: 'ready', layers });
    if (!withHeat) return;
    const heat = await heatMap(pixelsOf(one.canvas), pixelsOf(other.canvas), signal);
    if (heat && !signal.aborted) this.#settle({ kind: 'ready', layers, heat });
  }

  #settle(state: LayersState): void {
    this.state = state;
    this.#onChange();
  }
}

/** A picture of what a side shows, as wide as asked, or why there is none. */
async function layerOf({ side, name, preview, frame }: Subject, widthPx: number): Promise<Layer | string> {
  if (!preview) return `${name} has nothing to show yet.`;
  if (preview.kind === 'none') return `${name} has nothing to show: ${preview.reason}`;
  if (preview.kind === 'picture') {
    const drawn = await imageOf(`data:${preview.mediaType};base64,${preview.base64}`);
    return drawn
      ? layerFrom(side, name, drawn, preview.size ?? sizeOf(drawn), widthPx)
      : `The picture of the ${name} cannot be read.`;
  }
  if (frame.status !== 'ready') return `${name}: ${frame.message ?? 'its page is still loading.'}`;
  const picture = await frame.picture();
  const page = picture ? await pageImage(picture) : `its page does not answer.`;
  if (typeof page === 'string') return `${name}: ${page}`;
  const layer = layerFrom(side, name, page, sizeOf(page), widthPx);
  const cut = picture?.kind !== 'none' && picture && picture.size.pageHeightPx > picture.size.heightPx;
  return cut
    ? {
        ...layer,
        notes: [...layer.notes, `Only the upper ${page.naturalHeight.toLocaleString('en')} px of ${name} are compared.`],
      }
    : layer;
}

const PAGE_URL = /^data:image\/(?:png;base64|svg\+xml;charset=utf-8),/;

async function pageImage(picture: PagePicture): Promise<HTMLImageElement | string> {
  if (picture.kind === 'none') return picture.reason;
  if (!PAGE_URL.test(picture.url) || picture.url.length > MAX_PICTURE_URL_LENGTH) return 'its page gave no picture.';
  return (await imageOf(picture.url)) ?? 'its picture could not be drawn.';
}

const sizeOf = ({ naturalWidth, naturalHeight }: HTMLImageElement) => ({ width: naturalWidth, height: naturalHeight });

function layerFrom(
  side: PreviewSide,
  name: string,
  image: HTMLImageElement,
  size: { readonly width: number; readonly height: number },
  widthPx: number,
): Layer {
  const scale = widthPx / Math.max(1, size.width);
  const wholePx = Math.max(1, Math.round(size.height * scale));
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = Math.min(wholePx, MAX_PICTURE_HEIGHT_PX);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen) {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(image, 0, 0, widthPx, wholePx);
  }
  const notes = [
    scale === 1 ? '' : `${name} is scaled from ${size.width} to ${widthPx} px width (${Math.round(scale * 100)} %).`,
    wholePx > canvas.height ? `Only the upper ${canvas.height.toLocaleString('en')} px of ${name} are compared.` : '',
  ];
  return { side, canvas, notes: notes.filter(Boolean) };
}

function pixelsOf(canvas: HTMLCanvasElement): ImageData {
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('this browser draws no canvas');
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

async function imageOf(url: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return undefined;
  }
  return image.naturalWidth > 0 && image.naturalHeight > 0 ? image : undefined;
}
