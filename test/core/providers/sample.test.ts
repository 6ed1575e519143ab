/**
 * The scripted samples, through the real adapters: what is played, at what pace, to which question, and what everything else is told.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { StreamLimits } from '../../../src/core/contracts.ts';
import { promptFor, promptParts } from '../../../src/core/prompt.ts';
import {
  createSampleProvider,
  isSampleModel,
  SAMPLE_ENDPOINT,
  SAMPLE_MODELS,
  type SampleDeps,
  type SampleModel,
  type SampleTask,
  sampleTasks,
} from '../../../src/core/providers/sample.ts';
import { taskFromBytes } from '../../../src/core/task.ts';
import type { MessagePart, ModelRequest, StreamEvent } from '../../../src/shared/model.ts';

const ROOT = path.join(import.meta.dirname, '..', '..', '..');
const WORKSPACE = path.join(ROOT, 'media', 'samples', 'workspace');
const ANSWERS = path.join(ROOT, 'scripts', 'sample-answers');
const LIMITS: StreamLimits = { firstByteMs: 60_000, idleMs: 60_000, progressMs: 60_000 };

interface Recorder {
  recordSamples(outDir: string): Promise<void>;
  pieces(text: string): readonly string[];
}

let recorder: Recorder;
let recordings = '';
let tasks: readonly SampleTask[] = [];
const readSample = (name: string): Promise<Uint8Array> => readFile(path.join(recordings, name));

before(async () => {
  recordings = await mkdtemp(path.join(os.tmpdir(), 'sample-recordings-'));
  // The recorder is plain JavaScript, for the build's Node; its documented shape is asserted by its use here.
  recorder = (await import(pathToFileURL(path.join(ROOT, 'scripts', 'record-samples.mjs')).href)) as Recorder;
  await recorder.recordSamples(recordings);
  tasks = await sampleTasks(readSample);
});
after(() => rm(recordings, { recursive: true, force: true }));

/** A clock that only sleeping moves. `wakes` are the times slept until; `lateMs` is by how much every sleep is too long. */
function fakeTime({ lateMs = 0 } = {}): { readonly wakes: number[]; readonly deps: Pick<SampleDeps, 'clock' | 'sleep'> } {
  let nowMs = 1000;
  const wakes: number[] = [];
  return {
    wakes,
    deps: {
      clock: { nowMs: () => nowMs },
      sleep: async (ms) => {
        wakes.push(nowMs + ms - 1000);
        nowMs += ms + lateMs;
      },
    },
  };
}

const answerOf = async (name: string): Promise<string> => (await readFile(path.join(ANSWERS, `${name}.md`), 'utf8')).trimEnd();
const bytesOf = (file: string): Promise<Uint8Array> => readFile(path.join(WORKSPACE, file));

/** The request that the product would send for a file; the options are how a person may ask differently. */
async function requestFor(
  file: string,
  ask: {
    instruction?: string | undefined;
    name?: string;
    prompt?: string;
    adaptedTo?: SampleModel;
    change?: (text: string) => string;
  } = {},
): Promise<ModelRequest> {
  const { change } = ask;
  const original = await bytesOf(file);
  const bytes = change ? new TextEncoder().encode(change(new TextDecoder().decode(original))) : original;
  const name = ask.name ?? path.basename(file);
  const task = taskFromBytes({ source: { uri: `file:///${name}`, name }, bytes, instruction: ask.instruction ?? '' });
  const prompt = promptFor(task, ask.adaptedTo);
  return requestOf(promptParts(task, ask.prompt ?? prompt.text), prompt.system);
}

const requestOf = (parts: readonly MessagePart[], system = 'Answer.'): ModelRequest => ({
  model: 'sample',
  system,
  parts,
  maxOutputTokens: 8000,
});

async function play(model: SampleModel, request: ModelRequest, deps: Partial<SampleDeps> = {}): Promise<readonly StreamEvent[]> {
  const provider = createSampleProvider(model, { readFile: readSample, ...fakeTime().deps, ...deps });
  const events: StreamEvent[] = [];
  for await (const event of provider.stream(request, { signal: new AbortController().signal, limits: LIMITS }))
    events.push(event);
  return events;
}

const textOf = (events: readonly StreamEvent[], type: 'text-delta' | 'reasoning-delta'): string =>
  events.map((event) => (event.type === type ? event.text : '')).join('');

const countOf = (events: readonly StreamEvent[], type: StreamEvent['type']): number =>
  events.filter((event) => event.type === type).length;

/** The task whose scripted answer is played; undefined for the text that everything else is told. */
async function recognised(model: SampleModel, request: ModelRequest): Promise<string | undefined> {
  const events = await play(model, request);
  assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' });
  const text = textOf(events, 'text-delta');
  for (const { id } of tasks) if (text === (await answerOf(`${id}.${model}`))) return id;
  assert.match(text, /scripted sample, not a model/);
  return undefined;
}

describe('recordings', () => {
  test('every task is known by words that are adapted to the lane, too', async () => {
    for (const { id, file, instruction } of tasks)
      for (const model of SAMPLE_MODELS)
        assert.equal(await recognised(model, await requestFor(file, { instruction, adaptedTo: model })), id, `${id} ${model}`);
  });

  test('every task is played to its text, thinking and usage by both samples', async () => {
    assert.equal(tasks.length, 3);
    for (const task of tasks) {
      for (const model of SAMPLE_MODELS) {
        const events = await play(model, await requestFor(task.file, { instruction: task.instruction }));
        const thinking = model === 'reasoning' ? await answerOf(`${task.id}.reasoning.thinking`) : '';
        const text = await answerOf(`${task.id}.${model}`);
        assert.equal(textOf(events, 'text-delta'), text, `${task.id} ${model}`);
        assert.equal(textOf(events, 'reasoning-delta'), thinking, `${task.id} ${model}`);
        assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' });
        const start = events.find((event) => event.type === 'response-start');
        assert.equal(start?.servedModel, 'scripted sample');
        const usage = events.findLast((event) => event.type === 'usage')?.usage;
        const reasoningTokens = model === 'reasoning' ? 480 : 0;
        assert.equal(usage?.basis, 'reported');
        assert.equal(usage?.reasoningTokens, reasoningTokens);
        assert.equal(usage?.outputTokens, reasoningTokens + recorder.pieces(text).length);
        assert.ok((usage?.inputTokens ?? 0) > 300, 'input tokens');
      }
    }
  });

  test('recording twice gives the same bytes', async () => {
    const again = await mkdtemp(path.join(os.tmpdir(), 'sample-recordings-'));
    try {
      await recorder.recordSamples(again);
      for (const name of ['index.json', 'unknown.fast.sse', 'landing.reasoning.sse', 'pricing-card.fast.sse']) {
        assert.deepEqual(await readFile(path.join(again, name)), await readSample(name), name);
      }
    } finally {
      await rm(again, { recursive: true, force: true });
    }
  });

  test('pieces lose nothing', () => {
    for (const text of ['', ' a  b\n\n\t c ', 'naïve e\u0301 👍🏽 12345 {}();\r\n', 'internationalisation']) {
      assert.equal(recorder.pieces(text).join(''), text);
    }
  });

  test('the instruction is the one that stands in the code', async () => {
    const code = new TextDecoder().decode(await bytesOf('format-duration.ts')).replace(/\s*\n \* /g, ' ');
    const instruction = tasks.find((task) => task.kind === 'code')?.instruction ?? '-';
    assert.ok(code.includes(instruction), instruction);
  });

  test('the picture is the one whose page lies beside it, unchanged', async () => {
    const digest = createHash('sha256').update(await bytesOf('landing/reference.png'));
    assert.equal(digest.digest('hex'), '6873db6f6868676dd2e1377c5edd29d20faa160fb17c3a1d91d617db5e0afb65');
  });
});

describe('pace', () => {
  const pricingCard = (): Promise<ModelRequest> => requestFor('pricing-card.md');
  const near = (actual: number | undefined, expected: number): void =>
    assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1, `${actual} is not about ${expected}`);

  test('fast begins after 0.4 s and goes on at 90 tokens a second', async () => {
    const time = fakeTime();
    const deltas = countOf(await play('fast', await pricingCard(), time.deps), 'text-delta');
    assert.equal(time.wakes.length, 1 + deltas + 1);
    near(time.wakes[1], 400);
    near(time.wakes[1 + 90], 400 + 1000);
    near(time.wakes.at(-1), 400 + (deltas / 90) * 1000);
  });

  test('reasoning thinks for 8 s with its summary spread over them, then answers at 60 tokens a second', async () => {
    const time = fakeTime();
    const events = await play('reasoning', await pricingCard(), time.deps);
    const thoughts = countOf(events, 'reasoning-delta');
    const deltas = countOf(events, 'text-delta');
    const thinking = time.wakes.slice(0, thoughts);
    near(thinking[0], 300);
    near(thinking[Math.floor(thoughts / 2)], 300 + (8000 * Math.floor(thoughts / 2)) / thoughts);
    assert.ok((thinking.at(-1) ?? 0) > 8200);
    const answering = time.wakes.slice(thoughts);
    near(answering[0], 8300);
    near(answering[60], 9300);
    near(answering.at(-1), 8300 + (deltas / 60) * 1000);
  });

  test('late timers do not add up, and speed divides all', async () => {
    const time = fakeTime({ lateMs: 30 });
    const deltas = countOf(await play('fast', await pricingCard(), { ...time.deps, speed: 2 }), 'text-delta');
    near(time.wakes[0], 100);
    assert.ok((time.wakes.at(-1) ?? 0) <= (400 + (deltas / 90) * 1000) / 2 + 1);
    assert.ok(time.wakes.length < deltas / 2, 'what was due meanwhile comes together');
  });

  test('a stop is obeyed in the middle of a wait', async () => {
    for (const model of SAMPLE_MODELS) {
      const stop = new AbortController();
      let sleeps = 0;
      const sleep: SampleDeps['sleep'] = (_ms, signal) => {
        sleeps++;
        if (sleeps <= 20) return Promise.resolve();
        queueMicrotask(() => stop.abort());
        // Only the abort ends this wait.
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      };
      const provider = createSampleProvider(model, { readFile: readSample, clock: { nowMs: () => 0 }, sleep });
      const events: StreamEvent[] = [];
      for await (const event of provider.stream(await pricingCard(), { signal: stop.signal, limits: LIMITS })) events.push(event);
      assert.equal(sleeps, 21, model);
      const last = events.at(-1);
      assert.ok(last?.type === 'finish' && last.reason === 'aborted', JSON.stringify(last));
      assert.equal(countOf(events, 'finish'), 1);
    }
  });

  test('stopped before it began, it sends nothing', async () => {
    const provider = createSampleProvider('fast', { readFile: readSample, ...fakeTime().deps });
    const events: StreamEvent[] = [];
    for await (const event of provider.stream(await pricingCard(), { signal: AbortSignal.abort(), limits: LIMITS }))
      events.push(event);
    const last = events.at(-1);
    assert.ok(last?.type === 'finish' && last.reason === 'aborted', JSON.stringify(last));
    assert.equal(countOf(events, 'text-delta'), 0);
  });
});

describe('recognising', () => {
  const INSTRUCTION = 'Fix the wrong output and add days. Show the largest unit and the next smaller one, rounded. ';
  const cases: readonly {
    readonly name: string;
    readonly file: string;
    readonly ask?: Parameters<typeof requestFor>[1];
    readonly task: string | undefined;
  }[] = [
    { name: 'the spec as it is', file: 'pricing-card.md', task: 'pricing-card' },
    { name: 'CRLF', file: 'pricing-card.md', ask: { change: (text) => text.replaceAll('\n', '\r\n') }, task: 'pricing-card' },
    { name: 'a byte order mark', file: 'pricing-card.md', ask: { change: (text) => `\uFEFF${text}` }, task: 'pricing-card' },
    {
      name: 'other white space',
      file: 'pricing-card.md',
      ask: { change: (text) => text.replaceAll(' ', '\t ') },
      task: 'pricing-card',
    },
    { name: 'no last line break', file: 'pricing-card.md', ask: { change: (text) => text.trimEnd() }, task: 'pricing-card' },
    { name: 'another file name', file: 'pricing-card.md', ask: { name: 'Untitled (1).md' }, task: 'pricing-card' },
    {
      name: 'a wish for just that',
      file: 'pricing-card.md',
      ask: { instruction: 'Build this card as HTML, please.' },
      task: 'pricing-card',
    },
    { name: 'no prompt', file: 'pricing-card.md', ask: { prompt: '' }, task: 'pricing-card' },
    { name: 'another wish', file: 'pricing-card.md', ask: { instruction: 'Make the button green.' }, task: undefined },
    { name: 'a rewritten prompt', file: 'pricing-card.md', ask: { prompt: 'Translate this to French.' }, task: undefined },
    { name: 'a changed spec', file: 'pricing-card.md', ask: { change: (text) => text.replace('$24', '$25') }, task: undefined },
    { name: 'half a spec', file: 'pricing-card.md', ask: { change: (text) => text.slice(0, text.length / 2) }, task: undefined },
    {
      name: 'more than the spec',
      file: 'pricing-card.md',
      ask: { change: (text) => `${text}\nAnd a dark theme.` },
      task: undefined,
    },
    { name: 'the picture', file: 'landing/reference.png', task: 'landing' },
    { name: 'the page of the picture', file: 'landing/index.html', task: 'landing' },
    { name: 'the picture and another wish', file: 'landing/reference.png', ask: { instruction: 'In red' }, task: undefined },
    { name: 'the page as code', file: 'landing/index.html', ask: { instruction: 'Make it red' }, task: undefined },
    {
      name: 'code, in about those words',
      file: 'format-duration.ts',
      ask: {
        instruction: `${INSTRUCTION.toUpperCase()} Singular for 1, "0 seconds" for zero, a leading minus for negative ones, RangeError for NaN and infinity`,
      },
      task: 'format-duration',
    },
    {
      name: 'code with another instruction',
      file: 'format-duration.ts',
      ask: { instruction: 'Write tests for this function.' },
      task: undefined,
    },
    {
      name: 'changed code',
      file: 'format-duration.ts',
      ask: { instruction: INSTRUCTION, change: (text) => text.replace('60', '61') },
      task: undefined,
    },
  ];
  for (const { name, file, ask, task } of cases) {
    test(`${name}: ${task ?? 'not a sample task'}`, async () => {
      const request = await requestFor(file, ask);
      for (const model of SAMPLE_MODELS) assert.equal(await recognised(model, request), task, model);
    });
  }

  test('another picture, alone or beside the known one, is not the landing page', async () => {
    const request = await requestFor('landing/reference.png');
    const other: MessagePart = { type: 'image', mediaType: 'image/png', base64: 'iVBORw0KGgo=' };
    for (const parts of [[other], [...request.parts, other]]) assert.equal(await recognised('fast', requestOf(parts)), undefined);
  });

  test('asked anything else, it says at once what it is and what to do, without code or usage', async () => {
    for (const model of SAMPLE_MODELS) {
      const time = fakeTime();
      const events = await play(model, requestOf([{ type: 'text', text: 'What is the time?' }]), time.deps);
      const text = textOf(events, 'text-delta');
      for (const words of ['scripted sample, not a model', 'Second Thought: Set API Key', 'needs no key', 'pricing-card.md']) {
        assert.ok(text.includes(words), words);
      }
      assert.doesNotMatch(text, /```|^#/m);
      assert.doesNotMatch(text, /\{tasks\}/);
      assert.equal(countOf(events, 'reasoning-delta'), 0);
      assert.equal(countOf(events, 'usage'), 0, 'nobody counted, so nothing is reported');
      assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' });
      assert.ok((time.wakes[0] ?? 0) < 20 && (time.wakes.at(-1) ?? 0) < 1500);
    }
  });
});

describe('the code answers', () => {
  const HOUR = 3_600_000;
  const cases: readonly { readonly ms: number; readonly words: string; readonly fastIsWrong?: boolean }[] = [
    { ms: 125_000, words: '2 minutes 5 seconds' },
    { ms: 2 * HOUR, words: '2 hours' },
    { ms: 61_000, words: '1 minute 1 second' },
    { ms: 25 * HOUR, words: '1 day 1 hour' },
    { ms: -90_000, words: '-1 minute 30 seconds' },
    { ms: 0, words: '0 seconds', fastIsWrong: true },
    { ms: -0, words: '0 seconds', fastIsWrong: true },
    { ms: -300, words: '0 seconds', fastIsWrong: true },
    { ms: 59_600, words: '1 minute', fastIsWrong: true },
    { ms: 3_599_600, words: '1 hour', fastIsWrong: true },
    { ms: 2 * HOUR - 1000, words: '2 hours', fastIsWrong: true },
    { ms: 24 * HOUR - 20_000, words: '1 day', fastIsWrong: true },
    { ms: 24 * HOUR + 300_000, words: '1 day', fastIsWrong: true },
    { ms: 48 * HOUR - 1, words: '2 days', fastIsWrong: true },
  ];

  async function compiled(model: SampleModel): Promise<(ms: number) => string> {
    const code = /```ts\n([\s\S]*?)```/.exec(await answerOf(`format-duration.${model}`))?.[1] ?? '';
    const url = `data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(code))}`;
    return ((await import(url)) as { formatDuration: (ms: number) => string }).formatDuration;
  }

  test('reasoning does what was asked; fast makes its slips', async () => {
    const [fast, reasoning] = await Promise.all([compiled('fast'), compiled('reasoning')]);
    for (const { ms, words, fastIsWrong = false } of cases) {
      assert.equal(reasoning(ms), words, `reasoning ${ms}`);
      assert.equal(fast(ms) !== words, fastIsWrong, `fast ${ms}: ${fast(ms)}`);
    }
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => fast(ms), RangeError);
      assert.throws(() => reasoning(ms), RangeError);
    }
  });
});

test('the endpoint says what it is and lists both samples without a call', async () => {
  assert.match(SAMPLE_ENDPOINT.label, /not a model/);
  assert.equal(SAMPLE_ENDPOINT.scripted, true);
  const noFile = (): Promise<Uint8Array> => Promise.reject(new Error('nothing to read'));
  const models = await createSampleProvider('fast', { readFile: noFile }).listModels(new AbortController().signal);
  assert.deepEqual(
    models.map((model) => model.id),
    ['fast', 'reasoning'],
  );
  assert.deepEqual(['fast', 'other'].map(isSampleModel), [true, false]);
});
