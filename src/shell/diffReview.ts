/**
 * Comparing in VS Code's own diff editor: the two answers with each other, one answer with what is in the workspace now, or what the
 * two were sent.
 *
 * One pair of files opens as a diff, several as one multi-file diff. Nothing is written; the sides are documents of `answerFiles.ts` and
 * the workspace's own. What cannot be shown is said in one sentence; a function that may have to returns whether it opened an editor.
 */
import * as vscode from 'vscode';
import { targetFolder } from '../core/apply/plan.ts';
import type { Dialogs } from '../core/apply/workspace.ts';
import { type AnswerFile, type Artifact, artifactOf } from '../core/artifact/artifact.ts';
import { checkRelativePath } from '../core/artifact/paths.ts';
import { pairFiles, replaceSelection, sentText } from '../core/artifact/review.ts';
import { type ComparisonState, isComplete, LANE_LABEL, LANES, type LaneId } from '../shared/comparison.ts';
import type { AnswerFiles } from './answerFiles.ts';
import { readText } from './applyTargets.ts';
import { WINDOW_WORKSPACE } from './applyWorkspace.ts';
import { titleOf } from './comparisonTitle.ts';

export interface DiffDependencies {
  readonly files: AnswerFiles;
  readonly dialogs: Dialogs;
}

/** One lane's run of one comparison. */
export interface Side {
  readonly state: ComparisonState;
  readonly lane: LaneId;
}

/** Two runs, of two comparisons perhaps: their figures and their answers, each beside the other; answers without a file as they came. */
export async function diffRuns(left: Side, right: Side, { files }: DiffDependencies): Promise<void> {
  const artifact = ({ state, lane }: Side): Artifact => artifactOf(state.task, state.runs[lane]);
  const pairs = pairFiles(artifact(left).files, artifact(right).files).map((pair) => {
    const leftUri = pair.left && files.fileUri(left.state, left.lane, pair.left);
    const rightUri = pair.right && files.fileUri(right.state, right.lane, pair.right);
    return [rightUri ?? leftUri, leftUri, rightUri];
  });
  const figures = [left, right].map(({ state, lane }) => files.figuresUri(state, lane));
  const texts = [left, right].map(({ state, lane }) => files.textUri(state, lane));
  const answers = pairs.length > 0 ? pairs : [[texts[1], texts[0], texts[1]]];
  const name = (side: Side): string => `${titleOf(side.state)}, ${laneTitle(side.state, side.lane, artifact(side))}`;
  const title = `${name(left)} ↔ ${name(right)}`;
  await vscode.commands.executeCommand('vscode.changes', title, [[figures[1], figures[0], figures[1]], ...answers]);
}

/** The two answers; the first lane named is on the left. */
export async function diffLanes(
  state: ComparisonState,
  { files, dialogs }: DiffDependencies,
  [first = 'fast', second = 'reasoning']: readonly LaneId[] = LANES,
): Promise<boolean> {
  const left = artifactOf(state.task, state.runs[first]);
  const right = artifactOf(state.task, state.runs[second]);
  if (left.files.length === 0 && right.files.length === 0) {
    void dialogs.tell('Neither answer has a file to compare yet.');
    return false;
  }
  if (left.files.length === 0) void dialogs.tell(noFile(state, first));
  if (right.files.length === 0) void dialogs.tell(noFile(state, second));
  const pairs = pairFiles(left.files, right.files).map(({ left: a, right: b }): DiffPair => {
    const leftUri = a && files.fileUri(state, first, a);
    const rightUri = b && files.fileUri(state, second, b);
    const name = a && b && a.name !== b.name ? `${a.name} ↔ ${b.name}` : ((b ?? a)?.name ?? '');
    return { name, label: rightUri ?? leftUri ?? files.emptyUri(state, name), left: leftUri, right: rightUri };
  });
  await openDiff(state, files, pairs, `${laneTitle(state, first, left)} ↔ ${laneTitle(state, second, right)}`);
  return true;
}

/**
 * The workspace as it is now on the left, saved or not; on the right what the lane's answer would make of it. For a selection the
 * right side is the whole document with the answer in place of the selection. A new file is compared with nothing.
 */
export async function diffWithFile(state: ComparisonState, lane: LaneId, { files, dialogs }: DiffDependencies): Promise<boolean> {
  const artifact = artifactOf(state.task, state.runs[lane]);
  if (artifact.files.length === 0) {
    void dialogs.tell(noFile(state, lane));
    return false;
  }
  const folder = targetFolder(state.task.source, WINDOW_WORKSPACE)?.folder;
  const pairs: DiffPair[] = [];
  for (const file of artifact.files) {
    const right = files.fileUri(state, lane, file);
    if (file.replaces && state.task.source) {
      const source = vscode.Uri.parse(state.task.source.uri, true);
      const present = await readText(source);
      if (present === undefined) {
        void dialogs.tell(`${state.task.source.name} is no longer there, so the answer is shown by itself.`);
        pairs.push({ name: file.name, label: right, left: undefined, right });
        continue;
      }
      const problem = selectionProblem(state, present, file);
      if (problem) {
        void dialogs.tell(problem);
        return false;
      }
      pairs.push({
        name: file.name,
        label: source,
        left: source,
        right: state.task.source.selection ? files.inFileUri(state, lane) : right,
      });
      continue;
    }
    const check = checkRelativePath(file.name);
    const target = check.ok && folder ? vscode.Uri.parse(WINDOW_WORKSPACE.join(folder, check.path), true) : undefined;
    const exists = target !== undefined && (await readText(target)) !== undefined;
    pairs.push({ name: file.name, label: target ?? right, left: exists ? target : undefined, right });
  }
  await openDiff(state, files, pairs, `Workspace ↔ ${laneTitle(state, lane, artifact)}`);
  return true;
}

/** All that the two were sent, the system text, the parameters and the material included. */
export async function diffPrompts(
  state: ComparisonState,
  { files, dialogs }: DiffDependencies,
  [first = 'fast', second = 'reasoning']: readonly LaneId[] = LANES,
): Promise<boolean> {
  const missing = [first, second].find((lane) => !state.runs[lane]);
  if (missing) {
    void dialogs.tell(`The ${LANE_LABEL[missing]} lane has not run.`);
    return false;
  }
  const name = (lane: LaneId): string => `${LANE_LABEL[lane]} (${state.runs[lane]?.plan.model})`;
  const title = `What was sent: ${name(first)} ↔ ${name(second)}`;
  await vscode.commands.executeCommand('vscode.diff', files.sentUri(state, first), files.sentUri(state, second), title, {
    preview: true,
  });
  return true;
}

interface DiffPair {
  readonly name: string;
  readonly label: vscode.Uri;
  readonly left: vscode.Uri | undefined;
  readonly right: vscode.Uri | undefined;
}

async function openDiff(state: ComparisonState, files: AnswerFiles, pairs: readonly DiffPair[], names: string): Promise<void> {
  const [only] = pairs;
  if (only && pairs.length === 1) {
    const empty = files.emptyUri(state, only.name);
    const title = `${only.name}: ${names}`;
    await vscode.commands.executeCommand('vscode.diff', only.left ?? empty, only.right ?? empty, title, { preview: true });
    return;
  }
  // The command wants three places in every entry; a side that is not there stays undefined.
  const entries = pairs.map((pair) => [pair.label, pair.left, pair.right]);
  await vscode.commands.executeCommand('vscode.changes', `${state.task.title}: ${names}`, entries);
}

/** The selection's place may be lost, although the rest of the file is there. */
function selectionProblem({ task }: ComparisonState, present: string, file: AnswerFile): string | undefined {
  if (!task.source?.selection) return undefined;
  const placed = replaceSelection(present, task.source.selection, file.content, sentText(task));
  return placed.ok
    ? undefined
    : `${task.source.name} changed since the run began: ${placed.reason}. Diff the two answers instead, or run again.`;
}

/** `Fast (sample:fast)`, and `(partial)` when that answer, or a file of it, is not whole. */
function laneTitle(state: ComparisonState, lane: LaneId, artifact: Artifact): string {
  const run = state.runs[lane];
  if (!run) return `${LANE_LABEL[lane]} (not run)`;
  const isPartial = !isComplete(run) || artifact.files.some(({ complete }) => !complete);
  return `${LANE_LABEL[lane]} (${run.plan.model})${isPartial ? ' (partial)' : ''}`;
}

function noFile(state: ComparisonState, lane: LaneId): string {
  const run = state.runs[lane];
  const label = LANE_LABEL[lane];
  if (!run) return `The ${label} lane has not run.`;
  return run.status === 'ended'
    ? `The ${label} answer has no file in it.`
    : `The ${label} answer has no file yet. Try again when it has written some code.`;
}
