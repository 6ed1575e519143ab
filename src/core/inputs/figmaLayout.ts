/** Where a Figma layer lies and how it shares out its room, in the words of flexbox and grid. */
import { type Box, boxOf, type FigmaNode, numberOf, record, stringOf, type Table } from './figmaJson.ts';
import { rounded, wordFor } from './figmaStyle.ts';

/** `16,120 358×44`; what is not known is not said. */
export function placeOf(node: FigmaNode, origin: Box | undefined): string | undefined {
  const box = boxOf(node);
  if (!box) return undefined;
  const size = `${rounded(box.width)}×${rounded(box.height)}`;
  return origin ? `${rounded(box.x - origin.x)},${rounded(box.y - origin.y)} ${size}` : size;
}

const JUSTIFY: Table = { CENTER: 'justify center', MAX: 'justify end', SPACE_BETWEEN: 'justify space-between' };
const ALIGN: Table = { CENTER: 'align center', MAX: 'align end', BASELINE: 'align baseline' };
const DIRECTION: Table = { HORIZONTAL: 'row', VERTICAL: 'column', GRID: 'grid' };
const SCROLL: Table = {
  HORIZONTAL_SCROLLING: 'scrolls sideways',
  VERTICAL_SCROLLING: 'scrolls down',
  HORIZONTAL_AND_VERTICAL_SCROLLING: 'scrolls both ways',
};
const WIDTH: Table = { HUG: 'width hug', FILL: 'width fill' };
const HEIGHT: Table = { HUG: 'height hug', FILL: 'height fill' };
const ACROSS: Table = { RIGHT: 'right', CENTER: 'center', LEFT_RIGHT: 'left and right', SCALE: 'scales across' };
const DOWN: Table = { BOTTOM: 'bottom', CENTER: 'middle', TOP_BOTTOM: 'top and bottom', SCALE: 'scales down' };

/** How it lays out its children, and how it behaves in its parent's layout. */
export function layoutOf(node: FigmaNode, parent: FigmaNode | undefined): readonly (string | undefined)[] {
  return [ownLayout(node), wordFor(SCROLL, node.overflowDirection), inParent(node, parent), limitsOf(node)];
}

const hasAutoLayout = (node: FigmaNode | undefined): boolean => wordFor(DIRECTION, node?.layoutMode) !== '';

function ownLayout(node: FigmaNode): string | undefined {
  const direction = wordFor(DIRECTION, node.layoutMode);
  if (direction === '') return undefined;
  const isSpread = node.primaryAxisAlignItems === 'SPACE_BETWEEN';
  const isWrapped = node.layoutWrap === 'WRAP';
  const grid =
    direction === 'grid'
      ? [
          tracks('columns', node.gridColumnsSizing, node.gridColumnCount),
          tracks('rows', node.gridRowsSizing, node.gridRowCount),
          pixels('column gap', node.gridColumnGap),
          pixels('row gap', node.gridRowGap),
        ]
      : [
          isSpread ? '' : pixels('gap', node.itemSpacing),
          isWrapped ? ['wrap', pixels('row gap', node.counterAxisSpacing)].filter(Boolean).join(' ') : '',
          isWrapped && node.counterAxisAlignContent === 'SPACE_BETWEEN' ? 'lines space-between' : '',
        ];
  const reverse = node.itemReverseZIndex === true ? 'first on top' : '';
  return [
    direction,
    ...grid,
    paddingOf(node),
    wordFor(JUSTIFY, node.primaryAxisAlignItems),
    wordFor(ALIGN, node.counterAxisAlignItems),
    reverse,
  ]
    .filter(Boolean)
    .join(' ');
}

const tracks = (name: string, sizing: unknown, count: unknown): string => {
  const text = stringOf(sizing)?.replace(/\s+/g, ' ').slice(0, 200);
  const number = numberOf(count);
  return text ? `${name} ${text}` : number === undefined ? '' : `${name} ${number}`;
};

const pixels = (name: string, value: unknown): string => {
  const number = numberOf(value) ?? 0;
  return number === 0 ? '' : `${name} ${rounded(number)}`;
};

/** As CSS shortens it. */
function paddingOf(node: FigmaNode): string {
  const [top = 0, right = 0, bottom = 0, left = 0] = [
    node.paddingTop,
    node.paddingRight,
    node.paddingBottom,
    node.paddingLeft,
  ].map((value) => numberOf(value) ?? 0);
  if (top === 0 && right === 0 && bottom === 0 && left === 0) return '';
  const sides =
    left !== right ? [top, right, bottom, left] : top !== bottom ? [top, right, bottom] : top !== right ? [top, right] : [top];
  return `padding ${sides.map(rounded).join(' ')}`;
}

function inParent(node: FigmaNode, parent: FigmaNode | undefined): string | undefined {
  const sizing = [wordFor(WIDTH, node.layoutSizingHorizontal), wordFor(HEIGHT, node.layoutSizingVertical)];
  if (!parent) return sizing.filter((word) => word.endsWith('hug')).join(' ');
  if (!hasAutoLayout(parent) || node.layoutPositioning === 'ABSOLUTE') {
    const absolute = hasAutoLayout(parent) ? 'absolute' : '';
    return [absolute, constraintsOf(node), ...sizing.filter((word) => word.endsWith('hug'))].filter(Boolean).join(' ');
  }
  const isOld = node.layoutSizingHorizontal === undefined && node.layoutSizingVertical === undefined;
  const old = isOld ? [numberOf(node.layoutGrow) ? 'grow' : '', node.layoutAlign === 'STRETCH' ? 'stretch' : ''] : [];
  const spans = [pixelsBeyondOne('column span', node.gridColumnSpan), pixelsBeyondOne('row span', node.gridRowSpan)];
  const isFixed =
    node.scrollBehavior === 'FIXED' ? 'stays while scrolling' : node.scrollBehavior === 'STICKY_SCROLLS' ? 'sticky' : '';
  return [...sizing, ...old, ...spans, isFixed].filter(Boolean).join(' ');
}

const pixelsBeyondOne = (name: string, value: unknown): string =>
  (numberOf(value) ?? 1) > 1 ? `${name} ${rounded(numberOf(value) ?? 1)}` : '';

/** What it keeps its distance to when its parent grows; left and top are what everybody expects. */
function constraintsOf(node: FigmaNode): string {
  const constraints = record(node.constraints);
  const words = [wordFor(ACROSS, constraints?.horizontal), wordFor(DOWN, constraints?.vertical)].filter(Boolean);
  return words.length > 0 ? `pinned ${words.join(', ')}` : '';
}

const limitsOf = (node: FigmaNode): string =>
  [
    pixels('min-width', node.minWidth),
    pixels('max-width', node.maxWidth),
    pixels('min-height', node.minHeight),
    pixels('max-height', node.maxHeight),
  ]
    .filter(Boolean)
    .join(' ');
