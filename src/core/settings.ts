/**
 * The settings, as the extension and the command line both read them, checked where they enter.
 *
 * What is wrong is said with its path and left out; the rest still works. A wrong limit is different: it is never replaced by a default,
 * because the default may be higher than what was meant.
 */
import * as v from 'valibot';
import type { LaneId } from '../shared/comparison.ts';
import { TARGETS, type TargetId } from '../shared/design.ts';
import { isObject } from '../shared/isObject.ts';
import { APIS, EFFORTS, type Effort, type ModelRef, parseModelRef } from '../shared/model.ts';
import { nanoFromUsd } from '../shared/money.ts';
import type { Endpoint, Limits } from './contracts.ts';
import { overlayProblem, type PriceOverlay } from './money/overlay.ts';
import { isLoopbackUrl, validateBaseUrl } from './providers/baseUrl.ts';
import { DIALECT_NAMES } from './providers/dialects.ts';
import { BUILT_IN_ENDPOINTS } from './providers/endpoints.ts';
import { SAMPLE_ENDPOINT } from './providers/sample.ts';

const usdPerMTok = v.pipe(v.number(), v.finite(), v.minValue(0));

const priceFigures = {
  inputUsdPerMTok: usdPerMTok,
  outputUsdPerMTok: usdPerMTok,
  cacheReadUsdPerMTok: v.optional(usdPerMTok),
  cacheWriteUsdPerMTok: v.optional(usdPerMTok),
};
const PriceRow = v.strictObject({
  ...priceFigures,
  from: v.optional(v.string()),
  until: v.optional(v.string()),
  hoursUtc: v.optional(v.string()),
  tiers: v.optional(
    v.array(v.strictObject({ ...priceFigures, aboveInputTokens: v.pipe(v.number(), v.integer(), v.minValue(1)) })),
  ),
  asOf: v.optional(v.string()),
});
type PriceRow = v.InferOutput<typeof PriceRow>;
/** One row, or several that hold at different times. Which of the two was meant is seen at once, so that a fault is named where it is. */
const PriceRows = v.lazy(
  (given): v.GenericSchema<unknown, PriceRow | PriceRow[]> => (Array.isArray(given) ? v.array(PriceRow) : PriceRow),
);

const EndpointRow = v.strictObject({
  label: v.optional(v.string()),
  api: v.picklist(APIS),
  dialect: v.optional(v.picklist(DIALECT_NAMES)),
  baseUrl: v.string(),
  keyEnv: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable'))),
  needsKey: v.optional(v.boolean()),
  models: v.optional(v.array(v.string())),
});

const limitUsd = v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0)));
const EndpointBudget = v.strictObject({ perDayUsd: v.optional(limitUsd), perMonthUsd: v.optional(limitUsd) });
const outputTokens = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_000_000));
const budgetTokens = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_000_000)));
const ModelRow = v.strictObject({
  effort: v.optional(v.picklist(EFFORTS)),
  thinkingBudgetTokens: v.optional(budgetTokens),
  maxOutputTokens: v.optional(outputTokens),
});
const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(24 * 3600));
const Patience = v.strictObject({
  firstByteSeconds: v.optional(seconds),
  idleSeconds: v.optional(seconds),
  progressSeconds: v.optional(seconds),
});
const Pair = v.strictObject({ fast: v.string(), reasoning: v.string() });

/** Where Figma's REST API is for everybody but governments. */
const FIGMA_API_URL = 'https://api.figma.com';

/** One schema and one default for each setting, by its name without the prefix. */
const SCHEMAS = {
  fastModel: [v.string(), 'sample:fast'],
  reasoningModel: [v.string(), 'sample:reasoning'],
  presets: [v.record(v.string(), Pair), {}],
  endpoints: [v.record(v.string(), EndpointRow), {}],
  prices: [v.record(v.string(), PriceRows), {}],
  'budget.perRunUsd': [limitUsd, 1],
  'budget.perDayUsd': [limitUsd, 5],
  'budget.perMonthUsd': [limitUsd, 50],
  'budget.endpoints': [v.record(v.string(), EndpointBudget), {}],
  'budget.warnAtShare': [v.nullable(v.pipe(v.number(), v.minValue(0.01), v.maxValue(1))), 0.8],
  'maxOutputTokens.fast': [outputTokens, 8000],
  'maxOutputTokens.reasoning': [outputTokens, 24000],
  'thinkingBudgetTokens.fast': [budgetTokens, null],
  'thinkingBudgetTokens.reasoning': [budgetTokens, null],
  models: [v.record(v.string(), ModelRow), {}],
  prompts: [v.picklist(['identical', 'adapted']), 'identical'],
  deepRuns: [v.boolean(), false],
  countInputTokens: [v.boolean(), false],
  stopLoops: [v.boolean(), true],
  target: [v.picklist(['auto', ...TARGETS]), 'auto'],
  instructionsFile: [v.string(), ''],
  contextFiles: [v.pipe(v.array(v.string()), v.maxLength(8)), []],
  'patience.fast': [Patience, {}],
  'patience.reasoning': [Patience, {}],
  'history.maxMegabytes': [v.pipe(v.number(), v.minValue(1), v.maxValue(1_000_000)), 500],
  'figma.apiUrl': [v.string(), FIGMA_API_URL],
} as const;

export type SettingName = keyof typeof SCHEMAS;
export const SETTING_NAMES = Object.keys(SCHEMAS) as readonly SettingName[]; // the keys of a constant are its keys

export interface Settings {
  readonly fastModel: string;
  readonly reasoningModel: string;
  readonly presets: Readonly<Record<string, { readonly fast: string; readonly reasoning: string }>>;
  /** The sample, the built-in rows, and the person's own, which win. */
  readonly endpoints: readonly Endpoint[];
  readonly prices: PriceOverlay;
  readonly limits: Limits;
  /** From 0.01 to 1: the share of a limit at which to warn; absent: never. */
  readonly warnAtShare?: number;
  readonly maxOutputTokens: { readonly fast: number; readonly reasoning: number };
  /** Absent: none is asked for. */
  readonly thinkingBudgetTokens: { readonly fast?: number; readonly reasoning?: number };
  /** What holds for one model whatever its lane, by `endpoint:model`; it wins over the lane's. */
  readonly models: Readonly<Record<string, ModelOptions>>;
  readonly prompts: 'identical' | 'adapted';
  /** Reasoning lanes run in the background where the endpoint offers it. */
  readonly deepRuns: boolean;
  /** The vendor's counting endpoint is asked before a run. */
  readonly countInputTokens: boolean;
  /** An answer that repeats itself beyond doubt is stopped. */
  readonly stopLoops: boolean;
  /** What designs are to be built in, unless one is chosen for a folder; `auto`: what fits the workspace. */
  readonly target: TargetId | 'auto';
  /** Path of the standing instructions in a workspace folder; empty: there are none. */
  readonly instructionsFile: string;
  /** Paths and globs of what designs are to be built with, in a workspace folder. */
  readonly contextFiles: readonly string[];
  readonly patience: Readonly<Record<LaneId, Patience>>;
  /** How much room past comparisons may take: the oldest that are not pinned go first. */
  readonly historyMaxBytes: number;
  /** Origin of Figma's REST API, without a slash at the end. */
  readonly figmaApiUrl: string;
}

export interface ModelOptions {
  /** For references that name none. */
  readonly effort?: Effort;
  readonly thinkingBudgetTokens?: number | null;
  readonly maxOutputTokens?: number;
}

/** How long a lane is waited for; absent: the default of its role. */
export interface Patience {
  readonly firstByteSeconds?: number;
  readonly idleSeconds?: number;
  readonly progressSeconds?: number;
}

export interface ParsedSettings {
  readonly settings: Settings;
  /** One sentence for each thing that was wrong. */
  readonly problems: readonly string[];
  /** True when a limit could not be understood: nothing may be spent until it is mended. */
  readonly limitsBroken: boolean;
}

/** Reads settings from plain JSON, nested (`{"budget":{"perRunUsd":1}}`) or with dotted names. */
export function parseSettings(raw: unknown): ParsedSettings {
  const problems: string[] = [];
  let limitsBroken = false;
  const given = new Map<string, unknown>();
  if (raw !== undefined && !isObject(raw)) problems.push('The settings must be a JSON object.');
  else flatten(raw ?? {}, '', given);

  for (const name of given.keys()) if (!(name in SCHEMAS)) problems.push(`Unknown setting "${name}".`);

  const read = <T>(name: SettingName): T => {
    const [schema, fallback] = SCHEMAS[name];
    if (!given.has(name)) return fallback as T;
    const result = v.safeParse(schema, given.get(name));
    if (result.success) return result.output as T;
    const issue = result.issues[0];
    const at = [name, v.getDotPath(issue)].filter(Boolean).join('.');
    problems.push(`Setting "${at}" is not usable: ${issue.message}.`);
    if (name.startsWith('budget.') && name !== 'budget.warnAtShare') limitsBroken = true;
    return fallback as T;
  };

  const endpoints = mergeEndpoints(read<Record<string, v.InferOutput<typeof EndpointRow>>>('endpoints'), problems);
  const ofEndpoints = read<Record<string, v.InferOutput<typeof EndpointBudget>>>('budget.endpoints');
  for (const id of Object.keys(ofEndpoints)) {
    if (endpoints.some((endpoint) => endpoint.id === id)) continue;
    problems.push(`Setting "budget.endpoints.${id}" is not usable: no endpoint is called "${id}".`);
    limitsBroken = true; // a slip in the name would leave the endpoint that was meant without its limit
  }
  const perEndpoint = Object.entries(ofEndpoints).map(([id, { perDayUsd, perMonthUsd }]) => [
    id,
    { ...inNano('perDayNanoUsd', perDayUsd), ...inNano('perMonthNanoUsd', perMonthUsd) },
  ]);
  const warnAtShare = read<number | null>('budget.warnAtShare');
  return {
    settings: {
      fastModel: read('fastModel'),
      reasoningModel: read('reasoningModel'),
      presets: read('presets'),
      endpoints,
      prices: usablePrices(read('prices'), problems),
      limits: {
        ...inNano('perRunNanoUsd', read('budget.perRunUsd')),
        ...inNano('perDayNanoUsd', read('budget.perDayUsd')),
        ...inNano('perMonthNanoUsd', read('budget.perMonthUsd')),
        ...(perEndpoint.length > 0 ? { perEndpoint: Object.fromEntries(perEndpoint) } : {}),
      },
      ...(warnAtShare === null ? {} : { warnAtShare }),
      maxOutputTokens: { fast: read('maxOutputTokens.fast'), reasoning: read('maxOutputTokens.reasoning') },
      thinkingBudgetTokens: withoutNulls({
        fast: read<number | null>('thinkingBudgetTokens.fast'),
        reasoning: read<number | null>('thinkingBudgetTokens.reasoning'),
      }),
      models: read('models'),
      prompts: read('prompts'),
      deepRuns: read('deepRuns'),
      countInputTokens: read('countInputTokens'),
      stopLoops: read('stopLoops'),
      target: read('target'),
      instructionsFile: read('instructionsFile'),
      contextFiles: read('contextFiles'),
      patience: { fast: read('patience.fast'), reasoning: read('patience.reasoning') },
      historyMaxBytes: read<number>('history.maxMegabytes') * 1024 * 1024,
      figmaApiUrl: usableApiUrl(read('figma.apiUrl'), problems),
    },
    problems,
    limitsBroken,
  };
}

/** A limit under its name; nothing where there is none. */
const inNano = <K extends string>(name: K, usd: number | null | undefined): { readonly [k in K]?: number } =>
  usd === null || usd === undefined ? {} : ({ [name]: nanoFromUsd(usd) } as { [k in K]: number }); // a computed key loses its name

const withoutNulls = <K extends string>(values: Readonly<Record<K, number | null>>): Partial<Record<K, number>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<Record<K, number>>; // entries lose the key's type

/** Settings whose value is itself a table are taken whole; groups (`budget`, `maxOutputTokens`) are opened. */
function flatten(value: Readonly<Record<string, unknown>>, prefix: string, into: Map<string, unknown>): void {
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix + key;
    const isGroup = isObject(inner) && !(name in SCHEMAS) && SETTING_NAMES.some((setting) => setting.startsWith(`${name}.`));
    if (isGroup) flatten(inner, `${name}.`, into);
    else into.set(name, inner);
  }
}

/** An address that a token may be sent to; else Figma's own, for which a token of another origin is never used. */
function usableApiUrl(given: string, problems: string[]): string {
  const url = given.replace(/\/+$/, '');
  const problem = validateBaseUrl(url);
  if (problem) problems.push(`Setting "figma.apiUrl" is not usable: ${problem}`);
  return problem ? FIGMA_API_URL : url;
}

/** A price out of any sane range is a slip (per token instead of per million), and is no price. */
function usablePrices(rows: PriceOverlay, problems: string[]): PriceOverlay {
  return Object.fromEntries(
    Object.entries(rows).filter(([model, row]) => {
      const problem = parseModelRef(model) ? overlayProblem(row) : 'write it as endpoint:model';
      if (problem) problems.push(`The price of "${model}" is not usable: ${problem}`);
      return problem === undefined;
    }),
  );
}

function mergeEndpoints(
  rows: Readonly<Record<string, v.InferOutput<typeof EndpointRow>>>,
  problems: string[],
): readonly Endpoint[] {
  const endpoints = new Map([SAMPLE_ENDPOINT, ...BUILT_IN_ENDPOINTS].map((endpoint) => [endpoint.id, endpoint]));
  for (const [id, row] of Object.entries(rows)) {
    const baseUrl = row.baseUrl.replace(/\/+$/, '');
    const problem = !/^[A-Za-z0-9][\w.-]*$/.test(id)
      ? 'its name may hold letters, digits, dot, dash and underscore only'
      : id === SAMPLE_ENDPOINT.id
        ? 'that name belongs to the scripted sample'
        : endpoints.get(id)?.api === 'vscode-lm'
          ? 'that name belongs to the models of VS Code'
          : validateBaseUrl(baseUrl);
    if (problem) {
      problems.push(`Endpoint "${id}" is not usable: ${problem}`);
      continue;
    }
    endpoints.set(id, {
      id,
      label: row.label ?? id,
      api: row.api,
      baseUrl,
      needsKey: row.needsKey ?? !isLoopbackUrl(baseUrl),
      ...(row.dialect ? { dialect: row.dialect } : {}),
      ...(row.keyEnv ? { keyEnv: row.keyEnv } : {}),
      ...(row.models ? { suggestedModels: row.models } : {}),
    });
  }
  return [...endpoints.values()];
}

/** Finds the endpoint of a model reference, or says in one sentence what is wrong with it. */
export function resolveModel(text: string, settings: Settings): { ref: ModelRef; endpoint: Endpoint } | { problem: string } {
  const ref = parseModelRef(text);
  if (!ref)
    return {
      problem: `"${text}" is not a model reference. Write endpoint:model or endpoint:model@effort, for example openai:gpt-6-sol@high.`,
    };
  const endpoint = settings.endpoints.find((candidate) => candidate.id === ref.endpoint);
  if (endpoint?.scripted && !endpoint.suggestedModels?.includes(ref.model)) {
    const models = (endpoint.suggestedModels ?? []).map((model) => `${endpoint.id}:${model}`).join(' and ');
    return { problem: `There is no sample called "${text}". The samples are ${models}.` };
  }
  if (endpoint?.api === 'vscode-lm' && !/^[^/]+\/./.test(ref.model)) {
    return {
      problem: `"${text}" names no model of VS Code. Write ${endpoint.id}:vendor/model, for example ${endpoint.id}:copilot/gpt-5-mini.`,
    };
  }
  if (endpoint) return { ref, endpoint };
  const known = settings.endpoints.map((candidate) => candidate.id).join(', ');
  return {
    problem: `No endpoint is called "${ref.endpoint}". Known endpoints: ${known}. Add your own under "endpoints" in the settings.`,
  };
}
