/**
 * The simplified tree of the Framelink MCP server: layers under `nodes`, and what they look like under `globalVars.styles`, by reference.
 * References are resolved, so that it reads like a frame of the REST API.
 */
import { numberOf, record, records, stringOf, type Table, valueAt } from './figmaJson.ts';
import { counted } from './figmaPrune.ts';
import { oneLine, rounded } from './figmaStyle.ts';
import type { FigmaFrame } from './figmaTree.ts';

export interface SimplifiedDescription {
  readonly text: string;
  readonly leftOut: readonly string[];
  readonly frame?: { readonly width: number; readonly height: number };
}

interface Work {
  readonly styles: Table | undefined;
  readonly components: Table | undefined;
  readonly lines: string[];
  missing: number;
  hidden: number;
}

export const isSimplified = (top: Table): boolean => Array.isArray(top.nodes) && record(top.globalVars) !== undefined;

export function simplifiedFrames(top: Table): readonly FigmaFrame[] {
  const styles = stylesOf(top);
  return records(top.nodes).flatMap((node) => {
    const id = stringOf(node.id);
    const size = sizeOf(resolved(node.layout, styles), node);
    const kind = stringOf(node.type)?.toLowerCase().replaceAll('_', ' ') ?? 'layer';
    return id === undefined ? [] : [{ id, name: nameOf(node), kind, path: [], ...(size ? { size } : {}) }];
  });
}

export function describeSimplified(top: Table, frameId: string): SimplifiedDescription | undefined {
  const node = records(top.nodes).find((candidate) => candidate.id === frameId);
  if (!node) return undefined;
  const styles = stylesOf(top);
  const components = record(top.components) ?? record(record(top.metadata)?.components);
  const work: Work = { styles, components, lines: [], missing: 0, hidden: 0 };
  describe(node, 0, { x: 0, y: 0 }, work);
  const frame = sizeOf(resolved(node.layout, styles), node);
  const head = [
    `Figma ${stringOf(node.type)?.toLowerCase() ?? 'layer'} ${JSON.stringify(nameOf(node))}, ${frame ? `${frame.width}×${frame.height} px` : 'of unknown size'}.`,
    'One layer a line, nested as indented: kind, "name", x,y from the top left corner of the whole frame, width×height (px), looks.',
    'What follows "text:" or stands behind "|" is the text itself, to be used as it is.',
    '',
  ];
  return {
    text: [...head, ...work.lines].join('\n'),
    leftOut: [
      counted(work.hidden, 'hidden layer'),
      counted(work.missing, 'style that is referred to and missing', 'styles that are referred to and missing'),
    ].filter(Boolean),
    ...(frame ? { frame } : {}),
  };
}

const stylesOf = (top: Table): Table | undefined => record(record(top.globalVars)?.styles) ?? record(top.globalVars);

const nameOf = (node: Table): string => stringOf(node.name)?.replace(/\s+/g, ' ').slice(0, 120) ?? 'Untitled';

/** What a reference leads to; a value that stands there itself is that value. */
const resolved = (value: unknown, styles: Table | undefined): unknown =>
  typeof value === 'string' ? valueAt(styles, value) : value;

function describe(node: Table, depth: number, parent: { x: number; y: number } | undefined, work: Work): void {
  if (node.visible === false || node.opacity === 0) {
    work.hidden++;
    return;
  }
  const style = (value: unknown): unknown => {
    const found = resolved(value, work.styles);
    if (typeof value === 'string' && found === undefined) work.missing++;
    return found;
  };
  const layout = record(style(node.layout));
  const at = record(layout?.locationRelativeToParent);
  const [x, y] = [numberOf(at?.x), numberOf(at?.y)];
  const place =
    depth === 0 ? parent : parent && x !== undefined && y !== undefined ? { x: parent.x + x, y: parent.y + y } : undefined;
  const size = sizeOf(layout, node);
  const head = [
    stringOf(node.type)?.toLowerCase().replaceAll('_', ' ') ?? 'layer',
    typeof node.text === 'string' ? '' : JSON.stringify(nameOf(node)),
    place ? `${rounded(place.x)},${rounded(place.y)}` : '',
    size ? `${size.width}×${size.height}` : '',
  ];
  const words = [
    head.filter(Boolean).join(' '),
    componentOf(node, work.components),
    layoutWords(layout),
    fillWords(style(node.fills), typeof node.text === 'string' ? 'color' : 'fill'),
    strokeWords(style(node.strokes), node),
    typeof node.borderRadius === 'string' ? `radius ${node.borderRadius}` : '',
    effectWords(style(node.effects)),
    numberOf(node.opacity) === undefined ? '' : `opacity ${rounded(numberOf(node.opacity) ?? 1)}`,
    textStyleWords(style(node.textStyle)),
  ].filter(Boolean);
  const indent = '  '.repeat(depth);
  const lines = typeof node.text === 'string' ? node.text.split(/\r\n|[\n\r\u2028\u2029]/) : [];
  const line = indent + oneLine(words.join(' · '));
  if (lines.length === 1) work.lines.push(`${line} · text: ${lines[0]}`);
  else if (lines.length > 1) work.lines.push(`${line} · text:`, ...lines.map((one) => `${indent}  | ${one}`));
  else work.lines.push(line);
  for (const child of records(node.children)) describe(child, depth + 1, place, work);
}

function sizeOf(layout: unknown, node: Table): { width: number; height: number } | undefined {
  const given = record(record(layout)?.dimensions) ?? record(node.boundingBox);
  const [width, height] = [numberOf(given?.width), numberOf(given?.height)];
  return width === undefined || height === undefined ? undefined : { width: Math.round(width), height: Math.round(height) };
}

function componentOf(node: Table, components: Table | undefined): string {
  const component = stringOf(record(valueAt(components, stringOf(node.componentId) ?? ''))?.name);
  const given = [
    ...records(node.componentProperties).map((property) => [property.name, property.value] as const),
    ...Object.entries(record(node.componentProperties) ?? {}).map(
      ([name, value]) => [name, record(value)?.value ?? value] as const,
    ),
  ];
  const settings = given.flatMap(([name, value]) =>
    typeof name === 'string' && ['string', 'boolean', 'number'].includes(typeof value)
      ? `${name.replace(/#[\d:]+$/, '')}=${value}`
      : [],
  );
  return [component ? `of ${JSON.stringify(component)}` : '', settings.length > 0 ? `(${settings.join(', ')})` : '']
    .filter(Boolean)
    .join(' ');
}

/** Already in the words of CSS: `mode: row`, `justifyContent: center`. */
function layoutWords(layout: Table | undefined): string {
  const mode = stringOf(layout?.mode);
  const words: Table = {
    gap: layout?.gap,
    padding: layout?.padding,
    justify: layout?.justifyContent,
    align: layout?.alignItems,
    self: layout?.alignSelf,
  };
  const sizing = record(layout?.sizing);
  const [across, down] = [stringOf(sizing?.horizontal), stringOf(sizing?.vertical)];
  return [
    mode && mode !== 'none' ? mode : '',
    ...Object.entries(words).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? `${name} ${value}` : [])),
    layout?.wrap === true ? 'wrap' : '',
    layout?.position === 'absolute' ? 'absolute' : '',
    across && across !== 'fixed' ? `width ${across}` : '',
    down && down !== 'fixed' ? `height ${down}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function fillWords(value: unknown, label: string): string {
  const fills = Array.isArray(value) ? value.map(fillWord).filter(Boolean) : [];
  return fills.length > 0 ? `${label} ${fills.join(', ')}` : '';
}

function fillWord(value: unknown): string {
  if (typeof value === 'string') return value;
  const fill = record(value);
  const type = stringOf(fill?.type) ?? '';
  if (type === 'IMAGE') return `image placeholder (${stringOf(fill?.scaleMode)?.toLowerCase() ?? 'cover'})`;
  if (typeof fill?.gradient === 'string') return fill.gradient;
  const stops = records(fill?.gradientStops).map((stop) => {
    const colour = stringOf(stop.color) ?? stringOf(record(stop.color)?.hex) ?? 'unknown';
    return `${colour} ${rounded((numberOf(stop.position) ?? 0) * 100)}%`;
  });
  if (stops.length > 0) return `${type.replace('GRADIENT_', '').toLowerCase()} gradient(${stops.join(', ')})`;
  return stringOf(fill?.hex) ?? type.toLowerCase();
}

function strokeWords(value: unknown, node: Table): string {
  const stroke = record(value);
  const colours = (Array.isArray(value) ? value : Array.isArray(stroke?.colors) ? stroke.colors : [])
    .map(fillWord)
    .filter(Boolean);
  const weight = stringOf(stroke?.strokeWeight) ?? stringOf(stroke?.strokeWeights) ?? stringOf(node.strokeWeight);
  return colours.length > 0 ? ['stroke', colours.join(', '), weight].filter(Boolean).join(' ') : '';
}

const effectWords = (value: unknown): string =>
  Object.entries(record(value) ?? {})
    .flatMap(([name, effect]) => (typeof effect === 'string' ? `${name.replace(/([A-Z])/g, '-$1').toLowerCase()} ${effect}` : []))
    .join(' · ');

function textStyleWords(value: unknown): string {
  const style = record(value);
  if (!style) return '';
  const size = numberOf(style.fontSize);
  const height = stringOf(style.lineHeight) ?? (numberOf(style.lineHeight) === undefined ? undefined : `${style.lineHeight}`);
  const align = stringOf(style.textAlignHorizontal);
  return [
    numberOf(style.fontWeight) === undefined ? '' : String(style.fontWeight),
    size === undefined ? '' : `${rounded(size)}px${height ? `/${height}` : ''}`,
    stringOf(style.fontFamily) ? JSON.stringify(style.fontFamily) : '',
    stringOf(style.letterSpacing) ? `letter-spacing ${style.letterSpacing}` : '',
    stringOf(style.textCase) ? `case ${String(style.textCase).toLowerCase()}` : '',
    align && align !== 'LEFT' ? `text-align ${align.toLowerCase()}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
