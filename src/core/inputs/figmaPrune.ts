/**
 * What of a Figma tree is not worth a model's attention, by stated rules, each of them counted: nothing is left out in silence.
 */
import { type Box, boxOf, childrenOf, type FigmaNode, numberOf, record, records, stringOf, type Table } from './figmaJson.ts';
import { colourOf, hasShownPaint, isShown } from './figmaStyle.ts';

/** How often each rule took something away, or put it shorter. */
export interface Tally {
  hidden: number;
  outside: number;
  sizeless: number;
  emptyTexts: number;
  slices: number;
  paths: number;
  icons: number;
  drawings: number;
  wrappers: number;
  defaults: number;
  nonVisual: number;
  sharedFonts: number;
  fonts: number;
  links: number;
}

export const newTally = (): Tally => ({
  hidden: 0,
  outside: 0,
  sizeless: 0,
  emptyTexts: 0,
  slices: 0,
  paths: 0,
  icons: 0,
  drawings: 0,
  wrappers: 0,
  defaults: 0,
  nonVisual: 0,
  sharedFonts: 0,
  fonts: 0,
  links: 0,
});

/** One phrase for each rule that was used: `214 hidden layers`. */
export function leftOutOf(tally: Tally): readonly string[] {
  const drawn = [counted(tally.icons, 'icon'), counted(tally.drawings, 'drawing')].filter(Boolean).join(' and ');
  const paths = counted(tally.paths, 'vector path');
  const fonts = counted(tally.sharedFonts, 'repeated text style');
  return [
    counted(tally.hidden, 'hidden layer'),
    counted(tally.outside, 'layer outside the frame', 'layers outside the frame'),
    counted(tally.sizeless, 'layer without size', 'layers without size'),
    counted(tally.emptyTexts, 'empty text'),
    counted(tally.slices, 'export slice'),
    paths && `${paths} (as ${drawn})`,
    counted(tally.wrappers, 'group that only wraps', 'groups that only wrap'),
    fonts && `${fonts} (as ${tally.fonts.toLocaleString('en-US')} shared)`,
    counted(tally.defaults, 'value at its default', 'values at their default'),
    counted(tally.nonVisual, 'non-visual field'),
    counted(tally.links, 'link that expires', 'links that expire'),
  ].filter((phrase) => phrase !== '');
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  count === 0 ? '' : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** The children that can be seen, and the part of the canvas in which they can. */
export function shownChildren(node: FigmaNode, clip: Box | undefined, tally: Tally): readonly FigmaNode[] {
  return childrenOf(node).filter((child) => {
    const rule = hiddenBy(child, clip);
    if (rule) tally[rule] += layersIn(child);
    return rule === undefined;
  });
}

function hiddenBy(
  node: FigmaNode,
  clip: Box | undefined,
): 'hidden' | 'outside' | 'sizeless' | 'emptyTexts' | 'slices' | undefined {
  if (!isShown(node)) return 'hidden';
  if (node.type === 'SLICE') return 'slices';
  if (node.type === 'TEXT' && node.characters === '') return 'emptyTexts';
  const box = boxOf(node);
  if (!box) return undefined;
  const isFlat = box.width === 0 || box.height === 0;
  const isPoint = box.width === 0 && box.height === 0;
  const isEmpty = isPoint || (isFlat && !hasShownPaint(node.strokes));
  if (isEmpty && childrenOf(node).length === 0 && node.type !== 'TEXT') return 'sizeless';
  return clip && isOutside(node, clip) ? 'outside' : undefined;
}

/** It and all that sticks out of it. What does not say where it is may be anywhere. */
function isOutside(node: FigmaNode, clip: Box): boolean {
  const box = boxOf(node);
  if (!box || overlap(box, clip)) return false;
  return node.clipsContent === true || childrenOf(node).every((child) => isOutside(child, clip));
}

/** What remains to be seen of a node's children: less, where it cuts off what sticks out and does not scroll. */
export function clipBelow(node: FigmaNode, clip: Box | undefined, isRoot: boolean): Box | undefined {
  const scrolls = typeof node.overflowDirection === 'string' && node.overflowDirection !== 'NONE';
  const box = boxOf(node);
  if (scrolls) return undefined;
  if (!box || !(node.clipsContent === true || (isRoot && node.clipsContent !== false))) return clip;
  if (!clip) return box;
  const [x, y] = [Math.max(box.x, clip.x), Math.max(box.y, clip.y)];
  const [right, bottom] = [Math.min(box.x + box.width, clip.x + clip.width), Math.min(box.y + box.height, clip.y + clip.height)];
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

const overlap = (a: Box, b: Box): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

/** The node and everything below it. */
function layersIn(node: FigmaNode): number {
  const waiting = [node];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    count++;
    for (const child of childrenOf(next)) waiting.push(child);
  }
  return count;
}

const PATHS = new Set(['VECTOR', 'BOOLEAN_OPERATION', 'STAR', 'REGULAR_POLYGON']);
const SHAPES = new Set(['ELLIPSE', 'LINE', 'RECTANGLE']);
const WRAPPERS = new Set(['FRAME', 'GROUP', 'INSTANCE', 'COMPONENT']);
/** The longest side of what is called an icon, in pixels. */
const ICON_SIZE = 64;

/** A group of vectors and nothing else: what one line says as well. */
export interface Drawing {
  readonly kind: 'icon' | 'drawing';
  readonly paths: number;
  /** Layers in it that cannot be seen. */
  readonly hidden: number;
  /** At most three, the first ones. */
  readonly colours: readonly string[];
}

/** Undefined for what holds text, pictures, a background of its own, several things in a row, or more plain shapes than paths. */
export function drawingOf(node: FigmaNode): Drawing | undefined {
  const found: Found = { paths: 0, shapes: 0, hidden: 0, colours: new Set<string>() };
  if (!isDrawn(node, found) || found.paths === 0) return undefined;
  const isIcon = isIconSized(node);
  if (!isIcon && found.shapes > found.paths) return undefined;
  const colours = [...found.colours].slice(0, 3);
  return { kind: isIcon ? 'icon' : 'drawing', paths: found.paths + found.shapes, hidden: found.hidden, colours };
}

function isIconSized(node: FigmaNode): boolean {
  const box = boxOf(node);
  return box !== undefined && Math.max(box.width, box.height) <= ICON_SIZE;
}

/** Several things side by side, such as a row of icons: each of them is worth a line. */
const isRow = (node: FigmaNode, children: readonly FigmaNode[]): boolean =>
  children.length > 1 &&
  !isIconSized(node) &&
  (['HORIZONTAL', 'VERTICAL', 'GRID'].includes(String(node.layoutMode)) ||
    children.filter((child) => child.type !== 'GROUP' && WRAPPERS.has(stringOf(child.type) ?? '')).length > 1);

interface Found {
  paths: number;
  shapes: number;
  hidden: number;
  readonly colours: Set<string>;
}

function isDrawn(node: FigmaNode, found: Found): boolean {
  const type = stringOf(node.type) ?? '';
  const paints = [...records(node.fills), ...records(node.strokes)].filter(isShown);
  if (paints.some((paint) => paint.type === 'IMAGE' || paint.type === 'PATTERN')) return false;
  if (WRAPPERS.has(type)) {
    const below = childrenOf(node).filter(isShown);
    for (const child of childrenOf(node)) if (!isShown(child)) found.hidden += layersIn(child);
    if (isRow(node, below)) return false;
    return (
      paints.length === 0 &&
      records(node.effects).length === 0 &&
      below.length > 0 &&
      below.every((child) => isDrawn(child, found))
    );
  }
  if (!PATHS.has(type) && !SHAPES.has(type)) return false;
  if (PATHS.has(type)) found.paths++;
  else found.shapes++;
  for (const paint of paints) {
    const colour = colourOf(paint.color, numberOf(paint.opacity) ?? 1);
    if (colour) found.colours.add(colour);
  }
  // The parts of a united shape are paths too, whatever their own colours.
  if (type === 'BOOLEAN_OPERATION') found.paths += Math.max(0, layersIn(node) - 2);
  return true;
}

/** A group that says nothing but that its one child is in it. */
export function isPlainWrapper(node: FigmaNode, children: readonly FigmaNode[]): boolean {
  const isBare = !hasShownPaint(node.fills) && !hasShownPaint(node.strokes) && records(node.effects).length === 0;
  const opacity = numberOf(node.opacity) ?? 1;
  return node.type === 'GROUP' && children.length === 1 && isBare && opacity === 1 && children[0]?.isMask !== true;
}

/** `Frame 427`, `Rectangle 3`: a name that Figma gave. */
export const isGivenName = (name: string): boolean =>
  /^(?:frame|group|rectangle|ellipse|line|vector|polygon|star|union|subtract|intersect|exclude|component|section|image|text)(?: \d+)?$/i.test(
    name,
  );

const DEFAULTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  visible: (value) => value === true,
  opacity: (value) => value === 1,
  rotation: (value) => value === 0,
  blendMode: (value) => value === 'NORMAL' || value === 'PASS_THROUGH',
  layoutMode: (value) => value === 'NONE',
  layoutAlign: (value) => value === 'INHERIT',
  layoutGrow: (value) => value === 0,
  layoutWrap: (value) => value === 'NO_WRAP',
  layoutPositioning: (value) => value === 'AUTO',
  layoutSizingHorizontal: (value) => value === 'FIXED',
  layoutSizingVertical: (value) => value === 'FIXED',
  primaryAxisAlignItems: (value) => value === 'MIN',
  counterAxisAlignItems: (value) => value === 'MIN',
  itemSpacing: (value) => value === 0,
  paddingLeft: (value) => value === 0,
  paddingRight: (value) => value === 0,
  paddingTop: (value) => value === 0,
  paddingBottom: (value) => value === 0,
  cornerRadius: (value) => value === 0,
  fills: (value) => Array.isArray(value) && value.length === 0,
  strokes: (value) => Array.isArray(value) && value.length === 0,
  effects: (value) => Array.isArray(value) && value.length === 0,
  strokeWeight: (value) => value === 0,
  constraints: (value) => record(value)?.horizontal === 'LEFT' && record(value)?.vertical === 'TOP',
};

/** Prototyping, exporting, and what plugins and tools keep: no picture shows it. */
const NOT_VISUAL = new Set([
  ...['interactions', 'transitionNodeID', 'transitionDuration', 'transitionEasing', 'scrollBehavior', 'exportSettings', 'locked'],
  ...['pluginData', 'sharedPluginData', 'layoutGrids', 'devStatus', 'annotations', 'componentPropertyReferences', 'overrides'],
  ...['background', 'backgroundColor', 'absoluteRenderBounds', 'strokeMiterAngle', 'layoutVersion', 'explicitVariableModes'],
  ...[
    'fillGeometry',
    'strokeGeometry',
    'relativeTransform',
    'preserveRatio',
    'cornerSmoothing',
    'isExposedInstance',
    'exposedInstances',
  ],
]);

/** Counts what a node carries and its description does not need. */
export function countPlainFields(node: FigmaNode, tally: Tally): void {
  for (const [key, value] of Object.entries(node as Table)) {
    if (NOT_VISUAL.has(key)) tally.nonVisual++;
    else if (Object.hasOwn(DEFAULTS, key) && DEFAULTS[key]?.(value)) tally.defaults++;
  }
}
