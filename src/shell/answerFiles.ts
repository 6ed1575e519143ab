/**
 * A comparison's texts as read-only documents, with no file beside the person's own:
 *
 *   second-thought:/<comparison>/<lane>/<file>           a file of the lane's answer
 *   second-thought:/<comparison>/in-file-<lane>/<name>   the source document as it is now, with the answer in place of the selection
 *   second-thought:/<comparison>/base/<name>             the text that was sent: the source document, or the selection of it
 *   second-thought:/<comparison>/prompt/<lane>.md        what was sent
 *   second-thought:/<comparison>/sent/<lane>.md          the same without its heading, to compare the lanes
 *   second-thought:/<comparison>/text/<lane>.md          the lane's answer as it came, its words included
 *   second-thought:/<comparison>/figures/<lane>.md       what was measured of the run, a line each
 *   second-thought:/<comparison>/empty/<name>            nothing, to compare a new file with
 *
 * Content is computed from the folded log whenever VS Code asks, so that tabs restored after a reload show what they showed (the manifest
 * activates the extension on `onFileSystem:second-thought`). The file's name gives the language mode.
 */
import * as vscode from 'vscode';
import { type AnswerFile, artifactOf } from '../core/artifact/artifact.ts';
import { displayPath } from '../core/artifact/paths.ts';
import { documentPaths, replaceSelection, sentText } from '../core/artifact/review.ts';
import { promptParts } from '../core/prompt.ts';
import { type ComparisonState, LANE_LABEL, LANES, type LaneId, type Run } from '../shared/comparison.ts';
import { adjustmentLine, parameterLines } from '../shared/fairness.ts';
import { bytesOfBase64, kilobytes } from '../shared/figures.ts';
import { materialsOf } from '../shared/materials.ts';
import { METRICS } from '../shared/metrics.ts';
import { laneStatus } from '../shared/sentences.ts';
import type { Task } from '../shared/task.ts';
import { ANSWER_SCHEME } from './names.ts';

export interface AnswerFilesDependencies {
  /** The folded log of a comparison, running or stored; undefined when there is none. */
  readonly lookup: (comparisonId: string) => Promise<ComparisonState | undefined>;
  /** The present text of a document, saved or not; undefined when there is none. See `applyTargets.ts`. */
  readonly readText: (uri: vscode.Uri) => Promise<string | undefined>;
  /** Another scheme, so that a test can stand beside the extension. */
  readonly scheme?: string;
}

interface Entry {
  readonly text: string | (() => Promise<string | undefined>);
  readonly mtime: number;
}

/** Open documents are refreshed at most this often while an answer streams. */
const REFRESH_MS = 250;

export class AnswerFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #dependencies: AnswerFilesDependencies;
  readonly #scheme: string;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** The documents of a state, made once for each state. */
  readonly #entries = new WeakMap<ComparisonState, ReadonlyMap<string, Entry>>();
  /** What VS Code has read and may be showing, by comparison. */
  readonly #served = new Map<string, Set<string>>();
  readonly #pending = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(dependencies: AnswerFilesDependencies) {
    this.#dependencies = dependencies;
    this.#scheme = dependencies.scheme ?? ANSWER_SCHEME;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== this.#scheme) this.#refreshInFile();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  /** The document of one file of a lane's answer. */
  fileUri(state: ComparisonState, lane: LaneId, file: AnswerFile): vscode.Uri {
    const paths = documentPaths(artifactOf(state.task, state.runs[lane]).files);
    const path = [...paths].find(([, other]) => other.name === file.name)?.[0] ?? displayPath(file.name);
    return this.#uri(state.id, lane, path);
  }

  /** The source document with the answer in place of the selection. */
  inFileUri(state: ComparisonState, lane: LaneId): vscode.Uri {
    return this.#uri(state.id, `in-file-${lane}`, sourceName(state));
  }

  /** What was sent: the whole source document, or the selection of it. */
  baseUri(state: ComparisonState): vscode.Uri {
    return this.#uri(state.id, 'base', sourceName(state));
  }

  promptUri(state: ComparisonState, lane: LaneId): vscode.Uri {
    return this.#uri(state.id, 'prompt', `${lane}.md`);
  }

  sentUri(state: ComparisonState, lane: LaneId): vscode.Uri {
    return this.#uri(state.id, 'sent', `${lane}.md`);
  }

  /** A lane's answer as it came. */
  textUri(state: ComparisonState, lane: LaneId): vscode.Uri {
    return this.#uri(state.id, 'text', `${lane}.md`);
  }

  /** What was measured of a lane's run. */
  figuresUri(state: ComparisonState, lane: LaneId): vscode.Uri {
    return this.#uri(state.id, 'figures', `${lane}.md`);
  }

  /** An empty document, to compare a new file with. */
  emptyUri(state: ComparisonState, name: string): vscode.Uri {
    return this.#uri(state.id, 'empty', displayPath(name));
  }

  /** Says that a comparison has new events: documents VS Code is showing are read again, at most four times a second. */
  update(comparisonId: string): void {
    if (!this.#served.has(comparisonId)) return;
    this.#pending.add(comparisonId);
    this.#timer ??= setTimeout(() => this.#flush(), REFRESH_MS);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { entries, path } = await this.#find(uri);
    const entry = entries.get(path);
    if (entry) {
      const text = await this.#textOf(entry, uri);
      return {
        type: vscode.FileType.File,
        ctime: 0,
        mtime: entry.mtime,
        size: Buffer.byteLength(text),
        permissions: vscode.FilePermission.Readonly,
      };
    }
    if (!isFolder(entries, path)) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { entries, path, id } = await this.#find(uri);
    const entry = entries.get(path);
    if (!entry)
      throw isFolder(entries, path) ? vscode.FileSystemError.FileIsADirectory(uri) : vscode.FileSystemError.FileNotFound(uri);
    const served = this.#served.get(id) ?? new Set<string>();
    this.#served.set(id, served.add(uri.toString()));
    return Buffer.from(await this.#textOf(entry, uri));
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { entries, path } = await this.#find(uri);
    if (!isFolder(entries, path)) throw vscode.FileSystemError.FileNotFound(uri);
    const prefix = path === '' ? '' : `${path}/`;
    const children = new Map<string, vscode.FileType>();
    for (const key of entries.keys()) {
      if (!key.startsWith(prefix)) continue;
      const [name = '', ...rest] = key.slice(prefix.length).split('/');
      children.set(name, rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
    }
    return [...children];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  #uri(id: string, folder: string, path: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.#scheme, path: `/${id}/${folder}/${path}` });
  }

  async #find(uri: vscode.Uri): Promise<{ id: string; path: string; entries: ReadonlyMap<string, Entry> }> {
    const [, id = '', ...rest] = uri.path.split('/');
    const state = id === '' ? undefined : await this.#dependencies.lookup(id);
    if (!state) throw vscode.FileSystemError.FileNotFound(uri);
    const entries = this.#entries.get(state) ?? this.#entriesOf(state);
    this.#entries.set(state, entries);
    return { id, path: rest.join('/').replace(/^(empty)\/.*$/, '$1'), entries };
  }

  #entriesOf(state: ComparisonState): ReadonlyMap<string, Entry> {
    const { task } = state;
    const startedMs = Date.parse(state.startedAt) || 0;
    const entries = new Map<string, Entry>([['empty', { text: '', mtime: startedMs }]]);
    const base = sentText(task);
    if (base !== undefined) entries.set(`base/${sourceName(state)}`, { text: base, mtime: startedMs });
    for (const lane of LANES) {
      const run = state.runs[lane];
      if (!run) continue;
      const mtime = Math.round(startedMs + (run.endedMs ?? state.atMs));
      const { files } = artifactOf(task, run);
      for (const [path, file] of documentPaths(files)) entries.set(`${lane}/${path}`, { text: file.content, mtime });
      const sent = { text: sentDocument(task, run), mtime: Math.round(startedMs + run.startedMs) };
      entries.set(`sent/${lane}.md`, sent);
      entries.set(`prompt/${lane}.md`, { ...sent, text: `# Sent to ${LANE_LABEL[lane]} (${run.plan.model})\n\n${sent.text}` });
      entries.set(`text/${lane}.md`, { text: run.text, mtime });
      entries.set(`figures/${lane}.md`, { text: figuresDocument(run, state.atMs), mtime });
      const replacement = files.find(({ replaces }) => replaces);
      if (replacement && task.source) {
        const text = () => this.#inFile(state, replacement);
        entries.set(`in-file-${lane}/${sourceName(state)}`, { text, mtime });
      }
    }
    return entries;
  }

  async #inFile({ task }: ComparisonState, replacement: AnswerFile): Promise<string | undefined> {
    if (!task.source) return undefined;
    if (!task.source.selection) return replacement.content;
    const text = await this.#dependencies.readText(vscode.Uri.parse(task.source.uri, true));
    if (text === undefined) return undefined;
    const placed = replaceSelection(text, task.source.selection, replacement.content);
    return placed.ok ? placed.text : undefined;
  }

  async #textOf(entry: Entry, uri: vscode.Uri): Promise<string> {
    const text = typeof entry.text === 'string' ? entry.text : await entry.text();
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return text;
  }

  /** The right side of a selection's diff follows the person's edits of the document on the left. */
  #refreshInFile(): void {
    for (const [id, uris] of this.#served) {
      if ([...uris].some((uri) => uri.includes('/in-file-'))) this.update(id);
    }
  }

  #flush(): void {
    this.#timer = undefined;
    const uris = [...this.#pending].flatMap((id) => [...(this.#served.get(id) ?? [])]);
    this.#pending.clear();
    this.#changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri: vscode.Uri.parse(uri, true) })));
  }
}

const isFolder = (entries: ReadonlyMap<string, Entry>, path: string): boolean =>
  path === '' || [...entries.keys()].some((key) => key.startsWith(`${path}/`));

const sourceName = ({ task }: ComparisonState): string => displayPath(task.source?.name ?? (task.title || 'text.txt'));

/** The figures as the panel has them, so that two runs can be compared line by line. */
function figuresDocument(run: Run, nowMs: number): string {
  const rows = METRICS.map((each) => `- ${each.label}: ${each.read(run, nowMs).text}`);
  return [`- Model: ${run.plan.model}`, `- Status: ${laneStatus(run, nowMs)}`, ...rows, ''].join('\n');
}

/** Everything the lane was sent, the material included; a picture by its kind and size. */
function sentDocument(task: Task, { plan }: Run): string {
  const pictures = materialsOf(task).filter((_, index) => task.parts[index]?.type === 'image');
  const parts = promptParts(task, plan.prompt).map((part, index) =>
    part.type === 'text'
      ? part.text
      : `(A picture: ${pictures[index]?.name ?? ''}, ${part.mediaType}, ${kilobytes(bytesOfBase64(part.base64))}.)`,
  );
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}\n`).join('') || '- none\n';
  const sending = plan.sending
    ? `## Parameters\n\n${list(parameterLines(plan))}\n## Dropped or changed\n\n${list(plan.sending.adjustments.map(adjustmentLine))}\n`
    : '';
  return `${sending}## System\n\n${plan.system}\n\n## Prompt\n\n${parts.join('\n\n')}\n`;
}
