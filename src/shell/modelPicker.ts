/**
 * Choosing models: what is usable now comes first (with a key, in VS Code, on this machine, the sample), then how to get the rest. Lists
 * come from the endpoints themselves, by calls that cost nothing, and grow while the picker is open.
 */
import * as vscode from 'vscode';
import { type Endpoint, ModelFailure, type ModelInfo, type Pricing, type Provider } from '../core/contracts.ts';
import { knownEfforts, modelFacts } from '../core/modelFacts.ts';
import { isLoopbackUrl } from '../core/providers/baseUrl.ts';
import { BUILT_IN_ENDPOINTS } from '../core/providers/endpoints.ts';
import type { Settings } from '../core/settings.ts';
import { LANE_LABEL, type LaneId } from '../shared/comparison.ts';
import { EFFORTS, type Effort, formatModelRef, type ModelRef, parseModelRef } from '../shared/model.ts';
import type { ChooseModel } from './addEndpoint.ts';
import type { Keys } from './keys.ts';

export interface PickerDeps {
  readonly settings: () => Settings;
  readonly keys: Keys;
  readonly provider: (endpoint: Endpoint, model: string) => Promise<Provider>;
  readonly pricing: () => Pricing;
  readonly setKey: (endpoint: Endpoint) => Promise<boolean>;
  /** True when there is one more; `choose`: what it then offers. */
  readonly addEndpoint: (choose?: ChooseModel) => Promise<boolean>;
}

interface Item extends vscode.QuickPickItem {
  readonly ref?: ModelRef;
  readonly endpoint?: Endpoint;
  /** The efforts the model takes; absent: nobody knows. */
  readonly efforts?: readonly Effort[] | undefined;
  readonly action?: 'keep' | 'set-key' | 'look-again' | 'add-endpoint';
}

/** How long an endpoint may take to list its models before its suggestions are shown instead. */
const LIST_TIMEOUT_MS = 4000;

/** Asks for a model. Returns its reference, or undefined when the person gave up. */
export async function pickModel(lane: LaneId, current: string, deps: PickerDeps): Promise<string | undefined> {
  const chosen = await pickItem(lane, current, deps);
  switch (chosen?.action) {
    case 'keep':
      return current;
    case 'look-again':
      return pickModel(lane, current, deps);
    case 'set-key':
      return chosen.endpoint && (await deps.setKey(chosen.endpoint)) ? pickModel(lane, current, deps) : undefined;
    case 'add-endpoint':
      return (await deps.addEndpoint()) ? pickModel(lane, current, deps) : undefined;
    case undefined:
      return chosen?.ref && withEffort(chosen.ref, chosen, lane);
  }
}

/** Shows the list, which grows while it is open, until something in it is taken or it is left. */
async function pickItem(lane: LaneId, current: string, deps: PickerDeps): Promise<Item | undefined> {
  const settings = deps.settings();
  const endpoints = [...settings.endpoints].sort((a, b) => rank(a) - rank(b));
  const picker = vscode.window.createQuickPick<Item>();
  const closed = new AbortController();
  picker.title = `Choose the ${LANE_LABEL[lane]} Model`;
  picker.placeholder = 'Type to filter, or write endpoint:model@effort';
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.busy = true;

  const sections = new Map<string, readonly Item[]>();
  const silent = new Set<string>();
  let locked: readonly Endpoint[] = [];
  const keep = keepItem(current, settings);
  const show = (isTyping: boolean): void => {
    const typed = typedItem(picker.value, settings);
    const active = picker.activeItems[0];
    picker.items = [
      ...typed,
      ...keep,
      ...endpoints.flatMap((endpoint) => section(endpoint.label, sections.get(endpoint.id) ?? [])),
      ...section('Needs an API key', locked.map(lockedItem)),
      ...section('More', [
        ...silentItems(endpoints.filter((endpoint) => silent.has(endpoint.id))),
        ADD_ENDPOINT,
        ...unknownEndpoint(picker.value, settings),
      ]),
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
    locked = endpoints.filter((endpoint) => endpoint.needsKey && !withKey.has(endpoint.id));
    const usable = endpoints.filter((endpoint) => !locked.includes(endpoint));
    const pricing = deps.pricing();
    show(false);
    await Promise.all(
      usable.map(async (endpoint) => {
        const items = await itemsOf(endpoint, pricing, deps, closed.signal);
        if (items.length > 0) sections.set(endpoint.id, items);
        else silent.add(endpoint.id);
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
    picker.hide();
    return chosen;
  } finally {
    closed.abort();
    picker.dispose();
  }
}

/** Ready with a key, in VS Code, on this machine, the sample: in this order, so that a list which comes late pushes little aside. */
function rank(endpoint: Endpoint): number {
  if (endpoint.scripted) return 3;
  if (isLoopbackUrl(endpoint.baseUrl)) return 2;
  return endpoint.api === 'vscode-lm' ? 1 : 0;
}

const section = (label: string, items: readonly Item[]): readonly Item[] =>
  items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];

/**
 * What an endpoint offers now. Nothing when VS Code has no models, nobody listens, or something else than the server that is usually there
 * answers at a default port.
 */
async function itemsOf(endpoint: Endpoint, pricing: Pricing, deps: PickerDeps, signal: AbortSignal): Promise<readonly Item[]> {
  const suggested = (endpoint.suggestedModels ?? []).map((id) => ({ id }));
  const itemsFrom = (models: readonly ModelInfo[], note?: string): Promise<readonly Item[]> =>
    Promise.all(models.map((model) => modelItem(endpoint, model, pricing, note)));
  if (endpoint.scripted) return itemsFrom(suggested, 'scripted, needs no key, costs nothing');
  try {
    const provider = await deps.provider(endpoint, '');
    const models = await provider.listModels(AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]));
    // What cannot be written as a reference cannot be chosen.
    return await itemsFrom(
      models.filter(({ id }) => parseModelRef(formatModelRef({ endpoint: endpoint.id, model: id })) !== undefined),
    );
  } catch (error) {
    if (isLoopbackUrl(endpoint.baseUrl) && (isDown(error) || BUILT_IN_ENDPOINTS.includes(endpoint))) return [];
    const why = error instanceof ModelFailure ? error.error.message : String(error);
    const label = `$(warning) ${endpoint.label} did not list its models`;
    return [
      { label, detail: why, alwaysShow: true, endpoint, action: 'look-again' },
      ...(await itemsFrom(suggested, 'from the built-in list')),
    ];
  }
}

const isDown = (error: unknown): boolean => error instanceof ModelFailure && error.error.neverSent === true;

async function modelItem(endpoint: Endpoint, model: ModelInfo, pricing: Pricing, note: string | undefined): Promise<Item> {
  const ref = { endpoint: endpoint.id, model: model.id };
  const facts = endpoint.scripted ? [] : modelFacts(endpoint, model, await pricing.priceFor(endpoint, model.id, new Date()));
  return {
    label: model.label ?? model.id,
    description: formatModelRef(ref),
    detail: [...facts, ...(note === undefined ? [] : [note])].join(' · '),
    ref,
    endpoint,
    efforts: endpoint.scripted ? [] : knownEfforts(endpoint, model),
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

/** One row for all servers that are not running: they are no fault, and four rows of them would be noise. */
function silentItems(silent: readonly Endpoint[]): readonly Item[] {
  const servers = silent.filter((endpoint) => endpoint.api !== 'vscode-lm').map((endpoint) => endpoint.label);
  return [
    ...(silent.length === servers.length
      ? []
      : [
          {
            label: '$(vscode) VS Code offers no models',
            description: 'Sign in to Copilot, or install another provider of models',
            action: 'look-again' as const,
          },
        ]),
    ...(servers.length === 0
      ? []
      : [
          {
            label: `$(debug-disconnect) Not running: ${servers.join(', ')}`,
            description: 'Start one, then look again',
            action: 'look-again' as const,
          },
        ]),
  ];
}

const ADD_ENDPOINT: Item = {
  label: '$(add) Add an endpoint…',
  description: 'Azure, or any server that speaks the OpenAI or Anthropic protocol',
  action: 'add-endpoint',
};

/** What the person typed, when it is a reference of its own. */
function typedItem(value: string, settings: Settings): readonly Item[] {
  const ref = parseModelRef(value);
  const endpoint = settings.endpoints.find((candidate) => candidate.id === ref?.endpoint);
  if (!ref || !endpoint) return [];
  const efforts = endpoint.scripted ? [] : knownEfforts(endpoint, { id: ref.model });
  const slip = ref.effort === undefined ? /@([a-z]+)$/i.exec(ref.model)?.[1] : undefined;
  const detail = slip && `"${slip}" is no effort: it is read as part of the model's id`;
  return [{ label: `$(edit) Use ${formatModelRef(ref)}`, ...(detail && { detail }), alwaysShow: true, ref, endpoint, efforts }];
}

/** What is said to a reference whose endpoint nobody knows; last, for the words may be a filter as well. */
function unknownEndpoint(value: string, settings: Settings): readonly Item[] {
  const id = parseModelRef(value)?.endpoint;
  if (id === undefined || settings.endpoints.some((endpoint) => endpoint.id === id)) return [];
  const known = settings.endpoints.map((endpoint) => endpoint.id).join(', ');
  return [
    {
      label: `$(warning) No endpoint is called "${id}"`,
      description: 'Enter adds one',
      detail: `There are: ${known}`,
      alwaysShow: true,
      action: 'add-endpoint',
    },
  ];
}

/** Asks how hard the model should think, unless the reference says so or the model takes no such word. */
async function withEffort(ref: ModelRef, { efforts }: Item, lane: LaneId): Promise<string | undefined> {
  if (ref.effort || efforts?.length === 0) return formatModelRef(ref);
  const own = { label: "The model's own default", description: 'no effort is asked for' };
  const words = EFFORTS.filter((effort) => efforts?.includes(effort) ?? true).map((effort: Effort) => ({
    label: effort,
    effort,
  }));
  const choice = await vscode.window.showQuickPick<vscode.QuickPickItem & { effort?: Effort }>([own, ...words], {
    title: `How Hard Should ${ref.model} Think? (${LANE_LABEL[lane]} Lane)`,
    ...(efforts ? {} : { placeHolder: 'What it takes is not known; what it does not take is left out and named with the run' }),
  });
  if (!choice) return undefined;
  return formatModelRef(choice.effort ? { ...ref, effort: choice.effort } : ref);
}
