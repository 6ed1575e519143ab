/** Where the new files of an answer go: beside the spec if that lies in the workspace, else to the workspace's folder. */
import * as vscode from 'vscode';
import type { TaskSource } from '../shared/comparison.ts';

export interface TargetFolder {
  /** The workspace folder that nothing may leave. */
  readonly root: vscode.Uri;
  /** The folder that relative names start from. */
  readonly folder: vscode.Uri;
}

/** Undefined when no folder is open, and when several are and the spec lies in none of them: then somebody must be asked. */
export function targetFolder(source: TaskSource | undefined): TargetFolder | undefined {
  const uri = source && /^[a-z][a-z\d+.-]+:/i.test(source.uri) ? vscode.Uri.parse(source.uri, true) : undefined;
  const own = uri && uri.scheme !== 'untitled' ? vscode.workspace.getWorkspaceFolder(uri) : undefined;
  if (uri && own && own.uri.path !== uri.path) return { root: own.uri, folder: vscode.Uri.joinPath(uri, '..') };
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [only] = folders;
  return only && folders.length === 1 ? { root: only.uri, folder: only.uri } : undefined;
}
