/** What is asked before an apply: about an answer that is not whole, about merging, about all that will be done, about files that run. */
import type { Run } from '../../shared/comparison.ts';
import type { ApplyPlan, PlannedFile } from './planned.ts';
import type { Question } from './workspace.ts';

/** The questions, in the order they are asked. `partial`: the run that is not whole, and its files that end early. */
export function questionsOf(
  plan: Pick<ApplyPlan, 'title' | 'files' | 'unchanged'>,
  partial: { readonly run: Run; readonly cut: readonly string[] } | undefined,
  hasFolder: boolean,
): Question[] {
  const questions: Question[] = [];
  if (partial) questions.push(partialQuestion(partial.run, partial.cut));
  const outside = plan.files.find(({ root, uri }) => root === undefined && !uri.startsWith('untitled:'));
  if (outside && hasFolder) {
    questions.push({ message: `${outside.path} is outside the workspace.`, detail: outside.uri, action: 'Apply to It' });
  }
  for (const { path, kind, keptLines = 0 } of plan.files) {
    if (kind !== 'merged') continue;
    questions.push({
      message: `${path} changed since the run began. Merge the answer into it?`,
      detail: `The merge keeps ${lines(keptLines)} you changed since; the answer changes others. The preview shows the result first.`,
      action: 'Merge',
    });
  }
  const isPlain = plan.files.length + plan.unchanged.length === 1 && plan.files[0]?.kind !== 'unseen';
  if (!isPlain && plan.files.length > 0) questions.push(listQuestion(plan));
  const sensitive = plan.files.filter((file) => file.sensitive !== undefined);
  if (sensitive.length > 0) {
    questions.push({
      message:
        sensitive.length === 1
          ? `${sensitive[0]?.path} can make code run or change how tools work. Write it?`
          : `${sensitive.length} of these files can make code run or change how tools work. Write them?`,
      detail: sensitive.map((file) => `${file.path}: ${file.sensitive}.`).join('\n'),
      action: sensitive.length === 1 ? 'Write It' : 'Write Them',
    });
  }
  return questions;
}

/** Beyond this many, a line of the list says how many more there are. */
const MAX_NAMES = 12;

function listQuestion({ title, files, unchanged }: Pick<ApplyPlan, 'title' | 'files' | 'unchanged'>): Question {
  const pathsOf = (kind: PlannedFile['kind']): string[] => files.filter((file) => file.kind === kind).map(({ path }) => path);
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ['New', pathsOf('new')],
    ['Changed', pathsOf('changed')],
    ['Merged with your later edits', pathsOf('merged')],
    ['Conflicting: there already, not seen by the model, replaced as a whole', pathsOf('unseen')],
    ['As in the answer already', unchanged],
    ['Can make code run, asked about next', files.flatMap(({ path, sensitive }) => (sensitive === undefined ? [] : [path]))],
  ];
  return {
    message: `Apply ${title} to ${files.length === 1 ? (files[0]?.path ?? '') : `${files.length} files`}?`,
    detail: groups
      .filter(([, paths]) => paths.length > 0)
      .map(([name, paths]) => `${name}: ${listed(paths)}.`)
      .join('\n'),
    action: 'Continue',
  };
}

function listed(paths: readonly string[]): string {
  const more = paths.length - MAX_NAMES;
  return more > 0 ? `${paths.slice(0, MAX_NAMES).join(', ')} and ${more} more` : paths.join(', ');
}

const lines = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);

function partialQuestion(run: Run, cut: readonly string[]): Question {
  const stopped = run.finish === 'aborted' ? 'it was stopped' : 'its code ends early';
  const why = run.finish === 'length' ? 'it reached its output limit' : (run.error?.message ?? stopped);
  const which = cut.length > 0 ? `Not whole: ${cut.join(', ')}.` : 'Its files are whole, but more may have been meant to follow.';
  return { message: `The answer is not complete: ${why.replace(/\.$/, '')}.`, detail: which, action: 'Apply Anyway' };
}
