/** The models of VS Code, with a VS Code that this file plays: what is sent, what comes of it, and that there is always one end. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Endpoint, StreamLimits } from '../../src/core/contracts.ts';
import { describeRequest } from '../../src/core/providers/index.ts';
import { SYSTEM_TIMERS, type Timers } from '../../src/core/providers/watch.ts';
import type { ModelRequest, StreamEvent } from '../../src/shared/model.ts';
import { createVscodeProvider, type EditorApi } from '../../src/shell/vscodeModels.ts';

const ENDPOINT: Endpoint = { id: 'vscode', label: 'VS Code', api: 'vscode-lm', baseUrl: '', needsKey: false };
const LIMITS: StreamLimits = { firstByteMs: 60_000, idleMs: 60_000, progressMs: 60_000 };
const REQUEST: ModelRequest = {
  model: 'acme/m1',
  system: 'Be short.',
  parts: [{ type: 'text', text: 'Say hello.' }],
  maxOutputTokens: 1000,
};

class TextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
class ThinkingPart {
  readonly value: string | readonly string[];
  constructor(value: string | readonly string[]) {
    this.value = value;
  }
}
class DataPart {
  readonly data: Uint8Array;
  readonly mimeType: string;
  constructor(data: Uint8Array, mimeType: string) {
    this.data = data;
    this.mimeType = mimeType;
  }
  static image(data: Uint8Array, mimeType: string): DataPart {
    return new DataPart(data, mimeType);
  }
}
class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  readonly dispose = (): undefined => undefined;
}

interface Message {
  readonly content: readonly unknown[];
}
interface Token {
  readonly isCancellationRequested: boolean;
}
interface Played {
  readonly id?: string;
  readonly family?: string;
  /** The parts of the answer; an Error among them is thrown. */
  readonly parts?: AsyncIterable<unknown> | readonly unknown[];
  /** Thrown instead of an answer. */
  readonly refusal?: unknown;
  readonly count?: (text: string | Message) => Promise<number>;
  readonly capabilities?: unknown;
}

interface Sent {
  readonly message: Message;
  readonly options: Readonly<Record<string, unknown>>;
  readonly token: Token;
}

/** A VS Code with one provider, Acme. */
function playEditor(models: readonly Played[]): { api: EditorApi; sent: Sent[]; asked: unknown[] } {
  const sent: Sent[] = [];
  const asked: unknown[] = [];
  const chats = models.map(({ id = 'm1', family = 'f', parts = [], refusal, count, capabilities }) => ({
    id,
    family,
    vendor: 'acme',
    name: `Acme ${id}`,
    version: '1',
    maxInputTokens: 64_000,
    capabilities,
    countTokens: count ?? (async (text: string | Message) => (typeof text === 'string' ? text.length : 77)),
    sendRequest: async (messages: readonly Message[], options: Sent['options'], token: Token) => {
      if (messages[0]) sent.push({ message: messages[0], options, token });
      if (refusal !== undefined) throw refusal;
      return { stream: Symbol.asyncIterator in parts ? parts : playParts(parts) };
    },
  }));
  const api = {
    LanguageModelTextPart: TextPart,
    LanguageModelThinkingPart: ThinkingPart,
    LanguageModelDataPart: DataPart,
    LanguageModelChatMessage: { User: (content: readonly unknown[]): Message => ({ content }) },
    CancellationTokenSource,
    lm: {
      selectChatModels: async (selector?: { vendor?: string }) => {
        asked.push(selector);
        return chats.filter((chat) => selector?.vendor === undefined || chat.vendor === selector.vendor);
      },
    },
  };
  return { api: api as unknown as EditorApi, sent, asked }; // the parts of VS Code that are used, in a plain form
}

async function* playParts(parts: readonly unknown[]): AsyncGenerator<unknown> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

const hang = (): Promise<never> => new Promise(() => undefined);

async function* hanging(parts: readonly unknown[]): AsyncGenerator<unknown> {
  yield* parts;
  await hang();
}

async function collect(
  api: EditorApi,
  {
    request = REQUEST,
    limits = LIMITS,
    timers = SYSTEM_TIMERS,
    signal = new AbortController().signal,
    onEvent = () => undefined,
  }: {
    request?: ModelRequest;
    limits?: StreamLimits;
    timers?: Timers;
    signal?: AbortSignal;
    onEvent?: (event: StreamEvent) => void;
  } = {},
): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of createVscodeProvider(ENDPOINT, api, timers).stream(request, { signal, limits })) {
    events.push(event);
    onEvent(event);
  }
  assert.equal(events.filter((event) => event.type === 'finish').length, 1, 'one end');
  assert.equal(events.at(-1)?.type, 'finish', 'the end is last');
  return events;
}

const languageModelError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { name: 'LanguageModelError', code });

describe('what is sent', () => {
  test('one user message, system words first, pictures as data, no options of the model', async () => {
    const { api, sent } = playEditor([{ parts: [new TextPart('hi')] }]);
    const image = { type: 'image', mediaType: 'image/png', base64: 'AQID' } as const;
    await collect(api, { request: { ...REQUEST, parts: [...REQUEST.parts, image], effort: 'high', thinkingBudgetTokens: 500 } });
    assert.equal(sent.length, 1);
    const [system, task, picture] = sent[0]?.message.content ?? [];
    assert.deepEqual([system, task], [new TextPart('Be short.\n\n'), new TextPart('Say hello.')]);
    assert.ok(picture instanceof DataPart && picture.mimeType === 'image/png');
    assert.deepEqual([...picture.data], [1, 2, 3]);
    assert.deepEqual(Object.keys(sent[0]?.options ?? {}), ['justification']);
  });

  test('what VS Code does not pass on is named', () => {
    const { parameters, adjustments } = describeRequest(ENDPOINT, { ...REQUEST, effort: 'high', thinkingBudgetTokens: 8000 });
    assert.deepEqual(parameters, {});
    assert.deepEqual(
      adjustments.map(({ asked, sent }) => [asked, sent]),
      [
        ['system words', 'first in the user message'],
        ['effort high', undefined],
        ['thinking budget 8,000', undefined],
        ['at most 1,000 tokens out', undefined],
        ['each word as it comes', 'words in bundles'],
      ],
    );
  });
});

describe('what comes', () => {
  const check = (name: string, played: Played, expected: readonly StreamEvent[], request = REQUEST): void => {
    test(name, async () => {
      assert.deepEqual(await collect(playEditor([played]).api, { request }), expected);
    });
  };
  const began: readonly StreamEvent[] = [{ type: 'first-byte' }, { type: 'first-event' }];
  const usage = (tokens: object): StreamEvent => ({ type: 'usage', usage: { ...tokens, basis: 'estimated' } });
  const count = async (text: string | Message): Promise<number> => (typeof text === 'string' ? text.length : 77);

  check('text', { parts: [new TextPart('Hel'), new TextPart('lo')], count }, [
    ...began,
    { type: 'text-delta', text: 'Hel' },
    { type: 'text-delta', text: 'lo' },
    usage({ inputTokens: 77, outputTokens: 1 }),
    { type: 'finish', reason: 'stop' },
  ]);
  check(
    'thinking is told from text; parts that are not known only show that the line lives',
    {
      parts: [
        { toolCallId: 'x', name: 'y', value: 'no text' },
        new ThinkingPart(['Well', ', yes']),
        new DataPart(new Uint8Array([1]), 'usage'),
        new TextPart(''),
        new TextPart('Yes'),
      ],
    },
    [
      ...began,
      { type: 'alive' },
      { type: 'reasoning-delta', text: 'Well, yes' },
      { type: 'alive' },
      { type: 'alive' },
      { type: 'text-delta', text: 'Yes' },
      usage({ inputTokens: 77, outputTokens: 4, reasoningTokens: 3 }),
      { type: 'finish', reason: 'stop' },
    ],
  );
  check('a family names the model that stands for it', { id: 'm1-2026', family: 'm1', parts: [new TextPart('a')] }, [
    ...began,
    { type: 'response-start', servedModel: 'acme/m1-2026' },
    { type: 'text-delta', text: 'a' },
    usage({ inputTokens: 77, outputTokens: 1 }),
    { type: 'finish', reason: 'stop' },
  ]);
  check('nothing at all: what was generated unseen is unknown, not 0', { parts: [] }, [
    usage({ inputTokens: 6 }),
    { type: 'finish', reason: 'stop' },
  ]);
  check(
    'a model that counts nothing (VS Code then says 0) is estimated here',
    { parts: [new TextPart('Hello')], count: async () => 0 },
    [
      ...began,
      { type: 'text-delta', text: 'Hello' },
      usage({ inputTokens: 6, outputTokens: 1 }),
      { type: 'finish', reason: 'stop' },
    ],
  );
  check('a count that never comes delays nothing', { parts: [new TextPart('Hello')], count: hang }, [
    ...began,
    { type: 'text-delta', text: 'Hello' },
    usage({ inputTokens: 6, outputTokens: 1 }),
    { type: 'finish', reason: 'stop' },
  ]);

  test('long answers are counted by the model, a piece at a time, and the rest in the same measure', async () => {
    const piece = 'word '.repeat(200);
    async function* slowly(): AsyncGenerator<unknown> {
      for (let i = 0; i < 10; i++) {
        yield new TextPart(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      yield new TextPart('word '.repeat(100));
    }
    const counted: string[] = [];
    const { api } = playEditor([
      {
        parts: slowly(),
        count: async (text) => {
          if (typeof text === 'string') counted.push(text);
          return typeof text === 'string' ? text.length / 2 : 77;
        },
      },
    ]);
    const events = await collect(api, { request: { ...REQUEST, maxOutputTokens: 100_000 } });
    assert.equal(counted.length, 10);
    const last = events.findLast((event) => event.type === 'usage');
    const { outputTokens } = last?.usage ?? {};
    // 10 pieces of 1000 characters, counted as 500 tokens each, and 500 characters in that measure.
    assert.ok(outputTokens !== undefined && Math.abs(outputTokens - 5250) <= 5, String(outputTokens));
  });

  test('the limit of output is kept here, since nobody else knows it', async () => {
    const { api, sent } = playEditor([{ parts: Array.from({ length: 1000 }, () => new TextPart('word '.repeat(20))), count }]);
    const events = await collect(api, { request: { ...REQUEST, maxOutputTokens: 500 } });
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'length' });
    assert.equal(events.at(-2)?.type, 'usage');
    assert.ok(events.length < 200, String(events.length));
    assert.equal(sent[0]?.token.isCancellationRequested, true);
  });
});

describe('how it ends badly', () => {
  const check = (name: string, played: Played | undefined, kind: string, words: RegExp, model = 'acme/m1'): void => {
    test(name, async () => {
      const events = await collect(playEditor(played ? [played] : []).api, { request: { ...REQUEST, model } });
      const end = events.at(-1);
      assert.ok(end?.type === 'finish' && end.reason === 'error' && end.error);
      assert.equal(end.error.kind, kind);
      assert.match(end.error.message, words);
      assert.equal(end.error.retryable, false);
    });
  };
  check('no permission', { refusal: languageModelError('NoPermissions', 'x') }, 'auth', /Manage Language Model Access/);
  check('quota', { refusal: languageModelError('Blocked', 'used up') }, 'rate-limit', /“acme\/m1” refused it: used up\. Wait/);
  check('gone when asked', { refusal: languageModelError('NotFound', 'x') }, 'invalid-request', /no model “acme\/m1” now/);
  check('gone before', undefined, 'invalid-request', /no model “acme\/m1” now/);
  check('not a name', { parts: [] }, 'invalid-request', /no model “m1” now/, 'm1');
  check(
    'an error amid the answer',
    { parts: [new TextPart('a'), new Error('boom')] },
    'unknown',
    /could not ask “acme\/m1”: boom\./,
  );
  check('a bare object instead of an error', { refusal: { isTrusted: true } }, 'unknown', /it gave no reason/);
  check(
    'a key in the words of an error',
    { refusal: new Error('bad key sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789') },
    'unknown',
    /^(?!.*abcdefghijklm)/,
  );

  test('the person stops: at once, though VS Code goes on hanging', async () => {
    const { api, sent } = playEditor([{ parts: hanging([new TextPart('a')]) }]);
    const stop = new AbortController();
    const events = await collect(api, { signal: stop.signal, onEvent: (event) => event.type === 'text-delta' && stop.abort() });
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'aborted' });
    assert.equal(sent[0]?.token.isCancellationRequested, true);
  });

  test('stopped before it began: nothing is asked', async () => {
    const { api, sent, asked } = playEditor([{ parts: [new TextPart('a')] }]);
    const events = await collect(api, { signal: AbortSignal.abort() });
    assert.deepEqual(events, [{ type: 'finish', reason: 'aborted' }]);
    assert.deepEqual([sent.length, asked.length], [0, 0]);
  });

  const limit = (name: string, parts: AsyncIterable<unknown>, passMs: number, words: RegExp): void => {
    test(name, async () => {
      let nowMs = 0;
      let due: (() => void)[] = [];
      const timers: Timers = {
        nowMs: () => nowMs,
        after: (_ms, call) => {
          due.push(call);
          return () => {
            due = due.filter((other) => other !== call);
          };
        },
      };
      const { api, sent } = playEditor([{ parts, count: hang }]);
      const ended = collect(api, { timers, limits: { firstByteMs: 1000, idleMs: 300, progressMs: 2000 } });
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      nowMs = passMs;
      for (const call of due.splice(0)) call();
      const end = (await ended).at(-1);
      assert.ok(end?.type === 'finish' && end.error?.kind === 'timeout');
      assert.match(end.error.message, words);
      assert.equal(sent[0]?.token.isCancellationRequested, true);
    });
  };
  limit('it never begins', hanging([]), 1000, /did not begin to answer within 1 s/);
  limit('it falls silent', hanging([new TextPart('a')]), 300, /sent nothing for 0\.3 s/);
});

describe('the list', () => {
  test('names, context and what is surely known of pictures', async () => {
    const { api } = playEditor([
      { id: 'm1', capabilities: { supportsImageToText: true } },
      { id: 'x/y:z', capabilities: { supportsImageToText: false } },
      { id: 'm1' },
    ]);
    const models = await createVscodeProvider(ENDPOINT, api).listModels(new AbortController().signal);
    const common = { contextTokens: 64_000, efforts: [] };
    assert.deepEqual(models, [
      { id: 'acme/m1', label: 'Acme m1', ...common, imageInput: true },
      { id: 'acme/x/y:z', label: 'Acme x/y:z', ...common },
    ]);
  });

  test('a VS Code that does not answer is left at the caller’s word', async () => {
    const { api } = playEditor([]);
    const stuck = { ...api, lm: { selectChatModels: hang } };
    await assert.rejects(createVscodeProvider(ENDPOINT, stuck).listModels(AbortSignal.timeout(5)), { name: 'TimeoutError' });
  });
});
