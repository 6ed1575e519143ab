/**
 * "Add Endpoint": what kind of server, where, under which name, with which key; then its models are listed, which costs nothing and
 * proves that it works. A step can be taken back, and what was typed is still there when the person comes again after Escape.
 */
import * as vscode from 'vscode';
import { type Endpoint, ModelFailure, type Provider } from '../core/contracts.ts';
import { validateBaseUrl } from '../core/providers/baseUrl.ts';
import type { Settings } from '../core/settings.ts';
import { LANE_LABEL, LANES, type LaneId } from '../shared/comparison.ts';
import type { Api } from '../shared/model.ts';
import { readOwn, writeSetting } from './userSettings.ts';

export interface AddEndpointDeps {
  readonly settings: () => Settings;
  readonly provider: (endpoint: Endpoint, model: string) => Promise<Provider>;
  /** Asks for a key, tries it, keeps it. */
  readonly setKey: (endpoint: Endpoint) => Promise<boolean>;
}

interface Kind extends vscode.QuickPickItem {
  readonly api: Api;
  readonly example: string;
  /** What the protocol adds to a base URL by itself. */
  readonly tail: RegExp;
  /** What is wrong with an address that is one. */
  readonly problem?: (url: URL) => string | undefined;
}

const KINDS: readonly Kind[] = [
  {
    label: 'OpenAI-compatible',
    detail: 'Chat Completions: vLLM, LiteLLM, Together and most other servers',
    api: 'openai-chat',
    example: 'https://api.example.com/v1',
    tail: /\/chat\/completions$/,
  },
  {
    label: 'Azure OpenAI',
    detail: 'A resource in Azure; its models are named by deployment',
    api: 'openai-responses',
    example: 'https://RESOURCE.openai.azure.com/openai/v1',
    tail: /\/responses$/,
    // learn.microsoft.com, "Azure OpenAI in Foundry Models v1 API".
    problem: (url) =>
      url.pathname === '/openai/v1' ? undefined : 'An Azure resource is reached at https://RESOURCE.openai.azure.com/openai/v1.',
  },
  {
    label: 'Anthropic-compatible',
    detail: 'Messages: a gateway or proxy that speaks as api.anthropic.com does',
    api: 'anthropic-messages',
    example: 'https://gateway.example.com/anthropic',
    tail: /\/v1(\/messages)?$/,
  },
];

const NAME = /^[A-Za-z0-9][\w.-]*$/;
const LIST_TIMEOUT_MS = 20_000;

interface Draft {
  kind?: Kind;
  baseUrl?: string;
  name?: string;
}

/** Chooses the model of a lane. */
export type ChooseModel = (lane: LaneId) => unknown;

/**
 * Makes the flow, which remembers an unfinished draft. The flow returns true when an endpoint was added; with `choose` it then offers to
 * choose one of its models.
 */
export function createAddEndpoint(deps: AddEndpointDeps): (choose?: ChooseModel) => Promise<boolean> {
  let draft: Draft = {};
  const steps = [askKind, askAddress, (current: Draft) => askName(current, deps.settings())];
  return async (choose) => {
    for (let at = 0; at < steps.length; ) {
      const answer = await steps[at]?.(draft);
      if (answer === undefined) return false;
      if (answer === 'back') at -= 1;
      else {
        draft = answer;
        at += 1;
      }
    }
    const { kind, baseUrl, name } = draft;
    if (!kind || !baseUrl || !name) return false;
    await writeSetting('endpoints', { ...readOwn('endpoints'), [name]: { api: kind.api, baseUrl } });
    draft = {};
    const endpoint = deps.settings().endpoints.find((candidate) => candidate.id === name);
    if (endpoint) await prove(endpoint, deps, choose);
    return endpoint !== undefined;
  };
}

/** What a step leads to: a fuller draft, the step before, or nothing (Escape). */
type Answer = Draft | 'back' | undefined;

const STEPS = 3;

function askKind(draft: Draft): Promise<Answer> {
  const picker = vscode.window.createQuickPick<Kind>();
  picker.title = 'Add Endpoint: What Does It Speak?';
  picker.step = 1;
  picker.totalSteps = STEPS;
  picker.ignoreFocusOut = true;
  picker.items = KINDS;
  if (draft.kind) picker.activeItems = [draft.kind];
  return asked(picker, (resolve) => {
    picker.onDidAccept(() => {
      const kind = picker.activeItems[0];
      if (kind) resolve({ ...draft, kind });
    });
  });
}

function askAddress(draft: Draft): Promise<Answer> {
  const { example = '', tail = /$^/, problem } = draft.kind ?? {};
  const clean = (text: string): string => text.trim().replace(/\/+$/, '').replace(tail, '');
  return askText({
    draft,
    step: 2,
    title: 'Add Endpoint: Its Address',
    prompt: 'Its base URL. A key you set for it is sent to this origin only.',
    placeholder: example,
    value: draft.baseUrl ?? '',
    check: (text) => {
      const baseUrl = clean(text);
      return text.trim() === '' ? `For example ${example}` : (validateBaseUrl(baseUrl) ?? problem?.(new URL(baseUrl)));
    },
    take: (text) => ({ baseUrl: clean(text) }),
  });
}

function askName(draft: Draft, settings: Settings): Promise<Answer> {
  const own = readOwn('endpoints');
  return askText({
    draft,
    step: 3,
    title: 'Add Endpoint: Its Name',
    prompt: 'It stands before the colon of a model: name:model.',
    placeholder: 'my-server',
    value: draft.name ?? suggestedName(draft.baseUrl ?? '', settings),
    check: (text) => {
      if (!NAME.test(text.trim())) return 'Use letters, digits, dot, dash and underscore.';
      const taken = settings.endpoints.find((endpoint) => endpoint.id === text.trim());
      if (!taken) return undefined;
      return Object.hasOwn(own, taken.id)
        ? `You have an endpoint of that name already, at ${taken.baseUrl}.`
        : `${taken.label} has that name already.`;
    },
    take: (text) => ({ name: text.trim() }),
  });
}

interface TextStep {
  readonly draft: Draft;
  readonly step: number;
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value: string;
  /** What is wrong with it, in one sentence. */
  readonly check: (text: string) => string | undefined;
  readonly take: (text: string) => Draft;
}

function askText({ draft, step, title, prompt, placeholder, value, check, take }: TextStep): Promise<Answer> {
  const box = vscode.window.createInputBox();
  box.title = title;
  box.prompt = prompt;
  box.placeholder = placeholder;
  box.value = value;
  box.step = step;
  box.totalSteps = STEPS;
  box.ignoreFocusOut = true;
  box.buttons = [vscode.QuickInputButtons.Back];
  return asked(box, (resolve) => {
    // A fault is not shown before something was typed or sent.
    box.onDidChangeValue((text) => {
      box.validationMessage = text.trim() === '' ? undefined : check(text);
    });
    box.onDidTriggerButton(() => resolve('back'));
    box.onDidAccept(() => {
      box.validationMessage = check(box.value);
      if (box.validationMessage === undefined) resolve({ ...draft, ...take(box.value) });
    });
  });
}

/** Shows it until it was answered or left. */
async function asked(input: vscode.QuickInput, listen: (resolve: (answer: Answer) => void) => void): Promise<Answer> {
  try {
    return await new Promise<Answer>((resolve) => {
      listen(resolve);
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

/** The telling part of a host name, unless it is taken. */
function suggestedName(baseUrl: string, { endpoints }: Settings): string {
  const { hostname = '' } = URL.parse(baseUrl) ?? {};
  const labels = hostname.split('.').filter((label) => !/^(api|www|gateway|openai|\d+|\[.*)$/.test(label));
  const name = labels.length === 0 || hostname === 'localhost' ? 'local' : (labels[0] ?? '');
  return NAME.test(name) && !endpoints.some((endpoint) => endpoint.id === name) ? name : '';
}

/** A key is tried as it is set; a server that needs none is asked for its list. */
async function prove(endpoint: Endpoint, deps: AddEndpointDeps, choose: ChooseModel | undefined): Promise<void> {
  if (endpoint.needsKey) {
    if (await deps.setKey(endpoint)) {
      if (choose) offerModels(`${endpoint.label} is added.`, choose);
    } else void vscode.window.showInformationMessage(`${endpoint.label} is added. It still needs a key: run "Set API Key".`);
    return;
  }
  try {
    const provider = await deps.provider(endpoint, '');
    const models = await provider.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS));
    offerModels(`${endpoint.label} is added and lists ${models.length === 1 ? 'one model' : `${models.length} models`}.`, choose);
  } catch (error) {
    const why = error instanceof ModelFailure ? error.error.message : 'It did not list its models in time.';
    void vscode.window.showWarningMessage(`${endpoint.label} is added, but did not list its models. ${why}`);
  }
}

/** Not waited for: a message may stand for long. */
function offerModels(message: string, choose: ChooseModel | undefined): void {
  const items = choose ? LANES.map((lane) => ({ title: `Choose ${LANE_LABEL[lane]} Model`, lane })) : [];
  void vscode.window.showInformationMessage(message, ...items).then((item) => item && choose?.(item.lane));
}
