/**
 * Turns what a person has in hand (a file's bytes, a selection, an instruction) into a task, or into one sentence that says why it
 * cannot be used. Nothing is ever cut silently: what is too big is refused with its size.
 */
import type { Task, TaskSource } from '../shared/comparison.ts';
import type { ImageMediaType, MessagePart } from '../shared/model.ts';

/** Bad input, with the sentence to show. */
export class TaskProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TaskProblem';
  }
}

/** Text beyond this is more than the models in question read well, and is refused rather than cut. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;
/** The smallest limit among the vendors for one base64 picture. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024 * 0.75;

const IMAGE_SIGNATURES: readonly { mediaType: ImageMediaType; matches: (bytes: Uint8Array) => boolean }[] = [
  { mediaType: 'image/png', matches: (b) => startsWith(b, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { mediaType: 'image/jpeg', matches: (b) => startsWith(b, [0xff, 0xd8, 0xff]) },
  { mediaType: 'image/gif', matches: (b) => startsWith(b, [0x47, 0x49, 0x46, 0x38]) },
  {
    mediaType: 'image/webp',
    matches: (b) => startsWith(b, [0x52, 0x49, 0x46, 0x46]) && startsWith(b.subarray(8), [0x57, 0x45, 0x42, 0x50]),
  },
];

/** The kind of picture by its first bytes, whatever the file is called. */
export const imageMediaType = (bytes: Uint8Array): ImageMediaType | undefined =>
  IMAGE_SIGNATURES.find((signature) => signature.matches(bytes))?.mediaType;

/** File names whose content is a program to change, rather than a design to build. */
const CODE_NAME = /\.([cm]?[jt]s|go|rs|py|rb|java|kt|swift|c|h|cc|cpp|hpp|cs|php|sh|sql)$/i;

/**
 * What a task on that file usually is. Components and pages (HTML, JSX, Vue...) are designs unless an instruction says what to change.
 */
export function kindOf(name: string, instruction: string, isImage: boolean): Task['kind'] {
  if (isImage) return 'design';
  if (CODE_NAME.test(name)) return 'code';
  return instruction !== '' && /\.([jt]sx|vue|svelte|html?|css|s[ac]ss|less)$/i.test(name) ? 'code' : 'design';
}

export interface TaskInput {
  readonly source: TaskSource;
  readonly bytes: Uint8Array;
  /** What the person wants, in their words; may be empty for a design. */
  readonly instruction?: string;
  /** Overrides {@link kindOf}. */
  readonly kind?: Task['kind'];
}

/** A task from a file's or a buffer's bytes. Throws {@link TaskProblem}. */
export function taskFromBytes({ source, bytes, instruction = '', kind }: TaskInput): Task {
  const mediaType = imageMediaType(bytes);
  const part = mediaType ? imagePart(source.name, bytes, mediaType) : textPart(source.name, bytes);
  const chosenKind = kind ?? kindOf(source.name, instruction, mediaType !== undefined);
  if (chosenKind === 'code' && mediaType)
    throw new TaskProblem(`${source.name} is a picture. A code task needs code: choose a source file.`);
  if (chosenKind === 'code' && instruction.trim() === '') {
    throw new TaskProblem(`A code task needs an instruction: say what should change in ${source.name}.`);
  }
  const title = chosenKind === 'code' ? `${source.name}: ${firstWords(instruction)}` : (headingOf(part) ?? source.name);
  return { kind: chosenKind, title, instruction: instruction.trim(), parts: [part], source };
}

function imagePart(name: string, bytes: Uint8Array, mediaType: ImageMediaType): MessagePart {
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new TaskProblem(
      `${name} is ${megabytes(bytes.length)} MB; pictures up to ${megabytes(MAX_IMAGE_BYTES)} MB can be sent. Export it smaller.`,
    );
  }
  return { type: 'image', mediaType, base64: Buffer.from(bytes).toString('base64') };
}

function textPart(name: string, bytes: Uint8Array): MessagePart {
  if (bytes.length > MAX_TEXT_BYTES) {
    throw new TaskProblem(
      `${name} is ${megabytes(bytes.length)} MB of text; up to ${megabytes(MAX_TEXT_BYTES)} MB can be sent. Select the part that matters.`,
    );
  }
  if (/\.(bmp|tiff?|heic|avif|pdf|psd|fig|sketch)$/i.test(name)) {
    throw new TaskProblem(`${name} is of a kind that models cannot read. Export it as PNG, JPEG, WebP, GIF, SVG or text.`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TaskProblem(
      `${name} is neither UTF-8 text nor a PNG, JPEG, WebP or GIF picture. Save or export it as one of these.`,
    );
  }
  if (text.includes('\0')) throw new TaskProblem(`${name} is a binary file. Choose a text spec or a picture.`);
  if (text.trim() === '') throw new TaskProblem(`${name} is empty. Write a spec first, or choose another file.`);
  return { type: 'text', text };
}

/** What a text calls itself: its first heading, or its page title. */
function headingOf(part: MessagePart): string | undefined {
  if (part.type !== 'text') return undefined;
  const start = part.text.slice(0, 4000).trimStart();
  const heading = /^#\s+(\S.*)/.exec(start)?.[1] ?? /<title>\s*([^<]*\S)\s*<\/title>/i.exec(start)?.[1];
  return heading && firstWords(heading);
}

const startsWith = (bytes: Uint8Array, prefix: readonly number[]): boolean => prefix.every((byte, i) => bytes[i] === byte);
const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

function firstWords(text: string): string {
  const line = text.trim().split(/\s+/).join(' ');
  return line.length <= 48 ? line : `${line.slice(0, 47)}…`;
}
