/**
 * Digits of an SVG that nobody sees. Only plain coordinates are rounded, and only where a unit is the drawing's own: a digit more or less
 * in a factor, an offset or an opacity is seen. Paths of relative commands keep theirs, for what is rounded off would add up.
 */
import type { SvgAttribute, SvgElement, SvgNode } from './svgNodes.ts';

/** So many that a step is at most a thousandth of the drawing, and two where nothing says how large it is. */
export const decimalsFor = (unitsAcross: number | undefined): number =>
  unitsAcross === undefined ? 2 : Math.min(12, Math.max(2, 3 - Math.floor(Math.log10(unitsAcross))));

/** True for an element in which a unit is more than one of the drawing's own, or is something else. */
export function hasOwnScale({ name, attributes }: SvgElement): boolean {
  return (
    OWN_UNITS.test(name) ||
    attributes.some(({ name: field, value }) =>
      /transform$/i.test(field)
        ? /matrix|scale|skew/i.test(value)
        : field === 'style'
          ? /transform|zoom|scale/i.test(value)
          : /Units$/.test(field) || field === 'viewBox',
    )
  );
}

/** Gradients, filters and the like, and what is drawn at the size of its use. */
const OWN_UNITS =
  /^(?:[^:]+:)?(?:svg|symbol|marker|pattern|mask|clipPath|foreignObject|filter|fe[A-Z]\w*|animate\w*|set|\w+Gradient|stop|font\w*|glyph)$/;

/** Ids of what other elements draw, each at a scale that may be its own. */
export const drawnElsewhere = (nodes: readonly SvgNode[]): ReadonlySet<string> =>
  new Set(
    nodes
      .flatMap((node) => (node.kind === 'element' ? node.attributes : []))
      .flatMap(({ name, value }) => (/(?:^|:)href$/.test(name) && value.startsWith('#') ? value.slice(1) : [])),
  );

const LENGTHS = new Set('x y width height cx cy r rx ry x1 y1 x2 y2 dx dy points'.split(' '));

/** The same value with no more decimals than that; as it is where it is no plain coordinate. */
export function roundedValue({ name, value }: SvgAttribute, decimals: number): string {
  if (name === 'd' ? !/^[\s\d.,+eEMLHVCSQTZz-]*$/.test(value) : !LENGTHS.has(name)) return value;
  return value.replace(NUMBER, (number: string, integer: string, at: number) => {
    const isCut = /^\d/.test(number) && /\d/.test(value[at - 1] ?? ''); // of more digits than a number has
    if (isCut || number.length - integer.length - 1 <= decimals) return number;
    const rounded = String(Number(Number(number).toFixed(decimals)));
    const short = number.startsWith('.') || number.startsWith('-.') ? rounded.replace(/^(-?)0\./, '$1.') : rounded;
    // Numbers may stand without a space between: `1.5.25` is two of them, and has to remain two.
    const before = /[\d.]/.test(value[at - 1] ?? '') && /^\d/.test(short) ? ' ' : '';
    const after = value[at + number.length] === '.' && !short.includes('.') ? ' ' : '';
    return before + short + after;
  });
}

/** Without those that have an exponent. */
const NUMBER = /(-?\d{0,15})\.\d+(?![\deE])/g;
