/**
 * What the host and the panel's page say to each other.
 *
 * Both directions are one-way events: no request waits for a reply, so nothing can hang. The host owns the truth. The page says
 * `ready` when it loads (and again when it misses an event) and gets one `snapshot`; after that it gets `events`, at most one
 * message a frame, and folds them with the same `reduce`. Closing or reloading the page loses nothing.
 */
import type { ComparisonEvent, ComparisonState, LaneId } from './comparison.ts';
import type { Finding } from './design.ts';
import type { NanoUsd } from './money.ts';
import type { Preview, PreviewSide, RuntimeId } from './preview.ts';
import type { PromptStyle } from './sending.ts';
import type { ViewId } from './view.ts';

/** Figures and switches of the panel that are not part of the log. */
export interface PanelContext {
  /** The limits of a run and of a day (absent: none), and what was spent today (absent: the books cannot be read). */
  readonly perRunNanoUsd?: NanoUsd;
  readonly todayNanoUsd?: NanoUsd;
  readonly perDayNanoUsd?: NanoUsd;
  /** Why money cannot be shown or spent, in one sentence; absent when all is well. */
  readonly ledgerProblem?: string;
  /** Named files found in each lane's answer so far. */
  readonly files: Partial<Record<LaneId, readonly FileSummary[]>>;
  /** What a person should know of each lane's code: elisions, missing ends, loops, things that are not there offline. */
  readonly findings?: Partial<Record<LaneId, readonly Finding[]>>;
  /** Lanes in the order shown, left first; "Swap lanes" turns it round. */
  readonly laneOrder: readonly LaneId[];
  /** Present in a panel that plays a stored comparison: nothing in it runs or can be run. */
  readonly replay?: {
    /** How many times as fast as it happened; 0: it stands still. */
    readonly speed: 0 | 1 | 2 | 8;
    readonly hasEnded: boolean;
  };
  /** What a new panel shows: the person's last choice; absent: the code. */
  readonly view?: ViewId;
  /** Estimated tokens of the task's texts, by the index of the part; what a picture comes to depends on the model. */
  readonly partTokens?: Readonly<Record<number, number>>;
  /** True while "Undo apply" would have something to take back in this panel. */
  readonly canUndoApply: boolean;
}

export interface FileSummary {
  readonly name: string;
  readonly languageId: string;
  /** False while its fence is still open. */
  readonly complete: boolean;
}

/** A file from outside VS Code, or a picture of the clipboard. */
export interface DroppedItem {
  readonly name: string;
  readonly mediaType: string;
  /** Absent: it is too large to be read. */
  readonly base64?: string;
}

export type ToWebview =
  | {
      readonly type: 'snapshot';
      readonly state: ComparisonState;
      readonly context: PanelContext;
      /** Host clock minus the log's zero, so that the page's meters tick from the same origin: `atMs` of "now". */
      readonly nowMs: number;
    }
  | { readonly type: 'events'; readonly events: readonly ComparisonEvent[] }
  | { readonly type: 'context'; readonly context: PanelContext }
  /** What to draw for a side now; sent only while the page says that it shows previews. */
  | { readonly type: 'preview'; readonly side: PreviewSide; readonly preview: Preview }
  /** There is no result to draw any more. */
  | { readonly type: 'no-result' }
  /** A program that previews need, before the first of them that does. */
  | { readonly type: 'preview-runtime'; readonly id: RuntimeId; readonly source: string }
  /** Shows the answers another way, by command. */
  | { readonly type: 'view'; readonly view: ViewId }
  /** Moves focus to a lane's latest answer (for keyboard and screen reader users), or to the fairness sheet or task card, opened. */
  | { readonly type: 'focus'; readonly on: LaneId | 'fairness' | 'task' };

/** What a person can ask for in the panel. What is not about one failed lane is a command in the palette as well. */
export type ToHost =
  | { readonly type: 'ready' }
  /** Previews are on screen, or no longer: the host makes them only while they are. */
  | { readonly type: 'show-previews'; readonly shown: boolean }
  /** The person chose another way to show the answers: new panels begin with it. */
  | { readonly type: 'choose-view'; readonly view: ViewId }
  /** Offered by an empty panel. */
  | { readonly type: 'run-sample' }
  | { readonly type: 'stop'; readonly lane?: LaneId }
  | { readonly type: 'run-again'; readonly lane?: LaneId }
  /** Both lanes again, with the task's own words: identical as a control, or adapted to each kind of model. */
  | { readonly type: 'run-prompts'; readonly prompts: Exclude<PromptStyle, 'edited'> }
  /** A lane that was cut at its output limit, with a larger one. */
  | { readonly type: 'run-larger'; readonly lane: LaneId; readonly maxOutputTokens: number }
  | { readonly type: 'change-model'; readonly lane: LaneId }
  | { readonly type: 'edit-prompt'; readonly lane?: LaneId }
  | { readonly type: 'swap-lanes' }
  | { readonly type: 'diff-lanes' }
  | { readonly type: 'diff-with-file'; readonly lane: LaneId }
  | { readonly type: 'apply'; readonly lane: LaneId }
  | { readonly type: 'undo-apply' }
  /** Opens a result to take hunks into, beside that lane's answer. */
  | { readonly type: 'take-hunks'; readonly lane?: LaneId }
  | { readonly type: 'open-answer'; readonly lane: LaneId }
  | { readonly type: 'copy-answer'; readonly lane: LaneId }
  | { readonly type: 'show-prompt'; readonly lane: LaneId }
  | { readonly type: 'diff-prompts' }
  /** The document the task came from, or the one that a part of it came from. */
  | { readonly type: 'open-source'; readonly part?: number }
  /** Files dropped or pasted, and addresses of documents dropped: a new comparison on them. Untrusted. */
  | { readonly type: 'add-material'; readonly items: readonly DroppedItem[]; readonly uris: readonly string[] }
  | { readonly type: 'show-spending' }
  | { readonly type: 'open-limits' }
  /** Where endpoints are set, or the proxy of VS Code. */
  | { readonly type: 'open-settings'; readonly about: 'endpoints' | 'proxy' }
  | { readonly type: 'set-key'; readonly lane: LaneId }
  | { readonly type: 'show-log' }
  /** Of a replay: its pace, or 0 to stop it. */
  | { readonly type: 'replay'; readonly speed: 0 | 1 | 2 | 8 }
  /** Of a replay: the comparison that is played. */
  | { readonly type: 'open-comparison' };
