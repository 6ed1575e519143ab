/**
 * Pairs of models by name: a comparison is about a pair, so the pair is what people remember and pick.
 */
import * as vscode from 'vscode';
import type { Settings } from '../core/settings.ts';
import type { LaneId } from '../shared/comparison.ts';
import { writeSetting } from './userSettings.ts';

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
}

/** Asks for a name and keeps the present pair under it. */
export async function savePreset(settings: Settings): Promise<void> {
  const { fastModel: fast, reasoningModel: reasoning, presets } = settings;
  const name = await vscode.window.showInputBox({
    title: 'Save This Pair of Models',
    prompt: `A name for ${fast} and ${reasoning}`,
    validateInput: (value) =>
      value.trim() === ''
        ? 'Give it a name.'
        : value.trim() in presets
          ? { message: 'A pair of that name is replaced.', severity: vscode.InputBoxValidationSeverity.Warning }
          : undefined,
  });
  if (name?.trim()) await writeSetting('presets', { ...presets, [name.trim()]: { fast, reasoning } });
}
