/**
 * Reads the person's settings. Only user settings count: every value is taken with `inspect()`, so a folder or workspace can neither
 * raise a limit nor redirect a key, whatever its settings file says.
 */
import * as vscode from 'vscode';
import { type ParsedSettings, parseSettings, SETTING_NAMES, type SettingName } from '../core/settings.ts';
import { isObject } from '../shared/isObject.ts';

export const SECTION = 'secondThought';

/** The setting that names each lane's model. */
export const MODEL_SETTING = { fast: 'fastModel', reasoning: 'reasoningModel' } as const;

export function readSettings(): ParsedSettings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const entries = SETTING_NAMES.flatMap((name) => {
    const value = configuration.inspect(name)?.globalValue;
    return value === undefined ? [] : [[name, value] as const];
  });
  return parseSettings(Object.fromEntries(entries));
}

/** A table among the person's settings as they wrote it; empty when there is none. */
export function readOwn(name: SettingName): Readonly<Record<string, unknown>> {
  const value: unknown = vscode.workspace.getConfiguration(SECTION).inspect(name)?.globalValue;
  return isObject(value) ? { ...value } : {};
}

export async function writeSetting(name: SettingName, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update(name, value, vscode.ConfigurationTarget.Global);
}

export async function openSettings(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:second-thought.second-thought ${query}`);
}
