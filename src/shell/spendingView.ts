/**
 * "Show Spending": today, this month, their limits and the latest runs, as a list that the keyboard and a screen reader can walk.
 */
import * as vscode from 'vscode';
import type { Ledger, Limits } from '../core/contracts.ts';
import { LANE_LABEL, LANES } from '../shared/comparison.ts';
import { formatCost, formatUsd, type NanoUsd } from '../shared/money.ts';
import { openSettings } from './userSettings.ts';

const SHOWN_ENTRIES = 100;

interface Item extends vscode.QuickPickItem {
  readonly comparisonId?: string;
  readonly opensLimits?: true;
}

/** Shows the list; a run in it opens its comparison. Throws `LedgerUnavailable`. */
export async function showSpending(ledger: Ledger, limits: Limits, openComparison: (id: string) => void): Promise<void> {
  const spending = ledger.spending();
  const entries = ledger.entries(SHOWN_ENTRIES);
  const window = (label: string, spent: NanoUsd, held: NanoUsd, limit: NanoUsd | undefined): Item => ({
    label,
    description: `${formatUsd(spent)} spent${held > 0 ? `, ${formatUsd(held)} reserved` : ''}`,
    detail:
      limit === undefined ? 'No limit is set.' : `${formatUsd(Math.max(0, limit - spent - held))} left of ${formatUsd(limit)}`,
    opensLimits: true,
  });
  const unknown: Item[] =
    spending.unknownThisMonth > 0
      ? [
          {
            label: '$(question) Unknown',
            description: `${spending.unknownThisMonth} runs this month had no known price; they are in no sum`,
          },
        ]
      : [];
  const items: Item[] = [
    window('$(calendar) Today', spending.todayNanoUsd, spending.heldTodayNanoUsd, limits.perDayNanoUsd),
    window('$(calendar) This Month', spending.monthNanoUsd, spending.heldMonthNanoUsd, limits.perMonthNanoUsd),
    ...unknown,
    { label: 'Latest runs', kind: vscode.QuickPickItemKind.Separator },
    ...entries.map((entry) => ({
      label: `${formatCost(entry.cost)}  ${entry.endpoint}:${entry.model}`,
      description: `${LANE_LABEL[LANES.find((lane) => lane === entry.lane) ?? 'fast']}, ${new Date(entry.at).toLocaleString()}`,
      detail: [
        entry.isCorrection && 'correction of an estimate',
        entry.cost.basis,
        entry.cost.priceSource && `price: ${entry.cost.priceSource}`,
        entry.cost.priceAsOf,
      ]
        .filter(Boolean)
        .join(', '),
      comparisonId: entry.comparisonId,
    })),
  ];
  if (entries.length === 0) items.push({ label: 'No paid run yet', description: 'The sample costs nothing and is not counted' });
  const choice = await vscode.window.showQuickPick<Item>(items, {
    title: 'Second Thought: Spending',
    placeHolder: 'Choose a run to open it, or a period to change its limit',
    matchOnDescription: true,
  });
  if (choice?.comparisonId) openComparison(choice.comparisonId);
  else if (choice?.opensLimits) await openSettings('budget');
}
