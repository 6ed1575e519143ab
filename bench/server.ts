/**
 * The loopback server of the benchmark, a process of its own so that its work counts for nobody. Which answer is wanted is said by the
 * model's name: `burst-N` is N deltas in 64 KiB writes, `events-N` one write an event, `paced-N-R` the same at R deltas a second, as
 * providers send. Prints its port, and ends with its parent.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../src/shared/model.ts';
import { EVENTS_OF } from './wires.ts';

const WRITE_BYTES = 64 * 1024;

const apiOf = (path: string): Api =>
  path.endsWith('/responses') ? 'openai-responses' : path.endsWith('/messages') ? 'anthropic-messages' : 'openai-chat';

const prepared = new Map<string, readonly Buffer[]>();

function writesFor(api: Api, style: string, count: number): readonly Buffer[] {
  const key = `${api} ${style} ${count}`;
  const known = prepared.get(key);
  if (known) return known;
  const events = EVENTS_OF[api](count);
  const writes = style === 'burst' ? cut(Buffer.from(events.join(''))) : events.map((event) => Buffer.from(event));
  prepared.set(key, writes);
  return writes;
}

const cut = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / WRITE_BYTES) }, (_, i) => bytes.subarray(i * WRITE_BYTES, (i + 1) * WRITE_BYTES));

/** Resolves when more can be written, or nothing ever again. */
const roomIn = (response: http.ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });

const server = http.createServer(async (request, response) => {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  const { model } = JSON.parse(body) as { model: string };
  const [style = '', count, perSecond] = model.split('-');
  const writes = writesFor(apiOf(request.url ?? ''), style, Number(count));
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const begunMs = performance.now();
  for (const [i, bytes] of writes.entries()) {
    if (perSecond !== undefined) while (((performance.now() - begunMs) * Number(perSecond)) / 1000 < i) await sleep(1);
    if (response.destroyed) return;
    if (!response.write(bytes)) await roomIn(response);
  }
  response.end();
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port)); // a TCP server has a TCP address
process.stdin.resume().on('end', () => process.exit());
