/**
 * Two pictures of pages, one over the other: parted by a line to be dragged, mixed, taking turns, or where their pixels differ. A layer that
 * is not there is said in words.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PreviewSide } from '../../shared/preview.ts';
import { Button } from '../widgets/controls.tsx';
import { type BoardSettings, type CompareMode, sidesOf } from './boardSettings.ts';
import { shareWords } from './heatMap.ts';
import type { Layer, LayersState } from './layers.ts';

/** Slow enough to see both, and far from flashing. */
const BLINK_MS = 900;
const STEP = 0.02;
const LEAP = 0.1;
const SAMPLE_PX = 16;

export interface StageProps {
  readonly state: LayersState;
  readonly settings: BoardSettings;
  readonly names: Readonly<Record<PreviewSide, string>>;
  readonly onSettings: (change: Partial<BoardSettings>) => void;
  /** Tells a screen reader what came of it. */
  readonly onSaid: (words: string) => void;
}

export function Stage(props: StageProps) {
  const { state, settings, names, onSaid } = props;
  const place = useRef<HTMLElement>(null);
  const [roomPx, setRoomPx] = useState(0);
  useLayoutEffect(() => {
    const { current } = place;
    if (!current) return;
    const resized = new ResizeObserver(() => setRoomPx(current.clientWidth));
    resized.observe(current);
    return () => resized.disconnect();
  }, []);
  const [one, other] = sidesOf(settings.pair).map((side) => names[side]);
  const said = saidOf(state, settings.mode, one ?? '', other ?? '');
  useEffect(() => {
    if (said) onSaid(said);
  }, [said, onSaid]);
  const label = `${one} and ${other}, ${MODE_LABEL[settings.mode].toLowerCase()}`;
  const turns = useTurns(settings.mode === 'blink' && state.kind === 'ready');
  const flip = () => {
    turns.flip();
    onSaid((turns.shownOver ? one : other) ?? '');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (settings.mode !== 'blink' || event.key !== ' ' || event.target !== event.currentTarget) return;
    event.preventDefault();
    if (!event.repeat) flip();
  };
  return (
    <section class="stage" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard. */}
      <section class="stage-place" ref={place} tabIndex={0} aria-label={`${label}: pictures`} onKeyDown={onKeyDown}>
        {state.kind === 'ready' ? (
          <Overlay {...props} state={state} roomPx={roomPx} shownOver={turns.shownOver} />
        ) : (
          <Missing reasons={state.kind === 'missing' ? state.reasons : ['Taking pictures of both pages…']} />
        )}
      </section>
      {state.kind === 'ready' ? (
        <div class="stage-line">
          {settings.mode === 'blink' ? <BlinkBar names={[one ?? '', other ?? '']} turns={turns} onFlip={flip} /> : null}
          <StageWords state={state} settings={settings} names={names} />
        </div>
      ) : null}
    </section>
  );
}

export const MODE_LABEL: Readonly<Record<CompareMode, string>> = {
  side: 'Side by side',
  swipe: 'Swipe',
  onion: 'Onion skin',
  blink: 'Blink',
  pixels: 'Differences',
};

/** The first thing to know of what lies over what; the rest is looked at. */
function saidOf(state: LayersState, mode: CompareMode, under: string, over: string): string {
  if (state.kind === 'making') return '';
  return state.kind === 'missing' ? state.reasons.join(' ') : stageWords(state, mode, under, over);
}

function Missing({ reasons }: { reasons: readonly string[] }) {
  return (
    <div class="pane-message">
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </div>
  );
}

type ReadyState = Extract<LayersState, { kind: 'ready' }>;

function Overlay(props: StageProps & { state: ReadyState; roomPx: number; shownOver: boolean }) {
  const { state, settings, names, roomPx, shownOver, onSettings } = props;
  const [under, over] = state.layers;
  const widthPx = under.canvas.width;
  const heightPx = Math.max(under.canvas.height, over.canvas.height);
  const zoom = settings.zoom === 'fit' ? Math.min(1, Math.max(1, roomPx) / widthPx) : Number(settings.zoom) / 100;
  const { mode, swipe, opacity } = settings;
  const isDark = useMemo(() => mode === 'pixels' && isMostlyDark(under.canvas), [mode, under.canvas]);
  return (
    <div
      class={`overlay by-${mode}${isDark ? ' on-dark' : ''}`}
      style={{ inlineSize: `${widthPx * zoom}px`, blockSize: `${heightPx * zoom}px` }}
    >
      <Picture layer={under} name={names[under.side]} zoom={zoom} />
      {mode === 'swipe' ? (
        <Swipe share={swipe} names={[names[under.side], names[over.side]]} onShare={(share) => onSettings({ swipe: share })}>
          <Picture layer={over} name={names[over.side]} zoom={zoom} clipFrom={swipe} />
        </Swipe>
      ) : null}
      {mode === 'onion' ? <Picture layer={over} name={names[over.side]} zoom={zoom} opacity={opacity} /> : null}
      {mode === 'blink' ? (
        <div style={{ visibility: shownOver ? 'visible' : 'hidden' }}>
          <Picture layer={over} name={names[over.side]} zoom={zoom} />
        </div>
      ) : null}
      {mode === 'pixels' && state.heat ? <Heat state={state} zoom={zoom} /> : null}
    </div>
  );
}

/** Of dark pages the faded picture stands on black, so that the marks are seen on it as well as on a light one. */
function isMostlyDark(canvas: HTMLCanvasElement): boolean {
  const sample = document.createElement('canvas');
  sample.width = SAMPLE_PX;
  sample.height = SAMPLE_PX;
  const context = sample.getContext('2d');
  if (!context) return false;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, SAMPLE_PX, SAMPLE_PX);
  context.drawImage(canvas, 0, 0, SAMPLE_PX, SAMPLE_PX);
  const { data } = context.getImageData(0, 0, SAMPLE_PX, SAMPLE_PX);
  return data.reduce((sum, value) => sum + value, 0) / data.length < 128;
}

interface PictureProps {
  readonly layer: Layer;
  readonly name: string;
  readonly zoom: number;
  readonly opacity?: number;
  /** What is left of this share of the width is not seen. */
  readonly clipFrom?: number;
}

function Picture({ layer, name, zoom, opacity = 1, clipFrom = 0 }: PictureProps) {
  const { canvas } = layer;
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(canvas), [canvas]);
  return (
    <div
      class="overlay-picture"
      ref={place}
      role="img"
      aria-label={`Picture of ${name}`}
      style={{
        inlineSize: `${canvas.width * zoom}px`,
        blockSize: `${canvas.height * zoom}px`,
        opacity,
        clipPath: clipFrom > 0 ? `inset(0 0 0 ${clipFrom * 100}%)` : 'none',
      }}
    />
  );
}

interface SwipeProps {
  readonly share: number;
  readonly names: readonly [string, string];
  readonly onShare: (share: number) => void;
  readonly children: preact.ComponentChildren;
}

/** The line follows the pointer wherever on the pictures it is pressed; by keyboard it is a slider. */
function Swipe({ share, names, onShare, children }: SwipeProps) {
  const follow = (event: PointerEvent) => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onShare(clamp((event.clientX - left) / Math.max(1, width)));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    follow(event);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget instanceof HTMLElement && event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
  };
  const percent = Math.round(share * 100);
  return (
    <div class="swipe" onPointerDown={onPointerDown} onPointerMove={onPointerMove}>
      {children}
      <div class="swipe-line" style={{ insetInlineStart: `${share * 100}%` }}>
        <div class="swipe-names" aria-hidden="true">
          <span class="overlay-name">{names[0]}</span>
          <span class="overlay-name">{names[1]}</span>
        </div>
        <div
          class="swipe-knob"
          role="slider"
          tabIndex={0}
          aria-label="Line between the pictures"
          aria-orientation="horizontal"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          aria-valuetext={`${percent} % ${names[0]}, ${100 - percent} % ${names[1]}`}
          onKeyDown={(event) => {
            const next = moved(share, event.key);
            if (next === undefined) return;
            event.preventDefault();
            onShare(next);
          }}
        >
          <span class="codicon codicon-arrow-both" aria-hidden="true" />
        </div>
      </div>
    </div>
  );
}

/** As a slider moves by keyboard; undefined for any other key. */
function moved(share: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(share - STEP);
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(share + STEP);
    case 'PageDown':
      return clamp(share - LEAP);
    case 'PageUp':
      return clamp(share + LEAP);
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return undefined;
  }
}

const clamp = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;

interface Turns {
  readonly shownOver: boolean;
  readonly running: boolean;
  /** Shows the other one, and stays there. */
  readonly flip: () => void;
  readonly toggle: () => void;
}

/** Pictures take turns by themselves, unless the person wants less motion or has paused it. */
function useTurns(isOn: boolean): Turns {
  const [shownOver, setShownOver] = useState(false);
  const [running, setRunning] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches);
  useEffect(() => {
    if (!isOn || !running) return;
    const timer = setInterval(() => setShownOver((shown) => !shown), BLINK_MS);
    return () => clearInterval(timer);
  }, [isOn, running]);
  const flip = () => {
    setRunning(false);
    setShownOver(!shownOver);
  };
  return { shownOver, running, flip, toggle: () => setRunning(!running) };
}

interface BlinkBarProps {
  readonly names: readonly [string, string];
  readonly turns: Turns;
  readonly onFlip: () => void;
}

/** Under the pictures: over them it would hide what is compared. */
function BlinkBar({ names, turns, onFlip }: BlinkBarProps) {
  const { shownOver, running, toggle } = turns;
  return (
    <div class="blink-bar">
      <span class="blink-name">{shownOver ? names[1] : names[0]}</span>
      <Button label={`Show ${shownOver ? names[0] : names[1]}`} title="Or press Space on the pictures" onPress={onFlip} />
      <Button
        label={running ? 'Pause' : 'Play'}
        icon={running ? 'debug-pause' : 'play'}
        title={running ? 'Stop taking turns' : 'Take turns by themselves'}
        onPress={toggle}
      />
    </div>
  );
}

function Heat({ state, zoom }: { state: ReadyState; zoom: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const map = state.heat?.map;
  useLayoutEffect(() => {
    if (map) canvas.current?.getContext('2d')?.putImageData(new ImageData(map.data, map.width, map.height), 0, 0);
  }, [map]);
  if (!map) return null;
  const size = { inlineSize: `${map.width * zoom}px`, blockSize: `${map.height * zoom}px` };
  return <canvas class="heat" ref={canvas} width={map.width} height={map.height} style={size} />;
}

/** What is seen, in words, and what to know of it. */
function StageWords({ state, settings, names }: Pick<StageProps, 'settings' | 'names'> & { state: ReadyState }) {
  const [under, over] = state.layers;
  const notes = [...under.notes, ...over.notes];
  const what = stageWords(state, settings.mode, names[under.side], names[over.side]);
  return (
    <p>
      <span>{what}</span> {notes.length > 0 ? <span class="quiet">{notes.join(' ')}</span> : null}
    </p>
  );
}

function stageWords({ layers, heat }: ReadyState, mode: CompareMode, under: string, over: string): string {
  const by = layers[0].canvas.height - layers[1].canvas.height;
  const px = Math.abs(by).toLocaleString('en');
  const longer = by === 0 ? '' : ` ${by > 0 ? under : over} is ${px} px longer`;
  switch (mode) {
    case 'side':
      return '';
    case 'swipe':
      return `Left of the line ${under}, right of it ${over}.${longer && `${longer}.`}`;
    case 'onion':
      return `${over} shows through over ${under}.${longer && `${longer}.`}`;
    case 'blink':
      return `${under} and ${over} take turns.${longer && `${longer}.`}`;
    case 'pixels':
      if (!heat) return 'Comparing pixel by pixel…';
      return `${shareWords(heat)}${heat.differingPixels === 0 ? '' : ', which says where to look and not which is better'}.${longer && `${longer}; those rows count as differing.`}`;
  }
}
