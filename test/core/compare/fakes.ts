/** Stand-ins for a model, a price and the books, for tests of everything between them. */
import type { ComparisonDeps } from '../../../src/core/compare/comparison.ts';
import type { Endpoint, HoldRequest, Ledger, Limits, Price, Provider, ReserveResult } from '../../../src/core/contracts.ts';
import type { ComparisonEvent, LaneId, LanePlan } from '../../../src/shared/comparison.ts';
import type { StreamEvent } from '../../../src/shared/model.ts';
import type { Cost } from '../../../src/shared/money.ts';
import type { Task } from '../../../src/shared/task.ts';

export const TASK: Task = { kind: 'design', title: 'spec.md', instruction: '', parts: [{ type: 'text', text: '# Spec' }] };

export const plan = (lane: LaneId): LanePlan => ({
  lane,
  model: `fake:${lane}`,
  endpointLabel: 'Fake',
  scripted: false,
  maxOutputTokens: 1000,
  system: '',
  prompt: '',
  estimate: { inputTokens: 10 },
});

export const endpoint: Endpoint = {
  id: 'fake',
  label: 'Fake',
  api: 'openai-chat',
  baseUrl: 'https://fake.test/v1',
  needsKey: false,
};

/** One dollar a million tokens in, four out: 1,000 and 4,000 nano-dollars a token. */
export const price: Price = {
  basis: 'computed',
  source: 'settings',
  asOf: '2026-01-01',
  costOf: ({ inputTokens, outputTokens }) =>
    inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens * 1000 + outputTokens * 4000,
};

/** A provider whose calls play one script after the other; `'wait'` waits for the abort. */
export function scripted(...calls: (readonly (StreamEvent | 'wait')[])[]): Provider & { calls: number } {
  const provider = {
    calls: 0,
    prepare: async () => undefined,
    async *stream(_request: unknown, { signal }: { signal: AbortSignal }): AsyncGenerator<StreamEvent> {
      for (const event of calls[provider.calls++] ?? []) {
        if (event !== 'wait') {
          yield event;
          continue;
        }
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        yield { type: 'finish', reason: 'aborted' };
        return;
      }
    },
    listModels: async () => [],
  };
  return provider;
}

/** Books that remember, and refuse above a limit. */
export function fakeLedger(limitNanoUsd = Number.MAX_SAFE_INTEGER) {
  const holds: HoldRequest[] = [];
  const settled: { holdId: string; cost: Cost }[] = [];
  const unpriced: string[] = [];
  const adopted: string[] = [];
  const ledger: Ledger = {
    reserve(_id: string, asked: readonly HoldRequest[], _limits: Limits): ReserveResult {
      const askedNanoUsd = asked.reduce((sum, hold) => sum + hold.ceilingNanoUsd, 0);
      if (askedNanoUsd > limitNanoUsd) {
        return { ok: false, refusal: { window: 'run', limitNanoUsd, spentNanoUsd: 0, heldNanoUsd: 0, askedNanoUsd } };
      }
      return { ok: true, holdIds: asked.map((hold) => `h${holds.push(hold)}`) };
    },
    beat: () => undefined,
    adopt: (holdId) => adopted.push(holdId) > 0,
    settle: (holdId, cost) => settled.push({ holdId, cost }) > 0,
    settleOrphans: () => [],
    settlementOf: (id) => settled.find(({ holdId }) => holdId === id)?.cost,
    noteUnpriced: (_id, lane) => void unpriced.push(lane),
    spending: () => ({
      day: '',
      todayNanoUsd: 0,
      heldTodayNanoUsd: 0,
      month: '',
      monthNanoUsd: 0,
      heldMonthNanoUsd: 0,
      unknownThisMonth: 0,
      endpoints: {},
    }),
    entries: () => [],
    entriesSince: () => [],
    close: () => undefined,
  };
  return { ledger, holds, settled, unpriced, adopted };
}

/** Dependencies with a clock that moves a millisecond a look and a sleep that does not wait. */
export function deps(
  providers: Partial<Record<LaneId, Provider>>,
  ledger: Ledger,
): { deps: ComparisonDeps; events: ComparisonEvent[]; slept: number[] } {
  const events: ComparisonEvent[] = [];
  const slept: number[] = [];
  let nowMs = 0;
  return {
    events,
    slept,
    deps: {
      clock: { nowMs: () => nowMs++, date: () => new Date('2026-01-01T12:00:00Z') },
      ledger: () => ledger,
      providerFor: async (_endpoint, model) => {
        const provider = providers[model as LaneId];
        if (!provider) throw new Error(`no provider for ${model}`);
        return provider;
      },
      limitsFor: () => ({ firstByteMs: 1000, idleMs: 1000, progressMs: 1000 }),
      sleep: async (ms) => void slept.push(ms),
      every: () => () => undefined,
      random: () => 0.5,
      sink: (batch) => events.push(...batch),
      onLedgerProblem: (error) => {
        throw error;
      },
    },
  };
}
