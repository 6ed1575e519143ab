/**
 * API keys: in VS Code's SecretStorage and nowhere else, each bound to the origin it was entered for. If an endpoint's address changes,
 * its key is not sent there until it is set again.
 */
import type * as vscode from 'vscode';
import type { Endpoint } from '../core/contracts.ts';
import { originOf } from '../core/providers/baseUrl.ts';

interface StoredKey {
  readonly schema: 1;
  readonly origin: string;
  readonly key: string;
}

const PREFIX = 'key:';

export class Keys {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** The key, if there is one and it was entered for this very origin. */
  async get(endpoint: Endpoint): Promise<string | undefined> {
    const stored = await this.#read(endpoint.id);
    return stored && stored.origin === originOf(endpoint.baseUrl) ? stored.key : undefined;
  }

  /** The origin a key is bound to; undefined when there is no key. */
  async boundOrigin(endpoint: Endpoint): Promise<string | undefined> {
    return (await this.#read(endpoint.id))?.origin;
  }

  async set(endpoint: Endpoint, key: string): Promise<void> {
    const stored: StoredKey = { schema: 1, origin: originOf(endpoint.baseUrl), key };
    await this.#secrets.store(PREFIX + endpoint.id, JSON.stringify(stored));
  }

  async remove(endpointId: string): Promise<void> {
    await this.#secrets.delete(PREFIX + endpointId);
  }

  /** Ids of all endpoints with a key. */
  async endpointIds(): Promise<readonly string[]> {
    const names = await this.#secrets.keys();
    return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  }

  /** All keys, to take them out of anything that is written or shown. */
  async all(): Promise<readonly string[]> {
    const stored = await Promise.all((await this.endpointIds()).map((id) => this.#read(id)));
    return stored.flatMap((entry) => (entry ? [entry.key] : []));
  }

  async #read(endpointId: string): Promise<StoredKey | undefined> {
    const text = await this.#secrets.get(PREFIX + endpointId);
    return text === undefined ? undefined : (JSON.parse(text) as StoredKey); // only `set` writes it
  }
}
