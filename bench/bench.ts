/**
 * `npm run bench`: what the product costs the machine, as ratios to a floor measured in the same run: the least that any program could
 * do for the same bytes. Processor time, never wall-clock time; every figure is the least of several fresh processes, ours and the
 * floor's in turn, because other work on the machine only ever adds. In milliseconds are only `timing`, how true its clocks are, against a
 * server that stamps its own sends, `ledger`, whose reservations wait for the disk, and one column of `compile`. Prints one JSON
 * object. Nothing passes or fails here.
 *
 *   npm run bench                          all parts
 *   npm run bench -- --only=wire,race      some
 *   npm run bench -- --repetitions=9      steadier; 5 unless told
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../scripts/install.mjs';
import { Failure, main, run, step } from '../scripts/progress.mjs';
import { LANES } from '../src/shared/comparison.ts';
import { APIS, type Api } from '../src/shared/model.ts';
import { FRAMEWORKS, THREAD } from './compile.ts';
import { measureHistory } from './history.ts';
import { type Answer, CLOCKS, type Clock, type Job, type PanelAnswer, type PanelJob } from './jobs.ts';

const MANY = 100_000;
const FEW = 10_000;
const RACE = { deltas: 8000, perSecond: 2000 };
const FIRST_DELTA_ROUNDS = 100;
const PACES = [50, 500, 2000];
const RESERVES = { processes: 4, each: 50 };
/** Comparisons at each pace and on each wire. */
const TIMED_ROUNDS = 30;
const FRAME_MS = 1000 / 60;
/** Streams into the panel's page, one message a frame, each so often: 2,000 tokens a second of each lane, and eight times that. */
const PANEL = { tokens: 30_000, perFrame: [33, 250], rounds: 3 };
const FLAGS = ['--disable-warning=ExperimentalWarning'];
const EXTENSION = join(ROOT, 'dist', 'extension.js');
const PRODUCT = join(ROOT, 'dist', 'product.js');

/** A measured figure beside what it should be at most. */
interface Target {
  readonly id: string;
  readonly what: string;
  readonly measured: number;
  readonly atMost: number;
  readonly met: boolean;
}

interface Part {
  readonly figures: unknown;
  readonly targets: readonly Target[];
}

const PARTS = { wire, race, 'first-delta': firstDelta, timing, ledger, load, history, compile, preview } as const;
const NAMES = Object.keys(PARTS) as readonly (keyof typeof PARTS)[]; // the keys of a constant are its keys

const { values } = parseArgs({ options: { only: { type: 'string' }, repetitions: { type: 'string', default: '5' } } });
const repetitions = Number(values.repetitions);

await main(async () => {
  const chosen = values.only?.split(',') ?? NAMES;
  const unknown = chosen.find((name) => !NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Failure(`There is no part "${unknown}".`, `Parts: ${NAMES.join(', ')}.`);
  if (!Number.isInteger(repetitions) || repetitions < 3)
    throw new Failure('Fewer than 3 repetitions say nothing.', 'Use --repetitions=3 or more.');
  const server = await startServer();
  const load = { before: loadavg()[0], after: 0 };
  const parts: Record<string, Part> = {};
  try {
    for (const name of NAMES.filter((each) => chosen.includes(each))) {
      parts[name] = await step(`Measuring ${name}`, (note) => PARTS[name](server.url, note));
    }
  } finally {
    server.stop();
  }
  const report = {
    machine: {
      node: process.versions.node,
      processor: cpus()[0]?.model,
      cores: cpus().length,
      load: { ...load, after: loadavg()[0] },
    },
    repetitions,
    ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.figures])),
    targets: Object.values(parts).flatMap((part) => part.targets),
  };
  console.log(JSON.stringify(report, null, 2));
});

/** Processor time of one delta at full speed, over counting the bytes; and whether it grows with the length of the answer. */
async function wire(url: string, note: (text: string) => void): Promise<Part> {
  const jobs = APIS.flatMap((api): Job[] => [
    { kind: 'wire', side: 'floor', url, api, deltas: MANY },
    { kind: 'wire', side: 'ours', url, api, deltas: MANY },
    { kind: 'wire', side: 'ours', url, api, deltas: FEW },
  ]);
  const least = await measure(jobs, note);
  const rows = APIS.map((api, i) => {
    const [floor = Number.NaN, many = Number.NaN, few = Number.NaN] = least.slice(i * 3, i * 3 + 3).map(leastCpu);
    return {
      api,
      floorMicrosPerDelta: round((floor * 1000) / MANY),
      oursMicrosPerDelta: round((many * 1000) / MANY),
      ratio: round(many / floor),
      growth: round(many / MANY / (few / FEW)),
    };
  });
  return {
    figures: rows,
    targets: rows.flatMap(({ api, ratio, growth }) => [
      target('T2', `${api}: CPU of a delta at full speed, over fetch`, ratio, 2.5),
      target('T3', `${api}: CPU of a delta at ${MANY} deltas, over ${FEW}`, growth, 1.1),
    ]),
  };
}

/** The host's whole work on two fast streams, over fetching them; and what it hands on. */
async function race(url: string, note: (text: string) => void): Promise<Part> {
  const [floor = [], ours = []] = await measure(
    [
      { kind: 'race', side: 'floor', url, ...RACE },
      { kind: 'race', side: 'ours', url, ...RACE },
    ],
    note,
  );
  const seconds = RACE.deltas / RACE.perSecond;
  const batches = ours.flatMap((answer) => answer.batches ?? []);
  const least = (figures: readonly number[]): number => round(Math.min(...figures));
  const figures = {
    streams: `2 x ${RACE.perSecond} deltas/s for ${seconds} s`,
    floorCpuMs: floor.map(({ cpuMs }) => round(cpuMs)),
    oursCpuMs: ours.map(({ cpuMs }) => round(cpuMs)),
    ratio: round(leastCpu(ours) / leastCpu(floor)),
    ratioOfMedians: round(medianCpu(ours) / medianCpu(floor)),
    batchesPerSecond: round(Math.max(...batches.map(({ count }) => count)) / seconds),
    waitP50Ms: least(batches.map(({ waitP50Ms }) => waitP50Ms)),
    waitP95Ms: least(batches.map(({ waitP95Ms }) => waitP95Ms)),
  };
  return {
    figures,
    targets: [
      target('T1', 'CPU of a comparison, wire to message, over fetch', figures.ratio, 1.25),
      target('T5', 'messages a second for both lanes', figures.batchesPerSecond, 62.5),
      target('T9', 'wait of the oldest delta of a message, 95th percentile, ms; on a quiet machine', figures.waitP95Ms, 20),
    ],
  };
}

/** From asking to the first delta, on a warm connection. */
async function firstDelta(url: string, note: (text: string) => void): Promise<Part> {
  const jobs = APIS.flatMap((api) =>
    (['floor', 'ours'] as const).map((side): Job => ({ kind: 'first-delta', side, url, api, rounds: FIRST_DELTA_ROUNDS })),
  );
  const least = await measure(jobs, note);
  const rows = APIS.map((api, i) => {
    const [floor = Number.NaN, ours = Number.NaN] = least.slice(i * 2, i * 2 + 2).map(leastCpu);
    return { api, floorCpuMs: round(floor), oursCpuMs: round(ours), ratio: round(ours / floor) };
  });
  return {
    figures: rows,
    targets: rows.map(({ api, ratio }) => target('T4', `${api}: CPU to the first delta, over fetch`, ratio, 1.1)),
  };
}

/** How far our clocks are off, see timing.ts. In real time, and so once only; other work on the machine adds to it. */
async function timing(url: string, note: (text: string) => void): Promise<Part> {
  const rows: { api: Api; perSecond: number; lane: string; errorMs: Record<string, Spread>; travelMs: Spread }[] = [];
  for (const perSecond of PACES) {
    for (const api of APIS) {
      note(`${perSecond} tokens/s, ${api}`);
      const { timings = [] } = await inFreshProcess({ kind: 'timing', url, api, perSecond, rounds: TIMED_ROUNDS });
      for (const lane of LANES) {
        const runs = timings.filter((each) => each.lane === lane);
        const errorsOf = CLOCKS.map((clock) => [clock, runs.flatMap(({ errorsMs }) => errorsMs[clock] ?? [])] as const);
        const errorMs = Object.fromEntries(errorsOf.flatMap(([clock, all]) => (all.length > 0 ? [[clock, spread(all)]] : [])));
        rows.push({ api, perSecond, lane, errorMs, travelMs: spread(runs.map(({ travelMs }) => travelMs)) });
      }
    }
  }
  const worstAt = (perSecond: number, clock: Clock): number =>
    Math.max(...rows.flatMap((row) => (row.perSecond === perSecond ? (row.errorMs[clock]?.p95 ?? []) : [])));
  return {
    figures: { runs: `${TIMED_ROUNDS} a row; the reasoning lane thinks for half of its tokens`, rows },
    targets: PACES.flatMap((perSecond) =>
      (['firstReasoning', 'firstText', 'end'] as const).map((clock) =>
        target(
          'timing',
          `${clock} at ${perSecond} tokens/s: error, 95th percentile of the worst wire and lane, ms`,
          worstAt(perSecond, clock),
          5,
        ),
      ),
    ),
  };
}

interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Of the sizes of errors, whichever way they go. */
function spread(errorsMs: readonly number[]): Spread {
  const sizes = errorsMs.map(Math.abs).toSorted((a, b) => a - b);
  const at = (share: number): number => round(sizes[Math.ceil(sizes.length * share) - 1] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/**
 * How long a durable reservation takes while other processes reserve as well, beside what one flush to this disk takes. In real time:
 * other work on the machine adds to it.
 */
async function ledger(_url: string, note: (text: string) => void): Promise<Part> {
  const directory = mkdtempSync(join(tmpdir(), 'second-thought-bench-ledger-'));
  try {
    const job = { kind: 'ledger', directory, reserves: RESERVES.each } as const;
    note('the disk');
    const { durationsMs: flushes = [] } = await inFreshProcess({ ...job, side: 'floor' });
    note(`${RESERVES.processes} processes`);
    const answers = await Promise.all(Array.from({ length: RESERVES.processes }, () => inFreshProcess({ ...job, side: 'ours' })));
    const all = answers.flatMap(({ durationsMs = [] }) => durationsMs).toSorted((a, b) => a - b);
    const at = (share: number): number => round(all[Math.ceil(all.length * share) - 1] ?? Number.NaN);
    return {
      figures: {
        runs: `${RESERVES.processes} processes, ${RESERVES.each} reservations each, two lanes a reservation, in ${directory}`,
        reserveMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
        flushMs: spread(flushes),
      },
      targets: [
        target('ledger', 'a durable reservation, median, ms', at(0.5), 25),
        target('ledger', 'a durable reservation, 99th percentile, ms', at(0.99), 250),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Activation over that of an extension that does nothing, built the same way; and what the first use loads after it. */
async function load(_url: string, note: (text: string) => void): Promise<Part> {
  if (!existsSync(EXTENSION)) throw new Failure('There is no dist/extension.js to load.', 'Run: npm run package');
  const directory = mkdtempSync(join(tmpdir(), 'second-thought-bench-load-'));
  try {
    const empty = await buildEmptyExtension(directory);
    const jobs = [empty, EXTENSION, PRODUCT].map((file): Job => ({ kind: 'load', file }));
    const [floor = [], ours = [], firstUse = []] = await measure(jobs, note);
    const leastLoad = (answers: readonly Answer[]): number => Math.min(...answers.map(({ loadCpuMs = Number.NaN }) => loadCpuMs));
    const figures = {
      floorCpuMs: { load: round(leastLoad(floor)), activation: round(leastCpu(floor)) },
      oursCpuMs: { load: round(leastLoad(ours)), activation: round(leastCpu(ours)) },
      loadRatio: round(leastLoad(ours) / leastLoad(floor)),
      ratio: round(leastCpu(ours) / leastCpu(floor)),
      firstUseCpuMs: round(leastLoad(firstUse)),
      kib: round(statSync(EXTENSION).size / 1024),
      minified: !existsSync(`${EXTENSION}.map`),
    };
    return {
      figures,
      targets: [
        target('T8', 'CPU of loading the extension, over an empty one', figures.loadRatio, 1.5),
        target('T8', 'CPU of loading and activating it, over an empty one', figures.ratio, 1.5),
        target('T8', 'KiB that activation reads', figures.kib, 20),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** An extension that makes one thing to dispose of. Returns its bundle. */
async function buildEmptyExtension(directory: string): Promise<string> {
  const outfile = join(directory, 'extension.js');
  const contents = `import * as vscode from 'vscode';
export const activate = (context) => void context.subscriptions.push(new vscode.Disposable(() => undefined));
export const deactivate = () => undefined;`;
  writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}');
  await build({
    stdin: { contents },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
  });
  return outfile;
}

/** A preview of a component of 300 lines, see compile.ts. In milliseconds: how long it took as well, the least of all. */
async function compile(_url: string, note: (text: string) => void): Promise<Part> {
  if (!existsSync(THREAD)) throw new Failure('There is no dist/previewThread.js to measure.', 'Run: npm run package');
  const kinds = FRAMEWORKS.flatMap((framework) => (['cold', 'warm'] as const).map((phase) => ({ framework, phase })));
  const least = await measure(
    kinds.flatMap((kind): Job[] => [
      { kind: 'compile', side: 'floor', ...kind },
      { kind: 'compile', side: 'ours', ...kind },
    ]),
    note,
  );
  const rows = kinds.map((kind, i) => {
    const [floor = [], ours = []] = least.slice(i * 2, i * 2 + 2);
    return {
      ...kind,
      floorCpuMs: round(leastCpu(floor)),
      oursCpuMs: round(leastCpu(ours)),
      ratio: round(leastCpu(ours) / leastCpu(floor)),
      oursMs: round(Math.min(...ours.flatMap(({ durationsMs = [] }) => durationsMs))),
    };
  });
  return { figures: rows, targets: [] };
}

/** Two long pages streaming into the panel's page as code and as previews, over a page that shows figures alone; see panelPage.ts. */
async function preview(_url: string, note: (text: string) => void): Promise<Part> {
  const rows = [];
  for (const perFrame of PANEL.perFrame) {
    const answers: Record<PanelJob['view'], PanelAnswer[]> = { none: [], code: [], preview: [] };
    for (let round = 1; round <= PANEL.rounds; round++) {
      for (const view of ['none', 'code', 'preview'] as const) {
        note(`${perFrame} tokens a frame, ${view}, ${round} of ${PANEL.rounds}`);
        answers[view].push(await inFreshProcess<PanelAnswer>({ view, tokens: PANEL.tokens, perFrame }, 'panelPage.ts'));
      }
    }
    const [floor, code, drawn] = [answers.none, answers.code, answers.preview].map(panelFigures);
    if (!floor || !code || !drawn) throw new Error('three views give three rows');
    const over = (view: PanelFigures) => ({
      cpuRatio: round(view.cpuMsPerFrame / floor.cpuMsPerFrame),
      frameP95Ratio: round(view.frameP95Ms / floor.frameP95Ms),
    });
    rows.push({ perFrame, floor, code: { ...code, ...over(code) }, preview: { ...drawn, ...over(drawn) } });
  }
  const [row, flood] = rows;
  if (!row || !flood) throw new Error('two paces give two rows');
  const { preview: drawn, code, floor } = row;
  return {
    figures: { stream: `2 x ${PANEL.tokens} tokens of HTML, at 60 frames a second`, rows },
    targets: [
      target('T6', 'code: CPU of a frame, over figures alone', code.cpuRatio, 3),
      target('T6', 'previews: CPU of a frame, over figures alone', drawn.cpuRatio, 3),
      target(
        'T6',
        'previews: CPU of scripts, layout and paint of a frame, 95th percentile, over figures alone',
        drawn.frameP95Ratio,
        4,
      ),
      target(
        'T6',
        'previews: share of frames lost that figures alone hold; on a quiet machine',
        round(1 - drawn.held / floor.held),
        0.05,
      ),
      ...[drawn, flood.preview].flatMap((each, index) => [
        target('preview', `longest task at ${PANEL.perFrame[index]} tokens a frame, ms of CPU`, each.longestTaskMs, 50),
        target('preview', `frames without a preview at ${PANEL.perFrame[index]} tokens a frame`, each.blankFrames, 0),
        target(
          'preview',
          `ms from the last text to the last preview at ${PANEL.perFrame[index]} tokens a frame; on a quiet machine`,
          each.finalMs ?? Number.NaN,
          500,
        ),
      ]),
    ],
  };
}

interface PanelFigures {
  readonly cpuMsPerFrame: number;
  readonly frameP50Ms: number;
  readonly frameP95Ms: number;
  readonly longestTaskMs: number;
  readonly longTasks: number;
  /** Of the frames that a screen of 60 a second has time for, the share that was drawn. */
  readonly held: number;
  readonly loads: number;
  readonly blankFrames: number;
  readonly finalMs?: number;
}

/** The best of the rounds, because other work only ever adds; of blank frames all. */
function panelFigures(answers: readonly PanelAnswer[]): PanelFigures {
  const least = (of: (answer: PanelAnswer) => number): number => round(Math.min(...answers.map(of)));
  const finals = answers.flatMap(({ finalMs }) => finalMs ?? []);
  return {
    cpuMsPerFrame: least(({ cpuMs, frames }) => cpuMs / frames),
    frameP50Ms: least(({ frameP50Ms }) => frameP50Ms),
    frameP95Ms: least(({ frameP95Ms }) => frameP95Ms),
    longestTaskMs: least(({ longestTaskMs }) => longestTaskMs),
    longTasks: least(({ longTasks }) => longTasks),
    held: Math.min(1, round(Math.max(...answers.map(({ frames, streamMs }) => (frames * FRAME_MS) / streamMs)))),
    loads: Math.max(...answers.map(({ loads }) => loads)),
    blankFrames: answers.reduce((sum, { blankFrames }) => sum + blankFrames, 0),
    ...(finals.length > 0 ? { finalMs: round(Math.min(...finals)) } : {}),
  };
}

/** The history of many comparisons against that of few, see history.ts. */
async function history(_url: string, note: (text: string) => void): Promise<Part> {
  const rows = [];
  for (const comparisons of [100, 10_000]) {
    note(`${comparisons} comparisons`);
    rows.push(await measureHistory(comparisons));
  }
  const [few, many] = rows;
  return {
    figures: rows,
    targets: [
      target(
        'history',
        'opening with 10,000 over opening with 100, the list alone',
        (many?.openMs ?? Number.NaN) / (few?.openMs ?? 1),
        1.5,
      ),
      target(
        'history',
        'ms that opening takes longer with 10,000 than with 100',
        (many?.openMs ?? Number.NaN) - (few?.openMs ?? 0),
        50,
      ),
      target('history', 'ms of a search through 10,000', many?.searchMs ?? Number.NaN, 50),
      target('history', 'ms in which nothing else could run while 10,000 logs were read', many?.longestBlockMs ?? Number.NaN, 50),
    ],
  };
}

/** Does all jobs in turn, again and again, each in a fresh process. Returns the answers of each job. */
async function measure(jobs: readonly Job[], note: (text: string) => void): Promise<readonly (readonly Answer[])[]> {
  const answers = jobs.map((): Answer[] => []);
  for (let round = 1; round <= repetitions; round++) {
    note(`${round} of ${repetitions}`);
    for (const [i, job] of jobs.entries()) answers[i]?.push(await inFreshProcess(job));
  }
  return answers;
}

async function inFreshProcess<Reply = Answer>(job: Job | PanelJob, program = 'subject.ts'): Promise<Reply> {
  const output = await run(process.execPath, [...FLAGS, join(import.meta.dirname, program), JSON.stringify(job)], {
    cwd: ROOT,
    remedy: 'The message above says what did not come out as it should.',
  });
  return JSON.parse(output) as Reply; // each program answers its own kind of job
}

function leastCpu(answers: readonly Answer[]): number {
  return Math.min(...answers.map(({ cpuMs }) => cpuMs));
}

function medianCpu(answers: readonly Answer[]): number {
  return answers.map(({ cpuMs }) => cpuMs).toSorted((a, b) => a - b)[answers.length >> 1] ?? Number.NaN;
}

function target(id: string, what: string, measured: number, atMost: number): Target {
  return { id, what, measured, atMost, met: measured <= atMost };
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}

async function startServer(): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, [...FLAGS, join(import.meta.dirname, 'server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
