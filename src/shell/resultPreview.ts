/**
 * The previews of results while they are put together: a result among the other files of the answer it is beside, drawn in its
 * comparison's panel, and drawn again as it changes, until its editor is closed.
 */
import * as vscode from 'vscode';
import type { PreviewFile } from '../core/preview/preview.ts';
import { sentFiles } from '../core/preview/sent.ts';
import type { ComparisonState } from '../shared/comparison.ts';
import type { Preview } from '../shared/preview.ts';
import type { Previews } from './previews.ts';

/** Typing is drawn when it rests. */
const REST_MS = 300;

export interface ResultPreviewDeps {
  readonly preview: Previews['preview'];
  /** The files to be drawn now; undefined when the result is not known any more. */
  readonly filesOf: (state: ComparisonState, uri: vscode.Uri) => Promise<readonly PreviewFile[] | undefined>;
  readonly isOpen: (uri: vscode.Uri) => boolean;
  /** In the panel of that comparison, if it has one; undefined: there is none any more. */
  readonly show: (comparisonId: string, preview: Preview | undefined) => void;
}

interface Shown {
  readonly uri: vscode.Uri;
  readonly state: ComparisonState;
  timer?: NodeJS.Timeout;
}

export class ResultPreview implements vscode.Disposable {
  readonly #deps: ResultPreviewDeps;
  /** By comparison: the result that is drawn in its panel. */
  readonly #shown = new Map<string, Shown>();
  readonly #listening: vscode.Disposable;

  constructor(deps: ResultPreviewDeps) {
    this.#deps = deps;
    this.#listening = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changed(document.uri)),
      // The side may have been switched, or the editor closed.
      vscode.window.tabGroups.onDidChangeTabs(() => {
        for (const { uri } of this.#shown.values()) this.#changed(uri);
      }),
    );
  }

  /** From now on that result is drawn in its comparison's panel. */
  async show(state: ComparisonState, uri: vscode.Uri): Promise<void> {
    clearTimeout(this.#shown.get(state.id)?.timer);
    const shown = { uri, state };
    this.#shown.set(state.id, shown);
    await this.#draw(shown);
  }

  dispose(): void {
    this.#listening.dispose();
    for (const { timer } of this.#shown.values()) clearTimeout(timer);
    this.#shown.clear();
  }

  #changed(uri: vscode.Uri): void {
    const shown = [...this.#shown.values()].find((one) => one.uri.toString() === uri.toString());
    if (!shown) return;
    clearTimeout(shown.timer);
    shown.timer = setTimeout(() => void this.#draw(shown), REST_MS);
  }

  async #draw(shown: Shown): Promise<void> {
    const { uri, state } = shown;
    // What cannot be read now has no preview; reading it is somebody else's question, and answered there.
    const files = this.#deps.isOpen(uri) ? await this.#deps.filesOf(state, uri).catch(() => undefined) : undefined;
    const { target } = state.task;
    const options = { ...(target ? { target } : {}), complete: true, sent: sentFiles(state.task) };
    const preview = files && (await this.#deps.preview(files, options));
    if (this.#shown.get(state.id) !== shown) return;
    if (!preview) this.#shown.delete(state.id);
    this.#deps.show(state.id, preview);
  }
}
