/** Comparisons that ran, as the tests of apply need them: what was sent, and what each lane answered. */
import { createHash } from 'node:crypto';
import { type ComparisonEvent, type ComparisonState, fold, type LaneId } from '../../../src/shared/comparison.ts';
import type { Task } from '../../../src/shared/task.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const FENCE = '```';

/** An answer of files with stated names. */
export const answerOf = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, content]) => `${FENCE}html file="${name}"\n${content}${FENCE}\n`)
    .join('\n');

/** An answer of one file for the code that was asked about. */
export const codeAnswer = (content: string): string => `${FENCE}css\n${content}${FENCE}\n`;

export function comparison(id: string, task: Partial<Task>, answers: Partial<Record<LaneId, string>>): ComparisonState {
  const events: ComparisonEvent[] = [];
  const add = (event: Record<string, unknown>): void => {
    // The cast: a spread loses the union, and the fold checks the shape anyway.
    events.push({ seq: events.length, atMs: events.length * 10, ...event } as unknown as ComparisonEvent);
  };
  const whole: Task = { kind: 'design', title: 'card.md', instruction: '', parts: [{ type: 'text', text: 'spec' }], ...task };
  add({ type: 'comparison-start', schema: 1, id, startedAt: '2026-11-22T10:00:00.000Z', task: whole });
  for (const [lane, text] of Object.entries(answers)) {
    const plan = {
      lane,
      model: `sample:${lane}`,
      endpointLabel: 'Sample',
      scripted: true,
      maxOutputTokens: 1,
      system: 'S',
      prompt: 'P',
      estimate: { inputTokens: 1 },
    };
    add({ type: 'lane', lane, event: { type: 'start', plan } });
    add({ type: 'lane', lane, event: { type: 'text', text } });
    add({ type: 'lane', lane, event: { type: 'end', reason: 'stop' } });
  }
  return fold(events);
}
