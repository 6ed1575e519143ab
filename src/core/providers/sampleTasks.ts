/**
 * Which of the bundled sample tasks a request asks, if any: decided by what the request really contains, whichever wire it is on.
 *
 * The scripted answers fit one question each. A sample spec with another wish beside it is another question, and answering it with the
 * script would be a lie; so everything in the person's turn that is neither the material nor our own prompt must be accounted for.
 */
import type { MessagePart } from '../../shared/model.ts';
import { GUIDANCE, promptFor } from '../prompt.ts';

/** A bundled task, as the index of the recordings has it. */
export interface SampleTask {
  readonly id: string;
  readonly title: string;
  readonly kind: 'design' | 'code';
  /** Where its material lies in the sample workspace, e.g. `landing/reference.png`. */
  readonly file: string;
  /** What to ask for; code tasks only. */
  readonly instruction?: string;
}

/** What it is recognised by: a text without regard to white space, or the very picture. */
export type SampleMaterial = { readonly text: string } | { readonly sha256: string };

type KnownTask = SampleTask & { readonly materials: readonly SampleMaterial[] };

/** Words that ask for the design as it stands, and for nothing else. */
const NEUTRAL = new Set(
  `a above an and as attached be below build can card code component contained convert could create css described design exactly
  faithfully file following for from generate give here html i image implement in inline into is it landing like looks make me my of on
  one page perfect picture pixel please precisely pricing screenshot self shown single site spec specification that the this to turn us
  web website with write you`.split(/\s+/),
);

/** The share of words an instruction must have in common with the scripted one. */
const SAME_INSTRUCTION = 0.6;

/** The task asked by the body of a request in OpenAI Responses, Chat Completions or Anthropic Messages form. */
export async function recogniseTask<T extends KnownTask>(body: unknown, tasks: readonly T[]): Promise<T | undefined> {
  const { words, pictures } = userTurn(body);
  const hashes = await Promise.all(pictures.map(sha256OfBase64));
  return tasks.find((task) => asks(task, words, hashes));
}

function asks(task: KnownTask, words: string, hashes: readonly string[]): boolean {
  const known = new Set(task.materials.flatMap((material) => ('sha256' in material ? [material.sha256] : [])));
  if (!hashes.every((hash) => known.has(hash))) return false;
  let found = hashes.length > 0;
  let rest = words;
  for (const material of task.materials) {
    const at = 'text' in material ? rest.indexOf(material.text) : -1;
    if (!('text' in material) || at === -1) continue;
    found = true;
    const before = rest.slice(0, at).replace(/`{3,}\S* ?$/, '');
    const after = rest.slice(at + material.text.length).replace(/^ ?`{3,}/, '');
    rest = plain(`${before} ${after}`);
  }
  if (!found) return false;
  const wish = wordsOf(withoutPrompt(rest, task));
  if (task.instruction === undefined) return [...wish].every((word) => NEUTRAL.has(word));
  const asked = wordsOf(task.instruction);
  const common = [...wish].filter((word) => asked.has(word)).length;
  return common / Math.max(wish.size, asked.size) >= SAME_INSTRUCTION;
}

/** What the person added to the prompt that we would have sent by ourselves; the whole text if they rewrote it. */
function withoutPrompt(words: string, task: KnownTask): string {
  const text = Object.values(GUIDANCE[task.kind]).reduce((rest, guidance) => plain(rest.replace(plain(guidance), '')), words);
  const parts: readonly (readonly MessagePart[])[] = [
    [{ type: 'text', text: '' }],
    [{ type: 'image', mediaType: 'image/png', base64: '' }],
  ];
  for (const part of parts) {
    const source = { uri: '', name: 'NAME' };
    const prompt = promptFor({ kind: task.kind, title: '', instruction: task.instruction ?? '', parts: part, source });
    const opening = plain(prompt.text)
      .replace(plain(task.instruction ?? ''), '')
      .trimEnd();
    const pattern = opening.split('NAME').map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    const match = new RegExp(`^${pattern.join('.{1,200}?')}(?= |$)`, 'u').exec(text);
    if (match) return text.slice(match[0].length);
  }
  return text;
}

/** All text and all pictures (base64) of the person's messages, from plain JSON. */
function userTurn(body: unknown): { readonly words: string; readonly pictures: readonly string[] } {
  const texts: string[] = [];
  const pictures: string[] = [];
  const collect = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      const url = /^data:image\/[\w.+-]+;base64,/.exec(value);
      if (url) pictures.push(value.slice(url[0].length));
      else if (key === 'data') pictures.push(value);
      else if (key === 'text' || key === 'content') texts.push(value);
    } else if (Array.isArray(value)) {
      for (const item of value) collect(item, key);
    } else if (typeof value === 'object' && value !== null) {
      if ('role' in value && value.role !== 'user') return;
      for (const [name, inner] of Object.entries(value)) collect(inner, name);
    }
  };
  if (typeof body === 'object' && body !== null) {
    if ('input' in body) collect(body.input, 'content');
    if ('messages' in body) collect(body.messages, 'content');
  }
  return { words: plain(texts.join('\n')), pictures };
}

/** One space for any white space, as the index has it. */
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

async function sha256OfBase64(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
