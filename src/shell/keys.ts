/**
 * API keys and the Figma token: in VS Code's SecretStorage and nowhere else, each bound to the origin it was entered for. If an address
 * changes, its key is not sent there until it is set again.
 */
import type * as vscode from 'vscode';
import type { Endpoint } from '../core/contracts.ts';
import { originOf } from '../core/providers/baseUrl.ts';

interface StoredKey {
  readonly schema: 1;
  readonly origin: string;
  readonly key: string;
}

/** What a key is for: an endpoint, or the API of Figma. */
export type KeyHolder = Pick<Endpoint, 'id' | 'baseUrl'>;

const PREFIX = 'key:';
/** Begins the id of what is no endpoint; no endpoint's id can. */
const OTHER = '@';

/** Holds the Figma token. */
export const figmaKeyHolder = (apiUrl: string): KeyHolder => ({ id: `${OTHER}figma`, baseUrl: apiUrl });

export class Keys {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The key, if there is one and it was entered for this very origin. */
  async get(endpoint: KeyHolder): Promise<string | undefined> {
    const stored = await this.#read(endpoint.id);
    return stored && stored.origin === originOf(endpoint.baseUrl) ? stored.key : undefined;
  }

  /** The origin a key is bound to; undefined when there is no key. */
  async boundOrigin(endpoint: KeyHolder): Promise<string | undefined> {
    return (await this.#read(endpoint.id))?.origin;
  }

  async set(endpoint: KeyHolder, key: string): Promise<void> {
    const stored: StoredKey = { schema: 1, origin: originOf(endpoint.baseUrl), key };
    await this.#secrets.store(PREFIX + endpoint.id, JSON.stringify(stored));
  }

  async remove(endpointId: string): Promise<void> {
    await this.#secrets.delete(PREFIX + endpointId);
  }

  /** Ids of all endpoints with a key. */
  async endpointIds(): Promise<readonly string[]> {
    return (await this.#ids()).filter((id) => !id.startsWith(OTHER));
  }

  /** All keys and tokens, to take them out of anything that is written or shown. */
  async all(): Promise<readonly string[]> {
    const stored = await Promise.all((await this.#ids()).map((id) => this.#read(id)));
    return stored.flatMap((entry) => (entry ? [entry.key] : []));
  }

  async removeAll(): Promise<void> {
    for (const id of await this.#ids()) await this.remove(id);
  }

  async #ids(): Promise<readonly string[]> {
    const names = await this.#secrets.keys();
    return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  }

  async #read(endpointId: string): Promise<StoredKey | undefined> {
    const text = await this.#secrets.get(PREFIX + endpointId);
    return text === undefined ? undefined : (JSON.parse(text) as StoredKey); // only `set` writes it
  }
}
