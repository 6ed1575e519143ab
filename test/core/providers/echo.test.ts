/** Text passes as it came, and a key does not, however it is cut. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutEcho } from '../../../src/core/providers/echo.ts';
import type { StreamEvent } from '../../../src/shared/model.ts';

const KEY = 'sk-sk-canary-0123456789';
const END: StreamEvent = { type: 'finish', reason: 'stop' };

async function through(events: readonly StreamEvent[], key = KEY): Promise<readonly StreamEvent[]> {
  async function* stream() {
    yield* events;
  }
  const out: StreamEvent[] = [];
  for await (const event of withoutEcho(stream(), key)) out.push(event);
  return out;
}
const deltas = (text: string, size: number): StreamEvent[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => ({
    type: 'text-delta',
    text: text.slice(i * size, (i + 1) * size),
  }));
const textOf = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' || event.type === 'reasoning-delta' ? event.text : '')).join('');

const CASES: readonly (readonly [text: string, clean: string])[] = [
  [`a ${KEY} b ${KEY}`, 'a sk-sk-[redacted] b sk-sk-[redacted]'],
  [`sk-${KEY}!`, 'sk-sk-sk-[redacted]!'],
  [`${KEY.slice(0, 9)} and ${KEY.slice(0, 11)}x`, `${KEY.slice(0, 9)} and ${KEY.slice(0, 11)}x`],
  [KEY.slice(0, 10), KEY.slice(0, 10)],
  [KEY.slice(0, -1), 'sk-sk-[redacted]'],
  ['ask-sk-can do; sk-learn', 'ask-sk-can do; sk-learn'],
];
for (const [text, clean] of CASES) {
  for (const size of [1, 2, 5, 999])
    test(`${text}, in pieces of ${size}`, async () => {
      const out = await through([...deltas(text, size), END]);
      assert.equal(textOf(out), clean);
      assert.deepEqual(out.at(-1), END);
    });
}
test('what is held is said before anything of the other kind, and keeps its place', async () => {
  const out = await through([
    { type: 'reasoning-delta', text: `think ${KEY.slice(0, 9)}` },
    { type: 'text-delta', text: 'answer', cursor: 7 },
    END,
  ]);
  assert.deepEqual(out, [
    { type: 'reasoning-delta', text: `think ${KEY.slice(0, 6)}` },
    { type: 'reasoning-delta', text: KEY.slice(6, 9) },
    { type: 'text-delta', text: 'answer', cursor: 7 },
    END,
  ]);
});

test('other events and other text are passed on as they are', async () => {
  const events: StreamEvent[] = [
    { type: 'first-byte' },
    { type: 'alive' },
    ...deltas('Words, words.', 3),
    { type: 'usage', usage: { basis: 'reported' } },
    END,
  ];
  const out = await through(events);
  assert.deepEqual(out, events);
  out.forEach((event, i) => {
    assert.equal(event, events[i]);
  });
});

test('a word that a local server takes for a key may be said', async () => {
  const events: StreamEvent[] = [{ type: 'text-delta', text: 'Run ollama serve.' }, END];
  assert.deepEqual(await through(events, 'ollama'), events);
});
