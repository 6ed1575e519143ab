/** What is said of a model before it is chosen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint, ModelInfo, Price } from '../../src/core/contracts.ts';
import { knownEfforts, modelFacts } from '../../src/core/modelFacts.ts';
import { BUILT_IN_ENDPOINTS } from '../../src/core/providers/endpoints.ts';

const OWN: Endpoint = { id: 'own', label: 'Own', api: 'openai-chat', baseUrl: 'https://models.example.com/v1', needsKey: true };
const EDITOR = BUILT_IN_ENDPOINTS.find((endpoint) => endpoint.api === 'vscode-lm') ?? OWN;

const priced = (input: number, output: number, assumedModel?: string): Price => ({
  basis: 'computed',
  source: 'test',
  asOf: '2026-11-22',
  usdPerMTok: { input, output },
  ...(assumedModel === undefined ? {} : { assumedModel }),
  costOf: () => undefined,
});
const FREE: Price = { basis: 'local', source: 'local', asOf: '2026-11-22', costOf: () => 0 };

const check = (name: string, model: Omit<ModelInfo, 'id'>, price: Price | undefined, expected: readonly string[]): void => {
  test(name, () => assert.deepEqual(modelFacts(OWN, { id: 'm', ...model }, price), expected));
};

check('nothing known: the price alone is missed', {}, undefined, ['price unknown']);
check(
  'everything known',
  { contextTokens: 1_048_576, maxOutputTokens: 65_536, imageInput: true, efforts: ['high', 'low', 'medium'] },
  priced(0.25, 1.25),
  ['1M context', '66k out', '$0.25 in, $1.25 out per million tokens', 'effort low to high', 'reads pictures'],
);
check('whole dollars and fractions of a cent', {}, priced(15, 0.0375), ['$15 in, $0.0375 out per million tokens']);
check('a price that is another model’s', {}, priced(1, 2, 'm-2026'), ['$1 in, $2 out per million tokens, as m-2026']);
check('a price that only the endpoint’s list names', { price: { inputUsdPerMTok: 2, outputUsdPerMTok: 6 } }, undefined, [
  'listed at $2 in, $6 out per million tokens',
]);
check('what a run is reckoned with wins over the list', { price: { inputUsdPerMTok: 2, outputUsdPerMTok: 6 } }, priced(1, 2), [
  '$1 in, $2 out per million tokens',
]);
check('on this machine', { contextTokens: 900, imageInput: false }, FREE, ['900 context', 'free on this machine', 'text only']);
check('efforts with a gap are listed', { efforts: ['low', 'high', 'max'] }, FREE, [
  'free on this machine',
  'effort low, high or max',
]);
check('two efforts', { efforts: ['none', 'high'] }, FREE, ['free on this machine', 'effort none or high']);
check('no effort is no fact', { efforts: [] }, FREE, ['free on this machine']);

test('efforts: what the endpoint says wins; VS Code takes none; an unknown model is unknown', () => {
  assert.deepEqual(knownEfforts(OWN, { id: 'm', efforts: ['low'] }), ['low']);
  assert.deepEqual(knownEfforts(EDITOR, { id: 'acme/m' }), []);
  assert.equal(knownEfforts(OWN, { id: 'm' }), undefined);
});
