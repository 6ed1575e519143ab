/**
 * Figma designs as a model is sent them: the REST API's JSON in all its wrappings, and what MCP servers make of it. One frame is described
 * in few words; what that leaves out is counted. All of it comes from outside: it is measured before it is read, and what it says is data.
 */
import { describeFrame } from './figmaDescribe.ts';
import { MAX_FIGMA_BYTES, record, records, type Survey, stringOf, survey, type Table } from './figmaJson.ts';
import {
  type Cleaned,
  cleanMcpCode,
  cleanMcpMetadata,
  cleanYaml,
  isMcpCode,
  isMcpMetadata,
  isMcpVariables,
  isSimplifiedYaml,
} from './figmaMcp.ts';
import { counted, leftOutOf } from './figmaPrune.ts';
import { describeSimplified, isSimplified, simplifiedFrames } from './figmaSimplified.ts';
import { type FigmaFrame, figmaTree, findNode, framesIn, isPage, nameOf } from './figmaTree.ts';
import { megabytes, safeName } from './piece.ts';
import { TaskProblem } from './problem.ts';

export type { FigmaFrame } from './figmaTree.ts';

/**
 * What it was written by: `tree` the REST API (a file, a `nodes` answer, a node), `empty` the same without a layer, `respelt` a program
 * that wrote the API's tree anew with other names, the others MCP servers: `simplified` Framelink's, the rest Figma's own.
 */
export type FigmaShape = 'tree' | 'empty' | 'respelt' | 'simplified' | 'simplified-yaml' | 'code' | 'metadata' | 'variables';

export interface FigmaMaterial {
  readonly kind: 'figma' | 'figma-code' | 'tokens';
  /** The frame's name, where there is one; else the file's. */
  readonly name: string;
  readonly text: string;
  /** Info word of its fence; absent: plain words. */
  readonly language?: string;
  /** CSS pixels; absent when nothing says so. */
  readonly frame?: { readonly width: number; readonly height: number };
  readonly leftOut: readonly string[];
  readonly originalBytes: number;
}

/** More than this of one frame is more than the models in question read well. */
const MAX_DESCRIPTION_BYTES = 600 * 1024;
/** The question which frame is meant names no more than this many. */
const MAX_NAMED = 6;

/** Whether a text, or JSON already parsed, comes from Figma, and in which shape. */
export function detectFigma(given: unknown): FigmaShape | undefined {
  if (typeof given !== 'string') return shapeOf(unwrapped(given));
  if (isMcpMetadata(given)) return 'metadata';
  if (/^\s*[[{]/.test(given)) {
    // Only what speaks of Figma at all is worth parsing.
    const parsed = given.length <= MAX_FIGMA_BYTES ? parsedOr(given, undefined) : undefined;
    if (parsed !== undefined) return detectFigma(parsed);
  }
  if (isMcpCode(given)) return 'code';
  return isSimplifiedYaml(given) ? 'simplified-yaml' : undefined;
}

/** The frames a person can choose among; none where the whole is one design. Throws {@link TaskProblem} for what is too much. */
export function figmaFrames(given: unknown, name = 'This design'): readonly FigmaFrame[] {
  const { json, shape } = read(given, name);
  const top = record(json);
  if (shape === 'simplified' && top) return simplifiedFrames(top);
  const tree = shape === 'tree' ? figmaTree(json) : undefined;
  return tree ? framesIn(tree) : [];
}

/**
 * One frame, ready to send: the one of that id, or the only one. Takes JSON or text. Throws {@link TaskProblem} when it cannot be used, or
 * when it must first be said which frame is meant.
 */
export function readFigma(given: unknown, fileName: string, frameId?: string): FigmaMaterial {
  const name = safeName(fileName);
  const { json, text, shape, bytes, found } = read(given, name);
  switch (shape) {
    case undefined:
      throw new TaskProblem(
        `${name} is not a Figma design. Use JSON from Figma's REST API, output of its MCP server, or a Figma link.`,
      );
    case 'empty':
      throw new TaskProblem(
        `${name} is not a Figma design but an answer of its API without one${refusalIn(json)}. Ask it for a file, or for a frame that exists.`,
      );
    case 'respelt':
      throw new TaskProblem(
        `${name} is a Figma tree that another program wrote with other field names, so sizes could be misread. Use the JSON as Figma's API gives it.`,
      );
    case 'code':
      return checked({ kind: 'figma-code', name, language: 'tsx', originalBytes: bytes, ...cleanMcpCode(text) });
    case 'metadata':
      return checked({ kind: 'figma', name, language: 'xml', originalBytes: bytes, ...cleanMcpMetadata(text) });
    case 'simplified-yaml':
      return checked({ kind: 'figma', name, language: 'yaml', originalBytes: bytes, ...cleanYaml(text) });
    case 'variables':
      return checked({
        kind: 'tokens',
        name,
        language: 'json',
        originalBytes: bytes,
        text: JSON.stringify(json, undefined, 2),
        leftOut: [],
      });
    case 'simplified': {
      const top = record(json) ?? {};
      const frame = chosen(simplifiedFrames(top), name, frameId);
      const described: Cleaned | undefined = describeSimplified(top, frame.id);
      if (!described) throw notThere(name, frame.id);
      const leftOut = [...described.leftOut, expired(found)].filter(Boolean);
      return checked({ kind: 'figma', originalBytes: bytes, ...described, name: frame.name, leftOut });
    }
    case 'tree':
      return readTree(json, name, bytes, frameId);
  }
}

function readTree(json: unknown, name: string, originalBytes: number, frameId: string | undefined): FigmaMaterial {
  const tree = figmaTree(json);
  if (!tree) throw new TaskProblem(`${name} holds no Figma layers. Export the file again.`);
  const asked = frameId === undefined ? undefined : findNode(tree, frameId);
  if (frameId !== undefined && !asked) throw notThere(name, frameId);
  const pages = asked && isPage(asked) ? { ...tree, roots: [asked] } : tree;
  const node = asked && !isPage(asked) ? asked : findNode(tree, chosen(framesIn(pages), name, undefined).id);
  if (!node) throw notThere(name, frameId ?? '');
  const { text, frame, tally } = describeFrame(node, tree.names);
  return checked({
    kind: 'figma',
    name: nameOf(node),
    text,
    leftOut: leftOutOf(tally),
    originalBytes,
    ...(frame ? { frame } : {}),
  });
}

function chosen(frames: readonly FigmaFrame[], name: string, frameId: string | undefined): FigmaFrame {
  const [only] = frames;
  if (frameId !== undefined) {
    const asked = frames.find((frame) => frame.id === frameId);
    if (!asked) throw notThere(name, frameId);
    return asked;
  }
  if (!only) throw new TaskProblem(`${name} holds no visible frame. Choose another page or file.`);
  if (frames.length === 1) return only;
  const named = frames.slice(0, MAX_NAMED).map((frame) => JSON.stringify(frame.name));
  const more = frames.length > named.length ? ` and ${frames.length - named.length} more` : '';
  throw new TaskProblem(`${name} holds ${frames.length} frames: ${named.join(', ')}${more}. Choose one of them.`);
}

const notThere = (name: string, id: string): TaskProblem =>
  new TaskProblem(`${name} holds no layer ${JSON.stringify(id.slice(0, 60))}. It may have been deleted; choose another frame.`);

const expired = ({ expiringLinks }: Survey): string => counted(expiringLinks, 'link that expires', 'links that expire');

function checked(material: FigmaMaterial): FigmaMaterial {
  const bytes = Buffer.byteLength(material.text);
  if (bytes > MAX_DESCRIPTION_BYTES) {
    throw new TaskProblem(
      `${JSON.stringify(material.name)} is too large to send: ${megabytes(bytes)} MB even when shortened. Choose a smaller frame inside it.`,
    );
  }
  if (material.text.trim() === '')
    throw new TaskProblem(`${material.name} holds nothing that can be seen. Choose another frame.`);
  return material;
}

interface Read {
  readonly json: unknown;
  readonly text: string;
  readonly shape: FigmaShape | undefined;
  readonly bytes: number;
  readonly found: Survey;
}

/** Measures before it looks. */
function read(given: unknown, name: string): Read {
  const isText = typeof given === 'string';
  if (isText && Buffer.byteLength(given) > MAX_FIGMA_BYTES) {
    const limit = `up to ${megabytes(MAX_FIGMA_BYTES)} MB can be read`;
    throw new TaskProblem(
      `${name} is ${megabytes(Buffer.byteLength(given))} MB; ${limit}. Export the one frame that is to be built.`,
    );
  }
  const parsed = isText ? parsedOr(given, given) : given;
  const found = survey(parsed, name);
  const json = unwrapped(parsed);
  const isString = typeof json === 'string';
  const text = isString ? json : isText ? given : (JSON.stringify(json) ?? '');
  const shape = found.isRespelt ? 'respelt' : isString ? detectFigma(json) : shapeOf(json);
  return { json, text, shape, bytes: Buffer.byteLength(isText ? given : text), found };
}

function shapeOf(json: unknown): FigmaShape | undefined {
  if (typeof json === 'string') return detectFigma(json);
  const top = record(json);
  if (top && isSimplified(top)) return 'simplified';
  if (figmaTree(json)) return 'tree';
  if (!top) return undefined;
  if (isEmptyAnswer(top)) return 'empty';
  if (isRespeltTop(top)) return 'respelt';
  return isMcpVariables(top) ? 'variables' : undefined;
}

/** A tool's answer as it travels: `{"content": [{"type": "text", "text": ...}]}`. */
function unwrapped(json: unknown): unknown {
  const content = Array.isArray(json) ? json : record(json)?.content;
  const parts = records(content);
  if (parts.length === 0 || !parts.every((part) => part.type === 'text' || part.type === 'image')) return json;
  const texts = parts.flatMap((part) => (part.type === 'text' ? (stringOf(part.text) ?? []) : []));
  if (texts.length === 0) return json;
  const text = texts.join('\n\n');
  return parsedOr(text, text);
}

/** An error, the addresses of pictures, or layers that are not there. */
function isEmptyAnswer(top: Table): boolean {
  const nodes = Object.values(record(top.nodes) ?? {});
  const isError = typeof top.err === 'string' && typeof top.status === 'number' && Object.keys(top).length <= 3;
  return (
    isError ||
    (top.err === null && record(top.images) !== undefined) ||
    (nodes.length > 0 && nodes.every((node) => node === null))
  );
}

const refusalIn = (json: unknown): string => {
  const words = stringOf(record(json)?.err);
  return words === undefined ? '' : `: ${JSON.stringify(words.slice(0, 80))}`;
};

/** A node, or a file around one, whose fields have the API's names in another spelling: `AbsoluteBoundingBox`, `absolute_bounding_box`. */
function isRespeltTop(top: Table): boolean {
  const keys = Object.keys(record(top.Document) ?? top);
  const plain = keys.map((key) => key.replaceAll('_', '').toLowerCase());
  const isNode = plain.includes('type') && (plain.includes('children') || plain.includes('absoluteboundingbox'));
  return isNode && keys.some((key) => ['Children', 'AbsoluteBoundingBox', 'absolute_bounding_box'].includes(key));
}

function parsedOr<T>(text: string, otherwise: T): unknown {
  if (!/^\s*[[{]/.test(text)) return otherwise;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return otherwise;
  }
}
