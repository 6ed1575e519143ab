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

test('limits of single endpoints, and the share at which to warn', () => {
  const { settings, problems, limitsBroken } = parseSettings({
    budget: { endpoints: { openai: { perDayUsd: 2, perMonthUsd: null }, mine: {} }, warnAtShare: 0.5 },
    endpoints: { mine: { api: 'openai-chat', baseUrl: 'https://a.test/v1' } },
  });
  assert.deepEqual([problems, limitsBroken, settings.warnAtShare], [[], false, 0.5]);
  assert.deepEqual(settings.limits.perEndpoint, { openai: { perDayNanoUsd: 2e9 }, mine: {} });
  assert.equal(parseSettings({}).settings.warnAtShare, 0.8);
  assert.equal(parseSettings({ 'budget.warnAtShare': null }).settings.warnAtShare, undefined);
});

test('a limit of an endpoint that cannot be read, or of none that is known, is a broken limit; a share is none', () => {
  const cases: readonly (readonly [unknown, RegExp, boolean])[] = [
    [{ endpoints: { openai: { perDayUsd: -1 } } }, /budget\.endpoints\.openai\.perDayUsd/, true],
    [{ endpoints: { openai: { perDay: 1 } } }, /budget\.endpoints\.openai/, true],
    [{ endpoints: { openai: 5 } }, /budget\.endpoints\.openai/, true],
    [{ endpoints: [{ perDayUsd: 1 }] }, /budget\.endpoints/, true],
    [{ endpoints: { opnai: { perDayUsd: 1 } } }, /budget\.endpoints\.opnai.*no endpoint is called "opnai"/, true],
    [{ warnAtShare: 80 }, /budget\.warnAtShare/, false],
    [{ warnAtShare: 0 }, /budget\.warnAtShare/, false],
  ];
  for (const [budget, problem, isBroken] of cases) {
    const parsed = parseSettings({ budget });
    assert.match(parsed.problems.join(), problem);
    assert.equal(parsed.limitsBroken, isBroken, JSON.stringify(budget));
  }
});

test('the address of Figma’s API is one that a token may go to, or the usual one', () => {
  assert.equal(parseSettings({}).settings.figmaApiUrl, 'https://api.figma.com');
  assert.equal(
    parseSettings({ figma: { apiUrl: 'https://api.figma-gov.com/' } }).settings.figmaApiUrl,
    'https://api.figma-gov.com',
  );
  assert.equal(parseSettings({ 'figma.apiUrl': 'http://127.0.0.1:8080' }).settings.figmaApiUrl, 'http://127.0.0.1:8080');
  for (const apiUrl of ['http://api.figma.com', 'https://user:pw@a.test', 'api.figma.com', '', 5]) {
    const { settings, problems } = parseSettings({ figma: { apiUrl } });
    assert.equal(settings.figmaApiUrl, 'https://api.figma.com');
    assert.match(problems.join(), /figma\.apiUrl/);
  }
});

const ROW = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };

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
  [{ prices: { 'a:b': [{ inputUsdPerMTok: 1, outputUsdPerMTok: 'x' }] } }, /prices\.a:b\.0\.outputUsdPerMTok/],
  [{ prices: { 'a:b': 5 } }, /prices\.a:b/],
  [{ prices: { 'a:b': [ROW, { ...ROW, hoursUtc: 'night' }] } }, /price of "a:b" is not usable: Row 2: "hoursUtc"/],
  [{ prices: { 'a:b': { ...ROW, tiers: [{ ...ROW, aboveInputTokens: 0 }] } } }, /prices\.a:b\.tiers\.0\.aboveInputTokens/],
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

test('the models of VS Code are known without a setting, by vendor and id, under a name nobody can take', () => {
  const { settings, problems } = parseSettings({
    endpoints: { vscode: { api: 'openai-chat', baseUrl: 'https://there.test/v1' } },
  });
  assert.match(problems.join(), /that name belongs to the models of VS Code/);
  const found = resolveModel('vscode:acme/large/v1:free', settings);
  assert.ok('endpoint' in found);
  assert.equal(found.endpoint.api, 'vscode-lm');
  assert.equal(found.ref.model, 'acme/large/v1:free');
  for (const wrong of ['vscode:large', 'vscode:/large', 'vscode:acme/'])
    assert.ok('problem' in resolveModel(wrong, settings), wrong);
});
