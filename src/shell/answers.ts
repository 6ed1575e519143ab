/**
 * Taking an answer out of the panel: as an untitled document, or to the clipboard.
 */
import * as vscode from 'vscode';
import { artifactOf } from '../core/artifact/artifact.ts';
import { type ComparisonState, LANE_LABEL, type LaneId, type Run } from '../shared/comparison.ts';

/** The code of the answer when it is one file, else the answer as it was written. */
function answerText(state: ComparisonState, run: Run): { readonly content: string; readonly language: string } {
  const { files } = artifactOf(state.task, run);
  const [only] = files;
  return files.length === 1 && only
    ? { content: only.content, language: only.languageId }
    : { content: run.text, language: 'markdown' };
}

export async function openAnswer(state: ComparisonState, lane: LaneId): Promise<void> {
  const run = state.runs[lane];
  if (!run) return;
  const { content, language } = answerText(state, run);
  const known = await vscode.languages.getLanguages();
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ content, language: known.includes(language) ? language : 'plaintext' }),
    { preview: false },
  );
}

export async function copyAnswer(state: ComparisonState, lane: LaneId): Promise<void> {
  const run = state.runs[lane];
  if (!run) return;
  await vscode.env.clipboard.writeText(answerText(state, run).content);
  vscode.window.setStatusBarMessage(`$(check) ${LANE_LABEL[lane]} answer copied`, 3000);
}
