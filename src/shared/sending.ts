/**
 * What one lane is sent, and what that may cost: settled before the run, looked at by the person, and stored with the lane's plan.
 */
import type { ImageMediaType } from './model.ts';
import type { NanoUsd } from './money.ts';

/** What is looked at before the run, for one lane. Absent figures are unknown. */
export interface Estimate {
  readonly inputTokens: number;
  /** The least and the most the input may be; absent in old logs. */
  readonly inputTokensRange?: readonly [number, number];
  /** `counted` by the vendor's own counting endpoint; absent: our estimate. */
  readonly inputBasis?: 'counted';
  /** Tokens out that the likely cost stands on. */
  readonly likelyOutputTokens?: number;
  /** How many of the person's own answers by this model that figure comes from; absent: a typical figure. */
  readonly likelyFromRuns?: number;
  /** Input alone, and nothing answered. */
  readonly floorNanoUsd?: NanoUsd;
  readonly likelyNanoUsd?: NanoUsd;
  /** The worst case: the input's upper bound and the whole output limit. This is what is reserved. */
  readonly ceilingNanoUsd?: NanoUsd;
  /** The worst case at {@link LARGER_LIMIT} times the output limit; absent in old logs. */
  readonly largerCeilingNanoUsd?: NanoUsd;
}

/** A lane that was cut at its output limit is offered so many times as much. */
export const LARGER_LIMIT = 2;

/** How a lane's words came to be: the same for both, adapted to its kind of model, or edited by the person. */
export type PromptStyle = 'identical' | 'adapted' | 'edited';

/** What became of something that was asked for and that the model's endpoint cannot be told in those words. */
export interface Adjustment {
  /** What was asked, in words: `effort xhigh`, `thinking budget 8,000`. */
  readonly asked: string;
  /** What was sent instead, as on the wire: `reasoning_effort: high`. Absent: it was dropped. */
  readonly sent?: string;
  /** Why, in one short clause: `DeepSeek knows low, high and max`. */
  readonly reason: string;
}

/** A picture as it is sent, and as the vendor is known to scale it. */
export interface SentPicture {
  readonly mediaType: ImageMediaType;
  readonly bytes: number;
  /** Pixels; absent when the file does not say. */
  readonly size?: { readonly width: number; readonly height: number };
  /** After the vendor's own scaling, by its published rule: as `size` where it fits; absent when no rule is known. */
  readonly scaledTo?: { readonly width: number; readonly height: number };
  /** Estimated; absent when no formula is known for the model. */
  readonly tokens?: number;
}

/** What really goes to the model beside the words: the fairness sheet is made of it. */
export interface Sending {
  /** The request's parameters by their names on the wire, without words and pictures. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly adjustments: readonly Adjustment[];
  readonly pictures: readonly SentPicture[];
}
