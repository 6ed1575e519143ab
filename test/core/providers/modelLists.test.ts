/** Lists of models as the vendors document them, and what is read from them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Endpoint, ModelFailure, type ModelInfo } from '../../../src/core/contracts.ts';
import { BUILT_IN_ENDPOINTS, createProvider } from '../../../src/core/providers/index.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import { json, type Responder, startServer } from '../../servers/server.ts';
import { CANARY, endpoint } from './wireCase.ts';

/** The built-in row, at a server of the test. */
function row(id: string, url: string): Endpoint {
  const found = BUILT_IN_ENDPOINTS.find((candidate) => candidate.id === id);
  if (!found) throw new Error(id);
  return { ...found, baseUrl: url + new URL(found.baseUrl).pathname.replace(/\/$/, '') };
}

const list = (to: Endpoint): Promise<readonly ModelInfo[]> =>
  createProvider(to, { fetch: createNodeFetch(), ...(to.needsKey ? { key: CANARY } : {}) }).listModels(
    new AbortController().signal,
  );

/** Answers by path; anything else is not there. */
const routes =
  (answers: Readonly<Record<string, unknown>>): Responder =>
  (request, response) => {
    const path = request.path.split('?')[0] ?? '';
    return (path in answers ? json(200, answers[path]) : json(404, { error: { message: 'not here' } }))(request, response);
  };

interface Case {
  readonly endpoint: string;
  /** Where the body is documented. */
  readonly source: string;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly models: readonly ModelInfo[];
}

const cases: readonly Case[] = [
  {
    endpoint: 'openai',
    source: 'platform.openai.com, api-reference/models/list',
    answers: {
      '/v1/models': {
        object: 'list',
        data: [
          { id: 'gpt-6-sol', object: 'model', created: 1, owned_by: 'openai' },
          { id: 'text-embedding-3-large', object: 'model', created: 1, owned_by: 'openai' },
          { id: 'gpt-4.1', object: 'model', created: 1, owned_by: 'system' },
        ],
      },
    },
    models: [
      { id: 'gpt-6-sol', imageInput: true, efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'] },
      { id: 'gpt-4.1', imageInput: true, efforts: [] },
    ],
  },
  {
    endpoint: 'anthropic',
    source: 'the package’s ModelInfo, platform.claude.com/docs/en/api/models-list',
    answers: {
      '/v1/models': {
        data: [
          {
            type: 'model',
            id: 'claude-sonnet-5-5',
            display_name: 'Claude Sonnet 5.5',
            lifecycle: 'active',
            max_input_tokens: 1_000_000,
            max_tokens: 128_000,
            capabilities: {
              image_input: { supported: true },
              effort: {
                supported: true,
                low: { supported: true },
                medium: { supported: true },
                high: { supported: true },
                xhigh: { supported: true },
                max: { supported: false },
              },
              thinking: { supported: true, types: { disabled: { supported: false }, between_tools: { supported: true } } },
            },
          },
          { type: 'model', id: 'claude-3-opus', display_name: 'Claude 3 Opus', lifecycle: 'retired' },
        ],
        has_more: false,
      },
    },
    models: [
      {
        id: 'claude-sonnet-5-5',
        label: 'Claude Sonnet 5.5',
        contextTokens: 1_000_000,
        maxOutputTokens: 128_000,
        imageInput: true,
        efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
      },
    ],
  },
  {
    endpoint: 'gemini',
    source: 'ai.google.dev, “OpenAI compatibility”, list models',
    answers: {
      '/v1beta/openai/models': {
        object: 'list',
        data: [
          { id: 'models/gemini-3.8-flash', object: 'model', owned_by: 'google', display_name: 'Gemini 3.8 Flash' },
          { id: 'models/gemini-embedding-001', object: 'model', owned_by: 'google' },
          { id: 'models/imagen-4.0-generate-001', object: 'model', owned_by: 'google' },
          { id: 'models/veo-3.1-generate-preview', object: 'model', owned_by: 'google' },
          { id: 'models/gemma-4-31b-it', object: 'model', owned_by: 'google' },
        ],
      },
    },
    models: [
      { id: 'gemini-3.8-flash', label: 'Gemini 3.8 Flash', imageInput: true, efforts: ['low', 'medium', 'high'] },
      { id: 'gemma-4-31b-it', efforts: [] },
    ],
  },
  {
    endpoint: 'deepseek',
    source: 'api-docs.deepseek.com, api/list-models',
    answers: { '/models': { object: 'list', data: [{ id: 'deepseek-v4-pro', object: 'model', owned_by: 'deepseek' }] } },
    models: [{ id: 'deepseek-v4-pro', efforts: ['none', 'low', 'high', 'max'] }],
  },
  {
    endpoint: 'groq',
    source: 'console.groq.com/docs/models',
    answers: {
      '/openai/v1/models': {
        object: 'list',
        data: [
          { id: 'openai/gpt-oss-120b', active: true, context_window: 131_072, max_completion_tokens: 65_536 },
          { id: 'whisper-large-v3', active: true, context_window: 448, max_completion_tokens: 448 },
          { id: 'meta-llama/llama-guard-4-12b', active: true, context_window: 131_072 },
          { id: 'old-model', active: false, context_window: 8192 },
        ],
      },
    },
    models: [
      {
        id: 'openai/gpt-oss-120b',
        contextTokens: 131_072,
        maxOutputTokens: 65_536,
        imageInput: false,
        efforts: ['low', 'medium', 'high'],
      },
    ],
  },
  {
    endpoint: 'cerebras',
    source: 'inference-docs.cerebras.ai, api-reference/models',
    answers: { '/v1/models': { object: 'list', data: [{ id: 'zai-glm-4.7', object: 'model', owned_by: 'Cerebras' }] } },
    models: [{ id: 'zai-glm-4.7', imageInput: false, efforts: ['none'] }],
  },
  {
    endpoint: 'mistral',
    source: 'docs.mistral.ai, api/#tag/models',
    answers: {
      '/v1/models': {
        object: 'list',
        data: [
          {
            id: 'mistral-small-latest',
            object: 'model',
            name: 'mistral-small-2603',
            max_context_length: 262_144,
            capabilities: { completion_chat: true, vision: true, fine_tuning: false },
          },
          { id: 'mistral-embed', object: 'model', capabilities: { completion_chat: true, vision: false } },
          { id: 'mistral-code-fim-latest', object: 'model', capabilities: { completion_chat: false, vision: false } },
          {
            id: 'codestral-2508',
            object: 'model',
            max_context_length: 256_000,
            capabilities: { completion_chat: true, vision: false },
          },
        ],
      },
    },
    models: [
      {
        id: 'mistral-small-latest',
        label: 'mistral-small-2603',
        contextTokens: 262_144,
        imageInput: true,
        efforts: ['none', 'high'],
      },
      { id: 'codestral-2508', contextTokens: 256_000, imageInput: false, efforts: [] },
    ],
  },
  {
    endpoint: 'xai',
    source: 'docs.x.ai, GET /v1/language-models',
    answers: {
      '/v1/language-models': {
        models: [
          {
            id: 'grok-4.6',
            input_modalities: ['text', 'image'],
            output_modalities: ['text'],
            prompt_text_token_price: 20_000,
            completion_text_token_price: 60_000,
          },
        ],
      },
    },
    models: [
      {
        id: 'grok-4.6',
        imageInput: true,
        efforts: ['low', 'medium', 'high'],
        price: { inputUsdPerMTok: 2, outputUsdPerMTok: 6 },
      },
    ],
  },
  {
    endpoint: 'xai',
    source: 'docs.x.ai, GET /v1/models, where the better list is missing',
    answers: {
      '/v1/models': {
        data: [
          { id: 'grok-4.3', object: 'model' },
          { id: 'grok-imagine-image', object: 'model' },
        ],
      },
    },
    models: [{ id: 'grok-4.3', imageInput: true, efforts: ['none', 'low', 'medium', 'high'] }],
  },
  {
    endpoint: 'qwen',
    source: 'alibabacloud.com/help/en/model-studio, OpenAI-compatible list',
    answers: { '/compatible-mode/v1/models': { data: [{ id: 'qwen-plus' }, { id: 'qwen3-asr-flash' }, { id: 'qwq-plus' }] } },
    models: [
      { id: 'qwen-plus', efforts: ['none'] },
      { id: 'qwq-plus', efforts: [] },
    ],
  },
  {
    endpoint: 'openrouter',
    source: 'openrouter.ai/docs, api-reference/list-available-models',
    answers: {
      '/api/v1/models': {
        data: [
          {
            id: 'openai/gpt-6-luna',
            name: 'OpenAI: GPT-6 Luna',
            context_length: 1_050_000,
            architecture: { input_modalities: ['text', 'image'], output_modalities: ['text'] },
            pricing: { prompt: '0.0000001', completion: '0.0000005', request: '0' },
            top_provider: { context_length: 1_050_000, max_completion_tokens: 128_000, is_moderated: true },
            supported_parameters: ['max_tokens', 'reasoning'],
            reasoning: { mandatory: false, supported_efforts: ['high', 'medium', 'low', 'none'] },
          },
          {
            id: 'meta/llama',
            context_length: 8192,
            architecture: { input_modalities: ['text'], output_modalities: ['text'] },
            pricing: { prompt: '-1', completion: '-1' },
            supported_parameters: ['max_tokens'],
          },
          { id: 'x/painter', architecture: { input_modalities: ['text'], output_modalities: ['image'] } },
        ],
      },
    },
    models: [
      {
        id: 'openai/gpt-6-luna',
        label: 'OpenAI: GPT-6 Luna',
        contextTokens: 1_050_000,
        maxOutputTokens: 128_000,
        imageInput: true,
        efforts: ['none', 'low', 'medium', 'high'],
        price: { inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.5 },
      },
      { id: 'meta/llama', contextTokens: 8192, imageInput: false, efforts: [] },
    ],
  },
  {
    endpoint: 'lmstudio',
    source: 'lmstudio.ai/docs, GET /api/v0/models',
    answers: {
      '/api/v0/models': {
        object: 'list',
        data: [
          { id: 'openai/gpt-oss-20b', type: 'llm', state: 'loaded', max_context_length: 131_072, loaded_context_length: 8192 },
          { id: 'qwen2-vl-7b-instruct', type: 'vlm', state: 'not-loaded', max_context_length: 32_768 },
          { id: 'text-embedding-nomic-embed-text-v1.5', type: 'embeddings', max_context_length: 2048 },
        ],
      },
    },
    models: [
      { id: 'openai/gpt-oss-20b', contextTokens: 8192, imageInput: false, efforts: ['low', 'medium', 'high'] },
      { id: 'qwen2-vl-7b-instruct', contextTokens: 32_768, imageInput: true, efforts: [] },
    ],
  },
  {
    endpoint: 'lmstudio',
    source: 'lmstudio.ai/docs, GET /v1/models, where the better list is missing',
    answers: { '/v1/models': { object: 'list', data: [{ id: 'some-model', object: 'model' }] } },
    models: [{ id: 'some-model', efforts: [] }],
  },
  {
    endpoint: 'ollama',
    source: 'github.com/ollama/ollama, docs/api.md, where /api/show is missing',
    answers: { '/api/tags': { models: [{ name: 'llama3.2:latest', model: 'llama3.2:latest', size: 1 }] } },
    models: [{ id: 'llama3.2:latest', efforts: [] }],
  },
  {
    endpoint: 'llamacpp',
    source: 'github.com/ggml-org/llama.cpp, tools/server/README.md, /v1/models and /props',
    answers: {
      '/v1/models': {
        object: 'list',
        data: [{ id: 'gpt-oss-20b.gguf', object: 'model', owned_by: 'llamacpp', meta: { n_ctx_train: 131_072, n_params: 1 } }],
      },
      '/props': { default_generation_settings: { n_ctx: 16_384 }, modalities: { vision: false, audio: false } },
    },
    models: [{ id: 'gpt-oss-20b.gguf', contextTokens: 16_384, imageInput: false, efforts: ['low', 'medium', 'high'] }],
  },
  {
    endpoint: 'llamacpp',
    source: 'the same without /props',
    answers: { '/v1/models': { data: [{ id: 'm.gguf', meta: { n_ctx_train: 131_072 } }] } },
    models: [{ id: 'm.gguf', contextTokens: 131_072, efforts: [] }],
  },
  {
    endpoint: 'vllm',
    source: 'docs.vllm.ai, serving/openai_compatible_server',
    answers: { '/v1/models': { object: 'list', data: [{ id: 'Qwen/Qwen3-8B', owned_by: 'vllm', max_model_len: 40_960 }] } },
    models: [{ id: 'Qwen/Qwen3-8B', contextTokens: 40_960, efforts: ['none'] }],
  },
];

describe('a list of models', () => {
  for (const { endpoint: id, source, answers, models } of cases) {
    test(`${id}: ${source}`, async () => {
      await using server = await startServer(routes(answers));
      assert.deepEqual(await list(row(id, server.url)), models);
    });
  }

  test('Ollama is asked about each model apart', async () => {
    const told: Record<string, unknown> = {
      'qwen3-vl:8b': {
        capabilities: ['completion', 'vision', 'thinking', 'tools'],
        model_info: { 'general.architecture': 'qwen3vl', 'qwen3vl.context_length': 262_144 },
      },
      'tinydolphin:1b': {
        capabilities: ['completion'],
        model_info: { 'general.architecture': 'llama', 'llama.context_length': 4096 },
      },
      'nomic-embed-text:latest': { capabilities: ['embedding'], model_info: { 'general.architecture': 'nomic-bert' } },
    };
    await using server = await startServer((request, response) => {
      if (request.path === '/api/tags')
        return json(200, { models: Object.keys(told).map((name) => ({ name, model: name })) })(request, response);
      assert.deepEqual([request.method, request.path, request.headers.authorization], ['POST', '/api/show', undefined]);
      const asked = request.json;
      assert.ok(typeof asked === 'object' && asked !== null && 'model' in asked);
      return json(200, told[String(asked.model)])(request, response);
    });
    assert.deepEqual(await list(row('ollama', server.url)), [
      { id: 'qwen3-vl:8b', contextTokens: 262_144, imageInput: true },
      { id: 'tinydolphin:1b', contextTokens: 4096, imageInput: false, efforts: [] },
    ]);
  });

  test('what a server adds to its list is never another address', async () => {
    await using server = await startServer(routes({ '/v1/models': { data: [{ id: 'm' }] } }));
    await list(row('llamacpp', server.url));
    assert.deepEqual(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ['GET /v1/models', 'GET /props'],
    );
  });

  const strangers: readonly (readonly [string, Responder, string])[] = [
    [
      'a page',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Jenkins</html>'),
      'protocol',
    ],
    ['JSON of another kind', json(200, { hello: 'world' }), 'protocol'],
    ['nothing at that path', json(404, {}), 'invalid-request'],
  ];
  for (const id of ['ollama', 'lmstudio', 'llamacpp', 'vllm']) {
    for (const [name, responder, kind] of strangers) {
      test(`${id}: a port that answers with ${name} is no such server`, async () => {
        await using server = await startServer(responder);
        await assert.rejects(list(row(id, server.url)), (error) => {
          assert.ok(error instanceof ModelFailure);
          assert.equal(error.error.kind, kind);
          if (kind === 'protocol') assert.match(error.message, /Another program may answer at this address/);
          return true;
        });
      });
    }
  }

  test('an abort ends the asking, also between two questions', async () => {
    const stop = new AbortController();
    await using server = await startServer((request, response) => {
      if (request.path === '/api/tags') return json(200, { models: [{ name: 'm' }] })(request, response);
      stop.abort();
      return undefined;
    });
    const provider = createProvider(row('ollama', server.url), { fetch: createNodeFetch() });
    await assert.rejects(provider.listModels(stop.signal), { name: 'AbortError' });
  });

  test('a list in plain form, with kinds of models and limits of its own', async () => {
    // docs.together.ai, reference/models, and docs.github.com/rest/models/catalog.
    const rows = [
      { id: 'a/b', type: 'chat', context_length: 131_072 },
      { id: 'a/draws', type: 'image' },
      { id: 'a/finds', type: 'embedding' },
      { id: 'a/sorts', type: 'rerank' },
      {
        id: 'openai/gpt-4.1',
        capabilities: ['streaming', 'tool-calling'],
        limits: { max_input_tokens: 1_048_576, max_output_tokens: 32_768 },
        supported_input_modalities: ['text', 'image'],
        supported_output_modalities: ['text'],
      },
      { id: 'openai/embedding', supported_output_modalities: ['embeddings'] },
      { id: 'local-embedding', capabilities: ['embedding'] },
    ];
    await using server = await startServer(routes({ '/v1/models': rows }));
    assert.deepEqual(await list(endpoint('openai-chat', `${server.url}/v1`)), [
      { id: 'a/b', contextTokens: 131_072 },
      { id: 'openai/gpt-4.1', contextTokens: 1_048_576, maxOutputTokens: 32_768, imageInput: true },
    ]);
  });
  test('an id that is listed twice is one model, and one that cannot be written down is none', async () => {
    const data = [{ id: 'm' }, { id: 'm' }, { id: 'a b' }, { id: 'a\u001b[31mb' }, { id: '' }, { id: null }, null];
    await using server = await startServer(routes({ '/v1/models': { data } }));
    assert.deepEqual(await list(endpoint('openai-chat', `${server.url}/v1`)), [{ id: 'm' }]);
  });
  test('a server nobody knows is read as it is', async () => {
    await using server = await startServer(routes({ '/v1/models': { data: [{ id: 'm', context_length: 100 }] } }));
    assert.deepEqual(await list(endpoint('openai-chat', `${server.url}/v1`)), [{ id: 'm', contextTokens: 100 }]);
  });
});
