/**
 * The design itself as a preview, to be compared with: its picture when there is one, else the SVG, page or component that was sent. What
 * was sent is shown as it was sent; only the style sheets and modules beside it are read from where it lies.
 */
import type { Material, MaterialKind } from '../../shared/design.ts';
import type { Preview } from '../../shared/preview.ts';
import type { Task } from '../../shared/task.ts';
import { extensionOf, filesByPath, findFile, requestsOf } from './files.ts';
import { base64Of, type PreviewFile, type previewOf } from './preview.ts';
import { sentFiles } from './sent.ts';

/** The text of a file beside a document; undefined when it is not there, not text, or not in the workspace. */
export type ReadBeside = (uri: string, request: string) => Promise<string | undefined>;

export interface DesignDeps {
  readonly readBeside: ReadBeside;
  readonly preview: typeof previewOf;
}

/** Files beside a design that are read for it. */
const MAX_BESIDE = 30;

export async function designPreview(task: Task, deps: DesignDeps): Promise<Preview> {
  const designs = task.parts
    .map((part, index) => ({ part, material: materialOf(task, index) }))
    .filter(({ material }) => material.role === 'design');
  for (const { part, material } of designs) {
    if (part.type !== 'image') continue;
    const size = material.frame;
    return { kind: 'picture', mediaType: part.mediaType, base64: part.base64, ...(size ? { size } : {}) };
  }
  const texts = designs.flatMap(({ part, material }) => (part.type === 'text' ? [{ text: part.text, material }] : []));
  const of = (kind: MaterialKind) => texts.find(({ material }) => material.kind === kind);
  const svg = of('svg');
  if (svg) {
    const size = svg.material.frame;
    return { kind: 'picture', mediaType: 'image/svg+xml', base64: base64Of(svg.text), ...(size ? { size } : {}) };
  }
  const code = of('html') ?? of('component');
  if (code) return codePreview(code.text, code.material, sentFiles(task), deps);
  const reason =
    of('figma') || of('figma-code')
      ? 'The design came without its picture, so there is nothing to show beside the answers.'
      : 'The design is words, so there is nothing to show beside the answers.';
  return { kind: 'none', reason, problems: [] };
}

/** What a part is; in logs older than materials, what the task's source says. */
function materialOf(task: Task, index: number): Pick<Material, 'kind' | 'role' | 'name' | 'uri' | 'frame'> {
  const known = task.materials?.[index];
  if (known) return known;
  const name = task.source?.name ?? task.title;
  const kinds: Readonly<Record<string, MaterialKind>> = {
    '.svg': 'svg',
    '.html': 'html',
    '.htm': 'html',
    '.jsx': 'component',
    '.tsx': 'component',
    '.vue': 'component',
    '.svelte': 'component',
  };
  const kind = task.source?.selection ? 'text' : (kinds[extensionOf(name)] ?? 'text');
  return { kind, role: 'design', name, ...(task.source ? { uri: task.source.uri } : {}) };
}

async function codePreview(
  text: string,
  { kind, name, uri }: Pick<Material, 'kind' | 'name' | 'uri'>,
  sent: readonly PreviewFile[],
  { readBeside, preview }: DesignDeps,
): Promise<Preview> {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const main: PreviewFile = {
    name: extensionOf(base) === '' ? `${base || 'design'}${kind === 'html' ? '.html' : '.tsx'}` : base,
    content: text,
  };
  const files = [main];
  const missing: string[] = [];
  for (const request of requestsOf(text).slice(0, MAX_BESIDE)) {
    const found = uri === undefined ? undefined : await firstBeside(uri, request, readBeside);
    if (found) files.push(found);
    else if (!findFile(filesByPath(sent), main.name, request))
      missing.push(`${request} is used by ${name} and is not there now: it is shown without it.`);
  }
  const made = await preview(files, { complete: true, sent });
  return made.kind === 'html' ? { ...made, problems: [...made.problems, ...missing].slice(0, 20) } : made;
}

async function firstBeside(uri: string, request: string, readBeside: ReadBeside): Promise<PreviewFile | undefined> {
  for (const ending of extensionOf(request) === '' ? ['.tsx', '.ts', '.jsx', '.js', '.vue', '.svelte'] : ['']) {
    const content = await readBeside(uri, request + ending);
    if (content !== undefined) return { name: request + ending, content };
  }
  return undefined;
}
