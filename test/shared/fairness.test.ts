/** Plans and facts of two runs in, the fairness sheet and its sentence out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ComparisonEvent,
  type ComparisonState,
  EMPTY,
  fold,
  type LaneEvent,
  type LaneId,
  type LanePlan,
} from '../../src/shared/comparison.ts';
import { fairnessSheet } from '../../src/shared/fairness.ts';
import { fairnessVerdict } from '../../src/shared/fairnessVerdict.ts';
import type { Sending } from '../../src/shared/sending.ts';
import type { Task } from '../../src/shared/task.ts';

const sending: Sending = { parameters: { model: 'm', stream: true }, adjustments: [], pictures: [] };
const SPEC: Task = { kind: 'design', title: '', instruction: '', parts: [{ type: 'text', text: '# A' }] };
const PICTURE: Task = { ...SPEC, parts: [{ type: 'image', mediaType: 'image/png', base64: '' }] };

type Given = Partial<LanePlan> & { readonly events?: readonly LaneEvent[]; readonly isOld?: boolean };

/** Two runs that differ in nothing but what is given; `null`: that lane has not run. */
function state(fast: Given | null = {}, reasoning: Given | null = {}, task = SPEC): ComparisonState {
  const events: ComparisonEvent[] = [
    { seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'c', startedAt: '2026-11-22T10:00:00Z', task },
  ];
  const add = (lane: LaneId, event: LaneEvent) =>
    events.push({ seq: events.length, atMs: events.length, type: 'lane', lane, event });
  for (const [lane, given] of [
    ['fast', fast],
    ['reasoning', reasoning],
  ] as const) {
    if (!given) continue;
    const { events: own = [], isOld = false, ...changes } = given;
    const plan: LanePlan = {
      lane,
      model: 'openai:m',
      endpointLabel: 'OpenAI',
      scripted: false,
      maxOutputTokens: 8000,
      system: 'rules',
      prompt: 'goal',
      estimate: { inputTokens: 1200 },
      ...(isOld ? {} : { promptStyle: 'identical', sending }),
      ...changes,
    };
    add(lane, { type: 'start', plan });
    for (const event of own) add(lane, event);
  }
  return fold(events);
}

/** As it was logged before there was a sheet. */
const OLD: Given = { isOld: true };
const row = (given: ComparisonState, id: string) => {
  const found = fairnessSheet(given).find((each) => each.id === id);
  assert.ok(found, `no row ${id}`);
  return { fast: found.fast.join(' | '), reasoning: found.reasoning.join(' | '), same: found.same };
};
const picture = (scaledTo?: [number, number], tokens?: number): Sending => ({
  ...sending,
  pictures: [
    {
      mediaType: 'image/png',
      bytes: 214_880,
      size: { width: 2560, height: 1440 },
      ...(scaledTo ? { scaledTo: { width: scaledTo[0], height: scaledTo[1] } } : {}),
      ...(tokens === undefined ? {} : { tokens }),
    },
  ],
});
const adjusted = (...adjustments: Sending['adjustments']): Given => ({ sending: { ...sending, adjustments } });
const DROPPED = { asked: 'effort minimal', reason: 'm takes no effort' };
const CHANGED = { asked: 'effort xhigh', sent: 'reasoning_effort: high', reason: 'm knows low and high' };

/** Row, the fast lane's facts, what its cell says. */
const CELLS: readonly [id: string, given: Given, says: string, task?: Task][] = [
  ['model', { model: 'openai:m@high' }, 'm at OpenAI'],
  ['model', { model: 'sample:fast', scripted: true }, 'sample:fast'],
  ['served', {}, '–'],
  ['served', { events: [{ type: 'served', model: 'm' }] }, 'm'],
  ['served', { events: [{ type: 'served', model: 'm-2026-10-01' }] }, 'm-2026-10-01, a version of it'],
  ['served', { events: [{ type: 'served', model: 'm2' }] }, 'm2, not the model asked for'],
  ['served', { events: [{ type: 'served', model: 'm', serviceTier: 'flex' }] }, 'm | service tier flex'],
  [
    'served',
    { events: [{ type: 'served', model: 'm', fromCache: true }] },
    'm | answered from a cache: its times are not those of a model',
  ],
  ['served', { scripted: true, events: [{ type: 'served', model: 'm' }] }, 'a script, not a model'],
  ['thinking', {}, "the model's own effort"],
  ['thinking', { model: 'openai:m@high', thinkingBudgetTokens: 8000 }, 'effort high | at most 8,000 thinking tokens'],
  ['output-limit', {}, '8,000 tokens'],
  ['adjustments', {}, 'nothing'],
  [
    'adjustments',
    adjusted(DROPPED, CHANGED),
    'effort minimal dropped (m takes no effort) | effort xhigh → reasoning_effort: high (m knows low and high)',
  ],
  ['adjustments', OLD, 'not recorded'],
  [
    'parameters',
    { sending: { ...sending, parameters: { model: 'm', reasoning: { effort: 'high' }, stop: ['a'], store: false, seed: null } } },
    'reasoning.effort: high | stop: ["a"] | store: false | seed: null',
  ],
  ['parameters', { sending: { ...sending, parameters: {} } }, 'none'],
  ['parameters', { scripted: true }, 'none: a script is not asked'],
  ['parameters', OLD, 'not recorded'],
  ['prompt', {}, 'standard words, 4 characters'],
  ['prompt', { promptStyle: 'adapted', prompt: 'goal and steps' }, 'adapted to a fast model, 14 characters'],
  ['prompt', { promptStyle: 'edited' }, 'edited by you, 4 characters'],
  ['prompt', OLD, '4 characters'],
  ['material', {}, '3 characters'],
  ['material', {}, 'no text', PICTURE],
  ['pictures', {}, 'none'],
  [
    'pictures',
    { sending: picture([1456, 819], 1560) },
    '2560 × 1440 PNG, 210 KB; scaled by the vendor to 1456 × 819; ~1,560 tokens',
    PICTURE,
  ],
  ['pictures', { sending: picture([2560, 1440]) }, '2560 × 1440 PNG, 210 KB; not scaled by the vendor', PICTURE],
  ['pictures', { sending: picture() }, "2560 × 1440 PNG, 210 KB; the vendor's scaling is not known", PICTURE],
  ['pictures', { sending: picture(), scripted: true }, '2560 × 1440 PNG, 210 KB', PICTURE],
  ['trimmed', {}, 'nothing'],
  ['trimmed', { sending: picture([1456, 819]) }, 'nothing by us; 1 picture made smaller by the vendor', PICTURE],
  ['trimmed', { sending: picture([2560, 1440]) }, 'nothing', PICTURE],
  ['input-tokens', {}, '~1,200 estimated'],
  ['input-tokens', { estimate: { inputTokens: 1200, inputTokensRange: [900, 1500] } }, '~1,200 estimated, 900 to 1,500'],
  ['input-tokens', { estimate: { inputTokens: 1200, inputBasis: 'counted' } }, '1,200 counted by the provider before the run'],
  ['input-tokens', { events: [{ type: 'usage', usage: { inputTokens: 1198, basis: 'reported' } }] }, '1,198 reported'],
  ['input-tokens', { events: [{ type: 'usage', usage: { inputTokens: 1198, basis: 'estimated' } }] }, '~1,200 estimated'],
  ['input-tokens', { events: [{ type: 'usage', usage: { outputTokens: 1, basis: 'reported' } }] }, '~1,200 estimated'],
  ['cached', {}, '–'],
  ['cached', { events: [{ type: 'usage', usage: { inputTokens: 9, basis: 'reported' } }] }, '–'],
  ['cached', { events: [{ type: 'usage', usage: { cacheReadTokens: 5, basis: 'estimated' } }] }, '–'],
  ['cached', { events: [{ type: 'usage', usage: { inputTokens: 9, cacheReadTokens: 0, basis: 'reported' } }] }, 'none'],
  [
    'cached',
    { events: [{ type: 'usage', usage: { inputTokens: 9, cacheReadTokens: 5, cacheWriteTokens: 4, basis: 'reported' } }] },
    '5 of 9 | 4 kept for later runs',
  ],
  ['attempts', {}, '–'],
  [
    'attempts',
    {
      events: [
        { type: 'attempt', number: 2 },
        { type: 'resume', after: 'reload' },
      ],
    },
    '2 | picked up again 1 time',
  ],
  ['background', { background: true }, 'yes: the provider stores the answer'],
];
for (const [id, given, says, task] of CELLS)
  test(`${id}: ${says}`, () => assert.equal(row(state(given, {}, task), id).fast, says));

test('rows are the same where it is known that both got the same', () => {
  assert.deepEqual(row(state(), 'prompt'), {
    fast: 'standard words, 4 characters',
    reasoning: 'standard words, 4 characters',
    same: true,
  });
  const differ: readonly [id: string, fast: Given, reasoning?: Given | null][] = [
    ['prompt', { prompt: 'gaol' }],
    ['system', { system: 'other' }],
    ['output-limit', { maxOutputTokens: 9 }],
    ['adjustments', adjusted(DROPPED)],
    ['served', {}, {}],
    ['cached', {}, {}],
    ['prompt', {}, null],
  ];
  for (const [id, fast, reasoning = {}] of differ) assert.equal(row(state(fast, reasoning), id).same, false, id);
});

test('a lane that has not run has a dash in every row, and before any there is no sheet', () => {
  assert.ok(fairnessSheet(state({}, null)).every(({ reasoning }) => reasoning.join() === '–'));
  assert.deepEqual(fairnessSheet(EMPTY), []);
  assert.equal(fairnessVerdict(EMPTY), '');
});

test('every row explains itself, and names are given once', () => {
  const rows = fairnessSheet(state({ background: true }));
  assert.equal(new Set(rows.flatMap(({ id, label }) => [id, label])).size, 2 * rows.length);
  for (const { title } of rows) assert.match(title, /^[A-Z].*\.$/);
  assert.ok(fairnessSheet(state()).every(({ id }) => id !== 'background'));
});

const served = (model: string): Given => ({ events: [{ type: 'served', model }] });
const VERDICTS: readonly [string, Given | null, Given | null, Task?][] = [
  ['Same words.', {}, {}],
  ['Same words.', OLD, OLD],
  ['Only the fast lane has run.', {}, null],
  ['Only the reasoning lane has run.', null, {}],
  ['A scripted sample: nothing was sent to a model.', { scripted: true }, { scripted: true }],
  ['The two were asked in different words.', { ...OLD, prompt: 'a' }, OLD],
  [
    'The two were asked in different words, adapted to each.',
    { prompt: 'a', promptStyle: 'adapted' },
    { promptStyle: 'adapted' },
  ],
  ['The two were asked in different words, one of them edited.', { prompt: 'a', promptStyle: 'edited' }, {}],
  ['The two were asked in different words, both edited.', { prompt: 'a', promptStyle: 'edited' }, { promptStyle: 'edited' }],
  ['Same words; same picture.', {}, {}, PICTURE],
  ['Same words; same picture.', { sending: picture() }, { sending: picture([1456, 819]) }, PICTURE],
  [
    'Same words; same picture, scaled differently by the vendors.',
    { sending: picture([2560, 1440]) },
    { sending: picture([1456, 819]) },
    PICTURE,
  ],
  ['Same words; effort differs as asked.', {}, { model: 'openai:m@high' }],
  ['Same words.', { model: 'openai:m@high' }, { model: 'openai:n@high' }],
  ['Same words; Fast: effort minimal dropped.', { model: 'openai:m@minimal', ...adjusted(DROPPED) }, {}],
  ['Same words; Reasoning: effort xhigh sent as reasoning_effort: high.', {}, { model: 'openai:m@xhigh', ...adjusted(CHANGED) }],
  ['Same words; 2 settings dropped; 1 setting sent in another form.', adjusted(DROPPED), adjusted(DROPPED, CHANGED)],
  ['Same words; Fast was served by m2.', served('m2'), {}],
  ['Same words.', served('m-2026-10-01'), served('M')],
  ['Same words; Fast was served by m-mini.', served('m-mini'), {}],
  ['Same words.', { model: 'openrouter:maker/m', ...served('m-20261001') }, { model: 'mistral:m-latest', ...served('m-2411') }],
  ['Same words; Reasoning was answered from a cache.', {}, { events: [{ type: 'served', fromCache: true }] }],
];
for (const [sentence, fast, reasoning, task] of VERDICTS)
  test(`verdict: ${sentence}`, () => assert.equal(fairnessVerdict(state(fast, reasoning, task)), sentence));
