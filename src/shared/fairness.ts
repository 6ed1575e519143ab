/**
 * The fairness sheet: what each of the two really received, row by row.
 *
 * Panel and terminal show the same rows. They claim only what the log carries: what was sent is what the wire wrote down before it was
 * sent, what came back is what the provider said of it. A dash stands for what nobody knows; a log that is older than the sheet says so.
 */
import type { ComparisonState, LaneId, LanePlan, Run } from './comparison.ts';
import { countOf, formatCount, kilobytes, plural, UNKNOWN } from './figures.ts';
import { isObject } from './isObject.ts';
import { type ImageMediaType, type ModelRef, parseModelRef } from './model.ts';
import type { Adjustment, PromptStyle, SentPicture } from './sending.ts';
import type { Task } from './task.ts';

/** Lines of one lane. */
export type FairnessCell = readonly string[];

export interface FairnessRow extends Readonly<Record<LaneId, FairnessCell>> {
  readonly id: string;
  readonly label: string;
  /** One plain sentence that explains it. */
  readonly title: string;
  /** True where it is known that both got the same. */
  readonly same: boolean;
}

/** The sheet, in display order; empty before any lane has started. */
export function fairnessSheet({ task, runs }: ComparisonState): readonly FairnessRow[] {
  const { fast, reasoning } = runs;
  const started = [fast, reasoning].filter((run) => run !== undefined);
  if (started.length === 0) return [];
  return ROWS.filter(({ appliesTo }) => !appliesTo || started.some(appliesTo)).map(({ id, label, title, read, isSame }) => {
    const cellOf = (run: Run | undefined): FairnessCell => (run ? orDash(read(run, task)) : [UNKNOWN]);
    const row = { fast: cellOf(fast), reasoning: cellOf(reasoning) };
    const readsSame = row.fast.join('\n') === row.reasoning.join('\n') && row.fast.join() !== UNKNOWN;
    return {
      id,
      label,
      title,
      ...row,
      same: readsSame && (!isSame || (fast && reasoning && isSame(fast.plan, reasoning.plan))) === true,
    };
  });
}

/** The parameters of a lane's request as on its wire, one a line, inner names after a dot; the model's name has its own row. */
export function parameterLines({ sending }: LanePlan): readonly string[] {
  const { model: _model, ...parameters } = sending?.parameters ?? {};
  return flatten('', parameters);
}

/** `effort xhigh → reasoning_effort: high (why)`, `effort minimal dropped (why)`. */
export const adjustmentLine = ({ asked, sent, reason }: Adjustment): string =>
  `${asked} ${sent === undefined ? 'dropped' : `→ ${sent}`} (${reason})`;

interface RowSource {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  read(run: Run, task: Task): FairnessCell;
  /** Where lines that read the same may stand for different things. */
  readonly isSame?: (one: LanePlan, other: LanePlan) => boolean;
  /** The row is left out where it applies to no lane. */
  readonly appliesTo?: (run: Run) => boolean;
}

const NOT_RECORDED: FairnessCell = ['not recorded'];

const ROWS: readonly RowSource[] = [
  {
    id: 'model',
    label: 'Model asked',
    title: 'The model that was asked for, and where.',
    read: ({ plan }) => [plan.scripted ? plan.model : `${refOf(plan).model} at ${plan.endpointLabel}`],
  },
  {
    id: 'served',
    label: 'Model served',
    title: 'The model that the answer names as its own, and how it was served.',
    read: ({ plan, servedModel, serviceTier, fromCache }) => {
      if (plan.scripted) return ['a script, not a model'];
      const name = servedModel ?? UNKNOWN;
      const asked = refOf(plan).model;
      return [
        servedModel === undefined || servedModel === asked
          ? name
          : `${name}, ${isVersionOf(asked, servedModel) ? 'a version of it' : 'not the model asked for'}`,
        ...(serviceTier === undefined ? [] : [`service tier ${serviceTier}`]),
        ...(fromCache ? ['answered from a cache: its times are not those of a model'] : []),
      ];
    },
  },
  {
    id: 'thinking',
    label: 'Thinking asked for',
    title: 'The effort and the most thinking that were asked for.',
    read: ({ plan }) => [
      plan.scripted ? UNKNOWN : refOf(plan).effort ? `effort ${refOf(plan).effort}` : "the model's own effort",
      ...(plan.thinkingBudgetTokens === undefined ? [] : [`at most ${formatCount(plan.thinkingBudgetTokens)} thinking tokens`]),
    ],
  },
  {
    id: 'output-limit',
    label: 'Output limit',
    title: 'The most tokens the answer and its thinking may have together.',
    read: ({ plan }) => [`${formatCount(plan.maxOutputTokens)} tokens`],
  },
  {
    id: 'adjustments',
    label: 'Dropped or changed',
    title: 'What was asked for and could not be said to this endpoint as it was asked.',
    read: ({ plan: { sending } }) => {
      if (!sending) return NOT_RECORDED;
      return sending.adjustments.length === 0 ? ['nothing'] : sending.adjustments.map(adjustmentLine);
    },
  },
  {
    id: 'parameters',
    label: 'Parameters sent',
    title: 'Everything beside words and pictures, by its name on the wire.',
    read: ({ plan }) => {
      if (plan.scripted) return ['none: a script is not asked'];
      if (!plan.sending) return NOT_RECORDED;
      const lines = parameterLines(plan);
      return lines.length === 0 ? ['none'] : lines;
    },
  },
  {
    id: 'prompt',
    label: 'Prompt',
    title: 'The words of the request, before the material.',
    read: ({ plan: { lane, prompt, promptStyle } }) => [
      `${promptStyle ? `${STYLE[promptStyle](lane)}, ` : ''}${plural(prompt.length, 'character')}`,
    ],
    isSame: (one, other) => one.prompt === other.prompt,
  },
  {
    id: 'system',
    label: 'System prompt',
    title: 'The rules of the answer.',
    read: ({ plan }) => [plural(plan.system.length, 'character')],
    isSame: (one, other) => one.system === other.system,
  },
  {
    id: 'material',
    label: 'Material',
    title: 'The spec or the code, as it follows the prompt.',
    read: (_run, { parts }) => {
      const texts = parts.flatMap((part) => (part.type === 'text' ? [plural(part.text.length, 'character')] : []));
      return texts.length === 0 ? ['no text'] : texts;
    },
  },
  {
    id: 'pictures',
    label: 'Pictures',
    title: 'Each picture as it was sent, and what the vendor makes of it by its published rule.',
    read: ({ plan }, { parts }) => {
      const count = pictureCount(parts);
      if (count === 0) return ['none'];
      if (!plan.sending) return [`${plural(count, 'picture')}; how it is scaled is not recorded`];
      return plan.sending.pictures.map((picture) => pictureLine(picture, plan.scripted));
    },
  },
  {
    id: 'trimmed',
    label: 'Trimmed',
    title: 'What is too big to send is refused before the run, never cut; a vendor may make a picture smaller.',
    read: ({ plan }) => {
      const smaller = (plan.sending?.pictures ?? []).filter(isMadeSmaller).length;
      return [smaller === 0 ? 'nothing' : `nothing by us; ${plural(smaller, 'picture')} made smaller by the vendor`];
    },
  },
  {
    id: 'input-tokens',
    label: 'Input tokens',
    title: 'As the provider reported them, else as they were counted or estimated before the run.',
    read: inputTokens,
  },
  {
    id: 'cached',
    label: 'Cached input',
    title: 'Input tokens that the provider had read before: they come cheaper and faster.',
    read: ({ usage }) => {
      if (usage?.basis !== 'reported') return [];
      const read = countOf(usage.cacheReadTokens);
      const written = countOf(usage.cacheWriteTokens);
      return [
        ...(read === undefined ? [] : [read === 0 ? 'none' : `${formatCount(read)} of ${formatCount(usage.inputTokens)}`]),
        ...(written === undefined || written === 0 ? [] : [`${formatCount(written)} kept for later runs`]),
      ];
    },
  },
  {
    id: 'attempts',
    label: 'Attempts',
    title: 'How often the request was sent; only the last attempt is timed.',
    read: ({ attempts, resumes }) => [
      ...(attempts === 0 ? [] : [formatCount(attempts)]),
      ...(resumes === undefined ? [] : [`picked up again ${plural(resumes, 'time')}`]),
    ],
  },
  {
    id: 'background',
    label: 'Background',
    title: 'A run on the provider’s side, which stores the answer so that it can be picked up again.',
    read: ({ plan }) => [plan.background ? 'yes: the provider stores the answer' : 'no'],
    appliesTo: ({ plan }) => plan.background === true,
  },
];

const STYLE: Readonly<Record<PromptStyle, (lane: LaneId) => string>> = {
  identical: () => 'standard words',
  adapted: (lane) => `adapted to a ${lane} model`,
  edited: () => 'edited by you',
};

function inputTokens({ plan: { estimate }, usage }: Run): FairnessCell {
  const reported = usage?.basis === 'reported' ? countOf(usage.inputTokens) : undefined;
  if (reported !== undefined) return [`${formatCount(reported)} reported`];
  if (estimate.inputBasis === 'counted') return [`${formatCount(estimate.inputTokens)} counted by the provider before the run`];
  const [least, most] = estimate.inputTokensRange ?? [];
  const band = least === undefined || most === undefined ? '' : `, ${formatCount(least)} to ${formatCount(most)}`;
  return [`~${formatCount(estimate.inputTokens)} estimated${band}`];
}

const FORMAT: Readonly<Record<ImageMediaType, string>> = {
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'image/webp': 'WebP',
  'image/gif': 'GIF',
};

function pictureLine(picture: SentPicture, scripted: boolean): string {
  const { mediaType, bytes, size, scaledTo, tokens } = picture;
  const what = `${size ? `${pixels(size)} ` : ''}${FORMAT[mediaType]}, ${kilobytes(bytes)}`;
  const scaling = !scaledTo
    ? "the vendor's scaling is not known"
    : isMadeSmaller(picture)
      ? `scaled by the vendor to ${pixels(scaledTo)}`
      : 'not scaled by the vendor';
  return [what, ...(scripted ? [] : [scaling]), ...(tokens === undefined ? [] : [`~${plural(tokens, 'token')}`])].join('; ');
}

export const pixels = ({ width, height }: { readonly width: number; readonly height: number }): string => `${width} × ${height}`;

const isMadeSmaller = ({ size, scaledTo }: SentPicture): boolean =>
  size !== undefined && scaledTo !== undefined && scaledTo.width * scaledTo.height < size.width * size.height;

export const pictureCount = (parts: Task['parts']): number => parts.filter(({ type }) => type === 'image').length;

/** True for the id itself, with or without its router's path, and for a dated version of it: `gpt-6-sol-2026-10-01`. */
export function isVersionOf(asked: string, served: string): boolean {
  const [one, other] = [asked, served].map((id) => id.slice(id.lastIndexOf('/') + 1).toLowerCase());
  if (one === undefined || other === undefined) return false;
  const base = one.replace(/-latest$/, '');
  return other === one || (other.startsWith(base) && /^[-@]\d{4}/.test(other.slice(base.length)));
}

export const refOf = ({ model }: LanePlan): Pick<ModelRef, 'model' | 'effort'> => parseModelRef(model) ?? { model };

const orDash = (lines: FairnessCell): FairnessCell => (lines.length === 0 ? [UNKNOWN] : lines);

function flatten(name: string, value: unknown): readonly string[] {
  if (isObject(value))
    return Object.entries(value).flatMap(([inner, each]) => flatten(name === '' ? inner : `${name}.${inner}`, each));
  return [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`];
}
