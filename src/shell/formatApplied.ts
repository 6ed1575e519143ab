/**
 * The workspace's own formatter over the files of the latest apply, on request. The record of what can be undone learns the new text, so
 * that "Undo Apply" still knows the files as its own; files that somebody changed since are left alone and named.
 */
import * as vscode from 'vscode';
import type { ApplyDependencies } from '../core/apply/workspace.ts';
import { decideUndo, parseUndoRecord, type UndoEntry, type UndoFile } from '../core/artifact/review.ts';
import { readPresent, sha256 } from './applyTargets.ts';

/** Formats what an apply wrote and says what happened. */
export async function formatApplied(
  comparisonId: string,
  { dialogs, undo, workspace, log }: ApplyDependencies,
): Promise<{ readonly formatted: readonly string[]; readonly message: string }> {
  const record = parseUndoRecord(await undo.read(comparisonId));
  const entry = record.applies.at(-1);
  const say = (message: string, formatted: readonly string[] = []) => {
    void dialogs.tell(message);
    return { formatted, message };
  };
  if (!entry) return say('There is no apply whose files could be formatted.');
  if (!workspace.isTrusted) return say('Nothing was formatted: this window is in Restricted Mode. Trust the folder first.');

  const outcomes = new Map<UndoFile, Outcome>();
  for (const file of entry.files) outcomes.set(file, await formatFile(entry, file));
  const formatted = [...outcomes.values()].filter((outcome) => typeof outcome === 'object');
  const pathsOf = (outcome: Outcome): readonly string[] =>
    entry.files.filter((file) => outcomes.get(file) === outcome).map(({ path }) => path);
  const paths = formatted.map(({ path }) => path);
  const [without, changed] = [pathsOf('no formatter'), pathsOf('changed')];
  if (paths.length > 0) {
    const files = entry.files.map((file) => formatted.find(({ uri }) => uri === file.uri) ?? file);
    await undo.write(comparisonId, {
      schema: 1,
      applies: record.applies.map((one) => (one === entry ? { ...entry, files } : one)),
    });
  }
  log(`format ${comparisonId}: ${paths.length} of ${entry.files.length} files`);
  const said = [
    paths.length > 0 ? `Formatted ${paths.join(', ')}.` : 'The formatter changed nothing.',
    ...(without.length > 0 ? [`There is no formatter for ${without.join(', ')}.`] : []),
    ...(changed.length > 0 ? [`${changed.join(', ')} changed since the apply and was left alone.`] : []),
  ];
  return say(said.join(' '), paths);
}

/** What became of a file; of one that was formatted, what an undo is to know of it now. */
type Outcome = UndoFile | 'as it was' | 'no formatter' | 'changed';

/** Formats one file, unless somebody changed it since the apply, or does meanwhile. */
async function formatFile(entry: UndoEntry, file: UndoFile): Promise<Outcome> {
  const present = await readPresent(vscode.Uri.parse(file.uri, true)).catch(() => undefined);
  const { restore, altered } = decideUndo({ ...entry, files: [file] }, () => present && sha256(present.text), sha256);
  if (!present || restore.length + altered.length === 0) return 'changed';
  const { document } = present;
  const edits = await editsFor(document);
  if (edits === undefined) return 'no formatter';
  if (edits.length === 0) return 'as it was';
  if (document.getText() !== present.text) return 'changed';
  const after = withEdits(document, edits);
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits);
  if (!(await vscode.workspace.applyEdit(edit)) || document.getText() !== after) return 'changed';
  // A document that was on disk as applied is on disk as formatted.
  if (!present.isDirty) await document.save();
  // What is set to run at every save writes in it too, and so may the person meanwhile: an undo then asks.
  const now = document.getText();
  return { ...file, afterHash: sha256(now), ...(now === after ? {} : { altered: true }) };
}

/** The workspace's formatter on a document; undefined when there is none for it. */
async function editsFor({ uri, languageId }: vscode.TextDocument): Promise<vscode.TextEdit[] | undefined> {
  const editor = vscode.workspace.getConfiguration('editor', { uri, languageId });
  const options = { tabSize: editor.get<number>('tabSize', 4), insertSpaces: editor.get<boolean>('insertSpaces', true) };
  return vscode.commands.executeCommand<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', uri, options);
}

/** The text that those edits make, whose ranges are all of the document as it is. */
function withEdits(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  const lineEnd = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  let text = document.getText();
  const placed = edits.map(({ range, newText }) => ({
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
    newText: newText.replace(/\r\n?|\n/g, lineEnd),
  }));
  for (const { start, end, newText } of placed.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    text = text.slice(0, start) + newText + text.slice(end);
  }
  return text;
}
