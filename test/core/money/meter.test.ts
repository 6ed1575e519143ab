/** The meter of a running lane, on a clock of the test's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Price } from '../../../src/core/contracts.ts';
import { createMeter, type Meter, type MeterOptions } from '../../../src/core/money/meter.ts';
import { countTokens } from '../../../src/core/money/tokens.ts';

const PRICE: Price = {
  basis: 'computed',
  source: 'settings',
  asOf: '2026-11-22',
  costOf: ({ inputTokens, outputTokens }) => (inputTokens ?? 0) * 1000 + (outputTokens ?? 0) * 10_000,
};
const meterOf = (more: Partial<MeterOptions> = {}): Meter =>
  createMeter({ inputTokens: 100, price: PRICE, thinks: false, maxOutputTokens: 10_000, startedMs: 0, ...more });

const WORDS = 'The card holds three plans, each with a price, a list of features and one button.\n';
const CODE = '<section class="plan">\n  <h2>Team</h2>\n  <p class="price">$29</p>\n</section>\n';
const HAN = '人工智能模型可以根据设计规范生成网页代码,并且比较速度和成本。';

/** Feeds a text in chunks of that length, all at one time. */
function feed(meter: Meter, text: string, chunkLength: number, atMs = 0): Meter {
  for (let i = 0; i < text.length; i += chunkLength) meter.addText(text.slice(i, i + chunkLength), atMs);
  return meter;
}
const outputAt = (meter: Meter, atMs: number): number => meter.read(atMs).usage.outputTokens ?? -1;

test('nothing generated costs the input, as an estimate', () => {
  assert.deepEqual(meterOf().read(5000), {
    usage: { inputTokens: 100, outputTokens: 0, basis: 'estimated' },
    safeUsage: { inputTokens: 135, outputTokens: 0 },
    cost: { nanoUsd: 100_000, basis: 'estimated', priceSource: 'settings', priceAsOf: '2026-11-22' },
  });
});

test('an unknown price has no cost, this machine costs nothing', () => {
  assert.equal(feed(meterOf({ price: undefined }), WORDS, 5).read(0).cost, undefined);
  const local = meterOf({ price: { ...PRICE, basis: 'local', costOf: () => 0 }, maxOutputTokens: 1 });
  assert.deepEqual(feed(local, WORDS, 5).read(0).cost, {
    nanoUsd: 0,
    basis: 'local',
    priceSource: 'settings',
    priceAsOf: '2026-11-22',
  });
  assert.equal(local.crossed(1e9), false);
});

test('text counted in chunks comes to the count of the whole', async (t) => {
  for (const [name, text, slack] of [
    ['prose', WORDS.repeat(300), 0.01],
    ['code', CODE.repeat(300), 0.01],
    ['Han', HAN.repeat(300), 0.03],
  ] as const) {
    for (const chunkLength of [1, 4, 37, 5000]) {
      await t.test(`${name} by ${chunkLength}`, () => {
        const whole = countTokens(text).likely;
        const counted = outputAt(feed(meterOf(), text, chunkLength), 0);
        assert.ok(Math.abs(counted - whole) <= whole * slack + 2, `${counted} of ${whole}`);
      });
    }
  }
});

test('hidden thinking counts by time, while the model thinks', async (t) => {
  await t.test('a lane that thinks, before anything was said', () =>
    assert.equal(outputAt(meterOf({ thinks: true }), 8000), 480),
  );
  await t.test('a lane that does not, waiting', () => assert.equal(outputAt(meterOf(), 8000), 0));
  await t.test('a lane that was not expected to, once it shows thinking', () => {
    const meter = meterOf();
    meter.addReasoning('Let me see. ', 2000);
    assert.equal(outputAt(meter, 3000), 60);
  });
  await t.test('not while it answers', () => {
    const meter = meterOf({ thinks: true });
    meter.addText('a', 10_000);
    assert.equal(outputAt(meter, 100_000), 601);
    assert.equal(meter.read(100_000).usage.reasoningTokens, 600);
  });
  await t.test('again when it thinks in between', () => {
    const meter = meterOf({ thinks: true });
    meter.addText('a', 1000);
    meter.addReasoning('b', 5000);
    meter.addText('c', 6000);
    assert.equal(meter.read(60_000).usage.reasoningTokens, 120);
  });
  await t.test('shown thinking counts where it is more', () => {
    const meter = meterOf({ thinks: true });
    const thought = WORDS.repeat(100);
    meter.addReasoning(thought, 1000);
    assert.ok(outputAt(meter, 1000) >= countTokens(thought).likely * 0.99);
  });
  await t.test('time alone is believed up to the output limit', () =>
    assert.equal(outputAt(meterOf({ thinks: true }), 1e9), 10_000),
  );
  await t.test('a clock that goes back takes nothing away', () => {
    const meter = meterOf({ thinks: true });
    assert.equal(outputAt(meter, 5000), 300);
    assert.equal(outputAt(meter, 1000), 300);
  });
});

test('an uncounted call is settled on the safe side', async (t) => {
  const safeAt = (meter: Meter, atMs: number): number => meter.read(atMs).safeUsage.outputTokens;
  await t.test('input and text by the margin of tokenizers', () => {
    const meter = feed(meterOf(), WORDS.repeat(20), 9);
    assert.equal(meter.read(0).safeUsage.inputTokens, 135);
    assert.equal(safeAt(meter, 0), Math.ceil(outputAt(meter, 0) * 1.35));
  });
  await t.test('thinking by a pace that few models exceed', () => assert.equal(safeAt(meterOf({ thinks: true }), 8000), 1600));
  await t.test('by the pace of the answer, once that is known', () => {
    const meter = meterOf({ thinks: true });
    for (let second = 10; second <= 20; second++) meter.addText(WORDS.repeat(5), second * 1000);
    const text = outputAt(meter, 20_000) - 600;
    // Ten seconds of thinking at the pace of ten seconds of answering.
    assert.ok(Math.abs(safeAt(meter, 20_000) - 2 * text * 1.35) <= 2, `${safeAt(meter, 20_000)} for ${text}`);
  });
  await t.test('a burst tells no pace', () => {
    const meter = feed(meterOf({ thinks: true }), WORDS.repeat(40), 9, 2000);
    assert.equal(safeAt(meter, 2000), Math.ceil((outputAt(meter, 2000) - 120) * 1.35 + 400));
  });
  await t.test('time alone is believed up to the output limit', () =>
    assert.equal(safeAt(meterOf({ thinks: true }), 1e9), 10_000),
  );
});

test('a lane is stopped when it surely passed its limit, not by an error of estimation', async (t) => {
  /** Output tokens of the o200k vocabulary for one repetition, made once with gpt-tokenizer 4.0.0. */
  const kinds = [
    ['prose', WORDS, 19],
    ['code', CODE, 29],
    ['Han', HAN, 18],
  ] as const;
  for (const [name, text, truth] of kinds) {
    const limit = truth * 100;
    const crossedAfter = (share: number): boolean =>
      feed(
        meterOf({ maxOutputTokens: limit, ceilingNanoUsd: 130_000 + limit * 10_000 }),
        text.repeat(Math.round(share * 100)),
        7,
      ).crossed(0);
    await t.test(`${name}: at its limit it goes on`, () => assert.equal(crossedAfter(1), false));
    await t.test(`${name}: at 1.6 times its limit it is stopped`, () => assert.equal(crossedAfter(1.6), true));
  }
  await t.test('eight and a half silent minutes at the standard limit go on', () => {
    assert.equal(meterOf({ thinks: true, maxOutputTokens: 24_000 }).crossed(510_000), false);
  });
  await t.test('endless silence is stopped', () =>
    assert.equal(meterOf({ thinks: true, maxOutputTokens: 24_000 }).crossed(1_000_000), true),
  );
  await t.test('endless shown thinking is stopped', () => {
    const meter = meterOf({ maxOutputTokens: 500 });
    meter.addReasoning(WORDS.repeat(60), 10);
    assert.equal(meter.crossed(10), true);
  });
  await t.test('an unknown price does not make the limit void', () => {
    assert.equal(feed(meterOf({ price: undefined, maxOutputTokens: 100 }), WORDS.repeat(20), 9).crossed(0), true);
  });
  await t.test('a ceiling below the output limit stops the lane too', () => {
    const options = { maxOutputTokens: 1e6, ceilingNanoUsd: 100_000 + 500 * 10_000 };
    assert.equal(feed(meterOf(options), WORDS.repeat(20), 9).crossed(0), false);
    assert.equal(feed(meterOf(options), WORDS.repeat(60), 9).crossed(0), true);
  });
});

test('silence while the machine slept stops nothing, though it is counted', () => {
  const awake = meterOf({ thinks: true });
  assert.equal(awake.crossed(3_600_000), true);
  const slept = meterOf({ thinks: true });
  slept.slept(3_590_000);
  assert.equal(slept.crossed(3_600_000), false);
  assert.equal(outputAt(slept, 3_600_000), 10_000);
  assert.equal(slept.crossed(3_600_000 + 400_000), true);
});

test('property: readings never fall, whatever arrives', () => {
  const step = fc.record({
    kind: fc.constantFrom('text', 'reasoning', 'wait'),
    text: fc.string({ maxLength: 300 }),
    ms: fc.nat(5000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, thinks) => {
      const meter = meterOf({ thinks, maxOutputTokens: 300 });
      let atMs = 0;
      let last = meter.read(0);
      for (const { kind, text, ms } of steps) {
        atMs += ms;
        if (kind === 'text') meter.addText(text, atMs);
        if (kind === 'reasoning') meter.addReasoning(text, atMs);
        const now = meter.read(atMs);
        assert.ok((now.usage.outputTokens ?? 0) >= (last.usage.outputTokens ?? 0));
        assert.ok((now.usage.reasoningTokens ?? 0) <= (now.usage.outputTokens ?? 0));
        assert.ok((now.cost?.nanoUsd ?? 0) >= (last.cost?.nanoUsd ?? 0));
        last = now;
      }
    }),
    { seed: 20261122, numRuns: 300 },
  );
});
