/**
 * An SVG design without what no model needs: comments, metadata, what editors keep for themselves, hidden elements, scripts, embedded
 * pictures, and digits beyond the second. Texts, ids, classes, styles and groups stay as they are: they carry the design's meaning.
 */
import type { CustomPlugin, PluginConfig, XastElement, XastRoot } from 'svgo/browser';
import { withoutData } from './dataUris.ts';
import { markupStart } from './markup.ts';
import { leftOutPhrases, MAX_TEXT_BYTES, megabytes, type Piece, textPiece } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** Markup beyond this, without its embedded pictures, would hold up the editor for seconds. */
const MAX_SVG_BYTES = 1.5 * MAX_TEXT_BYTES;

/**
 * The rules below look at each element once for every style rule, and at each number of a path once for every other: beyond these sizes
 * they would hold up the editor too, and a drawing is sent without them.
 */
const MAX_ELEMENTS = 8_000;
const MAX_ATTRIBUTES = 500;
const MAX_STYLE_CHECKS = 10_000;
const MAX_PATH = 16_000;
/** No drawing nests deeper. */
const MAX_DEPTH = 200;

/** True for a document whose first element is `svg`, whatever prolog, doctype and comments come before it. */
export const isSvg = (text: string): boolean => {
  const start = markupStart(text);
  return /^<(?:svg:)?svg[\s>/]/i.test(text.slice(start, start + 10));
};

/** Throws {@link TaskProblem} where it is no SVG that can be read. */
export async function readSvg(name: string, text: string): Promise<Piece> {
  const plain = withoutData(text);
  const bytes = Buffer.byteLength(plain.text);
  if (bytes > MAX_SVG_BYTES) {
    throw new TaskProblem(
      `${name} is ${megabytes(bytes)} MB of SVG; up to ${megabytes(MAX_SVG_BYTES)} MB can be read. Export the frame that matters.`,
    );
  }
  if (isTooLarge(plain.text)) {
    return textPiece(plain.text, {
      kind: 'svg',
      name,
      language: 'svg',
      ...(plain.text === text ? {} : { originalBytes: Buffer.byteLength(text) }),
      leftOut: plain.leftOut,
    });
  }
  const { optimize } = await import('./svgo.ts');
  const tally = new Tally(isStyledMuch(plain.text));
  let data: string;
  try {
    ({ data } = optimize(withXlink(plain.text), { plugins: tally.plugins(), js2svg: { pretty: true, indent: 1 } }));
  } catch (error) {
    if (error instanceof TooDeep) {
      throw new TaskProblem(
        `${name} is nested deeper than ${MAX_DEPTH} levels, which no drawing is. Export the part that matters.`,
      );
    }
    throw new TaskProblem(`${name} is not an SVG that can be read: ${reasonOf(error)}. Export it again.`);
  }
  const leftOut = [...tally.phrases(), ...plain.leftOut];
  const frame = tally.frame;
  return textPiece(data, {
    kind: 'svg',
    name,
    language: 'svg',
    ...(frame ? { frame } : {}),
    ...(data === text ? {} : { originalBytes: Buffer.byteLength(text) }),
    leftOut: tally.isRounded ? [...leftOut, 'digits beyond the second'] : leftOut,
  });
}

class TooDeep extends Error {}

/** More than can be pruned in a moment. */
function isTooLarge(text: string): boolean {
  const tags = text.split('<');
  return (
    tags.length > 2 * MAX_ELEMENTS || tags.some((tag) => tag.length > MAX_ATTRIBUTES && tag.split('=').length > MAX_ATTRIBUTES)
  );
}

function isStyledMuch(text: string): boolean {
  const styles = [...text.matchAll(/<style[\s>]/gi)].map(({ index }) => {
    const end = text.indexOf('</', index);
    return text.slice(index, end < 0 ? undefined : end);
  });
  const rules = styles.join('').split('{').length - 1;
  return rules * text.split('<').length > MAX_STYLE_CHECKS;
}

/** A fragment copied out of a page has `xlink:href` without saying what `xlink` is, which browsers forgive. */
function withXlink(text: string): string {
  if (!text.includes('xlink:') || text.includes('xmlns:xlink')) return text;
  return text.replace(/<svg(?=[\s>/])/i, '<svg xmlns:xlink="http://www.w3.org/1999/xlink"');
}

/** The parser's reason in a few words, without its excerpt of the file. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deep';
  const { reason, line } = error as { readonly reason?: unknown; readonly line?: unknown }; // what the SVG parser throws has both
  const words =
    typeof reason === 'string' ? reason.split('\n', 1)[0] : error instanceof Error ? error.message.split('\n', 1)[0] : '';
  return `${(words ?? '').slice(0, 120).replace(/[.!]+$/, '')}${typeof line === 'number' ? ` in line ${line}` : ''}`;
}

/** Watches what each rule takes away, so that it can be told. */
class Tally {
  frame: { readonly width: number; readonly height: number } | undefined;
  isRounded = false;
  readonly #counts: Record<string, number> = {};
  #before = { elements: 0, comments: 0 };

  readonly #isStyledMuch: boolean;

  /** `isStyledMuch`: to look up every element's style would take too long. */
  constructor(isStyledMuch: boolean) {
    this.#isStyledMuch = isStyledMuch;
  }

  /** The rules in order; after each of those that remove something, what is gone is counted under its name. */
  plugins(): PluginConfig[] {
    let longNumbers = 0;
    return [
      this.#plugin('begin', (root) => {
        this.frame = frameOf(root);
        this.#before = countNodes(root);
        if (depthOf(root) > MAX_DEPTH) throw new TooDeep();
      }),
      this.#plugin('remove comments', withoutComments),
      this.#counted('comment', 'comments'),
      'removeDoctype',
      'removeXMLProcInst',
      'removeMetadata',
      'removeEditorsNSData',
      this.#counted('element of metadata', 'elements'),
      'removeScripts',
      this.#counted('script', 'elements'),
      ...(this.#isStyledMuch ? [] : ['removeHiddenElems' as const]),
      this.#counted('hidden element', 'elements'),
      this.#plugin('look at numbers', (root) => {
        longNumbers = longNumbersOf(root);
      }),
      { name: 'cleanupNumericValues', params: { floatPrecision: 2, convertToPx: false, defaultPx: false } },
      { name: 'cleanupListOfValues', params: { floatPrecision: 2, convertToPx: false, defaultPx: false } },
      ...(this.#isStyledMuch ? [] : this.#pathRounding()),
      this.#plugin('count numbers', (root) => {
        this.isRounded = longNumbersOf(root) < longNumbers;
      }),
    ];
  }

  /** Paths that are too long for it keep their digits: they are hidden from the rule while it runs. */
  #pathRounding(): PluginConfig[] {
    const long = new Map<XastElement, string>();
    return [
      this.#plugin('hide long paths', (root) => {
        for (const node of nodesOf(root)) {
          const path = node.type === 'element' ? node.attributes.d : undefined;
          if (node.type !== 'element' || path === undefined || path.length <= MAX_PATH) continue;
          long.set(node, path);
          node.attributes.d = 'M0 0';
        }
      }),
      { name: 'convertPathData', params: ROUNDING_ONLY },
      this.#plugin('show long paths', () => {
        for (const [node, path] of long) node.attributes.d = path;
      }),
    ];
  }

  phrases(): string[] {
    return leftOutPhrases(this.#counts, { 'element of metadata': 'elements of metadata' });
  }

  #counted(noun: string, what: 'elements' | 'comments'): CustomPlugin {
    return this.#plugin(`count ${noun}`, (root) => {
      const now = countNodes(root);
      this.#counts[noun] = this.#before[what] - now[what];
      this.#before = now;
    });
  }

  #plugin(name: string, look: (root: XastRoot) => void): CustomPlugin {
    return {
      name,
      fn: (root) => {
        look(root);
        return null;
      },
    };
  }
}

/** Of the path optimiser only its rounding: shapes keep their commands, so that what is drawn is what was drawn. */
const ROUNDING_ONLY = {
  floatPrecision: 2,
  applyTransforms: false,
  applyTransformsStroked: false,
  straightCurves: false,
  convertToQ: false,
  lineShorthands: false,
  convertToZ: false,
  curveSmoothShorthands: false,
  makeArcs: undefined,
  smartArcRounding: false,
  removeUseless: false,
  collapseRepeated: false,
  utilizeAbsolute: true,
  negativeExtraSpace: true,
};

function* nodesOf(root: XastRoot): Generator<XastRoot['children'][number]> {
  const open = [...root.children];
  for (let node = open.pop(); node; node = open.pop()) {
    yield node;
    if (node.type === 'element') open.push(...node.children);
  }
}

/** But for those that ask to be kept, `<!--! ... -->`: licences. */
function withoutComments(root: XastRoot): void {
  const keep = (nodes: XastRoot['children']) => nodes.filter((node) => node.type !== 'comment' || node.value.startsWith('!'));
  root.children = keep(root.children);
  for (const node of nodesOf(root)) if (node.type === 'element') node.children = keep(node.children);
}

/** How many elements stand in one another at most; no further than is asked. */
function depthOf(root: XastRoot): number {
  let depth = 0;
  for (let level = root.children; level.length > 0 && depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((node) => (node.type === 'element' ? node.children : []));
  }
  return depth;
}

function countNodes(root: XastRoot): { elements: number; comments: number } {
  const count = { elements: 0, comments: 0 };
  for (const { type } of nodesOf(root)) {
    if (type === 'element') count.elements++;
    if (type === 'comment') count.comments++;
  }
  return count;
}

/** Numbers in attributes that have more than two decimals: fewer afterwards means that some were rounded. */
function longNumbersOf(root: XastRoot): number {
  let count = 0;
  for (const node of nodesOf(root)) {
    if (node.type !== 'element') continue;
    for (const value of Object.values(node.attributes)) count += value.match(/\.\d{3,}/g)?.length ?? 0;
  }
  return count;
}

/** The view box, else width and height where they are plain numbers or pixels. */
function frameOf(root: XastRoot): { readonly width: number; readonly height: number } | undefined {
  const svg = root.children.find((node): node is XastElement => node.type === 'element');
  if (!svg) return undefined;
  const box =
    svg.attributes.viewBox
      ?.trim()
      .split(/[\s,]+/)
      .map(Number) ?? [];
  const side = (text: string | undefined): number => Number(/^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/.exec(text ?? '')?.[1] ?? Number.NaN);
  const [width = Number.NaN, height = Number.NaN] =
    box.length === 4 ? box.slice(2) : [side(svg.attributes.width), side(svg.attributes.height)];
  return width > 0 && height > 0 && Number.isFinite(width * height)
    ? { width: Math.round(width), height: Math.round(height) }
    : undefined;
}
