/**
 * One measured process: does one job, prints one line of JSON. Modules are loaded and connections opened before the measuring begins,
 * except where loading is what is measured. A result that is not complete is an error, never a figure.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Api } from '../src/shared/model.ts';
import type { Answer, Job } from './jobs.ts';
import { deltasOf, MARKS } from './wires.ts';

const WARM_ROUNDS = 20;

const PATH: Readonly<Record<Api, string>> = {
  'openai-responses': '/v1/responses',
  'openai-chat': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
};

/** Node's own modules that the extension host has long loaded when an extension activates. */
const HOST_MODULES = ['node:http', 'node:https', 'node:zlib', 'node:crypto', 'node:fs/promises', 'node:child_process'];

/** As much of `vscode` as activation asks for: values whose members, results and instances are themselves, and cost next to nothing. */
const STUB = `const anything = new Proxy(function () {}, { get: () => anything, apply: () => anything, construct: () => anything });
module.exports = { commands: anything, window: anything, workspace: anything, Disposable: anything, EventEmitter: anything };
`;

const scratch = mkdtempSync(join(tmpdir(), 'second-thought-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const job = JSON.parse(process.argv[2] ?? '') as Job;
process.stdout.write(`${JSON.stringify(await answer(job))}\n`, () => process.exit());

function answer(job: Job): Promise<Answer> {
  switch (job.kind) {
    case 'wire':
      return readWire(job);
    case 'race':
      return job.side === 'floor' ? raceFloor(job) : raceOurs(job);
    case 'first-delta':
      return firstDelta(job);
    case 'timing':
      return timing(job);
    case 'ledger':
      return reserve(job);
    case 'compile':
      return makePreview(job);
    case 'load':
      return load(job);
  }
}

async function readWire({ side, url, api, deltas }: Job & { kind: 'wire' }): Promise<Answer> {
  const read = side === 'floor' ? rawReader(url, api) : await ourReader(url, api);
  await read('burst-20');
  const begun = process.cpuUsage();
  const size = await read(`burst-${deltas}`);
  const cpuMs = since(begun);
  if (side === 'ours') assert.equal(size, lengthOf(deltas));
  else assert.ok(size > lengthOf(deltas));
  return { cpuMs };
}

async function firstDelta({ side, url, api, rounds }: Job & { kind: 'first-delta' }): Promise<Answer> {
  const read = side === 'floor' ? rawReader(url, api) : await ourReader(url, api);
  const figures: number[] = [];
  for (let round = 0; round < WARM_ROUNDS + rounds; round++) {
    let cpuMs: number | undefined;
    const begun = process.cpuUsage();
    await read('events-10', () => {
      cpuMs ??= since(begun);
    });
    assert.ok(cpuMs !== undefined);
    if (round >= WARM_ROUNDS) figures.push(cpuMs);
    await setImmediate(); // the connection goes back to its pool
  }
  return { cpuMs: quantile(figures, 0.5) };
}

/** Reads a whole answer and returns its size: bytes on the wire, or characters of text. */
type Reader = (model: string, onFirstDelta?: () => void) => Promise<number>;

function rawReader(url: string, api: Api): Reader {
  return async (model, onFirstDelta) => {
    const body = JSON.stringify({ model, input: 'x', stream: true });
    const response = await fetch(url + PATH[api], { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const reader = response.body?.getReader();
    assert.ok(response.ok && reader);
    const decoder = new TextDecoder();
    let seen = '';
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return bytes;
      bytes += value.byteLength;
      if (!onFirstDelta) continue;
      seen += decoder.decode(value, { stream: true });
      if (seen.includes(MARKS[api].text)) onFirstDelta();
    }
  };
}

async function ourReader(url: string, api: Api): Promise<Reader> {
  const { endpointOf } = await import('./engine.ts');
  const { createProvider, DEFAULT_LIMITS } = await import('../src/core/providers/index.ts');
  const { createNodeFetch } = await import('../src/core/providers/nodeFetch.ts');
  const provider = createProvider(endpointOf(url, api), { fetch: createNodeFetch() });
  await provider.prepare();
  return async (model, onFirstDelta) => {
    const request = { model, system: 's', parts: [{ type: 'text', text: 'x' }], maxOutputTokens: 100_000 } as const;
    let characters = 0;
    let finish: string | undefined;
    for await (const event of provider.stream(request, { signal: new AbortController().signal, limits: DEFAULT_LIMITS.fast })) {
      if (event.type === 'text-delta') {
        onFirstDelta?.();
        characters += event.text.length;
      } else if (event.type === 'finish') finish = event.reason;
    }
    assert.equal(finish, 'stop');
    return characters;
  };
}

async function raceFloor({ url, deltas, perSecond }: Job & { kind: 'race' }): Promise<Answer> {
  const read = rawReader(url, 'openai-responses');
  const both = (model: string): Promise<number[]> => Promise.all([read(model), read(model)]);
  await both('paced-100-500');
  const begun = process.cpuUsage();
  for (const bytes of await both(`paced-${deltas}-${perSecond}`)) assert.ok(bytes > lengthOf(deltas));
  return { cpuMs: since(begun) };
}

async function raceOurs({ url, deltas, perSecond }: Job & { kind: 'race' }): Promise<Answer> {
  const { benchEngine, compare, endpointOf } = await import('./engine.ts');
  const models = { warm: 'paced-100-500', measured: `paced-${deltas}-${perSecond}` };
  const engine = benchEngine(scratch, Object.values(models));
  const endpoint = endpointOf(url, 'openai-responses');
  const race = async (model: string) => {
    let begun = process.cpuUsage();
    const compared = await compare(engine, endpoint, { fast: model, reasoning: model }, () => {
      begun = process.cpuUsage();
    });
    return { ...compared, cpuMs: since(begun) };
  };

  await race(models.warm);
  const { cpuMs, comparison, waitsMs, count, posted } = await race(models.measured);
  const stored = engine.journal.read(comparison.id);
  for (const run of [comparison.state.runs.fast, stored?.state.runs.reasoning]) {
    assert.equal(run?.finish, 'stop', run?.error?.message);
    assert.equal(run.text.length, lengthOf(deltas));
  }
  assert.ok(posted > 2 * lengthOf(deltas));
  engine.close();
  return { cpuMs, batches: { count, waitP50Ms: quantile(waitsMs, 0.5), waitP95Ms: quantile(waitsMs, 0.95) } };
}

async function timing(job: Job & { kind: 'timing' }): Promise<Answer> {
  const { timeRuns } = await import('./timing.ts');
  const begun = process.cpuUsage();
  const timings = await timeRuns(job, scratch);
  return { cpuMs: since(begun), timings };
}

async function reserve({ side, directory, reserves }: Job & { kind: 'ledger' }): Promise<Answer> {
  const { flushAgain, reserveAgain } = await import('./ledger.ts');
  const begun = process.cpuUsage();
  const durationsMs = side === 'floor' ? flushAgain(directory, reserves) : await reserveAgain(directory, reserves);
  return { cpuMs: since(begun), durationsMs };
}

async function makePreview(job: Job & { kind: 'compile' }): Promise<Answer> {
  const { compile } = await import('./compile.ts');
  const figures: number[] = [];
  const durationsMs: number[] = [];
  let begun = process.cpuUsage();
  let begunMs = 0;
  await compile(
    job,
    () => {
      begun = process.cpuUsage();
      begunMs = performance.now();
    },
    () => {
      figures.push(since(begun));
      durationsMs.push(performance.now() - begunMs);
    },
  );
  return { cpuMs: quantile(figures, 0.5), durationsMs };
}

async function load({ file }: Job & { kind: 'load' }): Promise<Answer> {
  const require = createRequire(import.meta.url);
  for (const name of HOST_MODULES) require(name);
  const stub = join(scratch, 'vscode.cjs');
  writeFileSync(stub, STUB);
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode'
        ? { url: pathToFileURL(stub).href, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  });
  require('vscode');
  const packageJSON = require(join(import.meta.dirname, '..', 'package.json')) as unknown;
  const context = { extension: { packageJSON }, subscriptions: [] as unknown[] };
  const begun = process.cpuUsage();
  const { activate } = require(file) as { activate?: (given: typeof context) => unknown };
  const loadCpuMs = since(begun);
  activate?.(context);
  const cpuMs = since(begun);
  assert.equal(context.subscriptions.length > 0, activate !== undefined);
  return { cpuMs, loadCpuMs };
}

function since(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function quantile(figures: readonly number[], share: number): number {
  const figure = figures.toSorted((a, b) => a - b)[Math.floor((figures.length - 1) * share)];
  assert.ok(figure !== undefined);
  return figure;
}

function lengthOf(deltas: number): number {
  return deltasOf(deltas).join('').length;
}
