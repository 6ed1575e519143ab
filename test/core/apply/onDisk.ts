/** The port of apply on real files, without an editor: what is changed is on the disk at once. `between` gets its turn at every step. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { checkRealPath } from '../../../src/core/apply/links.ts';
import { type Change, Moved, NotText, type Workspace } from '../../../src/core/apply/workspace.ts';
import { sha256 } from './kit.ts';

export function workspaceOnDisk(root: string, between: () => Promise<void>): Workspace {
  const read = async (file: string): Promise<string | undefined> => {
    const stat = await fs.stat(file).catch(() => undefined);
    if (stat?.isDirectory()) throw new NotText('it is a folder.');
    return stat && fs.readFile(file, 'utf8');
  };
  const edit = async (changes: readonly Change[]): Promise<boolean> => {
    for (const { uri, from } of changes) if (((await read(uri)) ?? null) !== from) throw new Moved(uri);
    for (const { uri, from, to } of changes) {
      await between();
      try {
        if (to === null) await fs.rm(uri);
        else if (from === null) {
          await fs.mkdir(path.dirname(uri), { recursive: true });
          await fs.writeFile(uri, to, { flag: 'wx' });
        } else if ((await read(uri)) === from) await fs.writeFile(uri, to);
      } catch {
        return false;
      }
    }
    await between();
    return true;
  };
  return {
    isTrusted: true,
    folders: [root],
    folderOf: (uri) => (uri.startsWith(root + path.sep) ? root : undefined),
    parentOf: (uri) => path.dirname(uri),
    join: (folder, name) => path.join(folder, ...name.split('/')),
    relative: (folder, uri) => path.relative(folder, uri),
    read: async (uri) => {
      await between();
      const text = await read(uri);
      return text === undefined ? undefined : { text, isDirty: false };
    },
    isReadOnly: async () => false,
    realPath: async (folder, uri) => {
      await between();
      return checkRealPath(folder, uri, {
        rules: path,
        lstat: async (name) => {
          const found = await fs.lstat(name).catch(() => undefined);
          if (!found) return undefined;
          const kind = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'other';
          return { kind, names: found.nlink };
        },
        realpath: (name) => fs.realpath(name).catch(() => undefined),
      });
    },
    missingFolders: async (folder, uri) => {
      const missing: string[] = [];
      for (let up = path.dirname(uri); up.length > folder.length; up = path.dirname(up)) {
        if (await fs.stat(up).catch(() => undefined)) break;
        missing.unshift(up);
      }
      return missing;
    },
    edit,
    save: between,
    savesRefactorings: true,
    removeEmptyFolder: async (uri) => fs.rmdir(uri),
    openUntitled: async () => undefined,
    hash: sha256,
  };
}
