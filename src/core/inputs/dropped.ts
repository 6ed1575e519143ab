/**
 * What was dropped or pasted into the panel's page, as the page says it: checked field by field, because it came through a page that also
 * shows what models wrote.
 */
import * as v from 'valibot';
import { MAX_INPUT_BYTES } from './piece.ts';
import { TaskProblem } from './problem.ts';

/** As many as a task may be made of. */
const MAX_DROPPED = 20;

export interface Dropped {
  readonly items: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Addresses of documents, in the order dropped, each once. */
  readonly uris: readonly string[];
}

const Items = v.object({
  items: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.maxLength(1000)),
        mediaType: v.pipe(v.string(), v.maxLength(200)),
        base64: v.optional(
          v.pipe(v.string(), v.maxLength(Math.ceil(MAX_INPUT_BYTES / 3) * 4), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
        ),
      }),
    ),
    v.maxLength(MAX_DROPPED),
  ),
  uris: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(4000), v.regex(/^[a-z][a-z0-9+.-]*:[^\s\p{Cc}]+$/iu))),
    v.maxLength(MAX_DROPPED),
  ),
});

/** Throws {@link TaskProblem} where it is nothing, too much, or not what the page sends. */
export function readDropped(message: unknown): Dropped {
  const { success, output } = v.safeParse(Items, message, { abortEarly: true });
  if (!success) {
    throw new TaskProblem(
      `What was dropped cannot be read. Drop up to ${MAX_DROPPED} files of up to 20 MB, or compare on a file instead.`,
    );
  }
  const tooLarge = output.items.find(({ base64 }) => base64 === undefined);
  if (tooLarge) throw new TaskProblem(`${tooLarge.name} is larger than 20 MB. Export the part that matters.`);
  if (output.items.length === 0 && output.uris.length === 0) {
    throw new TaskProblem('Nothing that can be compared was dropped. Drop files, or paste a picture or text.');
  }
  return {
    items: output.items.map(({ name, base64 = '' }) => ({ name, bytes: Uint8Array.from(Buffer.from(base64, 'base64')) })),
    uris: [...new Set(output.uris)],
  };
}
