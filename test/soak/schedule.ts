/**
 * One seeded schedule: two to eight simulated processes over one real ledger file. They reserve, beat, settle, die, come back and adopt,
 * while clocks jump, the person travels and changes the limits, the disk fills and somebody else holds the lock. After every step the
 * auditor looks. Everything follows from the seed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Ledger, LedgerUnavailable, type Limits } from '../../src/core/contracts.ts';
import { Auditor, type Beat } from './auditor.ts';
import { Clocks, HOUR_MS, MINUTE_MS } from './clocks.ts';
import { type FaultKind, installDisk, withFault } from './disk.ts';
import type { Played } from './played.ts';
import { Population, type Process } from './population.ts';
import { type Random, randomOf } from './random.ts';
import { drawHolds, drawLimits, drawSettlement, USAGE } from './wishes.ts';

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
  /** So many processes at most live at a time. */
  readonly #most: number;
  readonly #clocks: Clocks;
  readonly #population: Population;
  #auditor: Auditor | undefined;
  #lock: DatabaseSync | undefined;
  #limits: Limits = {};
  #comparisons = 0;
  readonly #figures = { operations: 0, admissions: 0, refusals: 0, unavailable: 0, kills: 0, orphans: 0 };

  constructor(seed: number, file: string) {
    this.#file = file;
    this.#random = randomOf(seed);
    const knowsStart = this.#random.chance(0.8);
    this.#most = this.#random.int(2, 8);
    this.#clocks = new Clocks(this.#random, (line) => this.#log.push(line));
    this.#population = new Population(file, this.#random, this.#clocks, knowsStart);
  }

  play(steps: number): Played {
    this.#changeLimits();
    this.#open(this.#population.spawn());
    this.#auditor = new Auditor(this.#file);
    while (this.#population.living.length < Math.min(this.#most, 2)) this.#open(this.#population.spawn());
    for (let step = 0; step < steps && this.#problems.length === 0; step++) this.#step();
    if (this.#problems.length === 0) this.#finish();
    const { overspentNanoUsd = 0, falseRefusals = 0 } = this.#auditor ?? {};
    return { figures: { ...this.#figures, overspentNanoUsd, falseRefusals }, problems: this.#problems, log: this.#log };
  }

  close(): void {
    this.#unlock();
    for (const process of this.#population.living) process.ledger?.close();
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
    const process = this.#random.chance(0.9) ? this.#population.anyone() : undefined;
    if (!process) this.#arrive();
    else if (at < 30) this.#compare(process);
    else if (at < 48) this.#settle(process);
    else if (at < 58) this.#beat(process);
    else if (at < 64) this.#kill(process);
    else if (at < 78) this.#wait();
    else if (at < 83) this.#clocks.jump();
    else if (at < 85) this.#clocks.travel();
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
    const holds = drawHolds(this.#random);
    const amounts = holds.map((hold) => hold.ceilingNanoUsd);
    const limits = this.#limits;
    const asked = { comparisonId, holds, limits, today: this.#clocks.today };
    this.#act(process, `reserve ${amounts.join('+')} for ${comparisonId}`, [holds.length], (ledger) => {
      const result = ledger.reserve(comparisonId, holds, limits);
      return () => {
        if (result.ok) {
          this.#figures.admissions += 1;
          this.#audit.admitted(asked, result.holdIds);
          for (const [i, id] of result.holdIds.entries()) process.holds.set(id, amounts[i] ?? 0);
          return 'admitted';
        }
        this.#figures.refusals += 1;
        this.#audit.refused(asked, result.refusal, (id) => this.#population.ownerOf(this.#audit.beats().get(id)));
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
    const { cost, usage, due } = drawSettlement(this.#random, ceiling);
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
    const counts = this.#audit.open.map((_, i) => i + 1);
    const beats = this.#audit.beats();
    this.#act(process, 'settle orphans', counts, (ledger) => {
      const settled = ledger.settleOrphans();
      return () => {
        this.#orphansSettled(settled, beats);
        isDone = true;
        return `${settled.length} settled`;
      };
    });
    return isDone;
  }

  #orphansSettled(settled: ReturnType<Ledger['settleOrphans']>, beats: ReadonlyMap<string, Beat>): void {
    this.#figures.orphans += settled.length;
    const holdIds = settled.map(({ holdId }) => holdId);
    this.#audit.orphansSettled(holdIds, beats, this.#clocks.wallMs, (beat) => this.#population.isOwnerAlive(beat));
  }

  #adopt(process: Process): void {
    const open = this.#audit.open;
    const hold = open[this.#random.int(0, Math.max(0, open.length - 1))];
    const holdId = hold?.holdId;
    if (typeof holdId !== 'string') return;
    const owner = this.#audit.beats().get(holdId);
    const isFree = !owner || !this.#population.isOwnerAlive(owner) || owner.pid === process.id.pid;
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
    const process = this.#population.anyone();
    if (!process) return;
    const today = this.#clocks.today;
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
    this.#figures.operations += 1;
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
    this.#figures.unavailable += 1;
    this.#log.push(`${name}: unavailable, ${why}`);
    this.#audit.nothing('what failed');
  }

  #arrive(): void {
    const idle = this.#population.living.find((process) => !process.ledger);
    if (this.#population.living.length < this.#most) this.#open(this.#population.spawn());
    else if (idle) this.#open(idle);
  }

  #open(process: Process): void {
    this.#figures.operations += 1;
    try {
      this.#population.open(process);
      this.#log.push(`${process.id.pid} opens`);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      if (!this.#lock) this.#problems.push(`${process.id.pid} cannot open: ${error.message}`);
      this.#figures.unavailable += 1;
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
    this.#figures.kills += 1;
    this.#population.bury(process);
  }

  /** Time passes. Most of the living say so meanwhile; some sleep. */
  #wait(): void {
    const ms = this.#random.pick([
      this.#random.int(1, 5000),
      this.#random.int(5000, 40_000),
      this.#random.int(25_000, 70_000),
      20 * MINUTE_MS,
    ]);
    this.#clocks.pass(ms);
    this.#log.push(`${ms} ms pass`);
    if (this.#random.chance(0.5)) this.#unlock();
    for (const process of [...this.#population.living]) {
      if (this.#random.chance(0.3)) this.#empty(process);
      if (this.#random.chance(0.8)) this.#beat(process);
    }
  }

  #changeLimits(): void {
    this.#limits = drawLimits(this.#random);
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
    for (const process of [...this.#population.living]) this.#kill(process);
    this.#clocks.pass(MINUTE_MS + 1);
    const last = this.#population.spawn();
    this.#open(last);
    const { ledger } = last;
    if (!ledger) return;
    const beats = this.#audit.beats();
    this.#orphansSettled(ledger.settleOrphans(), beats);
    // A number in use again looks alive, and a clock set back makes a sign of life young: both only for so long.
    this.#clocks.put(Math.max(this.#clocks.wallMs, ...[...beats.values()].map((beat) => beat.atMs)) + HOUR_MS);
    this.#orphansSettled(ledger.settleOrphans(), beats);
    const { today } = this.#clocks;
    this.#audit.spending({ ...ledger.spending() }, today);
    const left = this.#audit.leftToday(today, LAST_LIMIT_NANO_USD);
    for (const amount of [left + 1, left]) this.#spendLast(ledger, amount, amount === left);
    this.#audit.end();
  }

  #spendLast(ledger: Ledger, ceilingNanoUsd: number, fits: boolean): void {
    const holds = [{ lane: 'fast', endpoint: 'mine', model: 'm', ceilingNanoUsd }];
    const limits = { perDayNanoUsd: LAST_LIMIT_NANO_USD };
    const asked = { comparisonId: `last-${ceilingNanoUsd}`, holds, limits, today: this.#clocks.today };
    const result = ledger.reserve(asked.comparisonId, holds, limits);
    if (result.ok !== fits)
      this.#problems.push(
        `${ceilingNanoUsd} at the end, which ${fits ? 'fits' : 'is one too many'}: ${result.ok ? 'admitted' : 'refused'}`,
      );
    if (!result.ok) {
      this.#audit.refused(asked, result.refusal, () => ({ isGone: false }));
      return;
    }
    this.#audit.admitted(asked, result.holdIds);
    const [holdId = ''] = result.holdIds;
    const due = { nanoUsd: 1, basis: 'computed' } as const;
    this.#audit.settled(holdId, ledger.settle(holdId, due, USAGE), due);
  }
}

/** Of the last one that comes, which finds no other. */
const LAST_LIMIT_NANO_USD = 1e9;

const short = (holdId: string): string => holdId.slice(0, 8);
