/** Figma's JSON as its REST API writes it, made small: nodes with the fields the API always gives, and a file with two pages. */

export type Fields = Readonly<Record<string, unknown>>;

export const box = (x: number, y: number, width: number, height: number): Fields => ({ x, y, width, height });

export const solid = (hex: string, more: Fields = {}): Fields => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return { blendMode: 'NORMAL', type: 'SOLID', color: { r, g, b, a: 1 }, ...more };
};

let ids = 0;
/** A node; ids count up unless one is given. */
export const node = (type: string, name: string, at: Fields | null, more: Fields = {}): Fields => ({
  id: `9:${++ids}`,
  name,
  type,
  scrollBehavior: 'SCROLLS',
  blendMode: type === 'TEXT' ? 'NORMAL' : 'PASS_THROUGH',
  absoluteBoundingBox: at,
  absoluteRenderBounds: at,
  constraints: { vertical: 'TOP', horizontal: 'LEFT' },
  fills: [],
  strokes: [],
  strokeWeight: 1,
  strokeAlign: 'INSIDE',
  effects: [],
  interactions: [],
  ...more,
});

export const frame = (name: string, at: Fields | null, children: readonly unknown[], more: Fields = {}): Fields =>
  node('FRAME', name, at, { clipsContent: true, children, background: [], backgroundColor: { r: 0, g: 0, b: 0, a: 0 }, ...more });

export const text = (characters: string, at: Fields | null, style: Fields = {}, more: Fields = {}): Fields =>
  node('TEXT', characters, at, {
    characters,
    characterStyleOverrides: [],
    styleOverrideTable: {},
    lineTypes: ['NONE'],
    lineIndentations: [0],
    layoutVersion: 4,
    fills: [solid('#111827')],
    style: {
      fontFamily: 'Inter',
      fontPostScriptName: null,
      fontWeight: 400,
      fontSize: 16,
      textAlignHorizontal: 'LEFT',
      textAlignVertical: 'TOP',
      letterSpacing: 0,
      lineHeightPx: 24,
      lineHeightPercent: 100,
      lineHeightUnit: 'PIXELS',
      ...style,
    },
    ...more,
  });

export const vector = (at: Fields, hex = '#2563EB', more: Fields = {}): Fields =>
  node('VECTOR', 'Vector', at, { fills: [solid(hex)], fillGeometry: [{ path: 'M0 0L1 1Z', windingRule: 'NONZERO' }], ...more });

/** A pricing card at home far from the canvas' corner, as cards are. */
export const card = (): Fields =>
  frame(
    'Pricing card',
    box(12_000, -3400, 360, 480),
    [
      text('Team plan', box(12_024, -3376, 200, 32), { fontWeight: 700, fontSize: 24, lineHeightPx: 32, letterSpacing: -0.24 }),
      text(
        '$12 per "seat"\nbilled monthly',
        box(12_024, -3330, 200, 48),
        {},
        {
          characterStyleOverrides: [1, 1, 1],
          styleOverrideTable: { 1: { fontWeight: 700, fills: [solid('#2563EB')] } },
        },
      ),
      frame('Old badge', box(12_200, -3390, 80, 24), [text('SALE', box(12_210, -3388, 60, 20))], { visible: false }),
      node('INSTANCE', 'Icon / Check', box(12_024, -3260, 24, 24), {
        componentId: '1:50',
        children: [vector(box(12_026, -3258, 20, 20)), vector(box(12_030, -3254, 8, 8), '#FFFFFF')],
      }),
      node('INSTANCE', 'Button', box(12_024, -3000, 312, 48), {
        componentId: '1:60',
        componentProperties: {
          'Label#3:1': { type: 'TEXT', value: 'Start trial' },
          Size: { type: 'VARIANT', value: 'Large' },
          'Icon#3:2': { type: 'BOOLEAN', value: false },
        },
        layoutMode: 'HORIZONTAL',
        layoutSizingHorizontal: 'FILL',
        layoutSizingVertical: 'HUG',
        primaryAxisAlignItems: 'CENTER',
        counterAxisAlignItems: 'CENTER',
        itemSpacing: 8,
        paddingLeft: 24,
        paddingRight: 24,
        paddingTop: 12,
        paddingBottom: 12,
        fills: [solid('#2563EB', { boundVariables: { color: { type: 'VARIABLE_ALIAS', id: 'VariableID:7:1' } } })],
        cornerRadius: 8,
        children: [text('Start trial', box(12_140, -2988, 80, 24), { fontWeight: 600 }, { fills: [solid('#FFFFFF')] })],
      }),
    ],
    {
      id: '1:2',
      layoutMode: 'VERTICAL',
      itemSpacing: 16,
      paddingLeft: 24,
      paddingRight: 24,
      paddingTop: 24,
      paddingBottom: 24,
      cornerRadius: 16,
      fills: [solid('#FFFFFF')],
      styles: { fill: '5:1' },
      strokes: [solid('#E5E7EB')],
      effects: [
        {
          type: 'DROP_SHADOW',
          visible: true,
          color: { r: 0, g: 0, b: 0, a: 0.1 },
          blendMode: 'NORMAL',
          offset: { x: 0, y: 4 },
          radius: 12,
        },
      ],
      rectangleCornerRadii: [16, 16, 16, 16],
    },
  );

export const file = (
  pages: readonly Fields[] = [page('Home', [card(), frame('Login', box(0, 0, 390, 844), [], { id: '1:3' })])],
): Fields => ({
  name: 'Shop',
  lastModified: '2026-10-01T00:00:00Z',
  thumbnailUrl: 'https://s3-alpha.figma.com/thumbnails/a?X-Amz-Signature=abc',
  version: '1',
  role: 'viewer',
  schemaVersion: 0,
  document: { id: '0:0', name: 'Document', type: 'DOCUMENT', scrollBehavior: 'SCROLLS', children: pages },
  components: {
    '1:50': { key: 'k', name: 'Check', description: '' },
    '1:60': { key: 'k2', name: 'Size=Large', componentSetId: '1:61' },
  },
  componentSets: { '1:61': { key: 'k3', name: 'Button' } },
  styles: { '5:1': { key: 's', name: 'Surface/Card', styleType: 'FILL' } },
  variables: { 'VariableID:7:1': { id: 'VariableID:7:1', name: 'color/brand' } },
});

export const page = (name: string, children: readonly unknown[], id = `0:${name.length}`): Fields => ({
  id,
  name,
  type: 'CANVAS',
  children,
  backgroundColor: { r: 1, g: 1, b: 1, a: 1 },
});

/** As `GET /v1/files/:key/nodes` answers. */
export const nodesAnswer = (...nodes: readonly Fields[]): Fields => ({
  name: 'Shop',
  version: '1',
  nodes: Object.fromEntries(
    nodes.map((document) => [
      document.id,
      { document, components: file().components, componentSets: file().componentSets, styles: file().styles, schemaVersion: 0 },
    ]),
  ),
});
