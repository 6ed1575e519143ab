/**
 * An SVG design without what no model needs: comments, metadata, what editors keep for themselves, scripts, hidden elements, embedded
 * pictures, and digits that nobody sees. Everything else stays as it is, byte for byte: texts, ids, classes, styles and groups carry the
 * design's meaning. It is read once from end to end, so that a drawing of any size is shortened by the same rules.
 */
import { withoutData } from './dataUris.ts';
import { markupStart, Shortened } from './markup.ts';
import { leftOutPhrases, MAX_TEXT_BYTES, megabytes, type Piece, textPiece } from './piece.ts';
import { TaskProblem } from './problem.ts';
import { attributeOf, readSvgNodes, type SvgElement, type SvgNode, SvgProblem } from './svgNodes.ts';
import { decimalsFor, drawnElsewhere, hasOwnScale, roundedValue } from './svgNumbers.ts';

/** Markup beyond this, without its embedded pictures, would hold up the editor, and seldom becomes short enough to be sent. */
const MAX_SVG_BYTES = 3 * MAX_TEXT_BYTES;

/** True for a document whose first element is `svg`, or will be, whatever prolog, doctype and comments come before it. */
export const isSvg = (text: string): boolean => {
  const start = markupStart(text);
  return /^<(?:(?:[\w-]{1,20}:)?svg[\s>/]|!doctype\s+svg\b)/i.test(text.slice(start, start + 30));
};

/** Throws {@link TaskProblem} where it is no SVG that can be read. */
export function readSvg(name: string, text: string): Piece {
  const plain = withoutData(text);
  const bytes = Buffer.byteLength(plain.text);
  if (bytes > MAX_SVG_BYTES) {
    throw new TaskProblem(
      `${name} is ${megabytes(bytes)} MB of SVG; up to ${megabytes(MAX_SVG_BYTES)} MB can be read. Export the frame that matters.`,
    );
  }
  let nodes: readonly SvgNode[];
  try {
    nodes = readSvgNodes(plain.text);
  } catch (error) {
    if (!(error instanceof SvgProblem)) throw error;
    throw new TaskProblem(`${name} is not an SVG that can be read: ${error.message}. Export it again, or the part that matters.`);
  }
  const frame = frameOf(nodes);
  const decimals = decimalsFor(frame?.unitsAcross);
  const { svg, counts, isRounded } = shortened(plain.text, nodes, decimals);
  const digits = isRounded ? [`digits beyond the ${ORDINALS[decimals] ?? `${decimals}th`}`] : [];
  return textPiece(svg, {
    kind: 'svg',
    name,
    language: 'svg',
    ...(frame?.size ? { frame: frame.size } : {}),
    ...(svg === text ? {} : { originalBytes: Buffer.byteLength(text) }),
    leftOut: [...leftOutPhrases(counts, PLURALS), ...plain.leftOut, ...digits],
  });
}

const ORDINALS: readonly string[] = ['', 'first', 'second', 'third'];
const PLURALS = { 'element of metadata': 'elements of metadata', 'field of drawing tools': 'fields of drawing tools' };

interface Counts {
  comment: number;
  'element of metadata': number;
  'field of drawing tools': number;
  script: number;
  'hidden element': number;
  [noun: string]: number;
}

function shortened(text: string, nodes: readonly SvgNode[], decimals: number) {
  const svg = new Shortened(text);
  const counts: Counts = {
    comment: 0,
    'element of metadata': 0,
    'field of drawing tools': 0,
    script: 0,
    'hidden element': 0,
  };
  const foreign = foreignPrefixes(nodes);
  const canHide = hidingRule(text, nodes);
  const elsewhere = drawnElsewhere(nodes);
  let isRounded = false;
  /** Behind what is left out with all that is in it, and behind what has units of its own. */
  let leftOutUntil = 0;
  let ownScaleUntil = /transform|scale|zoom/.test(styleSheetsOf(text, nodes)) ? text.length : 0;
  for (const node of nodes) {
    if (node.start < leftOutUntil) continue;
    const noun = reasonToLeaveOut(node, foreign, canHide);
    if (noun !== undefined) {
      svg.leaveOut(node.start, node.end);
      leftOutUntil = node.end;
      if (noun !== '') counts[noun] = (counts[noun] ?? 0) + (node.kind === 'element' ? node.elements : 1);
    } else if (node.kind === 'element') {
      const isScaled = hasOwnScale(node) || elsewhere.has(attributeOf(node, 'id') ?? '');
      if (node.depth > 0 && isScaled) ownScaleUntil = Math.max(ownScaleUntil, node.end);
      for (const attribute of node.attributes) {
        const prefix = prefixOf(attribute.name);
        if (foreign.has(prefix === 'xmlns' ? attribute.name.slice(6) : prefix)) {
          svg.replace(attribute.start, attribute.end, '');
          if (prefix !== 'xmlns') counts['field of drawing tools']++;
        } else if (node.start >= ownScaleUntil && node.depth > 0) {
          const value = roundedValue(attribute, decimals);
          if (value === attribute.value) continue;
          svg.replace(attribute.end - attribute.value.length - 1, attribute.end - 1, value);
          isRounded = true;
        }
      }
    }
  }
  return { svg: svg.text, counts, isRounded };
}

/** What it is counted as; empty for what says nothing of the drawing at all. */
function reasonToLeaveOut(
  node: SvgNode,
  foreign: ReadonlySet<string>,
  canHide: (element: SvgElement) => boolean,
): (keyof Counts & string) | '' | undefined {
  if (node.kind === 'comment') return node.isKept ? undefined : 'comment';
  if (node.kind === 'prolog') return '';
  const name = node.name.replace(/^[^:]+:/, '');
  if (name === 'metadata' || foreign.has(prefixOf(node.name))) return 'element of metadata';
  if (name === 'script') return 'script';
  return node.depth > 0 && canHide(node) ? 'hidden element' : undefined;
}

const prefixOf = (name: string): string => /^([^:]+):/.exec(name)?.[1] ?? '';

/** Prefixes of namespaces that no browser draws anything of: what they hold is a drawing program's own. */
function foreignPrefixes(nodes: readonly SvgNode[]): ReadonlySet<string> {
  const declared = nodes
    .flatMap((node) => (node.kind === 'element' ? node.attributes : []))
    .flatMap(({ name, value }) => (name.startsWith('xmlns:') ? [{ prefix: name.slice(6), value }] : []));
  const isDrawn = ({ prefix, value }: (typeof declared)[number]): boolean =>
    DRAWN_PREFIX.test(prefix) || DRAWN_NAMESPACE.test(value);
  const drawn = new Set(declared.filter(isDrawn).map(({ prefix }) => prefix));
  return new Set(declared.flatMap(({ prefix }) => (drawn.has(prefix) ? [] : prefix)));
}

/** Some declare these by an entity, so the names count as well. */
const DRAWN_PREFIX = /^(?:svg|xlink|xhtml|html|xml)$/i;
const DRAWN_NAMESPACE = /^https?:\/\/www\.w3\.org\/(?:2000\/svg|1999\/(?:xlink|xhtml)|1998\/Math\/MathML|XML\/1998\/namespace)/;

/**
 * Hidden is what says `display: none` itself, where no style sheet speaks of what is displayed or counts elements, nothing animates it,
 * and no other element uses it or what is in it.
 */
function hidingRule(text: string, nodes: readonly SvgNode[]): (element: SvgElement) => boolean {
  const isStyled = /display|:(?:nth|first|last|only)-/.test(styleSheetsOf(text, nodes));
  const used = new Set(
    [...text.matchAll(/#([^\s"'#()<>;,]+)|\bbegin\s*=\s*["']([^"'.]+)\./g)].map(([, id, begin]) => id ?? begin),
  );
  return (element) => {
    const styles = (attributeOf(element, 'style') ?? '').matchAll(/(?:^|;)\s*display\s*:\s*([\w-]+)/gi);
    const display = [...styles].at(-1)?.[1] ?? attributeOf(element, 'display')?.trim();
    if (isStyled || display?.toLowerCase() !== 'none') return false;
    const source = text.slice(element.start, element.end);
    const ids = [...source.matchAll(/\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, double, single]) => double ?? single);
    return !/attributeName\s*=\s*["']display/.test(source) && !ids.some((id) => used.has(id));
  };
}

const styleSheetsOf = (text: string, nodes: readonly SvgNode[]): string =>
  nodes
    .flatMap((node) => (node.kind === 'element' && /(?:^|:)style$/.test(node.name) ? text.slice(node.start, node.end) : []))
    .join('');

interface Frame {
  readonly size?: { readonly width: number; readonly height: number };
  /** The longer side in the drawing's own units, the shorter of one that may be stretched; absent when nothing says so. */
  readonly unitsAcross?: number;
}

/** Its width and height, else its view box; of one side alone the other follows from the view box. */
function frameOf(nodes: readonly SvgNode[]): Frame | undefined {
  const svg = nodes.find((node) => node.kind === 'element');
  if (!svg) return undefined;
  const box = (attributeOf(svg, 'viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , boxWidth = 0, boxHeight = 0] = box.length === 4 && box.every(Number.isFinite) ? box : [];
  const isBoxed = boxWidth > 0 && boxHeight > 0;
  const [width, height] = [pixelsOf(attributeOf(svg, 'width')), pixelsOf(attributeOf(svg, 'height'))];
  const across = isBoxed ? boxWidth / boxHeight : undefined;
  const size = {
    width: Math.round(width ?? (height !== undefined && across ? height * across : boxWidth)),
    height: Math.round(height ?? (width !== undefined && across ? width / across : boxHeight)),
  };
  const isStretched = /\bnone\b/.test(attributeOf(svg, 'preserveAspectRatio') ?? '');
  const unitsAcross = isBoxed ? Math[isStretched ? 'min' : 'max'](boxWidth, boxHeight) : Math.max(width ?? 0, height ?? 0);
  return {
    ...(size.width > 0 && size.height > 0 && Number.isFinite(size.width * size.height) ? { size } : {}),
    ...(unitsAcross > 0 ? { unitsAcross } : {}),
  };
}

/** Lengths as CSS fixes them; parts of something else are none. */
const PIXELS: Readonly<Record<string, number>> = { '': 1, px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 96 / 2.54, mm: 9.6 / 2.54 };

function pixelsOf(text: string | undefined): number | undefined {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)([a-z]{0,2})\s*$/i.exec(text ?? '') ?? [];
  const perUnit = Object.hasOwn(PIXELS, unit.toLowerCase()) ? PIXELS[unit.toLowerCase()] : undefined;
  return number === undefined || perUnit === undefined ? undefined : Number(number) * perUnit;
}
