/**
 * The embedded default: two scripted samples, not models, that need no key and no network.
 *
 * They are the real adapters, one on each of two wires, with a `fetch` that plays recorded bytes at a realistic pace. So everything
 * behind the wire is the product as it is: decoding, clocks, meters, diff. Asked anything but a bundled task they say what they are.
 */
import type { Api } from '../../shared/model.ts';
import type { Clock, Endpoint, Fetch, Provider, ReadSample } from '../contracts.ts';
import { createProvider } from './index.ts';
import { recogniseTask, type SampleMaterial, type SampleTask } from './sampleTasks.ts';

export type { SampleTask } from './sampleTasks.ts';

export const SAMPLE_MODELS = ['fast', 'reasoning'] as const;
export type SampleModel = (typeof SAMPLE_MODELS)[number];
export const isSampleModel = (model: string): model is SampleModel => SAMPLE_MODELS.some((known) => known === model);

/** The wire each sample speaks. */
const API: Record<SampleModel, Api> = { fast: 'openai-responses', reasoning: 'anthropic-messages' };

/** One row for both samples, though each has a wire of its own: make their provider with {@link createSampleProvider}. */
export const SAMPLE_ENDPOINT: Endpoint = {
  id: 'sample',
  label: 'Scripted sample, not a model',
  api: 'openai-responses',
  baseUrl: 'https://sample.invalid',
  needsKey: false,
  scripted: true,
  suggestedModels: SAMPLE_MODELS,
};

export interface SampleDeps {
  /** Reads what `scripts/record-samples.mjs` wrote. */
  readonly readFile: ReadSample;
  readonly clock?: Pick<Clock, 'nowMs'>;
  /** Resolves after that time, or at once when the signal aborts. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How many times faster than life; 1 if absent. */
  readonly speed?: number;
}

/** A scripted sample as a provider. Its stream, errors and endings are those of the real adapter. */
export function createSampleProvider(model: SampleModel, deps: SampleDeps): Provider {
  const provider = createProvider({ ...SAMPLE_ENDPOINT, api: API[model] }, { fetch: sampleFetch(model, deps) });
  return {
    prepare: async () => {
      await Promise.all([provider.prepare(), readIndex(deps.readFile)]);
    },
    stream: (request, options) => provider.stream(request, options),
    listModels: async () => SAMPLE_MODELS.map((id) => ({ id, label: SAMPLE_ENDPOINT.label, imageInput: true })),
  };
}

/** The bundled tasks, for "Run the Sample Comparison" and the command line; `file` is relative to the sample workspace. */
export async function sampleTasks(readFile: ReadSample): Promise<readonly SampleTask[]> {
  const { tasks } = await readIndex(readFile);
  return tasks.map(({ id, title, kind, file, instruction }) => ({
    id,
    title,
    kind,
    file,
    ...(instruction ? { instruction } : {}),
  }));
}

/** A `fetch` that answers every call with a recording. */
function sampleFetch(model: SampleModel, deps: SampleDeps): Fetch {
  const { readFile, clock = { nowMs: () => performance.now() }, sleep = sleepFor, speed = 1 } = deps;
  return async (_url, init) => {
    const startMs = clock.nowMs();
    const signal = init?.signal ?? new AbortController().signal;
    const { tasks, unknown } = await readIndex(readFile);
    const task = await recogniseTask(await new Response(init?.body ?? null).json(), tasks);
    const recording = (task?.recordings ?? unknown)[model];
    const events = splitEvents(await readFile(recording.file));
    const dueMs = dueTimes(recording.plan).map((ms) => startMs + ms / speed);
    if (dueMs.length !== events.length) throw new Error(`${recording.file} does not fit its plan; build the samples again`);
    signal.throwIfAborted();
    return new Response(play(events, dueMs, { clock, sleep, signal }), { headers: { 'content-type': 'text/event-stream' } });
  };
}

interface Playing {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly sleep: NonNullable<SampleDeps['sleep']>;
  readonly signal: AbortSignal;
}

/** Each event at its own time, on one clock from the request on; a late reader gets all that is due, so the pace does not drift. */
function play(
  events: readonly Uint8Array[],
  dueMs: readonly number[],
  { clock, sleep, signal }: Playing,
): ReadableStream<Uint8Array> {
  let next = 0;
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const waitMs = (dueMs[next] ?? 0) - clock.nowMs();
    if (waitMs > 0) await sleep(waitMs, signal);
    if (signal.aborted) {
      controller.error(signal.reason);
      return;
    }
    const nowMs = clock.nowMs();
    do {
      const event = events[next++];
      if (event) controller.enqueue(event);
    } while (next < events.length && (dueMs[next] ?? 0) <= nowMs);
    if (next >= events.length) controller.close();
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}

/** What the recorder wrote beside the streams. */
interface SampleIndex {
  readonly tasks: readonly (SampleTask & {
    readonly materials: readonly SampleMaterial[];
    readonly recordings: Record<SampleModel, Recording>;
  })[];
  /** For everything else: says that this is a scripted sample and what to do. */
  readonly unknown: Record<SampleModel, Recording>;
}

interface Recording {
  readonly file: string;
  readonly plan: readonly Step[];
}

/** That many events, the first due at `startMs` after the request, each next one `everyMs` later. */
interface Step {
  readonly events: number;
  readonly startMs: number;
  readonly everyMs: number;
}

async function readIndex(readFile: ReadSample): Promise<SampleIndex> {
  // Our own build wrote it, and a test reads every recording it names.
  return JSON.parse(new TextDecoder().decode(await readFile('index.json'))) as SampleIndex;
}

const dueTimes = (plan: readonly Step[]): readonly number[] =>
  plan.flatMap(({ events, startMs, everyMs }) => Array.from({ length: events }, (_, i) => startMs + i * everyMs));

/** Server-sent events with the blank line that ends each. */
function splitEvents(bytes: Uint8Array): readonly Uint8Array[] {
  const events: Uint8Array[] = [];
  const lineFeed = 10;
  let start = 0;
  for (let i = 1; i < bytes.length; i++) {
    if (bytes[i] !== lineFeed || bytes[i - 1] !== lineFeed) continue;
    events.push(bytes.subarray(start, i + 1));
    start = i + 1;
  }
  return events;
}

function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
