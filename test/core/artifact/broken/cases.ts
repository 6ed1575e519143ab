/** One case of the corpus, and which of them the rules were never tuned on. */
import type { FinishReason } from '../../../../src/shared/model.ts';

export const SHAPES = ['elided', 'truncated', 'looped', 'chatty', 'sound'] as const;
export type Shape = (typeof SHAPES)[number];

export interface BrokenCase {
  readonly id: string;
  readonly shape: Shape;
  /** The answer, as it was written. */
  readonly text: string;
  readonly kind?: 'design' | 'code';
  /** How the answer ended; absent: `stop`. */
  readonly finish?: FinishReason;
  /** The design's own text, where a case stands on it. */
  readonly design?: string;
  /** Name of the code that was sent. */
  readonly sourceName?: string;
  /** The code that was sent, where the answer is a patch. */
  readonly sourceText?: string;
  /** True for a sound answer that loads from elsewhere, or from files it does not have. */
  readonly loads?: true;
  /** True for an answer with so much talk beside its code that it has to be said. */
  readonly talks?: true;
  /** Text of each file that has to be found, by name; of chatty answers only. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A third of all cases, by their ids alone: the rules were written and changed without looking at what they do on these. */
export function isHeldOut(id: string): boolean {
  let hash = 2166136261;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619);
  return ((hash >>> 0) >> 8) % 3 === 0;
}
