/** A file of an answer, what was asked for when it was written, and what it is called where the model gave no name. */
import type { TargetId } from '../../shared/design.ts';
import type { Task } from '../../shared/task.ts';
import { TARGET_RULES } from '../targets.ts';
import { areCompatible, defaultFileName, languageIdOf } from './languages.ts';

export interface AnswerFile {
  /** As the model wrote it (a leading `./` taken off), or a proposed name. Untrusted: see `paths.ts`. */
  readonly name: string;
  /** True when the model gave the name. */
  readonly named: boolean;
  readonly languageId: string;
  /** With `\n` line ends; ends as the block did, so with one `\n` unless it was cut. */
  readonly content: string;
  /** True when the block's end was seen. A complete file of an answer that was cut later is still complete. */
  readonly complete: boolean;
  /** True for the one file of a code answer that takes the place of the code it was asked about. */
  readonly replaces: boolean;
}

export interface ExtractOptions {
  readonly kind: Task['kind'];
  /** Name of the spec or of the code that was sent. */
  readonly sourceName?: string;
  /** Language of the code that was sent. */
  readonly languageId?: string;
  /** The code that was sent, for patches. */
  readonly sourceText?: string;
  /** Files that were sent with a design, whole and as they are, for patches. */
  readonly sent?: readonly { readonly name: string; readonly text: string }[];
  /** What a design was to be built in: it names a file nobody named. */
  readonly target?: TargetId;
  /** True once the answer ended normally. An answer that was cut or stopped is not finished, however long ago that was. */
  readonly finished: boolean;
}

/**
 * A name for a file nobody named: what the page itself links to or imports; for a component the name its target asks for; else the spec's
 * name with the extension of the language, never the spec itself; else the usual name of that language.
 */
export function proposedName(languageId: string, { sourceName, target }: ExtractOptions, page: string): string {
  const usual = defaultFileName(languageId);
  const extension = usual.slice(usual.lastIndexOf('.'));
  const entry = target && TARGET_RULES[target].entry;
  if (entry && languageId !== 'html' && areCompatible(languageIdOf(entry, ''), languageId) && !/^(?:css|html)$/.test(languageId))
    return languageIdOf(entry, '') === languageId ? entry : usual;
  if (page && languageId !== 'html') {
    const linked = [
      ...page
        .slice(0, 200_000)
        .matchAll(/\b(?:(?:href|src)=|from\s|import\s)["']?(?:\.\/)?([\w-]{1,60}(?:[./][\w-]{1,60}){1,6})["'\s>]/g),
    ];
    const match = linked.find(([, link]) => link?.endsWith(extension))?.[1];
    if (match) return match;
  }
  const dot = sourceName?.lastIndexOf('.') ?? -1;
  const stem = dot > 0 ? sourceName?.slice(0, dot) : sourceName;
  if (!stem) return usual;
  return `${stem}${extension}` === sourceName ? `${stem}-new${extension}` : `${stem}${extension}`;
}
