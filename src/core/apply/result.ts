/**
 * A result document: one file of the workspace as it shall become, put together by hand from the answers' hunks. It is stored with the
 * text it began from, so that it is applied by the same checks as an answer is.
 */
import * as v from 'valibot';
import type { LaneId } from '../../shared/comparison.ts';
import { isExecutionSensitive } from '../artifact/paths.ts';
import { lineEndOf, withLineEnds } from '../artifact/review.ts';
import { mergeTexts } from './merge.ts';
import type { PlanResult } from './plan.ts';
import { NOTHING, type PlannedFile, RESTRICTED, tokenOf } from './planned.ts';
import { questionsOf } from './questions.ts';
import { reasonOf, type Workspace } from './workspace.ts';

const ResultSchema = v.object({
  schema: v.literal(1),
  comparisonId: v.string(),
  /** URI of the document it is made for. */
  target: v.string(),
  /** Path to show. */
  path: v.string(),
  /** The folder it may not leave; absent for a document outside of every workspace folder. */
  root: v.optional(v.string()),
  /** The document's text when the result was begun; null: there was no document. */
  start: v.nullable(v.string()),
  content: v.string(),
});

export type Result = v.InferOutput<typeof ResultSchema>;

/** Reads a stored result; undefined for anything else. */
export function parseResult(stored: unknown): Result | undefined {
  const parsed = v.safeParse(ResultSchema, stored);
  return parsed.success ? parsed.output : undefined;
}

/** Decides what applying a result means now, its text as it is in its editor. `lane`: the answer it was last compared with. */
export async function planResult(result: Result, text: string, lane: LaneId, workspace: Workspace): Promise<PlanResult> {
  const { comparisonId, target: uri, path, root, start } = result;
  const refuse = (why: string): PlanResult => ({ ok: false, message: `${NOTHING}: ${why}` });
  if (!workspace.isTrusted) return refuse(RESTRICTED);
  try {
    if (await workspace.isReadOnly(uri)) return refuse(`${path} is read-only.`);
    const real = root === undefined ? undefined : await workspace.realPath(root, uri);
    if (real && 'reason' in real) return refuse(`${path} cannot be used: ${real.reason}`);
    const present = await workspace.read(uri);
    const placed = placeResult(start, present?.text ?? null, text);
    if (!placed) {
      const what = start === null ? 'was made' : present ? 'changed, in lines that the result changes too,' : 'was removed';
      return refuse(`${path} ${what} since the result was begun. Copy what you need, and take hunks into a new result.`);
    }
    if (placed.after === present?.text) return refuse(`${path} already is as the result.`);
    const sensitive = isExecutionSensitive(path) ?? (real ? isExecutionSensitive(real.realRelative) : undefined);
    const file: PlannedFile = {
      uri,
      path,
      ...(root === undefined ? {} : { root }),
      ...placed,
      before: present?.text ?? null,
      wasDirty: present?.isDirty ?? false,
      ...(sensitive ? { sensitive } : {}),
    };
    const plan = { comparisonId, lane, title: 'the result', files: [file], unchanged: [], untitled: [] };
    const questions = questionsOf(plan, undefined, workspace.folders.length > 0);
    return { ok: true, plan: { ...plan, questions, token: tokenOf(plan, workspace) } };
  } catch (error) {
    return refuse(`${path}: ${reasonOf(error)}`);
  }
}

/** What the document becomes; undefined where what it is now and the result cannot both hold. */
function placeResult(
  start: string | null,
  present: string | null,
  text: string,
): Pick<PlannedFile, 'kind' | 'after' | 'keptLines'> | undefined {
  if (present === null) return start === null ? { kind: 'new', after: text } : undefined;
  if (start === null) return undefined;
  const fitted = withLineEnds(text, lineEndOf(present));
  if (present === start) return { kind: 'changed', after: fitted };
  const merge = mergeTexts(start, present, text);
  return merge.ok ? { kind: 'merged', after: merge.text, keptLines: merge.keptLines } : undefined;
}
