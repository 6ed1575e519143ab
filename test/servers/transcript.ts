/**
 * Plays the bytes of a recorded stream over real loopback HTTP, cut as a test wants them cut, and ended as well or badly as it wants.
 */
import { readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Responder } from './server.ts';

const WIRE_FIXTURES = new URL('../fixtures/wire/', import.meta.url);

/** Bytes of `test/fixtures/wire/NAME`. */
export const fixture = (name: string): Buffer => readFileSync(new URL(name, WIRE_FIXTURES));

export interface TranscriptOptions {
  readonly status?: number;
  readonly contentType?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sizes of the pieces, used again and again; absent: one piece. */
  readonly pieces?: readonly number[];
  /** Between pieces; also what makes them arrive as pieces. */
  readonly pauseMs?: number;
  /** Only so many bytes are sent. */
  readonly bytes?: number;
  /** What follows the last byte: a proper end, nothing (the line stays open), or a reset of the connection. */
  readonly ending?: 'end' | 'open' | 'reset';
}

export const transcript =
  (recorded: Uint8Array | string, options: TranscriptOptions = {}): Responder =>
  async (_request, response) => {
    const { status = 200, contentType = 'text/event-stream', headers = {}, pauseMs, ending = 'end' } = options;
    const bytes = Buffer.from(recorded).subarray(0, options.bytes);
    response.writeHead(status, { 'content-type': contentType, ...headers });
    response.flushHeaders();
    for (const piece of cut(bytes, options.pieces)) {
      if (response.destroyed) return;
      await write(response, piece);
      if (pauseMs !== undefined) await sleep(pauseMs);
    }
    if (ending === 'end') response.end();
    else if (ending === 'reset') response.socket?.resetAndDestroy();
  };

/** Cuts into pieces of the given sizes, used again and again. */
export function cut(bytes: Uint8Array, sizes: readonly number[] | undefined): readonly Uint8Array[] {
  if (sizes === undefined || sizes.length === 0) return [bytes];
  const pieces: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < bytes.byteLength; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const write = (response: ServerResponse, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
