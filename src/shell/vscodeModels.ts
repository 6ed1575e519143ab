/**
 * The models of VS Code itself: whatever Copilot or another installed extension offers, asked through `vscode.lm`.
 *
 * This API gives less than a wire does: no system role, no parameters, no usage, no reason for an end. So the request is one user message,
 * its tokens are counted by the model's own tokenizer and called an estimate, the limit of output is kept here, and what cannot be known
 * stays unknown. VS Code may ask the person for consent at the first call; a run always follows a command, as it demands.
 *
 * VS Code comes in as an argument, so that the tests can be it.
 */
import type * as vscode from 'vscode';
import { type Endpoint, ModelFailure, type ModelInfo, type Provider, type StreamOptions } from '../core/contracts.ts';
import { excerpt, timeoutError } from '../core/providers/errors.ts';
import { createWatch, type Expiry, SYSTEM_TIMERS, type Timers } from '../core/providers/watch.ts';
import type { ModelError, ModelRequest, StreamEvent } from '../shared/model.ts';
import { createUsage, type Said } from './vscodeUsage.ts';

/** What is used of VS Code. */
export type EditorApi = Pick<
  typeof vscode,
  'LanguageModelChatMessage' | 'LanguageModelTextPart' | 'LanguageModelDataPart' | 'CancellationTokenSource'
> & { readonly lm: Pick<typeof vscode.lm, 'selectChatModels'> };

/** No answer is longer than this, in characters of text or of thinking. */
const MAX_ANSWER_LENGTH = 2 * 1024 * 1024;
/** The limit of output is looked at each time this many characters came. */
const CHECK_LENGTH = 600;
const JUSTIFICATION = 'Second Thought sends it the task of a comparison you started.';

/** Asks the models of VS Code. A model is named `vendor/id`, or `vendor/family` for the first of a family. */
export function createVscodeProvider(endpoint: Endpoint, api: EditorApi, timers: Timers = SYSTEM_TIMERS): Provider {
  return {
    prepare: async () => undefined,
    stream: (request, options) => streamChat({ endpoint, api, timers }, request, options),
    listModels: (signal) => listModels(endpoint, api, signal),
  };
}

interface Deps {
  readonly endpoint: Endpoint;
  readonly api: EditorApi;
  readonly timers: Timers;
}

async function listModels(endpoint: Endpoint, api: EditorApi, signal: AbortSignal): Promise<readonly ModelInfo[]> {
  signal.throwIfAborted();
  const given = await new Promise<readonly vscode.LanguageModelChat[]>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    api.lm.selectChatModels().then(resolve, (error: unknown) => reject(new ModelFailure(errorOf(error, endpoint))));
  });
  const models = given.map(
    (model): ModelInfo => ({
      id: idOf(model),
      label: model.name,
      // VS Code names the input's share of the context alone.
      contextTokens: model.maxInputTokens,
      efforts: [],
      ...(readsPictures(model) ? { imageInput: true } : {}),
    }),
  );
  // Two accounts of one vendor may offer the same; the first is the one that is asked.
  return models.filter((model, at) => models.findIndex((other) => other.id === model.id) === at);
}

const idOf = (model: vscode.LanguageModelChat): string => `${model.vendor}/${model.id}`;

/** VS Code's own word where it gives one; its "no" may also mean that nobody said. The property is not in the stable types yet. */
const readsPictures = (model: vscode.LanguageModelChat): boolean =>
  (model as { capabilities?: { supportsImageToText?: unknown } }).capabilities?.supportsImageToText === true;

/** See `Provider.stream`. */
async function* streamChat(
  { endpoint, api, timers }: Deps,
  request: ModelRequest,
  options: StreamOptions,
): AsyncGenerator<StreamEvent, void, undefined> {
  const queue: StreamEvent[] = [];
  let wake = (): void => undefined;
  let finished = false;
  const emit = (event: StreamEvent): void => {
    if (finished) return;
    finished = event.type === 'finish';
    queue.push(event);
    wake();
  };
  const cancellation = new api.CancellationTokenSource();
  const finish = (end: Omit<Extract<StreamEvent, { type: 'finish' }>, 'type'>): void => {
    emit({ type: 'finish', ...end });
    cancellation.cancel();
  };
  const stop = (): void => finish({ reason: 'aborted' });
  const watch = createWatch(options.limits, timers, (expiry) =>
    finish({ reason: 'error', error: limitError(endpoint, options, expiry) }),
  );
  options.signal.addEventListener('abort', stop, { once: true });
  if (options.signal.aborted) stop();

  /** From the request to the end of the answer; whatever comes after `finished` is not heard. */
  const talk = async (): Promise<void> => {
    const model = await findModel(api, request.model);
    if (finished) return;
    if (!model) return finish({ reason: 'error', error: goneError(endpoint, request.model) });
    const message = messageOf(api, request);
    const response = await model.sendRequest([message], { justification: JUSTIFICATION }, cancellation.token);
    if (finished) return;
    // Only now: VS Code may have asked the person for consent, started the provider and scaled pictures.
    options.onSent?.();
    const usage = createUsage(model, message, request, cancellation.token);
    let length = 0;
    let checkAt = CHECK_LENGTH;
    let began = false;
    for await (const part of response.stream) {
      if (finished) return;
      watch.byte();
      if (!began) {
        emit({ type: 'first-byte' });
        emit({ type: 'first-event' });
        // A family stands for one of its models; the reference names that one otherwise.
        if (idOf(model) !== request.model) emit({ type: 'response-start', servedModel: idOf(model) });
      }
      began = true;
      const said = readPart(api, part);
      if (!said) {
        emit({ type: 'alive' });
        continue;
      }
      watch.progress();
      emit(said);
      usage.add(said);
      length += said.text.length;
      if (length > MAX_ANSWER_LENGTH || (length >= checkAt && usage.outputTokens() >= request.maxOutputTokens)) {
        emit({ type: 'usage', usage: usage.read() });
        return finish({ reason: 'length' });
      }
      if (length >= checkAt) checkAt = length + CHECK_LENGTH;
    }
    emit({ type: 'usage', usage: usage.read() });
    finish({ reason: 'stop' });
  };

  try {
    if (!finished) talk().catch((error: unknown) => finish({ reason: 'error', error: errorOf(error, endpoint, request.model) }));
    while (true) {
      watch.pause();
      for (const event of queue.splice(0)) {
        // The person's stop holds from the moment it is given, also for what lies ready.
        const next: StreamEvent = options.signal.aborted ? { type: 'finish', reason: 'aborted' } : event;
        yield next;
        if (next.type === 'finish') return;
      }
      watch.resume();
      if (queue.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    finished = true;
    watch.stop();
    options.signal.removeEventListener('abort', stop);
    cancellation.cancel();
    cancellation.dispose();
  }
}

/** The model of that name: by its id, else the first of that family. */
async function findModel(api: EditorApi, name: string): Promise<vscode.LanguageModelChat | undefined> {
  const slash = name.indexOf('/');
  if (slash <= 0) return undefined;
  const models = await api.lm.selectChatModels({ vendor: name.slice(0, slash) });
  const own = name.slice(slash + 1);
  return models.find((model) => model.id === own) ?? models.find((model) => model.family === own);
}

function messageOf(api: EditorApi, { system, parts }: ModelRequest): vscode.LanguageModelChatMessage {
  return api.LanguageModelChatMessage.User([
    ...(system === '' ? [] : [new api.LanguageModelTextPart(`${system}\n\n`)]),
    ...parts.map((part) =>
      part.type === 'text'
        ? new api.LanguageModelTextPart(part.text)
        : api.LanguageModelDataPart.image(Buffer.from(part.base64, 'base64'), part.mediaType),
    ),
  ]);
}

/** The words of a part. Tool calls, data and kinds that are not known say nothing here. */
function readPart(api: EditorApi, part: unknown): Said | undefined {
  if (part instanceof api.LanguageModelTextPart) return saying('text-delta', part.value);
  // A proposed part that VS Code passes on already; its class is there, its type is not (microsoft/vscode#246993).
  const { LanguageModelThinkingPart: Thinking } = api as { LanguageModelThinkingPart?: unknown };
  if (typeof Thinking !== 'function' || !(part instanceof Thinking)) return undefined;
  const { value } = part as { value?: unknown };
  return saying('reasoning-delta', Array.isArray(value) ? value.join('') : value);
}

const saying = (type: Said['type'], text: unknown): Said | undefined =>
  typeof text === 'string' && text !== '' ? { type, text } : undefined;

/** What VS Code threw, as data. Its own codes are names of errors; across its processes an error may arrive as a bare object. */
function errorOf(thrown: unknown, endpoint: Endpoint, model?: string): ModelError {
  const { code, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as {
    code?: unknown;
    message?: unknown;
  };
  const said = typeof message === 'string' ? excerpt(message, []).replace(/[.!]?$/, '.') : '';
  const name = model === undefined ? 'its models' : `“${model}”`;
  switch (code) {
    case 'NoPermissions':
      return {
        kind: 'auth',
        message: `VS Code did not let Second Thought use ${name}. Run the command "Manage Language Model Access" to allow it, or choose another model.`,
        retryable: false,
      };
    case 'Blocked':
      return {
        kind: 'rate-limit',
        message: `The provider of ${name} refused it: ${said || 'its allowance is used up.'} Wait, or choose another model.`,
        retryable: false,
        mend: 'model',
      };
    case 'NotFound':
      return goneError(endpoint, model ?? '');
    default:
      return {
        kind: 'unknown',
        message: `${endpoint.label} could not ask ${name}: ${said || 'it gave no reason.'} Run again, or choose another model.`,
        retryable: false,
      };
  }
}

const goneError = (endpoint: Endpoint, model: string): ModelError => ({
  kind: 'invalid-request',
  message: `${endpoint.label} has no model “${model}” now. Choose another model, or sign in to its provider.`,
  retryable: false,
});

function limitError(endpoint: Endpoint, { limits }: StreamOptions, expiry: Expiry): ModelError {
  const context = { endpoint, secrets: [] };
  const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
  if (expiry === 'first-byte')
    return timeoutError(
      context,
      `did not begin to answer within ${seconds(limits.firstByteMs)}. Run again, or choose another model.`,
    );
  const what =
    expiry === 'idle' ? `sent nothing for ${seconds(limits.idleMs)}` : `sent no text for ${seconds(limits.progressMs)}`;
  return timeoutError(context, `${what}. The part that came is kept; run again.`);
}
