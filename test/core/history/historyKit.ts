/** Journals with comparisons of chosen times and sizes, for tests and measurements of what is made of them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Journal } from '../../../src/core/journal/journal.ts';
import { type ProcessId, thisProcess } from '../../../src/core/processId.ts';
import { type ComparisonEvent, LANES, SCHEMA_VERSION } from '../../../src/shared/comparison.ts';
import type { Task } from '../../../src/shared/task.ts';
import { plan, TASK } from '../compare/fakes.ts';

/** An id as the product makes them. */
export const idAt = (date: Date, letters = 'abcd'): string =>
  `${date.toISOString().replace(/[-:]/g, '').replace('T', '-').replace('.', '').slice(0, 18)}-${letters}`;

export function scratchJournal(owner: ProcessId = thisProcess()): Journal {
  return new Journal(fs.mkdtempSync(path.join(os.tmpdir(), 'second-thought-history-')), owner);
}

/** The log of a finished comparison, both lanes, with so many deltas a lane. */
export function logOf(id: string, date: Date, task: Partial<Task> = {}, deltas = 2): readonly ComparisonEvent[] {
  const lanes = LANES.flatMap((lane) => [
    { type: 'lane', lane, event: { type: 'start', plan: plan(lane) } },
    ...Array.from({ length: deltas }, () => ({ type: 'lane', lane, event: { type: 'text', text: 'some text of an answer ' } })),
    { type: 'lane', lane, event: { type: 'cost', cost: { nanoUsd: lane === 'fast' ? 1e6 : 14e6, basis: 'computed' } } },
    { type: 'lane', lane, event: { type: 'end', reason: 'stop' } },
  ]);
  const start = {
    type: 'comparison-start',
    schema: SCHEMA_VERSION,
    id,
    startedAt: date.toISOString(),
    task: { ...TASK, ...task },
  };
  const bodies = [start, ...lanes, { type: 'comparison-end' }];
  return bodies.map((body, seq) => ({ ...body, seq, atMs: seq * 10 }) as ComparisonEvent); // bodies of one shape each
}

/** Writes the log of {@link logOf}, or the first so many events of it, and returns its id. */
export function store(
  journal: Journal,
  date: Date,
  { letters, task, deltas, events }: { letters?: string; task?: Partial<Task>; deltas?: number; events?: number } = {},
): string {
  const id = idAt(date, letters);
  const writer = journal.open(id);
  writer.append(logOf(id, date, task, deltas).slice(0, events));
  writer.close();
  return id;
}
