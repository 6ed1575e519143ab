/**
 * The previews on screen: a frame for each side that is shown, fitted into its place, kept up to date, and scrolled together where two are
 * compared side by side. Frames never move in the document, because a frame that moves loads its page again.
 *
 * Pages of unlike height are scrolled by share: both begin together and end together.
 */
import { LANE_LABEL } from '../../shared/comparison.ts';
import type { Preview, PreviewSide, RuntimeId } from '../../shared/preview.ts';
import { type BoardSettings, sidesOf } from './boardSettings.ts';
import { PreviewFrame } from './frame.ts';
import { Layers, type Subject } from './layers.ts';
import type { Frame, ShowOptions } from './previewTypes.ts';

export const SIDE_LABEL: Readonly<Record<PreviewSide, string>> = { ...LANE_LABEL, design: 'Design', result: 'Result' };

/** What is to be seen. */
export interface Scene {
  readonly previews: Partial<Record<PreviewSide, Preview>>;
  readonly settings: BoardSettings;
  readonly comparing: boolean;
  /** Of VS Code. */
  readonly dark: boolean;
}

interface Room {
  readonly width: number;
  readonly height: number;
}

interface Seat {
  readonly frame: Frame;
  place?: HTMLElement;
  /** As last measured: asking the place itself would make the browser lay out the panel in the middle of a frame. */
  room?: Room;
  shown?: { readonly preview: Preview; readonly options: ShowOptions };
  /** Counts what was shown, so that a picture can tell whether it is still true. */
  version: number;
}

export class PreviewBoard {
  readonly layers: Layers;
  readonly #runtimes: ReadonlyMap<RuntimeId, string>;
  readonly #onChange: () => void;
  readonly #seats = new Map<PreviewSide, Seat>();
  readonly #resized: ResizeObserver;
  #scene: Scene | undefined;

  constructor(runtimes: ReadonlyMap<RuntimeId, string>, onChange: () => void) {
    this.#runtimes = runtimes;
    this.#onChange = onChange;
    this.layers = new Layers(onChange);
    this.#resized = new ResizeObserver(() => this.#measure());
  }

  frame(side: PreviewSide): Frame | undefined {
    return this.#seats.get(side)?.frame;
  }

  /** How large a side is drawn: 1 is as it is. A picture is no wider than the pages are. */
  zoom(side: PreviewSide): number | undefined {
    const { frame, shown } = this.#seats.get(side) ?? {};
    if (!frame?.size || !shown) return undefined;
    const { widthPx, zoom } = shown.options;
    return shown.preview.kind === 'picture' ? zoom * Math.min(1, widthPx / frame.size.widthPx) : zoom;
  }

  /** Gives a side its place in the document, for as long as the returned function is not called. */
  seat(side: PreviewSide, place: HTMLElement): () => void {
    const events = { onChange: () => this.#onChange(), onScroll: () => this.#scrollOthers(side) };
    const frame = new PreviewFrame(this.#runtimes, events, `${SIDE_LABEL[side]} preview`);
    this.#seats.set(side, { frame, place, version: 0 });
    place.append(frame.element);
    this.#resized.observe(place);
    this.#onChange();
    return () => {
      this.#resized.unobserve(place);
      frame.dispose();
      frame.element.remove();
      this.#seats.delete(side);
    };
  }

  /** Shows this; called before each drawing of the widgets, and quick where nothing changed. */
  update(scene: Scene): void {
    this.#scene = scene;
    let isNew = false;
    const mostHeightPx = this.#leastWindowPx(scene);
    for (const [side, seat] of this.#seats) {
      const preview = scene.previews[side];
      const options = seat.room ? optionsFor(seat.room, scene, isPage(preview) ? mostHeightPx : Infinity) : undefined;
      if (!preview || !options || (seat.shown?.preview === preview && areSame(seat.shown.options, options))) continue;
      if (seat.shown?.preview !== preview || !isOnlyZoom(seat.shown.options, options)) seat.version++;
      seat.shown = { preview, options };
      seat.frame.show(preview, options);
      isNew = true;
    }
    if (isNew) this.#onChange(); // the widgets say how large it is drawn, and were drawn before
    this.#wantLayers(scene);
  }

  reload(): void {
    for (const seat of this.#seats.values()) {
      seat.version++;
      seat.frame.reload();
    }
    this.layers.again();
    this.#onChange();
  }

  /** Nothing is shown any more. */
  clear(): void {
    this.layers.clear();
  }

  /** Pictures of both sides, for the views that lay one over the other. */
  #wantLayers({ comparing, settings, previews }: Scene): void {
    if (!comparing || settings.mode === 'side') {
      this.layers.clear();
      return;
    }
    const [one, other] = sidesOf(settings.pair).map((side): Subject | undefined => {
      const seat = this.#seats.get(side);
      return seat && { side, name: SIDE_LABEL[side], preview: previews[side], frame: seat.frame };
    });
    if (!one || !other) return;
    // A picture has no window of its own: beside a page it takes that page's width.
    const widthPx = this.#seats.get(other.side)?.shown?.options.widthPx ?? this.#seats.get(one.side)?.shown?.options.widthPx;
    if (widthPx === undefined) return;
    const keys = [one, other].map(({ side, frame }) => {
      const { version = 0 } = this.#seats.get(side) ?? {};
      return `${side}:${version}:${frame.status}:${frame.size?.widthPx}x${frame.size?.heightPx}`;
    });
    const withHeat = settings.mode === 'pixels';
    this.layers.want({ topic: `${settings.pair} ${widthPx} ${withHeat}`, version: keys.join() }, [one, other], widthPx, withHeat);
  }

  /** Pages held against each other get windows of one height, the lowest: what follows the window would be drawn unlike for no other reason. */
  #leastWindowPx(scene: Scene): number {
    const heights = [...this.#seats].map(([side, { room }]) =>
      room && isPage(scene.previews[side]) ? optionsFor(room, scene, Infinity)?.heightPx : undefined,
    );
    return Math.min(...heights.filter((height) => height !== undefined));
  }

  /** After each layout that changed a place, and so the first. */
  #measure(): void {
    for (const seat of this.#seats.values())
      if (seat.place) seat.room = { width: seat.place.clientWidth, height: seat.place.clientHeight };
    this.#onChange();
  }

  #scrollOthers(side: PreviewSide): void {
    const scene = this.#scene;
    if (!scene?.comparing || scene.settings.mode !== 'side') return;
    const from = this.#seats.get(side);
    const share = from ? scrolledShare(from) : undefined;
    if (!from || !share) return;
    for (const other of sidesOf(scene.settings.pair)) {
      const seat = this.#seats.get(other);
      const range = seat && scrollRange(seat);
      if (other !== side && range) seat.frame.scrollTo({ left: range.left * share.left, top: range.top * share.top });
    }
  }
}

/** It has a window that it may follow; a picture has none. */
const isPage = (preview: Preview | undefined): boolean => preview?.kind === 'html' || preview?.kind === 'component';

/** The window that the page gets: undefined while its place has no room. */
function optionsFor(room: Room, { settings, dark }: Scene, mostHeightPx: number): ShowOptions | undefined {
  if (room.width < 1 || room.height < 1) return undefined;
  const widthPx = settings.width === 'fit' ? room.width : settings.width;
  const zoom = settings.zoom === 'fit' ? Math.min(1, room.width / widthPx) : Number(settings.zoom) / 100;
  const colorScheme = settings.scheme === 'vscode' ? (dark ? 'dark' : 'light') : settings.scheme;
  const heightPx = Math.min(mostHeightPx, Math.max(1, Math.floor(room.height / zoom)));
  return { widthPx, heightPx, zoom, colorScheme, scripts: settings.scripts };
}

const areSame = (one: ShowOptions, other: ShowOptions): boolean => isOnlyZoom(one, other) && one.zoom === other.zoom;

const isOnlyZoom = (one: ShowOptions, other: ShowOptions): boolean =>
  one.widthPx === other.widthPx &&
  one.heightPx === other.heightPx &&
  one.colorScheme === other.colorScheme &&
  one.scripts === other.scripts;

/** How far a page can be scrolled. */
function scrollRange({ frame, shown }: Seat): { left: number; top: number } | undefined {
  if (!frame.size || !shown) return undefined;
  if (shown.preview.kind === 'picture') {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = frame.element;
    return { left: scrollWidth - clientWidth, top: scrollHeight - clientHeight };
  }
  const { widthPx, heightPx } = shown.options;
  return { left: Math.max(0, frame.size.widthPx - widthPx), top: Math.max(0, frame.size.heightPx - heightPx) };
}

function scrolledShare(seat: Seat): { left: number; top: number } | undefined {
  const range = scrollRange(seat);
  if (!range) return undefined;
  const { left, top } = seat.frame.scroll;
  return { left: range.left > 0 ? Math.min(1, left / range.left) : 0, top: range.top > 0 ? Math.min(1, top / range.top) : 0 };
}
