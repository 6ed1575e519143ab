/**
 * What two models are asked, and where it came from. It is stored as it was asked, in the first event of the log.
 */
import type { Material, TargetId } from './design.ts';
import type { MessagePart } from './model.ts';

/** What is asked. `design` turns a spec into new files; `code` changes given code by an instruction. */
export interface Task {
  readonly kind: 'design' | 'code';
  /** Short name for titles: the file's name, or the first words of the instruction. */
  readonly title: string;
  /** The person's own words; empty when the spec speaks for itself. */
  readonly instruction: string;
  /** The spec or the code, as message parts, in the order sent. */
  readonly parts: readonly MessagePart[];
  /** What each part is, in the same order; absent in old logs. */
  readonly materials?: readonly Material[];
  /** What a design is to be built in; absent: HTML and CSS in one file. */
  readonly target?: TargetId;
  /** Where it came from and, for code, where the answer goes. Absent for text that has no document. */
  readonly source?: TaskSource;
}

export interface TaskSource {
  /** Document URI (`file:`, `untitled:`...); logs of early command lines have a path. */
  readonly uri: string;
  /** Name to show, e.g. `pricing-card.md`. */
  readonly name: string;
  /** Language id of the document, where known. */
  readonly languageId?: string;
  /** The selected range, in zero-based UTF-16 positions; absent: the whole document. */
  readonly selection?: {
    readonly startLine: number;
    readonly startCharacter: number;
    readonly endLine: number;
    readonly endCharacter: number;
  };
  /** SHA-256 (hex) of the whole buffer when the run began, saved or not: what an apply is checked against. */
  readonly baseHash?: string;
}
