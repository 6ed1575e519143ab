/**
 * How the events of the OpenAI Responses wire read.
 *
 * Protocol facts are those of the `openai` package's `ResponseStreamEvent`. Text is taken from deltas; the copies that `*.done` and the
 * final event repeat are used only for what never came as deltas, as some proxies send it.
 */
import type { ModelError } from '../../shared/model.ts';
import { endOf, toolCalled } from './endings.ts';
import { isErrorBody } from './errorBody.ts';
import { type CallContext, protocolError } from './errors.ts';
import { asArray, asCount, asObject, asText, type Json } from './json.ts';
import { createServed } from './served.ts';
import { errorFromPayload } from './serverErrors.ts';
import { createThinkSplitter } from './thinkTags.ts';
import { billedCost, openAiUsage } from './usage.ts';
import type { BackgroundPlace, Emit, WireMapper } from './wire.ts';

/**
 * Which item of the output an event belongs to. Its place says it best: GitHub Copilot gives every event another `item_id`
 * (vercel/ai#18548).
 */
const itemOf = (event: Json): unknown => event.output_index ?? event.item_id;

const FINAL: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);
/** Items that wait for the result of a tool of ours. Tools that run on the provider's side have items of their own. */
const CALLS: ReadonlySet<unknown> = new Set(['function_call', 'custom_tool_call']);
/** The states of a response that is over. */
const ENDED: ReadonlySet<string> = new Set(['completed', 'incomplete', 'failed', 'cancelled']);

/**
 * With `background`, text carries its event's `sequence_number`, and what lies before `after` is known already: it is neither shown again
 * nor taken from the copies in `*.done` and the final event (developers.openai.com/docs/guides/background, "Streaming a background
 * response").
 */
export function createResponsesMapper(emit: Emit, context: CallContext, background?: BackgroundPlace): WireMapper {
  const after = background?.after;
  let finished = false;
  let anyReasoning = after !== undefined;
  let refused = false;
  let toolCall = false;
  /** The answer's text as it came, its tags of thinking included: the final event is measured by it. */
  let came = '';
  /** Parts that came as deltas, by kind and position. */
  const streamed = new Set<string>();
  /** Undefined: the one that a picked up run was in. */
  let reasoningPart = after === undefined ? '' : undefined;
  /** Positions of parts whose beginning was seen here. */
  const begun = new Set<string>();
  let cursor: number | undefined;
  /** Which telling of its thinking an item began with: some servers send the raw thinking and a summary of it. */
  const tellings = new Map<unknown, string>();
  /** Whole items, for a final event that does not repeat them. */
  const items: Json[] = [];
  let lastNumber = -1;
  let lastEvent: Json = {};
  let lastPart = '';
  let numbersAreReliable = true;

  const finish = (event: Parameters<Emit>[0] & { type: 'finish' }): void => {
    if (finished) return;
    splitter.end();
    finished = true;
    emit(event);
  };
  const fail = (error: ModelError): void => finish({ type: 'finish', reason: 'error', error });
  const text = (value: string): void => {
    emit({ type: 'text-delta', text: value, ...(cursor === undefined ? {} : { cursor }) });
  };
  const reasoning = (value: string, part: string, position = part): void => {
    const isOther = reasoningPart === undefined ? begun.has(position) : part !== reasoningPart;
    const gap = anyReasoning && isOther ? '\n\n' : '';
    reasoningPart = part;
    anyReasoning = true;
    emit({ type: 'reasoning-delta', text: gap + value, ...(cursor === undefined ? {} : { cursor }) });
  };
  const splitter = createThinkSplitter((value) => reasoning(value, 'tags'), text);
  /** Servers that do not parse their models' thinking have it in the text. A stored run says each text with its place, so at once. */
  const answer = (value: string): void => {
    came += value;
    if (background || (anyReasoning && reasoningPart !== 'tags')) text(value);
    else splitter.push(value);
  };
  const identify = createServed(emit);
  const start = (response: Json | undefined): void =>
    identify({ model: response?.model, id: response?.id, tier: response?.service_tier });

  /**
   * True for a delta that was sent before: a repeated or earlier `sequence_number` of a part that has begun. A server that gives one
   * number to two different events, or an old number to a new part, does not count; its numbers say nothing.
   */
  const isRepeated = (event: Json, part: string): boolean => {
    const number = asCount(event.sequence_number);
    if (number === undefined) return false;
    // A response begins before its text: whoever counts a delta as the first event does not count.
    if (number === 0 && event.delta !== undefined) numbersAreReliable = false;
    if (!numbersAreReliable) return false;
    if (number > lastNumber) {
      lastNumber = number;
      lastEvent = event;
      lastPart = part;
      return false;
    }
    const isNewPart = event.delta !== undefined && !streamed.has(part);
    const isSame = part === lastPart && event.type === lastEvent.type && event.delta === lastEvent.delta;
    numbersAreReliable = !isNewPart && (number < lastNumber || isSame);
    return numbersAreReliable;
  };

  const positionOf = (event: Json): string => `${itemOf(event)} ${event.summary_index ?? event.content_index}`;

  /** A part's texts come as `….delta` and are repeated as `….done`, with the same position. Named once for all of its deltas. */
  let named: { readonly type: string; readonly event: Json; readonly part: string } = { type: '', event: {}, part: '' };
  const partOf = (event: Json, type: string): string => {
    const before = named.event;
    const isSame =
      type === named.type &&
      itemOf(event) === itemOf(before) &&
      event.summary_index === before.summary_index &&
      event.content_index === before.content_index;
    if (!isSame) named = { type, event, part: `${type.slice(0, type.lastIndexOf('.'))} ${positionOf(event)}` };
    return named.part;
  };

  const show = (event: Json, type: string, value: string, part: string): void => {
    streamed.add(part);
    if (type.startsWith('response.reasoning')) {
      const item = itemOf(event);
      const telling = type.slice(0, type.lastIndexOf('.'));
      if (!tellings.has(item)) tellings.set(item, telling);
      if (tellings.get(item) === telling) reasoning(value, part, positionOf(event));
      return;
    }
    if (type.startsWith('response.refusal')) refused = true;
    answer(value);
  };

  /** The thinking of a whole output item, for servers that send no deltas of it. */
  const takeThinking = (item: Json, index: number): void => {
    const raw = asArray(item.content);
    for (const [at, part] of (raw.length > 0 ? raw : asArray(item.summary)).entries()) {
      const value = asText(asObject(part)?.text);
      if (value) reasoning(value, `item ${index} ${at}`);
    }
  };

  /**
   * What the final event has and the deltas had not: the thinking, if none came; of the answer's text, what goes on where the deltas
   * stopped. Text that differs from what was shown adds nothing: shown text is never taken back, nor said twice.
   */
  const takeOutput = (response: Json): void => {
    const reasoningWanted = !anyReasoning;
    const output = asArray(response.output);
    let whole = '';
    for (const [index, entry] of (output.length > 0 ? output : items).entries()) {
      const item = asObject(entry);
      if (item?.type === 'reasoning' && reasoningWanted) takeThinking(item, index);
      toolCall ||= CALLS.has(item?.type);
      if (item?.type !== 'message') continue;
      for (const part of asArray(item.content).map(asObject)) {
        const refusalText = asText(part?.refusal);
        if (refusalText) refused = true;
        whole += asText(part?.text) ?? refusalText ?? '';
      }
    }
    if (after === undefined && whole.length > came.length && whole.startsWith(came)) answer(whole.slice(came.length));
  };

  const conclude = (response: Json, eventStatus: string): void => {
    start(response);
    takeOutput(response);
    splitter.end();
    const usage = openAiUsage(response.usage);
    const billedNanoUsd = billedCost(response.usage);
    if (usage || billedNanoUsd !== undefined)
      emit({
        type: 'usage',
        usage: usage ?? { basis: 'reported' },
        ...(billedNanoUsd === undefined ? {} : { billedNanoUsd }),
      });
    const said = asText(response.status);
    const status = said !== undefined && ENDED.has(said) ? said : eventStatus;
    const error = asObject(response.error);
    if (status === 'failed' || status === 'cancelled' || error) {
      fail(
        errorFromPayload(context, error ?? { message: status === 'cancelled' ? 'The answer was cancelled on the server.' : '' }),
      );
      return;
    }
    if (status === 'incomplete') {
      // Who gives no reason means the limit, as far as is known: the other reason is one that servers want to be heard.
      const reason = asText(asObject(response.incomplete_details)?.reason) ?? 'max_output_tokens';
      const end = endOf(reason, { text: true, toolCall: false });
      if (end === 'length' || end === 'content-filter') finish({ type: 'finish', reason: end });
      else fail(protocolError(context, `ended its answer early: ${reason}. The part that came is kept; run again.`));
    } else if (toolCall) fail(toolCalled(context));
    else finish({ type: 'finish', reason: refused ? 'content-filter' : 'stop' });
  };

  /** Notes where in a stored response an event lies; false for one that was read before. */
  const place = (event: Json, type: string): boolean => {
    const number = asCount(event.sequence_number);
    if (number === undefined) return true;
    if (after !== undefined && number <= after) return false;
    // Whoever goes on after the text of a final event must be sent that event again, for its end and its figures.
    cursor = FINAL.has(type) ? number - 1 : number;
    return true;
  };

  const take = (event: Json, name: string | undefined): void => {
    if (finished) return;
    const type = asText(event.type) ?? name ?? '';
    if (background && !place(event, type)) return;
    const part = partOf(event, type);
    const repeated = isRepeated(event, part);
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta': {
        const delta = asText(event.delta);
        if (delta && !repeated) show(event, type, delta, part);
        return;
      }
      case 'response.output_text.done':
      case 'response.refusal.done':
      case 'response.reasoning_summary_text.done':
      case 'response.reasoning_text.done': {
        const whole = asText(event.text) ?? asText(event.refusal);
        const isKnown = streamed.has(part) || (after !== undefined && !begun.has(positionOf(event)));
        if (whole && !isKnown) show(event, type, whole, part);
        return;
      }
      case 'response.content_part.added':
      case 'response.reasoning_summary_part.added':
        begun.add(positionOf(event));
        return;
      case 'response.output_item.done': {
        const item = asObject(event.item);
        if (item && after === undefined && !repeated) items.push(item);
        return;
      }
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        start(asObject(event.response));
        return;
      case 'response.completed':
        conclude(asObject(event.response) ?? {}, 'completed');
        return;
      case 'response.incomplete':
        conclude(asObject(event.response) ?? {}, 'incomplete');
        return;
      case 'response.failed':
        conclude(asObject(event.response) ?? {}, 'failed');
        return;
      case 'error':
        fail(errorFromPayload(context, event));
        return;
      default:
        // Error objects without a type come from proxies; everything else unknown is ignored, as the protocol asks.
        if (event.type === undefined && isErrorBody(event)) fail(errorFromPayload(context, event));
    }
  };

  return {
    take,
    // Only `response.completed`, `.incomplete`, `.failed` and `error` end an answer.
    end: () => undefined,
    flush: () => splitter.end(),
    whole: (body) => {
      if (!Array.isArray(body.output)) return false;
      // What runs in the background has only begun; what was picked up is asked for as a stream, and would be doubled.
      if (after !== undefined || body.status === 'queued' || body.status === 'in_progress') {
        start(body);
        return false;
      }
      conclude(body, 'completed');
      return finished;
    },
  };
}
