/**
 * What the file of a picture says of itself besides its size: whether it is there to its end, moves, or is to be turned. The containers are
 * walked as their standards describe them (PNG: W3C 2025, with animation; GIF89a; RFC 9649; ITU-T T.81 with Exif 2.3); nothing is decoded.
 */
import type { ImageMediaType } from '../../shared/model.ts';

export interface PictureFile {
  /** False where the file breaks off before its end. */
  readonly isWhole: boolean;
  /** More than one frame. */
  readonly isAnimated: boolean;
  /** Shown by a quarter turn, so that what is called width is its height. */
  readonly isTurned: boolean;
}

export function readPictureFile(bytes: Uint8Array, mediaType: ImageMediaType): PictureFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walked = WALKS[mediaType](view);
  return { isWhole: false, isAnimated: false, isTurned: false, ...walked };
}

const WALKS: Readonly<Record<ImageMediaType, (file: DataView) => Partial<PictureFile>>> = {
  'image/png': walkPng,
  'image/gif': walkGif,
  'image/webp': walkWebp,
  'image/jpeg': walkJpeg,
};

const fourOf = (file: DataView, at: number): string =>
  String.fromCharCode(file.getUint8(at), file.getUint8(at + 1), file.getUint8(at + 2), file.getUint8(at + 3));

/** Chunks of length, name, data and checksum; acTL, before the first IDAT, says how many frames there are. */
function walkPng(file: DataView): Partial<PictureFile> {
  const isWhole = has(file, PNG_END, 8);
  for (let at = 8; at + 12 <= file.byteLength; at += 12 + file.getUint32(at)) {
    const name = fourOf(file, at + 4);
    if (name === 'acTL') return { isWhole, isAnimated: file.getUint32(at + 8) > 1 };
    if (name === 'IDAT') break;
  }
  return { isWhole };
}

/** The last chunk holds nothing, so its name and checksum are always these. */
const PNG_END = [...Buffer.from('IEND'), 0xae, 0x42, 0x60, 0x82];

const has = (file: DataView, sequence: readonly number[], from: number): boolean =>
  Buffer.from(file.buffer, file.byteOffset, file.byteLength).indexOf(Buffer.from(sequence), from) >= 0;

/** A head, a table of colours, and blocks: each picture and each extension ends with an empty sub-block, the file with a semicolon. */
function walkGif(file: DataView): Partial<PictureFile> {
  const colours = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let frames = 0;
  if (file.byteLength < 13) return {};
  let at = 13 + colours(file.getUint8(10));
  while (at < file.byteLength) {
    const kind = file.getUint8(at);
    if (kind === 0x2c && at + 10 <= file.byteLength) at += 11 + colours(file.getUint8(at + 9));
    else if (kind === 0x21) at += 2;
    else break; // the end, or nothing that the standard knows
    while (at < file.byteLength && file.getUint8(at) > 0) at += 1 + file.getUint8(at);
    if (kind === 0x2c && at < file.byteLength) frames++;
    at++;
  }
  // Some programs leave the last byte out.
  return { isWhole: frames > 0 && at <= file.byteLength, isAnimated: frames > 1 };
}

/** The head says how long the file is; the extended form, whether it is animated. */
function walkWebp(file: DataView): Partial<PictureFile> {
  if (file.byteLength < 21) return {};
  const isExtended = fourOf(file, 12) === 'VP8X';
  return {
    isWhole: file.getUint32(4, true) + 8 <= file.byteLength + 1, // some programs leave the last padding byte out
    isAnimated: isExtended && (file.getUint8(20) & 2) !== 0,
  };
}

/** Segments of marker and length up to the picture's data; behind it the end marker, which the data cannot hold. */
function walkJpeg(file: DataView): Partial<PictureFile> {
  let isTurned = false;
  for (let at = 2; at + 4 <= file.byteLength; ) {
    const marker = file.getUint8(at + 1);
    if (file.getUint8(at) !== 0xff) return { isTurned };
    if (marker === 0xff) at++;
    else if (marker === 0xda) return { isTurned, isWhole: has(file, [0xff, 0xd9], at) };
    else {
      if (marker === 0xe1) isTurned ||= orientationOf(file, at + 4) >= 5;
      at += marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7) ? 2 : 2 + Math.max(2, file.getUint16(at + 2));
    }
  }
  return { isTurned };
}

/** Exif's tag 0x0112 in the first directory of its TIFF part: 5 to 8 are quarter turns. 1, as it lies, where nothing says otherwise. */
function orientationOf(file: DataView, start: number): number {
  const tiff = start + 6;
  if (tiff + 8 > file.byteLength || fourOf(file, start) !== 'Exif') return 1;
  const isLittle = file.getUint16(tiff) === 0x4949;
  const directory = tiff + file.getUint32(tiff + 4, isLittle);
  if (directory + 2 > file.byteLength) return 1;
  const entries = file.getUint16(directory, isLittle);
  for (let at = directory + 2; at + 12 <= Math.min(file.byteLength, directory + 2 + 12 * entries); at += 12) {
    if (file.getUint16(at, isLittle) === 0x0112) return file.getUint16(at + 8, isLittle);
  }
  return 1;
}
