/**
 * The History view: past comparisons as a tree, pinned ones first, then by day, the older days in a group of their own. Nothing is read
 * while it is hidden, nothing at all of the older days until their group is opened, and of a day no more than its count until it is. An
 * element is a comparison's id, or the name of a group.
 */
import * as vscode from 'vscode';
import { type Facts, factLines, oneLine } from '../core/history/facts.ts';
import { type History, startOfId } from '../core/history/history.ts';
import { LANES, type LaneId } from '../shared/comparison.ts';
import type { LaneTone } from '../shared/sentences.ts';
import { clockTime } from './comparisonTitle.ts';

export interface HistoryViewDeps {
  readonly history: History;
  /** The lane whose answer is applied now, where one is. */
  readonly appliedLane: (id: string) => Promise<LaneId | undefined>;
  /** The view is seen for the first time. */
  readonly onFirstUse: () => void;
  /** The view whose rows these are. */
  readonly view: Pick<vscode.TreeView<string>, 'visible' | 'selection' | 'onDidChangeVisibility'>;
}

const PINNED = 'pinned';
const EARLIER = 'earlier';
const DAY = 'day:';
/** So many of the newest days stand in the list itself. */
const NEWEST_DAYS = 14;
/** Changes that come together are shown together. */
const SETTLE_MS = 200;

export class HistoryView implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #deps: HistoryViewDeps;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: HistoryViewDeps['view'];
  readonly #disposables: readonly vscode.Disposable[];
  /** The comparisons of each group, as they were last listed. */
  readonly #groups = new Map<string, readonly string[]>();
  readonly #items = new Map<string, vscode.TreeItem>();
  /** The older days: those that were listed, and those that nobody asked for yet. */
  #earlier: string[] = [];
  #older: Generator<string, undefined> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isUsed = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(deps: HistoryViewDeps) {
    this.#deps = deps;
    this.#view = deps.view;
    this.#disposables = [
      this.#changed,
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.refresh()),
      // Another window may have compared meanwhile, or midnight have passed.
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.refresh()),
    ];
  }

  /** The comparison that is selected in the view; none while it is hidden. */
  get selected(): string | undefined {
    const [element] = this.#view.visible ? this.#view.selection : [];
    return element !== undefined && startOfId(element) !== undefined ? element : undefined;
  }

  /** Lists again, soon, if the view is seen. */
  refresh(): void {
    if (!this.#view.visible) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire(undefined);
    }, SETTLE_MS);
  }

  async getChildren(element?: string): Promise<string[]> {
    if (element === undefined) return this.#roots();
    if (element === EARLIER) return this.#olderDays();
    const facts = await this.#deps.history.facts(this.#groups.get(element) ?? []);
    const applied = await Promise.all(facts.map(({ id }) => this.#deps.appliedLane(id)));
    for (const [i, each] of facts.entries()) this.#items.set(each.id, comparisonItem(each, element === PINNED, applied[i]));
    return facts.map(({ id }) => id);
  }

  getTreeItem(element: string): vscode.TreeItem {
    if (element === EARLIER) return groupItem(element, 'Earlier');
    const ids = this.#groups.get(element);
    return ids ? groupItem(element, labelOf(element), ids.length) : (this.#items.get(element) ?? new vscode.TreeItem(element));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #roots(): string[] {
    const { history } = this.#deps;
    if (!this.#isUsed) this.#deps.onFirstUse();
    this.#isUsed = true;
    this.#groups.clear();
    this.#items.clear();
    const pins = history.pins();
    const pinned = pins.size > 0 ? [this.#group(PINNED, [...pins].sort().reverse())] : [];
    this.#older = this.#dayGroups(pins);
    // One more than is shown tells whether there are earlier ones.
    const days = Array.from({ length: NEWEST_DAYS + 1 }, () => this.#older?.next().value ?? []).flat();
    this.#earlier = days.slice(NEWEST_DAYS);
    return [...pinned, ...days.slice(0, NEWEST_DAYS), ...(this.#earlier.length > 0 ? [EARLIER] : [])];
  }

  /** All days that are not among the newest. What was listed once is not listed again. */
  #olderDays(): string[] {
    this.#earlier.push(...(this.#older ?? []));
    return this.#earlier;
  }

  /** The days, newest first, without what is pinned. */
  *#dayGroups(pins: ReadonlySet<string>): Generator<string, undefined> {
    for (const { atMs, ids } of this.#deps.history.days()) {
      const others = ids.filter((id) => !pins.has(id));
      if (others.length > 0) yield this.#group(DAY + atMs, others);
    }
    return undefined;
  }

  #group(name: string, ids: readonly string[]): string {
    this.#groups.set(name, ids);
    return name;
  }
}

function groupItem(group: string, label: string, count?: number): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, label === 'Pinned' || label === 'Today' ? Expanded : Collapsed);
  item.id = group;
  if (count !== undefined) item.description = String(count);
  item.contextValue = 'group';
  return item;
}

const labelOf = (group: string): string => (group === PINNED ? 'Pinned' : dayLabel(Number(group.slice(DAY.length))));

function dayLabel(atMs: number): string {
  const day = new Date();
  if (atMs === day.setHours(0, 0, 0, 0)) return 'Today';
  if (atMs === day.setDate(day.getDate() - 1)) return 'Yesterday';
  return new Date(atMs).toLocaleDateString(undefined, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
}

function comparisonItem(facts: Facts, isPinned: boolean, applied: LaneId | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(facts.title);
  const appliedWords = applied === undefined ? '' : `Applied: ${applied}`;
  item.id = facts.id;
  const origin = facts.importedFrom === undefined ? '' : 'imported';
  const time = facts.startedAt ? clockTime(facts.startedAt) : '';
  item.description = [time, origin, oneLine(facts), appliedWords.toLowerCase()].filter(Boolean).join(' · ');
  item.iconPath = iconOf(facts);
  item.contextValue = isPinned ? 'comparison pinned' : 'comparison';
  item.tooltip = [facts.title, ...factLines(facts), appliedWords].filter(Boolean).join('\n');
  item.accessibilityInformation = { label: [facts.title, time, oneLine(facts), appliedWords].filter(Boolean).join(', ') };
  item.command = { command: 'secondThought.openComparison', title: 'Open', arguments: [facts.id] };
  return item;
}

/** The worse of the two lanes decides. */
function iconOf({ lanes, running, damage }: Facts): vscode.ThemeIcon {
  const tones = LANES.flatMap((lane) => lanes[lane]?.tone ?? []);
  const has = (tone: LaneTone): boolean => tones.includes(tone);
  const icon = (name: string, color: string): vscode.ThemeIcon => new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
  if (running) return new vscode.ThemeIcon('loading~spin');
  if (has('error')) return icon('error', 'list.errorForeground');
  if (damage !== undefined || has('warning')) return icon('warning', 'list.warningForeground');
  if (has('stopped')) return new vscode.ThemeIcon('circle-slash');
  return has('done') ? icon('pass', 'testing.iconPassed') : new vscode.ThemeIcon('circle-outline');
}
