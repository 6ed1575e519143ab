/**
 * The simulated processes of a schedule: who lives, who died when, and what each can see of another. A number is used again once nobody
 * has it; the start of a process tells the two apart where the system knows it.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '../../src/core/contracts.ts';
import { openLedger } from '../../src/core/money/ledger.ts';
import type { ProcessId } from '../../src/core/processId.ts';
import type { Beat, OwnerFacts } from './auditor.ts';
import type { Clocks } from './clocks.ts';
import { newestConnection } from './disk.ts';
import type { Random } from './random.ts';

export interface Process {
  readonly id: ProcessId;
  ledger: Ledger | undefined;
  connection: DatabaseSync | undefined;
  /** Open holds that it believes are its own, with their ceilings. */
  readonly holds: Map<string, number>;
  /** Settled by itself, or by others meanwhile: what a late owner may try again. */
  readonly past: string[];
  isFull: boolean;
}

export class Population {
  readonly #file: string;
  readonly #random: Random;
  readonly #clocks: Clocks;
  readonly #living: Process[] = [];
  /** Of the dead: when they died, in true time, by `pid:startedAt`. */
  readonly #died = new Map<string, number>();
  /** False on systems that do not say when a process began: then a number that is used again looks alive. */
  readonly #knowsStart: boolean;
  #births = 0;

  constructor(file: string, random: Random, clocks: Clocks, knowsStart: boolean) {
    this.#file = file;
    this.#random = random;
    this.#clocks = clocks;
    this.#knowsStart = knowsStart;
  }

  get living(): readonly Process[] {
    return this.#living;
  }

  /** One of those that have the ledger open. */
  anyone(): Process | undefined {
    const open = this.#living.filter((process) => process.ledger);
    return open[this.#random.int(0, Math.max(0, open.length - 1))];
  }

  spawn(): Process {
    const reused = [...this.#died.keys()].map((key) => Number(key.split(':')[0])).find((pid) => !this.#looksAlive(pid));
    const pid = reused !== undefined && this.#random.chance(0.3) ? reused : 1000 + ++this.#births;
    const id: ProcessId = this.#knowsStart ? { pid, startedAt: `born ${++this.#births}` } : { pid };
    const process: Process = { id, ledger: undefined, connection: undefined, holds: new Map(), past: [], isFull: false };
    this.#living.push(process);
    this.#died.delete(keyOf(id));
    return process;
  }

  /** Throws `LedgerUnavailable`. */
  open(process: Process): void {
    const clock = { nowMs: () => this.#clocks.trueMs, date: () => new Date(this.#clocks.wallMs) };
    const isAlive = (owner: ProcessId): boolean => this.#isAlive(owner);
    process.ledger = openLedger({ path: this.#file, clock, owner: process.id, isAlive, busyTimeoutMs: 0 });
    process.connection = newestConnection();
  }

  /** What it held stays as it is. */
  bury(process: Process): void {
    process.ledger?.close();
    process.ledger = undefined;
    this.#living.splice(this.#living.indexOf(process), 1);
    this.#died.set(keyOf(process.id), this.#clocks.trueMs);
  }

  /** Whether the process that gave that sign of life can be seen. */
  isOwnerAlive(beat: Beat): boolean {
    return this.#isAlive(idOf(beat));
  }

  /** What is known of whoever gave that sign of life last. */
  ownerOf(beat: Beat | undefined): OwnerFacts {
    if (!beat || this.isOwnerAlive(beat)) return { isGone: false };
    const goneForMs = this.#clocks.trueMs - (this.#died.get(keyOf(idOf(beat))) ?? 0);
    return { isGone: true, goneForMs, silentMs: this.#clocks.wallMs - beat.atMs };
  }

  #isAlive(owner: ProcessId): boolean {
    return owner.startedAt === undefined
      ? this.#looksAlive(owner.pid)
      : this.#living.some(({ id }) => keyOf(id) === keyOf(owner));
  }

  #looksAlive(pid: number): boolean {
    return this.#living.some((process) => process.id.pid === pid);
  }
}

const keyOf = ({ pid, startedAt }: ProcessId): string => `${pid}:${startedAt ?? ''}`;
const idOf = ({ pid, startedAt }: Beat): ProcessId => (startedAt === null ? { pid } : { pid, startedAt });
