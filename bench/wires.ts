/**
 * What a fast model sends on each wire, event by event, with the fields and so the bytes that its vendor sends: a floor is only a
 * floor for events of the true size. The same number of deltas gives the same bytes on every run.
 */
import type { Api } from '../src/shared/model.ts';

const SOURCE = `export function PricingCard({ plan, price, features }: PricingCardProps) {
  const [yearly, setYearly] = useState(false);
  return (
    <section className="card" aria-labelledby={\`plan-\${plan.id}\`}>
      <h2 id={\`plan-\${plan.id}\`}>{plan.name}</h2>
      <p className="price">{formatPrice(yearly ? price * 10 : price)}</p>
      <ul>{features.map((feature) => <li key={feature.id}>{feature.label}</li>)}</ul>
      {/* The button says what happens, not what it is. */}
      <button type="button" onClick={() => setYearly(!yearly)}>Pay {yearly ? 'monthly' : 'once a year'}</button>
    </section>
  );
}

`;

/** That many deltas of 2 to 6 characters, about a token each. */
export function deltasOf(count: number): readonly string[] {
  const deltas: string[] = [];
  let seed = 20_261_122;
  for (let at = 0; deltas.length < count; ) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const length = 2 + (seed % 5);
    deltas.push(SOURCE.slice(at, at + length));
    at = at + length >= SOURCE.length ? 0 : at + length;
  }
  return deltas;
}

const named = (event: Record<string, unknown>): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** The events of an answer of that many deltas, after so many of thinking, each as its bytes on the wire. */
export const EVENTS_OF: Readonly<Record<Api, (count: number, thinking?: number) => readonly string[]>> = {
  'openai-responses': responsesEvents,
  'openai-chat': chatEvents,
  'anthropic-messages': anthropicEvents,
};

/** How a delta of the answer looks on each wire, and one of thinking: to find the first. */
export const MARKS: Readonly<Record<Api, { readonly text: string; readonly thinking: string }>> = {
  'openai-responses': { text: 'output_text.delta', thinking: 'reasoning_summary_text.delta' },
  'openai-chat': { text: '"delta":{"content":"', thinking: '"delta":{"reasoning_content":"' },
  'anthropic-messages': { text: 'text_delta', thinking: 'thinking_delta' },
};

function responsesEvents(count: number, thinking = 0): readonly string[] {
  const deltas = deltasOf(count);
  const text = deltas.join('');
  const item_id = 'msg_0a4c1d3f5b7e9a2c4d6f8b1e3a5c7d9f2b4e6a8c';
  const output_index = thinking > 0 ? 1 : 0;
  const at = { item_id, output_index, content_index: 0 };
  const part = { type: 'output_text', annotations: [], logprobs: [], text };
  const item = { id: item_id, type: 'message', status: 'completed', role: 'assistant', content: [part] };
  const response = {
    id: 'resp_0a4c1d3f5b7e9a2c',
    object: 'response',
    model: 'bench',
    status: 'in_progress',
    output: [],
    usage: null,
  };
  const usage = {
    input_tokens: 100,
    output_tokens: thinking + count,
    output_tokens_details: { reasoning_tokens: thinking },
    total_tokens: thinking + count + 100,
  };
  const thought = { item_id: 'rs_0a4c1d3f5b7e9a2c', output_index: 0, summary_index: 0 };
  return [
    { type: 'response.created', response },
    { type: 'response.in_progress', response },
    ...deltasOf(thinking).map((delta) => ({
      type: 'response.reasoning_summary_text.delta',
      ...thought,
      delta,
    })),
    { type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
    ...deltas.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [], obfuscation: 'k3Rw9ZpQ' })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part },
    { type: 'response.output_item.done', output_index, item },
    { type: 'response.completed', response: { ...response, status: 'completed', output: [item], usage } },
  ].map(({ type, ...rest }, sequence_number) => named({ type, sequence_number, ...rest }));
}

function chatEvents(count: number, thinking = 0): readonly string[] {
  const base = {
    id: 'chatcmpl-Cq7vXb2mN9sLt4',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'bench-oss-120b',
    service_tier: 'default',
    system_fingerprint: 'fp_3c9f21a7d0',
  };
  const chunk = (delta: Record<string, unknown>, finish_reason: string | null = null) => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
  });
  const usage = {
    prompt_tokens: 100,
    completion_tokens: thinking + count,
    total_tokens: thinking + count + 100,
    completion_tokens_details: { reasoning_tokens: thinking },
  };
  const chunks = [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...deltasOf(thinking).map((reasoning_content) => chunk({ reasoning_content })),
    ...deltasOf(count).map((content) => chunk({ content })),
    chunk({}, 'stop'),
    { ...base, choices: [], usage },
  ];
  return [...chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`), 'data: [DONE]\n\n'];
}

function anthropicEvents(count: number, thinking = 0): readonly string[] {
  const usage = { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const message = { id: 'msg_01', type: 'message', role: 'assistant', model: 'bench', content: [], stop_reason: null, usage };
  const index = thinking > 0 ? 1 : 0;
  const total = { ...usage, output_tokens: thinking + count };
  const thoughts = deltasOf(thinking).map((text) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'thinking_delta', thinking: text },
  }));
  return [
    { type: 'message_start', message },
    ...(thinking === 0
      ? []
      : [
          { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
          ...thoughts,
          { type: 'content_block_stop', index: 0 },
        ]),
    { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...deltasOf(count).map((text) => ({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: total },
    { type: 'message_stop' },
  ].map(named);
}
