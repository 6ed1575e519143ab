/**
 * Watches a world of buffers and files while answers are applied and taken back, and knows nothing of how that is done. It holds:
 *
 * - no step of ours makes something vanish that somebody wrote, unless they said yes to exactly that;
 * - nothing is changed but what was approved, or what a record says was there before;
 * - nothing stays changed outside the folder, unless the message says so; without a swapped link nothing outside is touched at all;
 * - where nobody interfered, what is said to be done is what is there.
 */
import type { PlannedFile } from '../../../src/core/apply/planned.ts';
import type { Change, Question } from '../../../src/core/apply/workspace.ts';
import { sha256 } from './kit.ts';
import { FILES, OUTSIDE, type Witness, type World } from './world.ts';

const TOKEN = /u\d+!/g;

interface Stored {
  readonly applies: readonly {
    readonly files: readonly { readonly uri: string; readonly before: string | null; readonly afterHash: string }[];
  }[];
}

export class Auditor implements Witness {
  readonly violations: string[] = [];
  /** How often each thing was seen, so that a run shows what it covered. */
  readonly seen = new Map<string, number>();
  readonly #world: World;
  readonly #bases: readonly string[];
  /** What the person said may go; what somebody took out of files themselves. */
  readonly #agreed = new Set<string>();
  readonly #dropped = new Set<string>();
  #approved: readonly PlannedFile[] | undefined;
  #actions = 0;
  #swaps = 0;
  /** What we wrote outside in this operation: what was there, and what we left. */
  #outside = new Map<string, { readonly before: string | undefined; readonly ours: string | undefined }>();

  constructor(world: World, bases: readonly string[]) {
    this.#world = world;
    this.#bases = bases;
  }

  /** An operation begins: an apply of what was approved, or an undo. */
  begin(approved: readonly PlannedFile[] | undefined): void {
    this.#approved = approved;
    for (const { kind, before, after, path } of approved ?? []) {
      // These say that the model has seen the text, or that later edits are merged: nobody's words may be missing then.
      if (kind !== 'merged' && !(kind === 'changed' && path === 'a.css')) continue;
      this.#count(`planned: ${kind}`);
      for (const token of before?.match(TOKEN) ?? [])
        if (!after.includes(token)) this.violations.push(`${path} would lose ${token}, which was written since the run began`);
    }
    this.#actions = 0;
    this.#swaps = 0;
    this.#outside = new Map();
  }

  /** What somebody takes out of files and buffers themselves is theirs to lose; what only a record holds is not. */
  acted(action: () => void): void {
    this.#actions += 1;
    const before = this.#tokensIn(this.#kept());
    action();
    const after = this.#tokensIn(this.#kept());
    for (const token of before) if (!after.has(token)) this.#dropped.add(token);
    for (const token of after) this.#dropped.delete(token);
  }
  swapped(): void {
    this.#swaps += 1;
  }

  /** The person said yes: what the named files hold beyond the answer may go. */
  agreed({ message }: Question): void {
    if (!/held more than the answer/.test(message)) return;
    this.#count('agreed to lose');
    for (const path of FILES) {
      if (!message.includes(path.slice(4))) continue;
      for (const [token] of (this.#world.textOf(path) ?? '').matchAll(TOKEN)) this.#agreed.add(token);
    }
  }

  around<T>(call: string, effect: () => T): T {
    const before = this.#tokens();
    const outside = this.#outsideNow();
    const result = effect();
    const after = this.#tokens();
    for (const token of before) {
      if (!after.has(token) && !this.#agreed.has(token) && !this.#dropped.has(token))
        this.violations.push(`${call} lost ${token}`);
    }
    const now = this.#outsideNow();
    for (const path of new Set([...outside.keys(), ...now.keys()])) {
      if (outside.get(path) === now.get(path)) continue;
      this.#count('written outside');
      const known = this.#outside.get(path);
      this.#outside.set(path, { before: known ? known.before : outside.get(path), ours: now.get(path) });
      if (this.#swaps === 0 && this.#approved) this.violations.push(`${call} wrote ${path}, and no link was swapped`);
    }
    this.#count(call);
    return result;
  }

  edits(changes: readonly Change[]): void {
    for (const { uri, from, to } of changes) {
      const isApproved = this.#approved?.some((file) => file.uri === uri && file.before === from && file.after === to);
      const records = [...this.#world.records.values()].map((text) => JSON.parse(text) as Stored);
      const isRestored = records.some(({ applies }) =>
        applies.some(({ files }) =>
          files.some((file) => file.uri === uri && file.before === to && file.afterHash === sha256(from ?? '')),
        ),
      );
      if (!isApproved && !isRestored) this.violations.push(`${uri} was changed to what nobody approved`);
    }
  }

  /** An operation ended and said this. */
  end(message: string, done: readonly string[], kind: 'apply' | 'undo'): void {
    this.#count(
      `${kind}: ${message
        .replace(/[a-z/]+\.(?:css|html)(?:, )?/g, '*')
        .replace(/\d+/g, 'n')
        .slice(0, 60)}`,
    );
    // A link that was swapped in and out again leaves nothing to find; what somebody changed since is theirs.
    for (const [path, { before, ours }] of this.#swaps > 1 ? [] : this.#outside) {
      if (ours === before || this.#outsideNow().get(path) !== ours) continue;
      if (!/Could not undo|Nothing was undone|changed since the apply and w/.test(message))
        this.violations.push(`${path} stays written outside: ${message}`);
    }
    if (this.#actions > 0 || this.#world.faulted) return;
    for (const path of done) {
      const uri = `/ws/${path}`;
      const wanted = this.#approved?.find((file) => file.uri === uri)?.after;
      if (kind === 'apply' && this.#world.textOf(uri) !== wanted) this.violations.push(`${path} is not as approved`);
    }
  }

  /** Two windows came at once: so many went ahead, and so many were told why not. */
  raced(ran: number, told: number): void {
    this.#count(`raced: ${ran} ran, ${told} told`);
    if (ran === 0 || ran + told !== 2) this.violations.push(`of two windows ${ran} went ahead and ${told} were told why not`);
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  #tokens(): Set<string> {
    const buffers = [...this.#world.buffers.values()].map(({ text }) => text);
    return this.#tokensIn([...this.#kept(), ...buffers, ...this.#world.records.values(), ...this.#bases]);
  }

  #tokensIn(texts: readonly string[]): Set<string> {
    return new Set(texts.flatMap((text) => text.match(TOKEN) ?? []));
  }

  /** The texts of files, and of buffers that are ahead of theirs; a saved buffer only follows its file. */
  #kept(): string[] {
    const dirty = [...this.#world.buffers.values()].filter((buffer) => buffer.dirty);
    return [...this.#world.disk.values(), ...dirty.map(({ text }) => text)];
  }

  #outsideNow(): Map<string, string> {
    return new Map([...this.#world.disk].filter(([path]) => path.startsWith(`${OUTSIDE}/`)));
  }
}
