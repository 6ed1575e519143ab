/**
 * One fault in one lane while the other lane works: a real comparison of two lanes with its real books, through the real SDKs and
 * sockets, on a clock that only moves when nothing is on its way.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Comparison } from '../../src/core/compare/comparison.ts';
import { type Quote, quoteLane } from '../../src/core/compare/quote.ts';
import type { Endpoint, Ledger, LedgerEntry, Price } from '../../src/core/contracts.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import { createPricing } from '../../src/core/money/pricing.ts';
import { createProvider, DEFAULT_LIMITS } from '../../src/core/providers/index.ts';
import { createNodeFetch } from '../../src/core/providers/nodeFetch.ts';
import { type ComparisonEvent, type ComparisonState, LANES, type LaneId, type Run } from '../../src/shared/comparison.ts';
import type { Api } from '../../src/shared/model.ts';
import type { Task } from '../../src/shared/task.ts';
import type { Fault } from './faults.ts';
import { VirtualTime } from './time.ts';
import { type Speech, speak } from './wires.ts';

/** A key that may be seen nowhere. */
export const KEY = 'sk-canary-faults-4Gd81kQz0pW7';
const TASK: Task = {
  kind: 'design',
  title: 'spec.md',
  instruction: '',
  parts: [{ type: 'text', text: '# A card\n\nOne price.' }],
};
/** What a lane may say; far beyond what the meter can vouch for in the longest silence. */
const MAX_OUTPUT_TOKENS = 40_000;
const HEALTHY_WORDS = 12;
export const HEALTHY_USAGE = { input: 120, output: 90, reasoning: 20 };

/** The server's end of one call. */
export interface Line {
  /** 1 for a lane's first call. */
  readonly call: number;
  readonly speech: Speech;
  readonly time: VirtualTime;
  /** Begins a stream, or any other answer. */
  head(status?: number, headers?: Readonly<Record<string, string>>): void;
  send(bytes: string | Uint8Array): Promise<void>;
  end(): void;
  /** Cuts the connection without a word, after what was sent has arrived. */
  reset(): Promise<void>;
  readonly isClosed: boolean;
}

/** What came of it. */
export interface Outcome {
  readonly state: ComparisonState;
  readonly events: readonly ComparisonEvent[];
  readonly faulty: Run;
  readonly healthy: Run;
  /** The quote's price and worst case of the faulty lane. */
  readonly price: Price | undefined;
  readonly ceilingNanoUsd: number | undefined;
  /** The faulty lane's settlements, oldest first. */
  readonly settled: readonly LedgerEntry[];
  readonly heldNanoUsd: number;
  /** Requests of the faulty lane. */
  readonly calls: number;
  /** From its start to its end, virtual. */
  readonly seconds: number;
  /** From its end until its last socket was closed, virtual. */
  readonly closedAfterMs: number;
}

export interface Lab extends AsyncDisposable {
  run(fault: Fault, lane: LaneId, api: Api): Promise<Outcome>;
  /** The books as they lie on the disk. */
  books(): Buffer;
}

/** `tls`: what the encrypted server shows, for the faults that go there. */
export async function openLab(tls: { readonly key: string; readonly cert: string }): Promise<Lab> {
  const time = new VirtualTime();
  const directory = mkdtempSync(path.join(scratch(), 'second-thought-faults-'));
  const ledger = openLedger({ path: path.join(directory, 'ledger.sqlite'), clock: time.clock });
  let answer: (lane: string, line: Line, api: Api) => Promise<void> = async () => undefined;
  let closedAtMs = 0;
  const calls = new Map<string, number>();
  let open = 0;
  let api: Api = 'openai-chat';
  let faultyLane: LaneId = 'fast';

  const serve: http.RequestListener = (request, response) => {
    time.touch();
    const lane = request.url?.split('/')[1] ?? '';
    request.resume();
    request.on('end', () => {
      const call = (calls.get(lane) ?? 0) + 1;
      calls.set(lane, call);
      open++;
      let isClosed = false;
      response.on('close', () => {
        isClosed = true;
        open--;
        if (lane === faultyLane) closedAtMs = time.nowMs();
        time.touch();
      });
      const line: Line = {
        call,
        time,
        speech: speak(api),
        head: (status = 200, headers = {}) => {
          response.writeHead(status, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
          response.flushHeaders();
          time.touch();
        },
        send: (bytes) =>
          new Promise((resolve) => {
            time.touch();
            if (isClosed) resolve();
            else response.write(bytes, () => resolve(time.touch()));
          }),
        end: () => {
          response.end();
          time.touch();
        },
        reset: async () => {
          await time.sleep(20);
          response.socket?.resetAndDestroy();
          time.touch();
        },
        get isClosed() {
          return isClosed;
        },
      };
      answer(lane, line, api).catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    });
  };
  const plain = http.createServer(serve);
  const encrypted = https.createServer(tls, serve);
  encrypted.on('tlsClientError', () => time.touch());
  const ports = await Promise.all([plain, encrypted].map(listen));
  const nothing = await portWithoutServer();
  const origins = {
    plain: `http://127.0.0.1:${ports[0]}`,
    tls: `https://127.0.0.1:${ports[1]}`,
    nothing: `http://127.0.0.1:${nothing}`,
  };

  const endpointOf = (lane: LaneId, where: keyof typeof origins): Endpoint => ({
    id: lane,
    label: 'Example',
    api,
    baseUrl: `${origins[where]}/${lane}${api === 'anthropic-messages' ? '' : '/v1'}`,
    needsKey: true,
  });

  const run = async (fault: Fault, lane: LaneId, wire: Api): Promise<Outcome> => {
    api = wire;
    faultyLane = lane;
    calls.clear();
    closedAtMs = time.nowMs();
    answer = async (from, line) => {
      if (from === lane) await fault.play(line);
      else await playHealthy(line, wordSeconds(fault, wire, lane));
    };
    const quotes = await Promise.all(
      LANES.map((id) =>
        quote(id, endpointOf(id, id === lane ? (fault.at ?? 'plain') : 'plain'), id === lane ? fault : undefined, time),
      ),
    );
    const events: ComparisonEvent[] = [];
    const comparison = new Comparison(
      {
        clock: time.clock,
        ledger: () => ledger,
        providerFor: async (endpoint) => createProvider(endpoint, { fetch: createNodeFetch(), key: KEY, timers: time }),
        limitsFor: ({ lane: id }) => DEFAULT_LIMITS[id],
        sleep: (ms, signal) => time.sleep(ms, signal),
        every: (ms, call) => time.every(ms, call),
        random: () => 0.5,
        sink: (batch) => {
          events.push(...batch);
          if (batch.some((event) => event.type !== 'lane' || (event.event.type !== 'usage' && event.event.type !== 'cost')))
            time.touch();
        },
        onLedgerProblem: (error) => {
          throw error;
        },
      },
      { id: `${fault.id}-${lane}-${wire}-${time.nowMs()}`, task: TASK },
    );
    const refusal = comparison.start(quotes, {});
    if (refusal) throw new Error(JSON.stringify(refusal));
    fault.act?.({ time, stop: () => comparison.stop(lane) });
    const isOver = async (): Promise<void> => {
      await comparison.settled();
      while (open > 0) await time.sleep(10);
    };
    await time.run(isOver());
    const { state } = comparison;
    const faulty = state.runs[lane];
    const healthy = state.runs[lane === 'fast' ? 'reasoning' : 'fast'];
    if (!faulty || !healthy) throw new Error('a lane did not run');
    const quoted = quotes.find((candidate) => candidate.plan.lane === lane);
    const endedMs = faulty.endedMs ?? Number.POSITIVE_INFINITY;
    return {
      state,
      events,
      faulty,
      healthy,
      price: quoted?.price,
      ceilingNanoUsd: quoted?.plan.estimate.ceilingNanoUsd,
      settled: entriesOf(ledger, comparison.id, lane),
      heldNanoUsd: ledger.spending().heldMonthNanoUsd,
      calls: calls.get(lane) ?? 0,
      seconds: (endedMs - faulty.startedMs) / 1000,
      closedAfterMs: Math.max(0, closedAtMs - (comparisonZeroMs(comparison, time) + endedMs)),
    };
  };

  return {
    run,
    books: () => Buffer.concat(readdirSync(directory).map((name) => readFileSync(path.join(directory, name)))),
    [Symbol.asyncDispose]: async () => {
      ledger.close();
      for (const server of [plain, encrypted]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Books in memory where there is such a folder: they are written safely all the same, without waiting for a disk. */
const scratch = (): string => (existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir());

/** When the comparison's own clock stood at zero. */
const comparisonZeroMs = (comparison: Comparison, time: VirtualTime): number => time.nowMs() - comparison.nowMs;

async function quote(lane: LaneId, endpoint: Endpoint, fault: Fault | undefined, time: VirtualTime): Promise<Quote> {
  const row = {
    inputUsdPerMTok: 1,
    outputUsdPerMTok: 4,
    cacheReadUsdPerMTok: 0.1,
    cacheWriteUsdPerMTok: 1.25,
    asOf: '2026-11-22',
  };
  const overlay = { [`${lane}:m`]: row };
  const pricing = fault?.hasNoPrice ? { priceFor: async () => undefined } : createPricing({ overlay });
  const setup = { lane, endpoint, ref: { endpoint: lane, model: 'm' }, maxOutputTokens: MAX_OUTPUT_TOKENS };
  return quoteLane(TASK, setup, pricing, time.clock.date());
}

/** The healthy lane speaks as long as the fault lasts, but no more slowly than it is waited for. */
const wordSeconds = (fault: Fault, api: Api, lane: LaneId): number =>
  Math.min(100, Math.max(1, Math.ceil((fault.expected({ api, lane }).seconds ?? 0) / (HEALTHY_WORDS - 2))));

/** An answer as it should be, from before the fault until after it. */
async function playHealthy(line: Line, secondsAWord: number): Promise<void> {
  const { speech, time } = line;
  line.head();
  await line.send(speech.begin() + speech.think('Let me see.'));
  for (let word = 1; word <= HEALTHY_WORDS && !line.isClosed; word++) {
    await time.sleep(secondsAWord * 1000);
    await line.send(speech.say(`word ${word} `));
  }
  await line.send(speech.close('stop', HEALTHY_USAGE).join(''));
  line.end();
}

const entriesOf = (ledger: Ledger, comparisonId: string, lane: LaneId): readonly LedgerEntry[] =>
  ledger
    .entries(40)
    .filter((entry) => entry.comparisonId === comparisonId && entry.lane === lane)
    .reverse();

async function listen(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server has a TCP address
}

async function portWithoutServer(): Promise<number> {
  const server = http.createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
