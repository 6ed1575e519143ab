/**
 * The loopback server of the benchmark, a process of its own so that its work counts for nobody. Which answer is wanted is said by the
 * model's name: `burst-N` is N deltas in 64 KiB writes, `events-N` one write an event, `paced-N-R` the same at R deltas a second, as
 * providers send. `timed-N-R-T` thinks T deltas before its N, begins each stage after a pause and stamps what it sends; `/stamps/MODEL`
 * tells the stamps of the last such answer, `/clock` the time. Prints its port, and ends with its parent.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../src/shared/model.ts';
import { type Clock, machineMs, type Stamps } from './jobs.ts';
import { EVENTS_OF, MARKS } from './wires.ts';

const WRITE_BYTES = 64 * 1024;
/** Before the first event of a timed answer, and before its first delta, so that no two clocks show the same moment. */
const PAUSE_MS = 10;

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

const stampsOf = new Map<string, Stamps>();

/** An answer with stamps: its events, and the places of those that our clocks are about. */
interface Timed {
  readonly events: readonly string[];
  readonly perSecond: number;
  readonly firstDelta: number;
  readonly lastDelta: number;
  readonly clocks: ReadonlyMap<number, Clock>;
}

/** Made once, so that no request waits while another's answer is made. */
const timed = new Map<string, Timed>();

function timedFor(api: Api, model: string): Timed {
  const known = timed.get(`${api} ${model}`);
  if (known) return known;
  const [, count = 0, perSecond = 1, thinking = 0] = model.split('-').map(Number);
  const events = EVENTS_OF[api](count, thinking);
  const firstOf = (mark: string): number => events.findIndex((event) => event.includes(mark));
  const firstText = firstOf(MARKS[api].text);
  const firstThought = thinking > 0 ? firstOf(MARKS[api].thinking) : -1;
  const made: Timed = {
    events,
    perSecond,
    firstDelta: thinking > 0 ? firstThought : firstText,
    lastDelta: firstText + count - 1,
    clocks: new Map([
      [0, 'firstEvent'],
      [firstThought, 'firstReasoning'],
      [firstText, 'firstText'],
      [events.length - 1, 'end'],
    ]),
  };
  timed.set(`${api} ${model}`, made);
  return made;
}

/** Sends an answer and stamps those sends. What follows the last delta comes with it. */
async function sendTimed(api: Api, model: string, received: number, response: http.ServerResponse): Promise<void> {
  const { events, perSecond, firstDelta, lastDelta, clocks } = timedFor(api, model);
  const stamps: { -readonly [clock in keyof Stamps]: Stamps[clock] } = { received, firstByte: machineMs() };
  response.write(': connected\n\n');
  await sleep(PAUSE_MS);
  let firstDeltaMs = 0;
  for (const [i, event] of events.entries()) {
    if (i === firstDelta) {
      await sleep(PAUSE_MS);
      firstDeltaMs = performance.now();
    }
    const dueMs = firstDeltaMs + (Math.min(i, lastDelta) - firstDelta) * (1000 / perSecond);
    while (i > firstDelta && performance.now() < dueMs) await sleep(1);
    const clock = clocks.get(i);
    if (clock) stamps[clock] = machineMs();
    response.write(event);
  }
  response.end();
  stampsOf.set(model, stamps);
}

const server = http.createServer(async (request, response) => {
  const receivedMs = machineMs();
  if (request.url === '/clock') {
    response.end(String(machineMs()));
    return;
  }
  if (request.url?.startsWith('/stamps/')) {
    response.end(JSON.stringify(stampsOf.get(request.url.slice('/stamps/'.length))));
    return;
  }
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  const { model } = JSON.parse(body) as { model: string };
  const [style = '', count, perSecond] = model.split('-');
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  if (style === 'timed') return sendTimed(apiOf(request.url ?? ''), model, receivedMs, response);
  const writes = writesFor(apiOf(request.url ?? ''), style, Number(count));
  const sendingMs = performance.now();
  for (const [i, bytes] of writes.entries()) {
    if (perSecond !== undefined) while (((performance.now() - sendingMs) * Number(perSecond)) / 1000 < i) await sleep(1);
    if (response.destroyed) return;
    if (!response.write(bytes)) await roomIn(response);
  }
  response.end();
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port)); // a TCP server has a TCP address
process.stdin.resume().on('end', () => process.exit());
