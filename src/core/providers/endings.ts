/**
 * What the vendors' words for the end of an answer mean. One list for all wires: proxies hand on the words of one vendor over the wire of
 * another.
 */
import type { FinishReason, ModelError } from '../../shared/model.ts';
import { type CallContext, mendedBy, protocolError } from './errors.ts';

/**
 * Lower case. The words of OpenAI, Anthropic, Mistral and Hugging Face, of Amazon (docs.aws.amazon.com, Converse, `stopReason`) and of
 * Google (ai.google.dev, `FinishReason`). What is not here is a failure, or a word that nobody knows yet.
 */
const WORDS: ReadonlyMap<string, FinishReason | 'tool'> = new Map([
  ['stop', 'stop'],
  ['stop_sequence', 'stop'],
  ['end_turn', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['complete', 'stop'],
  ['completed', 'stop'],
  ['tool_calls', 'tool'],
  ['tool_use', 'tool'],
  ['function_call', 'tool'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['max_output_tokens', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['content_filter', 'content-filter'],
  ['content-filter', 'content-filter'],
  ['content_filtered', 'content-filter'],
  ['guardrail_intervened', 'content-filter'],
  ['refusal', 'content-filter'],
  ['safety', 'content-filter'],
  ['sensitive', 'content-filter'],
  ['recitation', 'content-filter'],
  ['prohibited_content', 'content-filter'],
  ['blocklist', 'content-filter'],
  ['spii', 'content-filter'],
]);

/** What came of an answer before its end. */
export interface Came {
  /** Any of the answer's text. */
  readonly text: boolean;
  /** A call of a tool whose result the model waits for. */
  readonly toolCall: boolean;
}

/**
 * Undefined: not known to be an end. `tool`: the answer stopped for the result of a tool, which nobody here gives. Some servers say so
 * without a call, and some call a tool and say that all is well; the call decides, and next to an answer's text the word.
 */
export function endOf(word: string, came: Came): FinishReason | 'tool' | undefined {
  // Gemini says more after a colon: `content_filter: RECITATION`.
  const end = WORDS.get(word.toLowerCase().replace(/:.*/s, ''));
  if (end === 'tool') return came.toolCall ? 'tool' : 'stop';
  return end === 'stop' && came.toolCall && !came.text ? 'tool' : end;
}

/** No request here offers a tool: a model that calls one does not go on. */
export const toolCalled = (context: CallContext): ModelError =>
  mendedBy(
    'model',
    protocolError(
      context,
      'called a tool, though none was offered. The part that came is kept; run again, or choose another model.',
    ),
  );
