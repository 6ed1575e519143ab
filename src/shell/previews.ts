/**
 * The previews of all panels: what `PreviewUpdates` needs of VS Code, and one thread that compiles for all. Runtimes are read from the
 * extension's own folder; files beside a design from the workspace it lies in, and from nowhere else.
 */
import * as vscode from 'vscode';
import { PreviewUpdates, type PreviewUpdatesDeps } from '../core/preview/updates.ts';
import { Previewer } from './previewer.ts';

/** A larger file beside a design is none that a person wrote. */
const MAX_BESIDE_BYTES = 1_000_000;

export interface Previews extends vscode.Disposable {
  /** Of one panel, whose page `post` reaches. */
  readonly forPanel: (post: PreviewUpdatesDeps['post']) => PreviewUpdates;
  /** Of any files. Never rejects. */
  readonly preview: PreviewUpdatesDeps['preview'];
}

export function createPreviews(extensionUri: vscode.Uri): Previews {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const previewer = new Previewer(vscode.Uri.joinPath(dist, 'previewThread.js').fsPath);
  const preview: Previews['preview'] = (files, options) => previewer.preview(files, options);
  return {
    preview,
    forPanel: (post) =>
      new PreviewUpdates({
        post,
        preview,
        readRuntime: (id) => readText(vscode.Uri.joinPath(dist, `runtime-${id}.js`)),
        readBeside,
        nowMs: () => performance.now(),
        after: (ms, call) => {
          const timer = setTimeout(call, ms);
          return () => clearTimeout(timer);
        },
      }),
    dispose: () => previewer.dispose(),
  };
}

async function readBeside(document: string, request: string): Promise<string | undefined> {
  try {
    const uri = vscode.Uri.parse(document);
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (!folder) return undefined;
    const wanted = request.startsWith('/') ? vscode.Uri.joinPath(folder.uri, request) : vscode.Uri.joinPath(uri, '..', request);
    if (vscode.workspace.getWorkspaceFolder(wanted) === undefined) return undefined;
    const { type, size } = await vscode.workspace.fs.stat(wanted);
    return (type & vscode.FileType.File) !== 0 && size <= MAX_BESIDE_BYTES ? await readText(wanted) : undefined;
  } catch {
    return undefined; // not there any more, or not to be read: the preview says that it is shown without it
  }
}

const readText = async (uri: vscode.Uri): Promise<string> => new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
