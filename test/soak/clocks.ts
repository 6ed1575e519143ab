/**
 * When and where a schedule plays: the clock on the wall, which jumps and is read in zones, and the true time, which does neither. The day
 * is reckoned by another way than the ledger's.
 */
import type { Random } from './random.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

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

export class Clocks {
  readonly #random: Random;
  readonly #say: (line: string) => void;
  #zone: string = ZONES[0];
  #wallMs: number;
  #trueMs = 0;

  /** Begins at one of the moments, in one of the zones. */
  constructor(random: Random, say: (line: string) => void) {
    this.#random = random;
    this.#say = say;
    this.#wallMs = Date.parse(random.pick(BEGINNINGS)) + random.int(0, 5 * MINUTE_MS);
    this.travel();
  }

  /** The clock on the wall, in milliseconds since 1970. */
  get wallMs(): number {
    return this.#wallMs;
  }

  /** Since the schedule began. */
  get trueMs(): number {
    return this.#trueMs;
  }

  /** The day of the person's calendar. */
  get today(): string {
    return dayIn(this.#zone, this.#wallMs);
  }

  /** Time passes, on both clocks. */
  pass(ms: number): void {
    this.#wallMs += ms;
    this.#trueMs += ms;
  }

  /** Puts the clock on the wall to that time; nothing happens meanwhile. */
  put(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  jump(): void {
    const ms = this.#random.pick([HOUR_MS, 24 * HOUR_MS, 31 * 24 * HOUR_MS, 3 * MINUTE_MS, 40_000, 20_000]);
    const by = this.#random.chance(0.5) ? -ms : ms;
    this.#wallMs += by;
    this.#say(`the clock jumps by ${by} ms to ${new Date(this.#wallMs).toISOString()}`);
  }

  travel(): void {
    this.#zone = this.#random.pick(ZONES);
    process.env.TZ = this.#zone;
    this.#say(`in ${this.#zone}`);
  }
}

const calendars = new Map<string, Intl.DateTimeFormat>();

function dayIn(zone: string, wallMs: number): string {
  let calendar = calendars.get(zone);
  if (!calendar) {
    calendar = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    calendars.set(zone, calendar);
  }
  return calendar.format(wallMs);
}
