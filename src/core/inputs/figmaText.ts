/** A Figma text: its characters as they stand, its font, and the stretches in it that look otherwise. */
import { boxOf, type FigmaNode, type FigmaTextStyle, numberOf, record, stringOf, type Table, valueAt } from './figmaJson.ts';
import { fontOf, oneLine, paintsOf, strokeOf, wordFor } from './figmaStyle.ts';
import type { FigmaNames } from './figmaTree.ts';

export interface FigmaText {
  readonly characters: string;
  readonly font: string;
  /** Name of the shared style the font comes from. */
  readonly styleName?: string;
  /** Colour, alignment and the like. */
  readonly looks: readonly string[];
  /** Stretches in a style of their own, as `"plan": 700 16px`. */
  readonly runs: readonly string[];
}

const ALIGN: Table = { CENTER: 'text-align center', RIGHT: 'text-align right', JUSTIFIED: 'text-align justify' };
const VERTICAL: Table = { CENTER: 'middle of its box', BOTTOM: 'bottom of its box' };
const LISTS: Table = { ORDERED: 'numbered list', UNORDERED: 'bulleted list' };
/** More stretches than this say less than the picture does. */
const MAX_RUNS = 200;

/** Undefined for a layer without characters. */
export function textOf(node: FigmaNode, names: FigmaNames): FigmaText | undefined {
  const { characters } = node;
  if (typeof characters !== 'string' || characters === '') return undefined;
  const style = record<FigmaTextStyle>(node.style);
  const styles = record(node.styles);
  const colours = paintsOf(node.fills, boxOf(node), names);
  const colourName = names.style(styles?.fill ?? styles?.fills);
  const styleName = names.style(styles?.text);
  const stroke = strokeOf(node, boxOf(node), names);
  const maxLines = numberOf(style?.maxLines);
  const kinds = Array.isArray(node.lineTypes) ? [...new Set(node.lineTypes.map((kind) => wordFor(LISTS, kind)))] : [];
  return {
    characters,
    font: fontOf(style),
    ...(styleName ? { styleName } : {}),
    looks: [
      colours.length > 0 ? `color ${colours.join(', ')}${colourName ? ` (${colourName})` : ''}` : '',
      wordFor(ALIGN, style?.textAlignHorizontal),
      wordFor(VERTICAL, style?.textAlignVertical),
      style?.textTruncation === 'ENDING' ? `cut with an ellipsis${maxLines ? ` after ${maxLines} lines` : ''}` : '',
      stroke ?? '',
      ...kinds,
      linkOf(style),
    ].filter(Boolean),
    runs: runsOf(node, characters, names),
  };
}

/** The layer's line and its text: behind it when it is one line, below it when it has several. */
export function textLines(line: string, indent: string, { characters, runs }: FigmaText): readonly string[] {
  const lines = characters.split(/\r\n|[\n\r\u2028\u2029]/);
  const own =
    lines.length === 1 ? [`${line} · text: ${characters}`] : [`${line} · text:`, ...lines.map((one) => `${indent}  | ${one}`)];
  return [...own, ...runs.map((run) => `${indent}  in it ${oneLine(run)}`)];
}

const linkOf = (style: FigmaTextStyle | undefined): string => {
  const url = stringOf(record(style?.hyperlink)?.url);
  return url ? `link ${url.replace(/\s/g, '').slice(0, 300)}` : '';
};

/** `characterStyleOverrides` has a number for each UTF-16 unit: 0, or what is not there, is the text's own style. */
function runsOf(node: FigmaNode, characters: string, names: FigmaNames): readonly string[] {
  const overrides: readonly unknown[] = Array.isArray(node.characterStyleOverrides) ? node.characterStyleOverrides : [];
  const table = record(node.styleOverrideTable);
  const base = record<FigmaTextStyle>(node.style);
  const runs: string[] = [];
  let start = 0;
  for (let at = 1; at <= Math.min(overrides.length, characters.length) && runs.length < MAX_RUNS; at++) {
    if (at < characters.length && overrides[at] === overrides[start]) continue;
    const style = record<FigmaTextStyle>(valueAt(table, String(overrides[start])));
    const words = style ? wordsOfRun(style, base, names) : '';
    const stretch = characters.slice(start, at);
    if (words !== '' && stretch.trim() !== '') runs.push(`${JSON.stringify(stretch)}: ${words}`);
    start = at;
  }
  return runs;
}

/** What an override says, on top of the text's own style. */
function wordsOfRun(style: FigmaTextStyle, base: FigmaTextStyle | undefined, names: FigmaNames): string {
  const font = fontOf({ ...base, ...style });
  const colours = paintsOf(style.fills, undefined, names);
  return [font === fontOf(base) ? '' : font, colours.length > 0 ? `color ${colours.join(', ')}` : '', linkOf(style)]
    .filter(Boolean)
    .join(' · ');
}
