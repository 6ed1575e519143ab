/** What the network and a server's way of writing may change without changing an event: many cuts at once, line ends, a byte order mark. */
import { describe, test } from 'node:test';
import { cut, fixture } from '../../servers/transcript.ts';
import { FIXTURES, golden, playFixture, same, seeded } from './wireCase.ts';

/** To run the cuts of another day: `WIRE_SEED=7 node --test test/core/providers/wireCuts.thorough.ts`. */
const SEED = Number(process.env.WIRE_SEED ?? 20_261_122);
const ROUNDS = 1000;
/** Pieces a round; the sizes are mostly small, so that the cuts crowd in one part and leave another whole. */
const MOST_PIECES = 8;

const LINE_ENDS = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Cuts at up to that many places, anywhere. */
function piecesAt(bytes: Uint8Array, random: () => number): readonly Uint8Array[] {
  const places = Array.from({ length: 2 + Math.floor(random() * (MOST_PIECES - 2)) }, () =>
    Math.floor(random() * bytes.byteLength),
  );
  const ends = [...places.toSorted((a, b) => a - b), bytes.byteLength];
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

describe(`${ROUNDS} seeded cuts of every fixture (seed ${SEED})`, () => {
  for (const name of FIXTURES) {
    test(name, async () => {
      const bytes = fixture(`${name}.sse`);
      const expected = golden(name);
      const random = seeded(SEED);
      for (let round = 0; round < ROUNDS; round++)
        same(await playFixture(name, piecesAt(bytes, random)), expected, `seed ${SEED}, round ${round}`);
    });
  }
});

describe('line ends and a byte order mark', () => {
  for (const name of FIXTURES) {
    test(name, async () => {
      const text = fixture(`${name}.sse`).toString();
      const expected = golden(name);
      const check = async (bytes: Uint8Array, what: string): Promise<void> => {
        same(await playFixture(name, [bytes]), expected, what);
        same(await playFixture(name, cut(bytes, [1])), expected, `${what}, byte by byte`);
      };
      for (const [what, end] of Object.entries(LINE_ENDS)) await check(Buffer.from(text.replaceAll(/\r\n|\r|\n/g, end)), what);
      await check(Buffer.concat([BYTE_ORDER_MARK, Buffer.from(text)]), 'byte order mark');
    });
  }
});
