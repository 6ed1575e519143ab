/** The vendors' counting endpoints: asked where there is one, with what they take and nothing else, and never waited for too long. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Endpoint, ModelFailure } from '../../../src/core/contracts.ts';
import { BUILT_IN_ENDPOINTS, createProvider } from '../../../src/core/providers/index.ts';
import type { Api, ModelRequest } from '../../../src/shared/model.ts';
import { json, type Responder, startServer } from '../../servers/server.ts';
import { CANARY, endpoint, REQUEST } from './wireCase.ts';

const SIGNAL = new AbortController().signal;
/** A model whose effort each wire can say. */
const hard = (model: string): ModelRequest => ({ ...REQUEST, model, effort: 'high', maxOutputTokens: 9000 });

const at = (api: Api, dialect: string, baseUrl: string): Endpoint => ({ ...endpoint(api, baseUrl), dialect });
const openAi = (url: string): Endpoint => at('openai-responses', 'openai', `${url}/v1`);
const anthropic = (url: string): Endpoint => at('anthropic-messages', 'anthropic', url);

async function ask(to: (url: string) => Endpoint, responder: Responder, signal = SIGNAL) {
  const model = to === openAi ? 'gpt-6-sol' : 'claude-opus-5-5';
  await using server = await startServer(responder);
  const provider = createProvider(to(server.url), { key: CANARY, fetch });
  assert.ok(provider.countTokens);
  const answer = await provider.countTokens(hard(model), signal).catch((error: unknown) => error);
  return { answer, request: server.requests[0] };
}

describe('what is sent', () => {
  test('OpenAI', async () => {
    const { answer, request } = await ask(openAi, json(200, { object: 'response.input_tokens', input_tokens: 3412 }));
    assert.equal(answer, 3412);
    assert.deepEqual([request?.method, request?.path], ['POST', '/v1/responses/input_tokens']);
    assert.equal(request?.headers.authorization, `Bearer ${CANARY}`);
    assert.deepEqual(request?.json, {
      model: 'gpt-6-sol',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'Say hello.' }] }],
      reasoning: { effort: 'high', summary: 'auto' },
    });
  });

  test('Anthropic', async () => {
    const { answer, request } = await ask(anthropic, json(200, { input_tokens: 17 }));
    assert.equal(answer, 17);
    assert.deepEqual([request?.method, request?.path], ['POST', '/v1/messages/count_tokens']);
    assert.equal(request?.headers.authorization, `Bearer ${CANARY}`);
    const sent = request?.json as Record<string, unknown>; // a body is an object
    assert.deepEqual(sent.messages, [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }]);
    assert.deepEqual(sent.output_config, { effort: 'high' });
    const taken = ['messages', 'model', 'output_config', 'system', 'thinking'];
    assert.deepEqual(
      Object.keys(sent).filter((name) => !taken.includes(name)),
      [],
    );
  });
});

describe('who offers it', () => {
  const offering = BUILT_IN_ENDPOINTS.filter((row) => row.api !== 'vscode-lm')
    .filter((row) => createProvider(row, { fetch }).countTokens)
    .map(({ id }) => id);
  test('of the built-in endpoints', () => assert.deepEqual(offering, ['openai', 'anthropic']));
  const others: readonly (readonly [string, Endpoint])[] = [
    ['a proxy of the Responses wire', endpoint('openai-responses')],
    ['a proxy of the Messages wire', endpoint('anthropic-messages')],
    ['OpenAI by Chat Completions', endpoint('openai-chat', 'https://api.openai.com/v1')],
  ];
  for (const [name, row] of others)
    test(`not ${name}`, () => assert.equal(createProvider(row, { fetch }).countTokens, undefined));
});

describe('a failure is one', () => {
  const cases: readonly (readonly [string, Responder])[] = [
    ['an error', json(500, { error: { message: 'no' } })],
    ['no such address', json(404, {})],
    ['no count', json(200, {})],
    ['a count of nothing', json(200, { input_tokens: 0 })],
    ['half a token', json(200, { input_tokens: 1.5 })],
    ['a word', json(200, { input_tokens: '12' })],
    ['a page', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello</p>')],
    ['a cut', (_request, response) => void response.destroy()],
  ];
  for (const [name, responder] of cases) {
    for (const to of [openAi, anthropic]) {
      test(`${name}, ${to('').dialect}`, async () => {
        const { answer } = await ask(to, responder);
        assert.ok(answer instanceof ModelFailure, String(answer));
        assert.ok(!answer.message.includes(CANARY));
      });
    }
  }

  test('no answer in time', async () => {
    const { answer } = await ask(openAi, () => undefined, AbortSignal.timeout(50));
    assert.equal((answer as Error).name, 'TimeoutError');
  });
});
