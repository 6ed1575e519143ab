/** What can be done with a past comparison, from the History view or the palette: find, open, replay, run again, compare, pin, delete. */
import * as vscode from 'vscode';
import { type Facts, factLines, oneLine, search } from '../core/history/facts.ts';
import type { History } from '../core/history/history.ts';
import { type ComparisonState, LANE_LABEL, LANES } from '../shared/comparison.ts';
import type { Comparisons } from './comparisons.ts';
import { titleOf } from './comparisonTitle.ts';
import type { Side } from './diffReview.ts';
import type { HistoryView } from './historyView.ts';
import type { Review } from './review.ts';

export interface HistoryCommandDeps {
  readonly history: History;
  readonly historyView: HistoryView;
  readonly comparisons: Comparisons;
  readonly review: Review;
  /** Plays a comparison in a panel of its own. */
  readonly replay: (id: string) => void;
}

/** A list that is longer is not read; another word makes it shorter. */
const SHOWN_HITS = 200;

/** Each takes the id of the comparison that was clicked; without one the selected one is meant, or it is asked for. */
export function historyCommands(deps: HistoryCommandDeps) {
  const { history, historyView, comparisons, review } = deps;
  const meant = async (id: unknown, title: string): Promise<string | undefined> =>
    typeof id === 'string' ? id : (historyView.selected ?? (await pickComparison(history, title)));
  const pin = async (id: unknown, isPinned: boolean): Promise<void> => {
    const chosen = await meant(id, isPinned ? 'Pin Which Comparison?' : 'Unpin Which Comparison?');
    if (chosen === undefined) return;
    history.pin(chosen, isPinned);
    historyView.refresh();
  };
  return {
    searchHistory: async (): Promise<void> => {
      const id = await pickComparison(history, 'Search Comparisons');
      if (id !== undefined) comparisons.open(id);
    },
    replayComparison: async (id?: unknown): Promise<void> => {
      const chosen = await meant(id, 'Replay Which Comparison?');
      if (chosen !== undefined) deps.replay(chosen);
    },
    rerunComparison: async (id?: unknown): Promise<void> => {
      const chosen = await meant(id, 'Run Which Comparison Again?');
      const panel = chosen === undefined ? undefined : comparisons.open(chosen);
      if (panel) await comparisons.runAgain(panel, LANES);
    },
    compareWith: async (id?: unknown): Promise<void> => {
      const left = await meant(id, 'Compare Which Comparison?');
      const right = left === undefined ? undefined : await pickComparison(history, 'Compare with Which Comparison?', left);
      if (left === undefined || right === undefined) return;
      const sides = await pickSides(await comparisons.stateOf(left), await comparisons.stateOf(right));
      if (sides) await review.diffRuns(...sides);
    },
    pinComparison: (id?: unknown) => pin(id, true),
    unpinComparison: (id?: unknown) => pin(id, false),
    deleteComparison: async (id?: unknown): Promise<void> => {
      const chosen = await meant(id, 'Delete Which Comparison?');
      if (chosen !== undefined) await deleteComparison(chosen, deps);
    },
  };
}

/** Asks first; what runs is not deleted under its writer. */
async function deleteComparison(id: string, { history, historyView, comparisons, review }: HistoryCommandDeps): Promise<void> {
  const [facts] = await history.facts([id]);
  const action = 'Delete';
  const choice = await vscode.window.showWarningMessage(
    `Delete the comparison on ${facts?.title ?? 'this task'}?`,
    {
      modal: true,
      detail: [
        ...(facts ? [oneLine(facts), ''] : []),
        'Its answers, its pin and what Undo Apply would need are deleted from this machine. What it cost stays in the spending ledger, and files it was applied to stay as they are.',
      ].join('\n'),
    },
    action,
  );
  if (choice !== action) return;
  const panel = comparisons.panels.find(({ state }) => state.id === id);
  if (panel?.state.running || (await history.isRunning(id))) {
    void vscode.window.showInformationMessage('This comparison is still running. Stop it or wait for its end, then delete it.');
    return;
  }
  panel?.close();
  await history.remove(id);
  await review.forget(id);
  historyView.refresh();
}

interface FactsItem extends vscode.QuickPickItem {
  readonly id: string;
}

const NOTHING_FOUND: FactsItem = { id: '', label: 'No comparison has all of these words', alwaysShow: true };

/** Asks for a comparison. The latest can be found at once, older ones as they are read. */
async function pickComparison(history: History, title: string, except?: string): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<FactsItem>();
  const all: Facts[] = [];
  let open = true;
  let shownHits = -1;
  const show = (isTyping: boolean): void => {
    const hits = search(all, pick.value, SHOWN_HITS);
    if (!isTyping && hits.length === shownHits) return; // nothing came that would be shown
    shownHits = hits.length;
    pick.items = hits.length > 0 || !isTyping ? hits.map(hitItem) : [NOTHING_FOUND];
  };
  pick.title = title;
  pick.placeholder = 'Words of the title, the task or the models';
  pick.busy = true;
  pick.ignoreFocusOut = except !== undefined; // one of two steps, and a panel that still opens takes the focus
  pick.onDidChangeValue(() => show(true));
  pick.show();
  const chosen = new Promise<string | undefined>((resolve) => {
    pick.onDidAccept(() => {
      const id = pick.selectedItems[0]?.id;
      if (id === NOTHING_FOUND.id) return;
      resolve(id);
      pick.hide();
    });
    pick.onDidHide(() => {
      open = false;
      resolve(undefined);
      pick.dispose();
    });
  });
  for await (const some of history.all()) {
    if (!open) break;
    all.push(...some.filter(({ id }) => id !== except));
    show(false);
  }
  if (open) pick.busy = false;
  return chosen;
}

/** Always shown: what matches was decided here, also by words that the list does not show. */
function hitItem(facts: Facts): FactsItem {
  const [started = ''] = factLines(facts);
  return {
    id: facts.id,
    label: facts.title,
    description: oneLine(facts),
    detail: `${started}. Cost: ${facts.cost}`,
    alwaysShow: true,
  };
}

/** Which lane of each; does not ask when there is one of each. */
async function pickSides(
  left: ComparisonState | undefined,
  right: ComparisonState | undefined,
): Promise<readonly [Side, Side] | undefined> {
  const sidesOf = (state: ComparisonState | undefined): Side[] =>
    state ? LANES.filter((lane) => state.runs[lane]).map((lane) => ({ state, lane })) : [];
  const name = ({ state, lane }: Side): string => `${titleOf(state)}, ${LANE_LABEL[lane]} (${state.runs[lane]?.plan.model})`;
  const pairs = sidesOf(left).flatMap((one) =>
    sidesOf(right).map((other) => ({ label: `${name(one)} ↔ ${name(other)}`, sides: [one, other] as const })),
  );
  if (pairs.length === 0) void vscode.window.showInformationMessage('There are no two answers to compare.');
  if (pairs.length < 2) return pairs[0]?.sides;
  return (await vscode.window.showQuickPick(pairs, { title: 'Compare Which Answers?', ignoreFocusOut: true }))?.sides;
}
