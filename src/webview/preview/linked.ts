/** The other files of an answer, which its page may mean by their names. Nothing else can be meant: what has a scheme or a host is not there. */
import { isElsewhere, plainPath } from './blocked.ts';

export interface LinkedFile {
  readonly name: string;
  readonly content: string;
}

/** All that a page takes in, in characters: each file may be named again and again, and name others. */
const MAX_TAKEN_LENGTH = 8_000_000;

export class LinkedFiles {
  readonly #files: ReadonlyMap<string, string>;
  #takenLength = 0;

  constructor(files: readonly LinkedFile[]) {
    this.#files = new Map(files.map(({ name, content }) => [plainPath(name), content]));
  }

  /** What the address means; undefined: nothing that is there, or the page took in too much already. */
  text(address: string): string | undefined {
    const content = isElsewhere(address) ? undefined : this.#files.get(plainPath(address));
    if (content === undefined || this.#takenLength + content.length > MAX_TAKEN_LENGTH) return undefined;
    this.#takenLength += content.length;
    return content;
  }

  /** A vector image as a `data:` address. */
  image(address: string): string | undefined {
    const text = /\.svg(?:[?#]|$)/i.test(address) ? this.text(address) : undefined;
    return text === undefined ? undefined : `data:image/svg+xml,${encodeURIComponent(text.toWellFormed())}`;
  }
}
