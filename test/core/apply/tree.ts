/**
 * A disk in memory with the rules of one system: POSIX, Windows, or a disk that folds letter case and Unicode forms. It remembers every
 * place that is written, links followed, as that system would find it.
 */
import path from 'node:path';
import { checkRealPath, type Disk } from '../../../src/core/apply/links.ts';
import type { Change, Workspace } from '../../../src/core/apply/workspace.ts';
import { sha256 } from './kit.ts';

export const SYSTEMS = ['posix', 'win32', 'folding'] as const;
export type System = (typeof SYSTEMS)[number];

export class Tree {
  readonly root: string;
  readonly outside: string;
  readonly written: string[] = [];
  readonly #system: System;
  readonly #rules: typeof path.posix;
  readonly #files = new Map<string, string>();
  readonly #folders = new Set<string>();
  readonly #links = new Map<string, string>();

  constructor(system: System) {
    this.#system = system;
    this.#rules = system === 'win32' ? path.win32 : path.posix;
    this.root = system === 'win32' ? 'C:\\srv\\ws' : '/srv/ws';
    this.outside = `${this.root}-evil`;
    this.folder(this.root);
    this.folder(this.outside);
  }

  folder(name: string): void {
    for (let up = name; ; up = this.#rules.dirname(up)) {
      this.#folders.add(this.#key(up));
      if (this.#rules.dirname(up) === up) return;
    }
  }

  file(name: string, text: string): void {
    this.folder(this.#rules.dirname(name));
    this.#files.set(this.#key(name), text);
  }

  link(name: string, target: string): void {
    this.#links.set(this.#key(name), target);
  }

  in(...names: string[]): string {
    return this.#rules.join(this.root, ...names);
  }

  /** True when everything that was written lies inside the root, and is no link's target outside. */
  staysInside(): boolean {
    const root = this.#key(this.root);
    return this.written.every((place) => place.startsWith(root + this.#rules.sep));
  }

  /** The name as the disk finds it: Windows drops streams and trailing dots and spaces. */
  #key(name: string): string {
    if (this.#system === 'posix') return name;
    const folded = this.#system === 'folding' ? name.normalize('NFD').toLowerCase() : name.toLowerCase().replaceAll('/', '\\');
    if (this.#system === 'folding') return folded.replace(/\p{Default_Ignorable_Code_Point}/gu, '');
    return folded
      .split('\\')
      .map((step, index) => (index === 0 ? step : step.replace(/:.*$/, '').replace(/[. ]+$/, '')))
      .join('\\');
  }

  #real(name: string, hops = 0): string {
    const { sep } = this.#rules;
    const [first = '', ...steps] = this.#rules.resolve(this.root, name).split(sep);
    let real = first;
    for (const [index, step] of steps.entries()) {
      real = `${real}${sep}${step}`;
      const target = this.#links.get(this.#key(real));
      if (target === undefined) continue;
      if (hops > 8) return `${sep}loop`;
      return this.#real([this.#rules.resolve(this.#rules.dirname(real), target), ...steps.slice(index + 1)].join(sep), hops + 1);
    }
    return real;
  }

  #exists(name: string): boolean {
    return this.#files.has(this.#key(name)) || this.#folders.has(this.#key(name));
  }

  readonly #disk: Omit<Disk, 'rules'> = {
    lstat: async (name) => {
      const { dirname, basename, join } = this.#rules;
      const place = dirname(name) === name ? name : join(this.#real(dirname(name)), basename(name));
      if (this.#links.has(this.#key(place))) return { kind: 'link', names: 1 };
      if (this.#files.has(this.#key(place))) return { kind: 'file', names: 1 };
      return this.#folders.has(this.#key(place)) ? { kind: 'folder', names: 1 } : undefined;
    },
    realpath: async (name) => (this.#exists(this.#real(name)) ? this.#real(name) : undefined),
  };

  workspace(): Workspace {
    const disk = { ...this.#disk, rules: this.#rules };
    const { sep, dirname, join, relative } = this.#rules;
    return {
      isTrusted: true,
      folders: [this.root],
      folderOf: (uri) => (uri.startsWith(this.root + sep) ? this.root : undefined),
      parentOf: (uri) => dirname(uri),
      join: (folder, name) => join(folder, ...name.split('/')),
      relative: (folder, uri) => relative(folder, uri).split(sep).join('/'),
      read: async (uri) => {
        const text = this.#files.get(this.#key(this.#real(uri)));
        return text === undefined ? undefined : { text, isDirty: false };
      },
      isReadOnly: async () => false,
      realPath: (root, uri) => checkRealPath(root, uri, disk),
      missingFolders: async () => [],
      edit: async (changes: readonly Change[]) => {
        for (const { uri, to } of changes) {
          const place = this.#real(uri);
          this.written.push(this.#key(place));
          if (to === null) this.#files.delete(this.#key(place));
          else this.file(place, to);
        }
        return true;
      },
      save: async () => undefined,
      savesRefactorings: false,
      removeEmptyFolder: async () => undefined,
      openUntitled: async () => undefined,
      hash: sha256,
    };
  }
}
