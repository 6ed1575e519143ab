/**
 * Some servers put a model's thinking into the answer, between `<think>` and `</think>` at its very beginning. This splits it off
 * while it streams, wherever the tags are cut. Anything before the opening tag, white space aside, makes it ordinary text: a page
 * about `<think>` stays a page.
 *
 * Two cases have no certain answer while they stream. A tag that is never closed: all of it stays thinking and the answer is empty,
 * because the model never began one. A tag that is closed but was never opened (templates of QwQ and DeepSeek-R1 open it in the
 * prompt, and a server that does not parse it passes on the rest): all of it is text, because it was shown as text before the closing
 * tag came, and shown text is never taken back.
 */

/**
 * Opening and closing, in any case: of most open-weight models, of some older ones, of Gemini's OpenAI wire, of Mistral's models on local
 * servers, of Kimi's, of Seed's, of OpenThinker's; and the channels of gpt-oss (cookbook.openai.com, OpenAI Harmony), where a server
 * passes them on.
 */
const TAGS = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['[think]', '[/think]'],
  ['◁think▷', '◁/think▷'],
  ['<seed:think>', '</seed:think>'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
  // An answer without thinking: nothing lies between this and its text.
  ['<|channel|>final<|message|>', ''],
] as const;

const LONGEST_OPENING = Math.max(...TAGS.map(([opening]) => opening.length));

/** An answer that begins with more white space than this is text. */
const MAX_HELD_LENGTH = 1000;

export interface ThinkSplitter {
  push(content: string): void;
  /** The content is over: what was held back is handed on. */
  end(): void;
}

/** Hands on every character once, as thinking or as text, as soon as it is certain which; the tags themselves are dropped. */
export function createThinkSplitter(onThinking: (text: string) => void, onText: (text: string) => void): ThinkSplitter {
  let state: 'start' | 'thinking' | 'after' | 'text' = 'start';
  let closing = '';
  let closingPattern = /$/;
  let held = '';
  let thoughtBegan = false;

  const think = (value: string): void => {
    // The line break after the tag belongs to the tag.
    const shown = thoughtBegan ? value : value.trimStart();
    if (shown === '') return;
    thoughtBegan = true;
    onThinking(shown);
  };

  const push = (content: string): void => {
    if (state === 'text') {
      if (content !== '') onText(content);
      return;
    }
    const all = held + content;
    held = '';
    if (state === 'start') readStart(all);
    else if (state === 'thinking') readThinking(all);
    else readAfter(all);
  };

  const readStart = (all: string): void => {
    const begun = all.trimStart();
    const start = begun.slice(0, LONGEST_OPENING).toLowerCase();
    const tags = TAGS.find(([opening]) => start.startsWith(opening));
    if (tags) {
      state = 'thinking';
      closing = tags[1];
      closingPattern = new RegExp(closing.replace(/[[\]|/]/g, '\\$&'), 'i');
      readThinking(begun.slice(tags[0].length));
    } else if (all.length < MAX_HELD_LENGTH && TAGS.some(([opening]) => opening.startsWith(start))) {
      held = all;
    } else {
      state = 'text';
      onText(all);
    }
  };

  const readThinking = (all: string): void => {
    const end = all.search(closingPattern);
    if (end !== -1) {
      think(all.slice(0, end));
      state = 'after';
      readAfter(all.slice(end + closing.length));
      return;
    }
    const keep = overlap(all, closing);
    held = all.slice(all.length - keep);
    think(all.slice(0, all.length - keep));
  };

  /** White space between the thinking and the answer belongs to neither. */
  const readAfter = (all: string): void => {
    const rest = all.trimStart();
    if (rest === '') return;
    state = 'text';
    onText(rest);
  };

  return {
    push,
    end: () => {
      const rest = held;
      held = '';
      if (rest === '') return;
      if (state === 'thinking') think(rest);
      else onText(rest);
    },
  };
}

/** Length of the longest end of `text` that begins `tag`. */
function overlap(text: string, tag: string): number {
  const end = text.slice(-tag.length).toLowerCase();
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length--) {
    if (end.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
