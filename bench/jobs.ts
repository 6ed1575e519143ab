/** What one measured process is asked to do, and what it answers. Work is done by us or by the floor that we are compared with. */
import type { Framework } from '../src/core/preview/standIns.ts';
import type { LaneId } from '../src/shared/comparison.ts';
import type { Api } from '../src/shared/model.ts';
import type { LaneSummary } from '../src/shared/summary.ts';

export type Side = 'floor' | 'ours';

export type Job =
  /** Reads one answer at full speed. The floor: `fetch`, counting bytes. */
  | { readonly kind: 'wire'; readonly side: Side; readonly url: string; readonly api: Api; readonly deltas: number }
  /** Reads two answers at the pace of fast providers; ours is a whole comparison, journal, books and messages included. */
  | { readonly kind: 'race'; readonly side: Side; readonly url: string; readonly deltas: number; readonly perSecond: number }
  /** Asks again and again on a warm connection; what is counted ends with the first delta. */
  | { readonly kind: 'first-delta'; readonly side: Side; readonly url: string; readonly api: Api; readonly rounds: number }
  /** Compares again and again, and holds each log against the stamps of the server. */
  | { readonly kind: 'timing'; readonly url: string; readonly api: Api; readonly perSecond: number; readonly rounds: number }
  /** Reserves in the ledger of that directory, again and again. The floor: flushes a page as often. */
  | { readonly kind: 'ledger'; readonly side: Side; readonly directory: string; readonly reserves: number }
  /** Makes a preview of a component of 300 lines, see compile.ts. */
  | { readonly kind: 'compile'; readonly side: Side; readonly framework: Framework; readonly phase: 'cold' | 'warm' }
  /** Loads a bundle, and activates it if it is an extension. */
  | { readonly kind: 'load'; readonly file: string };

/** The clocks of a run, by the names that scripts know. */
export const CLOCKS = [
  'firstByte',
  'firstEvent',
  'firstReasoning',
  'firstText',
  'end',
] as const satisfies readonly (keyof LaneSummary['timingsMs'])[];
export type Clock = (typeof CLOCKS)[number];

/** Milliseconds on the monotonic clock that all processes of a machine share. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** When a server got a request and sent what, on the machine's clock. */
export type Stamps = Readonly<Partial<Record<Clock, number>>> & { readonly received: number };

/** How far the clocks of one lane's run were off, in milliseconds; a lane that does not think has one clock less. */
export interface Timing {
  readonly lane: LaneId;
  readonly errorsMs: Readonly<Partial<Record<Clock, number>>>;
  /** How long the request travelled to the server: a part of every time, not of the errors. */
  readonly travelMs: number;
}

export interface Answer {
  /** Processor time of this process, user and system: of the whole job, or the median round. */
  readonly cpuMs: number;
  /** The same of loading alone. */
  readonly loadCpuMs?: number;
  /** Of a race: batches handed on, and how long the oldest delta of each had waited. */
  readonly batches?: { readonly count: number; readonly waitP50Ms: number; readonly waitP95Ms: number };
  readonly timings?: readonly Timing[];
  /** How long each reservation or flush took. */
  readonly durationsMs?: readonly number[];
}

/** Streams two pages into the panel's page in a browser, see panelPage.ts. */
export interface PanelJob {
  /** How the page draws them; `none`: not at all. */
  readonly view: 'none' | 'code' | 'preview';
  /** Of each lane, in all and in each frame. */
  readonly tokens: number;
  readonly perFrame: number;
}

export interface PanelAnswer {
  /** Processor time of the page's main thread while it streamed. */
  readonly cpuMs: number;
  /** The same of one frame: its scripts, its style, its layout and its paint. */
  readonly frameP50Ms: number;
  readonly frameP95Ms: number;
  /** The same of the longest task, the last previews included; and how many had 50 ms or more. */
  readonly longestTaskMs: number;
  readonly longTasks: number;
  /** Frames of the stream, one message in each; and how long they took in real time. */
  readonly frames: number;
  readonly streamMs: number;
  /** Pages that were loaded into frames. */
  readonly loads: number;
  /** Frames in which a preview that had been seen was not. */
  readonly blankFrames: number;
  /** In real time, from the end of the stream to the last change of a preview; absent: no preview was seen. */
  readonly finalMs?: number;
}
