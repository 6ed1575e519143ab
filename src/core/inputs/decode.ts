/**
 * From a file's bytes to its text. What a file is, is decided by its first bytes; its name is only asked where they say nothing.
 */
import type { ImageMediaType } from '../../shared/model.ts';
import { TaskProblem } from './problem.ts';

const IMAGE_SIGNATURES: readonly { readonly mediaType: ImageMediaType; readonly matches: (bytes: Uint8Array) => boolean }[] = [
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

/** Kinds of design file that no model reads, by name; their bytes are refused as no text anyway. */
const UNREADABLE_NAME = /\.(bmp|tiff?|heic|avif|pdf|psd|fig|sketch|xd|ai|eps)$/i;
/** How PDF, Photoshop, PostScript, archives (Sketch, XD) and TIFF files begin. */
const UNREADABLE_STARTS = ['%PDF-', '8BPS', '%!PS-Adobe', 'PK\u0003\u0004', 'II*\0', 'MM\0*'];

/** The text of a file: UTF-8, or UTF-16 with its mark. The mark is not part of it. Throws {@link TaskProblem}. */
export function decodeText(name: string, bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (UNREADABLE_NAME.test(name) || UNREADABLE_STARTS.some((each) => start.startsWith(each))) {
    throw new TaskProblem(`${name} is of a kind that models cannot read. Export it as PNG, JPEG, WebP, GIF, SVG or text.`);
  }
  let text: string;
  try {
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new TaskProblem(
      `${name} is neither UTF-8 text nor a PNG, JPEG, WebP or GIF picture. Save or export it as one of these.`,
    );
  }
  if (text.includes('\0')) throw new TaskProblem(`${name} is a binary file. Choose a text spec or a picture.`);
  if (!VISIBLE.test(text)) throw new TaskProblem(`${name} is empty. Write a spec first, or choose another file.`);
  return text;
}

/** Neither white space nor a sign without width. */
const VISIBLE = /[^\s\u200B-\u200F\u2060\uFEFF]/;

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  return startsWith(bytes, [0xfe, 0xff]) ? 'utf-16be' : 'utf-8';
}

const startsWith = (bytes: Uint8Array, prefix: readonly number[]): boolean => prefix.every((byte, i) => bytes[i] === byte);
