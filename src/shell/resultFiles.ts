/**
 * Result documents as files that can be edited: `second-thought-result://<comparison>/<its title>/<path>`, each stored as one JSON file of
 * this extension's own, so that a reload loses nothing and nothing lies among the person's files. The path gives the language mode, and the
 * editor's breadcrumbs.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { parseResult, type Result } from '../core/apply/result.ts';
import { displayPath } from '../core/artifact/paths.ts';
import type { ComparisonState } from '../shared/comparison.ts';
import { titleOf } from './comparisonTitle.ts';
import { RESULT_SCHEME } from './names.ts';

export class ResultFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #directory: string;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #scheme: string;

  /** `scheme`: another one, so that a test can stand beside the extension. */
  constructor(directory: string, scheme = RESULT_SCHEME) {
    this.#directory = directory;
    this.#scheme = scheme;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** The document of a result for that path. */
  uriOf(state: ComparisonState, name: string): vscode.Uri {
    const title = titleOf(state).replace(/[/\\\p{Cc}]+/gu, ' ');
    return vscode.Uri.from({ scheme: this.#scheme, authority: state.id, path: `/${title}/${displayPath(name)}` });
  }

  /** The stored result; undefined when there is none. */
  async read(uri: vscode.Uri): Promise<Result | undefined> {
    try {
      return parseResult(JSON.parse(await fs.readFile(this.#fileOf(uri), 'utf8')));
    } catch {
      return undefined; // not there, or not a result: either way nothing can be shown
    }
  }

  async write(uri: vscode.Uri, result: Result): Promise<void> {
    const file = this.#fileOf(uri);
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await fs.writeFile(`${file}.new`, JSON.stringify(result), { mode: 0o600, flush: true });
    await fs.rename(`${file}.new`, file);
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Removes the results of a comparison. */
  async forget(comparisonId: string): Promise<void> {
    await fs.rm(this.#folderOf(comparisonId), { recursive: true, force: true });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const result = await this.#find(uri);
    const { birthtimeMs, mtimeMs } = await fs.stat(this.#fileOf(uri));
    return { type: vscode.FileType.File, ctime: birthtimeMs, mtime: mtimeMs, size: Buffer.byteLength(result.content) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#find(uri)).content);
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
    await this.write(uri, { ...(await this.#find(uri)), content: Buffer.from(bytes).toString('utf8') });
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  async #find(uri: vscode.Uri): Promise<Result> {
    const result = await this.read(uri);
    if (!result) throw vscode.FileSystemError.FileNotFound(uri);
    return result;
  }

  #folderOf(comparisonId: string): string {
    if (!/^[\w-]+$/.test(comparisonId)) throw new RangeError(`not a comparison id: ${comparisonId}`);
    return path.join(this.#directory, comparisonId);
  }

  #fileOf({ authority, path: documentPath }: vscode.Uri): string {
    const name = documentPath.split('/').slice(2).join('/');
    return path.join(this.#folderOf(authority), `${createHash('sha256').update(name).digest('hex')}.json`);
  }
}
