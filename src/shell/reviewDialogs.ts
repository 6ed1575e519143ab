/** The questions and messages of review and apply in the window; a test brings its own. */
import * as vscode from 'vscode';
import type { Dialogs } from '../core/apply/workspace.ts';

export const WINDOW_DIALOGS: Dialogs = {
  confirm: async ({ message, detail, action }) =>
    (await vscode.window.showWarningMessage(message, { modal: true, ...(detail ? { detail } : {}) }, action)) === action,
  tell: async (message, ...actions) => vscode.window.showInformationMessage(message, ...actions),
  pickFolder: async () =>
    (await vscode.window.showWorkspaceFolderPick({ placeHolder: 'Folder to write the files to' }))?.uri.toString(),
};
