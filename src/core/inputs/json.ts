/** JSON from anywhere: limited in size and depth before anything walks it. */
import { MAX_INPUT_BYTES, megabytes } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** No design file nests deeper; whoever walks it with recursion is safe. */
const MAX_DEPTH = 200;

/** The value, or undefined where the text is no JSON. Throws {@link TaskProblem} where it is JSON that nobody should walk. */
export function parseJson(name: string, text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  if (text.length > MAX_INPUT_BYTES) {
    throw new TaskProblem(`${name} is ${megabytes(text.length)} MB of JSON; up to ${megabytes(MAX_INPUT_BYTES)} MB can be read.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
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

/** Why a text that calls itself JSON is none. */
export function jsonProblem(name: string, text: string): TaskProblem {
  try {
    JSON.parse(text);
  } catch (error) {
    const place = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const line = place === undefined ? '' : ` in line ${text.slice(0, Number(place)).split('\n').length}`;
    return new TaskProblem(`${name} is not valid JSON: it breaks off or has a mistake${line}. Export it again.`);
  }
  return new TaskProblem(`${name} holds no design. Choose another file.`);
}
