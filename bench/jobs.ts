/** What one measured process is asked to do, and what it answers. Each is done by us or by the floor that we are compared with. */
import type { Api } from '../src/shared/model.ts';

export type Side = 'floor' | 'ours';

export type Job =
  /** Reads one answer at full speed. The floor: `fetch`, counting bytes. */
  | { readonly kind: 'wire'; readonly side: Side; readonly url: string; readonly api: Api; readonly deltas: number }
  /** Reads two answers at the pace of fast providers; ours is a whole comparison, journal, books and messages included. */
  | { readonly kind: 'race'; readonly side: Side; readonly url: string; readonly deltas: number; readonly perSecond: number }
  /** Asks again and again on a warm connection; what is counted ends with the first delta. */
  | { readonly kind: 'first-delta'; readonly side: Side; readonly url: string; readonly api: Api; readonly rounds: number }
  /** Loads the extension's bundle, or an extension that does nothing. */
  | { readonly kind: 'load'; readonly side: Side };

export interface Answer {
  /** Processor time of this process, user and system: of the whole job, or the median round. */
  readonly cpuMs: number;
  /** Of a race: batches handed on, and how long the oldest delta of each had waited. */
  readonly batches?: { readonly count: number; readonly waitP50Ms: number; readonly waitP95Ms: number };
}
