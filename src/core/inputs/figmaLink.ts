/**
 * A link to a Figma file, as the address bar or "Copy link" gives it. Only what is needed to ask the API is taken from it: the file's key
 * and the layer's id.
 */

export interface FigmaLink {
  /** Of the file, or of the branch where the link leads to one. */
  readonly fileKey: string;
  /** As the API writes it, e.g. `1:2` or `I5:6;7:8`; absent when the link names no layer. */
  readonly nodeId?: string;
}

const HOST = /^(?:[\w-]+\.)*figma(?:-gov)?\.com$/i;
/** `figjam` is how links to boards used to begin. */
const KINDS = new Set(['file', 'design', 'proto', 'board', 'figjam', 'slides', 'site', 'buzz', 'make', 'dev']);
const KEY = /^[A-Za-z0-9]{10,128}$/;
const NODE_ID = /^I?\d+:\d+(?:;\d+:\d+)*$/;
const MAX_LENGTH = 4000;

/** Undefined for what is no link to a Figma file. */
export function parseFigmaLink(text: string): FigmaLink | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH || /\s/.test(trimmed)) return undefined;
  const url = URL.parse(/^https?:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (!url || !HOST.test(url.hostname) || url.username !== '' || url.password !== '') return undefined;
  const parts = url.pathname.split('/').filter(Boolean);
  const at = parts[0] === 'embed' ? 1 : 0;
  if (!KINDS.has(parts[at] ?? '')) return undefined;
  const branch = parts[at + 2] === 'branch' ? parts[at + 3] : undefined;
  const fileKey = branch ?? parts[at + 1];
  if (fileKey === undefined || !KEY.test(fileKey)) return undefined;
  const nodeId = nodeIdOf(url.searchParams.get('node-id'));
  return { fileKey, ...(nodeId ? { nodeId } : {}) };
}

/** `1-2`, `1:2` and `1%3A2` mean the same layer; `I1-2;3-4` one inside an instance. Undefined for what names none. */
function nodeIdOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  const id = text.replace(/%3a/gi, ':').replace(/%3b/gi, ';').replaceAll('-', ':');
  return id.length <= 500 && NODE_ID.test(id) ? id : undefined;
}
