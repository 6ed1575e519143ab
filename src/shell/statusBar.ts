/**
 * The status bar: what was spent today, and what is left of the day's limit; in a warning colour when much of any limit is spent. It never
 * shows a sum it does not know.
 */
import * as vscode from 'vscode';
import { LedgerUnavailable, type Spending } from '../core/contracts.ts';
import { limitWarnings } from '../core/money/limits.ts';
import type { Settings } from '../core/settings.ts';
import { formatUsd } from '../shared/money.ts';

export interface StatusBarDeps {
  /** Throws `LedgerUnavailable`. */
  readonly spending: () => Spending;
  readonly settings: () => Settings;
}

export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #deps: StatusBarDeps;

  constructor(deps: StatusBarDeps) {
    this.#deps = deps;
    this.#item = vscode.window.createStatusBarItem('secondThought.spending', vscode.StatusBarAlignment.Right, 90);
    this.#item.name = 'Second Thought Spending';
  }

  refresh(): void {
    const { limits, warnAtShare } = this.#deps.settings();
    const { perDayNanoUsd } = limits;
    this.#item.command = 'secondThought.showSpending';
    try {
      const spending = this.#deps.spending();
      const { todayNanoUsd, heldTodayNanoUsd, unknownThisMonth } = spending;
      const committed = todayNanoUsd + heldTodayNanoUsd;
      const left = perDayNanoUsd === undefined ? undefined : Math.max(0, perDayNanoUsd - committed);
      const warnings = limitWarnings(limits, spending, warnAtShare);
      this.#item.text = `$(versions) ${formatUsd(todayNanoUsd)}${left === undefined ? '' : `, ${formatUsd(left)} left`}`;
      this.#item.tooltip = [
        `Second Thought: ${formatUsd(todayNanoUsd)} spent today, estimates included.`,
        heldTodayNanoUsd > 0 ? `${formatUsd(heldTodayNanoUsd)} more is reserved by running lanes.` : '',
        left === undefined ? 'No limit is set for a day.' : `${formatUsd(left)} is left of today's ${formatUsd(perDayNanoUsd)}.`,
        ...warnings.map(({ sentence }) => sentence),
        unknownThisMonth > 0 ? `${unknownThisMonth} runs this month had no known price and are not in these sums.` : '',
      ]
        .filter(Boolean)
        .join('\n');
      this.#item.accessibilityInformation = { label: this.#item.tooltip.replaceAll('\n', ' ') };
      this.#item.backgroundColor = warnings.length > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      this.#item.text = '$(versions) spending unknown';
      this.#item.tooltip = error.message;
      if (error.problem === 'damaged') this.#item.command = 'secondThought.setLedgerAside';
      this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
    }
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
