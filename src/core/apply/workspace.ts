/**
 * What applying an answer needs of the place where files live, of the person, and of a store that outlives the window. The editor is one
 * such place; tests bring others. Documents and folders are named by their URI, as a string that nobody here takes apart.
 */
import type { RealPath } from './links.ts';

export interface Workspace {
  /** False in Restricted Mode: then nothing is written. */
  readonly isTrusted: boolean;
  /** URIs of the workspace's folders. */
  readonly folders: readonly string[];
  /** The workspace folder a document lies in, if any. */
  folderOf(uri: string): string | undefined;
  /** The folder of a document or folder. */
  parentOf(uri: string): string;
  /** The document of a `/`-separated relative path below a folder. */
  join(folder: string, path: string): string;
  /** The `/`-separated path from a folder to a document below it. */
  relative(folder: string, uri: string): string;
  /**
   * The text of a document as it is now: the open buffer, saved or not; else what is on the disk. Undefined where there is nothing.
   * Throws {@link NotText} for folders, binary files and files that do not come to rest.
   */
  read(uri: string): Promise<Present | undefined>;
  /** True where nothing can be written, by the file system's own word. */
  isReadOnly(uri: string): Promise<boolean>;
  /** Whether a path really lies inside a folder, links followed: see `links.ts`. */
  realPath(root: string, uri: string): Promise<RealPath>;
  /** The folders on the way from a folder to a document that do not exist yet, outermost first. */
  missingFolders(root: string, uri: string): Promise<readonly string[]>;
  /**
   * Makes all changes as one edit. Each names the text it begins from: where one document is no longer that, nothing is changed and
   * {@link Moved} is thrown; a file that would be removed is looked at on the disk too. With a title the person sees all of it first and may leave some out. False when the person gave up, or when
   * the editor stopped; some of it may have been done by then: look.
   */
  edit(changes: readonly Change[], previewTitle: string | undefined): Promise<boolean>;
  /** Saves those of the documents, by URI, that still hold exactly that text. A document that cannot be saved stays unsaved. */
  save(texts: ReadonlyMap<string, string>): Promise<void>;
  /** True when several documents that an edit changed are to be saved, as after a refactoring. */
  readonly savesRefactorings: boolean;
  /** Removes a folder if it is there and empty. */
  removeEmptyFolder(uri: string): Promise<void>;
  /** Opens texts as documents without a file. */
  openUntitled(texts: readonly { readonly content: string; readonly languageId: string }[]): Promise<void>;
  /** SHA-256 of a text as UTF-8, in hex: the hash of `TaskSource.baseHash`. */
  hash(text: string): string;
}

export interface Present {
  readonly text: string;
  /** The document has edits that are not saved. */
  readonly isDirty: boolean;
}

/** The change of one document. */
export interface Change {
  readonly uri: string;
  /** The whole text now; null: there is no document. */
  readonly from: string | null;
  /** The whole text wanted; null: the file is removed. */
  readonly to: string | null;
  /** The document has no unsaved edits: it will be saved, and with any it has moved. */
  readonly isSaved?: boolean;
  /** The group it is listed under in the preview, and a word on it. */
  readonly label?: string;
  readonly description?: string;
}

/** A file is there but is not text that can be shown, or is a folder. The message completes "`path`: ...". */
export class NotText extends Error {}

/** A document is no longer what a change begins from. */
export class Moved extends Error {
  readonly uri: string;
  constructor(uri: string) {
    super('the document changed meanwhile');
    this.uri = uri;
  }
}

export interface Question {
  readonly message: string;
  readonly detail?: string;
  /** The button that says yes. */
  readonly action: string;
}

export interface Dialogs {
  /** A modal question; anything but the button means no. */
  confirm(question: Question): Promise<boolean>;
  /** A notification; gives the button that was pressed, whenever that is. */
  tell(message: string, ...actions: string[]): Promise<string | undefined>;
  /** URI of one of several workspace folders. */
  pickFolder(): Promise<string | undefined>;
}

/** Keeps one JSON value for each comparison, on disk, replaced as a whole. `value` undefined removes it. */
export interface UndoStore {
  /** Undefined when there is none; throws when what is there cannot be read. */
  read(comparisonId: string): Promise<unknown>;
  write(comparisonId: string, value: unknown): Promise<void>;
  /** Keeps everybody else, other windows included, from doing so until it is given back; undefined while another one has it. */
  lock(comparisonId: string): Promise<(() => void) | undefined>;
}

export interface ApplyDependencies {
  readonly workspace: Workspace;
  readonly dialogs: Dialogs;
  readonly undo: UndoStore;
  /** File names and what was found, never content. */
  readonly log: (line: string) => void;
  /** False applies without the editor's preview; for tests. Default: true. */
  readonly preview?: boolean;
}

/** What went wrong, as the end of a sentence. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
