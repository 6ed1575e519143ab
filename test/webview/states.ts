/** Comparisons in every state a person can meet, as the logs that lead there. */
import {
  type ComparisonEvent,
  type ComparisonState,
  EMPTY,
  fold,
  type LaneEvent,
  type LaneId,
  type LanePlan,
} from '../../src/shared/comparison.ts';
import type { ErrorKind, FinishReason, Usage } from '../../src/shared/model.ts';
import type { Cost } from '../../src/shared/money.ts';
import type { FileSummary, PanelContext, ToWebview } from '../../src/shared/protocol.ts';
import type { Task } from '../../src/shared/task.ts';

const CARD = `import { Check } from 'lucide-react';

type Plan = { name: string; tagline: string; price: number; features: string[] };

/** One plan, as drawn: 24 px inside, price in tabular figures. */
export function PricingCard({ plan }: { plan: Plan }) {
  return (
    <article className="max-w-sm rounded-2xl border p-6 shadow-lg">
      <h3 className="text-lg font-semibold">{plan.name}</h3>
      <p className="text-sm text-slate-500">{plan.tagline}</p>
      <p className="mt-4 text-4xl font-bold tabular-nums">
        \${plan.price}<span className="text-base">/mo</span>
      </p>
      <ul className="mt-4 space-y-2">
        {plan.features.map((feature) => (
          <li key={feature} className="flex gap-2">
            <Check aria-hidden /> {feature}
          </li>
        ))}
      </ul>
      <button className="mt-6 w-full rounded-lg bg-violet-600 py-2 text-white">
        Start free trial
      </button>
    </article>
  );
}
`;
export const ANSWER = `Here is the card as a component. It takes the plan as a prop, so **all three tiers** use it.\n\n\`\`\`tsx PricingCard.tsx\n${CARD}\`\`\`\n`;
const PAGE = `\`\`\`html index.html
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Team plan</title>
  <style>
    /* One card, centred. */
    :root { --accent: #5b4bdb; }
    .card { max-width: 300px; margin: 48px auto; padding: 20px; border-radius: 14px; }
    .price { font: 700 32px/40px system-ui; font-variant-numeric: tabular-nums; }
  </style>
</head>
<body>
  <section class="card" data-plan="team">
    <h1>Team</h1>
    <p class="price">$24<small>/mo</small></p>
    <!-- the three features -->
    <ul><li>Unlimited projects</li><li>Shared components</li><li>Priority support</li></ul>
    <button onclick="start(1)">Start free trial</button>
  </section>
  <script>
    const start = (plan) => fetch(\`/trial/\${plan}\`, { method: 'POST' }); // no reload
  </script>
</body>
</html>
\`\`\`
`;
export const THOUGHTS = `**Reading the card.** The price row is set in tabular figures and the unit sits on the baseline, so the two need separate sizes inside one line box.

**Spacing.** 24 px inside, 16 px between groups, 8 px in the list. Tailwind: p-6, mt-4, space-y-2.

**Button.** Full width, 9 px radius; contrast of white on #5b4bdb is 5.9, fine.
`;

const TASK: Task = {
  kind: 'design',
  title: 'Pricing card',
  instruction: 'React and Tailwind',
  parts: [{ type: 'text', text: '# Pricing card' }],
  source: { uri: 'file:///srv/pricing-card.md', name: 'pricing-card.md', languageId: 'markdown' },
};

/** Writes a log: each call adds an event. */
export class Script {
  readonly events: ComparisonEvent[] = [];

  constructor(task: Task = TASK) {
    this.events.push({ seq: 0, atMs: 0, type: 'comparison-start', schema: 1, id: 'c1', startedAt: '2026-11-22T10:00:00Z', task });
  }

  lane(atMs: number, lane: LaneId, event: LaneEvent): this {
    this.events.push({ seq: this.events.length, atMs, type: 'lane', lane, event });
    return this;
  }

  start(lane: LaneId, model: string, options: Partial<LanePlan> = {}): this {
    const plan: LanePlan = {
      lane,
      model,
      endpointLabel: 'Example',
      scripted: false,
      maxOutputTokens: 8000,
      system: 's',
      prompt: 'p',
      estimate: { inputTokens: 1200 },
      ...options,
    };
    return this.lane(0, lane, { type: 'start', plan }).lane(4, lane, { type: 'attempt', number: 1 });
  }

  /** Adds a text in pieces between two moments. */
  stream(lane: LaneId, type: 'text' | 'reasoning', text: string, fromMs: number, toMs: number): this {
    const pieces = text.match(/[\s\S]{1,40}/g) ?? [];
    pieces.forEach((piece, i) => {
      this.lane(fromMs + ((toMs - fromMs) * i) / Math.max(1, pieces.length - 1), lane, { type, text: piece });
    });
    return this;
  }

  facts(atMs: number, lane: LaneId, usage: Usage, cost: Cost): this {
    return this.lane(atMs, lane, { type: 'usage', usage }).lane(atMs, lane, { type: 'cost', cost });
  }

  end(atMs: number, lane: LaneId, reason: FinishReason, error?: { kind: ErrorKind; message: string }): this {
    return this.lane(atMs, lane, { type: 'end', reason, ...(error ? { error: { ...error, retryable: false } } : {}) });
  }

  close(atMs: number): this {
    this.events.push({ seq: this.events.length, atMs, type: 'comparison-end' });
    return this;
  }

  get state(): ComparisonState {
    return fold(this.events);
  }
}

const usd = (dollars: number, basis: Cost['basis'] = 'computed', priceSource = 'genai-prices 0.1.8'): Cost => ({
  nanoUsd: dollars * 1e9,
  basis,
  priceSource,
  priceAsOf: '2026-11-01',
});
const used = (
  inputTokens: number,
  outputTokens: number,
  reasoningTokens?: number,
  basis: Usage['basis'] = 'reported',
): Usage => ({
  inputTokens,
  outputTokens,
  ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  basis,
});

export const CONTEXT: PanelContext = {
  perRunNanoUsd: 1e9,
  todayNanoUsd: 0.42e9,
  perDayNanoUsd: 5e9,
  files: {},
  laneOrder: ['fast', 'reasoning'],
  canUndoApply: false,
};
const file = (name: string, languageId: string, complete = true): FileSummary => ({ name, languageId, complete });
const TSX = [file('PricingCard.tsx', 'typescriptreact')];
const HTML = [file('index.html', 'html')];

const fastDone = (script: Script): Script =>
  script
    .start('fast', 'anthropic:claude-haiku-5-5', { endpointLabel: 'Anthropic' })
    .lane(300, 'fast', { type: 'first-byte' })
    .lane(310, 'fast', { type: 'served', model: 'claude-haiku-5-5' })
    .stream('fast', 'text', ANSWER, 410, 9700)
    .facts(9800, 'fast', used(1204, 861), usd(0.0061))
    .end(9800, 'fast', 'stop');

const reasoningBegins = (script: Script): Script =>
  script
    .start('reasoning', 'openai:gpt-6-sol@high', { endpointLabel: 'OpenAI' })
    .lane(800, 'reasoning', { type: 'first-byte' })
    .lane(810, 'reasoning', { type: 'served', model: 'gpt-6-sol-2026-10-01' });

const byTime = (script: Script): Script => {
  script.events.sort((one, two) => one.atMs - two.atMs || one.seq - two.seq);
  script.events.forEach((event, seq) => {
    script.events[seq] = { ...event, seq };
  });
  return script;
};

export interface Scene {
  readonly state: ComparisonState;
  readonly context: PanelContext;
  readonly nowMs: number;
  readonly events: readonly ComparisonEvent[];
}

const scene = (script: Script, nowMs: number, context: Partial<PanelContext> = {}): Scene => {
  byTime(script);
  return { state: script.state, context: { ...CONTEXT, ...context }, nowMs, events: script.events };
};

export const snapshot = ({ state, context, nowMs }: Pick<Scene, 'state' | 'context' | 'nowMs'>): ToWebview => ({
  type: 'snapshot',
  state,
  context,
  nowMs,
});

const reasoningAnswers = (): Script =>
  reasoningBegins(fastDone(new Script()))
    .stream('reasoning', 'reasoning', THOUGHTS, 900, 38_000)
    .stream('reasoning', 'text', PAGE.slice(0, 700), 38_900, 45_000)
    .facts(45_000, 'reasoning', used(1198, 2400, 2000, 'estimated'), usd(0.0812, 'estimated'));

const HALF = { fast: TSX, reasoning: [file('index.html', 'html', false)] };

const bothDone = (): Script =>
  reasoningBegins(fastDone(new Script()))
    .stream('reasoning', 'reasoning', THOUGHTS, 900, 38_000)
    .stream('reasoning', 'text', PAGE, 38_900, 62_500)
    .facts(62_600, 'reasoning', used(1198, 3402, 2000), usd(0.116))
    .end(62_600, 'reasoning', 'stop')
    .close(62_600);

const LONG = 'a-model-with-a-very-long-name-as-routers-like-to-give-them/and-then-some-more-of-it-2026-10-01-preview:extended';

/** By name; the order in which they are drawn. */
export const SCENES: Readonly<Record<string, () => Scene>> = {
  empty: () => ({ state: EMPTY, context: CONTEXT, nowMs: 0, events: [] }),
  waiting: () =>
    scene(
      new Script()
        .start('fast', 'anthropic:claude-haiku-5-5', { endpointLabel: 'Anthropic' })
        .start('reasoning', 'openai:gpt-6-sol@high', { endpointLabel: 'OpenAI' }),
      3200,
    ),
  streaming: () =>
    scene(
      reasoningBegins(
        new Script()
          .start('fast', 'anthropic:claude-haiku-5-5', { endpointLabel: 'Anthropic' })
          .lane(300, 'fast', { type: 'first-byte' })
          .stream('fast', 'text', ANSWER.slice(0, 900), 410, 6000)
          .facts(6000, 'fast', used(1204, 480, undefined, 'estimated'), usd(0.0038, 'estimated')),
      )
        .stream('reasoning', 'reasoning', THOUGHTS.slice(0, 260), 900, 6000)
        .facts(6000, 'reasoning', used(1200, 310, 310, 'estimated'), usd(0.0121, 'estimated')),
      6100,
      { files: { fast: [file('PricingCard.tsx', 'typescriptreact', false)] } },
    ),
  thinking: () =>
    scene(
      reasoningBegins(fastDone(new Script()))
        .stream('reasoning', 'reasoning', THOUGHTS, 900, 23_000)
        .facts(23_100, 'reasoning', used(1198, 1300, 1300, 'estimated'), usd(0.0452, 'estimated')),
      23_200,
      { files: { fast: TSX } },
    ),
  answering: () => scene(reasoningAnswers(), 45_100, { files: HALF }),
  replay: () => scene(reasoningAnswers(), 45_100, { files: HALF, replay: { speed: 1, hasEnded: false } }),
  'replay-ended': () =>
    scene(bothDone(), 62_600, { files: { fast: TSX, reasoning: HTML }, replay: { speed: 0, hasEnded: true } }),
  done: () => scene(bothDone(), 62_600, { files: { fast: TSX, reasoning: HTML } }),
  applied: () => scene(bothDone(), 62_600, { files: { fast: TSX, reasoning: HTML }, canUndoApply: true }),
  failed: () =>
    scene(
      reasoningBegins(
        new Script()
          .start('fast', 'anthropic:claude-haiku-5-5', { endpointLabel: 'Anthropic' })
          .facts(700, 'fast', { basis: 'reported' }, usd(0))
          .end(700, 'fast', 'error', { kind: 'auth', message: 'Anthropic refused the API key. Set a valid key.' }),
      )
        .stream('reasoning', 'reasoning', THOUGHTS, 900, 12_000)
        .stream('reasoning', 'text', PAGE.slice(0, 500), 12_400, 15_000)
        .facts(15_100, 'reasoning', used(1198, 1700, 1400, 'estimated'), usd(0.0521, 'estimated'))
        .end(15_100, 'reasoning', 'error', {
          kind: 'network',
          message: 'The connection to api.openai.com was lost. Run this lane again.',
        })
        .close(15_100),
      15_100,
    ),
  budget: () =>
    scene(
      reasoningBegins(fastDone(new Script()))
        .stream('reasoning', 'reasoning', THOUGHTS, 900, 38_000)
        .stream('reasoning', 'text', PAGE.slice(0, 420), 38_900, 44_000)
        .facts(44_000, 'reasoning', used(1198, 26_000, 20_000, 'estimated'), usd(0.91, 'estimated'))
        .end(44_000, 'reasoning', 'aborted', {
          kind: 'budget',
          message: 'Stopped at its budget: this lane reached the most it was allowed to cost. The text so far is kept.',
        })
        .close(44_000),
      44_000,
      {
        files: { fast: TSX, reasoning: [file('index.html', 'html', false)] },
      },
    ),
  interrupted: () =>
    scene(
      reasoningBegins(fastDone(new Script()))
        .stream('reasoning', 'reasoning', THOUGHTS, 900, 20_000)
        .facts(20_000, 'reasoning', used(1198, 900, 900, 'estimated'), usd(0.0213, 'estimated'))
        .end(20_000, 'reasoning', 'aborted', { kind: 'interrupted', message: 'The window closed.' })
        .close(20_000),
      20_000,
      { files: { fast: TSX } },
    ),
  stopped: () =>
    scene(
      reasoningBegins(
        new Script()
          .start('fast', 'local:qwen4:8b', { endpointLabel: 'This machine' })
          .stream('fast', 'text', ANSWER.slice(0, 600), 1400, 5000)
          .facts(5200, 'fast', used(1204, 300, undefined, 'estimated'), { nanoUsd: 0, basis: 'local', priceSource: 'local' })
          .end(5200, 'fast', 'aborted'),
      )
        .facts(900, 'reasoning', used(1198, 8000, 8000), usd(0.24))
        .end(31_000, 'reasoning', 'length')
        .close(31_000),
      31_000,
      { files: { fast: [file('PricingCard.tsx', 'typescriptreact', false)] } },
    ),
  retrying: () =>
    scene(
      new Script()
        .start('fast', 'mine:m', { endpointLabel: 'My server' })
        .lane(900, 'fast', {
          type: 'retry',
          waitMs: 8000,
          error: { kind: 'rate-limit', message: 'My server asks to slow down.', retryable: true },
        })
        .start('reasoning', 'openai:gpt-6-sol@high', { endpointLabel: 'OpenAI' })
        .lane(800, 'reasoning', { type: 'first-byte' }),
      4200,
      { ledgerProblem: 'The spending ledger cannot be written, so nothing that costs money can run. Is the disk full?' },
    ),
  /** Nothing comes in one lane; in the other only signs of life, for more than half of what it is given. */
  stalled: () =>
    scene(
      new Script()
        .start('fast', 'groq:qwen4-32b', {
          endpointLabel: 'Groq',
          patience: { firstByteMs: 60_000, idleMs: 120_000, progressMs: 180_000 },
        })
        .start('reasoning', 'anthropic:claude-opus-5-5@high', {
          endpointLabel: 'Anthropic',
          patience: { firstByteMs: 600_000, idleMs: 300_000, progressMs: 900_000 },
        })
        .lane(300, 'fast', { type: 'first-byte' })
        .stream('fast', 'text', ANSWER.slice(0, 600), 410, 445_000)
        .lane(900, 'reasoning', { type: 'first-byte' })
        .lane(487_000, 'reasoning', { type: 'alive' }),
      490_000,
      { files: { fast: [file('PricingCard.tsx', 'typescriptreact', false)] } },
    ),
  /** Each ended in a way that a button mends: all the limit thought away, and a certificate nobody trusts. */
  mendable: () =>
    scene(
      new Script()
        .start('fast', 'work:m', { endpointLabel: 'Work' })
        .lane(400, 'fast', {
          type: 'end',
          reason: 'error',
          error: {
            kind: 'network',
            message:
              'The certificate of https://llm.work.example was not accepted: self-signed certificate in certificate chain (SELF_SIGNED_CERT_IN_CHAIN). If a company proxy replaces certificates, its own must be trusted on this machine.',
            retryable: false,
            mend: 'proxy',
          },
        })
        .start('reasoning', 'openai:gpt-6-sol@high', {
          endpointLabel: 'OpenAI',
          estimate: { inputTokens: 1200, ceilingNanoUsd: 243_000_000, largerCeilingNanoUsd: 483_000_000 },
        })
        .stream('reasoning', 'reasoning', THOUGHTS, 900, 30_000)
        .facts(30_900, 'reasoning', used(1198, 8000, 8000), usd(0.24))
        .end(31_000, 'reasoning', 'length')
        .close(31_000),
      31_000,
    ),
  /** Ends whose remedy the kind alone does not say. */
  refused: () =>
    scene(
      new Script()
        .start('fast', 'work:m', { endpointLabel: 'Work' })
        .lane(400, 'fast', {
          type: 'end',
          reason: 'error',
          error: {
            kind: 'protocol',
            message:
              "Work answered with “text/html” instead of a stream. It begins “Sign in”. Check the endpoint's base URL and the network's proxy.",
            retryable: true,
            mend: 'endpoint',
          },
        })
        .start('reasoning', 'anthropic:claude-opus-5-5', { endpointLabel: 'Anthropic' })
        .end(900, 'reasoning', 'content-filter')
        .close(900),
      900,
    ),
  /** A third attempt from a prompt cache against thinking that nobody saw. */
  hidden: () =>
    scene(
      new Script()
        .start('fast', 'anthropic:claude-haiku-5-5', { endpointLabel: 'Anthropic' })
        .lane(900, 'fast', {
          type: 'retry',
          waitMs: 3000,
          error: { kind: 'overloaded', message: 'Overloaded.', retryable: true },
        })
        .lane(3900, 'fast', { type: 'attempt', number: 2 })
        .lane(4210, 'fast', { type: 'first-byte' })
        .lane(4230, 'fast', { type: 'first-event' })
        .stream('fast', 'text', ANSWER, 4310, 13_600)
        .facts(13_700, 'fast', { ...used(1204, 861), cacheReadTokens: 1200 }, usd(0.0061))
        .end(13_700, 'fast', 'stop')
        .start('reasoning', 'openai:gpt-6-sol@high', { endpointLabel: 'OpenAI' })
        .lane(800, 'reasoning', { type: 'first-byte' })
        .lane(810, 'reasoning', { type: 'first-event' })
        .stream('reasoning', 'text', PAGE, 28_900, 42_500)
        .facts(42_600, 'reasoning', used(1198, 3402, 2000), usd(0.116))
        .end(42_600, 'reasoning', 'stop')
        .close(42_600),
      42_600,
      { files: { fast: TSX, reasoning: HTML } },
    ),
  /** A whole answer from a cache against thinking that only we can guess at so far. */
  cached: () =>
    scene(
      new Script()
        .start('fast', 'mine:m', { endpointLabel: 'My gateway' })
        .lane(12, 'fast', { type: 'first-byte' })
        .lane(13, 'fast', { type: 'served', fromCache: true })
        .stream('fast', 'text', ANSWER, 14, 30)
        .facts(31, 'fast', used(1204, 861), usd(0.0061))
        .end(31, 'fast', 'stop')
        .start('reasoning', 'openai:gpt-6-sol@high', { endpointLabel: 'OpenAI' })
        .lane(800, 'reasoning', { type: 'first-byte' })
        .facts(12_000, 'reasoning', used(1198, 720, 720, 'estimated'), usd(0.0213, 'estimated')),
      12_100,
      { files: { fast: TSX } },
    ),
  'long-names': () =>
    scene(
      new Script({
        ...TASK,
        title: 'The whole onboarding flow with seven screens, three of them modal, in both colour schemes and in two languages',
        source: {
          uri: 'file:///x',
          name: 'onboarding-flow-final-final-2-with-comments-from-the-review.en-GB.md',
          selection: { startLine: 2, startCharacter: 0, endLine: 211, endCharacter: 0 },
        },
      })
        .start('fast', `openrouter:${LONG}`, { endpointLabel: 'OpenRouter' })
        .stream('fast', 'text', `${'One long line that wraps because it is prose. '.repeat(12)}\n\n${PAGE}`, 410, 9000)
        .facts(9800, 'fast', used(1_204_112, 186_161), { basis: 'unknown' })
        .end(9800, 'fast', 'stop')
        .start('reasoning', `openrouter:${LONG}@xhigh`, { endpointLabel: 'OpenRouter' })
        .lane(800, 'reasoning', { type: 'served', model: `served/${LONG}` })
        .stream('reasoning', 'reasoning', THOUGHTS, 900, 700_000)
        .stream('reasoning', 'text', ANSWER, 725_000, 1_800_000)
        .facts(1_800_000, 'reasoning', used(1_198_004, 1_340_020, 1_190_400), usd(112.4531))
        .end(1_800_000, 'reasoning', 'stop')
        .close(1_800_000),
      1_800_000,
      {
        files: {
          fast: [
            file('src/components/onboarding/screens/modals/ConfirmationWithAVeryLongNameDialog.tsx', 'typescriptreact'),
            file('b.css', 'css'),
          ],
          reasoning: TSX,
        },
      },
    ),
  scripted: () =>
    scene(
      new Script()
        .start('fast', 'sample:fast', { endpointLabel: 'Sample', scripted: true })
        .lane(300, 'fast', { type: 'first-byte' })
        .stream('fast', 'text', PAGE, 410, 6000)
        .facts(6100, 'fast', used(1204, 540), usd(0.0031, 'computed', 'illustrative'))
        .end(6100, 'fast', 'stop')
        .start('reasoning', 'sample:reasoning', { endpointLabel: 'Sample', scripted: true })
        .stream('reasoning', 'reasoning', THOUGHTS, 600, 8400)
        .stream('reasoning', 'text', ANSWER, 8600, 22_000)
        .facts(22_100, 'reasoning', used(1204, 1620, 820), usd(0.0442, 'computed', 'illustrative'))
        .end(22_100, 'reasoning', 'stop')
        .close(22_100),
      22_100,
      { files: { fast: HTML, reasoning: TSX } },
    ),
  fairness: () =>
    scene(
      sheetScript({
        fast: { prompt: 'p', promptStyle: 'identical' },
        reasoning: { prompt: 'p', promptStyle: 'identical' },
      }),
      62_600,
    ),
  'fairness-differs': () =>
    scene(
      sheetScript({
        fast: {
          prompt: 'p'.repeat(1180),
          promptStyle: 'adapted',
          adjustments: [
            { asked: 'effort minimal', reason: 'claude-haiku-4-5 takes no effort' },
            { asked: 'thinking budget 8,000', sent: 'thinking.budget_tokens: 6,000', reason: 'it lies inside the output limit' },
          ],
        },
        reasoning: { prompt: 'p'.repeat(690), promptStyle: 'adapted', served: 'gpt-5.1-2026-10-01' },
      })
        .lane(62_650, 'reasoning', { type: 'served', serviceTier: 'flex', fromCache: true })
        .lane(62_660, 'reasoning', { type: 'resume', after: 'connection' })
        .end(62_700, 'reasoning', 'stop'),
      62_700,
    ),
};

interface SheetLane {
  readonly prompt: string;
  readonly promptStyle: NonNullable<LanePlan['promptStyle']>;
  readonly adjustments?: NonNullable<LanePlan['sending']>['adjustments'];
  readonly served?: string;
}

/** A picture task with all that the fairness sheet can say of it. */
function sheetScript({ fast, reasoning }: Record<LaneId, SheetLane>): Script {
  const picture = { mediaType: 'image/png', bytes: 214_880, size: { width: 2560, height: 1440 } } as const;
  const task: Task = { ...TASK, kind: 'design', parts: [{ type: 'image', mediaType: 'image/png', base64: '' }] };
  return new Script(task)
    .start('fast', 'anthropic:claude-haiku-4-5', {
      endpointLabel: 'Anthropic',
      ...fast,
      sending: {
        parameters: { model: 'claude-haiku-4-5', max_tokens: 8000, stream: true },
        adjustments: fast.adjustments ?? [],
        pictures: [{ ...picture, scaledTo: { width: 1456, height: 819 }, tokens: 1560 }],
      },
    })
    .lane(310, 'fast', { type: 'served', model: fast.served ?? 'claude-haiku-4-5-20251001' })
    .stream('fast', 'text', ANSWER, 410, 9700)
    .facts(9800, 'fast', { ...used(1204, 861), cacheReadTokens: 0, cacheWriteTokens: 1024 }, usd(0.0061))
    .end(9800, 'fast', 'stop')
    .start('reasoning', 'openai:gpt-5.6-sol@high', {
      endpointLabel: 'OpenAI',
      maxOutputTokens: 32_000,
      background: true,
      ...reasoning,
      sending: {
        parameters: {
          model: 'gpt-5.6-sol',
          max_output_tokens: 32_000,
          reasoning: { effort: 'high', summary: 'auto' },
          stream: true,
          background: true,
          store: true,
        },
        adjustments: reasoning.adjustments ?? [],
        pictures: [{ ...picture, scaledTo: picture.size, tokens: 4320 }],
      },
    })
    .lane(810, 'reasoning', { type: 'served', model: reasoning.served ?? 'gpt-5.6-sol' })
    .stream('reasoning', 'reasoning', THOUGHTS, 900, 38_000)
    .stream('reasoning', 'text', PAGE, 38_900, 62_500)
    .facts(62_600, 'reasoning', { ...used(1198, 3402, 2000), cacheReadTokens: 1024 }, usd(0.116))
    .end(62_600, 'reasoning', 'stop')
    .close(62_600);
}
