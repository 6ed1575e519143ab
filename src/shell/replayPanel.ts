/**
 * A stored comparison played in a panel of its own, as it happened. It reads the journal once; nothing in it runs, sends, writes or spends,
 * and the panel of the comparison itself is not touched.
 */
import * as vscode from 'vscode';
import { Replay } from '../core/history/replay.ts';
import type { Journal } from '../core/journal/journal.ts';
import { LANES } from '../shared/comparison.ts';
import { ComparisonPanel } from './comparisonPanel.ts';
import type { Previews } from './previews.ts';

export interface ReplayPanelDeps {
  readonly extensionUri: vscode.Uri;
  readonly previews: Previews;
  readonly journal: Journal;
  readonly open: (id: string) => void;
}

const FRAME_MS = 16;

/** Opens a panel and begins to play, at the pace at which it happened. */
export function replayComparison(id: string, { extensionUri, previews, journal, open }: ReplayPanelDeps): void {
  const record = journal.read(id);
  if (!record || LANES.every((lane) => !record.state.runs[lane])) {
    void vscode.window.showInformationMessage(record?.damage ?? 'That comparison is no longer on this machine.');
    return;
  }
  const { events } = record;
  const replay: Replay = new Replay(events, {
    clock: { nowMs: () => performance.now() },
    everyFrame: (call) => {
      const timer = setInterval(call, FRAME_MS);
      return () => clearInterval(timer);
    },
    onBatch: (batch, state) => panel.show(batch, state),
    onChange: () => panel.replace(replay.state),
  });
  const panel: ComparisonPanel = new ComparisonPanel(
    {
      extensionUri,
      previews,
      facts: () => ({ canUndoApply: false, replay: { speed: replay.speed, hasEnded: replay.hasEnded } }),
      onAction: (_, action) => {
        if (action.type === 'replay') replay.play(action.speed);
        else if (action.type === 'open-comparison') open(id);
      },
      onChange: () => undefined,
      onDispose: () => replay.play(0),
      replayMs: () => replay.nowMs,
    },
    record.state,
  );
  replay.play(1);
}
