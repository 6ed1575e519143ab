/**
 * "Change Limits…": the limits with today's figures, one of them to change. Lowering one is done at once; raising or removing one is agreed
 * to with its figures in sight.
 */
import * as vscode from 'vscode';
import type { Spending } from '../core/contracts.ts';
import {
  type LimitName,
  type LimitState,
  leftOf,
  limitSetting,
  limitStates,
  limitTitle,
  parseLimit,
  raiseOf,
  usedSentence,
  withEndpointLimit,
} from '../core/money/limits.ts';
import type { ParsedSettings, SettingName } from '../core/settings.ts';
import { formatUsd, type NanoUsd, usdFromNano } from '../shared/money.ts';
import { openSettings, readOwn, writeSetting } from './userSettings.ts';

export interface ChangeLimitsDeps {
  /** Throws `LedgerUnavailable`. */
  readonly spending: () => Spending;
  readonly settings: () => ParsedSettings;
}

interface Item extends vscode.QuickPickItem {
  readonly state?: LimitState;
  readonly opensSettings?: true;
}

export async function changeLimits({ spending, settings }: ChangeLimitsDeps): Promise<void> {
  const parsed = settings();
  if (parsed.limitsBroken) {
    await openSettings('budget'); // what cannot be read is mended where it stands
    return;
  }
  const { limits } = parsed.settings;
  const now = spending();
  const states = limitStates(limits, now, Object.keys(now.endpoints).sort());
  const items: Item[] = [
    ...states.filter((state) => state.endpoint === undefined).map(itemOf),
    { label: 'Of one endpoint', kind: vscode.QuickPickItemKind.Separator },
    ...states.filter((state) => state.endpoint !== undefined).map(itemOf),
    { label: '$(settings-gear) Open Budget Settings', opensSettings: true },
  ];
  const choice = await vscode.window.showQuickPick<Item>(items, {
    title: 'Change Limits',
    placeHolder: 'Choose the limit to change',
    matchOnDescription: true,
  });
  if (choice?.opensSettings) await openSettings('budget');
  if (!choice?.state) return;
  const { state } = choice;
  const amount = await askAmount(state);
  if (!amount || amount.nanoUsd === state.limitNanoUsd) return;
  const others = states.filter((other) => other !== state);
  const raise = raiseOf(state, amount.nanoUsd, others);
  if (raise) {
    const { question, detail, button } = raise;
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button) return;
  }
  await write(state, amount.nanoUsd);
  const told = amount.nanoUsd === undefined ? 'none' : formatUsd(amount.nanoUsd);
  vscode.window.setStatusBarMessage(`$(check) Limit for ${limitTitle(state)}: ${told}`, 5000);
}

function itemOf(state: LimitState): Item {
  const { limitNanoUsd, window } = state;
  const left = leftOf(state);
  const title = limitTitle(state);
  return {
    label: `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
    description: limitNanoUsd === undefined ? 'no limit' : formatUsd(limitNanoUsd),
    ...(window === 'run'
      ? {}
      : { detail: left === undefined ? usedSentence(state) : `${usedSentence(state)} ${formatUsd(left)} is left.` }),
    state,
  };
}

/** Undefined: the person thought better of it. */
async function askAmount(state: LimitState): Promise<{ readonly nanoUsd: NanoUsd | undefined } | undefined> {
  const text = await vscode.window.showInputBox({
    title: `Limit for ${limitTitle(state)}`,
    prompt: `US dollars; empty for no limit. ${state.window === 'run' ? 'Both lanes together.' : usedSentence(state)}`,
    value: state.limitNanoUsd === undefined ? '' : String(usdFromNano(state.limitNanoUsd)),
    validateInput: (typed) => {
      const parsed = parseLimit(typed);
      return 'problem' in parsed ? parsed.problem : undefined;
    },
  });
  const parsed = text === undefined ? undefined : parseLimit(text);
  return parsed && 'nanoUsd' in parsed ? parsed : undefined;
}

async function write(name: LimitName, nanoUsd: NanoUsd | undefined): Promise<void> {
  if (name.endpoint !== undefined) {
    await writeSetting('budget.endpoints', withEndpointLimit(readOwn('budget.endpoints'), name, nanoUsd));
    return;
  }
  const setting = limitSetting(name) as SettingName; // of a limit of all endpoints it is one of three settings
  await writeSetting(setting, nanoUsd === undefined ? null : usdFromNano(nanoUsd));
}
