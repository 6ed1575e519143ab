/**
 * One comparison on a plain Node host, killed with SIGKILL at some moment of it. Everything that it had shown must be in the reopened
 * comparison, a lane that was not done must say that it was interrupted, and the ledger must balance: each hold settled once, and at the
 * very figure that was shown where a lane had ended.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Journal } from '../../src/core/journal/journal.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import { thisProcess } from '../../src/core/processId.ts';
import { type ComparisonEvent, type ComparisonState, LANES } from '../../src/shared/comparison.ts';
import { startModelServer } from '../servers/models.ts';
import { imbalance, readRows, settlementsIn } from './books.ts';
import type { Played } from './played.ts';
import { randomOf } from './random.ts';

const CHILD = path.join(import.meta.dirname, 'runChild.ts');
const TEXT = 'The card holds three plans, each with a price, a list of features and one button. '.repeat(4);
const THOUGHT = 'First I read the spec, then I measure the card. '.repeat(3);
/** A run shows about this many events; some kills come after its end. */
const RUN_EVENTS = 60;

export async function playKilledRun(seed: number, directory: string): Promise<Played> {
  const random = randomOf(seed);
  const stateDirectory = path.join(directory, `run-${seed}`);
  await using server = await startModelServer((request) => ({
    text: TEXT,
    ...(request.path.endsWith('/messages') ? { reasoning: THOUGHT } : {}),
    usage: { inputTokens: 30, outputTokens: 120 },
    firstDelayMs: 50,
    tokensPerSecond: 300,
  }));
  const killAfter = { events: random.int(1, RUN_EVENTS), ms: random.next() * 10 };
  const { shown, isKilled, errors } = await runUntilKilled([stateDirectory, server.url], directory, killAfter);
  const problems: string[] = [];
  if (!isKilled && errors !== '') problems.push(errors);
  const journal = new Journal(path.join(stateDirectory, 'comparisons'), thisProcess());
  const [id] = journal.list();
  const record = id === undefined ? undefined : journal.recover(id);
  if (!record) problems.push(`nothing is stored of ${shown.length} shown events`);
  for (const event of shown) {
    const stored = record?.events.find(({ seq }) => seq === event.seq);
    if (!isDeepStrictEqual(stored, event)) problems.push(`shown ${JSON.stringify(event)}, stored ${JSON.stringify(stored)}`);
  }
  if (record?.state.running) problems.push('the reopened comparison still runs');
  const interrupted = LANES.filter((lane) => record?.state.runs[lane]?.error?.kind === 'interrupted').length;
  const settled = record ? balance(path.join(stateDirectory, 'ledger.sqlite'), record.state, problems) : 0;
  fs.rmSync(stateDirectory, { recursive: true, force: true });
  return {
    figures: { shownEvents: shown.length, kept: record?.events.length ?? 0, killed: isKilled ? 1 : 0, interrupted, settled },
    problems,
    log: [`killed after ${killAfter.events} events and ${killAfter.ms} ms`, ...shown.map((event) => JSON.stringify(event))],
  };
}

interface Shown {
  readonly shown: readonly ComparisonEvent[];
  readonly isKilled: boolean;
  readonly errors: string;
}

function runUntilKilled(
  args: readonly string[],
  directory: string,
  killAfter: { readonly events: number; readonly ms: number },
): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_COMPILE_CACHE: path.join(directory, 'code') };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, ...args], { stdio: 'pipe', env });
    let [output, errors, isDue] = ['', '', false];
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout.on('data', async (chunk: Buffer) => {
      output += chunk.toString();
      if (isDue || output.split('\n').length <= killAfter.events) return;
      isDue = true;
      await sleep(killAfter.ms);
      child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      const shown = output
        .split('\n')
        .slice(0, -1)
        .map((line): ComparisonEvent => JSON.parse(line));
      resolve({ shown, isKilled: signal === 'SIGKILL', errors });
    });
  });
}

/** The books as somebody finds them a minute later. Returns how many holds are settled. */
function balance(file: string, state: ComparisonState, problems: string[]): number {
  const clock = { nowMs: () => performance.now(), date: () => new Date(Date.now() + 61_000) };
  const ledger = openLedger({ path: file, clock });
  ledger.settleOrphans();
  const { todayNanoUsd, heldTodayNanoUsd } = ledger.spending();
  ledger.close();
  const rows = readRows(file);
  problems.push(...imbalance(rows, [state]));
  const settlements = settlementsIn(rows);
  const total = settlements.reduce((sum, row) => sum + (row.nanoUsd ?? 0), 0);
  if (heldTodayNanoUsd !== 0 || todayNanoUsd !== total)
    problems.push(`spending() says ${todayNanoUsd}+${heldTodayNanoUsd}, the rows say ${total}+0`);
  return settlements.length;
}
