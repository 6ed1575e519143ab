/**
 * A comparison as a file for others, and a colleague's file as a comparison here. What goes out is cleaned of every key that is known, of
 * whatever looks like one, and of this machine's paths; what comes in is checked and marked.
 */
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../core/engine.ts';
import type { ExportFormat } from '../core/report/share.ts';
import type { Comparisons } from './comparisons.ts';
import type { Keys } from './keys.ts';

export interface ExportDeps {
  readonly engine: Engine;
  readonly keys: Keys;
  readonly comparisons: Comparisons;
  readonly version: string;
}

const FORMATS: Readonly<Record<ExportFormat, { readonly label: string; readonly detail: string; readonly filter: string }>> = {
  html: {
    label: '$(browser) Report (HTML)',
    detail: 'One page with pictures, meters, both answers and previews. Opens anywhere, needs no network.',
    filter: 'HTML',
  },
  md: {
    label: '$(markdown) Report (Markdown)',
    detail: 'The same figures and answers as text, for an issue or a review.',
    filter: 'Markdown',
  },
  json: {
    label: '$(json) Data (JSON)',
    detail: 'Every event with its time. A colleague can import it and see the comparison as you do.',
    filter: 'JSON',
  },
};

/** Asks for a format and a place, and writes the file. */
export async function exportComparison(id: string, { engine, keys, version }: ExportDeps): Promise<void> {
  const record = engine.journal.read(id);
  if (!record || record.events.length === 0) {
    void vscode.window.showWarningMessage('That comparison is not on this disk, so it cannot be exported.');
    return;
  }
  const { EXPORT_FORMATS, exported, exportName } = await import('../core/report/share.ts');
  const items = EXPORT_FORMATS.map((format) => ({ ...FORMATS[format], format }));
  const choice = await vscode.window.showQuickPick(items, { title: 'Export Comparison As' });
  if (!choice) return;
  const { format } = choice;
  const hidden = { secrets: await keys.all(), home: os.homedir() };
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(os.homedir());
  const uri = await vscode.window.showSaveDialog({
    title: 'Export Comparison',
    saveLabel: 'Export',
    defaultUri: vscode.Uri.joinPath(folder, exportName(record.events, format, hidden)),
    filters: { [FORMATS[format].filter]: [format] },
  });
  if (!uri) return;
  const text = exported(format, record.events, hidden, { version, exportedAt: new Date().toISOString() });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const open = 'Open';
  const chosen = await vscode.window.showInformationMessage(`The comparison is in ${path.posix.basename(uri.path)}.`, open);
  if (chosen !== open) return;
  if (format === 'html') await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand('vscode.open', uri);
}

/** Asks for a file, stores the comparison in it beside the others, and shows it. */
export async function importComparison({ engine, comparisons }: ExportDeps): Promise<void> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Import Comparison',
      openLabel: 'Import',
      canSelectMany: false,
      filters: { 'Comparison (JSON)': ['json', 'ndjson'] },
    })) ?? [];
  if (!uri) return;
  const name = path.posix.basename(uri.path);
  const { size } = await vscode.workspace.fs.stat(uri);
  const { imported, MAX_SHARED_BYTES } = await import('../core/report/share.ts');
  const result =
    size > MAX_SHARED_BYTES
      ? { problem: `${name} cannot be imported: it is larger than any comparison.` }
      : imported(engine.journal, new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), name);
  if ('problem' in result) void vscode.window.showErrorMessage(result.problem);
  else comparisons.open(result.id);
}
