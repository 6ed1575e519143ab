/**
 * Reading Figma JSON that came from outside. The names of fields are checked against Figma's own types; their values are unknown until
 * one of these functions has looked at them, because any of them may be missing, null or of another kind.
 */
import type { CanvasNode, DocumentNode, Effect, Paint, SubcanvasNode, TypeStyle } from '@figma/rest-api-spec';
import { TaskProblem } from './problem.ts';

type KeyOf<T> = T extends unknown ? keyof T : never;
/** An object that may have any of the fields of `T`, holding anything. */
export type Untrusted<T> = { readonly [K in KeyOf<T>]?: unknown };

export type FigmaNode = Untrusted<SubcanvasNode | CanvasNode | DocumentNode>;
export type FigmaPaint = Untrusted<Paint>;
export type FigmaEffect = Untrusted<Effect>;
export type FigmaTextStyle = Untrusted<TypeStyle>;
export type Table = Readonly<Record<string, unknown>>;

/** The value as an object, to be read field by field; undefined for anything else. */
export const record = <T extends object = Table>(value: unknown): T | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined; // every field of T is optional and unknown

/** The objects of a list; none when it is no list. */
export const records = <T extends object = Table>(value: unknown): readonly T[] =>
  Array.isArray(value) ? value.flatMap((entry) => record<T>(entry) ?? []) : [];

/** A finite number. Numbers in quotes are none. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** A string that is not empty. */
export const stringOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A value of a table by its key; never what every object inherits. */
export const valueAt = (table: Table | undefined, key: string): unknown =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;

export const childrenOf = (node: FigmaNode): readonly FigmaNode[] => records<FigmaNode>(node.children);

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a node lies on its canvas; undefined when it does not say so in full. */
export function boxOf(node: FigmaNode): Box | undefined {
  const given = record<Untrusted<Box>>(node.absoluteBoundingBox);
  const [x, y, width, height] = [given?.x, given?.y, given?.width, given?.height].map(numberOf);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return width < 0 || height < 0 ? undefined : { x, y, width, height };
}

export const MAX_FIGMA_BYTES = 20 * 1024 * 1024;
const MAX_DEPTH = 200;
const MAX_NODES = 200_000;
const MAX_VALUES = 5_000_000;

export interface Survey {
  /** Links that were signed for a time, and links to pictures that only Figma or its tool on this machine serves. */
  readonly expiringLinks: number;
  /** True when another program wrote it anew, with other names for the fields. */
  readonly isRespelt: boolean;
}

/**
 * Looks over all of it once, without recursion: what is too deep or too much is refused, before anything else reads it. Throws
 * {@link TaskProblem}.
 */
export function survey(json: unknown, name: string): Survey {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: json, depth: 0 }];
  let [values, nodes, expiringLinks, isRespelt] = [0, 0, 0, false];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (++values > MAX_VALUES) throw tooMuch(name, `more than ${MAX_VALUES.toLocaleString('en-US')} values`);
    if (typeof value === 'string' && isExpiringLink(value)) expiringLinks++;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) throw tooMuch(name, `layers nested more than ${MAX_DEPTH} deep`);
    if (Array.isArray(value)) {
      for (const entry of value) waiting.push({ value: entry, depth });
      continue;
    }
    const table = record(value) ?? {};
    if (typeof table.type === 'string' && typeof table.id === 'string' && ++nodes > MAX_NODES)
      throw tooMuch(name, `more than ${MAX_NODES.toLocaleString('en-US')} layers`);
    isRespelt ||= isRespeltTable(table);
    for (const entry of Object.values(table)) waiting.push({ value: entry, depth: depth + 1 });
  }
  return { expiringLinks, isRespelt };
}

const tooMuch = (name: string, what: string): TaskProblem =>
  new TaskProblem(`${name} has ${what}, which is more than can be read. Export the one frame that is to be built.`);

const LINK = /^https?:\/\//i;
const EXPIRING =
  /[?&](?:x-amz-|signature=|expires=|key-pair-id=|token=)|figma-alpha-api|s3-alpha|figma\.com\/api\/mcp\/|\/\/(?:localhost|127\.0\.0\.1):\d+\//i;

/** A link that stops working after a while, or works on one machine alone. */
export const isExpiringLink = (text: string): boolean => LINK.test(text) && EXPIRING.test(text.slice(0, 4000));

/** `AbsoluteBoundingBox`, `Width`, `R`: the same tree as another program's serialiser spells it. */
function isRespeltTable(table: Table): boolean {
  const box = record(table.absoluteBoundingBox) ?? record(table.absolute_bounding_box) ?? record(table.AbsoluteBoundingBox);
  const colour = record(table.color) ?? record(table.Color);
  const hasOtherBox = box !== undefined && ['X', 'Width', 'W'].some((key) => Object.hasOwn(box, key));
  const hasOtherColour = colour !== undefined && Object.hasOwn(colour, 'R') && !Object.hasOwn(colour, 'r');
  const hasOtherNode =
    Object.hasOwn(table, 'absolute_bounding_box') ||
    (Object.hasOwn(table, 'Type') &&
      !Object.hasOwn(table, 'type') &&
      ['Children', 'Characters'].some((k) => Object.hasOwn(table, k)));
  return hasOtherBox || hasOtherColour || hasOtherNode;
}
