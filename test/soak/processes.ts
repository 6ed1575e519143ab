/**
 * One schedule of real processes: two to four windows, each a process of its own, on one ledger at once; some are killed with SIGKILL
 * between two of their words, or in the middle of a transaction. Sixty-one seconds later somebody looks. What was acknowledged must be
 * in the file, nothing else but what was on its way, and no prefix of the rows may come to more than the limits.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../../src/core/contracts.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import type { Row } from './auditor.ts';
import type { Played } from './played.ts';
import { randomOf } from './random.ts';

/** What a window says. */
export type Told =
  | { readonly type: 'opened' | 'done' }
  | { readonly type: 'refused'; readonly tookMs: number }
  | {
      readonly type: 'reserved';
      readonly comparisonId: string;
      readonly holdIds: readonly string[];
      readonly amounts: readonly number[];
      readonly tookMs: number;
    }
  | { readonly type: 'settled'; readonly holdId: string; readonly nanoUsd: number; readonly isDone: boolean };

interface Ended {
  readonly told: readonly Told[];
  readonly isKilled: boolean;
  readonly errors: string;
}

const CHILD = path.join(import.meta.dirname, 'processChild.ts');

export async function playProcesses(seed: number, directory: string): Promise<Played> {
  const random = randomOf(seed);
  const file = path.join(directory, `${seed}.sqlite`);
  const limitNanoUsd = random.int(200, 3000);
  const steps = random.int(4, 12);
  const windows = random.int(2, 4);
  const ended = await Promise.all(
    Array.from({ length: windows }, (_, i) => {
      const killAfter =
        i > 0 && random.chance(0.4) ? undefined : { told: random.int(0, steps), ms: random.pick([0, random.next() * 4]) };
      return runWindow([file, String(random.int(0, 2 ** 31)), String(limitNanoUsd), String(steps)], directory, killAfter);
    }),
  );
  const { problems, orphans } = look(file, ended, limitNanoUsd);
  for (const { errors, isKilled } of ended) if (!isKilled && errors !== '') problems.push(errors);
  for (const end of ['', '-journal', '.since']) fs.rmSync(file + end, { force: true });
  const told = ended.flatMap((window) => window.told);
  const figures = {
    processes: windows,
    kills: ended.filter(({ isKilled }) => isKilled).length,
    reserved: told.filter(({ type }) => type === 'reserved').length,
    refused: told.filter(({ type }) => type === 'refused').length,
    settled: told.filter(({ type }) => type === 'settled').length,
    orphans,
  };
  return { figures, problems, log: ended.map((window, i) => `window ${i}: ${JSON.stringify(window)}`) };
}

type KillAfter = { readonly told: number; readonly ms: number } | undefined;

function runWindow(args: readonly string[], directory: string, killAfter: KillAfter): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // Thousands of short processes: their code is made ready once.
    const env = { ...process.env, NODE_COMPILE_CACHE: path.join(directory, 'code') };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, ...args], { stdio: 'pipe', env });
    let [output, errors, isDue] = ['', '', false];
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout.on('data', async (chunk: Buffer) => {
      output += chunk.toString();
      if (!killAfter || isDue || output.split('\n').length <= killAfter.told) return;
      isDue = true;
      await sleep(killAfter.ms);
      child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      // A line without its end was on its way: it was not heard, and so not acknowledged.
      const told = output
        .split('\n')
        .slice(0, -1)
        .map((line): Told => JSON.parse(line));
      resolve({ told, isKilled: signal === 'SIGKILL', errors });
    });
  });
}

function look(file: string, ended: readonly Ended[], limitNanoUsd: number): { problems: string[]; orphans: number } {
  const problems: string[] = [];
  if (!fs.existsSync(file)) return { problems, orphans: 0 };
  const clock = { nowMs: () => performance.now(), date: () => new Date(Date.now() + 61_000) };
  const ledger = openLedger({ path: file, clock });
  const orphans = ledger.settleOrphans().length;
  const spending = ledger.spending();
  const rows = rowsOf(file);
  problems.push(...judge(rows, ended, limitNanoUsd));
  const settledToday = sumOf(rows.filter((row) => row.kind === 'settle' && row.day === spending.day));
  if (spending.todayNanoUsd !== settledToday || spending.heldTodayNanoUsd !== 0)
    problems.push(`spending() says ${spending.todayNanoUsd}+${spending.heldTodayNanoUsd}, the rows say ${settledToday}+0`);
  const limits: Limits = { perDayNanoUsd: limitNanoUsd };
  const left = limitNanoUsd - settledToday;
  const ask = (nanoUsd: number): boolean =>
    ledger.reserve('last', [{ lane: 'fast', endpoint: 'mine', model: 'm', ceilingNanoUsd: nanoUsd }], limits).ok;
  if (ask(left + 1)) problems.push(`admitted ${left + 1} of ${left}`);
  if (left > 0 && !ask(left)) problems.push(`refused ${left} of ${left}, 61 s after the crash`);
  ledger.close();
  return { problems, orphans };
}

function rowsOf(file: string): readonly Row[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT * FROM entry ORDER BY seq').all() as unknown as Row[];
  db.close();
  return rows;
}

function judge(rows: readonly Row[], ended: readonly Ended[], limitNanoUsd: number): string[] {
  const problems: string[] = [];
  const told = ended.flatMap((window) => window.told);
  const reserved = new Map(
    told.flatMap((word) =>
      word.type === 'reserved' ? word.holdIds.map((id, i) => [id, word.amounts[i] ?? Number.NaN] as const) : [],
    ),
  );
  const settled = new Map(told.flatMap((word) => (word.type === 'settled' ? [[word.holdId, word.nanoUsd] as const] : [])));
  for (const word of told) if (word.type === 'settled' && !word.isDone) problems.push(`${word.holdId} was settled by another`);
  for (const [id, nanoUsd] of reserved) {
    if (rows.filter((row) => row.kind === 'reserve' && row.holdId === id && row.nanoUsd === nanoUsd).length !== 1)
      problems.push(`an acknowledged reservation is not there once: ${id}`);
    if (rows.filter((row) => row.kind === 'settle' && row.holdId === id).length !== 1) problems.push(`not settled once: ${id}`);
  }
  for (const [id, nanoUsd] of settled) {
    if (!rows.some((row) => row.kind === 'settle' && row.holdId === id && row.nanoUsd === nanoUsd && row.note === null))
      problems.push(`an acknowledged settlement is not there: ${id} at ${nanoUsd}`);
  }
  // What is there without a word of it was on its way when its process was killed: at most one thing each.
  const kills = ended.filter(({ isKilled }) => isKilled).length;
  const unheard = new Set(
    rows.flatMap((row) => {
      if (row.kind === 'reserve' && !reserved.has(row.holdId ?? '')) return [`reserve ${row.comparisonId}`];
      if (row.kind === 'settle' && row.note === null && !settled.has(row.holdId ?? '')) return [`settle ${row.holdId}`];
      return [];
    }),
  );
  if (unheard.size > kills) problems.push(`${unheard.size} things that nobody was told of, by ${kills} killed processes`);
  problems.push(...overspent(rows, 'all', limitNanoUsd), ...overspent(rows, 'mine', limitNanoUsd / 2));
  return problems;
}

/** What is settled and open after each row: never more than the limit. */
function overspent(rows: readonly Row[], endpoint: string, limitNanoUsd: number): readonly string[] {
  const open = new Map<string, number>();
  let spent = 0;
  return rows.flatMap((row) => {
    if (endpoint !== 'all' && row.endpoint !== endpoint) return [];
    if (row.kind === 'reserve') open.set(row.holdId ?? '', row.nanoUsd ?? 0);
    else {
      spent += row.nanoUsd ?? 0;
      open.delete(row.holdId ?? '');
    }
    const total = spent + [...open.values()].reduce((sum, nanoUsd) => sum + nanoUsd, 0);
    return total > limitNanoUsd ? [`row ${row.seq}: ${total} of ${limitNanoUsd} at ${endpoint}`] : [];
  });
}

const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + (row.nanoUsd ?? 0), 0);
