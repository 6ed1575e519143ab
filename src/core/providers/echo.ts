/**
 * A server that says our key back, in the very text of an answer, does not get it into the panel and the journal.
 *
 * A key may come in pieces, and text must not wait for what may follow: the first characters of the key pass, and only what goes on as the
 * key does is held until it is the key, and dropped, or is not, and passes. An encoded key is not looked for here; exports are cleaned of it.
 */
import type { StreamEvent } from '../../shared/model.ts';

const MARK = '[redacted]';
/** So much of a key tells nothing, and no common word is held for it. */
const OPENING = 6;
/** Held text that is at least so much of the key is not passed at the end. */
const TELLING = 12;
/** A shorter key is a word that local servers take for one (`ollama`, `not-needed`), and may well be said. */
const LEAST_KEY = 16;

type DeltaType = 'text-delta' | 'reasoning-delta';

/** The same stream without that key in its text and its thinking. */
export async function* withoutEcho(stream: AsyncIterable<StreamEvent>, key: string): AsyncGenerator<StreamEvent> {
  if (key.length < LEAST_KEY) {
    yield* stream;
    return;
  }
  const guards: Readonly<Record<DeltaType, Guard>> = { 'text-delta': guard(key), 'reasoning-delta': guard(key) };
  const rest = (type: DeltaType): readonly StreamEvent[] => {
    const text = guards[type].end();
    return text === '' ? [] : [{ type, text }];
  };
  for await (const event of stream) {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
      yield* rest(event.type === 'text-delta' ? 'reasoning-delta' : 'text-delta');
      const text = guards[event.type].pass(event.text);
      if (text !== '') yield text === event.text ? event : { ...event, text };
      continue;
    }
    if (event.type === 'finish') yield* [...rest('reasoning-delta'), ...rest('text-delta')];
    yield event;
  }
}

interface Guard {
  /** What of the text so far may be shown now. */
  pass(text: string): string;
  /** What is left when no more comes. */
  end(): string;
}

function guard(key: string): Guard {
  const shorter = fallbacks(key);
  /** How much of the key the text ends with. */
  let matched = 0;
  let held = '';
  return {
    pass(text) {
      if (matched === 0 && !text.includes(key.charAt(0))) return text;
      let out = '';
      for (let at = 0; at < text.length; at++) {
        const unit = text.charAt(at);
        while (matched > 0 && key.charAt(matched) !== unit) matched = shorter[matched - 1] ?? 0;
        if (key.charAt(matched) === unit) matched++;
        held += unit;
        if (matched === key.length) {
          out += MARK;
          held = '';
          matched = 0;
          continue;
        }
        const passes = held.length - Math.max(0, matched - OPENING);
        out += held.slice(0, passes);
        held = held.slice(passes);
      }
      return out;
    },
    end() {
      const left = matched >= TELLING ? MARK : held;
      matched = 0;
      held = '';
      return left;
    },
  };
}

/** For every beginning of the key, the longest shorter beginning that it ends with (Knuth, Morris and Pratt). */
function fallbacks(key: string): readonly number[] {
  const table = [0];
  let length = 0;
  for (let at = 1; at < key.length; at++) {
    while (length > 0 && key.charAt(at) !== key.charAt(length)) length = table[length - 1] ?? 0;
    if (key.charAt(at) === key.charAt(length)) length++;
    table.push(length);
  }
  return table;
}
