/** A task and a lane's setup in, the plan that the fairness sheet reads out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsFor, quoteLane } from '../../../src/core/compare/quote.ts';
import type { LaneSetup } from '../../../src/core/compare/setup.ts';
import type { Endpoint, Price, Pricing } from '../../../src/core/contracts.ts';
import type { Piece } from '../../../src/core/inputs/piece.ts';
import { inputTokens } from '../../../src/core/money/estimate.ts';
import { promptFor } from '../../../src/core/prompt.ts';
import { BUILT_IN_ENDPOINTS } from '../../../src/core/providers/index.ts';
import { withMaterials } from '../../../src/core/task.ts';
import { LANES } from '../../../src/shared/comparison.ts';
import type { Material } from '../../../src/shared/design.ts';
import type { MessagePart } from '../../../src/shared/model.ts';
import type { Task } from '../../../src/shared/task.ts';

/** The head of a PNG of that size, which is all that is read of it. */
function png(width: number, height: number): string {
  const head = Buffer.alloc(48);
  head.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  head.write('canary-picture', 30, 'latin1');
  return head.toString('base64');
}

const CANARY = 'canary-words';
const task = (base64 = png(1280, 720)): Task => ({
  kind: 'design',
  title: CANARY,
  instruction: CANARY,
  parts: [
    { type: 'text', text: CANARY },
    { type: 'image', mediaType: 'image/png', base64 },
  ],
  source: { uri: `file:///${CANARY}`, name: CANARY },
});
const OPENAI: Endpoint = {
  id: 'openai',
  label: 'OpenAI',
  api: 'openai-responses',
  baseUrl: 'https://api.openai.com/v1',
  needsKey: true,
};
const unpriced: Pricing = { priceFor: async () => undefined };
const planOf = async (setup: Partial<LaneSetup> & { model?: string } = {}, given = task()) => {
  const { model = 'm', ...rest } = setup;
  const ref = { endpoint: 'e', model };
  return (await quoteLane(given, { lane: 'fast', ref, endpoint: OPENAI, maxOutputTokens: 4000, ...rest }, unpriced, new Date(0)))
    .plan;
};

for (const endpoint of BUILT_IN_ENDPOINTS)
  for (const effort of ['low', undefined] as const)
    test(`no words, pictures or keys among the parameters of ${endpoint.id}${effort ? ' with effort' : ''}`, async () => {
      const ref = { endpoint: endpoint.id, model: 'some-model', ...(effort ? { effort } : {}) };
      const { sending, system } = await planOf({ endpoint, ref, thinkingBudgetTokens: 2000 });
      assert.ok(sending);
      const written = JSON.stringify(sending);
      for (const secret of [CANARY, png(1280, 720).slice(0, 24), system.slice(0, 40), 'authorization', 'api_key'])
        assert.ok(!written.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${written}`);
      if (endpoint.api !== 'vscode-lm' && !endpoint.scripted) assert.equal(sending.parameters.model, 'some-model');
    });

/** Sizes by the vendors' guides ("Images and vision" of both); the last OpenAI one is the guide's own example. */
const SCALED: readonly [model: string, size: [number, number], scaledTo: string | undefined][] = [
  ['claude-haiku-4-5', [1280, 720], '1280x720'],
  ['claude-haiku-4-5', [2560, 1440], '1456x819'],
  ['claude-sonnet-5-5', [2560, 1440], '2560x1440'],
  ['claude-sonnet-5-5', [5152, 1000], '2576x500'],
  ['gpt-4o', [4096, 1024], '2048x512'],
  ['gpt-4o', [2560, 1440], '1365x768'],
  ['gpt-5-mini', [1024, 1024], '1024x1024'],
  ['gpt-5-mini', [1800, 2400], '1056x1408'],
  ['gpt-5.6-sol', [2560, 1440], '2560x1440'],
  ['gpt-5.4', [2560, 1440], undefined],
  ['gemini-3-pro', [2560, 1440], undefined],
  ['nobody-knows', [2560, 1440], undefined],
];
for (const [model, [width, height], expected] of SCALED)
  test(`${model} sees ${width} x ${height} as ${expected ?? 'nobody knows what'}`, async () => {
    const [picture] = (await planOf({ model }, task(png(width, height)))).sending?.pictures ?? [];
    const { scaledTo } = picture ?? {};
    assert.deepEqual(picture?.size, { width, height });
    assert.equal(picture.bytes, 48);
    assert.equal(scaledTo && `${scaledTo.width}x${scaledTo.height}`, expected);
  });

test('nothing is said of what becomes of a picture behind VS Code or in a script, nor of one that cannot be read', async () => {
  const hidden = { mediaType: 'image/png', bytes: 48, size: { width: 1280, height: 720 } };
  for (const endpoint of [{ ...OPENAI, api: 'vscode-lm' } as const, { ...OPENAI, scripted: true }])
    assert.deepEqual((await planOf({ endpoint, model: 'gpt-4o' })).sending?.pictures, [hidden]);
  const unreadable = task(Buffer.from('not a picture').toString('base64'));
  assert.deepEqual((await planOf({ model: 'gpt-4o' }, unreadable)).sending?.pictures, [{ mediaType: 'image/png', bytes: 13 }]);
});

test('words are as the setup wants them, and the plan says where they come from', async () => {
  for (const lane of LANES) {
    const identical = await planOf({ lane });
    assert.deepEqual([identical.prompt, identical.promptStyle], [promptFor(task()).text, 'identical']);
    const adapted = await planOf({ lane, prompts: 'adapted' });
    assert.deepEqual([adapted.prompt, adapted.promptStyle], [promptFor(task(), lane).text, 'adapted']);
    assert.equal(adapted.system, identical.system);
    const again = await planOf({ lane, prompts: 'adapted', prompt: identical.prompt });
    assert.deepEqual([again.prompt, again.promptStyle], [identical.prompt, 'identical'], 'running again keeps the words');
    assert.equal((await planOf({ lane, prompt: 'mine' })).promptStyle, 'edited');
  }
});

test('context files, standing instructions and further pictures are in the estimate and in what is reserved', async () => {
  const price: Price = {
    basis: 'computed',
    source: 'a test',
    costOf: ({ inputTokens = 0, outputTokens = 0 }) => inputTokens + outputTokens,
  };
  const ref = { endpoint: 'openai', model: 'gpt-4o' };
  const quote = (given: Task) =>
    quoteLane(given, { lane: 'fast', ref, endpoint: OPENAI, maxOutputTokens: 1 }, { priceFor: async () => price }, new Date(0));
  const words = 'padding: 4px; '.repeat(500);
  const piece = (part: MessagePart, role: Material['role']): Piece => ({
    part,
    material: { kind: 'text', role, name: 'n', leftOut: [] },
  });
  const bare: Task = { kind: 'design', title: '', instruction: '', parts: [{ type: 'text', text: '# Card' }] };
  const before = (await quote(bare)).plan.estimate;
  for (const added of [
    piece({ type: 'text', text: words }, 'context'),
    piece({ type: 'text', text: words }, 'instructions'),
    piece({ type: 'image', mediaType: 'image/png', base64: png(1024, 1024) }, 'context'),
  ]) {
    const quoted = await quote(withMaterials(bare, [added]));
    const { estimate } = quoted.plan;
    const alone = inputTokens({ ...quoted.request, system: '', parts: [added.part] });
    const more = (now?: number, then?: number): number => (now ?? Number.NaN) - (then ?? Number.NaN);
    assert.ok(alone.likely > 700);
    assert.ok(more(estimate.inputTokens, before.inputTokens) >= alone.likely - 20, `${estimate.inputTokens} tokens`);
    assert.ok(more(estimate.ceilingNanoUsd, before.ceilingNanoUsd) >= alone.upper - 40, `${estimate.ceilingNanoUsd} at most`);
    assert.deepEqual(
      holdsFor([quoted]).map(({ ceilingNanoUsd }) => ceilingNanoUsd),
      [estimate.ceilingNanoUsd],
    );
  }
});
