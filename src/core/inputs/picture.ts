/** A picture as it is sent: the very bytes, because every vendor scales by a rule of its own. */
import type { ImageMediaType } from '../../shared/model.ts';
import { readImageSize } from '../money/images.ts';
import { readPictureFile } from './pictureFile.ts';
import { megabytes, type Piece } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** The smallest limit among the vendors for one base64 picture. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024 * 0.75;

/** No vendor takes a longer side, in pixels; most take far less and say so themselves. */
const MAX_SIDE = 30_000;
/** Far beyond what any vendor takes; some kilobytes can say it, and whoever draws them runs out of memory. */
const MAX_MEGAPIXELS = 100;

/** A picture that someone gave. Throws {@link TaskProblem} also where it is broken, or of a size that no vendor takes. */
export function readPicture(name: string, bytes: Uint8Array, mediaType: ImageMediaType): Piece {
  const piece = picturePiece(name, bytes, mediaType);
  const { frame } = piece.material;
  if (!frame) throw new TaskProblem(`${name} is a broken picture: it does not say its size. Export it again.`);
  if (Math.max(frame.width, frame.height) > MAX_SIDE) {
    throw new TaskProblem(
      `${name} says it is ${frame.width} by ${frame.height} pixels; up to ${MAX_SIDE} on a side can be sent. Export it smaller.`,
    );
  }
  const megapixels = (frame.width * frame.height) / 1e6;
  if (megapixels > MAX_MEGAPIXELS) {
    throw new TaskProblem(
      `${name} says it is ${frame.width} by ${frame.height} pixels; up to ${MAX_MEGAPIXELS} million in all can be sent. Export it smaller.`,
    );
  }
  if (!readPictureFile(bytes, mediaType).isWhole) {
    throw new TaskProblem(`${name} is a broken picture: it breaks off before its end. Export it again.`);
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
  const size = readImageSize(base64);
  const { isAnimated, isTurned } = readPictureFile(bytes, mediaType);
  const frame = size && isTurned ? { width: size.height, height: size.width } : size;
  return {
    part: { type: 'image', mediaType, base64 },
    material: {
      kind: 'picture',
      role: 'design',
      name,
      ...(frame ? { frame } : {}),
      leftOut: isAnimated ? [MOVES] : [],
    },
  };
}

const MOVES = 'animation, of which models see one frame';
