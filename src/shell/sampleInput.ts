/**
 * The bundled sample tasks as tasks of this window.
 */
import * as vscode from 'vscode';
import type { ReadSample } from '../core/contracts.ts';
import { sampleTasks } from '../core/providers/sample.ts';
import type { Task } from '../shared/task.ts';
import { taskFromUri } from './taskInput.ts';

export interface SampleInputDeps {
  /** The sample workspace inside the extension. */
  readonly sampleRoot: vscode.Uri;
  readonly readSample: ReadSample;
}

/** The sample task of that id, or the one the person picks; undefined when they picked none. */
export async function sampleTask(deps: SampleInputDeps, id: string | undefined): Promise<Task | undefined> {
  const tasks = await sampleTasks(deps.readSample);
  const items = tasks.map((task) => ({ label: task.title, description: task.file, detail: task.instruction ?? '', task }));
  const chosen =
    tasks.find((task) => task.id === id) ??
    (
      await vscode.window.showQuickPick(items, {
        title: 'Run the Sample Comparison',
        placeHolder: 'Two scripted samples, not models: no key, no cost',
      })
    )?.task;
  if (!chosen) return undefined;
  const uri = await sampleFile(deps, chosen.file);
  return taskFromUri(uri, { kind: chosen.kind, ...(chosen.instruction ? { instruction: chosen.instruction } : {}) });
}

/** The person's own copy of the sample, when the sample workspace is open; else the one inside the extension. */
async function sampleFile(deps: SampleInputDeps, file: string): Promise<vscode.Uri> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const own = vscode.Uri.joinPath(folder.uri, file);
    const bundled = vscode.Uri.joinPath(deps.sampleRoot, file);
    const [a, b] = await Promise.allSettled([vscode.workspace.fs.readFile(own), vscode.workspace.fs.readFile(bundled)]);
    if (a.status === 'fulfilled' && b.status === 'fulfilled' && Buffer.compare(a.value, b.value) === 0) return own;
  }
  return vscode.Uri.joinPath(deps.sampleRoot, file);
}
