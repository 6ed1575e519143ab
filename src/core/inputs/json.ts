/** JSON from anywhere: limited in size and depth before anything walks it. */
import { MAX_INPUT_BYTES, MAX_TEXT_BYTES, megabytes } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** No design file nests deeper; whoever walks it with recursion is safe. */
const MAX_DEPTH = 200;

/** The value, or undefined where the text is no JSON. Throws {@link TaskProblem} where it is JSON that nobody should walk. */
export function parseInputJson(name: string, text: string): unknown {
  if (!/^\s*(?:[[{]|\/[/*])/.test(text)) return undefined;
  if (text.length > MAX_INPUT_BYTES) {
    throw new TaskProblem(`${name} is ${megabytes(text.length)} MB of JSON; up to ${megabytes(MAX_INPUT_BYTES)} MB can be read.`);
  }
  const json = parsed(text) ?? parsed(withoutComments(text));
  if (json === undefined) return undefined;
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new TaskProblem(
        `${name} is nested deeper than ${MAX_DEPTH} levels, which no design is. Export the part that matters.`,
      );
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const each of Array.isArray(value) ? value : Object.values(value))
        if (typeof each === 'object' && each !== null) next.push(each);
    }
    level = next;
  }
  return json;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON as people edit it: with comments, and with commas behind the last of a list. Beyond what could be sent it stays as it is. */
function withoutComments(text: string): string {
  if (text.length > MAX_TEXT_BYTES) return text;
  return text.replace(STRING_OR_COMMENT, blank).replace(STRING_OR_LAST_COMMA, blank);
}

/** Each of them ends somewhere, so that no text is looked at twice. */
const STRING_OR_COMMENT = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
const STRING_OR_LAST_COMMA = /"(?:[^"\\\n]|\\.)*"?|,(?=\s{0,1000}[}\]])/g;
const blank = (found: string): string => (found.startsWith('"') ? found : ' ');

/** True for a text that begins as JSON does, and ends in the middle of it. */
export function breaksOff(text: string): boolean {
  if (!/^\s*[[{]\s*["[{]/.test(text)) return false;
  try {
    JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : '';
    const place = /at position (\d+)/.exec(words)?.[1];
    return /^Unexpected end|^Unterminated string/.test(words) || Number(place) >= text.trimEnd().length;
  }
  return false;
}

/** Why a text that calls itself JSON is none. */
export function jsonProblem(name: string, text: string): TaskProblem {
  try {
    JSON.parse(text);
  } catch (error) {
    const place = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const line = place === undefined ? '' : ` in line ${text.slice(0, Number(place)).split('\n').length}`;
    return new TaskProblem(
      `${name} is not valid JSON: it breaks off or has a mistake${line}. Export it again, or copy all of it.`,
    );
  }
  return new TaskProblem(`${name} holds no design. Choose another file.`);
}
