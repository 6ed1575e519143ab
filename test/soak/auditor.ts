/**
 * The auditor of the ledger, written apart from it: it knows what was acknowledged and by which rules, reads the rows by plain SQL, and
 * adds them up the naive way each time. It uses nothing of the ledger's code, so that one mistake cannot hide in both.
 */
import { DatabaseSync } from 'node:sqlite';

/** A row as it lies in the file. */
export interface Row {
  readonly seq: number;
  readonly kind: string;
  readonly holdId: string | null;
  readonly comparisonId: string;
  readonly lane: string;
  readonly endpoint: string;
  readonly day: string;
  readonly month: string;
  readonly nanoUsd: number | null;
  readonly basis: string | null;
  readonly note: string | null;
}

export interface Beat {
  readonly holdId: string;
  readonly pid: number;
  readonly startedAt: string | null;
  readonly atMs: number;
  readonly meterNanoUsd: number | null;
}

interface OwnLimits {
  readonly perDayNanoUsd?: number;
  readonly perMonthNanoUsd?: number;
}

export interface AskedLimits extends OwnLimits {
  readonly perRunNanoUsd?: number;
  readonly perEndpoint?: Readonly<Record<string, OwnLimits>>;
}

interface Asked {
  readonly comparisonId: string;
  readonly holds: readonly { readonly endpoint: string; readonly ceilingNanoUsd: number }[];
  readonly limits: AskedLimits;
  /** The local calendar day of whoever asks. */
  readonly today: string;
}

interface Told {
  readonly window: 'run' | 'day' | 'month';
  readonly endpoint?: string;
  readonly limitNanoUsd: number;
  readonly spentNanoUsd: number;
  readonly heldNanoUsd: number;
  readonly askedNanoUsd: number;
}

/** What the world knows of a hold's owner. */
export interface OwnerFacts {
  /** True when the owner is gone and can be seen to be. */
  readonly isGone: boolean;
  /** In true time, whatever the clock on the wall says; undefined while it lives. */
  readonly goneForMs?: number;
  /** Since its last sign of life, by the clock on the wall. */
  readonly silentMs?: number;
}

const ORPHAN_MS = 30_000;
const SILENT_MS = 15 * 60_000;
/** From a crash to the moment when no refusal may count what the dead process held. */
const FORGIVEN_MS = 60_000;

const WINDOW = {
  run: (row: Row): string => row.comparisonId,
  day: (row: Row): string => row.day,
  month: (row: Row): string => row.month,
};

export class Auditor {
  readonly problems: string[] = [];
  overspentNanoUsd = 0;
  falseRefusals = 0;
  readonly #db: DatabaseSync;
  readonly #rows: Row[] = [];
  /** Holds whose reservation was acknowledged. */
  readonly #acknowledged = new Set<string>();

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true });
  }

  close(): void {
    this.#db.close();
  }

  get open(): readonly Row[] {
    const settled = new Set(this.#rows.flatMap((row) => (row.kind === 'settle' ? [row.holdId] : [])));
    return this.#rows.filter((row) => row.kind === 'reserve' && !settled.has(row.holdId));
  }

  beats(): ReadonlyMap<string, Beat> {
    const rows = this.#db.prepare('SELECT holdId, pid, startedAt, atMs, meterNanoUsd FROM heartbeat').all() as unknown as Beat[];
    return new Map(rows.map((beat) => [beat.holdId, beat]));
  }

  /** A reservation was acknowledged: exactly its rows are there, and every limit holds with them. */
  admitted(asked: Asked, holdIds: readonly string[]): void {
    const before = this.#lastDay();
    const added = this.#read();
    const day = before > asked.today ? before : asked.today;
    const told = added.map((row) => [row.kind, row.holdId, row.comparisonId, row.nanoUsd, row.day, row.month].join());
    const due = asked.holds.map((hold, i) =>
      ['reserve', holdIds[i], asked.comparisonId, hold.ceilingNanoUsd, day, day.slice(0, 7)].join(),
    );
    this.#same('the rows of a reservation', told, due);
    for (const id of holdIds) this.#acknowledged.add(id);
    for (const { window, endpoint, limit, asked: more, spent, held } of this.#windows(asked, day)) {
      const over = spent + held - limit;
      if (more === 0 || over <= 0) continue;
      this.overspentNanoUsd += over;
      this.problems.push(`admitted ${over} beyond the ${window} limit of ${limit} ${endpoint ?? ''}`);
    }
  }

  /** A reservation was refused: nothing is written, the figures are right, the limit would have been broken, and by no dead money. */
  refused(asked: Asked, refusal: Told, owner: (holdId: string) => OwnerFacts): void {
    const before = this.#lastDay();
    this.nothing('a refusal');
    const day = before > asked.today ? before : asked.today;
    const first = this.#windows(asked, day).find(
      ({ limit, asked: more, spent, held }) => more > 0 && spent + held + more > limit,
    );
    if (!first) {
      this.falseRefusals += 1;
      this.problems.push('refused although every limit would have held');
      return;
    }
    const { window, endpoint, limit: limitNanoUsd, asked: askedNanoUsd, spent: spentNanoUsd, held: heldNanoUsd } = first;
    const due = { window, endpoint, limitNanoUsd, spentNanoUsd, heldNanoUsd, askedNanoUsd };
    for (const [name, value] of Object.entries(due)) {
      const said = (refusal as unknown as Record<string, unknown>)[name];
      if (said !== value) this.problems.push(`the refusal says ${name} ${String(said)}, it is ${value}`);
    }
    for (const row of this.open) {
      const { isGone, goneForMs = 0, silentMs = 0 } = owner(row.holdId ?? '');
      const isCounted = first.has(row);
      if (!isCounted || !isGone || goneForMs <= FORGIVEN_MS) continue;
      // Only where the clock was set back is a sign of life that old so young by the clock on the wall; then that is what counts.
      if (Math.abs(silentMs) <= ORPHAN_MS) continue;
      this.falseRefusals += 1;
      this.problems.push(`refused, counting ${row.nanoUsd} of a process that is dead for ${goneForMs} ms`);
    }
  }

  /** A settlement was acknowledged (or said to be none): the row is there, once, at that amount, in the window of its reservation. */
  settled(holdId: string, isDone: boolean, due: { readonly nanoUsd: number; readonly basis: string }): void {
    const hold = this.#rows.find((row) => row.kind === 'reserve' && row.holdId === holdId);
    const earlier = this.#settlementOf(holdId);
    const correctionId = `correction:${holdId}`;
    const isCorrected = this.#settlementOf(correctionId) !== undefined;
    const added = this.#read().map((row) => [row.kind, row.holdId, row.nanoUsd, row.basis, row.day].join());
    if (!isDone) this.#same('a settlement that was none', added, []);
    else if (!hold) this.problems.push(`settled ${holdId}, which was never reserved`);
    else if (!earlier) this.#same('a settlement', added, [['settle', holdId, due.nanoUsd, due.basis, hold.day].join()]);
    if (!isDone || !hold || !earlier) return;
    if (earlier.note !== 'orphaned' || isCorrected) this.problems.push(`settled ${holdId} a second time`);
    const difference = due.nanoUsd - (earlier.nanoUsd ?? 0);
    const rows = [
      ['reserve', correctionId, 0, '', hold.day].join(),
      ['settle', correctionId, difference, due.basis, hold.day].join(),
    ];
    this.#same('a correction', added, rows);
  }

  /** Orphans were settled: only those of the dead or silent, on the safe side, in their windows; and none is left that should be. */
  orphansSettled(
    holdIds: readonly string[],
    beats: ReadonlyMap<string, Beat>,
    wallMs: number,
    isAlive: (beat: Beat) => boolean,
  ): void {
    const before = new Map(this.open.map((row) => [row.holdId, row]));
    const added = this.#read();
    this.#same(
      'settled orphans',
      added.map((row) => `${row.kind} ${row.holdId} ${row.note}`),
      holdIds.map((id) => `settle ${id} orphaned`),
    );
    for (const row of added) {
      const hold = before.get(row.holdId ?? '');
      const beat = beats.get(row.holdId ?? '');
      if (!hold) this.problems.push(`an orphan was settled that was not open: ${row.holdId}`);
      if (!hold || !beat) continue;
      const silentMs = wallMs - beat.atMs;
      if (Math.abs(silentMs) <= ORPHAN_MS) this.problems.push(`a hold was taken ${silentMs} ms after its last sign of life`);
      else if (silentMs <= SILENT_MS && isAlive(beat)) this.problems.push(`a hold was taken from an owner that lives`);
      const amount = row.nanoUsd ?? -1;
      const held = hold.nanoUsd ?? 0;
      const isInFull = beat.meterNanoUsd === null || beat.meterNanoUsd === 0 || hold.note === 'background';
      const least = isInFull ? held : Math.min(held, beat.meterNanoUsd ?? 0);
      if (amount < least || amount > held) this.problems.push(`an orphan of ${held}, metered ${least}, was settled at ${amount}`);
      if (row.day !== hold.day || row.month !== hold.month) this.problems.push('an orphan was settled in another window');
    }
    for (const row of this.open) {
      const beat = beats.get(row.holdId ?? '');
      if (!beat) continue;
      const silentMs = wallMs - beat.atMs;
      if (silentMs > SILENT_MS || (Math.abs(silentMs) > ORPHAN_MS && !isAlive(beat)))
        this.problems.push(`a hold without an owner, silent for ${silentMs} ms, is still open`);
    }
  }

  /** A run of unknown cost was noted. */
  noted(comparisonId: string): void {
    this.#same(
      'a note',
      this.#read().map((row) => `${row.kind} ${row.comparisonId}`),
      [`unpriced ${comparisonId}`],
    );
  }

  /** Nothing may have been written. */
  nothing(what: string): void {
    this.#same(
      what,
      this.#read().map((row) => `${row.kind} ${row.holdId} ${row.nanoUsd}`),
      [],
    );
  }

  /** The process died meanwhile: all of it was written, or nothing. `counts`: how many rows it may have written when whole. */
  allOrNothing(counts: readonly number[]): void {
    const { length } = this.#read();
    if (length !== 0 && !counts.includes(length))
      this.problems.push(`a process died and left ${length} rows of ${counts.join(' or ')}`);
  }

  /** What the ledger says of its sums is what the rows come to. */
  spending(said: Readonly<Record<string, unknown>>, today: string): void {
    this.nothing('reading the sums');
    const last = this.#lastDay();
    const day = last > today ? last : today;
    const month = day.slice(0, 7);
    const unknown = this.#rows.filter((row) => row.kind !== 'reserve' && row.month === month && row.basis === 'unknown').length;
    const due = {
      day,
      month,
      todayNanoUsd: this.#settled('day', day),
      heldTodayNanoUsd: this.#held('day', day),
      monthNanoUsd: this.#settled('month', month),
      heldMonthNanoUsd: this.#held('month', month),
      unknownThisMonth: unknown,
    };
    for (const [name, value] of Object.entries(due))
      if (said[name] !== value) this.problems.push(`spending() says ${name} ${String(said[name])}, the rows say ${value}`);
  }

  /** What fits under a day's limit, by the rows. */
  leftToday(today: string, limitNanoUsd: number): number {
    const last = this.#lastDay();
    const day = last > today ? last : today;
    return limitNanoUsd - this.#settled('day', day) - this.#held('day', day);
  }

  /** The whole file once more: nothing of it ever changed, every acknowledged hold is in it, and each is settled once. */
  end(): void {
    this.#read();
    const rows = this.#db.prepare('SELECT * FROM entry ORDER BY seq').all() as unknown as Row[];
    this.#same(
      'the rows at the end',
      rows.map((row) => JSON.stringify(row)),
      this.#rows.map((row) => JSON.stringify(row)),
    );
    for (const id of this.#acknowledged)
      if (!rows.some((row) => row.holdId === id)) this.problems.push(`an acknowledged reservation is gone: ${id}`);
    for (const row of this.open) this.problems.push(`never settled: ${row.holdId}`);
  }

  #read(): readonly Row[] {
    const last = this.#rows.at(-1)?.seq ?? 0;
    const added = this.#db.prepare('SELECT * FROM entry WHERE seq > ? ORDER BY seq').all(last) as unknown as Row[];
    for (const row of added) {
      if (row.seq !== (this.#rows.at(-1)?.seq ?? 0) + 1) this.problems.push(`row ${row.seq} does not follow`);
      if (row.holdId !== null && this.#rows.some((other) => other.holdId === row.holdId && other.kind === row.kind))
        this.problems.push(`a second ${row.kind} of ${row.holdId}`);
      this.#rows.push(row);
    }
    return added;
  }

  #lastDay(): string {
    return this.#rows.reduce((last, { day }) => (day > last ? day : last), '');
  }

  #settlementOf(holdId: string): Row | undefined {
    return this.#rows.find((row) => row.kind === 'settle' && row.holdId === holdId);
  }

  #settled(window: keyof typeof WINDOW, key: string): number {
    return sum(this.#rows.flatMap((row) => (row.kind === 'settle' && WINDOW[window](row) === key ? [row.nanoUsd ?? 0] : [])));
  }

  #held(window: keyof typeof WINDOW, key: string): number {
    return sum(this.open.flatMap((row) => (WINDOW[window](row) === key ? [row.nanoUsd ?? 0] : [])));
  }

  /** Every limit in force, in the order in which the product names the first that would break, with its figures as of now. */
  #windows({ comparisonId, holds, limits }: Asked, day: string) {
    const list: readonly { window: keyof typeof WINDOW; endpoint?: string; limit: number | undefined }[] = [
      { window: 'run', limit: limits.perRunNanoUsd },
      { window: 'day', limit: limits.perDayNanoUsd },
      { window: 'month', limit: limits.perMonthNanoUsd },
      ...Object.entries(limits.perEndpoint ?? {}).flatMap(([endpoint, own]) => [
        { window: 'day' as const, endpoint, limit: own.perDayNanoUsd },
        { window: 'month' as const, endpoint, limit: own.perMonthNanoUsd },
      ]),
    ];
    const keys = { run: comparisonId, day, month: day.slice(0, 7) };
    return list.flatMap(({ window, endpoint, limit }) => {
      if (limit === undefined) return [];
      const isOurs = (at: string): boolean => endpoint === undefined || at === endpoint;
      const has = (row: Row): boolean => WINDOW[window](row) === keys[window] && isOurs(row.endpoint);
      const spent = sum(this.#rows.flatMap((row) => (row.kind === 'settle' && has(row) ? [row.nanoUsd ?? 0] : [])));
      const held = sum(this.open.flatMap((row) => (has(row) ? [row.nanoUsd ?? 0] : [])));
      const asked = sum(holds.flatMap((hold) => (isOurs(hold.endpoint) ? [hold.ceilingNanoUsd] : [])));
      return [{ window, endpoint, limit, asked, spent, held, has }];
    });
  }

  #same(what: string, found: readonly string[], due: readonly string[]): void {
    const [a, b] = [found.join(' | '), due.join(' | ')];
    if (a !== b) this.problems.push(`${what}: found ${a || 'nothing'}, due ${b || 'nothing'}`);
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
