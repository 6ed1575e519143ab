/** Files of pictures, whole and broken: what is told of them, or the sentence. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { readMaterial } from '../../../src/core/inputs/detect.ts';
import { TaskProblem } from '../../../src/core/inputs/problem.ts';

const fixture = (name: string): Buffer => fs.readFileSync(new URL(`../../fixtures/designs/${name}`, import.meta.url));

const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** With a checksum of nothing: nobody decodes these. */
const chunk = (name: string, data: Uint8Array = Buffer.alloc(0)): Buffer =>
  Buffer.concat([be32(data.length), Buffer.from(name), data, Buffer.alloc(4)]);
function png(width: number, height: number, ...before: readonly Buffer[]): Buffer {
  const head = chunk('IHDR', Buffer.concat([be32(width), be32(height), Buffer.from([8, 2, 0, 0, 0])]));
  const end = Buffer.from('0000000049454e44ae426082', 'hex');
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), head, ...before, chunk('IDAT', Buffer.alloc(9)), end]);
}
const frames = (count: number): Buffer => chunk('acTL', Buffer.concat([be32(count), be32(0)]));

const LOOP = Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1');
const COMMENT = Buffer.concat([Buffer.from([0x21, 0xfe]), ...Array(40).fill(Buffer.alloc(201, 200)), Buffer.from([0])]);
function gif(count: number, ...before: readonly Buffer[]): Buffer {
  const frame = Buffer.from('\x21\xf9\x04\0\x0a\0\0\0,\0\0\0\0\x0a\0\x0a\0\0\x02\x02\x4c\x01\0', 'latin1');
  return Buffer.concat([
    Buffer.from('GIF89a\x0a\0\x0a\0\0\0\0', 'latin1'),
    ...before,
    ...Array(count).fill(frame),
    Buffer.from(';'),
  ]);
}

const JPEG = fixture('card.jpg');
function jpeg(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]);
  return Buffer.concat([JPEG.subarray(0, 2), head, data, JPEG.subarray(2)]);
}
const exif = (orientation: number, isLittle: boolean): Buffer =>
  jpeg(
    0xe1,
    Buffer.from(
      isLittle
        ? `45786966000049492a000800000001001201030001000000${orientation.toString(16).padStart(2, '0')}00000000000000`
        : `4578696600004d4d002a0000000800010112000300000001${orientation.toString(16).padStart(4, '0')}000000000000`,
      'hex',
    ),
  );

const MOVES = ['animation, of which models see one frame'];
/** The picture, its size, and what is told of it. */
const WHOLE: readonly (readonly [string, Buffer, readonly [number, number], (readonly string[])?])[] = [
  ['a PNG of one pixel', png(1, 1), [1, 1]],
  ['a PNG as wide as any vendor takes', png(30_000, 1), [30_000, 1]],
  ['a PNG with words behind it', Buffer.concat([png(4, 3), Buffer.from('words')]), [4, 3]],
  ['an animated PNG', png(4, 3, frames(3)), [4, 3], MOVES],
  ['an animated PNG behind a long text', png(4, 3, chunk('iTXt', Buffer.alloc(9000)), frames(3)), [4, 3], MOVES],
  ['a PNG animated by one frame', png(4, 3, frames(1)), [4, 3]],
  ['a PNG that speaks of animation', png(4, 3, chunk('tEXt', Buffer.from('acTL IDAT'))), [4, 3]],
  ['a GIF that loops', gif(3, LOOP), [10, 10], MOVES],
  ['a GIF that plays once', gif(2), [10, 10], MOVES],
  ['a GIF that loops behind a long comment', gif(2, COMMENT, LOOP), [10, 10], MOVES],
  ['a GIF of one frame that could loop', gif(1, LOOP), [10, 10]],
  ['a GIF without its last byte', gif(1).subarray(0, -1), [10, 10]],
  ['a GIF as programs write it', fixture('card.gif'), [200, 150]],
  ['a WebP as programs write it', fixture('card.webp'), [400, 300]],
  ['a JPEG behind long comments', jpeg(0xfe, Buffer.alloc(60_000, 65)), [400, 300]],
  ['a JPEG with zeros behind it', Buffer.concat([JPEG, Buffer.alloc(3000)]), [400, 300]],
  ['a JPEG that lies on its side', exif(6, false), [300, 400]],
  ['a JPEG that lies on its side, little end first', exif(8, true), [300, 400]],
  ['a JPEG upside down', exif(3, false), [400, 300]],
];
describe('a picture that can be sent', () => {
  for (const [what, bytes, [width, height], leftOut = []] of WHOLE) {
    test(what, async () => {
      const { part, material } = await readMaterial({ name: 'a', bytes });
      assert.deepEqual([material.frame, material.leftOut], [{ width, height }, leftOut]);
      assert.ok(part.type === 'image' && Buffer.from(part.base64, 'base64').equals(bytes), 'the very bytes');
    });
  }
});

const BROKEN: readonly (readonly [string, string, Buffer, RegExp])[] = [
  ['a PNG that breaks off', 'a.png', fixture('card.png').subarray(0, -20), /breaks off/],
  ['a JPEG that breaks off', 'a.jpg', JPEG.subarray(0, -20), /breaks off/],
  ['a GIF that breaks off', 'a.gif', fixture('card.gif').subarray(0, -20), /breaks off/],
  ['a GIF without a frame', 'a.gif', gif(0, LOOP), /breaks off/],
  ['a WebP that breaks off', 'a.webp', fixture('card.webp').subarray(0, -20), /breaks off/],
  ['a PNG of more pixels than memory', 'a.png', png(30_000, 30_000), /100 million/],
  ['what stands in for a picture', 'a.png', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /holds no picture/],
];
describe('a picture that cannot be sent is refused in one sentence', () => {
  for (const [what, name, bytes, expected] of BROKEN) {
    test(what, async () =>
      assert.rejects(readMaterial({ name, bytes }), (error) => {
        assert.ok(error instanceof TaskProblem, String(error));
        assert.match(error.message, expected);
        return true;
      }),
    );
  }
});
