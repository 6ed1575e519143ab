/**
 * A comparison without anything private, as it may leave this machine: the first step of every export.
 *
 * Secrets are removed whole and in any part of twelve characters, as they are, in URLs, in JSON, in base64 and in hexadecimal; so is
 * whatever has the shape of a key. An answer comes in pieces, and a secret may be cut by them: the pieces of one answer are cleaned as
 * one text. Of the files that were compared only their names are left, and the person's own folder is `~` wherever it is named.
 */
import type { ComparisonEvent, LaneEvent, LaneId } from '../../shared/comparison.ts';
import type { Material } from '../../shared/design.ts';
import type { Task } from '../../shared/task.ts';
import { redact } from '../providers/redact.ts';

export interface Private {
  /** Keys that are known here. */
  readonly secrets: readonly string[];
  /** The person's own folder; absent: not looked for. */
  readonly home?: string | undefined;
}

export interface CleanLog {
  readonly events: readonly ComparisonEvent[];
  /** True when something was removed that was or looked like a key: the reader is told. */
  readonly isRedacted: boolean;
}

const MARK = '[redacted]';

/** The same log without anything private: the same events at the same times. */
export function cleanLog(events: readonly ComparisonEvent[], { secrets, home }: Private): CleanLog {
  const forms = secrets.filter(isSecret).flatMap(formsOf);
  let isRedacted = false;
  const clean = (text: string): string => {
    const redacted = redact(
      text,
      forms.filter((form) => mayHold(text, form)),
    );
    isRedacted ||= redacted !== text && redacted.split(MARK).length > text.split(MARK).length;
    return home === undefined || home.length < 2 ? redacted : redacted.replaceAll(home, '~');
  };
  const cleaned = cleanAnswers(events, clean).map((event): ComparisonEvent => {
    if (event.type === 'comparison-start')
      return { ...event, task: cleanTask(event.task, clean), ...cleanOrigin(event.importedFrom, clean) };
    if (event.type !== 'lane' || event.event.type === 'text' || event.event.type === 'reasoning') return event;
    return { ...event, event: mapStrings(event.event, clean) as LaneEvent }; // only strings are changed, so its form stays
  });
  return { events: cleaned, isRedacted };
}

const cleanOrigin = (importedFrom: string | undefined, clean: (text: string) => string): { readonly importedFrom?: string } =>
  importedFrom === undefined ? {} : { importedFrom: clean(importedFrom) };

/** Pictures are not looked into: they are what the person chose to send. */
function cleanTask({ source, parts, materials, ...words }: Task, clean: (text: string) => string): Task {
  return {
    ...(mapStrings(words, clean) as typeof words), // only strings are changed
    parts: parts.map((part) => (part.type === 'text' ? { ...part, text: clean(part.text) } : part)),
    ...(materials ? { materials: materials.map((material) => cleanMaterial(material, clean)) } : {}),
    ...(source ? { source: { ...source, uri: clean(source.name), name: clean(source.name) } } : {}),
  };
}

/** Of a file its name is left, and not where it lies. */
const cleanMaterial = ({ uri: _uri, ...material }: Material, clean: (text: string) => string): Material =>
  mapStrings(material, clean) as Material; // only strings are changed

/** Cleans the pieces of each answer, and of its thinking, as one text; where that changes it, the pieces share the new text. */
function cleanAnswers(events: readonly ComparisonEvent[], clean: (text: string) => string): readonly ComparisonEvent[] {
  const result = [...events];
  const current = new Map<string, number[]>();
  const cleanPieces = (indices: readonly number[]): void => {
    const whole = indices.map((index) => pieceOf(events[index])).join('');
    const cleaned = clean(whole);
    if (cleaned === whole) return;
    const scale = cleaned.length / whole.length;
    let at = 0;
    for (const index of indices) {
      const event = events[index];
      if (event?.type !== 'lane' || (event.event.type !== 'text' && event.event.type !== 'reasoning')) continue;
      const end = at + event.event.text.length;
      const text = cleaned.slice(Math.round(at * scale), Math.round(end * scale));
      result[index] = { ...event, event: { ...event.event, text } };
      at = end;
    }
  };
  const finish = (lane: LaneId): void => {
    for (const type of ['text', 'reasoning']) {
      cleanPieces(current.get(`${lane} ${type}`) ?? []);
      current.delete(`${lane} ${type}`);
    }
  };
  events.forEach((event, index) => {
    if (event.type !== 'lane') return;
    const { lane } = event;
    const { type } = event.event;
    if (type === 'start') finish(lane);
    if (type !== 'text' && type !== 'reasoning') return;
    const pieces = current.get(`${lane} ${type}`);
    if (pieces) pieces.push(index);
    else current.set(`${lane} ${type}`, [index]);
  });
  finish('fast');
  finish('reasoning');
  return result;
}

const pieceOf = (event: ComparisonEvent | undefined): string =>
  event?.type === 'lane' && (event.event.type === 'text' || event.event.type === 'reasoning') ? event.event.text : '';

/** The value with every string in it changed, names of fields included. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapStrings(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [change(name), mapStrings(each, change)]));
}

/** False for the words that local servers take for a key: `ollama`, `lm-studio`, `EMPTY`. They are names as well. */
const isSecret = (key: string): boolean => key.length >= 12 || (key.length >= 6 && /\d/.test(key));

/** A secret as it may be written. In base64 it has three forms, by where in its group of three bytes it begins. */
function formsOf(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const base64 = [0, 1, 2].map((lead) => {
    const encoded = btoa(String.fromCharCode(...new Uint8Array(lead), ...bytes));
    // The first and the last characters hold bits of what stands beside the secret.
    return encoded.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6));
  });
  const urlSafe = base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  const others = [hex, hex.toUpperCase(), ...base64, ...urlSafe].filter((form) => form.length >= LEAST_FORM);
  return [...new Set([secret, encodeURIComponent(secret), ...others])];
}

/** A shorter encoding would be found in any text. */
const LEAST_FORM = 8;
/** Of any twelve characters in a row of a secret, six stand at a place that is a multiple of six. */
const STRIDE = 6;

/** False when the text surely holds no telling part of the secret: a quick look that spares the thorough one. */
function mayHold(text: string, secret: string): boolean {
  const pieces = Math.max(1, Math.floor(secret.length / STRIDE));
  for (let piece = 0; piece < pieces; piece++) if (text.includes(secret.slice(piece * STRIDE, (piece + 1) * STRIDE))) return true;
  return false;
}
