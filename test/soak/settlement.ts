/**
 * What a stopped lane is settled at, against what it truly cost: streams of every kind are stopped at some moment, the real meter counts
 * and the real rules settle. The truth is made, so it is known: texts whose count in the o200k vocabulary is known, in tokenizers up to
 * 35 % denser, and thinking at the pace of the model, which the meter cannot see.
 */
import type { Price } from '../../src/core/contracts.ts';
import { settlement } from '../../src/core/money/budget.ts';
import { inputTokens } from '../../src/core/money/estimate.ts';
import { createMeter } from '../../src/core/money/meter.ts';
import { type Random, randomOf, seedOf } from './random.ts';

export interface Settlements {
  readonly lanes: number;
  /** The share of stopped lanes that were settled at no less than they cost. */
  readonly coveredShare: number;
  /** The median of settled through true. */
  readonly medianRatio: number;
  /** By what was seen of them: how many, covered share, median ratio. */
  readonly kinds: Readonly<Record<string, readonly [number, number, number]>>;
  /** Lanes whose usage was reported and that were not settled at exactly that. */
  readonly inexact: number;
}

/** Repeated, each has this many tokens in the o200k vocabulary (made once with gpt-tokenizer 4.0.0). */
const TEXTS: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['The card holds three plans, each with a price, a list of features and one button.\n', 19],
  ['<section class="plan">\n  <h2>Team</h2>\n  <p class="price">$29</p>\n</section>\n', 29],
  ['人工智能模型可以根据设计规范生成网页代码,并且比较速度和成本。', 18],
];

const KINDS = ['text', 'text', 'shown thinking, text', 'hidden thinking, text', 'hidden thinking'] as const;
type Kind = (typeof KINDS)[number];

const MAX_OUTPUT_TOKENS = 24_000;

interface Lane {
  readonly kind: Kind;
  readonly trueNanoUsd: number;
  readonly settledNanoUsd: number;
  readonly exactNanoUsd: number;
  readonly reportedNanoUsd: number;
}

export function simulateSettlements(base: number, lanes: number): Settlements {
  const played = Array.from({ length: lanes }, (_, n) => playLane(randomOf(seedOf(base, n))));
  const summary = (some: readonly Lane[]): readonly [number, number, number] => {
    const covered = some.filter((lane) => lane.settledNanoUsd >= lane.trueNanoUsd).length;
    const ratios = some.map((lane) => lane.settledNanoUsd / lane.trueNanoUsd).sort((a, b) => a - b);
    return [some.length, covered / some.length, ratios[ratios.length >> 1] ?? Number.NaN];
  };
  const [, coveredShare, medianRatio] = summary(played);
  const kinds = Object.fromEntries(
    [...new Set(KINDS)].map((kind) => [kind, summary(played.filter((lane) => lane.kind === kind))]),
  );
  const inexact = played.filter((lane) => lane.exactNanoUsd !== lane.reportedNanoUsd).length;
  return { lanes, coveredShare, medianRatio, kinds, inexact };
}

function playLane(random: Random): Lane {
  const kind = random.pick(KINDS);
  // OpenAI's tokenizers are the measured ones; of the others the densest makes 35 % more.
  const density = random.pick([1, 1, 1 + 0.2 * random.next(), 1.2 + 0.15 * random.next()]);
  const price = priceOf(random);
  const [input, inputUnits] = textOf(random, random.int(5, 200));
  const request = { model: 'm', system: '', parts: [{ type: 'text', text: input } as const], maxOutputTokens: MAX_OUTPUT_TOKENS };
  const { likely, upper } = inputTokens(request);
  const holdNanoUsd = price.costOf({ inputTokens: upper, outputTokens: MAX_OUTPUT_TOKENS }) ?? 0;
  const meter = createMeter({
    inputTokens: likely,
    price,
    thinks: kind !== 'text',
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    startedMs: 0,
    ceilingNanoUsd: holdNanoUsd,
  });
  // A model thinks about as fast as it answers, and services differ: half of them between 52 and 95 tokens a second.
  const pace = Math.min(400, Math.max(25, 70 * Math.exp(0.45 * normal(random))));
  const answerPace = pace * (0.9 + 0.2 * random.next());
  let nowMs = random.int(200, 3000);
  let output = 0;
  if (kind !== 'text') {
    const thoughtMs = random.int(2_000, 120_000);
    const thoughtTokens = (pace * thoughtMs) / 1000;
    if (kind === 'shown thinking, text') {
      // What is shown of it is a summary, or all of it.
      const [thought] = textOf(random, Math.ceil((thoughtTokens * random.pick([1, 0.3, 0.6])) / (20 * density)));
      for (let i = 0; i < thought.length; i += 40)
        meter.addReasoning(thought.slice(i, i + 40), nowMs + (thoughtMs * i) / thought.length);
    }
    nowMs += thoughtMs;
    output += thoughtTokens;
  }
  if (kind !== 'hidden thinking') {
    const [text, units] = textOf(random, random.int(1, 150));
    const tokens = units * density;
    const piece = random.int(2, 20);
    const beginsMs = nowMs;
    for (let i = 0; i < text.length; i += piece) {
      nowMs = beginsMs + ((tokens / answerPace) * 1000 * i) / text.length;
      meter.addText(text.slice(i, i + piece), nowMs);
    }
    output += tokens;
  }
  const trueInput = Math.round((inputUnits + 8) * density);
  const trueOutput = Math.min(MAX_OUTPUT_TOKENS, Math.round(output));
  const trueNanoUsd = price.costOf({ inputTokens: trueInput, outputTokens: trueOutput }) ?? 0;
  const metered = meter.read(nowMs);
  const facts = { sent: true, began: true, meterUsage: metered.usage, safeUsage: metered.safeUsage, price, holdNanoUsd } as const;
  const stopped = settlement({ ...facts, finish: 'aborted' });
  const usage = { inputTokens: trueInput, outputTokens: trueOutput, basis: 'reported' } as const;
  const ended = settlement({ ...facts, finish: 'stop', usage });
  return {
    kind,
    trueNanoUsd,
    settledNanoUsd: stopped.nanoUsd ?? 0,
    exactNanoUsd: ended.nanoUsd ?? Number.NaN,
    reportedNanoUsd: trueNanoUsd,
  };
}

/** Text of so many repetitions, mixed, and its tokens. */
function textOf(random: Random, repetitions: number): readonly [string, number] {
  let [text, tokens] = ['', 0];
  while (repetitions > 0) {
    const [piece, count] = random.pick(TEXTS);
    const times = Math.min(repetitions, random.int(1, 40));
    text += piece.repeat(times);
    tokens += count * times;
    repetitions -= times;
  }
  return [text, tokens];
}

function priceOf(random: Random): Price {
  const [input, output] = random.pick([
    [150, 600],
    [1000, 5000],
    [2500, 10_000],
    [5000, 25_000],
  ]);
  return {
    basis: 'computed',
    source: 'settings',
    asOf: '2026-11-22',
    costOf: (usage) => (usage.inputTokens ?? 0) * (input ?? 0) + (usage.outputTokens ?? 0) * (output ?? 0),
  };
}

/** Of mean 0 and deviation 1, by the method of Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
