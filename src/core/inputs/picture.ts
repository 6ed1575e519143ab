/** A picture as it is sent: the very bytes, because every vendor scales by a rule of its own. */
import type { ImageMediaType } from '../../shared/model.ts';
import { readImageSize } from '../money/images.ts';
import { megabytes, type Piece } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** The smallest limit among the vendors for one base64 picture. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024 * 0.75;

/** No vendor takes a longer side, in pixels; most take far less and say so themselves. */
const MAX_SIDE = 30_000;

/** A picture that someone gave. Throws {@link TaskProblem} also where it is broken, or of a size that no vendor takes. */
export function readPicture(name: string, bytes: Uint8Array, mediaType: ImageMediaType): Piece {
  const piece = picturePiece(name, bytes, mediaType);
  const { frame } = piece.material;
  // What comes before the size of a JPEG may be longer than what is looked at.
  if (!frame && (mediaType !== 'image/jpeg' || bytes.length < 1000)) {
    throw new TaskProblem(`${name} is a broken picture: it does not say its size. Export it again.`);
  }
  if (frame && Math.max(frame.width, frame.height) > MAX_SIDE) {
    throw new TaskProblem(
      `${name} says it is ${frame.width} by ${frame.height} pixels; up to ${MAX_SIDE} on a side can be sent. Export it smaller.`,
    );
  }
  return piece;
}

/** Throws {@link TaskProblem} where it is larger than vendors take. */
export function picturePiece(name: string, bytes: Uint8Array, mediaType: ImageMediaType): Piece {
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new TaskProblem(
      `${name} is ${megabytes(bytes.length)} MB; pictures up to ${megabytes(MAX_IMAGE_BYTES)} MB can be sent. Export it smaller.`,
    );
  }
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  const frame = readImageSize(base64);
  return {
    part: { type: 'image', mediaType, base64 },
    material: {
      kind: 'picture',
      role: 'design',
      name,
      ...(frame ? { frame } : {}),
      leftOut: isAnimated(bytes, mediaType) ? [MOVES] : [],
    },
  };
}

const MOVES = 'animation, of which models see one frame';

/** By what each format says before its first frame, or between the first two. */
function isAnimated(bytes: Uint8Array, mediaType: ImageMediaType): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1');
  switch (mediaType) {
    case 'image/png':
      return /acTL/.test(head.split('IDAT', 1)[0] ?? '');
    case 'image/gif':
      return head.includes('NETSCAPE2.0');
    case 'image/webp':
      return head.startsWith('VP8X', 12) && (head.charCodeAt(20) & 2) !== 0;
    case 'image/jpeg':
      return false;
  }
}
