/** Runs as facts, for the tests of what is made of them: a fast one, a reasoning one, and ways to vary them. */
import type { LanePlan, Run } from '../../src/shared/comparison.ts';

export const PLAN: LanePlan = {
  lane: 'fast',
  model: 'mine:m',
  endpointLabel: 'Mine',
  scripted: false,
  maxOutputTokens: 8000,
  system: '',
  prompt: '',
  estimate: { inputTokens: 1200 },
};

/** A complete run of 9.8 s: first text at 410 ms after its attempt began. */
export const DONE: Run = {
  plan: PLAN,
  status: 'ended',
  attempts: 1,
  text: `${'const answer = 42; '.repeat(150)}\nb\n`,
  reasoning: '',
  startedMs: 0,
  attemptMs: 0,
  firstByteMs: 300,
  firstTextMs: 410,
  endedMs: 9800,
  usage: { inputTokens: 1204, outputTokens: 861, basis: 'reported' },
  cost: { nanoUsd: 6_100_000, basis: 'computed', priceSource: 'genai-prices 0.1.8', priceAsOf: '2026-11-01' },
  notices: [],
  finish: 'stop',
};

export const REASONED: Run = {
  ...DONE,
  plan: { ...PLAN, lane: 'reasoning' },
  reasoning: 'hm',
  firstByteMs: 800,
  firstReasoningMs: 900,
  lastReasoningMs: 38_000,
  firstTextMs: 38_900,
  endedMs: 62_600,
  usage: { inputTokens: 1198, outputTokens: 3402, reasoningTokens: 2000, basis: 'reported' },
  cost: { nanoUsd: 85_400_000, basis: 'computed' },
};

/** A copy with some fields changed, and those given as undefined removed. */
export function vary(run: Run, change: { [K in keyof Run]?: Run[K] | undefined }): Run {
  const copy: Record<string, unknown> = { ...run, ...change };
  for (const key of Object.keys(copy)) if (copy[key] === undefined) delete copy[key];
  return copy as unknown as Run; // only optional fields are removed
}

export const live = (change: { [K in keyof Run]?: Run[K] | undefined }, base: Run = DONE): Run =>
  vary(base, { endedMs: undefined, finish: undefined, status: 'answering', ...change });

export const waiting = live({
  status: 'waiting',
  text: '',
  firstByteMs: undefined,
  firstTextMs: undefined,
  usage: undefined,
  cost: undefined,
});

export const thinking = live(
  { status: 'thinking', text: '', firstTextMs: undefined, usage: undefined, cost: undefined },
  REASONED,
);

/** A failure that is not tried again. */
export const error = (kind: 'budget' | 'interrupted' | 'network' | 'auth' | 'unknown', message: string) =>
  ({ kind, message, retryable: false }) as const;
