/** Asks which lane a command means, where its place does not say so; does not ask when there is only one. */
import * as vscode from 'vscode';
import { type ComparisonState, LANE_LABEL, LANES, type LaneId } from '../shared/comparison.ts';

/** Asks which lane is meant. Undefined: none, which was said, or the question was left. */
export async function pickLane(state: ComparisonState, title: string, needsText: boolean): Promise<LaneId | undefined> {
  const lanes = LANES.filter((lane) => (needsText ? state.runs[lane]?.text : state.runs[lane]));
  if (lanes.length === 0) {
    void vscode.window.showInformationMessage('There is no answer yet.');
    return undefined;
  }
  if (lanes.length === 1) return lanes[0];
  const items = lanes.map((lane) => ({ label: LANE_LABEL[lane], description: state.runs[lane]?.plan.model ?? '', lane }));
  return (await vscode.window.showQuickPick(items, { title }))?.lane;
}

/** Asks which of the lanes that have ended are meant. Undefined as above. */
export async function pickLanes(state: ComparisonState, title: string): Promise<readonly LaneId[] | undefined> {
  const lanes = LANES.filter((lane) => state.runs[lane]?.status === 'ended');
  if (lanes.length === 0)
    void vscode.window.showInformationMessage('Both lanes are still running. Stop them or wait for their end.');
  if (lanes.length < 2) return lanes.length ? lanes : undefined;
  const items = [
    { label: 'Both', description: '', lanes },
    ...lanes.map((lane) => ({ label: LANE_LABEL[lane], description: state.runs[lane]?.plan.model ?? '', lanes: [lane] })),
  ];
  return (await vscode.window.showQuickPick(items, { title }))?.lanes;
}
