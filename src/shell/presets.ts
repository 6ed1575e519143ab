/**
 * Pairs of models by name: a comparison is about a pair, so the pair is what people remember and pick.
 */
import * as vscode from 'vscode';
import type { Settings } from '../core/settings.ts';
import type { LaneId } from '../shared/comparison.ts';
import { readOwn, writeSetting } from './userSettings.ts';

/** Asks for a pair and makes it the one to compare with. */
export async function choosePreset(
  settings: Settings,
  chooseModel: (lane: LaneId) => Promise<string | undefined>,
): Promise<void> {
  const own = Object.entries(settings.presets).map(([label, pair]) => ({ label, ...pair }));
  const sample = { label: 'Scripted sample, not models', fast: 'sample:fast', reasoning: 'sample:reasoning' };
  const pairs = [...own, sample].map((pair) => ({
    label: pair.label,
    description: pair.fast === settings.fastModel && pair.reasoning === settings.reasoningModel ? '$(check) current' : '',
    detail: `${pair.fast}  and  ${pair.reasoning}`,
    pair,
  }));
  const each = { label: '$(list-selection) Choose each model…', pair: undefined };
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { pair: typeof sample | undefined }>([...pairs, each], {
    title: 'Compare with Which Pair of Models?',
  });
  if (!choice) return;
  if (!choice.pair) {
    if (await chooseModel('fast')) await chooseModel('reasoning');
    return;
  }
  await writeSetting('fastModel', choice.pair.fast);
  await writeSetting('reasoningModel', choice.pair.reasoning);
  vscode.window.setStatusBarMessage(`$(check) Comparing ${choice.pair.fast} and ${choice.pair.reasoning}`, 5000);
}

/** Asks for a name and keeps the present pair under it. */
export async function savePreset(settings: Settings): Promise<void> {
  const { fastModel: fast, reasoningModel: reasoning } = settings;
  // As it is written, not as it is understood: a pair with a slip in it must survive.
  const own = readOwn('presets');
  const name = await vscode.window.showInputBox({
    title: 'Save This Pair of Models',
    prompt: `A name for ${fast} and ${reasoning}`,
    validateInput: (value) =>
      value.trim() === ''
        ? 'Give it a name.'
        : Object.hasOwn(own, value.trim())
          ? { message: 'A pair of that name is replaced.', severity: vscode.InputBoxValidationSeverity.Warning }
          : undefined,
  });
  if (!name?.trim()) return;
  await writeSetting('presets', { ...own, [name.trim()]: { fast, reasoning } });
  vscode.window.setStatusBarMessage(`$(check) Pair "${name.trim()}" saved`, 3000);
}
