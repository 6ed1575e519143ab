/**
 * "Edit Prompt and Run Again": the prompt opens as an untitled document, with its actions as code lenses above it. Only the words are
 * edited; the material (spec, picture, code) goes with them unchanged.
 */
import * as vscode from 'vscode';
import { promptFor } from '../core/prompt.ts';
import { type ComparisonState, LANE_LABEL, LANES, type LaneId } from '../shared/comparison.ts';

export interface PromptRun {
  readonly comparisonId: string;
  readonly lanes: readonly LaneId[];
  readonly prompt: string;
}

export class PromptEditor implements vscode.CodeLensProvider, vscode.Disposable {
  /** Comparison ids by the URI of the document their prompt is edited in. */
  readonly #documents = new Map<string, string>();
  readonly #registrations: vscode.Disposable[];

  constructor() {
    this.#registrations = [
      vscode.languages.registerCodeLensProvider({ scheme: 'untitled', language: 'markdown' }, this),
      vscode.workspace.onDidCloseTextDocument((document) => this.#documents.delete(document.uri.toString())),
      vscode.window.onDidChangeActiveTextEditor(() => this.#updateContext()),
    ];
  }

  /** Opens the prompt of that lane, or the one both share. */
  async open(state: ComparisonState, lane: LaneId | undefined): Promise<void> {
    const prompt = state.runs[lane ?? 'fast']?.plan.prompt ?? promptFor(state.task).text;
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: prompt });
    this.#documents.set(document.uri.toString(), state.id);
    await vscode.window.showTextDocument(document, { preview: false });
    this.#updateContext();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const comparisonId = this.#documents.get(document.uri.toString());
    if (!comparisonId) return [];
    const lens = (title: string, lanes: readonly LaneId[]): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command: 'secondThought.runEditedPrompt', arguments: [lanes] });
    return [
      lens('$(play) Run both lanes with this prompt', LANES),
      ...LANES.map((lane) => lens(`$(play) ${LANE_LABEL[lane]} only`, [lane])),
    ];
  }

  /** What to run with the document in front; undefined when it is no prompt. */
  read(lanes: readonly LaneId[] = LANES): PromptRun | undefined {
    const document = vscode.window.activeTextEditor?.document;
    const comparisonId = document && this.#documents.get(document.uri.toString());
    return document && comparisonId ? { comparisonId, lanes, prompt: document.getText() } : undefined;
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
  }

  #updateContext(): void {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    void vscode.commands.executeCommand(
      'setContext',
      'secondThought.promptEditor',
      uri !== undefined && this.#documents.has(uri),
    );
  }
}
