/**
 * What VS Code reads at activation: it registers all that the manifest names and loads the product at the first use of any of it. The
 * extension activates on its commands, its views, its panel and its documents, never at start-up.
 */
import * as vscode from 'vscode';
import { ANSWER_SCHEME, HISTORY_VIEW, PANEL_TYPE, RESULT_SCHEME, SPENDING_VIEW } from './names.ts';
import type { Product, Views } from './product.ts';

export function activate(context: vscode.ExtensionContext): void {
  let loading: Promise<Product> | undefined;
  const whenMade = new vscode.EventEmitter<Product>();
  const product = (): Promise<Product> => {
    loading ??= import('./product.ts').then(({ createProduct }) => {
      const made = createProduct(context, views);
      whenMade.fire(made);
      return made;
    });
    return loading;
  };
  endRuns = async () => (await loading)?.end();

  /** An event of something that is made later: nothing happens to it before. */
  const later = <T>(eventOf: (product: Product) => vscode.Event<T> | undefined): vscode.Event<T> => {
    const emitter = new vscode.EventEmitter<T>();
    whenMade.event((made) => eventOf(made)?.((value) => emitter.fire(value)));
    return emitter.event;
  };
  const rows = <T>(of: (product: Product) => vscode.TreeDataProvider<T>): vscode.TreeDataProvider<T> => ({
    onDidChangeTreeData: later((made) => of(made).onDidChangeTreeData),
    getChildren: async (element) => of(await product()).getChildren(element),
    getTreeItem: async (element) => of(await product()).getTreeItem(element),
  });
  const files = (of: (product: Product) => vscode.FileSystemProvider): vscode.FileSystemProvider => ({
    onDidChangeFile: later((made) => of(made).onDidChangeFile),
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => of(await product()).stat(uri),
    readDirectory: async (uri) => of(await product()).readDirectory(uri),
    readFile: async (uri) => of(await product()).readFile(uri),
    writeFile: async (uri, content, options) => of(await product()).writeFile(uri, content, options),
    createDirectory: async (uri) => of(await product()).createDirectory(uri),
    delete: async (uri, options) => of(await product()).delete(uri, options),
    rename: async (from, to, options) => of(await product()).rename(from, to, options),
  });

  const views: Views = {
    history: vscode.window.createTreeView(HISTORY_VIEW, {
      treeDataProvider: rows(({ history }) => history),
      showCollapseAll: true,
    }),
    spending: vscode.window.createTreeView(SPENDING_VIEW, { treeDataProvider: rows(({ spending }) => spending) }),
  };
  const answers = files((made) => made.answers);
  const results = files((made) => made.results);
  context.subscriptions.push(
    ...Object.values(views),
    ...commandsOf(context.extension).map((command) =>
      vscode.commands.registerCommand(command, async (...args: never[]) => (await product()).runCommand(command, args)),
    ),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (panel, saved: unknown) => (await product()).restorePanel(panel, saved),
    }),
    vscode.workspace.registerFileSystemProvider(ANSWER_SCHEME, answers, { isCaseSensitive: true, isReadonly: true }),
    vscode.workspace.registerFileSystemProvider(RESULT_SCHEME, results, { isCaseSensitive: true }),
  );
}

/** VS Code waits for this, some seconds, before the window goes away. */
export async function deactivate(): Promise<void> {
  await endRuns?.();
}

/** What {@link deactivate} has to end: VS Code hands nothing from one to the other. */
let endRuns: (() => Promise<void>) | undefined;

/** The commands of the manifest, which names every one there is. */
function commandsOf({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const { contributes } = packageJSON as { contributes: { commands: readonly { command: string }[] } }; // our own manifest
  return contributes.commands.map(({ command }) => command);
}
