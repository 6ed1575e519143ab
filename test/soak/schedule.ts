/**
 * One seeded schedule: two to eight simulated processes over one real ledger file. They reserve, beat, settle, die, come back and adopt,
 * while clocks jump, the person travels and changes the limits, the disk fills and somebody else holds the lock. After every step the
 * auditor looks. Everything follows from the seed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type HoldRequest, type Ledger, LedgerUnavailable, type Limits } from '../../src/core/contracts.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import type { ProcessId } from '../../src/core/processId.ts';
import type { Usage } from '../../src/shared/model.ts';
import type { Cost } from '../../src/shared/money.ts';
import { Auditor, type Beat, type OwnerFacts } from './auditor.ts';
import { type FaultKind, installDisk, newestConnection, withFault } from './disk.ts';
import type { Played } from './played.ts';
import { type Random, randomOf } from './random.ts';

/** Zones with and without summer time, on both sides of the date line, and one with a half hour. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC'] as const;

/** Moments around which a schedule begins: the ends of a day, a month and a year, and the nights that the clocks are put. */
const BEGINNINGS = [
  '2026-11-22T12:00:00Z',
  '2026-11-30T22:57:00Z',
  '2026-12-31T22:58:30Z',
  '2026-03-29T00:58:00Z',
  '2026-10-25T00:57:00Z',
  '2026-11-01T05:58:00Z',
  '2028-02-28T23:30:00Z',
] as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const USAGE: Usage = { inputTokens: 10, outputTokens: 20, basis: 'reported' };

interface Process {
  readonly id: ProcessId;
  ledger: Ledger | undefined;
  connection: DatabaseSync | undefined;
  /** Open holds that it believes are its own, with their ceilings. */
  readonly holds: Map<string, number>;
  /** Settled by itself, or by others meanwhile: what a late owner may try again. */
  readonly past: string[];
  isFull: boolean;
}

export function playSchedule(seed: number, directory: string, steps = 24): Played {
  installDisk();
  const file = path.join(directory, `${seed}.sqlite`);
  const world = new World(seed, file);
  try {
    return world.play(steps);
  } finally {
    world.close();
    for (const end of ['', '-journal', '.since']) fs.rmSync(file + end, { force: true });
  }
}

class World {
  readonly #file: string;
  readonly #random: Random;
  readonly #log: string[] = [];
  readonly #processes: Process[] = [];
  /** Of the dead: when they died, on the world's own clock, by `pid:startedAt`. */
  readonly #died = new Map<string, number>();
  readonly #living = new Set<string>();
  /** False on systems that do not say when a process began: then a number that is used again looks alive. */
  readonly #knowsStart: boolean;
  readonly #most: number;
  #auditor: Auditor | undefined;
  #lock: DatabaseSync | undefined;
  #limits: Limits = {};
  #zone: string = ZONES[0];
  /** The clock on the wall, which jumps, and the true time, which does not. */
  #wallMs: number;
  #trueMs = 0;
  #births = 0;
  #comparisons = 0;
  #operations = 0;
  #admissions = 0;
  #refusals = 0;
  #unavailable = 0;
  #kills = 0;
  #orphans = 0;

  constructor(seed: number, file: string) {
    this.#file = file;
    this.#random = randomOf(seed);
    this.#knowsStart = this.#random.chance(0.8);
    this.#most = this.#random.int(2, 8);
    this.#wallMs = Date.parse(this.#random.pick(BEGINNINGS)) + this.#random.int(0, 5 * MINUTE_MS);
    this.#travel();
  }

  play(steps: number): Played {
    this.#changeLimits();
    this.#open(this.#spawn());
    this.#auditor = new Auditor(this.#file);
    while (this.#processes.length < Math.min(this.#most, 2)) this.#open(this.#spawn());
    for (let step = 0; step < steps && this.#problems.length === 0; step++) this.#step();
    if (this.#problems.length === 0) this.#finish();
    const { overspentNanoUsd = 0, falseRefusals = 0 } = this.#auditor ?? {};
    const figures = {
      operations: this.#operations,
      admissions: this.#admissions,
      refusals: this.#refusals,
      unavailable: this.#unavailable,
      kills: this.#kills,
      orphans: this.#orphans,
      overspentNanoUsd,
      falseRefusals,
    };
    return { figures, problems: this.#problems, log: this.#log };
  }

  close(): void {
    this.#unlock();
    for (const process of this.#processes) process.ledger?.close();
    this.#auditor?.close();
  }

  get #problems(): string[] {
    return this.#auditor?.problems ?? [];
  }

  get #audit(): Auditor {
    if (!this.#auditor) throw new Error('the auditor comes with the first process');
    return this.#auditor;
  }

  #step(): void {
    const at = this.#random.next() * 100;
    const process = this.#random.chance(0.9) ? this.#anyone() : undefined;
    if (!process) this.#arrive();
    else if (at < 30) this.#compare(process);
    else if (at < 48) this.#settle(process);
    else if (at < 58) this.#beat(process);
    else if (at < 64) this.#kill(process);
    else if (at < 78) this.#wait();
    else if (at < 83) this.#jump();
    else if (at < 85) this.#travel();
    else if (at < 90) this.#changeLimits();
    else if (at < 93) this.#settleOrphans(process);
    else if (at < 95) this.#adopt(process);
    else if (at < 96) this.#note(process);
    else if (at < 97) this.#fill(process);
    else if (at < 98) this.#takeLock();
    else this.#reopen(process);
    if (this.#random.chance(0.4)) this.#look();
  }

  /** What the product does before it sends: it takes what the dead left, then asks for all lanes together. */
  #compare(process: Process): void {
    if (!this.#settleOrphans(process)) return;
    const comparisonId = this.#random.chance(0.8) ? `c${++this.#comparisons}` : `c${Math.max(1, this.#comparisons)}`;
    const isBackground = this.#random.chance(0.15);
    const lanes = this.#random.pick([
      ['fast'],
      ['reasoning'],
      ['fast', 'reasoning'],
      ['fast', 'reasoning'],
      ['a', 'b', 'c', 'd'],
    ]);
    const holds: HoldRequest[] = lanes.map((lane) => ({
      lane,
      endpoint: this.#random.pick(['mine', 'yours']),
      model: 'm',
      ceilingNanoUsd: this.#amount(),
      ...(isBackground ? { background: true } : {}),
    }));
    const amounts = holds.map((hold) => hold.ceilingNanoUsd);
    const limits = this.#limits;
    const asked = { comparisonId, holds, limits, today: this.#today() };
    this.#act(process, `reserve ${amounts.join('+')} for ${comparisonId}`, [holds.length], (ledger) => {
      const result = ledger.reserve(comparisonId, holds, limits);
      return () => {
        if (result.ok) {
          this.#admissions += 1;
          this.#audit.admitted(asked, result.holdIds);
          for (const [i, id] of result.holdIds.entries()) process.holds.set(id, amounts[i] ?? 0);
          return 'admitted';
        }
        this.#refusals += 1;
        this.#audit.refused(asked, result.refusal, (id) => this.#ownerOf(id));
        return `refused by the ${result.refusal.window}`;
      };
    });
  }

  #settle(process: Process): void {
    const isLate = process.holds.size === 0 || this.#random.chance(0.2);
    const known = isLate ? process.past : [...process.holds.keys()];
    const holdId = known[this.#random.int(0, Math.max(0, known.length - 1))];
    if (holdId === undefined) return;
    const ceiling = process.holds.get(holdId) ?? 50;
    const exact = { nanoUsd: this.#random.int(0, ceiling), basis: 'computed' } as const;
    const [cost, usage] = this.#random.pick<readonly [Cost, Usage | undefined]>([
      [exact, USAGE],
      [exact, USAGE],
      [{ ...exact, nanoUsd: ceiling * 2 }, USAGE],
      [{ ...exact, basis: 'billed' }, USAGE],
      [{ ...exact, basis: 'estimated' }, undefined],
      [{ nanoUsd: 0, basis: 'computed' }, undefined],
      [{ nanoUsd: ceiling, basis: 'estimated' }, undefined],
      [{ basis: 'unknown' }, undefined],
      [{ nanoUsd: Number.NaN, basis: 'computed' }, undefined],
    ]);
    const isSound = cost.basis === 'unknown' || Number.isSafeInteger(cost.nanoUsd);
    const due = isSound ? { nanoUsd: cost.nanoUsd ?? 0, basis: cost.basis } : { nanoUsd: ceiling, basis: 'estimated' };
    this.#act(process, `settle ${short(holdId)} at ${cost.nanoUsd ?? 'unknown'} ${cost.basis}`, [1, 2], (ledger) => {
      const isDone = ledger.settle(holdId, cost, usage);
      return () => {
        this.#audit.settled(holdId, isDone, due);
        if (process.holds.delete(holdId)) process.past.push(holdId);
        return isDone ? 'settled' : 'it was settled before';
      };
    });
  }

  #beat(process: Process): void {
    for (const [holdId, ceiling] of process.holds) {
      const metered = this.#random.int(0, ceiling);
      this.#act(process, `beat ${short(holdId)} ${metered}`, [], (ledger) => {
        ledger.beat(holdId, metered);
        return () => {
          this.#audit.nothing('a sign of life');
          return '';
        };
      });
    }
  }

  /** False when the ledger could not: then nothing is asked of it either. */
  #settleOrphans(process: Process): boolean {
    let isDone = false;
    const beats = this.#audit.beats();
    const wallMs = this.#wallMs;
    this.#act(
      process,
      'settle orphans',
      this.#audit.open.map((_, i) => i + 1),
      (ledger) => {
        const settled = ledger.settleOrphans();
        return () => {
          this.#orphans += settled.length;
          this.#audit.orphansSettled(
            settled.map(({ holdId }) => holdId),
            beats,
            wallMs,
            (beat) => this.#isAlive(idOf(beat)),
          );
          isDone = true;
          return `${settled.length} settled`;
        };
      },
    );
    return isDone;
  }

  #adopt(process: Process): void {
    const open = this.#audit.open;
    const hold = open[this.#random.int(0, Math.max(0, open.length - 1))];
    const holdId = hold?.holdId;
    if (typeof holdId !== 'string') return;
    const owner = this.#audit.beats().get(holdId);
    const isFree = !owner || !this.#isAlive(idOf(owner)) || owner.pid === process.id.pid;
    this.#act(process, `adopt ${short(holdId)}`, [], (ledger) => {
      const isOurs = ledger.adopt(holdId);
      return () => {
        this.#audit.nothing('an adoption');
        if (isOurs !== isFree) this.#problems.push(`adopted ${isOurs}, although its owner ${isFree ? 'is gone' : 'lives'}`);
        if (isOurs) process.holds.set(holdId, hold?.nanoUsd ?? 0);
        return isOurs ? 'ours now' : 'not ours';
      };
    });
  }

  #note(process: Process): void {
    const comparisonId = `c${++this.#comparisons}`;
    this.#act(process, 'note a run of unknown cost', [1], (ledger) => {
      ledger.noteUnpriced(comparisonId, 'fast', 'mine', 'm', undefined);
      return () => {
        this.#audit.noted(comparisonId);
        return '';
      };
    });
  }

  #look(): void {
    const process = this.#anyone();
    if (!process) return;
    const today = this.#today();
    this.#act(process, 'spending', [], (ledger) => {
      const spending = ledger.spending();
      return () => {
        this.#audit.spending({ ...spending }, today);
        return '';
      };
    });
  }

  /**
   * Does one thing to the ledger, now and then with a fault in it, and has the auditor look at what became of it. `counts`: how many
   * rows it may write when it is whole.
   */
  #act(process: Process, what: string, counts: readonly number[], work: (ledger: Ledger) => () => string): void {
    const { ledger } = process;
    if (!ledger) return;
    this.#operations += 1;
    const fault = this.#random.chance(0.05)
      ? this.#random.pick<FaultKind>(['full', 'io', 'busy', 'dies', 'dies', 'dies after'])
      : undefined;
    const atStatement = this.#random.int(0, 14);
    const name = `${process.id.pid} ${what}`;
    try {
      const { fired, result } = fault
        ? withFault(fault, atStatement, () => work(ledger))
        : { fired: false, result: work(ledger) };
      if (fired && (fault === 'dies' || fault === 'dies after')) {
        this.#log.push(`${name}: dies at statement ${atStatement}`);
        this.#bury(process);
        this.#audit.allOrNothing(counts);
      } else if (result) this.#log.push(`${name}: ${result()}`);
      else this.#failed(name, `injected: ${fault}`);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      const isExplained =
        (process.isFull && /disk is full/.test(error.message)) ||
        (this.#lock !== undefined && /in use by another window/.test(error.message));
      if (!isExplained) this.#problems.push(`${name}: ${error.message}`);
      this.#failed(name, error.message);
    }
  }

  #failed(name: string, why: string): void {
    this.#unavailable += 1;
    this.#log.push(`${name}: unavailable, ${why}`);
    this.#audit.nothing('what failed');
  }

  #arrive(): void {
    const idle = this.#processes.find((process) => !process.ledger);
    if (this.#processes.length < this.#most) this.#open(this.#spawn());
    else if (idle) this.#open(idle);
  }

  #spawn(): Process {
    // Numbers are used again, the start tells them apart where it is known.
    const reused = [...this.#died.keys()].map((key) => Number(key.split(':')[0])).find((pid) => !this.#looksAlive(pid));
    const pid = reused !== undefined && this.#random.chance(0.3) ? reused : 1000 + ++this.#births;
    const id: ProcessId = this.#knowsStart ? { pid, startedAt: `born ${++this.#births}` } : { pid };
    const process: Process = { id, ledger: undefined, connection: undefined, holds: new Map(), past: [], isFull: false };
    this.#processes.push(process);
    this.#living.add(keyOf(id));
    this.#died.delete(keyOf(id));
    return process;
  }

  #open(process: Process): void {
    this.#operations += 1;
    const clock = { nowMs: () => this.#trueMs, date: () => new Date(this.#wallMs) };
    const isAlive = (owner: ProcessId): boolean => this.#isAlive(owner);
    try {
      process.ledger = openLedger({ path: this.#file, clock, owner: process.id, isAlive, busyTimeoutMs: 0 });
      process.connection = newestConnection();
      this.#log.push(`${process.id.pid} opens`);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      if (!this.#lock) this.#problems.push(`${process.id.pid} cannot open: ${error.message}`);
      this.#unavailable += 1;
      this.#log.push(`${process.id.pid} cannot open: ${error.message}`);
    }
  }

  #reopen(process: Process): void {
    process.ledger?.close();
    process.ledger = undefined;
    process.isFull = false;
    this.#open(process);
  }

  #kill(process: Process): void {
    this.#log.push(`${process.id.pid} is killed with ${process.holds.size} open holds`);
    this.#bury(process);
  }

  #bury(process: Process): void {
    this.#kills += 1;
    process.ledger?.close();
    process.ledger = undefined;
    this.#processes.splice(this.#processes.indexOf(process), 1);
    this.#living.delete(keyOf(process.id));
    this.#died.set(keyOf(process.id), this.#trueMs);
  }

  /** Time passes. Most of the living say so meanwhile; some sleep. */
  #wait(): void {
    const ms = this.#random.pick([
      this.#random.int(1, 5000),
      this.#random.int(5000, 40_000),
      this.#random.int(25_000, 70_000),
      20 * MINUTE_MS,
    ]);
    this.#wallMs += ms;
    this.#trueMs += ms;
    this.#log.push(`${ms} ms pass`);
    if (this.#random.chance(0.5)) this.#unlock();
    for (const process of [...this.#processes]) {
      if (this.#random.chance(0.3)) this.#empty(process);
      if (this.#random.chance(0.8)) this.#beat(process);
    }
  }

  #jump(): void {
    const ms = this.#random.pick([HOUR_MS, 24 * HOUR_MS, 31 * 24 * HOUR_MS, 3 * MINUTE_MS, 40_000, 20_000]);
    const isBack = this.#random.chance(0.5);
    this.#wallMs += isBack ? -ms : ms;
    this.#log.push(`the clock jumps by ${isBack ? -ms : ms} ms to ${new Date(this.#wallMs).toISOString()}`);
  }

  #travel(): void {
    this.#zone = this.#random.pick(ZONES);
    process.env.TZ = this.#zone;
    this.#log.push(`in ${this.#zone}`);
  }

  #changeLimits(): void {
    const limit = (most: number): number =>
      this.#random.pick([this.#random.int(0, most), this.#random.int(most / 2, most), most]);
    this.#limits = {
      ...(this.#random.chance(0.6) ? { perRunNanoUsd: limit(400) } : {}),
      ...(this.#random.chance(0.8) ? { perDayNanoUsd: limit(1000) } : {}),
      ...(this.#random.chance(0.6) ? { perMonthNanoUsd: limit(2000) } : {}),
      ...(this.#random.chance(0.3)
        ? { perEndpoint: { mine: { perDayNanoUsd: limit(600) }, yours: { perMonthNanoUsd: limit(900) } } }
        : {}),
    };
    this.#log.push(`limits ${JSON.stringify(this.#limits)}`);
  }

  /** From now on SQLite gets no more pages on this connection: its own, real answer to a full disk. */
  #fill(process: Process): void {
    if (!process.connection?.isOpen || !process.ledger || this.#lock) return;
    const { page_count: pages } = process.connection.prepare('PRAGMA page_count').get() ?? {};
    process.connection.prepare(`PRAGMA max_page_count = ${Number(pages)}`).get();
    process.isFull = true;
    this.#log.push(`${process.id.pid}: the disk is full`);
  }

  #empty(process: Process): void {
    if (!process.isFull || !process.connection?.isOpen || !process.ledger) return;
    process.connection.prepare('PRAGMA max_page_count = 1000000').get();
    process.isFull = false;
    this.#log.push(`${process.id.pid}: there is room again`);
  }

  /** Somebody else, a backup perhaps, holds the file. */
  #takeLock(): void {
    if (this.#lock) return;
    this.#lock = new DatabaseSync(this.#file, { timeout: 0 });
    this.#lock.exec('BEGIN IMMEDIATE');
    this.#log.push('the file is locked');
  }

  #unlock(): void {
    if (!this.#lock) return;
    this.#lock.close();
    this.#lock = undefined;
    this.#log.push('the file is free again');
  }

  /** Everybody is gone; sixty seconds later one comes, and may spend exactly what is left. */
  #finish(): void {
    this.#unlock();
    for (const process of [...this.#processes]) this.#kill(process);
    const ms = MINUTE_MS + 1;
    this.#wallMs += ms;
    this.#trueMs += ms;
    const last = this.#spawn();
    this.#open(last);
    const { ledger } = last;
    if (!ledger) return;
    const beats = this.#audit.beats();
    const isAlive = (beat: Beat): boolean => this.#isAlive(idOf(beat));
    const settled = ledger.settleOrphans();
    this.#orphans += settled.length;
    this.#audit.orphansSettled(
      settled.map(({ holdId }) => holdId),
      beats,
      this.#wallMs,
      isAlive,
    );
    // A number in use again looks alive, and a clock set back makes a sign of life young: both only for so long.
    this.#wallMs = Math.max(this.#wallMs, ...[...beats.values()].map((beat) => beat.atMs)) + HOUR_MS;
    const later = ledger.settleOrphans();
    this.#audit.orphansSettled(
      later.map(({ holdId }) => holdId),
      beats,
      this.#wallMs,
      isAlive,
    );
    const today = this.#today();
    this.#audit.spending({ ...ledger.spending() }, today);
    const left = this.#audit.leftToday(today, 1e9);
    const hold = (ceilingNanoUsd: number): HoldRequest => ({ lane: 'fast', endpoint: 'mine', model: 'm', ceilingNanoUsd });
    for (const amount of [left + 1, left]) {
      const limits = { perDayNanoUsd: 1e9 };
      const asked = { comparisonId: `last-${amount}`, holds: [hold(amount)], limits, today };
      const result = ledger.reserve(asked.comparisonId, asked.holds, limits);
      if (result.ok !== (amount === left))
        this.#problems.push(`${amount} of ${left} left: ${result.ok ? 'admitted' : 'refused'}`);
      if (!result.ok) this.#audit.refused(asked, result.refusal, () => ({ isGone: false }));
      else {
        this.#audit.admitted(asked, result.holdIds);
        const [holdId = ''] = result.holdIds;
        this.#audit.settled(holdId, ledger.settle(holdId, { nanoUsd: 1, basis: 'computed' }, USAGE), {
          nanoUsd: 1,
          basis: 'computed',
        });
      }
    }
    this.#audit.end();
  }

  #anyone(): Process | undefined {
    const open = this.#processes.filter((process) => process.ledger);
    return open[this.#random.int(0, Math.max(0, open.length - 1))];
  }

  /** Small beside the limits, or about as large, and now and then nothing. */
  #amount(): number {
    return this.#random.pick([this.#random.int(1, 60), this.#random.int(50, 300), this.#random.int(1, 1200), 0]);
  }

  /** The day of the person's calendar, reckoned by another way than the ledger's. */
  #today(): string {
    return dayIn(this.#zone, this.#wallMs);
  }

  /** What a process can see of another. */
  #isAlive({ pid, startedAt }: ProcessId): boolean {
    return startedAt === undefined ? this.#looksAlive(pid) : this.#living.has(keyOf({ pid, startedAt }));
  }

  #looksAlive(pid: number): boolean {
    return this.#processes.some((process) => process.id.pid === pid);
  }

  #ownerOf(holdId: string): OwnerFacts {
    const beat = this.#audit.beats().get(holdId);
    if (!beat || this.#isAlive(idOf(beat))) return { isGone: false };
    const goneForMs = this.#trueMs - (this.#died.get(keyOf(idOf(beat))) ?? 0);
    return { isGone: true, goneForMs, silentMs: this.#wallMs - beat.atMs };
  }
}

const keyOf = ({ pid, startedAt }: ProcessId): string => `${pid}:${startedAt ?? ''}`;
const idOf = ({ pid, startedAt }: Beat): ProcessId => (startedAt === null ? { pid } : { pid, startedAt });
const short = (holdId: string): string => holdId.slice(0, 8);

const calendars = new Map<string, Intl.DateTimeFormat>();

function dayIn(zone: string, wallMs: number): string {
  let calendar = calendars.get(zone);
  if (!calendar) {
    calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    calendars.set(zone, calendar);
  }
  return calendar.format(wallMs);
}
