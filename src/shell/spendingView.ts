/**
 * The Spending view: the rows of `core/money/spendingRows.ts` as a tree that the keyboard and a screen reader can walk. The book is read
 * while the view is seen, and not otherwise; a row of a run opens its comparison.
 */
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { type Ledger, LedgerUnavailable } from '../core/contracts.ts';
import { spendingCsv } from '../core/money/spendingCsv.ts';
import { NOTHING_SPENT, readSpendingRows, type SpendingRow } from '../core/money/spendingRows.ts';
import type { Settings } from '../core/settings.ts';
import { SPENDING_VIEW } from './names.ts';

export interface SpendingViewDeps {
  /** Throws `LedgerUnavailable`. */
  readonly ledger: () => Ledger;
  readonly settings: () => Settings;
  readonly date: () => Date;
  /** The view whose rows these are. */
  readonly view: Pick<vscode.TreeView<SpendingNode>, 'visible' | 'onDidChangeVisibility'>;
}

const SHOWN_ENTRIES = 50;
/** Changes that come together are shown together. */
const SETTLE_MS = 150;

/** A row, or why there are none. */
export type SpendingNode = SpendingRow | { readonly id: 'problem'; readonly problem: LedgerUnavailable };

export class SpendingView implements vscode.TreeDataProvider<SpendingNode>, vscode.Disposable {
  readonly #deps: SpendingViewDeps;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: SpendingViewDeps['view'];
  readonly #disposables: readonly vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #isStale = false;
  #isPaused = false;
  /** The books are gone, and reading would make new ones: said once, without a look. */
  #isGone = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(deps: SpendingViewDeps) {
    this.#deps = deps;
    this.#view = deps.view;
    this.#disposables = [
      this.#changed,
      this.#view.onDidChangeVisibility(() => this.#isStale && this.refresh()),
      // Midnight may have passed.
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.refresh()),
    ];
  }

  /** Shows the view and puts the focus in it. */
  async focus(): Promise<void> {
    this.refresh();
    await vscode.commands.executeCommand(`${SPENDING_VIEW}.focus`);
  }

  /** Reads the book again: soon if the view is seen, else when it is. */
  refresh(): void {
    this.#isStale = true;
    if (this.#isPaused) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (!this.#view.visible) return;
      this.#isStale = false;
      this.#changed.fire(undefined);
    }, SETTLE_MS);
  }

  /** Leaves the book alone while it is being deleted. `remove` says whether it was. */
  async whileDeleting(remove: () => Promise<boolean>): Promise<void> {
    this.#isPaused = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#isGone = (await remove()) && this.#view.visible;
    } finally {
      this.#isPaused = false;
    }
    if (this.#isGone) this.#changed.fire(undefined);
    else if (this.#isStale) this.refresh();
  }

  /** True while the book is being deleted, and nobody may open it. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  getChildren(node?: SpendingNode): SpendingNode[] {
    return [...(node === undefined ? this.#rows() : 'problem' in node ? [] : (node.children ?? []))];
  }

  getTreeItem(node: SpendingNode): vscode.TreeItem {
    return 'problem' in node ? problemItem(node.problem) : itemOf(node);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #rows(): readonly SpendingNode[] {
    if (this.#isGone) {
      this.#isGone = false;
      return [NOTHING_SPENT];
    }
    try {
      return readSpendingRows(this.#deps.ledger(), this.#deps.settings(), {
        date: this.#deps.date(),
        shownEntries: SHOWN_ENTRIES,
      });
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      return [{ id: 'problem', problem: error }];
    }
  }
}

/** Asks for a file and writes every entry of the book to it. Throws `LedgerUnavailable`. */
export async function exportSpending(ledger: Ledger): Promise<void> {
  const entries = ledger.entriesSince('');
  if (entries.length === 0) {
    void vscode.window.showInformationMessage('There is nothing to export yet: no paid run is in the ledger.');
    return;
  }
  const { day } = ledger.spending();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const file = await vscode.window.showSaveDialog({
    title: 'Export Spending as CSV',
    defaultUri: vscode.Uri.joinPath(folder, `second-thought-spending-${day}.csv`),
    filters: { 'Comma-separated values': ['csv'] },
  });
  if (!file) return;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(spendingCsv(entries)));
  const open = 'Open';
  const written = `${entries.length === 1 ? 'One entry was' : `${entries.length} entries were`} written.`;
  if ((await vscode.window.showInformationMessage(written, open)) === open)
    await vscode.commands.executeCommand('vscode.open', file);
}

function itemOf(row: SpendingRow): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.children ? (row.isOpen ? Expanded : Collapsed) : None);
  item.id = row.id;
  item.iconPath = new vscode.ThemeIcon(ICONS[row.kind]);
  if (row.description !== undefined) item.description = row.description;
  if (row.detail !== undefined) item.tooltip = row.detail;
  item.accessibilityInformation = { label: [row.label, row.description].filter(Boolean).join(', ') };
  if (row.comparisonId !== undefined) {
    item.command = { command: 'secondThought.openComparison', title: 'Open Comparison', arguments: [row.comparisonId] };
  }
  return item;
}

const ICONS: Record<SpendingRow['kind'], string> = {
  period: 'calendar',
  short: 'warning',
  limit: 'dashboard',
  exact: 'check',
  estimated: 'symbol-numeric',
  held: 'lock',
  unknown: 'question',
  multiplier: 'law',
  projection: 'graph-line',
  models: 'server',
  roles: 'organization',
  recent: 'history',
  call: 'credit-card',
  nothing: 'info',
};

/** The whole reason is in the tooltip and for the screen reader; the row itself is the way out. */
function problemItem({ message, problem }: LedgerUnavailable): vscode.TreeItem {
  const isDamaged = problem === 'damaged';
  const wayOut = isDamaged ? 'set the damaged ledger aside' : 'try again';
  const item = new vscode.TreeItem(`Spending cannot be read: ${wayOut}`);
  item.description = message;
  item.tooltip = message;
  item.iconPath = new vscode.ThemeIcon('error');
  item.accessibilityInformation = { label: `Spending cannot be read. ${message} Choose this row to ${wayOut}.` };
  item.command = isDamaged
    ? { command: 'secondThought.setLedgerAside', title: 'Set the Damaged Ledger Aside' }
    : { command: 'secondThought.showSpending', title: 'Try Again' };
  return item;
}
