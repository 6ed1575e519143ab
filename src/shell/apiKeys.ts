/**
 * Setting and removing an API key. A new key is tried with a call that costs nothing (the model list) before it is called good.
 */
import * as vscode from 'vscode';
import { type Endpoint, ModelFailure, type Provider } from '../core/contracts.ts';
import { originOf } from '../core/providers/baseUrl.ts';
import type { Settings } from '../core/settings.ts';
import type { ModelError } from '../shared/model.ts';
import type { Keys } from './keys.ts';

export interface ApiKeyDeps {
  readonly settings: () => Settings;
  readonly keys: Keys;
  readonly providerWithKey: (endpoint: Endpoint, key: string) => Provider;
}

const CHECK_TIMEOUT_MS = 20_000;

/** Asks for a key, tries it, keeps it. True when a key was stored. */
export async function setApiKey(deps: ApiKeyDeps, known?: Endpoint): Promise<boolean> {
  const endpoint =
    known ??
    (await pickEndpoint(
      deps,
      'Set the API Key of Which Endpoint?',
      (candidate) => !candidate.scripted && candidate.api !== 'vscode-lm',
    ));
  if (!endpoint) return false;
  if (endpoint.api === 'vscode-lm') return allowAccess(endpoint);
  const origin = originOf(endpoint.baseUrl);
  const key = await vscode.window.showInputBox({
    title: `API Key for ${endpoint.label}`,
    prompt: `It is kept in VS Code's secret storage and sent to ${origin} only.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/[\s\p{Cc}]/u.test(value.trim()) ? 'A key has no spaces. Paste the key alone.' : undefined),
  });
  if (!key?.trim()) return false;
  const trimmed = key.trim();
  const failure = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Trying the key at ${origin}…`, cancellable: true },
    (_, token) => check(deps.providerWithKey(endpoint, trimmed), token),
  );
  if (failure === 'cancelled') return false;
  if (failure) {
    const another = 'Enter Another Key';
    const keep = 'Keep It Anyway';
    const message = failure.kind === 'auth' ? `${endpoint.label} did not accept this key.` : 'The key could not be tried.';
    const detail = failure.kind === 'auth' ? 'It may be mistyped, expired, or made for another service.' : failure.message;
    const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, another, keep);
    if (choice === another) return setApiKey(deps, endpoint);
    if (choice !== keep) return false;
  }
  await deps.keys.set(endpoint, trimmed);
  const verdict = failure ? 'is kept without having been confirmed' : 'works and is kept';
  void vscode.window.showInformationMessage(`The key for ${endpoint.label} ${verdict}.`);
  return true;
}

export async function removeApiKey(deps: ApiKeyDeps): Promise<void> {
  const stored = new Set(await deps.keys.endpointIds());
  if (stored.size === 0) {
    void vscode.window.showInformationMessage('No API key is stored.');
    return;
  }
  const known = deps.settings().endpoints.filter((endpoint) => stored.has(endpoint.id));
  const gone = [...stored].filter((id) => !known.some((endpoint) => endpoint.id === id));
  const items = [
    ...known.map((endpoint) => ({ label: endpoint.label, description: originOf(endpoint.baseUrl), id: endpoint.id })),
    ...gone.map((id) => ({ label: id, description: 'no longer in the settings', id })),
  ];
  const choice = await vscode.window.showQuickPick(items, { title: 'Remove the API Key of Which Endpoint?' });
  if (!choice) return;
  await deps.keys.remove(choice.id);
  void vscode.window.showInformationMessage(
    `The key for ${choice.label} is removed from this machine. Revoke it at the provider if it leaked.`,
  );
}

/** The models of VS Code take no key of ours: VS Code itself keeps who may use them. */
async function allowAccess(endpoint: Endpoint): Promise<false> {
  const open = 'Manage Access';
  const choice = await vscode.window.showInformationMessage(
    `The models of ${endpoint.label} need no key here, but your permission.`,
    open,
  );
  if (choice === open) await vscode.commands.executeCommand('workbench.action.chat.manageLanguageModelAuthentication');
  return false;
}

/** Undefined: the key works. Else why that is not sure. */
async function check(provider: Provider, token: vscode.CancellationToken): Promise<ModelError | 'cancelled' | undefined> {
  const cancelled = new AbortController();
  const listener = token.onCancellationRequested(() => cancelled.abort());
  try {
    await provider.listModels(AbortSignal.any([cancelled.signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)]));
    return undefined;
  } catch (error) {
    if (token.isCancellationRequested) return 'cancelled';
    if (error instanceof ModelFailure) return error.error;
    return { kind: 'unknown', message: String(error), retryable: false };
  } finally {
    listener.dispose();
  }
}

async function pickEndpoint(
  deps: ApiKeyDeps,
  title: string,
  filter: (endpoint: Endpoint) => boolean,
): Promise<Endpoint | undefined> {
  const stored = new Set(await deps.keys.endpointIds());
  const items = deps
    .settings()
    .endpoints.filter(filter)
    .map((endpoint) => ({
      label: endpoint.label,
      description: stored.has(endpoint.id) ? '$(check) key set' : endpoint.needsKey ? '' : 'works without a key',
      detail: endpoint.baseUrl,
      endpoint,
    }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.endpoint;
}
