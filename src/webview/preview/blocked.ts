/** What was blocked in a page, each thing once and counted; and where an address leads. */
import type { Blocked } from './previewTypes.ts';

export class BlockedList {
  readonly #mark: string;
  readonly #counts = new Map<string, Blocked>();

  /** @param mark something that is not told */
  constructor(mark: string) {
    this.#mark = mark;
  }

  get list(): readonly Blocked[] {
    return [...this.#counts.values()];
  }

  /** @param what is shortened */
  add(kind: Blocked['kind'], what: string, count = 1): void {
    const short = shortened(what.replaceAll(this.#mark, '').trim());
    const key = `${kind} ${short}`;
    this.#counts.set(key, { kind, what: short, count: (this.#counts.get(key)?.count ?? 0) + count });
  }
}

const shortened = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 119)}…`);

/** Carries what it means, or means something in the same document. */
export const isInside = (address: string): boolean => /^\s*(?:data:(?:image|video|audio)\/|#)/i.test(address);

/** Has a scheme, or means another host. */
export const isElsewhere = (address: string): boolean =>
  /^(?:[a-z][a-z\d+.-]*:|[\\/]{2})/i.test(address.replaceAll(/[\s\p{Cc}]/gu, ''));

/** `./css/../a.css?v=1` is `a.css`. */
export function plainPath(address: string): string {
  const parts: string[] = [];
  for (const part of (address.trim().split(/[?#]/)[0] ?? '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
