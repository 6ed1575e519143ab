/**
 * One Figma frame in words that a model reads well: a line for each layer, indented as it is nested, placed from the frame's own corner,
 * looks in the words of CSS, text as it stands.
 */
import { type Box, boxOf, type FigmaNode, numberOf, record, records, stringOf } from './figmaJson.ts';
import { layoutOf, placeOf } from './figmaLayout.ts';
import {
  clipBelow,
  countPlainFields,
  drawingOf,
  isGivenName,
  isPlainWrapper,
  newTally,
  shownChildren,
  type Tally,
} from './figmaPrune.ts';
import { blendOf, effectsOf, oneLine, paintsOf, radiusOf, rounded, strokeOf } from './figmaStyle.ts';
import { type FigmaText, textLines, textOf } from './figmaText.ts';
import { type FigmaNames, nameOf, sizeOf } from './figmaTree.ts';

export interface Description {
  readonly text: string;
  /** CSS pixels; absent when the JSON does not say. */
  readonly frame?: { readonly width: number; readonly height: number };
  readonly tally: Tally;
}

interface Line {
  readonly depth: number;
  readonly words: readonly (string | undefined)[];
  readonly text?: FigmaText;
}

interface Work {
  readonly names: FigmaNames;
  readonly origin: Box | undefined;
  readonly tally: Tally;
  readonly lines: Line[];
}

/** A text style that is used this often is named once, above. */
const SHARED_FROM = 3;

export function describeFrame(root: FigmaNode, names: FigmaNames): Description {
  const origin = boxOf(root);
  const tally = newTally();
  const work: Work = { names, origin, tally, lines: [] };
  describe(root, undefined, 0, undefined, work);
  const fonts = sharedFonts(work.lines, tally);
  const size = origin ? `${rounded(origin.width)}×${rounded(origin.height)} px` : 'of unknown size';
  const head = [
    `Figma ${wordForType(root)} ${JSON.stringify(nameOf(root))}, ${size}.`,
    'One layer a line, nested as indented: kind, "name", x,y from the top left corner of the whole frame, width×height (px), looks.',
    'Later siblings lie above earlier ones. What follows "text:" or stands behind "|" is the text itself, to be used as it is.',
    ...(fonts.size > 0
      ? ['', 'Shared text styles:', ...[...fonts].map(([font, { id, name }]) => `${id} = ${font}${name ? ` (${name})` : ''}`)]
      : []),
    '',
  ];
  const body = work.lines.flatMap(({ depth, words, text }) => {
    const indent = '  '.repeat(depth);
    const font = text && (fonts.get(text.font)?.id ?? text.font);
    const line = indent + oneLine([...words, font, ...(text?.looks ?? [])].filter(Boolean).join(' · '));
    return text ? textLines(line, indent, text) : [line];
  });
  return { text: [...head, ...body].join('\n'), tally, ...(origin ? { frame: sizeOf(origin) } : {}) };
}

function describe(node: FigmaNode, parent: FigmaNode | undefined, depth: number, clip: Box | undefined, work: Work): void {
  const { names, origin, tally } = work;
  const below = clipBelow(node, clip, parent === undefined);
  countPlainFields(node, tally);
  const drawing = parent && drawingOf(node);
  const name = ownName(node, tally);
  if (drawing) {
    tally.paths += drawing.paths;
    tally.hidden += drawing.hidden;
    tally[drawing.kind === 'icon' ? 'icons' : 'drawings']++;
    const component = names.component(node.componentId);
    const words = [
      [drawing.kind, name ?? (component && JSON.stringify(component)), placeOf(node, origin)].filter(Boolean).join(' '),
      drawing.colours.join(' '),
      ...commonLooks(node),
    ];
    work.lines.push({ depth, words: [...words, ...layoutOf(node, parent)] });
    return;
  }
  const children = shownChildren(node, below, tally);
  if (parent && isPlainWrapper(node, children)) {
    tally.wrappers++;
    for (const child of children) describe(child, parent, depth, below, work);
    return;
  }
  const text = textOf(node, names);
  const head = [wordForType(node), name, placeOf(node, origin)].filter(Boolean).join(' ');
  const looks = [
    componentOf(node, names),
    ...layoutOf(node, parent),
    ...(text ? [] : paintLooks(node, names)),
    ...commonLooks(node),
    variablesOf(node, names),
  ];
  work.lines.push({ depth, words: [head, ...looks], ...(text ? { text } : {}) });
  for (const child of children) describe(child, node, depth + 1, below, work);
}

const wordForType = (node: FigmaNode): string => (stringOf(node.type) ?? 'layer').toLowerCase().replaceAll('_', ' ').slice(0, 40);

/** A name that a person gave; texts are named by what they say. */
function ownName(node: FigmaNode, tally: Tally): string | undefined {
  const name = nameOf(node, '');
  if (name === '' || (node.type === 'TEXT' && typeof node.characters === 'string')) return undefined;
  if (!isGivenName(name)) return JSON.stringify(name);
  tally.defaults++;
  return undefined;
}

function paintLooks(node: FigmaNode, names: FigmaNames): readonly (string | undefined)[] {
  const box = boxOf(node);
  const styles = record(node.styles);
  const fills = paintsOf(node.fills ?? node.background, box, names);
  const fillStyle = names.style(styles?.fill ?? styles?.fills);
  const stroke = strokeOf(node, box, names);
  const strokeStyle = names.style(styles?.stroke ?? styles?.strokes);
  return [
    fills.length > 0 ? `fill ${fills.join(', ')}${fillStyle ? ` (${fillStyle})` : ''}` : undefined,
    stroke && `${stroke}${strokeStyle ? ` (${strokeStyle})` : ''}`,
    radiusOf(node),
  ];
}

function commonLooks(node: FigmaNode): readonly (string | undefined)[] {
  const opacity = numberOf(node.opacity) ?? 1;
  // Figma's API turns clockwise, in radians, as CSS does in degrees.
  const degrees = ((numberOf(node.rotation) ?? 0) * 180) / Math.PI;
  return [
    ...effectsOf(node.effects),
    opacity < 1 ? `opacity ${rounded(opacity)}` : undefined,
    Math.abs(degrees) >= 0.05 ? `rotate ${rounded(degrees)}deg (the size is that of the box around it)` : undefined,
    blendOf(node.blendMode),
    node.isMask === true ? 'mask for the layers after it' : undefined,
  ];
}

/** `of "Button" (Size=Large, Label="Buy")`: which component it is, and how it is set. */
function componentOf(node: FigmaNode, names: FigmaNames): string | undefined {
  const component = names.component(node.componentId);
  const properties = Object.entries(record(node.componentProperties) ?? {}).flatMap(([key, given]) => {
    const property = record(given);
    const value = property?.value;
    const shown = property?.type === 'INSTANCE_SWAP' ? names.component(value) : value;
    if (typeof shown !== 'string' && typeof shown !== 'boolean') return [];
    const name = key.replace(/#[\d:]+$/, '').replace(/\s+/g, ' ');
    return `${name}=${property?.type === 'VARIANT' || typeof shown === 'boolean' ? shown : JSON.stringify(shown)}`;
  });
  if (!component && properties.length === 0) return undefined;
  return [component ? `of ${JSON.stringify(component)}` : '', properties.length > 0 ? `(${properties.join(', ')})` : '']
    .filter(Boolean)
    .join(' ');
}

/** Names of the variables that values come from, where the JSON has their names. */
function variablesOf(node: FigmaNode, names: FigmaNames): string | undefined {
  const bound = Object.entries(record(node.boundVariables) ?? {}).flatMap(([field, given]) => {
    const direct = names.variable(record(given)?.id);
    const inner = direct ? [] : [...records(given), ...Object.values(record(given) ?? {})];
    const found = direct ? [direct] : inner.flatMap((alias) => names.variable(record(alias)?.id) ?? []);
    return found.length > 0 ? `${field}=${[...new Set(found)].join(', ')}` : [];
  });
  return bound.length > 0 ? `variables ${bound.join('; ')}` : undefined;
}

function sharedFonts(lines: readonly Line[], tally: Tally): Map<string, { readonly id: string; readonly name?: string }> {
  const uses = new Map<string, { count: number; name?: string }>();
  for (const { text } of lines) {
    if (!text?.font) continue;
    const use = uses.get(text.font) ?? { count: 0 };
    uses.set(text.font, {
      count: use.count + 1,
      ...(use.name || text.styleName ? { name: use.name ?? text.styleName ?? '' } : {}),
    });
  }
  const shared = [...uses].filter(([, { count }]) => count >= SHARED_FROM);
  tally.fonts = shared.length;
  tally.sharedFonts = shared.reduce((sum, [, { count }]) => sum + count, 0);
  return new Map(shared.map(([font, { name }], index) => [font, { id: `T${index + 1}`, ...(name ? { name } : {}) }]));
}
