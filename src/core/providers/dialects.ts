/**
 * The table of dialects: how each vendor's endpoint differs from the wire it speaks. To add a vendor is to add a row here, the models it
 * knows in `families.ts` and, if it should need no setting, a row in `endpoints.ts`.
 */
import type { Effort } from '../../shared/model.ts';
import type { Endpoint } from '../contracts.ts';
import {
  ANTHROPIC_FAMILIES,
  AS_ASKED,
  CEREBRAS_FAMILIES,
  DEEPSEEK_FAMILIES,
  type Family,
  GEMINI_FAMILIES,
  GROQ_FAMILIES,
  LLAMACPP_FAMILIES,
  LM_STUDIO_FAMILIES,
  MESSAGES_AS_ASKED,
  MISTRAL_FAMILIES,
  OLLAMA_FAMILIES,
  OPENAI_FAMILIES,
  OPENROUTER_FAMILIES,
  PERPLEXITY_FAMILIES,
  QWEN_FAMILIES,
  VLLM_FAMILIES,
  XAI_FAMILIES,
} from './families.ts';
import type { ThoughtCount } from './usage.ts';

/** What a server lists beyond the usual, and where. */
export type ListKind = 'ollama' | 'lmstudio' | 'llamacpp' | 'xai';

export interface Dialect {
  /** As `Endpoint.dialect` names it. */
  readonly id: string;
  /** Whose it is, in a sentence. */
  readonly label: string;
  /** The hosts that speak it, with their port where it is not the usual one. Absent: it must be named. */
  readonly hosts?: RegExp;
  /** What its models take. A model that no family matches is told nothing about thinking. */
  readonly families: readonly Family[];
  /** What Chat Completions calls the limit of the answer. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  /** False: it refuses `stream_options`, or reports usage without them. */
  readonly takesStreamOptions: boolean;
  /** Pads its events against eavesdroppers unless told not to; the padding costs bandwidth alone. */
  readonly padsEvents?: true;
  /** The price class that is listed, so that the listed price is the price. */
  readonly serviceTier?: string;
  /** The header its key travels in, where it is not what the wire's SDK writes. */
  readonly keyHeader?: 'api-key';
  /** Runs that go on on its side while nobody listens (Responses, `background`). */
  readonly hasBackground?: true;
  /** Where its usage counts thoughts, if neither inside the answer's count nor where the total shows it. */
  readonly thoughts?: ThoughtCount;
  /** A free endpoint that counts the input tokens of a request. */
  readonly counts?: true;
  /** A list of its own that says more than the wire's. */
  readonly list?: ListKind;
  /** Ids in its list that do not answer in text. */
  readonly notText?: RegExp;
}

const CHAT = { limitName: 'max_tokens', takesStreamOptions: true } as const;

/** What no list that mixes models of all kinds answers text with. */
const NO_TEXT = /embed|tts|whisper|image|imagen|veo|lyria|realtime|audio|transcribe|moderation|guard|ocr|asr|video|speech|rerank/;

/** OpenAI lists all its models together. */
const OPENAI_NO_TEXT =
  /embedding|tts|whisper|dall-e|image|realtime|audio|transcribe|moderation|sora|babbage|davinci|computer-use|search/;

export const DIALECTS: readonly Dialect[] = [
  {
    id: 'openai',
    label: 'OpenAI',
    hosts: /^([\w-]+\.)?api\.openai\.com$/,
    families: OPENAI_FAMILIES,
    // platform.openai.com, api-reference/chat/create: `max_tokens` is deprecated and refused by reasoning models.
    limitName: 'max_completion_tokens',
    takesStreamOptions: true,
    padsEvents: true,
    serviceTier: 'default',
    hasBackground: true,
    counts: true,
    notText: OPENAI_NO_TEXT,
  },
  {
    id: 'azure',
    label: 'Azure',
    // learn.microsoft.com, “Azure OpenAI in Foundry Models v1 API”: https://RESOURCE.openai.azure.com/openai/v1 and its newer host.
    hosts: /\.(openai\.azure\.com|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/,
    // The id is the name of a deployment, which need not be the model's: what is asked is passed on.
    families: [...OPENAI_FAMILIES, AS_ASKED],
    limitName: 'max_completion_tokens',
    takesStreamOptions: true,
    keyHeader: 'api-key',
    hasBackground: true,
    notText: OPENAI_NO_TEXT,
  },
  {
    id: 'anthropic',
    label: 'Anthropic',
    hosts: /^api\.anthropic\.com$/,
    families: ANTHROPIC_FAMILIES,
    ...CHAT,
    serviceTier: 'standard_only',
    counts: true,
  },
  {
    id: 'gemini',
    label: 'Google',
    hosts: /^generativelanguage\.googleapis\.com$/,
    families: GEMINI_FAMILIES,
    ...CHAT,
    // Captured at its OpenAI wire: prompt_tokens 16, completion_tokens 9, total_tokens 627, and no details (coder/coder, googleopenai).
    thoughts: 'in-total',
    notText: /embedding|image|imagen|veo|lyria|tts|audio|live|aqa|robotics|computer-use|nano-banana|deep-research/,
  },
  { id: 'deepseek', label: 'DeepSeek', hosts: /^api\.deepseek\.com$/, families: DEEPSEEK_FAMILIES, ...CHAT },
  {
    id: 'groq',
    label: 'Groq',
    hosts: /^api\.groq\.com$/,
    families: GROQ_FAMILIES,
    // console.groq.com/docs/api-reference: `max_tokens` is deprecated.
    limitName: 'max_completion_tokens',
    takesStreamOptions: true,
    notText: /whisper|tts|guard|orpheus|safeguard|playai/,
  },
  {
    id: 'cerebras',
    label: 'Cerebras',
    hosts: /^api\.cerebras\.ai$/,
    families: CEREBRAS_FAMILIES,
    limitName: 'max_completion_tokens',
    takesStreamOptions: true,
  },
  {
    id: 'mistral',
    label: 'Mistral',
    hosts: /^api\.mistral\.ai$/,
    families: MISTRAL_FAMILIES,
    // Unknown fields are refused (“Extra inputs are not permitted”): max_completion_tokens in editor-code-assistant/eca#231,
    // stream_options in dnakov/anon-kode#53. Usage comes in the last chunk by itself.
    limitName: 'max_tokens',
    takesStreamOptions: false,
    notText: NO_TEXT,
  },
  {
    id: 'xai',
    label: 'xAI',
    hosts: /^([\w-]+\.)?api\.x\.ai$/,
    families: XAI_FAMILIES,
    // docs.x.ai, api-reference: `max_tokens` is deprecated.
    limitName: 'max_completion_tokens',
    takesStreamOptions: true,
    list: 'xai',
    notText: /imagine|voice|image|video/,
  },
  {
    id: 'perplexity',
    label: 'Perplexity',
    hosts: /^api\.perplexity\.ai$/,
    families: PERPLEXITY_FAMILIES,
    // docs.perplexity.ai, sonar-deep-research: reasoning_tokens 73,997 with completion_tokens 7,163 and total_tokens 7,196, each billed.
    thoughts: 'beside',
    // docs.perplexity.ai, api-reference/sonar-post lists no stream_options; every chunk carries the usage so far.
    limitName: 'max_tokens',
    takesStreamOptions: false,
  },
  {
    id: 'qwen',
    label: 'Qwen',
    hosts: /^dashscope(-[a-z]+)?\.aliyuncs\.com$|\.maas\.aliyuncs\.com$/,
    families: QWEN_FAMILIES,
    ...CHAT,
    notText: NO_TEXT,
  },
  { id: 'openrouter', label: 'OpenRouter', hosts: /^openrouter\.ai$/, families: OPENROUTER_FAMILIES, ...CHAT },
  {
    id: 'ollama',
    label: 'Ollama',
    hosts: /^(127\.0\.0\.1|localhost|\[::1\]):11434$|^ollama\.com$/,
    families: OLLAMA_FAMILIES,
    ...CHAT,
    list: 'ollama',
  },
  {
    id: 'lmstudio',
    label: 'LM Studio',
    hosts: /^(127\.0\.0\.1|localhost|\[::1\]):1234$/,
    families: LM_STUDIO_FAMILIES,
    ...CHAT,
    list: 'lmstudio',
  },
  // Ports 8080 and 8000 are everybody's, so these two are known by name alone.
  { id: 'llamacpp', label: 'llama.cpp', families: LLAMACPP_FAMILIES, ...CHAT, list: 'llamacpp' },
  { id: 'vllm', label: 'vLLM', families: VLLM_FAMILIES, ...CHAT },
];

/** Any other server: what the person asks for is said in the wire's own words. */
export const GENERIC: Dialect = { id: 'generic', label: 'This endpoint', families: [AS_ASKED], ...CHAT };

/** What `Endpoint.dialect` may be. */
export const DIALECT_NAMES: readonly string[] = [...DIALECTS, GENERIC].map(({ id }) => id);

/** The dialect an endpoint names, else that of its host, else {@link GENERIC}. */
export function dialectOf(endpoint: Endpoint): Dialect {
  if (endpoint.dialect !== undefined) return DIALECTS.find(({ id }) => id === endpoint.dialect) ?? GENERIC;
  const host = URL.parse(endpoint.baseUrl)?.host ?? '';
  return DIALECTS.find(({ hosts }) => hosts?.test(host)) ?? GENERIC;
}

/** What a model takes at an endpoint; undefined: nothing is known of it, and nothing about thinking is said to it. */
export function familyOf(endpoint: Endpoint, model: string): Family | undefined {
  // Google's list writes `models/` before its ids, and its servers take them with and without it.
  const name = model.replace(/^models\//, '');
  if (speaksItsWire(endpoint)) return dialectOf(endpoint).families.find(({ models }) => models.test(name));
  return endpoint.api === 'anthropic-messages' ? MESSAGES_AS_ASKED : undefined;
}

/** Anthropic's words are understood on its own wire alone: its Chat endpoint ignores them, and others speak its wire as they like. */
const speaksItsWire = (endpoint: Endpoint): boolean =>
  (endpoint.api === 'anthropic-messages') === (dialectOf(endpoint).id === 'anthropic');

/** The parameter that asks for the price class that is listed, where there is one. */
export function serviceTierOf(endpoint: Endpoint): { readonly service_tier?: string } {
  const { serviceTier } = dialectOf(endpoint);
  return serviceTier === undefined || !speaksItsWire(endpoint) ? {} : { service_tier: serviceTier };
}

/** True where a run can go on on the provider's side while nobody listens: OpenAI's background mode. */
export const offersBackground = (endpoint: Endpoint): boolean =>
  endpoint.api === 'openai-responses' && dialectOf(endpoint).hasBackground === true;

/** The words of effort that are passed on to a model; empty: none is. Undefined: not known, what is asked is passed on. */
export function effortsOf(endpoint: Endpoint, model: string): readonly Effort[] | undefined {
  const family = familyOf(endpoint, model);
  return family?.unproven ? undefined : (family?.efforts ?? []);
}
