/**
 * From what was asked to what is said: effort and thinking budget put into a model's own terms.
 *
 * A word the model lacks becomes the nearest it has; what it cannot be told is dropped. Either is named. Only where nobody knows what the
 * endpoint takes are the person's words passed on as they are.
 */
import { EFFORTS, type Effort, type ModelRequest } from '../../shared/model.ts';
import type { Adjustment } from '../../shared/sending.ts';
import type { Endpoint } from '../contracts.ts';
import { dialectOf, familyOf, offersBackground } from './dialects.ts';
import type { Degree, Family, Say } from './families.ts';
import { asObject, type Json } from './json.ts';

export interface Thinking {
  readonly parameters: Json;
  readonly adjustments: readonly Adjustment[];
}

/** Tokens for a word of effort, where a model takes a number: low, medium and high are Google's (ai.google.dev, “OpenAI compatibility”). */
const TOKENS: Readonly<Record<Exclude<Effort, 'none'>, number>> = {
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 65_536,
};

/** The parameters of thinking for a request, in the model's terms; `say` is the wire's own way, where the family has none. */
export function thinkingOf(request: ModelRequest, endpoint: Endpoint, say: Say): Thinking {
  const family = familyOf(endpoint, request.model);
  const notes: Note[] = [];
  const said = family ? settle(request, family, who(endpoint, request.model), notes) : dropAll(request, notes);
  // Families write for Chat and Messages; Responses has one way for all.
  const write = endpoint.api === 'openai-responses' ? say : (family?.say ?? say);
  const parameters = family ? write(said) : {};
  const adjustments = notes.map(({ asked, instead, reason }) => {
    const sent = instead === undefined ? undefined : onWire(parameters, instead);
    return { asked, ...(sent === undefined ? {} : { sent }), reason };
  });
  return { parameters, adjustments };
}

/** Names a background run that is asked for where there is none: it is then run like any other. */
export function missingBackground(request: ModelRequest, endpoint: Endpoint): readonly Adjustment[] {
  if (!request.background || offersBackground(endpoint)) return [];
  return [{ asked: 'background run', reason: 'only the Responses API of OpenAI and Azure has them' }];
}

/** Something that is not said as it was asked; `instead` is the value that is found in the parameters in its place. */
interface Note {
  readonly asked: string;
  readonly instead?: Effort | number | true;
  readonly reason: string;
}

interface Who {
  readonly vendor: string;
  readonly model: string;
  readonly takesBudgets: boolean;
}

const who = (endpoint: Endpoint, model: string): Who => ({
  vendor: dialectOf(endpoint).label,
  model,
  takesBudgets: endpoint.api !== 'openai-responses',
});

const count = (tokens: number): string => tokens.toLocaleString('en-US');
const askedEffort = (effort: Effort): string => `effort ${effort}`;
const askedBudget = (tokens: number): string => `thinking budget ${count(tokens)}`;

function dropAll({ model, effort, thinkingBudgetTokens }: ModelRequest, notes: Note[]): Degree {
  const reason = `it is not known that ${model} takes one here`;
  if (effort !== undefined) notes.push({ asked: askedEffort(effort), reason });
  if (thinkingBudgetTokens !== undefined) notes.push({ asked: askedBudget(thinkingBudgetTokens), reason });
  return {};
}

function settle(request: ModelRequest, family: Family, about: Who, notes: Note[]): Degree {
  const { effort, thinkingBudgetTokens: budget } = request;
  const bounds = about.takesBudgets ? family.budget : undefined;
  const said = budget === undefined ? undefined : settleBudget(budget, request, family, bounds, about, notes);
  if (said) {
    if (effort !== undefined) notes.push({ asked: askedEffort(effort), reason: 'the thinking budget is sent in its place' });
    return said;
  }
  return effort === undefined ? {} : settleEffort(effort, request, family, bounds, about, notes);
}

/** Undefined: the budget is dropped, and an effort may be said in its place. */
function settleBudget(
  budget: number,
  { effort, maxOutputTokens }: ModelRequest,
  family: Family,
  bounds: Family['budget'],
  about: Who,
  notes: Note[],
): Degree | undefined {
  const asked = askedBudget(budget);
  const drop = (reason: string): undefined => void notes.push({ asked, reason });
  const canStop = family.efforts.includes('none');
  if (!bounds) return drop(`${about.model} takes no number of thinking tokens here`);
  if (effort === 'none' && canStop) return drop('thinking is switched off');
  if (effort === undefined && budget === 0 && canStop) return { effort: 'none' };
  const tokens = bounded(budget, bounds, maxOutputTokens);
  if (tokens === undefined) return drop(tooShort(bounds, maxOutputTokens));
  if (tokens !== budget) notes.push({ asked, instead: tokens, reason: whyBounded(budget, tokens, bounds, maxOutputTokens) });
  return { budgetTokens: tokens };
}

function settleEffort(
  effort: Effort,
  request: ModelRequest,
  family: Family,
  bounds: Family['budget'],
  about: Who,
  notes: Note[],
): Degree {
  if (family.efforts.includes(effort)) return { effort };
  const asked = askedEffort(effort);
  const degrees = family.efforts.filter((word) => word !== 'none');
  const nearest = effort === 'none' ? degrees[0] : nearestOf(effort, degrees);
  const cannotStop = `${about.model} cannot be told not to think`;
  if (nearest !== undefined) {
    const reason = effort === 'none' ? cannotStop : `${about.vendor} knows ${listed(family.efforts)} for ${about.model}`;
    notes.push({ asked, instead: nearest, reason });
    return { effort: nearest };
  }
  if (bounds) {
    const wanted = effort === 'none' ? bounds.least : TOKENS[effort];
    const tokens = bounded(wanted, bounds, request.maxOutputTokens);
    if (tokens === undefined) {
      notes.push({ asked, reason: tooShort(bounds, request.maxOutputTokens) });
      return {};
    }
    notes.push({
      asked,
      instead: tokens,
      reason: effort === 'none' ? cannotStop : `${about.model} takes a number of tokens in place of a word`,
    });
    return { budgetTokens: tokens };
  }
  if (effort !== 'none' && family.onOnly && about.takesBudgets) {
    notes.push({ asked, instead: true, reason: `${about.model} thinks or does not; it has no degrees` });
    return { on: true };
  }
  notes.push({
    asked,
    reason:
      family.efforts.length > 0 ? `${about.model} thinks or does not; it has no degrees` : `${about.model} takes no effort here`,
  });
  return {};
}

/**
 * The word next to it; of two that are as near, the one nearer to `high`, as DeepSeek maps them: medium and xhigh are both high
 * (api-docs.deepseek.com, guides/thinking_mode).
 */
function nearestOf(effort: Effort, words: readonly Effort[]): Effort | undefined {
  const distance = (word: Effort, to: Effort): number => Math.abs(EFFORTS.indexOf(word) - EFFORTS.indexOf(to));
  return words.toSorted((a, b) => distance(a, effort) - distance(b, effort) || distance(a, 'high') - distance(b, 'high'))[0];
}

/** A budget inside its bounds that leaves a quarter of the answer's limit for the answer. Undefined: the limit has no room for any. */
function bounded(tokens: number, { least, most }: NonNullable<Family['budget']>, limit: number): number | undefined {
  const room = Math.floor((limit * 3) / 4);
  const tokensInBounds = Math.max(least, Math.min(Math.floor(tokens), most ?? Number.POSITIVE_INFINITY));
  if (tokensInBounds < limit) return tokensInBounds;
  return room >= least ? room : undefined;
}

function whyBounded(asked: number, tokens: number, { least, most }: NonNullable<Family['budget']>, limit: number): string {
  if (tokens === least && asked < least) return `${count(least)} tokens are the least it takes`;
  if (tokens === most && asked > most) return `${count(most)} tokens are the most it takes`;
  return `it must be less than the answer's limit of ${count(limit)} tokens`;
}

const tooShort = ({ least }: NonNullable<Family['budget']>, limit: number): string =>
  `thinking takes at least ${count(least)} tokens, and the answer's limit is ${count(limit)}`;

/** `low, high and max`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Where in the parameters a value stands, as `name.name: value`. Undefined: it is not there. */
function onWire(parameters: Json, value: Effort | number | true, path = ''): string | undefined {
  for (const [name, inner] of Object.entries(parameters)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (inner === value) return `${place}: ${inner}`;
    const found = onWire(asObject(inner) ?? {}, value, place);
    if (found !== undefined) return found;
  }
  return undefined;
}
