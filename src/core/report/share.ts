/**
 * The two doors of a comparison: out as a file of one of three kinds, and in from somebody's file. Nothing goes out that was not cleaned,
 * and nothing comes in that was not checked. Loaded at first use: nobody exports at start-up.
 */
import { type ComparisonEvent, fold } from '../../shared/comparison.ts';
import { newComparisonId } from '../compare/comparison.ts';
import type { Journal } from '../journal/journal.ts';
import { cleanLog, type Private } from './clean.ts';
import { htmlOf } from './html.ts';
import { jsonOf, type Origin } from './json.ts';
import { markdownOf } from './markdown.ts';
import { readShared } from './sharedLog.ts';

export { MAX_SHARED_BYTES } from './sharedLog.ts';

/** By the ending of the file's name. */
export const EXPORT_FORMATS = ['html', 'md', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A comparison's log as a file of that kind, without anything private. */
export function exported(
  format: ExportFormat,
  events: readonly ComparisonEvent[],
  hidden: Private,
  { version, exportedAt }: Origin,
): string {
  const { events: clean, isRedacted } = cleanLog(events, hidden);
  const about = { version, exportedAt, isRedacted };
  switch (format) {
    case 'html':
      return htmlOf(fold(clean), about);
    case 'md':
      return markdownOf(fold(clean), about);
    case 'json':
      return jsonOf(clean, about);
  }
}

/** A sensible name for the file: `second-thought-pricing-card-2026-11-22.html`. */
export function exportName(events: readonly ComparisonEvent[], format: ExportFormat, { secrets, home }: Private): string {
  const [start] = cleanLog(events.slice(0, 1), { secrets, home }).events;
  const { title = '', startedAt = '' } = start?.type === 'comparison-start' ? { ...start.task, startedAt: start.startedAt } : {};
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return `${['second-thought', ...(words ?? []), startedAt.slice(0, 10)].filter(Boolean).join('-').slice(0, 100)}.${format}`;
}

/**
 * Writes somebody's comparison to the journal, under the id it had where that is free, else under a new one. Nothing that is there is
 * changed. Throws when the disk refuses.
 */
export function imported(
  journal: Pick<Journal, 'has' | 'open' | 'remove'>,
  text: string,
  fileName: string,
  random: () => number = Math.random,
): { readonly id: string } | { readonly problem: string } {
  const read = readShared(text, fileName);
  if ('problem' in read) return read;
  const [start, ...rest] = read.events;
  if (start?.type !== 'comparison-start') return { problem: `${fileName} holds no comparison.` };
  let { id } = start;
  while (!ID.test(id) || journal.has(id)) id = newComparisonId(new Date(start.startedAt), random);
  const writer = journal.open(id);
  try {
    writer.append([{ ...start, id }, ...rest]);
  } catch (error) {
    journal.remove(id);
    throw error;
  } finally {
    writer.close();
  }
  return { id };
}

/** As `newComparisonId` makes them; anything else would be a name of a file that we did not choose. */
const ID = /^\d{8}-\d{9}-[a-z]{4}$/;
