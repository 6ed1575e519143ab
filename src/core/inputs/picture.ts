/** A picture as it is sent: the very bytes, because every vendor scales by a rule of its own. */
import type { ImageMediaType } from '../../shared/model.ts';
import { readImageSize } from '../money/images.ts';
import { megabytes, type Piece } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** The smallest limit among the vendors for one base64 picture. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024 * 0.75;

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
    material: { kind: 'picture', role: 'design', name, ...(frame ? { frame } : {}), leftOut: [] },
  };
}
