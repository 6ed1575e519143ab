/**
 * Choosing models: what is usable now comes first (with a key, on this machine, the sample), then how to get the rest. Lists come from
 * the endpoints themselves, by calls that cost nothing, and grow while the picker is open.
 */
import * as vscode from 'vscode';
import { type Endpoint, ModelFailure, type ModelInfo, type Provider } from '../core/contracts.ts';
import { isLoopbackUrl } from '../core/providers/baseUrl.ts';
import type { Settings } from '../core/settings.ts';
import { LANE_LABEL, type LaneId } from '../shared/comparison.ts';
import { EFFORTS, type Effort, formatModelRef, type ModelRef, parseModelRef } from '../shared/model.ts';
import type { Keys } from './keys.ts';
import { openSettings } from './userSettings.ts';

export interface PickerDeps {
  readonly settings: () => Settings;
  readonly keys: Keys;
  readonly provider: (endpoint: Endpoint, model: string) => Promise<Provider>;
  readonly setKey: (endpoint: Endpoint) => Promise<boolean>;
}

interface Item extends vscode.QuickPickItem {
  readonly ref?: ModelRef;
  readonly endpoint?: Endpoint;
  readonly action?: 'keep' | 'set-key' | 'look-again' | 'add-endpoint';
}

/** How long an endpoint may take to list its models before its suggestions are shown instead. */
const LIST_TIMEOUT_MS = 4000;
const SAMPLE_ID = 'sample';
/** No endpoint has this id. */
const LOCKED = '';

/** Asks for a model. Returns its reference, or undefined when the person gave up. */
export async function pickModel(lane: LaneId, current: string, deps: PickerDeps): Promise<string | undefined> {
  const settings = deps.settings();
  const picker = vscode.window.createQuickPick<Item>();
  const closed = new AbortController();
  picker.title = `Choose the ${LANE_LABEL[lane]} Model`;
  picker.placeholder = 'Type to filter, or write endpoint:model@effort';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.busy = true;

  const sections = new Map<string, readonly Item[]>();
  const silent = new Map<string, Item>();
  const keep = keepItem(current, settings);
  const show = (isTyping: boolean): void => {
    const typed = typedItem(picker.value, settings);
    const rows = settings.endpoints.flatMap((endpoint) => {
      const items = sections.get(endpoint.id) ?? [];
      return items.length === 0 ? [] : [{ label: endpoint.label, kind: vscode.QuickPickItemKind.Separator }, ...items];
    });
    const active = picker.activeItems[0];
    picker.items = [
      ...typed,
      ...keep,
      ...rows,
      { label: 'For more models', kind: vscode.QuickPickItemKind.Separator },
      ...(sections.get(LOCKED) ?? []),
      ...silent.values(),
      ADD_ENDPOINT,
      ...unknownEndpoint(picker.value, settings),
    ];
    // A reference that was typed in full is what Enter takes; a list that grows does not move the person's place.
    const again = isTyping
      ? typed[0]
      : picker.items.find((item) => item.label === active?.label && item.endpoint?.id === active.endpoint?.id);
    if (again) picker.activeItems = [again];
  };
  picker.onDidChangeValue(() => show(true));

  const fill = async (): Promise<void> => {
    const withKey = new Set(await deps.keys.endpointIds());
    const usable = settings.endpoints.filter((endpoint) => !endpoint.needsKey || withKey.has(endpoint.id));
    const locked = settings.endpoints.filter((endpoint) => !usable.includes(endpoint));
    sections.set(LOCKED, locked.map(lockedItem));
    show(false);
    await Promise.all(
      usable.map(async (endpoint) => {
        const items = await itemsOf(endpoint, deps, closed.signal);
        if (items.length > 0) sections.set(endpoint.id, items);
        else silent.set(endpoint.id, silentItem(endpoint));
        show(false);
      }),
    );
    picker.busy = false;
  };

  try {
    picker.show();
    const filled = fill();
    const chosen = await new Promise<Item | undefined>((resolve) => {
      picker.onDidAccept(() => picker.activeItems[0] && resolve(picker.activeItems[0]));
      picker.onDidHide(() => resolve(undefined));
    });
    filled.catch(() => undefined); // the list was still growing when the person chose; its failures are shown as items
    if (!chosen) return undefined;
    if (chosen.action === 'set-key' && chosen.endpoint) {
      picker.hide();
      return (await deps.setKey(chosen.endpoint)) ? pickModel(lane, current, deps) : undefined;
    }
    picker.hide();
    if (chosen.action === 'keep') return current;
    if (chosen.action === 'look-again') return pickModel(lane, current, deps);
    if (chosen.action === 'add-endpoint') await openSettings('endpoints');
    if (!chosen.ref) return undefined;
    if (chosen.ref.effort || chosen.ref.endpoint === SAMPLE_ID) return formatModelRef(chosen.ref);
    return pickEffort(chosen.ref, lane);
  } finally {
    closed.abort();
    picker.dispose();
  }
}

/** What an endpoint offers now; nothing when it is a server of this machine that does not answer. */
async function itemsOf(endpoint: Endpoint, deps: PickerDeps, signal: AbortSignal): Promise<readonly Item[]> {
  if (endpoint.scripted) {
    return (endpoint.suggestedModels ?? []).map((id) => modelItem(endpoint, { id }, 'needs no key, costs nothing'));
  }
  const local = isLoopbackUrl(endpoint.baseUrl);
  try {
    const provider = await deps.provider(endpoint, '');
    const models = await provider.listModels(AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]));
    return models.map((model) => modelItem(endpoint, model, local ? 'on this machine' : 'key set'));
  } catch (error) {
    if (local && !endpoint.suggestedModels?.length) return [];
    const why = error instanceof ModelFailure ? error.error.message : String(error);
    const suggested = (endpoint.suggestedModels ?? []).map((id) => modelItem(endpoint, { id }, 'from the built-in list'));
    const label = `$(warning) ${endpoint.label} did not list its models`;
    return [{ label, detail: why, alwaysShow: true, endpoint, action: 'look-again' }, ...suggested];
  }
}

function modelItem(endpoint: Endpoint, model: ModelInfo, note: string): Item {
  const ref = { endpoint: endpoint.id, model: model.id };
  const facts = [
    model.contextTokens === undefined ? undefined : `${Math.round(model.contextTokens / 1000)}k context`,
    model.imageInput === undefined ? undefined : model.imageInput ? 'reads pictures' : 'text only',
    note,
  ].filter((fact) => fact !== undefined);
  return {
    label: model.label ?? model.id,
    description: formatModelRef(ref),
    detail: facts.join(' · '),
    ref,
    endpoint,
  };
}

const lockedItem = (endpoint: Endpoint): Item => ({
  label: `$(key) ${endpoint.label}`,
  description: 'Set API key…',
  endpoint,
  action: 'set-key',
});

/** The model in use comes first, with its effort: Enter changes nothing. */
function keepItem(current: string, settings: Settings): readonly Item[] {
  const ref = parseModelRef(current);
  const endpoint = settings.endpoints.find((candidate) => candidate.id === ref?.endpoint);
  return ref && endpoint ? [{ label: `$(check) Keep ${current}`, description: 'in use', endpoint, action: 'keep' }] : [];
}

const silentItem = (endpoint: Endpoint): Item => ({
  label: `$(debug-disconnect) ${endpoint.label}`,
  description: `Does not answer at ${new URL(endpoint.baseUrl).host}. Start it, then choose this to look again.`,
  endpoint,
  action: 'look-again',
});

const ADD_ENDPOINT: Item = {
  label: '$(add) Add an endpoint…',
  description: 'Any server that speaks the OpenAI or Anthropic protocol',
  action: 'add-endpoint',
};

/** What the person typed, when it is a reference of its own. */
function typedItem(value: string, settings: Settings): readonly Item[] {
  const ref = parseModelRef(value);
  const endpoint = settings.endpoints.find((candidate) => candidate.id === ref?.endpoint);
  if (!ref || !endpoint) return [];
  return [{ label: `$(edit) Use ${formatModelRef(ref)}`, alwaysShow: true, ref, endpoint }];
}

/** What is said to a reference whose endpoint nobody knows; last, for the words may be a filter as well. */
function unknownEndpoint(value: string, settings: Settings): readonly Item[] {
  const id = parseModelRef(value)?.endpoint;
  if (id === undefined || settings.endpoints.some((endpoint) => endpoint.id === id)) return [];
  const known = settings.endpoints.map((endpoint) => endpoint.id).join(', ');
  return [
    {
      label: `$(warning) No endpoint is called "${id}"`,
      description: `Add it to the settings, or use one of: ${known}`,
      alwaysShow: true,
      action: 'add-endpoint',
    },
  ];
}

async function pickEffort(ref: ModelRef, lane: LaneId): Promise<string | undefined> {
  const own = { label: "The model's own default", description: 'no effort is asked for' };
  const words = EFFORTS.map((effort: Effort) => ({ label: effort, effort }));
  const title = `How Hard Should ${ref.model} Think? (${LANE_LABEL[lane]} Lane)`;
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { effort?: Effort }>([own, ...words], { title });
  if (!choice) return undefined;
  return formatModelRef(choice.effort ? { ...ref, effort: choice.effort } : ref);
}
