/**
 * The page's copy of the comparison: messages of the host, folded with the same `reduce` that the host uses.
 *
 * The host owns the truth. A message that does not fit what is here is not guessed at: the page says `ready` once, and waits for a
 * snapshot. Texts also leave as deltas, because the streaming views draw what is new and never the whole again.
 */
import { type ComparisonEvent, type ComparisonState, EMPTY, LANES, type LaneId, reduce } from '../shared/comparison.ts';
import type { Preview, PreviewSide, RuntimeId } from '../shared/preview.ts';
import type { PanelContext, ToWebview } from '../shared/protocol.ts';
import { laneAnnouncement } from '../shared/sentences.ts';

/** Text that was added to a lane, or, with `reset`, the whole text of another run. */
export interface TextChange {
  readonly lane: LaneId;
  readonly part: 'text' | 'reasoning';
  readonly reset: boolean;
  readonly text: string;
}

export interface Change {
  readonly texts: readonly TextChange[];
  /** For the one status line that a screen reader follows. */
  readonly announcements: readonly string[];
  /** The page must say `ready`: something was missed. */
  readonly needsSnapshot: boolean;
}

const NOTHING: Change = { texts: [], announcements: [], needsSnapshot: false };

export class PanelModel {
  state: ComparisonState = EMPTY;
  context: PanelContext = { files: {}, laneOrder: LANES, canUndoApply: false };
  /** True from the first snapshot on. */
  loaded = false;
  /** What to draw for each side, as the host last said. */
  previews: Partial<Record<PreviewSide, Preview>> = {};
  /** Programs that previews need, as the host sent them. */
  readonly runtimes = new Map<RuntimeId, string>();
  #waiting = true;
  /** The log's clock minus this page's, times the pace of a replay. */
  #offsetMs = 0;

  /** `atMs` of now, never before the last event. */
  nowMs(pageMs: number): number {
    return Math.max(this.state.atMs, pageMs * this.#pace + this.#offsetMs);
  }

  /** Folds one message in; `pageMs` is this page's monotonic clock. */
  receive(message: Exclude<ToWebview, { type: 'focus' | 'view' }>, pageMs: number): Change {
    switch (message.type) {
      case 'snapshot':
        this.loaded = true;
        this.#waiting = false;
        this.state = message.state;
        this.context = message.context;
        this.#offsetMs = message.nowMs - pageMs * this.#pace;
        return { ...NOTHING, texts: LANES.flatMap((lane) => wholeTexts(message.state, lane)) };
      case 'context':
        this.context = message.context;
        return NOTHING;
      case 'preview':
        this.previews = { ...this.previews, [message.side]: message.preview };
        return NOTHING;
      case 'no-result': {
        const { result: _, ...others } = this.previews;
        this.previews = others;
        return NOTHING;
      }
      case 'preview-runtime':
        this.runtimes.set(message.id, message.source);
        return NOTHING;
      case 'events':
        return this.#waiting ? NOTHING : this.#fold(message.events, pageMs);
    }
  }

  /** How fast the log's clock runs against this page's; a change of it comes with a snapshot. */
  get #pace(): number {
    return this.context.replay?.speed ?? 1;
  }

  #fold(events: readonly ComparisonEvent[], pageMs: number): Change {
    const texts: TextChange[] = [];
    const announcements: string[] = [];
    for (const event of events) {
      const isOther = event.type === 'comparison-start' && event.id !== this.state.id && this.state.seq >= 0;
      if (isOther || event.seq > this.state.seq + 1) {
        this.#waiting = true;
        return { texts, announcements, needsSnapshot: true };
      }
      if (event.seq <= this.state.seq) continue; // in the snapshot already
      const before = this.state;
      this.state = reduce(before, event);
      this.#offsetMs = Math.max(this.#offsetMs, event.atMs - pageMs * this.#pace);
      if (event.type !== 'lane') continue;
      texts.push(...textChanges(event, before));
      const announcement = laneAnnouncement(event.lane, before.runs[event.lane], this.state.runs[event.lane]);
      if (announcement) announcements.push(announcement);
    }
    return { texts, announcements, needsSnapshot: false };
  }
}

function textChanges({ lane, event }: Extract<ComparisonEvent, { type: 'lane' }>, before: ComparisonState): TextChange[] {
  switch (event.type) {
    case 'start':
      return [
        { lane, part: 'text', reset: true, text: '' },
        { lane, part: 'reasoning', reset: true, text: '' },
      ];
    case 'text':
    case 'reasoning':
      return before.runs[lane] ? [{ lane, part: event.type, reset: false, text: event.text }] : [];
    default:
      return [];
  }
}

const wholeTexts = (state: ComparisonState, lane: LaneId): TextChange[] => [
  { lane, part: 'text', reset: true, text: state.runs[lane]?.text ?? '' },
  { lane, part: 'reasoning', reset: true, text: state.runs[lane]?.reasoning ?? '' },
];
