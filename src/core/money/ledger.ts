/**
 * The spending ledger, shared by all windows and the command line, so that a limit holds however many run.
 *
 * Every decision is one immediate transaction: read the rows the others wrote, check the limits, append, commit to the platter; only then
 * may a request leave. What a row is and what rows come to is book.ts; how they lie on disk is bookFile.ts; who still lives, heartbeat.ts.
 */
import { randomUUID } from 'node:crypto';
import type { Usage } from '../../shared/model.ts';
import { type Cost, type CostBasis, isIllustrative, type NanoUsd } from '../../shared/money.ts';
import type { Clock, HoldRequest, Ledger, LedgerEntry, Limits, Spending, SpentAndHeld } from '../contracts.ts';
import { isAlive, type ProcessId, thisProcess } from '../processId.ts';
import type { BookRow, RowDraft } from './book.ts';
import { type BookFile, type BookFileOptions, openBookFile } from './bookFile.ts';
import { dayOf } from './calendar.ts';
import {
  BACKGROUND,
  endHeartbeat,
  firstHeartbeat,
  type Heartbeat,
  isOrphaned,
  nextHeartbeat,
  orphanNanoUsd,
  passHeartbeat,
  readHeartbeat,
} from './heartbeat.ts';
import { CARRIED_OVER, type CarriedOver, setAside, wouldCarryOver } from './setAside.ts';

export interface LedgerOptions {
  /** The file; its directory is made when it is missing. Beside it lie `-journal`, SQLite's own, and `.since`, which proves that it was. */
  readonly path: string;
  readonly clock: Clock;
  /** Who makes the reservations; default: this process. */
  readonly owner?: ProcessId;
  readonly isAlive?: (owner: ProcessId) => boolean;
  /** How long to wait for another window's transaction: short, because the caller's thread waits too. */
  readonly busyTimeoutMs?: number;
}

/** A heartbeat is written at most this often. */
const BEAT_INTERVAL_MS = 2_000;

/** Opens the ledger, or makes it, and checks all of it. Throws `LedgerUnavailable`. */
export function openLedger(options: LedgerOptions): Ledger {
  return new FileLedger(openBookFile(fileOptions(options)), options);
}

/** What a new ledger would begin with if a damaged one were set aside, and the deed itself; see setAside.ts. */
export const carriedOver = (options: LedgerOptions, limits: Limits): CarriedOver => wouldCarryOver(fileOptions(options), limits);
export const setLedgerAside = (options: LedgerOptions, limits: Limits): string | undefined =>
  setAside(fileOptions(options), limits);

const fileOptions = ({ path, clock, busyTimeoutMs = 1000 }: LedgerOptions): BookFileOptions => ({
  path,
  busyTimeoutMs,
  date: () => clock.date(),
});

class FileLedger implements Ledger {
  readonly #file: BookFile;
  readonly #clock: Clock;
  readonly #owner: ProcessId;
  readonly #isAlive: (owner: ProcessId) => boolean;
  /** When this process last wrote the heartbeat of a hold, on the monotonic clock. */
  readonly #beatAtMs = new Map<string, number>();

  constructor(file: BookFile, options: LedgerOptions) {
    this.#file = file;
    this.#clock = options.clock;
    this.#owner = options.owner ?? thisProcess();
    this.#isAlive = options.isAlive ?? isAlive;
  }

  reserve(comparisonId: string, holds: readonly HoldRequest[], limits: Limits): ReturnType<Ledger['reserve']> {
    for (const { ceilingNanoUsd } of holds) {
      if (!isAmount(ceilingNanoUsd))
        throw new RangeError(`${ceilingNanoUsd} is no amount to reserve: an unknown price is noted, not reserved`);
    }
    return this.#file.write(({ append }) => {
      const now = this.#now();
      const refusal = this.#file.book.refusal(holds, { run: comparisonId, day: now.day, month: now.month }, limits);
      if (refusal) return { ok: false, refusal };
      const holdIds = holds.map(({ lane, endpoint, model, ceilingNanoUsd: nanoUsd, background }) => {
        const holdId = randomUUID();
        const note = background ? BACKGROUND : null;
        append({ ...BLANK, ...now, kind: 'reserve', holdId, comparisonId, lane, endpoint, model, nanoUsd, note });
        firstHeartbeat(this.#file, holdId, this.#heartbeat(undefined));
        return holdId;
      });
      return { ok: true, holdIds };
    });
  }

  beat(holdId: string, meterNanoUsd: NanoUsd): void {
    const nowMs = this.#clock.nowMs();
    const lastMs = this.#beatAtMs.get(holdId);
    if (!this.#file.book.open.has(holdId) || (lastMs !== undefined && nowMs - lastMs < BEAT_INTERVAL_MS)) return;
    this.#beatAtMs.set(holdId, nowMs);
    nextHeartbeat(this.#file, holdId, this.#heartbeat(isAmount(meterNanoUsd) ? meterNanoUsd : undefined));
  }

  adopt(holdId: string): boolean {
    return this.#file.write(() => {
      if (!this.#file.book.open.has(holdId)) return false;
      const beat = readHeartbeat(this.#file, holdId);
      const isOurs = beat?.owner.pid === this.#owner.pid && beat.owner.startedAt === this.#owner.startedAt;
      if (beat && !isOurs && this.#isAlive(beat.owner)) return false;
      passHeartbeat(this.#file, holdId, this.#heartbeat(beat?.meterNanoUsd));
      return true;
    });
  }

  settle(holdId: string, cost: Cost, usage: Usage | undefined): boolean {
    if (isIllustrative(cost)) throw new RangeError('the price of a sample never enters the ledger');
    const settled = this.#file.write(({ append }) => {
      const hold = this.#file.book.open.get(holdId);
      if (!hold) return this.#correct(holdId, cost, usage, append);
      append(this.#settlementOf(hold, sound(cost, hold), usage, null));
      endHeartbeat(this.#file, holdId);
      return true;
    });
    this.#beatAtMs.delete(holdId);
    return settled;
  }

  settleOrphans(): ReturnType<Ledger['settleOrphans']> {
    if (this.#file.read(() => this.#orphans().length) === 0) return []; // the usual case needs no lock against writers
    return this.#file.write(({ append }) =>
      this.#orphans().map(({ holdId, hold, beat }) => {
        const cost: Cost = { nanoUsd: orphanNanoUsd(hold, beat), basis: 'estimated' };
        append(this.#settlementOf(hold, cost, undefined, ORPHANED));
        endHeartbeat(this.#file, holdId);
        return { holdId, comparisonId: hold.comparisonId, lane: hold.lane, cost };
      }),
    );
  }

  /**
   * A late owner that knows the exact cost of what was settled as an orphan makes it right by a row of its own, never by an edit: a hold
   * of nothing, settled at the difference, so that every reader's sums hold. It is named after the hold, so that there is one at most.
   */
  #correct(holdId: string, cost: Cost, usage: Usage | undefined, append: (draft: RowDraft) => void): boolean {
    const isExact = usage?.basis === 'reported' && cost.basis !== 'estimated' && isAmount(cost.nanoUsd);
    const [orphan] = this.#file.rows("SELECT * FROM entry WHERE holdId = ? AND kind = 'settle' AND note = ?", holdId, ORPHANED);
    const correctionId = `${CORRECTION}:${holdId}`;
    if (!isExact || !orphan || this.#file.rows('SELECT * FROM entry WHERE holdId = ?', correctionId).length > 0) return false;
    const difference = (cost.nanoUsd ?? 0) - (orphan.nanoUsd ?? 0);
    const settlement = this.#settlementOf(
      { ...orphan, holdId: correctionId },
      { ...cost, nanoUsd: difference },
      usage,
      CORRECTION,
    );
    append({ ...settlement, ...BLANK, kind: 'reserve', holdId: correctionId, nanoUsd: 0, note: CORRECTION });
    append(settlement);
    return true;
  }

  settlementOf(holdId: string): Cost | undefined {
    const select = "SELECT * FROM entry WHERE kind = 'settle' AND holdId IN (?, ?) ORDER BY seq";
    const costs = this.#file
      .read(() => this.#file.rows(select, holdId, `${CORRECTION}:${holdId}`).map(entryOf))
      .map(({ cost }) => cost);
    const nanoUsd = costs.reduce((sum, cost) => sum + (cost.nanoUsd ?? 0), 0);
    const last = costs.at(-1); // a correction says on what the sum stands now
    return last === undefined || last.basis === 'unknown' ? undefined : { ...last, nanoUsd };
  }

  noteUnpriced(comparisonId: string, lane: string, endpoint: string, model: string, usage: Usage | undefined): void {
    this.#file.write(({ append }) => {
      append({
        ...BLANK,
        ...this.#now(),
        kind: 'unpriced',
        comparisonId,
        lane,
        endpoint,
        model,
        basis: 'unknown',
        usage: json(usage),
      });
    });
  }

  spending(): Spending {
    return this.#file.read(() => {
      const { book } = this.#file;
      const { day, month } = this.#now();
      const figures = (endpoint?: string): SpentAndHeld => ({
        todayNanoUsd: book.settled('day', day, endpoint),
        heldTodayNanoUsd: book.held('day', day, endpoint),
        monthNanoUsd: book.settled('month', month, endpoint),
        heldMonthNanoUsd: book.held('month', month, endpoint),
      });
      return {
        ...figures(),
        day,
        month,
        unknownThisMonth: book.unknownRuns('month', month),
        endpoints: Object.fromEntries([...book.endpoints(month)].map((endpoint) => [endpoint, figures(endpoint)])),
      };
    });
  }

  entries(limit: number): readonly LedgerEntry[] {
    const select = "SELECT * FROM entry WHERE kind <> 'reserve' ORDER BY seq DESC LIMIT ?";
    return this.#file.read(() => this.#file.rows(select, Math.max(0, Math.trunc(limit))).map(entryOf));
  }

  entriesSince(day: string): readonly LedgerEntry[] {
    const select = "SELECT * FROM entry WHERE kind <> 'reserve' AND day >= ? ORDER BY seq DESC";
    return this.#file.read(() => this.#file.rows(select, day).map(entryOf));
  }

  close(): void {
    this.#file.close();
  }

  /** The moment, and the day and month that money spent now belongs to. A clock that goes back does not open an earlier day again. */
  #now(): Pick<RowDraft, 'at' | 'offsetMinutes' | 'day' | 'month'> {
    const date = this.#clock.date();
    const today = dayOf(date);
    const { lastDay } = this.#file.book;
    const day = today > lastDay ? today : lastDay;
    return { at: date.toISOString(), offsetMinutes: -date.getTimezoneOffset(), day, month: day.slice(0, 7) };
  }

  #heartbeat(meterNanoUsd: NanoUsd | undefined): Heartbeat {
    return { owner: this.#owner, atMs: this.#clock.date().getTime(), meterNanoUsd };
  }

  #orphans(): readonly { readonly holdId: string; readonly hold: BookRow; readonly beat: Heartbeat | undefined }[] {
    const nowMs = this.#clock.date().getTime();
    return [...this.#file.book.open].flatMap(([holdId, hold]) => {
      const beat = readHeartbeat(this.#file, holdId);
      return isOrphaned(hold, beat, nowMs, this.#isAlive) ? [{ holdId, hold, beat }] : [];
    });
  }

  /** The money belongs to the day and month it was reserved in. */
  #settlementOf(hold: BookRow, cost: Cost, usage: Usage | undefined, note: string | null): RowDraft {
    const { at, offsetMinutes } = this.#now();
    const { holdId, comparisonId, lane, endpoint, model, day, month } = hold;
    return {
      kind: 'settle',
      holdId,
      comparisonId,
      lane,
      endpoint,
      model,
      at,
      offsetMinutes,
      day,
      month,
      nanoUsd: cost.nanoUsd ?? 0,
      basis: cost.basis,
      priceSource: cost.priceSource ?? null,
      priceAsOf: cost.priceAsOf ?? null,
      assumedModel: cost.assumedModel ?? null,
      usage: json(usage),
      note,
    };
  }
}

/** Notes on settlements: made for an owner that was gone, and what made one of those right. */
const ORPHANED = 'orphaned';
const CORRECTION = 'correction';

const BLANK = {
  holdId: null,
  nanoUsd: null,
  basis: null,
  priceSource: null,
  priceAsOf: null,
  assumedModel: null,
  usage: null,
  note: null,
};

const isAmount = (nanoUsd: number | undefined): nanoUsd is NanoUsd =>
  nanoUsd !== undefined && Number.isSafeInteger(nanoUsd) && nanoUsd >= 0;

const json = (usage: Usage | undefined): string | null => (usage === undefined ? null : JSON.stringify(usage));

/** A figure that is none (a bug upstream) must not set money free: what was reserved stands, as an estimate. */
const sound = (cost: Cost, hold: BookRow): Cost =>
  cost.basis === 'unknown' || isAmount(cost.nanoUsd) ? cost : { ...cost, nanoUsd: hold.nanoUsd ?? 0, basis: 'estimated' };

function entryOf(row: BookRow): LedgerEntry {
  const cost: Cost =
    row.basis === 'unknown' || row.nanoUsd === null
      ? { basis: 'unknown' }
      : {
          nanoUsd: row.nanoUsd,
          basis: row.basis as CostBasis, // written from a Cost, and unchanged since by the row's hash
          ...(row.priceSource === null ? {} : { priceSource: row.priceSource }),
          ...(row.priceAsOf === null ? {} : { priceAsOf: row.priceAsOf }),
          ...(row.assumedModel === null ? {} : { assumedModel: row.assumedModel }),
        };
  const { at, day, comparisonId, lane, endpoint, model } = row;
  const usage: Usage | undefined = row.usage === null ? undefined : JSON.parse(row.usage);
  const isCorrection = row.note === CORRECTION ? { isCorrection: true as const } : {};
  const isCarriedOver = row.note === CARRIED_OVER ? { isCarriedOver: true as const } : {};
  const callId = row.holdId === null ? {} : { callId: row.holdId.replace(`${CORRECTION}:`, '') };
  const run = { at, day, comparisonId, lane, endpoint, model, cost, ...(usage ? { usage } : {}) };
  return { ...callId, ...run, ...isCorrection, ...isCarriedOver };
}
