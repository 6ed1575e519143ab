/**
 * An editor and a disk in memory, as VS Code behaves: buffers that are ahead of the disk or behind it, versions that guard an edit, edits
 * that stop halfway, a preview during which anything may happen. At every call of the port the person, other programs, faults and death
 * get their turn, by the seed.
 */
import { posix } from 'node:path';
import { checkRealPath, type Disk } from '../../../src/core/apply/links.ts';
import { type Change, Moved, NotText, type Present, type UndoStore, type Workspace } from '../../../src/core/apply/workspace.ts';
import type { Random } from '../../soak/random.ts';
import { sha256 } from './kit.ts';

export const ROOT = '/ws';
export const OUTSIDE = '/out';
export const FILES = ['/ws/a.css', '/ws/b.html', '/ws/sub/c.css', '/ws/new.html', '/ws/sub/deep/n.html'] as const;

interface Buffer {
  text: string;
  dirty: boolean;
  version: number;
  /** What the disk held when it was read or saved. */
  base: string | undefined;
  readonly undo: string[];
}

/** Sees every effect that is ours, and none that is the person's. */
export interface Witness {
  around<T>(call: string, effect: () => T): T;
  edits(changes: readonly Change[]): void;
  swapped(): void;
  acted(action: () => void): void;
}

/** Something that goes wrong by the seed. */
class Injected extends Error {}

export class World {
  readonly random: Random;
  readonly disk = new Map<string, string>();
  readonly folders = new Set<string>([ROOT, OUTSIDE, '/ws/sub', '/out/sub']);
  readonly links = new Map<string, string>();
  readonly buffers = new Map<string, Buffer>();
  readonly readOnly = new Set<string>();
  readonly records = new Map<string, string>();
  witness: Witness | undefined;
  /** Chance of a fault at a call; of somebody's action at a call. */
  faults = 0.02;
  busy = 0.15;
  /** A call that hit a fault, in the present operation. */
  faulted = false;
  /** Comparisons that somebody has to themselves; a death gives them back. */
  readonly #locks = new Set<string>();
  #tokens = 0;
  #die: () => void = () => undefined;
  #died: Promise<'died'> = new Promise(() => undefined);

  constructor(random: Random) {
    this.random = random;
  }

  /** Runs an operation until it ends or the process dies under it. */
  async run<T>(operation: () => Promise<T>): Promise<T | 'died'> {
    this.#died = new Promise((resolve) => {
      this.#die = () => resolve('died');
    });
    this.faulted = false;
    return Promise.race([operation(), this.#died]);
  }

  token(): string {
    this.#tokens += 1;
    return `u${this.#tokens}!`;
  }

  /** Where a path really is. */
  real(path: string): string {
    let real = '';
    for (const step of path.split('/').slice(1)) {
      real = `${real}/${step}`;
      for (let target = this.links.get(real); target !== undefined; target = this.links.get(real)) real = target;
    }
    return real;
  }

  textOf(path: string): string | undefined {
    const buffer = this.buffers.get(path);
    return buffer?.dirty ? buffer.text : this.disk.get(this.real(path));
  }

  open(path: string): Buffer | undefined {
    const known = this.buffers.get(path);
    if (known) return known;
    const text = this.disk.get(this.real(path));
    if (text === undefined) return undefined;
    const buffer = { text, dirty: false, version: 1, base: text, undo: [] };
    this.buffers.set(path, buffer);
    return buffer;
  }

  change(buffer: Buffer, text: string): void {
    buffer.undo.push(buffer.text);
    buffer.text = text;
    buffer.version += 1;
    buffer.dirty = true;
  }

  /** As VS Code: not over a newer file, and not where nothing may be written. */
  saveBuffer(path: string): boolean {
    const buffer = this.buffers.get(path);
    if (!buffer?.dirty || this.readOnly.has(path)) return false;
    const real = this.real(path);
    const onDisk = this.disk.get(real);
    if (onDisk !== undefined && onDisk !== buffer.base) return false;
    this.disk.set(real, buffer.text);
    buffer.base = buffer.text;
    buffer.dirty = false;
    return true;
  }

  /** Something that the person, or another program, does. */
  act(): void {
    if (this.witness) this.witness.acted(() => this.#act());
    else this.#act();
  }

  #act(): void {
    const { random } = this;
    const path = random.pick(FILES);
    const real = this.real(path);
    const lineOf = (text: string): [string[], number] => {
      const lines = text.split('\n');
      return [lines, random.int(0, Math.max(0, lines.length - 2))];
    };
    switch (random.int(0, 11)) {
      case 0:
      case 1:
      case 2: {
        const buffer = this.open(path);
        if (!buffer) break;
        const [lines, at] = lineOf(buffer.text);
        lines.splice(at, 0, `/* ${this.token()} */`);
        this.change(buffer, lines.join('\n'));
        break;
      }
      case 3: {
        const buffer = this.open(path);
        if (!buffer) break;
        const [lines, at] = lineOf(buffer.text);
        lines[at] = `${lines[at]} ${this.token()}`;
        this.change(buffer, lines.join('\n'));
        break;
      }
      case 4: {
        const buffer = this.buffers.get(path);
        const before = buffer?.undo.pop();
        if (buffer && before !== undefined) Object.assign(buffer, { text: before, dirty: true, version: buffer.version + 1 });
        break;
      }
      case 5:
      case 6:
        this.saveBuffer(path);
        break;
      case 7: {
        const onDisk = this.disk.get(real);
        if (onDisk !== undefined) this.disk.set(real, `${onDisk}/* ${this.token()} */\n`);
        break;
      }
      case 8: {
        const onDisk = this.disk.get(real);
        if (onDisk === undefined || this.disk.has(`${real}.bak`)) break;
        this.disk.set(`${real}.bak`, onDisk);
        this.disk.delete(real);
        const buffer = this.buffers.get(path);
        if (buffer && !this.buffers.has(`${path}.bak`)) this.buffers.set(`${path}.bak`, buffer);
        this.buffers.delete(path);
        break;
      }
      case 9:
        if (random.chance(0.5)) this.disk.delete(real);
        else if (!this.disk.has(real)) {
          for (let up = posix.dirname(real); up !== '/'; up = posix.dirname(up)) this.folders.add(up);
          this.disk.set(real, `mine ${this.token()}\n`);
        }
        break;
      case 10:
        if (!random.chance(0.3)) break;
        this.witness?.swapped();
        if (this.links.has('/ws/sub')) this.#moveSub('/ws/sub-before', '/ws/sub', () => this.links.delete('/ws/sub'));
        else this.#moveSub('/ws/sub', '/ws/sub-before', () => this.links.set('/ws/sub', '/out/sub'));
        break;
      default:
        if (this.readOnly.has(path)) this.readOnly.delete(path);
        else if (random.chance(0.3)) this.readOnly.add(path);
    }
  }

  #moveSub(from: string, to: string, then: () => unknown): void {
    if (from === '/ws/sub-before') then();
    for (const path of [...this.disk.keys()]) {
      if (!path.startsWith(`${from}/`)) continue;
      this.disk.set(to + path.slice(from.length), this.disk.get(path) ?? '');
      this.disk.delete(path);
    }
    for (const folder of [...this.folders]) {
      if (folder !== from && !folder.startsWith(`${from}/`)) continue;
      this.folders.add(to + folder.slice(from.length));
      this.folders.delete(folder);
    }
    if (from === '/ws/sub') then();
  }

  /** One call of the port: others before and after it, perhaps a fault or death. */
  async #call<T>(name: string, effect: () => T): Promise<T> {
    await this.#turn();
    if (this.random.chance(this.faults)) await this.#fail(name);
    // What VS Code makes of a buffer when it is read is not ours.
    const result = this.witness && name !== 'read' ? this.witness.around(name, effect) : effect();
    if (this.random.chance(this.faults / 2)) await this.#fail(name);
    await this.#turn();
    return result;
  }

  async #turn(): Promise<void> {
    await Promise.resolve();
    while (this.random.chance(this.busy)) this.act();
  }

  async #fail(name: string): Promise<void> {
    this.faulted = true;
    if (!this.random.chance(0.3)) throw new Injected(`${name} failed`);
    this.#locks.clear();
    this.#die();
    await new Promise(() => undefined);
  }

  readonly store: UndoStore = {
    read: (id) => this.#call('store.read', () => JSON.parse(this.records.get(id) ?? 'null') as unknown),
    write: (id, value) =>
      this.#call('store.write', () => {
        if (value === undefined) this.records.delete(id);
        else this.records.set(id, JSON.stringify(value));
      }),
    // Takes no turn of its own: who comes first is decided by where the others wait.
    lock: async (id) => {
      if (this.#locks.has(id)) return undefined;
      this.#locks.add(id);
      return () => this.#locks.delete(id);
    },
  };

  readonly #disk: Disk = {
    rules: posix,
    lstat: async (path) => {
      const parent = this.real(posix.dirname(path));
      const place = `${parent === '/' ? '' : parent}/${posix.basename(path)}`;
      if (this.links.has(place)) return { kind: 'link', names: 1 };
      if (this.disk.has(place)) return { kind: 'file', names: 1 };
      return this.folders.has(place) || path === '/' ? { kind: 'folder', names: 1 } : undefined;
    },
    realpath: async (path) => this.real(path),
  };

  readonly workspace: Workspace = {
    isTrusted: true,
    folders: [ROOT],
    folderOf: (uri) => (uri.startsWith(`${ROOT}/`) ? ROOT : undefined),
    parentOf: (uri) => posix.dirname(uri),
    join: (folder, path) => `${folder}/${path}`,
    relative: (folder, uri) => uri.slice(folder.length + 1),
    read: (uri) => this.#call('read', () => this.#read(uri)),
    isReadOnly: (uri) => this.#call('isReadOnly', () => this.readOnly.has(uri)),
    realPath: async (root, uri) => {
      await this.#turn();
      return checkRealPath(root, uri, this.#disk);
    },
    missingFolders: (root, uri) =>
      this.#call('missingFolders', () => {
        const missing: string[] = [];
        for (let up = posix.dirname(uri); up.length > root.length; up = posix.dirname(up)) {
          if (this.folders.has(this.real(up))) break;
          missing.unshift(up);
        }
        return missing;
      }),
    edit: (changes, title) => this.#edit(changes, title),
    save: async (texts) => {
      for (const [uri, text] of texts) {
        await this.#call('save', () => this.buffers.get(uri)?.text === text && this.saveBuffer(uri));
      }
    },
    savesRefactorings: true,
    removeEmptyFolder: (uri) =>
      this.#call('removeEmptyFolder', () => {
        const real = this.real(uri);
        if (![...this.disk.keys(), ...this.folders].some((path) => path.startsWith(`${real}/`))) this.folders.delete(real);
      }),
    openUntitled: async () => undefined,
    hash: sha256,
  };

  #read(uri: string): Present | undefined {
    const buffer = this.buffers.get(uri);
    if (buffer?.dirty) return { text: buffer.text, isDirty: true };
    const onDisk = this.disk.get(this.real(uri));
    if (onDisk === undefined) {
      this.buffers.delete(uri);
      return undefined;
    }
    const open = this.open(uri);
    if (open && open.text !== onDisk) {
      if (this.random.chance(0.3)) throw new NotText('it has just changed on disk. Try again in a moment.');
      Object.assign(open, { text: onDisk, base: onDisk, version: open.version + 1 });
    }
    return { text: onDisk, isDirty: false };
  }

  async #edit(changes: readonly Change[], title: string | undefined): Promise<boolean> {
    await this.#turn();
    if (this.random.chance(this.faults)) await this.#fail('edit');
    for (const { uri, from, to, isSaved } of changes) {
      const isBehind = to === null && this.disk.get(this.real(uri)) !== from;
      if (isSaved && this.buffers.get(uri)?.dirty) throw new Moved(uri);
      if (isBehind || (from === null ? this.textOf(uri) !== undefined : this.open(uri)?.text !== from)) throw new Moved(uri);
    }
    this.witness?.edits(changes);
    const versions = new Map(changes.map(({ uri }) => [uri, this.buffers.get(uri)?.version]));
    let wanted = changes;
    if (title !== undefined) {
      await this.#turn();
      await this.#turn();
      if (this.random.chance(0.1)) return false;
      if (this.random.chance(0.15)) wanted = changes.filter(() => this.random.chance(0.6));
    }
    for (const { uri, from, to } of wanted) {
      if (from !== null || to === null) continue;
      if (this.random.chance(this.faults)) await this.#fail('create');
      if (this.disk.has(this.real(uri))) return false;
      this.#ours('create', () => {
        const real = this.real(uri);
        for (let up = posix.dirname(real); up !== '/'; up = posix.dirname(up)) this.folders.add(up);
        this.disk.set(real, to);
      });
      await this.#turn();
    }
    const changed = wanted.filter(({ from }) => from !== null);
    if (changed.some(({ uri }) => this.buffers.get(uri)?.version !== versions.get(uri))) return false;
    this.#ours('change', () => {
      for (const { uri, to } of changed) {
        const buffer = this.buffers.get(uri);
        if (to === null) {
          this.disk.delete(this.real(uri));
          this.buffers.delete(uri);
        } else if (buffer) this.change(buffer, to);
      }
    });
    if (this.random.chance(this.faults)) await this.#fail('edit');
    await this.#turn();
    return true;
  }

  #ours(call: string, effect: () => void): void {
    if (this.witness) this.witness.around(call, effect);
    else effect();
  }
}
