/** Settings where they enter: what is wrong is said, never guessed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSettings, resolveModel } from '../../src/core/settings.ts';

const problemsOf = (raw: unknown): string => parseSettings(raw).problems.join('\n');

test('defaults are the sample, with every limit on', () => {
  const { settings, problems } = parseSettings(undefined);
  assert.deepEqual(problems, []);
  assert.equal(settings.fastModel, 'sample:fast');
  assert.deepEqual(settings.limits, { perRunNanoUsd: 1e9, perDayNanoUsd: 5e9, perMonthNanoUsd: 50e9 });
});

test('nested and dotted names mean the same; null means no limit', () => {
  for (const raw of [{ budget: { perRunUsd: 0.25, perDayUsd: null } }, { 'budget.perRunUsd': 0.25, 'budget.perDayUsd': null }]) {
    const { settings, problems } = parseSettings(raw);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings.limits, { perRunNanoUsd: 250_000_000, perMonthNanoUsd: 50e9 });
  }
});

test('a limit that cannot be read is never replaced in silence', () => {
  for (const value of ['1', -1, Number.NaN, Number.POSITIVE_INFINITY, {}, true]) {
    const parsed = parseSettings({ budget: { perRunUsd: value } });
    assert.equal(parsed.limitsBroken, true, JSON.stringify(value));
    assert.match(parsed.problems.join(), /budget\.perRunUsd/);
  }
});

const BAD: readonly [unknown, RegExp][] = [
  [[], /JSON object/],
  [{ fastModle: 'x' }, /Unknown setting "fastModle"/],
  [{ endpoints: { mine: { api: 'soap', baseUrl: 'https://a.test' } } }, /endpoints\.mine\.api/],
  [{ endpoints: { mine: { api: 'openai-chat', baseUrl: 'http://a.test/v1' } } }, /Endpoint "mine"/],
  [{ endpoints: { mine: { api: 'openai-chat', baseUrl: 'https://user:pw@a.test' } } }, /Endpoint "mine"/],
  [{ endpoints: { 'a:b': { api: 'openai-chat', baseUrl: 'https://a.test' } } }, /Endpoint "a:b"/],
  [{ endpoints: { sample: { api: 'openai-chat', baseUrl: 'https://a.test' } } }, /scripted sample/],
  [{ endpoints: { mine: { api: 'openai-chat', baseUrl: 'https://a.test', keyEnv: 'a b' } } }, /keyEnv/],
  [{ prices: { 'a:b': { inputUsdPerMTok: '1', outputUsdPerMTok: 1 } } }, /prices\.a:b\.inputUsdPerMTok/],
  [{ prices: { 'a:b': { inputUsdPerMTok: 1 } } }, /prices\.a:b/],
  [{ maxOutputTokens: { fast: 1.5 } }, /maxOutputTokens\.fast/],
];
for (const [raw, expected] of BAD)
  test(`says what is wrong with ${JSON.stringify(raw)}`, () => assert.match(problemsOf(raw), expected));

test('an endpoint of one’s own: loopback wants no key, others do', () => {
  const { settings } = parseSettings({
    endpoints: {
      here: { api: 'openai-chat', baseUrl: 'http://127.0.0.1:9/v1/' },
      there: { api: 'openai-chat', baseUrl: 'https://there.test/v1' },
    },
  });
  const found = resolveModel('here:llama3:8b@high', settings);
  assert.ok('endpoint' in found);
  assert.equal(found.endpoint.baseUrl, 'http://127.0.0.1:9/v1');
  assert.equal(found.endpoint.needsKey, false);
  assert.deepEqual(found.ref, { endpoint: 'here', model: 'llama3:8b', effort: 'high' });
  assert.equal(settings.endpoints.find(({ id }) => id === 'there')?.needsKey, true);
  assert.match('problem' in resolveModel('nowhere:x', settings) ? 'problem' : '', /problem/);
  assert.ok('problem' in resolveModel('nonsense', settings));
  assert.ok('problem' in resolveModel('sample:slow', settings));
  assert.ok('endpoint' in resolveModel('sample:fast', settings));
});
