/** The questions and messages of review and apply, as arguments: the window's own, or a test's. */
import * as vscode from 'vscode';

export interface Question {
  readonly message: string;
  readonly detail?: string;
  /** The button that says yes. */
  readonly action: string;
}

export interface ReviewDialogs {
  /** A modal question; anything but the button means no. */
  confirm(question: Question): Promise<boolean>;
  /** A notification; gives the button that was pressed, whenever that is. */
  tell(message: string, ...actions: string[]): Promise<string | undefined>;
  /** Which of several workspace folders. */
  pickFolder(): Promise<vscode.WorkspaceFolder | undefined>;
}

export const WINDOW_DIALOGS: ReviewDialogs = {
  confirm: async ({ message, detail, action }) =>
    (await vscode.window.showWarningMessage(message, { modal: true, ...(detail ? { detail } : {}) }, action)) === action,
  tell: async (message, ...actions) => vscode.window.showInformationMessage(message, ...actions),
  pickFolder: async () => vscode.window.showWorkspaceFolderPick({ placeHolder: 'Folder to write the files to' }),
};
