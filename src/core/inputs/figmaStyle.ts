/**
 * How a Figma node looks, in the words of CSS: colours, gradients, strokes, corners, shadows and type. What cannot be seen (an invisible
 * paint, a weight of 0) has no words.
 */
import {
  type Box,
  type FigmaEffect,
  type FigmaNode,
  type FigmaPaint,
  type FigmaTextStyle,
  numberOf,
  record,
  records,
  stringOf,
  type Table,
} from './figmaJson.ts';
import type { FigmaNames } from './figmaTree.ts';

/** Nothing a file says may begin a line of its own. */
export const oneLine = (text: string): string => text.replace(/[\n\r\v\f\u0085\u2028\u2029]+/g, ' ');

/** Two decimals at most. */
export const rounded = (value: number): string => String(Math.round(value * 100) / 100 + 0);

/** `#RRGGBB`, or `#RRGGBBAA` where it is not opaque. Figma's channels go from 0 to 1. */
export function colourOf(value: unknown, opacity = 1): string | undefined {
  const colour = record(value);
  const channels = [colour?.r, colour?.g, colour?.b].map(numberOf);
  if (channels.some((channel) => channel === undefined)) return undefined;
  const alpha = (numberOf(colour?.a) ?? 1) * opacity;
  const all = alpha < 1 ? [...channels, alpha] : channels;
  return `#${all.map((channel) => hexByte(channel ?? 0)).join('')}`;
}

const hexByte = (channel: number): string =>
  Math.round(Math.min(1, Math.max(0, channel)) * 255)
    .toString(16)
    .padStart(2, '0')
    .toUpperCase();

export const isShown = (paint: { readonly visible?: unknown; readonly opacity?: unknown }): boolean =>
  paint.visible !== false && paint.opacity !== 0;

export const hasShownPaint = (value: unknown): boolean => records<FigmaPaint>(value).some(isShown);

/** Each visible paint, the uppermost first, as in CSS. */
export function paintsOf(value: unknown, box: Box | undefined, names: FigmaNames): readonly string[] {
  return records<FigmaPaint>(value)
    .filter(isShown)
    .map((paint) => {
      const variable = names.variable(record(record(paint.boundVariables)?.color)?.id);
      const blend = blendOf(paint.blendMode);
      return [paintOf(paint, box), variable ? `(${variable})` : '', blend].filter(Boolean).join(' ');
    })
    .reverse();
}

function paintOf(paint: FigmaPaint, box: Box | undefined): string {
  const opacity = numberOf(paint.opacity) ?? 1;
  const type = stringOf(paint.type) ?? 'unknown';
  if (type === 'SOLID') return colourOf(paint.color, opacity) ?? 'a colour that is not given';
  if (type.startsWith('GRADIENT_')) return gradientOf(paint, type, opacity, box);
  if (type === 'IMAGE') {
    const fit = { FIT: 'contain', TILE: 'tiled', STRETCH: 'stretched or cropped' }[stringOf(paint.scaleMode) ?? ''] ?? 'cover';
    return `image placeholder (${fit}${opacity < 1 ? `, opacity ${rounded(opacity)}` : ''})`;
  }
  return `${type.toLowerCase().replaceAll('_', ' ')} fill`;
}

/** As CSS writes it: the handles are given in parts of the box, CSS wants an angle and places along its own line. */
function gradientOf(paint: FigmaPaint, type: string, opacity: number, box: Box | undefined): string {
  const [width, height] = [box?.width || 1, box?.height || 1];
  const [from, to, side] = records(paint.gradientHandlePositions).map((handle) => ({
    x: (numberOf(handle.x) ?? 0) * width,
    y: (numberOf(handle.y) ?? 0) * height,
  }));
  const stops = records(paint.gradientStops).map((stop) => ({
    colour: colourOf(stop.color, opacity) ?? 'unknown',
    at: numberOf(stop.position) ?? 0,
  }));
  const list = (place: (at: number) => number): string =>
    stops.map((stop) => `${stop.colour} ${rounded(place(stop.at) * 100)}%`).join(', ');
  if (!from || !to) return `${type.slice(9).toLowerCase()} gradient(${list((at) => at)})`;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const centre = `at ${rounded((from.x / width) * 100)}% ${rounded((from.y / height) * 100)}%`;
  const degrees = (Math.atan2(dy, dx) * 180) / Math.PI + 90;
  const angle = `${rounded((degrees + 360) % 360)}deg`;
  if (type === 'GRADIENT_ANGULAR') return `conic-gradient(from ${angle} ${centre}, ${list((at) => at)})`;
  if (type !== 'GRADIENT_LINEAR') {
    const radius = (point: { x: number; y: number } | undefined): string =>
      point ? `${rounded(Math.hypot(point.x - from.x, point.y - from.y))}px` : '100%';
    const shape = type === 'GRADIENT_DIAMOND' ? 'diamond gradient' : 'radial-gradient';
    return `${shape}(${radius(to)} ${radius(side)} ${centre}, ${list((at) => at)})`;
  }
  const radians = (degrees * Math.PI) / 180;
  const [ux, uy] = [Math.sin(radians), -Math.cos(radians)];
  const length = Math.abs(width * ux) + Math.abs(height * uy);
  const along = (at: number): number =>
    length === 0 ? at : ((from.x + dx * at - width / 2) * ux + (from.y + dy * at - height / 2) * uy) / length + 0.5;
  return `linear-gradient(${angle}, ${list(along)})`;
}

/** `stroke #D1D5DB 1px inside`; undefined when there is none to see. */
export function strokeOf(node: FigmaNode, box: Box | undefined, names: FigmaNames): string | undefined {
  const paints = paintsOf(node.strokes, box, names);
  const sides = record(node.individualStrokeWeights);
  const weight = numberOf(node.strokeWeight);
  const weights = sides
    ? ['top', 'right', 'bottom', 'left'].map((side) => numberOf(sides[side]) ?? 0)
    : weight === undefined
      ? []
      : [weight];
  if (paints.length === 0 || (weights.length > 0 && weights.every((one) => one === 0))) return undefined;
  const where = stringOf(node.strokeAlign)?.toLowerCase();
  const dashes = Array.isArray(node.strokeDashes) ? node.strokeDashes.flatMap((dash) => numberOf(dash) ?? []) : [];
  return [
    `stroke ${paints.join(', ')}`,
    sides ? `widths ${weights.map((one) => `${rounded(one)}px`).join(' ')}` : weights.map((one) => `${rounded(one)}px`).join(),
    where,
    dashes.length > 0 ? `dashed ${dashes.map(rounded).join(' ')}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** One number, or the four from the top left clockwise. */
export function radiusOf(node: FigmaNode): string | undefined {
  const corners = Array.isArray(node.rectangleCornerRadii) ? node.rectangleCornerRadii.flatMap((one) => numberOf(one) ?? []) : [];
  if (corners.length === 4 && corners.some((one) => one > 0)) {
    const isEven = corners.every((one) => one === corners[0]);
    return `radius ${isEven ? rounded(corners[0] ?? 0) : corners.map(rounded).join(' ')}`;
  }
  const radius = numberOf(node.cornerRadius) ?? 0;
  return radius > 0 && corners.length !== 4 ? `radius ${rounded(radius)}` : undefined;
}

export function effectsOf(value: unknown): readonly string[] {
  return records<FigmaEffect>(value)
    .filter((effect) => effect.visible !== false)
    .map((effect) => {
      const type = stringOf(effect.type) ?? 'INNER_SHADOW';
      const radius = rounded(numberOf(effect.radius) ?? 0);
      if (type === 'LAYER_BLUR') return `blur ${radius}px`;
      if (type === 'BACKGROUND_BLUR') return `background blur ${radius}px`;
      if (!type.endsWith('_SHADOW')) return `${type.toLowerCase()} effect`;
      const offset = record(effect.offset);
      const [x, y, spread] = [offset?.x, offset?.y, effect.spread].map((one) => `${rounded(numberOf(one) ?? 0)}px`);
      return `${type === 'DROP_SHADOW' ? 'shadow' : 'shadow inset'} ${x} ${y} ${radius}px ${spread} ${colourOf(effect.color) ?? ''}`.trimEnd();
    });
}

export function blendOf(mode: unknown): string | undefined {
  const name = stringOf(mode);
  return name === undefined || name === 'NORMAL' || name === 'PASS_THROUGH'
    ? undefined
    : `blend ${name.toLowerCase().replaceAll('_', '-')}`;
}

/** The font as CSS shortens it, and what goes with it: `600 16px/24px "Inter" letter-spacing -0.2px`. */
export function fontOf(style: FigmaTextStyle | undefined): string {
  if (!style) return '';
  const size = numberOf(style.fontSize);
  const lineHeight = numberOf(style.lineHeightPx);
  const spacing = numberOf(style.letterSpacing);
  const family = stringOf(style.fontFamily);
  const weight = numberOf(style.fontWeight);
  const cases: Table = { UPPER: 'uppercase', LOWER: 'lowercase', TITLE: 'capitalize', SMALL_CAPS: 'small-caps' };
  const decoration: Table = { UNDERLINE: 'underline', STRIKETHROUGH: 'line-through' };
  const height = size !== undefined && lineHeight ? `/${rounded(lineHeight)}px` : '';
  return [
    style.italic === true ? 'italic' : '',
    weight === undefined ? '' : rounded(weight),
    size === undefined ? '' : `${rounded(size)}px${height}`,
    family === undefined ? '' : JSON.stringify(family.slice(0, 80)),
    spacing && Math.abs(spacing) >= 0.005 ? `letter-spacing ${rounded(spacing)}px` : '',
    wordFor(cases, style.textCase),
    wordFor(decoration, style.textDecoration),
  ]
    .filter(Boolean)
    .join(' ');
}

export const wordFor = (words: Table, key: unknown): string =>
  typeof key === 'string' && Object.hasOwn(words, key) ? String(words[key]) : '';
