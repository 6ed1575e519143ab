/**
 * What Figma's MCP server and its kin put out, pasted or saved: React code with `data-node-id`, the metadata tree in XML, the variables
 * as one flat table. All of it is taken as a description of the design. Ids, links that expire, and the server's words to its own agent
 * are taken out, and counted.
 */
import { isExpiringLink, type Table } from './figmaJson.ts';
import { counted } from './figmaPrune.ts';
import { TaskProblem } from './problem.ts';

/** A text made ready to send, and what was taken out of it. */
export interface Cleaned {
  readonly text: string;
  readonly leftOut: readonly string[];
  readonly frame?: { readonly width: number; readonly height: number };
}

const NODE_ID = /\s+data-node-id=(?:"[^"\n]*"|'[^'\n]*'|\{[^}\n]*\})/g;

export const isMcpCode = (text: string): boolean =>
  /\bdata-node-id=\{?["'`]I?\d+:\d+/.test(text) && /<[A-Za-z][\w.]*[\s>]/.test(text);

/** Figma's server writes one element a layer, with id, name and box. */
export const isMcpMetadata = (text: string): boolean =>
  /^\s*(?:<\?xml[^>]*>\s*)?<[a-z][\w-]*\s+id="I?\d+:\d+[^"]*"\s+name="/.test(text.slice(0, 2000));

/** The simplified tree as YAML, which is how Framelink's server answers unless told otherwise. */
export const isSimplifiedYaml = (text: string): boolean =>
  /^nodes:\s*$/m.test(text) && /^globalVars:\s*$/m.test(text) && /^ {2,}(?:- )?id: /m.test(text);

/** One flat table from names to colours, numbers and `Font(...)`, as `get_variable_defs` gives it. */
export function isMcpVariables(table: Table): boolean {
  const values = Object.values(table);
  if (values.length === 0 || !values.every((value) => typeof value === 'string')) return false;
  const telling = values.filter((value) => /^(?:#[0-9a-f]{3,8}|-?[\d.]+|(?:Font|Effect)\(.*\))$/is.test(String(value).trim()));
  const hasFigmaMark =
    values.some((value) => /^(?:Font|Effect)\(/.test(String(value))) || Object.keys(table).some((key) => key.includes('/'));
  return hasFigmaMark && telling.length * 2 > values.length;
}

export function cleanMcpCode(text: string): Cleaned {
  let [ids, links, notes] = [0, 0, 0];
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => {
    const isNote = NOTE.test(paragraph);
    if (isNote) notes++;
    return !isNote;
  });
  const cleaned = withoutLinks(paragraphs.join('\n\n'), () => links++).replace(NODE_ID, () => {
    ids++;
    return '';
  });
  return {
    text: cleaned.trim(),
    leftOut: [counted(ids, 'layer id'), counted(links, 'link that expires', 'links that expire'), notesWords(notes)].filter(
      Boolean,
    ),
  };
}

const notesWords = (count: number): string =>
  counted(count, "note of Figma's tool to its agent", "notes of Figma's tool to its agent");

/** What the server adds below the code, at the margin: about converting, assets and ids. Its list of styles stays. */
const NOTE =
  /^(?:SUPER CRITICAL|IMPORTANT|CRITICAL|NOTE):|^(?:Node ids have been added|Image assets are stored|Images and SVGs will be stored|DO NOT install)/;

export function cleanYaml(text: string): Cleaned {
  let links = 0;
  const cleaned = withoutLinks(text, () => links++);
  return { text: cleaned.trim(), leftOut: [counted(links, 'link that expires', 'links that expire')].filter(Boolean) };
}

/** Puts a word where a link was that only works for a while, or on one machine. */
const withoutLinks = (text: string, onLink: () => void): string =>
  text.replace(/https?:\/\/[^\s"'`<>)\\]{1,4000}/gi, (link) => {
    if (!isExpiringLink(link)) return link;
    onLink();
    return 'placeholder';
  });

interface Tag {
  readonly name: string;
  readonly attributes: string;
  readonly isEnd: boolean;
  readonly isWhole: boolean;
}

const TAG = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g;

const MAX_DEPTH = 200;

/** The tree without hidden layers, ids, and the vectors inside icons. Throws {@link TaskProblem} when it is too deep. */
export function cleanMcpMetadata(text: string): Cleaned {
  const tags = [...text.matchAll(TAG)].map(
    ([, end = '', name = '', attributes = '', whole = '']): Tag => ({
      name,
      attributes,
      isEnd: end !== '',
      isWhole: whole !== '',
    }),
  );
  const lines: string[] = [];
  let [hidden, ids, vectors, depth] = [0, 0, 0, 0];
  /** The depth at which something began that is left out with all it holds. */
  let skipFrom: number | undefined;
  /** Whether each open element is as small as an icon. */
  const small: boolean[] = [];
  for (const tag of tags) {
    if (tag.isEnd) {
      depth = Math.max(0, depth - 1);
      small.length = depth;
      if (skipFrom === undefined) lines.push(`${'  '.repeat(depth)}</${tag.name}>`);
      else if (depth <= skipFrom) skipFrom = undefined;
      continue;
    }
    const isHidden = /\shidden="true"/.test(tag.attributes);
    const isPath = tag.name === 'vector' && small[depth - 1] === true;
    const isLeftOut = skipFrom !== undefined || isHidden || isPath;
    if (skipFrom !== undefined || isHidden) hidden++;
    else if (isPath) vectors++;
    else {
      const attributes = tag.attributes.replace(/\sid="[^"]*"/, () => {
        ids++;
        return '';
      });
      lines.push(`${'  '.repeat(depth)}<${tag.name}${attributes.replace(/\s+/g, ' ')}${tag.isWhole ? ' /' : ''}>`);
    }
    if (tag.isWhole) continue;
    if (isLeftOut && skipFrom === undefined) skipFrom = depth;
    small[depth] = Math.max(attributeOf(tag, 'width') ?? 1e9, attributeOf(tag, 'height') ?? 1e9) <= 64;
    if (++depth > MAX_DEPTH)
      throw new TaskProblem(`The metadata has layers nested more than ${MAX_DEPTH} deep. Choose a smaller frame.`);
  }
  // What stands outside of all tags is no part of the tree.
  const around = text
    .replace(/<\?xml[^>]*>/, '')
    .replace(TAG, '\0')
    .split('\0')
    .filter((words) => words.trim() !== '').length;
  const [width, height] = tags[0] ? [attributeOf(tags[0], 'width'), attributeOf(tags[0], 'height')] : [];
  return {
    text: lines.join('\n'),
    leftOut: [
      counted(hidden, 'hidden layer'),
      counted(vectors, 'vector path'),
      counted(ids, 'layer id'),
      notesWords(around),
    ].filter(Boolean),
    ...(width && height ? { frame: { width: Math.round(width), height: Math.round(height) } } : {}),
  };
}

function attributeOf(tag: Tag, name: string): number | undefined {
  const value = Number(new RegExp(`\\s${name}="([^"]*)"`).exec(tag.attributes)?.[1] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}
