/**
 * Where the frames are in Figma's JSON. The REST API wraps the same nodes in three ways (a file, a `nodes` answer, a node by itself), and
 * what a node refers to (components, styles, variables) stands beside them.
 */
import { type Box, boxOf, childrenOf, type FigmaNode, record, records, stringOf, type Table, valueAt } from './figmaJson.ts';

/** A thing on a page that can be compared: a frame, a component, a section. */
export interface FigmaFrame {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Names of the page and the sections around it, outermost first. */
  readonly path: readonly string[];
  /** CSS pixels; absent when the JSON does not say. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** The names of what nodes refer to by id. */
export interface FigmaNames {
  readonly component: (id: unknown) => string | undefined;
  readonly style: (id: unknown) => string | undefined;
  readonly variable: (id: unknown) => string | undefined;
}

export interface FigmaTree {
  /** Pages, or single nodes where no page is around them. */
  readonly roots: readonly FigmaNode[];
  readonly names: FigmaNames;
}

const PAGES = new Set(['DOCUMENT', 'CANVAS']);
const FRAME_KINDS: Readonly<Record<string, string>> = {
  FRAME: 'frame',
  COMPONENT: 'component',
  COMPONENT_SET: 'component set',
  INSTANCE: 'instance',
  GROUP: 'group',
  SECTION: 'section',
};

/** True for what is written as a node of Figma's. */
const isFigmaNode = (value: Table): boolean =>
  typeof value.id === 'string' &&
  typeof value.type === 'string' &&
  /^[A-Z][A-Z_]+$/.test(value.type) &&
  ['children', 'absoluteBoundingBox', 'fills', 'characters'].some((key) => Object.hasOwn(value, key));

/** Undefined when it is none of the shapes of Figma's REST API. */
export function figmaTree(json: unknown): FigmaTree | undefined {
  const top = record(json);
  if (!top) {
    const nodes = records(json);
    return nodes.length > 0 && nodes.every(isFigmaNode) ? { roots: nodes, names: namesFrom([]) } : undefined;
  }
  const document = record(top.document);
  if (document && typeof document.type === 'string') return { roots: [document], names: namesFrom([top]) };
  const answers = records(Object.values(record(top.nodes) ?? {}));
  const found = answers.flatMap((answer) => record<FigmaNode>(answer.document) ?? []);
  if (found.length > 0) return { roots: found, names: namesFrom([top, ...answers]) };
  return isFigmaNode(top) ? { roots: [top], names: namesFrom([top]) } : undefined;
}

/** Every frame that a person can pick, page by page, as Figma orders them. Hidden ones are none. */
export function framesIn(tree: FigmaTree): readonly FigmaFrame[] {
  return tree.roots.flatMap((root) => (isPage(root) ? framesBelow(root, []) : frameAt(root, [])));
}

/** A node by its id, wherever it is. */
export function findNode(tree: FigmaTree, id: string): FigmaNode | undefined {
  const waiting = [...tree.roots];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.id === id) return node;
    for (const child of childrenOf(node)) waiting.push(child);
  }
  return undefined;
}

export const isPage = (node: FigmaNode): boolean => PAGES.has(stringOf(node.type) ?? '');

export const nameOf = (node: FigmaNode, fallback = 'Untitled'): string =>
  stringOf(node.name)?.replace(/\s+/g, ' ').trim().slice(0, 120) || fallback;

export const sizeOf = ({ width, height }: Box): { width: number; height: number } => ({
  width: Math.round(width),
  height: Math.round(height),
});

function framesBelow(node: FigmaNode, path: readonly string[]): readonly FigmaFrame[] {
  const inside = node.type === 'DOCUMENT' ? path : [...path, nameOf(node)];
  return childrenOf(node).flatMap((child) => {
    if (child.visible === false) return [];
    if (isPage(child)) return framesBelow(child, inside);
    if (!Object.hasOwn(FRAME_KINDS, stringOf(child.type) ?? '')) return [];
    return child.type === 'SECTION' ? [...frameAt(child, inside), ...framesBelow(child, inside)] : frameAt(child, inside);
  });
}

function frameAt(node: FigmaNode, path: readonly string[]): readonly FigmaFrame[] {
  const id = stringOf(node.id);
  const kind = valueAt(FRAME_KINDS, stringOf(node.type) ?? '') ?? 'layer';
  if (id === undefined) return [];
  const box = boxOf(node);
  return [{ id, name: nameOf(node), kind: String(kind), path, ...(box ? { size: sizeOf(box) } : {}) }];
}

/** Looks ids up in the tables of these answers; the first that has one counts. The tables are put together at their first use. */
function namesFrom(answers: readonly Table[]): FigmaNames {
  const lookUp = (field: string) => {
    let all: ReadonlyMap<string, unknown> | undefined;
    const entries = (): readonly (readonly [string, unknown])[] =>
      answers.flatMap((answer) => [answer, record(answer.meta)].flatMap((table) => Object.entries(record(table?.[field]) ?? {})));
    return (id: unknown): Table | undefined => {
      all ??= new Map(entries().toReversed());
      return typeof id === 'string' ? record(all.get(id)) : undefined;
    };
  };
  const nameFrom = (table: Table | undefined): string | undefined => stringOf(table?.name)?.replace(/\s+/g, ' ').slice(0, 120);
  const [component, set, style, variable] = ['components', 'componentSets', 'styles', 'variables'].map(lookUp);
  return {
    component: (id) => {
      const found = component?.(id);
      return nameFrom(set?.(found?.componentSetId)) ?? nameFrom(found);
    },
    style: (id) => nameFrom(style?.(id)),
    variable: (id) => nameFrom(variable?.(id)),
  };
}
