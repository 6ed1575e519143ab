/**
 * Reading a comparison that somebody else ran: the JSON of an export, or the event log of the command line. The file may come from
 * anywhere, so nothing of it is believed: every field of every event is checked, what is not known is left out, names are one line.
 *
 * What comes in is marked with the file's name, has no place on this machine (no document, no reservation in the books), and is at its
 * end: a run that was under way is interrupted. Its prices and costs stay as they were recorded, and are in no sum of this machine.
 */
import * as v from 'valibot';
import { type ComparisonEvent, fold, LANES, SCHEMA_VERSION } from '../../shared/comparison.ts';
import { MATERIAL_KINDS, TARGETS } from '../../shared/design.ts';
import { isObject } from '../../shared/isObject.ts';
import { INTERRUPTED } from '../compare/interrupted.ts';
import { FORMAT } from './json.ts';

export type Shared = { readonly events: readonly ComparisonEvent[] } | { readonly problem: string };

/** Far more than pictures and two long answers need. */
export const MAX_SHARED_BYTES = 64 * 1024 * 1024;
const MAX_EVENTS = 500_000;
/** Nothing we write nests deeper than the parameters of a request do. */
const MAX_DEPTH = 24;
const MAX_NAME = 300;
const MAX_SENTENCE = 2000;
/** Of what was left out of one file. */
const MAX_PHRASES = 100;

/** The events of a file of that name, or one sentence that says why it cannot be read. */
export function readShared(text: string, fileName: string): Shared {
  const name = oneLine(fileName, MAX_NAME);
  const refuse = (why: string): Shared => ({ problem: `${name} cannot be imported: ${why}` });
  if (text.length > MAX_SHARED_BYTES) return refuse('it is larger than any comparison.');
  const given = parse(text.replace(/^\uFEFF/, ''));
  if (!given) return refuse('it is no comparison of Second Thought.');
  if (isNewer(given.schema))
    return refuse('it was written by a newer version of Second Thought. Update the extension to read it.');
  if (given.events.length === 0 || given.events.length > MAX_EVENTS) return refuse('it holds no comparison, or far too much.');
  if (!isHarmless(given.events)) return refuse('it holds something that no comparison has.');
  const events: ComparisonEvent[] = [];
  for (const [index, each] of given.events.entries()) {
    const { success, output } = v.safeParse(Event, each, { abortEarly: true, abortPipeEarly: true });
    if (!success) return refuse(`its event ${index} is not as Second Thought writes it.`);
    if (output.type === 'comparison-start' && isNewer(output.schema))
      return refuse('it was written by a newer version of Second Thought. Update the extension to read it.');
    if (output.seq !== index) return refuse(`an event is missing before its event ${index}.`);
    if ((output.type === 'comparison-start') !== (index === 0)) return refuse('it does not begin as a comparison does.');
    if (output.type === 'lane' && output.event.type === 'start' && output.event.plan.lane !== output.lane)
      return refuse(`its event ${index} is not as Second Thought writes it.`);
    events.push(output as ComparisonEvent); // valibot writes an absent field as `undefined` in the type alone
  }
  return { events: ended(events.map((event) => marked(event, name))) };
}

/** Ends whatever was under way: nobody goes on with it here. */
function ended(events: readonly ComparisonEvent[]): readonly ComparisonEvent[] {
  const state = fold(events);
  if (!state.running) return events;
  const open = LANES.filter((lane) => state.runs[lane] && state.runs[lane].status !== 'ended');
  const ends = open.map(
    (lane) => ({ type: 'lane', lane, event: { type: 'end', reason: 'aborted', error: INTERRUPTED } }) as const,
  );
  return [
    ...events,
    ...[...ends, { type: 'comparison-end' } as const].map((body, i) => ({ ...body, seq: state.seq + 1 + i, atMs: state.atMs })),
  ];
}

function marked(event: ComparisonEvent, importedFrom: string): ComparisonEvent {
  if (event.type !== 'comparison-start') return event;
  const { source, ...task } = event.task;
  const own = source && {
    // Nothing on this machine, whatever that file said; the name tells what an answer's file is called.
    uri: `untitled:${encodeURIComponent(source.name)}`,
    name: source.name,
    ...(source.languageId === undefined ? {} : { languageId: source.languageId }),
  };
  return { ...event, task: { ...task, ...(own ? { source: own } : {}) }, importedFrom };
}

const isNewer = (schema: unknown): boolean => typeof schema === 'number' && schema > SCHEMA_VERSION;

/** The JSON of an export, or one event a line; undefined for anything else. */
function parse(text: string): { readonly schema: unknown; readonly events: readonly unknown[] } | undefined {
  const whole = parseJson(text);
  if (isObject(whole) && whole.format === FORMAT) {
    const { schema, events } = whole;
    if (isNewer(schema)) return { schema, events: [] };
    return typeof schema === 'number' && Array.isArray(events) ? { schema, events } : undefined;
  }
  const events = text
    .split('\n')
    .filter((each) => each.trim() !== '')
    .map(parseJson);
  return events.every(isObject) ? { schema: undefined, events } : undefined;
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** No field that would change an object's nature, and no nesting that would break whoever walks it. Walks without recursion itself. */
function isHarmless(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (['__proto__', 'constructor', 'prototype'].some((key) => Object.hasOwn(value, key))) return false;
      for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) next.push(each);
    }
    level = next;
  }
  return true;
}

/** No line ends, nothing a terminal obeys, nothing that turns the direction of writing; and no longer than that. */
const oneLine = (text: string, most: number): string =>
  text
    .slice(0, most * 4)
    .replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ')
    .trim()
    .slice(0, most);

const line = (most: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => oneLine(text, most)),
  );
const Name = line(MAX_NAME);
const Sentence = line(MAX_SENTENCE);
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const yes = v.literal(true);

const Size = v.object({ width: whole, height: whole });
const MediaType = v.picklist(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);
const Lane = v.picklist(LANES);

const ErrorFacts = v.object({
  kind: v.picklist([
    'auth',
    'rate-limit',
    'overloaded',
    'context-length',
    'invalid-request',
    'budget',
    'network',
    'timeout',
    'protocol',
    'interrupted',
    'unknown',
  ]),
  message: Sentence,
  retryable: v.boolean(),
  status: v.optional(whole),
  retryAfterMs: v.optional(count),
  mend: v.optional(v.picklist(['model', 'prompt', 'endpoint', 'proxy'])),
  neverSent: v.optional(yes),
});

const UsageFacts = v.object({
  inputTokens: v.optional(count),
  outputTokens: v.optional(count),
  reasoningTokens: v.optional(count),
  cacheReadTokens: v.optional(count),
  cacheWriteTokens: v.optional(count),
  basis: v.picklist(['reported', 'estimated']),
});

const CostFacts = v.pipe(
  v.object({
    nanoUsd: v.optional(whole),
    basis: v.picklist(['billed', 'computed', 'estimated', 'local', 'unknown']),
    priceSource: v.optional(Name),
    priceAsOf: v.optional(Name),
    assumedModel: v.optional(Name),
  }),
  v.check(({ nanoUsd, basis }) => (nanoUsd === undefined) === (basis === 'unknown')),
);

const EstimateFacts = v.object({
  inputTokens: count,
  inputTokensRange: v.optional(v.tuple([count, count])),
  inputBasis: v.optional(v.literal('counted')),
  likelyOutputTokens: v.optional(count),
  likelyFromRuns: v.optional(whole),
  floorNanoUsd: v.optional(whole),
  likelyNanoUsd: v.optional(whole),
  ceilingNanoUsd: v.optional(whole),
  largerCeilingNanoUsd: v.optional(whole),
});

const Plan = v.object({
  lane: Lane,
  model: Name,
  endpointLabel: Name,
  scripted: v.boolean(),
  maxOutputTokens: count,
  system: v.string(),
  prompt: v.string(),
  estimate: EstimateFacts,
  promptStyle: v.optional(v.picklist(['identical', 'adapted', 'edited'])),
  thinkingBudgetTokens: v.optional(count),
  background: v.optional(yes),
  sending: v.optional(
    v.object({
      parameters: v.record(Name, v.unknown()),
      adjustments: v.array(v.object({ asked: Sentence, sent: v.optional(Sentence), reason: Sentence })),
      pictures: v.array(
        v.object({
          mediaType: MediaType,
          bytes: whole,
          size: v.optional(Size),
          scaledTo: v.optional(Size),
          tokens: v.optional(count),
        }),
      ),
    }),
  ),
  patience: v.optional(v.object({ firstByteMs: count, idleMs: count, progressMs: count })),
});

const InfoWord = v.pipe(v.string(), v.regex(/^[\w.+#-]{1,60}$/));

/** Without its address: there is no such document here. */
const MaterialFacts = v.object({
  kind: v.picklist(MATERIAL_KINDS),
  role: v.picklist(['design', 'context', 'instructions']),
  name: Name,
  language: v.optional(InfoWord),
  frame: v.optional(v.object({ width: count, height: count })),
  originalBytes: v.optional(whole),
  leftOut: v.pipe(v.array(Name), v.maxLength(MAX_PHRASES)),
});

const TaskFields = v.object({
  kind: v.picklist(['design', 'code']),
  title: Name,
  instruction: v.string(),
  parts: v.array(
    v.variant('type', [
      v.object({ type: v.literal('text'), text: v.string() }),
      v.object({
        type: v.literal('image'),
        mediaType: MediaType,
        base64: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
      }),
    ]),
  ),
  materials: v.optional(v.array(MaterialFacts)),
  target: v.optional(v.picklist(TARGETS)),
  source: v.optional(
    v.object({
      name: v.pipe(
        Name,
        v.transform((name) => name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)),
      ),
      languageId: v.optional(InfoWord),
    }),
  ),
});
const TaskFacts = v.pipe(
  TaskFields,
  v.check(({ parts, materials }) => materials === undefined || materials.length === parts.length),
);

/** Without what stands for something on the machine it ran on: `holdId`, `cursor`. */
const LaneFacts = v.variant('type', [
  v.object({ type: v.literal('start'), plan: Plan }),
  v.object({ type: v.literal('attempt'), number: whole, spent: v.optional(CostFacts) }),
  v.object({ type: v.literal('sent') }),
  v.object({ type: v.literal('retry'), waitMs: count, error: ErrorFacts }),
  v.object({ type: v.literal('first-byte') }),
  v.object({ type: v.literal('first-event') }),
  v.object({ type: v.literal('alive') }),
  v.object({
    type: v.literal('served'),
    model: v.optional(Name),
    responseId: v.optional(Name),
    serviceTier: v.optional(Name),
    fromCache: v.optional(yes),
  }),
  v.object({ type: v.literal('resume'), after: v.picklist(['connection', 'reload']) }),
  v.object({ type: v.literal('reasoning'), text: v.string() }),
  v.object({ type: v.literal('text'), text: v.string() }),
  v.object({ type: v.literal('usage'), usage: UsageFacts }),
  v.object({ type: v.literal('cost'), cost: CostFacts }),
  v.object({ type: v.literal('settled'), cost: CostFacts }),
  v.object({ type: v.literal('notice'), text: Sentence }),
  v.object({
    type: v.literal('end'),
    reason: v.picklist(['stop', 'length', 'content-filter', 'aborted', 'error']),
    error: v.optional(ErrorFacts),
  }),
]);

const place = { seq: whole, atMs: count };
const Event = v.variant('type', [
  v.object({
    ...place,
    type: v.literal('comparison-start'),
    schema: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    id: v.string(),
    startedAt: v.pipe(
      v.string(),
      v.isoTimestamp(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
    task: TaskFacts,
  }),
  v.object({ ...place, type: v.literal('lane'), lane: Lane, event: LaneFacts }),
  v.object({ ...place, type: v.literal('comparison-end') }),
]);
