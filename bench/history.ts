/**
 * The history of a hundred comparisons against that of ten thousand: opening the list (its days, and what is known of the latest), and
 * searching it. In real time, the median of several rounds, each with a fresh `History`; other work on the machine adds to it.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Facts, search } from '../src/core/history/facts.ts';
import { History } from '../src/core/history/history.ts';
import type { Journal } from '../src/core/journal/journal.ts';
import { scratchJournal, store } from '../test/core/history/historyKit.ts';

const A_DAY = 20;
const DELTAS = 60;
const ROUNDS = 15;
const DAY_MS = 86_400_000;
const LATEST = new Date(2026, 10, 22, 12);

export interface HistoryFigures {
  readonly comparisons: number;
  /** Nothing remembered: today's logs are read. */
  readonly firstOpenMs: number;
  readonly openMs: number;
  /** Until all can be searched, when nothing is remembered: all logs are read. The latest can be searched at once. */
  readonly firstReadMs: number;
  /** The same in a new process, from what is remembered. */
  readonly readMs: number;
  /** One search through all of them. */
  readonly searchMs: number;
  /** The longest time in which nothing else could run, while all logs were read. */
  readonly longestBlockMs: number;
}

/** Makes that many comparisons, twenty a day, and measures. */
export async function measureHistory(comparisons: number): Promise<HistoryFigures> {
  const journal = scratchJournal();
  try {
    for (let i = 0; i < comparisons; i++) {
      const date = new Date(LATEST.getTime() - Math.floor(i / A_DAY) * DAY_MS - (i % A_DAY) * 60_000);
      store(journal, date, { deltas: DELTAS, task: { title: `spec-${i}.md`, instruction: `Build page number ${i}` } });
    }
    const forget = (): void => rmSync(`${journal.directory}/facts`, { recursive: true, force: true });
    const firstOpenMs = await median(async () => {
      forget();
      return timed(() => open(journal));
    });
    const openMs = await median(() => timed(() => open(journal)));
    forget();
    const blocks = monitorEventLoopDelay({ resolution: 1 });
    blocks.enable();
    await sleep(50);
    blocks.reset();
    const firstReadMs = await timed(() => readAll(journal));
    blocks.disable();
    const readMs = await median(() => timed(() => readAll(journal)));
    const all: Facts[] = [];
    for await (const some of new History({ journal }).all()) all.push(...some);
    const searchMs = await median(() => timed(async () => assert.ok(search(all, 'page number 99', 200).length > 0)));
    const figures = { firstOpenMs, openMs, firstReadMs, readMs, searchMs, longestBlockMs: blocks.max / 1e6 };
    const rounded = Object.fromEntries(Object.entries(figures).map(([name, ms]) => [name, Math.round(ms * 100) / 100]));
    return { comparisons, ...(rounded as typeof figures) }; // entries lose the names
  } finally {
    rmSync(journal.directory, { recursive: true, force: true });
  }
}

/** What the view does when it is shown. */
async function open(journal: Journal): Promise<void> {
  const history = new History({ journal });
  history.pins();
  const days = history.days();
  // The newest fortnight, and whether there is more.
  const [today] = Array.from({ length: 15 }, () => days.next().value);
  assert.equal((await history.facts(today?.ids ?? [])).length, A_DAY);
}

async function readAll(journal: Journal): Promise<void> {
  for await (const some of new History({ journal }).all()) assert.ok(some.length > 0);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function median(round: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let i = 0; i < ROUNDS; i++) figures.push(await round());
  return figures.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}
