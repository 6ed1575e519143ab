/**
 * The comparisons on this machine: their days, what is known of each, which are pinned, and how much room they take.
 *
 * The journal's directory is the list. An id begins with its start time, so the days and their counts come from file names alone, and of
 * the newest days from the names of a month or two: opening a list takes as long with ten thousand comparisons as with a hundred. What a
 * line in a list says is read from the log when its day is opened or something is searched for. It is kept in memory and, a file for each
 * day, in `facts/`, which may be deleted at any time: each row holds for one size and one time of its log. A pin is an empty file in
 * `pins/`, so that none can be damaged and no window overwrites another's.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type ComparisonState, EMPTY, SCHEMA_VERSION } from '../../shared/comparison.ts';
import type { Journal } from '../journal/journal.ts';
import { checkedLine, readChecked } from '../journal/lines.ts';
import { isAlive } from '../processId.ts';
import { type Facts, factsOf } from './facts.ts';

export interface HistoryDeps {
  readonly journal: Journal;
  /** The state of a comparison that this process is showing: newer than its file, and never deleted to make room. */
  readonly shown?: (id: string) => ComparisonState | undefined;
}

/** One day of the person's calendar. */
export interface Day {
  /** Its midnight, in milliseconds since 1970. */
  readonly atMs: number;
  /** Newest first. */
  readonly ids: readonly string[];
}

/** A row of the cache: facts, and of which file they are. */
interface Row {
  readonly facts: Facts;
  readonly bytes: number;
  readonly changedMs: number;
}

/** Raise it when facts are made otherwise: older rows are made anew. */
const FACTS_VERSION = `${SCHEMA_VERSION}.2`;
const ID = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})-[a-z]+$/;
/** How many comparisons are looked at together. */
const CHUNK = 100;

export class History {
  readonly #deps: HistoryDeps;
  /** By the part of an id that names a day, in UTC: that does not change with the time zone. */
  readonly #rows = new Map<string, Map<string, Row>>();

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
  }

  /** The days that have comparisons, newest first. Reads names only, and those of older months when their days are asked for. */
  *days(): Generator<Day> {
    const dayOf = dayReader();
    let atMs = 0;
    let ids: string[] = [];
    for (const id of this.#newestFirst()) {
      const day = dayOf(id);
      if (day !== atMs && ids.length > 0) {
        yield { atMs, ids };
        ids = [];
      }
      atMs = day;
      ids.push(id);
    }
    if (ids.length > 0) yield { atMs, ids };
  }

  /** What is known of these comparisons, in their order. Gives way to others while it reads. Those that are gone are left out. */
  async facts(ids: readonly string[]): Promise<readonly Facts[]> {
    const changed = new Set<string>();
    await Promise.all([...new Set(ids.map(dayName))].map((day) => this.#dayRows(day)));
    const files = await Promise.all(ids.map((id) => sizeOf(this.#deps.journal.fileOf(id))));
    const found: Facts[] = [];
    for (const [i, id] of ids.entries()) {
      const running = this.#deps.shown?.(id);
      const file = files[i];
      const row = this.#rows.get(dayName(id))?.get(id);
      if (running?.running) found.push(factsOf(id, running));
      else if (!file) continue;
      else if (row?.bytes === file.size && row.changedMs === file.mtimeMs) found.push(row.facts);
      else {
        const facts = await this.#read(id); // one after the other: nothing else waits for long
        if (!facts) continue;
        (await this.#dayRows(dayName(id))).set(id, { facts, bytes: file.size, changedMs: file.mtimeMs });
        changed.add(dayName(id));
        found.push(facts);
      }
    }
    for (const day of changed) await this.#keep(day);
    return found;
  }

  /** What is known of all comparisons, newest first, some at a time: whoever searches them has the latest at once, and the rest as they come. */
  async *all(): AsyncGenerator<readonly Facts[]> {
    let ids: string[] = [];
    for (const id of this.#newestFirst()) {
      if (ids.push(id) < CHUNK) continue;
      yield await this.facts(ids);
      ids = [];
    }
    if (ids.length > 0) yield await this.facts(ids);
  }

  /** Ids of pinned comparisons that are there. */
  pins(): ReadonlySet<string> {
    return new Set(namesIn(this.#folder('pins')).filter((id) => ID.test(id) && this.#deps.journal.has(id)));
  }

  pin(id: string, isPinned: boolean): void {
    const file = path.join(this.#folder('pins'), path.basename(this.#deps.journal.fileOf(id), '.jsonl'));
    if (isPinned) {
      fs.mkdirSync(this.#folder('pins'), { recursive: true, mode: 0o700 });
      fs.writeFileSync(file, '', { mode: 0o600 });
    } else fs.rmSync(file, { force: true });
  }

  /** Deletes one comparison, its pin and what is remembered of it. */
  async remove(id: string): Promise<void> {
    this.#deps.journal.remove(id);
    this.pin(id, false);
    const day = dayName(id);
    if ((await this.#dayRows(day)).delete(id)) await this.#keep(day);
  }

  /**
   * Deletes the oldest comparisons until all together are no larger than that. Pinned ones, those that run anywhere and those shown here
   * stay, even if that is too much. Returns what was deleted.
   */
  async trim(maxBytes: number): Promise<readonly string[]> {
    const sizes: (readonly [id: string, bytes: number])[] = [];
    for (const id of this.#newestFirst()) sizes.push([id, (await sizeOf(this.#deps.journal.fileOf(id)))?.size ?? 0]);
    let total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
    const pins = this.pins();
    const removed: string[] = [];
    for (const [id, bytes] of sizes.reverse()) {
      if (total <= maxBytes) break;
      if (pins.has(id) || this.#deps.shown?.(id) || (await this.isRunning(id))) continue;
      await this.remove(id);
      removed.push(id);
      total -= bytes;
    }
    return removed;
  }

  /** True for a run whose process lives, or that goes on without one. */
  async isRunning(id: string): Promise<boolean> {
    const record = await this.#deps.journal.readGently(id);
    if (!record?.state.running) return false;
    return !record.owner || isAlive(record.owner) || Object.values(record.state.runs).some((run) => run.plan.background);
  }

  /** Forgets what is in memory, when everything is deleted. */
  forget(): void {
    this.#rows.clear();
  }

  /** Newest first; what has no start time in its name is no comparison of ours. */
  *#newestFirst(): Generator<string> {
    for (const id of this.#deps.journal.newestFirst()) if (ID.test(id)) yield id;
  }

  async #read(id: string): Promise<Facts | undefined> {
    try {
      const record = await this.#deps.journal.readGently(id);
      return record && factsOf(id, record.state, record.damage);
    } catch (error) {
      return factsOf(id, EMPTY, `This comparison cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #folder(name: string): string {
    return path.join(this.#deps.journal.directory, name);
  }

  /** What is remembered of a day; nothing when its file is not there, is not whole, or was made otherwise. */
  async #dayRows(day: string): Promise<Map<string, Row>> {
    const known = this.#rows.get(day);
    if (known) return known;
    const text = await fs.promises.readFile(this.#cacheFile(day), 'utf8').catch(() => '');
    const stored = readChecked(text.trimEnd()) as { version: string; rows: [string, Row][] } | undefined; // its checksum proves that we wrote it
    const rows = new Map(stored?.version === FACTS_VERSION ? stored.rows : []);
    this.#rows.set(day, rows);
    return rows;
  }

  /** Remembers a day on disk. That it may fail is no matter: it can be read again. */
  async #keep(day: string): Promise<void> {
    const file = this.#cacheFile(day);
    const part = `${file}.${process.pid}.part`;
    try {
      await fs.promises.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const rows = [...(this.#rows.get(day) ?? [])];
      await fs.promises.writeFile(part, checkedLine({ version: FACTS_VERSION, rows }), { mode: 0o600 });
      await fs.promises.rename(part, file);
    } catch {
      await fs.promises.rm(part, { force: true }).catch(() => undefined);
    }
  }

  #cacheFile(day: string): string {
    return path.join(this.#folder('facts'), `${day}.json`);
  }
}

/** When a comparison began, by its id, in milliseconds since 1970; undefined for an id that does not say. */
export function startOfId(id: string): number | undefined {
  const [, year, month, day, hour, minute, second, ms] = ID.exec(id)?.map(Number) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The midnight of the day, here, on which a comparison began. Clocks change on quarters of an hour at most, so one is asked once. */
function dayReader(): (id: string) => number {
  const known = new Map<string, number>();
  return (id) => {
    const quarter = `${id.slice(0, 11)}${Math.floor(Number(id.slice(11, 13)) / 15)}`;
    let day = known.get(quarter);
    if (day === undefined) {
      day = new Date(startOfId(id) ?? 0).setHours(0, 0, 0, 0);
      known.set(quarter, day);
    }
    return day;
  };
}

const dayName = (id: string): string => id.slice(0, 8);

const sizeOf = (file: string): Promise<fs.Stats | undefined> => fs.promises.stat(file).catch(() => undefined);

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // nothing was ever pinned
  }
}
