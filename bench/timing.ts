/**
 * Our clocks against a server that stamps its own sends: whole comparisons, both lanes at once, with journal, books and messages.
 *
 * What the log says of a moment (and so panel, table and summary) is its span from the start of the attempt. What is true is the span from
 * handing the request to the socket, stamped here, to the server's send, stamped there. Both stamps are on the one monotonic clock that
 * all processes of a machine share; that they do is tried before anything is measured. The difference is the error: a start stamped too
 * early or too late, and everything between the server's send and our stamp.
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fetch } from '../src/core/contracts.ts';
import { createNodeFetch } from '../src/core/providers/nodeFetch.ts';
import { LANES } from '../src/shared/comparison.ts';
import { summarise } from '../src/shared/summary.ts';
import { benchEngine, compare, endpointOf } from './engine.ts';
import { type Clock, type Job, machineMs, type Stamps, type Timing } from './jobs.ts';

/** How long an answer streams; the reasoning lane thinks for half as long before it, and so ends after the other one's books are written. */
const STREAM_SECONDS = 0.1;
const WARM_ROUNDS = 2;
/** After a run: the line closes, the books settle, and nothing of it falls into the next run. */
const REST_MS = 20;
const CLOCK_TRIALS = 20;

/** Runs a job's comparisons and returns how far each lane's clocks were off. */
export async function timeRuns({ url, api, perSecond, rounds }: Job & { kind: 'timing' }, scratch: string): Promise<Timing[]> {
  await tryClock(url);
  const deltas = Math.ceil(perSecond * STREAM_SECONDS);
  const thinking = Math.ceil(deltas / 2);
  const models = { fast: `timed-${deltas}-${perSecond}-0`, reasoning: `timed-${deltas}-${perSecond}-${thinking}` };
  const sentMs = new Map<string, number>();
  const engine = benchEngine(scratch, Object.values(models), stampingFetch(sentMs));
  const endpoint = endpointOf(url, api);
  const timings: Timing[] = [];
  for (let round = 0; round < WARM_ROUNDS + rounds; round++) {
    const { comparison } = await compare(engine, endpoint, models);
    const summary = summarise(comparison.state);
    for (const lane of LANES) {
      const { received, ...sends } = await stampsOf(url, models[lane]);
      const zeroMs = sentMs.get(models[lane]);
      const ours = summary[lane]?.timingsMs;
      assert.equal(summary[lane]?.finish, 'stop', summary[lane]?.errorMessage ?? '');
      assert.ok(ours && zeroMs !== undefined);
      assert.equal(Object.keys(sends).length, lane === 'fast' ? 4 : 5);
      const clocks = Object.keys(sends) as Clock[]; // the server names them so
      const errorsMs = clocks.map((clock) => {
        const [shownMs, trueMs] = [ours[clock], (sends[clock] ?? Number.NaN) - zeroMs];
        assert.ok(shownMs !== null, `${api}: no ${clock}`);
        return [clock, shownMs - trueMs] as const;
      });
      if (round >= WARM_ROUNDS) timings.push({ lane, errorsMs: Object.fromEntries(errorsMs), travelMs: received - zeroMs });
    }
    await sleep(REST_MS);
  }
  engine.close();
  return timings;
}

/** A fetch that notes for each model when Node handed its request to the socket. */
function stampingFetch(sentMs: Map<string, number>): Fetch {
  const asked = new AsyncLocalStorage<string>();
  const send = createNodeFetch();
  subscribe('http.client.request.start', () => {
    const model = asked.getStore();
    if (model !== undefined) sentMs.set(model, machineMs());
  });
  return (url, init) => {
    const { model } = JSON.parse(String(init?.body)) as { model: string }; // every wire names it so
    return asked.run(model, () => send(url, init));
  };
}

/** The server's clock reads between two readings of ours, again and again: it is the same clock. */
async function tryClock(url: string): Promise<void> {
  for (let trial = 0; trial < CLOCK_TRIALS; trial++) {
    const beforeMs = machineMs();
    const theirsMs = Number(await (await fetch(`${url}/clock`)).text());
    assert.ok(beforeMs <= theirsMs && theirsMs <= machineMs(), 'two processes of this machine do not share a clock');
  }
}

/** The stamps of the last answer of that model. */
async function stampsOf(url: string, model: string): Promise<Stamps> {
  const response = await fetch(`${url}/stamps/${model}`);
  assert.ok(response.ok);
  return (await response.json()) as Stamps; // the benchmark's own server
}
