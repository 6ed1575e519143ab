/**
 * Turns the scripted answers in `sample-answers/` into what a server would have sent: bytes of an OpenAI Responses stream for the fast
 * sample, of an Anthropic Messages stream for the reasoning one. The real adapters then read them like any other answer.
 *
 * Runs in the build. The same sources give the same bytes. Beside the streams it writes `index.json`: by what a task is recognised and
 * when each event of a recording is due. Usage is part of the bytes, as in a real stream: every delta is one token; the input is what
 * the task's own prompt comes to.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { estimateTokenCount } from 'tokenx';

/** What `served model` shows: nobody shall take the sample for a model. */
const SERVED_MODEL = 'scripted sample';

/** Tokens of the rules that go before every task, about. */
const RULES_TOKENS = { design: 270, code: 170 };

/** The pace, in milliseconds from the request and tokens a second. */
const FAST = { responseMs: 200, textMs: 400, tokensPerSecond: 90 };
const REASONING = { responseMs: 300, thinkingMs: 8000, tokensPerSecond: 60 };
const AT_ONCE = { responseMs: 0, textMs: 0, tokensPerSecond: 300 };

/** A reasoning model is billed for what it thought, not for the shorter summary it shows. */
const THINKING_TOKENS = (REASONING.thinkingMs / 1000) * REASONING.tokensPerSecond;

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SOURCES = path.join(HERE, 'sample-answers');
const WORKSPACE = path.join(HERE, '..', 'media', 'samples', 'workspace');

/**
 * Writes all recordings and their index into a directory, which is emptied first.
 * @param {string} outDir
 * @returns {Promise<void>}
 */
export async function recordSamples(outDir) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const tasks = JSON.parse(await readSource('tasks.json'));

  const write = async (name, { events, plan }) => {
    await writeFile(path.join(outDir, name), sse(events));
    return { file: name, plan };
  };

  const indexed = [];
  for (const { pictureTokens, materials: files, ...task } of tasks) {
    const materials = await Promise.all(files.map(readMaterial));
    const words = materials.find((material) => 'text' in material && material.file === task.file)?.text ?? '';
    const inputTokens = RULES_TOKENS[task.kind] + estimateTokenCount(`${task.instruction ?? ''}${words}`);
    const fast = responsesStream({
      id: task.id,
      text: await readSource(`${task.id}.fast.md`),
      inputTokens: inputTokens + pictureTokens.fast,
      pace: FAST,
    });
    const reasoning = messagesStream({
      id: task.id,
      thinking: await readSource(`${task.id}.reasoning.thinking.md`),
      text: await readSource(`${task.id}.reasoning.md`),
      inputTokens: inputTokens + pictureTokens.reasoning,
      pace: REASONING,
    });
    indexed.push({
      ...task,
      materials: materials.map(({ file: _, ...material }) => material),
      recordings: {
        fast: await write(`${task.id}.fast.sse`, fast),
        reasoning: await write(`${task.id}.reasoning.sse`, reasoning),
      },
    });
  }

  const known = tasks
    .map(({ file, instruction }) => `- ${file}${instruction ? `, with the instruction: ${instruction}` : ''}`)
    .join('\n');
  const text = (await readSource('unknown.md')).replace('{tasks}', known);
  const unknown = {
    fast: await write('unknown.fast.sse', responsesStream({ id: 'unknown', text, pace: AT_ONCE })),
    reasoning: await write('unknown.reasoning.sse', messagesStream({ id: 'unknown', text, pace: AT_ONCE })),
  };
  await writeFile(path.join(outDir, 'index.json'), `${JSON.stringify({ tasks: indexed, unknown })}\n`);
}

/** Text sources end without the file's last line break, as an answer does; line breaks are the same on every machine. */
async function readSource(name) {
  return (await readFile(path.join(SOURCES, name), 'utf8')).replaceAll('\r\n', '\n').trimEnd();
}

/** What the task is recognised by: words without regard to white space, or the very picture. */
async function readMaterial(file) {
  const bytes = await readFile(path.join(WORKSPACE, file));
  if (/\.png$/.test(file)) return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
  return { file, text: bytes.toString('utf8').normalize('NFC').replace(/\s+/g, ' ').trim() };
}

/**
 * Cuts text into pieces of about a token: words with the space before them, digits by three, runs of signs, white space. Joined, the
 * pieces are the text.
 * @param {string} text
 * @returns {string[]}
 */
export function pieces(text) {
  return text.match(/ ?\p{L}{1,9}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]{1,4}|\s+(?!\S)|\s/gu) ?? [];
}

/** Events as the wire carries them. */
const sse = (events) => events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** One step of the plan: that many events, the first due at `startMs` and each next one `everyMs` later. */
const step = (events, startMs, everyMs = 0) => ({ events, startMs: round(startMs), everyMs: round(everyMs) });
const round = (ms) => Math.round(ms * 1000) / 1000;

/** `POST /v1/responses`, streamed; one message, no tools. Without input tokens no usage is reported: nobody counted. */
function responsesStream({ id, text, inputTokens, pace }) {
  const deltas = pieces(text);
  const itemId = `msg_sample_${id}`;
  const part = (content) => ({ type: 'output_text', annotations: [], logprobs: [], text: content });
  const item = (status, content) => ({ id: itemId, type: 'message', status, role: 'assistant', content });
  const response = (status, output, usage) => ({
    id: `resp_sample_${id}`,
    object: 'response',
    created_at: 0,
    status,
    error: null,
    incomplete_details: null,
    model: SERVED_MODEL,
    output,
    usage,
  });
  const usage =
    inputTokens === undefined
      ? null
      : {
          input_tokens: inputTokens,
          input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          output_tokens: deltas.length,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: inputTokens + deltas.length,
        };
  const at = { item_id: itemId, output_index: 0, content_index: 0 };
  const opening = [
    { type: 'response.created', response: response('in_progress', [], null) },
    { type: 'response.in_progress', response: response('in_progress', [], null) },
    { type: 'response.output_item.added', output_index: 0, item: item('in_progress', []) },
    { type: 'response.content_part.added', ...at, part: part('') },
  ];
  const closing = [
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: part(text) },
    { type: 'response.output_item.done', output_index: 0, item: item('completed', [part(text)]) },
    { type: 'response.completed', response: response('completed', [item('completed', [part(text)])], usage) },
  ];
  const body = deltas.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] }));
  const everyMs = 1000 / pace.tokensPerSecond;
  return {
    events: [...opening, ...body, ...closing].map(({ type, ...rest }, sequence_number) => ({ type, sequence_number, ...rest })),
    plan: [
      step(opening.length, pace.responseMs),
      step(body.length, pace.textMs, everyMs),
      step(closing.length, pace.textMs + body.length * everyMs),
    ],
  };
}

/** `POST /v1/messages`, streamed; a thinking block with its summary, where there is one, then a text block. */
function messagesStream({ id, thinking, text, inputTokens, pace }) {
  const thoughts = thinking === undefined ? [] : pieces(thinking);
  const deltas = pieces(text);
  const reported = inputTokens !== undefined;
  const thinkingTokens = thinking === undefined ? 0 : THINKING_TOKENS;
  const cache = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = {
    id: `msg_sample_${id}`,
    type: 'message',
    role: 'assistant',
    model: SERVED_MODEL,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    ...(reported ? { usage: { input_tokens: inputTokens, ...cache, output_tokens: 1, service_tier: 'standard' } } : {}),
  };
  const usage = {
    input_tokens: inputTokens,
    ...cache,
    output_tokens: thinkingTokens + deltas.length,
    output_tokens_details: { thinking_tokens: thinkingTokens },
  };
  const start = (index, content_block) => ({ type: 'content_block_start', index, content_block });
  const delta = (index, value) => ({ type: 'content_block_delta', index, delta: value });
  const stop = (index) => ({ type: 'content_block_stop', index });

  const everyMs = 1000 / pace.tokensPerSecond;
  const textMs = thinking === undefined ? pace.textMs : pace.responseMs + pace.thinkingMs;
  const textIndex = thinking === undefined ? 0 : 1;
  const opening = [{ type: 'message_start', message }];
  if (thinking !== undefined) opening.push(start(0, { type: 'thinking', thinking: '', signature: '' }));
  opening.push({ type: 'ping' });
  const summary = thoughts.map((thought) => delta(0, { type: 'thinking_delta', thinking: thought }));
  const signature = Buffer.from(`${SERVED_MODEL} ${id}`).toString('base64');
  const turn = thinking === undefined ? [] : [delta(0, { type: 'signature_delta', signature }), stop(0)];
  turn.push(start(textIndex, { type: 'text', text: '' }));
  const body = deltas.map((piece) => delta(textIndex, { type: 'text_delta', text: piece }));
  const closing = [
    stop(textIndex),
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, ...(reported ? { usage } : {}) },
    { type: 'message_stop' },
  ];
  return {
    events: [...opening, ...summary, ...turn, ...body, ...closing],
    plan: [
      step(opening.length, pace.responseMs),
      ...(thinking === undefined ? [] : [step(summary.length, pace.responseMs, pace.thinkingMs / summary.length)]),
      step(turn.length, textMs),
      step(body.length, textMs, everyMs),
      step(closing.length, textMs + body.length * everyMs),
    ],
  };
}
