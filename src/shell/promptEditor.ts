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
  /** What is edited, by the URI of the document it is edited in. */
  readonly #documents = new Map<string, { readonly comparisonId: string; readonly material: string | undefined }>();
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
    this.#documents.set(document.uri.toString(), { comparisonId: state.id, material: state.task.source?.name });
    await vscode.window.showTextDocument(document, { preview: false });
    this.#updateContext();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const edited = this.#documents.get(document.uri.toString());
    if (!edited) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, lanes: readonly LaneId[]): vscode.CodeLens =>
      new vscode.CodeLens(top, { title, command: 'secondThought.runEditedPrompt', arguments: [lanes] });
    return [
      lens('$(play) Run both lanes with this prompt', LANES),
      ...LANES.map((lane) => lens(`$(play) ${LANE_LABEL[lane]} only`, [lane])),
      new vscode.CodeLens(top, { title: `${edited.material ?? 'The material'} follows these words unchanged`, command: '' }),
    ];
  }

  /** What to run with the document in front; undefined when it is no prompt. */
  read(lanes: readonly LaneId[] = LANES): PromptRun | undefined {
    const document = vscode.window.activeTextEditor?.document;
    const edited = document && this.#documents.get(document.uri.toString());
    return edited ? { comparisonId: edited.comparisonId, lanes, prompt: document.getText() } : undefined;
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
