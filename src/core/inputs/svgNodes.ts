/** The elements and comments of an SVG and where each of them stands, read as XML is, once from end to end, without recursion. */
import { endOf, endOfDoctype } from './markup.ts';
import { MAX_TEXT_BYTES } from './piece.ts';

/** Why it cannot be read, to complete the sentence "... is not an SVG that can be read: ". */
export class SvgProblem extends Error {}

export interface SvgAttribute {
  readonly name: string;
  readonly value: string;
  /** With the white space before it. */
  readonly start: number;
  readonly end: number;
}

export interface SvgElement {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly SvgAttribute[];
  /** 0 for the outermost. */
  readonly depth: number;
  readonly start: number;
  /** Behind its end tag. */
  readonly end: number;
  /** How many it is with all that are in it. */
  readonly elements: number;
}

export type SvgNode =
  | SvgElement
  | {
      readonly kind: 'comment';
      readonly start: number;
      readonly end: number;
      /** It asks to be kept, as licences do: `<!--!`. */
      readonly isKept: boolean;
    }
  /** An XML declaration, or a document type that declares nothing. */
  | { readonly kind: 'prolog'; readonly start: number; readonly end: number };

/** No drawing nests deeper. */
const MAX_DEPTH = 200;

/** In the order of their beginnings. Throws {@link SvgProblem}. */
export function readSvgNodes(text: string): readonly SvgNode[] {
  const nodes: SvgNode[] = [];
  const open: { -readonly [Key in keyof SvgElement]: SvgElement[Key] }[] = [];
  const lineOf = (at: number): string => ` in line ${text.slice(0, at).split('\n').length}`;
  const ending = (mark: string, from: number, what: string): number => {
    const end = endOf(text, mark, from);
    if (end < 0) throw new SvgProblem(`${what}${lineOf(from)} does not end`);
    return end;
  };
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const start = at;
    if (text.startsWith('<!--', at)) {
      at = ending('-->', at + 4, 'a comment');
      nodes.push({ kind: 'comment', start, end: at, isKept: text[start + 4] === '!' });
    } else if (text.startsWith('<![CDATA[', at)) at = ending(']]>', at, 'a CDATA section');
    else if (text.startsWith('<?', at)) {
      at = ending('?>', at, 'a declaration');
      if (/^<\?xml\s/.test(text.slice(start, start + 6))) nodes.push({ kind: 'prolog', start, end: at });
    } else if (text.startsWith('<!', at)) {
      at = endOfDoctype(text, at);
      if (at < 0) throw new SvgProblem('its document type does not end');
      const type = text.slice(start, at);
      if (/^<!DOCTYPE[^[]*$/i.test(type)) nodes.push({ kind: 'prolog', start, end: at });
      else if (growsBeyondMeasure(type, text)) throw new SvgProblem('its entities grow beyond measure');
    } else if (text.startsWith('</', at)) {
      const name = nameAt(text, at + 2);
      const element = open.pop();
      if (element === undefined || element.name !== name) throw new SvgProblem(`</${name}>${lineOf(at)} ends nothing`);
      at = ending('>', at, 'an end tag');
      element.end = at;
      element.elements = elements - element.elements;
    } else {
      const tag = tagAt(text, at);
      if (!tag) throw new SvgProblem(`a tag${lineOf(at)} is not written as XML is`);
      at = tag.end;
      const element = {
        kind: 'element' as const,
        name: tag.name,
        attributes: tag.attributes,
        depth: open.length,
        start,
        end: at,
        elements,
      };
      elements++;
      nodes.push(element);
      if (tag.isWhole) element.elements = 1;
      else if (open.push(element) > MAX_DEPTH)
        throw new SvgProblem(`it is nested deeper than ${MAX_DEPTH} levels, which no drawing is`);
    }
  }
  const [unclosed] = open.slice(-1);
  if (unclosed) throw new SvgProblem(`it breaks off, or <${unclosed.name}>${lineOf(unclosed.start)} does not end`);
  return nodes;
}

export const attributeOf = ({ attributes }: SvgElement, name: string): string | undefined =>
  attributes.find((attribute) => attribute.name === name)?.value;

const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.-]*/uy;
const ATTRIBUTE = /\s+([^\s=<>"'/]+)\s*=\s*(["'])/y;
const TAG_END = /\s*(\/?)>/y;

function nameAt(text: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0] ?? '';
}

function tagAt(text: string, start: number) {
  const name = nameAt(text, start + 1);
  if (name === '') return undefined;
  const attributes: SvgAttribute[] = [];
  for (let at = start + 1 + name.length; ; ) {
    ATTRIBUTE.lastIndex = at;
    const found = ATTRIBUTE.exec(text);
    if (!found) {
      TAG_END.lastIndex = at;
      const end = TAG_END.exec(text);
      return end ? { name, attributes, end: TAG_END.lastIndex, isWhole: end[1] === '/' } : undefined;
    }
    const [, attribute = '', quote = ''] = found;
    const end = endOf(text, quote, ATTRIBUTE.lastIndex);
    if (end < 0) return undefined;
    attributes.push({ name: attribute, value: text.slice(ATTRIBUTE.lastIndex, end - 1), start: at, end });
    at = end;
  }
}

/** Entities that stand for entities, or that come to more than could be sent: browsers refuse them too. */
function growsBeyondMeasure(type: string, text: string): boolean {
  const values = [...type.matchAll(/<!ENTITY\s+([\w.:-]+)\s+(?:"([^"]*)"|'([^']*)')/g)];
  const lengths = new Map(values.map(([, name = '', double, single]) => [name, (double ?? single ?? '').length]));
  const isNested = values.some(([, , double, single]) =>
    [...(double ?? single ?? '').matchAll(/&([\w.:-]+);/g)].some(([, name = '']) => lengths.has(name)),
  );
  const uses = lengths.size === 0 ? [] : text.matchAll(/&([\w.:-]+);/g);
  let sum = 0;
  for (const [, name = ''] of uses) sum += lengths.get(name) ?? 0;
  return isNested || sum > MAX_TEXT_BYTES;
}
