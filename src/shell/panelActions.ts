/**
 * The buttons of a panel's page: each does what its command does, for that panel and lane, and asks nothing that its place already says.
 */
import * as vscode from 'vscode';
import { assertNever } from '../shared/assertNever.ts';
import { type ComparisonState, LANES } from '../shared/comparison.ts';
import { copyAnswer, openAnswer } from './answers.ts';
import { setApiKey } from './apiKeys.ts';
import { taskFromDropped } from './clipboardInput.ts';
import { explainFailure } from './commandFailure.ts';
import type { CommandDeps } from './commands.ts';
import type { ComparisonPanel, PanelAction } from './comparisonPanel.ts';
import { figmaLinkTask } from './figma.ts';
import { pickModel } from './modelPicker.ts';
import { MODEL_SETTING, openSettings, writeSetting } from './userSettings.ts';

/** Does what a button says; what goes wrong is said as it is for a command. */
export function panelActions(deps: CommandDeps): (panel: ComparisonPanel, action: PanelAction) => void {
  const { comparisons, review } = deps;
  const run = async (panel: ComparisonPanel, action: PanelAction): Promise<unknown> => {
    const { state } = panel;
    switch (action.type) {
      case 'stop':
        return panel.comparison?.stop(action.lane);
      case 'run-again':
        return comparisons.runAgain(panel, action.lane ? [action.lane] : LANES.filter((lane) => state.runs[lane]));
      case 'run-larger':
        return comparisons.runAgain(panel, [action.lane], { maxOutputTokens: { [action.lane]: action.maxOutputTokens } });
      case 'run-prompts':
        return comparisons.runAgain(panel, LANES, { prompts: action.prompts });
      case 'change-model': {
        const { lane } = action;
        const model = await pickModel(lane, state.runs[lane]?.plan.model ?? '', deps.picker);
        if (!model) return;
        panel.comparison?.stop(lane);
        await panel.comparison?.settledLane(lane);
        await writeSetting(MODEL_SETTING[lane], model);
        return comparisons.runAgain(panel, [lane], { models: { [lane]: model } });
      }
      case 'edit-prompt':
        return deps.promptEditor.open(state, action.lane);
      case 'swap-lanes':
        return panel.swapLanes();
      case 'diff-lanes':
        return review.diffLanes(state, panel.laneOrder);
      case 'diff-with-file':
        return review.diffWithFile(state, action.lane);
      case 'apply':
        return review.apply(state, action.lane);
      case 'undo-apply':
        return review.undoApply(state);
      case 'take-hunks':
        return review.takeHunks(state, action.lane);
      case 'open-answer':
        return openAnswer(state, action.lane);
      case 'copy-answer':
        return copyAnswer(state, action.lane);
      case 'show-prompt':
        return review.showPrompt(state, action.lane);
      case 'diff-prompts':
        return review.diffPrompts(state, panel.laneOrder);
      case 'open-source':
        return openSource(state, action.part);
      case 'add-material': {
        const task = await taskFromDropped(action, (link) => figmaLinkTask(deps.figma, link));
        return task && comparisons.start(task);
      }
      case 'show-spending':
        return vscode.commands.executeCommand('secondThought.showSpending');
      case 'open-limits':
        return vscode.commands.executeCommand('secondThought.changeLimits');
      case 'choose-view':
        return deps.rememberView(action.view);
      case 'open-settings':
        return action.about === 'proxy'
          ? vscode.commands.executeCommand('workbench.action.openSettings', 'http.proxy')
          : openSettings('endpoints');
      case 'set-key': {
        const id = state.runs[action.lane]?.plan.model.split(':')[0];
        const endpoint = deps.settings().settings.endpoints.find((candidate) => candidate.id === id);
        return (await setApiKey(deps.apiKeys, endpoint)) ? comparisons.runAgain(panel, [action.lane]) : undefined;
      }
      case 'replay':
      case 'open-comparison':
        return; // of a replay, which has no part in the commands
      case 'show-log':
        return deps.log.show();
      case 'run-sample':
        return vscode.commands.executeCommand('secondThought.runSample');
      default:
        return assertNever(action);
    }
  };
  return (panel, action) => void run(panel, action).catch((error: unknown) => explainFailure(error, deps));
}

async function openSource({ task }: ComparisonState, part?: number): Promise<void> {
  const uri = part === undefined ? task.source?.uri : task.materials?.[part]?.uri;
  if (uri !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(uri));
}
