/** What a request may cost before it is sent: text, pictures, and the three figures made of them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LedgerEntry, Price } from '../../../src/core/contracts.ts';
import { ceilingByOutput, estimateRun, inputTokens, usualOutput, withCountedInput } from '../../../src/core/money/estimate.ts';
import { imageTokens, readImageSize } from '../../../src/core/money/images.ts';
import type { PriceOverlayRow } from '../../../src/core/money/overlay.ts';
import { createPricing } from '../../../src/core/money/pricing.ts';
import { countTokens } from '../../../src/core/money/tokens.ts';
import type { MessagePart, ModelRequest } from '../../../src/shared/model.ts';

const request = (parts: readonly MessagePart[], more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...{ model: 'm', system: '', parts, maxOutputTokens: 1000 },
  ...more,
});

async function priceOf(row: PriceOverlayRow): Promise<Price> {
  const endpoint = { id: 'e', label: 'e', api: 'openai-chat', baseUrl: 'https://e.example', needsKey: true } as const;
  const price = await createPricing({ overlay: { 'e:m': row } }).priceFor(endpoint, 'm', new Date(0));
  assert.ok(price);
  return price;
}

/** Counts of the o200k vocabulary, made once with gpt-tokenizer 4.0.0. */
const random = Array.from({ length: 200 }, (_, i) => createHash('sha512').update(`x${i}`).digest());
const MEASURED: readonly (readonly [string, string, number])[] = [
  ['Han', '人工智能模型可以根据设计规范生成网页代码,并且比较速度和成本。推理模型需要更多时间思考。'.repeat(40), 1080],
  ['kana and Han', 'デザイン仕様を高速モデルと推論モデルに同時に送り、時間と費用を比較します。'.repeat(40), 960],
  ['Hangul', '디자인 사양을 빠른 모델과 추론 모델에 동시에 보내고 시간과 비용을 비교합니다. '.repeat(40), 882],
  [
    'Cyrillic',
    'Отправьте спецификацию дизайна быстрой и рассуждающей модели одновременно и сравните стоимость. '.repeat(40),
    881,
  ],
  ['Thai', 'ส่งข้อกำหนดการออกแบบไปยังโมเดลเร็วและโมเดลเหตุผลพร้อมกันและเปรียบเทียบค่าใช้จ่าย '.repeat(40), 1281],
  [
    'German',
    'Senden Sie die Designvorgabe gleichzeitig an ein schnelles und ein überlegendes Modell und vergleichen Sie. '.repeat(40),
    921,
  ],
  ['hexadecimal', random.map((bytes) => bytes.toString('hex')).join(''), 14587],
];

test('the upper count of a text is one, the vouched count is at most the truth', async (t) => {
  for (const [name, text, truth] of MEASURED) {
    await t.test(name, () => {
      const { likely, upper, vouched } = countTokens(text);
      assert.ok(upper >= truth, `upper ${upper} of ${truth}`);
      assert.ok(vouched <= truth, `vouched ${vouched} of ${truth}`);
      assert.ok(vouched <= likely && likely <= upper);
    });
  }
  assert.deepEqual(countTokens(''), { likely: 0, upper: 0, vouched: 0 });
});

test('property: counts are in order for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const { likely, upper, vouched } = countTokens(text);
      assert.ok(0 <= vouched && vouched <= likely && likely <= upper && Number.isInteger(likely) && Number.isInteger(upper));
    }),
    { seed: 20261122, numRuns: 500 },
  );
});

const base64 = (...bytes: readonly (number | string)[]): string =>
  Buffer.concat(bytes.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([part])))).toString(
    'base64',
  );
const be32 = (value: number): string => String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const be16 = (value: number): string => be32(value).slice(2);
const le16 = (value: number): string => String.fromCharCode(value & 255, value >>> 8);
const png = (width: number, height: number): string =>
  base64('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(width), be32(height), '\x08\x06\0\0\0');
const segment = (marker: number, content: string): string =>
  `\xff${String.fromCharCode(marker)}${be16(content.length + 2)}${content}`;
const frame = (width: number, height: number, marker = 0xc0): string =>
  segment(marker, `\x08${be16(height)}${be16(width)}\x03\x01\x22\0\x02\x11\x01\x03\x11\x01`);
const webp = (chunk: string): string => base64('RIFF', be32(0), 'WEBP', chunk, '\0'.repeat(20));

test('the size of a picture is read from its first bytes', async (t) => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['PNG', png(1440, 900), '1440x900'],
    ['GIF', base64('GIF89a', le16(320), le16(200), '\0\0\0'), '320x200'],
    ['JPEG', base64('\xff\xd8', segment(0xe0, 'JFIF\0'), frame(800, 600)), '800x600'],
    ['progressive JPEG', base64('\xff\xd8', frame(801, 601, 0xc2)), '801x601'],
    ['JPEG with a table before the frame', base64('\xff\xd8', segment(0xc4, '\0'.repeat(30)), frame(64, 48)), '64x48'],
    ['JPEG with fill bytes', base64('\xff\xd8', '\xff\xff', frame(64, 48).slice(1)), '64x48'],
    [
      'JPEG with the frame behind 180 kB of thumbnails',
      base64('\xff\xd8', segment(0xe1, 'x'.repeat(60_000)).repeat(3), frame(4000, 3000)),
      '4000x3000',
    ],
    ['WebP, lossy', webp(`VP8 ${be32(0)}\0\0\0\x9d\x01\x2a${le16(1024)}${le16(768)}`), '1024x768'],
    ['WebP, lossless', webp(`VP8L${be32(0)}\x2f${'\xff\xc3\x3f\x00'}`), '1024x256'],
    ['WebP, extended', webp(`VP8X${be32(0)}\0\0\0\0\x7f\x07\0\x37\x04\0`), '1920x1080'],
    ['a size of zero', png(0, 900), undefined],
    ['cut short', png(1440, 900).slice(0, 20), undefined],
    ['JPEG whose frame never comes', base64('\xff\xd8', segment(0xe0, 'x')), undefined],
    ['JPEG with a segment longer than the file', base64('\xff\xd8', '\xff\xe0\xff\xff', 'x'), undefined],
    ['text', base64('hello, world, this is no picture at all'), undefined],
    ['not base64', '***', undefined],
    ['nothing', '', undefined],
  ];
  for (const [name, picture, expected] of cases) {
    await t.test(name, () => {
      const size = readImageSize(picture);
      assert.equal(size && `${size.width}x${size.height}`, expected);
    });
  }
});

test('property: no bytes make the reader throw or say a size that is none', () => {
  const heads = ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'GIF89a', '\xff\xd8\xff', 'RIFF....WEBPVP8 ', 'RIFF....WEBPVP8X', ''];
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 80 }), (head, bytes) => {
      const size = readImageSize(Buffer.concat([Buffer.from(head, 'latin1'), bytes]).toString('base64'));
      assert.ok(size === undefined || (size.width > 0 && size.height > 0));
      const { likely, upper } = imageTokens(Buffer.from(bytes).toString('base64'), 'm');
      assert.ok(likely > 0 && likely <= upper && Number.isInteger(upper));
    }),
    { seed: 20261122, numRuns: 500 },
  );
});

test('tokens of a picture, by family', async (t) => {
  const cases: readonly (readonly [string, string, number, number, number])[] = [
    ['tiles, the example of the guide', 'gpt-4o', 1024, 1024, 765],
    ['tiles, scaled twice', 'gpt-4.1', 2048, 4096, 1105],
    ['tiles, scaling leaves no extra tile', 'gpt-4o', 1000, 3000, 85 + 170 * 8],
    ['tiles, tiny', 'o3', 10, 10, 255],
    ['tiles at thirty times the count', 'gpt-4o-mini', 1024, 1024, 2833 + 4 * 5667],
    ['patches', 'gpt-5-mini', 1024, 1024, Math.ceil(1024 * 1.62)],
    ['patches, at the budget', 'gpt-4.1-nano', 4000, 4000, Math.ceil(1536 * 2.46)],
    ['Claude before 4.7, small', 'claude-haiku-4-5-20251001', 280, 280, 100],
    ['Claude before 4.7, large', 'claude-opus-4-6', 3000, 2000, 1568],
    ['Claude since 4.7', 'claude-opus-5-5', 2576, 2576, 8464],
    ['Claude through a router', 'anthropic/claude-opus-4-8', 560, 560, 400],
    ['Gemini, small', 'gemini-3.8-flash', 300, 300, 258],
    ['Gemini, tiles', 'gemini-3.8-flash', 1536, 768, 516],
  ];
  for (const [name, model, width, height, likely] of cases) {
    await t.test(name, () => assert.equal(imageTokens(png(width, height), model).likely, likely));
  }
});

test('an unknown model and an unreadable picture get an upper bound', () => {
  const families = [
    'gpt-4o',
    'gpt-5-mini',
    'gpt-4.1-nano',
    'gpt-5.5',
    'claude-opus-5-5',
    'claude-haiku-4-5',
    'gemini-3.8-flash',
    'gpt-6-sol',
  ];
  for (const [width, height] of [
    [10, 10],
    [1024, 1024],
    [1440, 3000],
    [8000, 8000],
  ] as const) {
    const unknown = imageTokens(png(width, height), 'somebody/vision-1').upper;
    for (const model of families)
      assert.ok(unknown >= imageTokens(png(width, height), model).likely, `${model} ${width}x${height}`);
  }
  for (const model of families) {
    const corrupt = imageTokens('AAAA', model);
    assert.ok(corrupt.likely >= imageTokens(png(8000, 6000), model).likely, model);
  }
});

test('floor, likely and ceiling', async () => {
  const price = await priceOf({ inputUsdPerMTok: 1, outputUsdPerMTok: 10 });
  const parts: readonly MessagePart[] = [{ type: 'text', text: 'Build a pricing card with three plans.' }];
  const input = inputTokens(request(parts));
  const fast = estimateRun(request(parts, { maxOutputTokens: 100_000 }), price, 'fast');
  assert.deepEqual(fast, {
    inputTokens: input.likely,
    inputTokensRange: input.range,
    likelyOutputTokens: 4_000,
    floorNanoUsd: input.likely * 1000,
    likelyNanoUsd: input.likely * 1000 + 4_000 * 10_000,
    ceilingNanoUsd: input.upper * 1000 + 100_000 * 10_000,
    largerCeilingNanoUsd: input.upper * 1000 + 200_000 * 10_000,
  });
  const reasoning = estimateRun(request(parts, { maxOutputTokens: 500 }), price, 'reasoning');
  assert.equal(reasoning.likelyNanoUsd, input.likely * 1000 + 500 * 10_000);
  assert.deepEqual(estimateRun(request(parts), undefined, 'fast'), {
    inputTokens: input.likely,
    inputTokensRange: input.range,
    likelyOutputTokens: 1000,
  });
});

test('the band of the input', async (t) => {
  const text: readonly MessagePart[] = [
    { type: 'text', text: 'Build a pricing card with three plans and a toggle. '.repeat(100) },
  ];
  const picture = (file: string): readonly MessagePart[] => [{ type: 'image', mediaType: 'image/png', base64: file }];
  /** The ends of the band in hundredths of what is likely. */
  const band = (parts: readonly MessagePart[], model: string): string => {
    const { likely, range, upper } = inputTokens(request(parts, { model }));
    assert.ok(range[0] <= likely && likely <= range[1] && range[1] <= upper, `${range} around ${likely}, at most ${upper}`);
    return range.map((end) => Math.round((100 * end) / likely)).join(' to ');
  };
  const cases: readonly (readonly [string, readonly MessagePart[], string, string])[] = [
    ['a text, in the vocabulary that was measured', text, 'gpt-6-sol', '80 to 126'],
    ['the same through a router', text, 'openai/gpt-6-sol', '80 to 126'],
    ['a text in another vocabulary', text, 'claude-opus-5-5', '80 to 169'],
    ['a picture with a formula', picture(png(1024, 1024)), 'gpt-4o', '99 to 102'],
    ['a picture without one', picture(png(1024, 1024)), 'gpt-6-sol', '0 to 101'],
    ['a picture that cannot be read', picture('AAAA'), 'gpt-4o', '1 to 102'],
  ];
  for (const [name, parts, model, expected] of cases) await t.test(name, () => assert.equal(band(parts, model), expected));
});

test('an input that the vendor counted', async () => {
  const price = await priceOf({ inputUsdPerMTok: 1, outputUsdPerMTok: 10 });
  const parts: readonly MessagePart[] = [{ type: 'text', text: 'x'.repeat(4000) }];
  const asked = request(parts, { maxOutputTokens: 100 });
  const guess = estimateRun(asked, price, 'fast', { usualOutput: { tokens: 70, answers: 5 } });
  assert.deepEqual(withCountedInput(guess, 1000, { request: asked, price, lane: 'fast' }), {
    inputTokens: 1000,
    inputTokensRange: [1000, 1036],
    inputBasis: 'counted',
    likelyOutputTokens: 70,
    likelyFromRuns: 5,
    floorNanoUsd: 1_000_000,
    likelyNanoUsd: 1_700_000,
    ceilingNanoUsd: 1_036_000 + 1_000_000,
    largerCeilingNanoUsd: 1_036_000 + 2_000_000,
  });
  assert.equal(ceilingByOutput(asked, price, 1000)(100), 2_036_000);
  assert.equal(
    withCountedInput(estimateRun(asked, price, 'fast'), 1000, { request: asked, price, lane: 'fast' }).likelyFromRuns,
    undefined,
  );
});

test('what answers usually come to', async (t) => {
  const entry = (outputTokens: number | undefined, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
    ...{ at: '', day: '', comparisonId: 'c', lane: 'fast', endpoint: 'e', model: 'm', cost: { basis: 'unknown' } },
    usage: { basis: 'reported', ...(outputTokens === undefined ? {} : { outputTokens }) },
    ...more,
  });
  const estimated: Partial<LedgerEntry> = { usage: { basis: 'estimated', outputTokens: 9 } };
  const cases: readonly (readonly [string, readonly LedgerEntry[], string])[] = [
    ['nothing was ever asked', [], 'none'],
    ['two answers say nothing', [entry(1), entry(2)], 'none'],
    ['three do', [entry(5), entry(100), entry(7)], '7 of 3'],
    ['an even number of them', [entry(1), entry(4), entry(9), entry(100)], '7 of 4'],
    ['another model', [entry(5), entry(7), entry(6, { model: 'n' })], 'none'],
    ['the same model elsewhere', [entry(5), entry(7), entry(6, { endpoint: 'f' })], 'none'],
    ['our own counts are no history', [entry(5), entry(7), entry(6, estimated)], 'none'],
    ['nor is what nobody counted', [entry(5), entry(7), entry(undefined)], 'none'],
    ['nor is an answer of nothing', [entry(5), entry(7), entry(0)], 'none'],
    ['nor a settlement without usage', [entry(5), entry(7), { ...entry(1), usage: undefined } as unknown as LedgerEntry], 'none'],
    [
      'the last twenty count',
      [...Array<LedgerEntry>(20).fill(entry(10)), ...Array<LedgerEntry>(50).fill(entry(9000))],
      '10 of 20',
    ],
  ];
  for (const [name, entries, expected] of cases) {
    await t.test(name, () => {
      const usual = usualOutput(entries, 'e', 'm');
      assert.equal(usual ? `${usual.tokens} of ${usual.answers}` : 'none', expected);
    });
  }
});

test('earlier answers say what is likely, up to the output limit', async () => {
  const price = await priceOf({ inputUsdPerMTok: 1, outputUsdPerMTok: 10 });
  const asked = request([{ type: 'text', text: 'a' }], { maxOutputTokens: 500 });
  const usual = (tokens: number) => estimateRun(asked, price, 'reasoning', { usualOutput: { tokens, answers: 7 } });
  const input = inputTokens(asked).likely * 1000;
  assert.deepEqual([usual(200).likelyNanoUsd, usual(200).likelyFromRuns], [input + 2_000_000, 7]);
  assert.deepEqual([usual(900).likelyOutputTokens, usual(900).likelyNanoUsd], [500, input + 5_000_000]);
});

test('the ceiling takes the dearer of input and cache write, and no cache read', async () => {
  const parts: readonly MessagePart[] = [{ type: 'text', text: 'a' }];
  const { upper } = inputTokens(request(parts));
  const dear = await priceOf({ inputUsdPerMTok: 1, outputUsdPerMTok: 1, cacheReadUsdPerMTok: 0.1, cacheWriteUsdPerMTok: 2 });
  assert.equal(ceilingByOutput(request(parts), dear)(100), upper * 2000 + 100_000);
  const cheap = await priceOf({ inputUsdPerMTok: 1, outputUsdPerMTok: 1, cacheReadUsdPerMTok: 0.1, cacheWriteUsdPerMTok: 0.5 });
  assert.equal(ceilingByOutput(request(parts), cheap)(100), upper * 1000 + 100_000);
});

test('property: floor <= likely <= ceiling, and a usage within the bounds never costs more than the ceiling', async () => {
  const price = await priceOf({ inputUsdPerMTok: 3, outputUsdPerMTok: 15, cacheReadUsdPerMTok: 0.3, cacheWriteUsdPerMTok: 3.75 });
  fc.assert(
    fc.property(
      fc.string({ maxLength: 2000 }),
      fc.integer({ min: 1, max: 50_000 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (text, maxOutputTokens, a, b, c) => {
        const asked = request([{ type: 'text', text }], { maxOutputTokens });
        const { floorNanoUsd = -1, likelyNanoUsd = -1, ceilingNanoUsd = -1 } = estimateRun(asked, price, 'reasoning');
        assert.ok(0 <= floorNanoUsd && floorNanoUsd <= likelyNanoUsd && likelyNanoUsd <= ceilingNanoUsd);
        const used = a % (inputTokens(asked).upper + 1);
        const usage = { inputTokens: used, outputTokens: b % (maxOutputTokens + 1), cacheWriteTokens: c % (used + 1) };
        assert.ok((price.costOf(usage) ?? Number.POSITIVE_INFINITY) <= ceilingNanoUsd);
      },
    ),
    { seed: 20261122, numRuns: 300 },
  );
});
