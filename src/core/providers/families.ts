/**
 * What models take at which endpoint: the words of effort, a number of thinking tokens, pictures; and how that is said on the wire.
 *
 * Rows of data, judged by a model's id; the first that matches counts, and a model that none matches is told nothing about thinking.
 * Sources stand at each list. Where a vendor's own page could not be read, models.dev is cited, whose rows name the page they were
 * taken from; “not verified” marks what no document was found for.
 */
import { EFFORTS, type Effort } from '../../shared/model.ts';
import type { Json } from './json.ts';

/** How much a model is told to think, settled to what it takes. At most one of them. */
export interface Degree {
  readonly effort?: Effort;
  readonly budgetTokens?: number;
  /** Thinking is switched on, without a degree. */
  readonly on?: true;
}

/** The parameters that say it. Called for every request to the family, so that it can also ask for thinking to be shown. */
export type Say = (said: Degree) => Json;

export interface Family {
  readonly models: RegExp;
  /** The words it takes, in rising order; empty: none. `none` is among them only where thinking can really be switched off. */
  readonly efforts: readonly Effort[];
  /** Takes a number of thinking tokens, within these bounds. Absent: it takes none. */
  readonly budget?: { readonly least: number; readonly most?: number };
  /** Its thinking can be switched on, but has no degrees. */
  readonly onOnly?: true;
  /** True: the words are passed on because the person asked for them; nobody said that the model takes them. */
  readonly unproven?: true;
  /** Whether it sees pictures. Absent: not known. */
  readonly images?: boolean;
  /** Absent: the wire's own way, `reasoning_effort` or `reasoning.effort`. */
  readonly say?: Say;
}

const LOW_TO_HIGH = ['low', 'medium', 'high'] as const;
const LOW_TO_XHIGH = [...LOW_TO_HIGH, 'xhigh'] as const;
const LOW_TO_MAX = [...LOW_TO_XHIGH, 'max'] as const;
const MINIMAL_TO_HIGH = ['minimal', ...LOW_TO_HIGH] as const;

/** OpenAI's open weights know these three at every host (openai/harmony, `Reasoning: low|medium|high`). */
const GPT_OSS = { models: /gpt-oss/, efforts: LOW_TO_HIGH, images: false } as const;

/** Passes every word on: for endpoints nobody knows, and for names that say nothing of the model. */
export const AS_ASKED: Family = { models: /^/, efforts: EFFORTS, unproven: true };

/**
 * developers.openai.com, guides/reasoning and the models' pages, as read by models.dev (providers/openai) and docs.litellm.ai
 * (gpt-6-sol, gpt-6-luna: none to max). gpt-6.1-terra is taken to be as gpt-6.1-sol: not verified.
 */
export const OPENAI_FAMILIES: readonly Family[] = [
  { models: /^gpt-(6-astra|6\.\d+-)/, efforts: LOW_TO_MAX, images: true },
  { models: /^gpt-(5\.6|6-)/, efforts: ['none', ...LOW_TO_MAX], images: true },
  { models: /^gpt-5(\.\d)?-chat/, efforts: [], images: true },
  { models: /^gpt-5-pro/, efforts: ['high'], images: true },
  { models: /^gpt-5\.\d+-pro/, efforts: ['medium', 'high', 'xhigh'], images: true },
  { models: /^gpt-5(\.1)?-codex(-mini)?(-\d{4}.*|)$/, efforts: LOW_TO_HIGH, images: true },
  { models: /^gpt-5\.\d+-codex/, efforts: LOW_TO_XHIGH, images: true },
  { models: /^gpt-5\.1/, efforts: ['none', ...LOW_TO_HIGH], images: true },
  { models: /^gpt-5\.[2-5]/, efforts: ['none', ...LOW_TO_XHIGH], images: true },
  { models: /^gpt-5/, efforts: MINIMAL_TO_HIGH, images: true },
  { models: /^o1-(preview|mini)/, efforts: [], images: false },
  { models: /^o\d.*deep-research/, efforts: ['medium'], images: true },
  { models: /^o3-mini/, efforts: LOW_TO_HIGH, images: false },
  { models: /^o\d/, efforts: LOW_TO_HIGH, images: true },
  { models: /^(gpt-4o|gpt-4\.|gpt-4-turbo|chatgpt-4o)/, efforts: [], images: true },
  { models: /^gpt-[34]/, efforts: [], images: false },
];

/** Anthropic thinks as much as it likes (`adaptive`) and is asked to show a summary, which not every model does by itself. */
const adaptive =
  (options: { readonly off?: 'disabled' | 'between_tools'; readonly byDefault?: true }): Say =>
  ({ effort }) => {
    if (effort === 'none') return { thinking: { type: options.off } };
    if (effort === undefined && !options.byDefault) return {};
    return {
      thinking: { type: 'adaptive', display: 'summarized' },
      ...(effort === undefined ? {} : { output_config: { effort } }),
    };
  };

const anthropicBudget: Say = ({ effort, budgetTokens }) => {
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  if (budgetTokens === undefined) return {};
  return { thinking: { type: 'enabled', budget_tokens: budgetTokens, display: 'summarized' } };
};

/**
 * platform.claude.com: “What's new in Claude Opus 5.5” (thinking cannot be disabled; the same for Fable), “Opus 5 migration guide”
 * (thinking on by default, may be disabled), models.dev on Sonnet 5.5 (`disabled` is rejected, `between_tools` turns thinking off) and
 * docs.apiyi.com, thinking guide of November 2026 (Haiku 5.5 may be disabled). `budget_tokens` is refused from 4.7 on and deprecated
 * in 4.6. Bounds of the budget: the package's `ThinkingConfigEnabled`.
 */
export const ANTHROPIC_FAMILIES: readonly Family[] = [
  { models: /^claude-(2|instant|3-(haiku|sonnet|opus|5))/, efforts: [] },
  {
    models: /^claude-(3-7|(opus|sonnet|haiku)-4-([015]|2025))/,
    efforts: ['none'],
    budget: { least: 1024 },
    images: true,
    say: anthropicBudget,
  },
  { models: /^claude-(opus|sonnet)-4$/, efforts: ['none'], budget: { least: 1024 }, images: true, say: anthropicBudget },
  {
    models: /^claude-(opus|sonnet)-4-6/,
    efforts: ['none', ...LOW_TO_HIGH, 'max'],
    images: true,
    say: adaptive({ off: 'disabled' }),
  },
  { models: /^claude-opus-4/, efforts: ['none', ...LOW_TO_MAX], images: true, say: adaptive({ off: 'disabled' }) },
  {
    models: /^claude-sonnet-5-5/,
    efforts: ['none', ...LOW_TO_MAX],
    images: true,
    say: adaptive({ off: 'between_tools', byDefault: true }),
  },
  {
    models: /^claude-(haiku-5-5|opus-5$)/,
    efforts: ['none', ...LOW_TO_MAX],
    images: true,
    say: adaptive({ off: 'disabled', byDefault: true }),
  },
  { models: /^claude-sonnet-5$/, efforts: ['none', ...LOW_TO_MAX], images: true, say: adaptive({ off: 'disabled' }) },
  { models: /^claude-(opus-5-5|fable)/, efforts: LOW_TO_MAX, images: true, say: adaptive({ byDefault: true }) },
  // Whatever comes next: what every model since 4.6 takes.
  { models: /^claude-/, efforts: LOW_TO_HIGH, images: true, say: adaptive({}) },
];

/** The Messages wire at anyone else: as asked, in Anthropic's words. */
export const MESSAGES_AS_ASKED: Family = {
  models: /^/,
  efforts: ['none', ...LOW_TO_MAX],
  unproven: true,
  say: adaptive({ off: 'disabled' }),
};

/**
 * Google's compatible endpoint takes `reasoning_effort` or a `thinking_config`, never both (“Expected one of either…; found both”), and
 * shows thoughts only when the latter asks for them; so everything is said there (ai.google.dev, “OpenAI compatibility”).
 */
const gemini =
  (degree: (said: Degree) => Json): Say =>
  (said) => ({
    extra_body: { google: { thinking_config: { ...degree(said), include_thoughts: said.effort !== 'none' } } },
  });
const geminiLevel = gemini(({ effort }) => (effort === undefined ? {} : { thinking_level: effort }));
const geminiBudget = gemini(({ effort, budgetTokens }) => {
  const tokens = effort === 'none' ? 0 : budgetTokens;
  return tokens === undefined ? {} : { thinking_budget: tokens };
});

/**
 * ai.google.dev, “Gemini thinking”: budgets for 2.5, of which Pro cannot stop; levels from 3 on, none of which stops. `minimal` is of
 * the Flash models. 3.8 Flash: low to high (models.dev); 3.6 and 3.7 are taken to be the same: not verified.
 */
export const GEMINI_FAMILIES: readonly Family[] = [
  { models: /image|tts|audio|live|embedding|robotics|computer-use/, efforts: [] },
  { models: /^gemini-2\.5-pro/, efforts: [], budget: { least: 128, most: 32_768 }, images: true, say: geminiBudget },
  { models: /^gemini-2\.5-flash-lite/, efforts: ['none'], budget: { least: 512, most: 24_576 }, images: true, say: geminiBudget },
  { models: /^gemini-2\.5-flash/, efforts: ['none'], budget: { least: 1, most: 24_576 }, images: true, say: geminiBudget },
  { models: /^gemini-3-pro/, efforts: ['low', 'high'], images: true, say: geminiLevel },
  { models: /^gemini-3(\.1|\.5)?-flash/, efforts: MINIMAL_TO_HIGH, images: true, say: geminiLevel },
  { models: /^gemini-3\.\d/, efforts: LOW_TO_HIGH, images: true, say: geminiLevel },
  { models: /^gemini-[1-9]/, efforts: [], images: true },
];

/** api-docs.deepseek.com, guides/thinking_mode: on by default; `thinking.type`, and `reasoning_effort` low, high or max. */
export const DEEPSEEK_FAMILIES: readonly Family[] = [
  {
    models: /^deepseek-(v[4-9]|flash|pro)/,
    efforts: ['none', 'low', 'high', 'max'],
    say: ({ effort }) => {
      if (effort === undefined) return {};
      return effort === 'none' ? { thinking: { type: 'disabled' } } : { thinking: { type: 'enabled' }, reasoning_effort: effort };
    },
  },
  { models: /^deepseek-(chat|reasoner)/, efforts: [], images: false },
];

const effortWith =
  (shown: Json): Say =>
  ({ effort }) => ({
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(effort === 'none' ? {} : shown),
  });

/** console.groq.com/docs/reasoning: gpt-oss in three degrees, Qwen none or its default; `<think>` text unless `parsed` is asked for. */
export const GROQ_FAMILIES: readonly Family[] = [
  GPT_OSS,
  { models: /^qwen\/qwen-?3/, efforts: ['none'], say: effortWith({ reasoning_format: 'parsed' }) },
  { models: /llama-4/, efforts: [], images: true },
];

/**
 * inference-docs.cerebras.ai, capabilities/reasoning: `reasoning_effort`, whose `none` replaces `disable_reasoning`; the text is parsed
 * by default, but for Qwen. Efforts of qwen-3.8-27b: models.dev.
 */
export const CEREBRAS_FAMILIES: readonly Family[] = [
  GPT_OSS,
  { models: /^qwen-3\.8/, efforts: ['none', ...LOW_TO_HIGH], images: true, say: effortWith({ reasoning_format: 'parsed' }) },
  { models: /^zai-glm/, efforts: ['none'], images: false },
];

/** docs.mistral.ai, studio/conversations/reasoning: `reasoning_effort` none or high; Magistral always thinks, by `prompt_mode`. */
export const MISTRAL_FAMILIES: readonly Family[] = [
  { models: /^mistral-(small-(latest|2603)|medium-(3[.-]5|2604)|large-4)/, efforts: ['none', 'high'], images: true },
  { models: /^magistral/, efforts: [], say: () => ({ prompt_mode: 'reasoning' }) },
];

/** docs.x.ai, developers/model-capabilities/text/reasoning, as read by models.dev and by `@ai-sdk/xai` (grok-4.3: none to high). */
export const XAI_FAMILIES: readonly Family[] = [
  { models: /^grok-4\.7/, efforts: LOW_TO_XHIGH, images: true },
  { models: /^grok-4\.[56]/, efforts: LOW_TO_HIGH, images: true },
  { models: /^grok-4\.3/, efforts: ['none', ...LOW_TO_HIGH], images: true },
  { models: /^grok-3-mini/, efforts: ['low', 'high'], images: false },
  { models: /^grok-4/, efforts: [], images: true },
  { models: /^grok-(3|code|build)/, efforts: [], images: false },
];

/** docs.perplexity.ai, api-reference/sonar-post: only deep research takes an effort; the others think as they do. */
export const PERPLEXITY_FAMILIES: readonly Family[] = [{ models: /^sonar-deep-research/, efforts: MINIMAL_TO_HIGH }];

const qwenSwitch: Say = ({ effort, budgetTokens }) => {
  if (effort === 'none') return { enable_thinking: false };
  return budgetTokens === undefined ? {} : { enable_thinking: true, thinking_budget: budgetTokens };
};

/**
 * docs.qwencloud.com, “Thinking”, and alibabacloud.com/help/en/model-studio/deep-thinking: `enable_thinking` switches the hybrid
 * models, `thinking_budget` bounds everything since Qwen3, QwQ and `-thinking` cannot stop. 81,920: models.dev on qwen-plus.
 */
export const QWEN_FAMILIES: readonly Family[] = [
  { models: /instruct|coder|-mt-|-ocr|omni|asr|character|livetranslate/, efforts: [] },
  {
    models: /^qwen3.*-thinking/,
    efforts: [],
    budget: { least: 1, most: 81_920 },
    say: ({ budgetTokens }) => (budgetTokens === undefined ? {} : { thinking_budget: budgetTokens }),
  },
  { models: /^(qwq|qvq)/, efforts: [] },
  { models: /^qwen(-(plus|flash|turbo)|3)/, efforts: ['none'], budget: { least: 1, most: 81_920 }, say: qwenSwitch },
];

const openRouter: Say = ({ effort, budgetTokens }) => {
  if (budgetTokens !== undefined) return { reasoning: { max_tokens: budgetTokens } };
  return effort === undefined ? {} : { reasoning: { effort } };
};

/**
 * openrouter.ai/docs, “Reasoning Tokens”: one `reasoning` object, with an effort or a number, put into each model's own terms there;
 * “Claude 5.5”: budgets are not forwarded to models that only think adaptively.
 */
export const OPENROUTER_FAMILIES: readonly Family[] = [
  { models: /claude-(opus-(4\.[7-9]|[5-9])|(sonnet|haiku)-[5-9]|fable)/, efforts: EFFORTS, unproven: true, say: openRouter },
  { models: /^/, efforts: EFFORTS, budget: { least: 1024 }, unproven: true, say: openRouter },
];

/**
 * docs.ollama.com, “OpenAI compatibility”: `reasoning_effort`; a model that cannot think refuses it, and so does the server any other word
 * (“invalid reasoning value: 'minimal'”, DevEmperor/DictateKeyboard#186; low, medium, high, max and none pass).
 */
export const OLLAMA_FAMILIES: readonly Family[] = [
  { models: /^(llama[23]|codellama|gemma[23]?:|mistral|mixtral|phi[34]|qwen2|codestral|devstral|starcoder)/, efforts: [] },
  GPT_OSS,
  { models: /^/, efforts: ['none', ...LOW_TO_HIGH, 'max'], unproven: true },
];

/** lmstudio.ai/docs, changelog of 0.3.29: effort for gpt-oss on `/v1/responses`; that chat takes it too is not verified. */
export const LM_STUDIO_FAMILIES: readonly Family[] = [GPT_OSS];

const templateSwitch =
  (name: string): Say =>
  ({ effort, on }) =>
    effort === undefined && !on ? {} : { chat_template_kwargs: { [name]: effort !== 'none' } };

/** Open weights whose chat template has a switch for thinking (the models' cards; qwen.readthedocs.io, “vLLM”). */
const SWITCHED: readonly Family[] = [
  { models: /qwen-?3.*(instruct|coder|thinking)/i, efforts: [] },
  { models: /qwen-?3|glm-(4\.[5-9]|5)/i, efforts: ['none'], onOnly: true, say: templateSwitch('enable_thinking') },
  { models: /deepseek-v(3\.[1-9]|4)/i, efforts: ['none'], onOnly: true, say: templateSwitch('thinking') },
];

/** llama.cpp, tools/server/README.md: `chat_template_kwargs` goes to the template, which for gpt-oss knows `reasoning_effort`. */
export const LLAMACPP_FAMILIES: readonly Family[] = [
  { ...GPT_OSS, say: ({ effort }) => (effort === undefined ? {} : { chat_template_kwargs: { reasoning_effort: effort } }) },
  ...SWITCHED,
];

/** docs.vllm.ai, features/reasoning_outputs: `reasoning_effort` for gpt-oss, `chat_template_kwargs` for the others. */
export const VLLM_FAMILIES: readonly Family[] = [GPT_OSS, ...SWITCHED];
