/**
 * The models an endpoint lists, with what it says of each. One reader for all lists, because the vendors' fields do not contradict each
 * other; servers that say more in a list of their own are asked for that first. Nothing here costs anything, everything stays inside the
 * fence of the endpoint's origin, and where the better list is missing the plain one serves.
 */
import { EFFORTS, type Effort } from '../../shared/model.ts';
import { type Endpoint, ModelFailure, type ModelInfo } from '../contracts.ts';
import { cleanKey, fenceCall, readBounded, requireUsable } from './call.ts';
import { dialectOf, effortsOf, familyOf } from './dialects.ts';
import { type CallContext, cleanName, excerpt, protocolError, timeoutError } from './errors.ts';
import { asArray, asCount, asObject, asText, type Json, parseJson } from './json.ts';
import { errorFromThrown } from './networkErrors.ts';
import { errorFromPayload } from './serverErrors.ts';
import { callContext, type StreamDeps } from './stream.ts';
import type { Connection, Wire } from './wire.ts';

/** A list is read up to this size, and all lists of an endpoint together are waited for this long. */
const LIST_BYTES = 16 * 1024 * 1024;
const LIST_MS = 30_000;
/** Ollama is asked about each model apart: so many at a time, and not about more than these. */
const ASKED_AT_ONCE = 4;
const ASKED_AT_MOST = 64;

/** One question to the endpoint: sends it, and answers with its JSON or throws a {@link ModelFailure}. */
type Ask = (open: (connection: Connection) => Promise<Response>) => Promise<Json>;

/** See `Provider.listModels`. */
export async function listModels(wire: Wire, deps: StreamDeps, signal: AbortSignal): Promise<readonly ModelInfo[]> {
  const { endpoint } = deps;
  const context = callContext(deps);
  const key = cleanKey(deps.key);
  const patience = AbortSignal.timeout(LIST_MS);
  const both = AbortSignal.any([signal, patience]);
  const ask: Ask = async (open) => {
    const call = fenceCall(context, key, deps.fetch, both);
    const response = await open(call.connection).catch((error: unknown) => {
      throw call.failure(error);
    });
    const { text, whole } = await readBounded(response, LIST_BYTES, LIST_MS, both);
    both.throwIfAborted();
    const parsed = parseJson(text);
    const answer = Array.isArray(parsed) ? { data: parsed } : asObject(parsed);
    if (answer?.error) throw new ModelFailure(errorFromPayload(context, answer));
    if (!whole || !answer) throw notAList(context, text);
    return answer;
  };
  try {
    requireUsable(endpoint, key);
    const rows = await rowsOf(wire, endpoint, context, ask, both);
    const models = rows.flatMap((row) => readRow(row, endpoint)).map((model) => withCleanNames(model, context));
    return models.filter(({ id }, at) => models.findIndex((other) => other.id === id) === at);
  } catch (error) {
    // The caller's own abort is not a failure of the endpoint.
    if (signal.aborted) throw signal.reason;
    if (patience.aborted) throw new ModelFailure(timeoutError(context, `did not list its models within ${LIST_MS / 1000} s.`));
    throw error instanceof ModelFailure ? error : new ModelFailure(errorFromThrown(context, error));
  }
}

/** What answered is something else: on a port that everybody uses, most likely another program. */
function notAList(context: CallContext, text: string): ModelFailure {
  const words = excerpt(text, context.secrets);
  const advice = context.endpoint.needsKey ? "Check the endpoint's base URL." : 'Another program may answer at this address.';
  return new ModelFailure(protocolError(context, `did not answer with a list of models: “${words}” ${advice}`));
}

async function rowsOf(
  wire: Wire,
  endpoint: Endpoint,
  context: CallContext,
  ask: Ask,
  signal: AbortSignal,
): Promise<readonly Json[]> {
  const plain = async (): Promise<readonly Json[]> => {
    const list = await ask(wire.openModels);
    const rows = rowsIn(list);
    if (!rows) throw notAList(context, JSON.stringify(list));
    return rows;
  };
  /** An answer of the endpoint's own, or undefined where there is none. */
  const tryAsk = async (path: string, body?: Json): Promise<Json | undefined> => {
    try {
      return await ask(({ fetch }) => fetch(path, body ? POST(body) : {}));
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  };
  const base = endpoint.baseUrl.replace(/\/+$/, '');
  const root = base.replace(/\/v1$/, '');
  switch (dialectOf(endpoint).list) {
    case 'ollama': {
      // github.com/ollama/ollama, docs/api.md: /api/tags lists, /api/show says what a model can do.
      const rows = rowsIn((await tryAsk(`${root}/api/tags`)) ?? {});
      return rows ? askEach(rows, (row) => tryAsk(`${root}/api/show`, { model: nameOf(row) })) : plain();
    }
    case 'lmstudio':
      // lmstudio.ai/docs/developer/rest/endpoints, GET /api/v0/models.
      return rowsIn((await tryAsk(`${root}/api/v0/models`)) ?? {}) ?? plain();
    case 'xai':
      // docs.x.ai, api-reference, GET /v1/language-models.
      return rowsIn((await tryAsk(`${base}/language-models`)) ?? {}) ?? plain();
    case 'llamacpp': {
      const rows = await plain();
      // github.com/ggml-org/llama.cpp, tools/server/README.md, GET /props: of the one model that is loaded.
      const props = rows.length === 1 ? await tryAsk(`${root}/props`) : undefined;
      return rows.map((row) => ({ ...props, ...row }));
    }
    default:
      return plain();
  }
}

const POST = (body: Json): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Adds to every row what the endpoint says of it alone. */
async function askEach(rows: readonly Json[], about: (row: Json) => Promise<Json | undefined>): Promise<readonly Json[]> {
  const asked = rows.slice(0, ASKED_AT_MOST);
  const told: Json[] = [];
  for (let at = 0; at < asked.length; at += ASKED_AT_ONCE) {
    const some = asked.slice(at, at + ASKED_AT_ONCE);
    told.push(...(await Promise.all(some.map(async (row) => ({ ...(await about(row)), ...row })))));
  }
  return [...told, ...rows.slice(ASKED_AT_MOST)];
}

/** The rows of a list, whichever name the server gives it. Undefined: it is no list. */
function rowsIn(list: Json): readonly Json[] | undefined {
  const rows = Array.isArray(list.data) ? list.data : Array.isArray(list.models) ? list.models : undefined;
  return rows?.flatMap((row) => {
    if (typeof row === 'string') return [{ id: row }];
    const object = asObject(row);
    return object ? [object] : [];
  });
}

/** Google writes `models/` before its ids. */
const nameOf = (row: Json): string | undefined =>
  (asText(row.id) ?? asText(row.model) ?? asText(row.name))?.replace(/^models\//, '');

/** One row of any list; empty when it names no model that answers in text. Retired models fail when they are asked. */
function readRow(row: Json, endpoint: Endpoint): readonly ModelInfo[] {
  const id = nameOf(row);
  // A name with a space or a control character can be neither written down nor asked for.
  if (id === undefined || /[\s\p{Cc}]/u.test(id) || !answersInText(row) || dialectOf(endpoint).notText?.test(id)) return [];
  const label = asText(row.display_name) ?? asText(row.name);
  const contextTokens = contextOf(row);
  const maxOutputTokens =
    asCount(asObject(row.top_provider)?.max_completion_tokens) ||
    asCount(row.max_completion_tokens) ||
    asCount(asObject(row.limits)?.max_output_tokens) || // GitHub Models (docs.github.com/rest/models/catalog)
    // Anthropic's word for it.
    (asObject(row.capabilities)?.image_input ? asCount(row.max_tokens) : undefined);
  const efforts = effortsIn(row) ?? effortsOf(endpoint, id);
  const imageInput = seesPictures(row) ?? familyOf(endpoint, id)?.images;
  const price = priceIn(row);
  return [
    {
      id,
      ...(label === undefined || label === id || label === `models/${id}` ? {} : { label }),
      ...(contextTokens ? { contextTokens } : {}),
      ...(maxOutputTokens ? { maxOutputTokens } : {}),
      ...(imageInput === undefined ? {} : { imageInput }),
      ...(efforts === undefined ? {} : { efforts }),
      ...(price === undefined ? {} : { price }),
    },
  ];
}

/** Kinds of models that answer with something else: LM Studio and Together (docs.together.ai, reference/models). */
const OTHER_TYPES: ReadonlySet<unknown> = new Set(['embeddings', 'embedding', 'image', 'rerank', 'moderation', 'audio', 'video']);

function answersInText(row: Json): boolean {
  const capabilities = asObject(row.capabilities);
  const outputs = asArray(
    asObject(row.architecture)?.output_modalities ?? row.output_modalities ?? row.supported_output_modalities,
  );
  return (
    row.lifecycle !== 'retired' && // Anthropic
    row.active !== false && // Groq
    !OTHER_TYPES.has(row.type) &&
    capabilities?.completion_chat !== false && // Mistral
    capabilities?.chat_completion !== false && // Azure
    (outputs.length === 0 || outputs.includes('text')) && // OpenRouter, xAI, GitHub Models
    // Ollama, llama.cpp. Others list here what else a model can do (GitHub Models: streaming, tool-calling).
    !(offers(row, 'embedding', 'image') && !offers(row, 'completion'))
  );
}

const offers = ({ capabilities }: Json, ...names: readonly string[]): boolean =>
  names.some((name) => asArray(capabilities).includes(name));

function contextOf(row: Json): number | undefined {
  const meta = asObject(row.meta);
  const info = asObject(row.model_info);
  const architecture = asText(info?.['general.architecture']);
  return (
    asCount(row.context_length) || // OpenRouter
    asCount(row.max_model_len) || // vLLM
    asCount(row.context_window) || // Groq
    asCount(row.loaded_context_length) || // LM Studio, as it was loaded
    asCount(row.max_context_length) || // Mistral, LM Studio
    asCount(row.max_input_tokens) || // Anthropic
    asCount(asObject(row.limits)?.max_input_tokens) || // GitHub Models
    asCount(asObject(row.default_generation_settings)?.n_ctx) || // llama.cpp as it was started
    asCount(meta?.n_ctx) ||
    asCount(meta?.n_ctx_train) || // llama.cpp, what the model was made for
    (architecture === undefined ? undefined : asCount(info?.[`${architecture}.context_length`])) // Ollama
  );
}

function seesPictures(row: Json): boolean | undefined {
  const inputs = asArray(asObject(row.architecture)?.input_modalities ?? row.input_modalities ?? row.supported_input_modalities);
  if (inputs.length > 0) return inputs.includes('image');
  if (Array.isArray(row.capabilities)) return row.capabilities.includes('vision') || row.capabilities.includes('multimodal');
  const capabilities = asObject(row.capabilities);
  const said = asObject(capabilities?.image_input)?.supported ?? capabilities?.vision ?? asObject(row.modalities)?.vision;
  if (typeof said === 'boolean') return said;
  // LM Studio
  return row.type === 'vlm' ? true : row.type === 'llm' ? false : undefined;
}

/** The words a list itself gives; undefined where it is silent about them. */
function effortsIn(row: Json): readonly Effort[] | undefined {
  const capabilities = asObject(row.capabilities);
  const effort = asObject(capabilities?.effort);
  if (effort) {
    const types = asObject(asObject(capabilities?.thinking)?.types);
    const isOn = (name: string, of: Json | undefined): boolean => asObject(of?.[name])?.supported === true;
    const words = EFFORTS.filter((word) => isOn(word, effort));
    const canStop = isOn('disabled', types) || isOn('between_tools', types);
    return canStop && words.length > 0 ? ['none', ...words] : words;
  }
  const supported = asArray(asObject(row.reasoning)?.supported_efforts);
  if (supported.length > 0) return EFFORTS.filter((word) => supported.includes(word));
  const parameters = asArray(row.supported_parameters);
  if (parameters.length > 0 && !parameters.includes('reasoning') && !parameters.includes('reasoning_effort')) return [];
  // Ollama refuses an effort for a model that does not think.
  if (Array.isArray(row.capabilities) && row.model_info && !row.capabilities.includes('thinking')) return [];
  return undefined;
}

function priceIn(row: Json): ModelInfo['price'] {
  // openrouter.ai/docs, api-reference/list-available-models: dollars for one token, as text.
  const pricing = asObject(row.pricing);
  const perToken = perMTok(pricing?.prompt, pricing?.completion, 1e6);
  if (perToken) return perToken;
  // docs.x.ai, GET /v1/language-models: US cents for 100 million tokens.
  return perMTok(row.prompt_text_token_price, row.completion_text_token_price, 1e-4);
}

function perMTok(input: unknown, output: unknown, factor: number): ModelInfo['price'] {
  const read = (value: unknown): number =>
    typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) * factor : Number.NaN;
  // A factor of ten leaves a trail of nines behind; twelve digits are more than any price has.
  const [inputUsdPerMTok, outputUsdPerMTok] = [input, output].map((value) => Number(read(value).toPrecision(12)));
  if (inputUsdPerMTok === undefined || outputUsdPerMTok === undefined) return undefined;
  // OpenRouter marks a price that depends on the route with -1.
  return inputUsdPerMTok >= 0 && outputUsdPerMTok >= 0 ? { inputUsdPerMTok, outputUsdPerMTok } : undefined;
}

const withCleanNames = (model: ModelInfo, context: CallContext): ModelInfo => ({
  ...model,
  id: cleanName(model.id, context),
  ...(model.label === undefined ? {} : { label: cleanName(model.label, context) }),
});
