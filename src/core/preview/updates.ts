/**
 * Keeps a page's previews up to date, while it shows them. Making one takes time of the process that also reads the streams: the next is
 * made no sooner than half a second after the last, and than four times what that took, so that previews have a fifth of the time at most.
 * When a lane ends, its preview is made at once.
 *
 * While an answer is written, the last preview that could be shown stays; once it has ended, what is wrong with it is said.
 */
import { type ComparisonState, isComplete, LANES, type LaneId } from '../../shared/comparison.ts';
import type { Preview, PreviewSide, RuntimeId } from '../../shared/preview.ts';
import type { ToWebview } from '../../shared/protocol.ts';
import { artifactOf } from '../artifact/artifact.ts';
import { designPreview, type ReadBeside } from './design.ts';
import { filesThatCount, type PreviewFile, type previewOf } from './preview.ts';
import { sentFiles } from './sent.ts';

export interface PreviewUpdatesDeps {
  readonly post: (message: Extract<ToWebview, { type: 'preview' | 'no-result' | 'preview-runtime' }>) => void;
  /** `previewOf`, run where a compiler that hangs harms nobody. Never rejects. */
  readonly preview: typeof previewOf;
  /** The text of `runtime-<id>.js`. */
  readonly readRuntime: (id: RuntimeId) => Promise<string>;
  readonly readBeside: ReadBeside;
  readonly nowMs: () => number;
  /** Returns what calls it off. */
  readonly after: (ms: number, call: () => void) => () => void;
}

const LEAST_INTERVAL_MS = 500;
/** Time that is left to others, for each millisecond that making previews takes. */
const SHARE_OF_OTHERS = 4;

/** What a lane's preview was made from. */
interface Made {
  readonly attempt: string;
  readonly ended: boolean;
  readonly text: string;
  readonly files: readonly PreviewFile[];
}

/** What one page was sent. */
interface Told {
  readonly previews: Map<PreviewSide, Preview>;
  readonly runtimes: Set<RuntimeId>;
}

export class PreviewUpdates {
  readonly #deps: PreviewUpdatesDeps;
  #state: ComparisonState | undefined;
  #isShown = false;
  readonly #made = new Map<LaneId, Made>();
  /** By the comparison, whose task never changes: one that is read again from the journal is another object each time. */
  readonly #designs = new Map<string, Promise<Preview>>();
  /** What the page should show now, and what it was told. */
  readonly #wanted = new Map<PreviewSide, Preview>();
  #page: Told = { previews: new Map(), runtimes: new Set() };
  #cancelTimer: (() => void) | undefined;
  #isBusy = false;
  #isStale = false;
  /** A lane ended while previews were made: they wait for no pace. */
  #hasEndedSince = false;
  #notBeforeMs = 0;

  constructor(deps: PreviewUpdatesDeps) {
    this.#deps = deps;
  }

  /** The page shows previews, or no longer. */
  show(shown: boolean): void {
    this.#isShown = shown;
    if (shown) this.#schedule(0);
    else this.#cancel();
  }

  /** A page came or came anew: it knows nothing. */
  forgetPage(): void {
    this.#page = { previews: new Map(), runtimes: new Set() };
    this.#schedule(0);
  }

  update(state: ComparisonState): void {
    const hasEnded = LANES.some(
      (lane) => state.runs[lane]?.finish !== undefined && this.#state?.runs[lane]?.finish === undefined,
    );
    this.#state = state;
    this.#hasEndedSince ||= hasEnded;
    this.#schedule(hasEnded ? 0 : Math.max(0, this.#notBeforeMs - this.#deps.nowMs()));
  }

  /** A result that is put together from the answers; undefined: there is none any more. */
  showResult(preview: Preview | undefined): void {
    if (preview) this.#wanted.set('result', preview);
    else this.#wanted.delete('result');
    this.#schedule(0);
  }

  dispose(): void {
    this.#isShown = false;
    this.#cancel();
  }

  #cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(ms: number): void {
    if (!this.#isShown || !this.#state) return;
    if (this.#isBusy) {
      this.#isStale = true;
      return;
    }
    if (this.#cancelTimer && ms > 0) return;
    this.#cancel();
    this.#cancelTimer = this.#deps.after(ms, () => {
      this.#cancelTimer = undefined;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    this.#isStale = false;
    this.#hasEndedSince = false;
    const beganMs = this.#deps.nowMs();
    try {
      const state = this.#state;
      if (state) {
        for (const lane of LANES) await this.#make(state, lane);
        this.#wanted.set('design', await this.#design(state));
      }
      await this.#post();
    } finally {
      const endedMs = this.#deps.nowMs();
      this.#notBeforeMs = endedMs + Math.max(LEAST_INTERVAL_MS, SHARE_OF_OTHERS * (endedMs - beganMs));
      this.#isBusy = false;
      if (this.#isStale) this.#schedule(this.#hasEndedSince ? 0 : this.#notBeforeMs - endedMs);
    }
  }

  async #make(state: ComparisonState, lane: LaneId): Promise<void> {
    const run = state.runs[lane];
    if (!run) {
      this.#made.delete(lane);
      if (this.#wanted.has(lane)) this.#wanted.set(lane, NOT_STARTED);
      return;
    }
    const ended = run.finish !== undefined;
    const attempt = `${run.startedMs} ${run.attempts}`;
    const last = this.#made.get(lane);
    // A replay begins again with the same run, and less of it.
    const before = last && run.text.length >= last.text.length ? last : undefined;
    const isSameRun = before?.attempt === attempt && before.ended === ended;
    if (isSameRun && before.text === run.text) return;
    const files = filesThatCount(artifactOf(state.task, run).files, ended);
    this.#made.set(lane, { attempt, ended, text: run.text, files });
    if (isSameRun && sameFiles(files, before.files)) return;
    const { target } = state.task;
    const preview = await this.#deps.preview(files, {
      ...(target ? { target } : {}),
      complete: ended,
      sent: sentFiles(state.task),
    });
    const shown = this.#wanted.get(lane);
    const keepsLast =
      preview.kind === 'none' && !ended && shown !== undefined && shown.kind !== 'none' && before?.attempt === attempt;
    if (!keepsLast) this.#wanted.set(lane, ended && !isComplete(run) ? withCut(preview) : preview);
  }

  #design({ id, task }: ComparisonState): Promise<Preview> {
    const made = this.#designs.get(id) ?? designPreview(task, this.#deps);
    this.#designs.set(id, made);
    return made;
  }

  async #post(): Promise<void> {
    const page = this.#page;
    for (const [side, preview] of this.#wanted) {
      if (page.previews.get(side) === preview) continue;
      const shown = await this.#withRuntimes(preview, page);
      if (!this.#isShown || page !== this.#page) return;
      page.previews.set(side, preview);
      this.#deps.post({ type: 'preview', side, preview: shown });
    }
    if (!this.#wanted.has('result') && page.previews.delete('result')) this.#deps.post({ type: 'no-result' });
  }

  /** Sends what the preview needs first; a preview whose programs cannot be read is none. */
  async #withRuntimes(preview: Preview, { runtimes }: Told): Promise<Preview> {
    if (preview.kind !== 'html' && preview.kind !== 'component') return preview;
    for (const id of preview.runtimes) {
      if (runtimes.has(id)) continue;
      try {
        const source = await this.#deps.readRuntime(id);
        runtimes.add(id);
        this.#deps.post({ type: 'preview-runtime', id, source });
      } catch {
        return {
          kind: 'none',
          reason: `A part of the extension, runtime-${id}.js, cannot be read. Install the extension again.`,
          problems: [],
        };
      }
    }
    return preview;
  }
}

const NOT_STARTED: Preview = { kind: 'none', reason: 'Not started.', problems: [] };

/** The person is told that it is not the whole. */
function withCut(preview: Preview): Preview {
  if (preview.kind === 'picture' || preview.kind === 'none') return preview;
  return { ...preview, problems: ['The answer ended early: this is what there is of it.', ...preview.problems] };
}

const sameFiles = (files: readonly PreviewFile[], others: readonly PreviewFile[]): boolean =>
  files.length === others.length &&
  files.every((file, index) => {
    const other = others[index];
    return other !== undefined && file.name === other.name && file.content === other.content && file.complete === other.complete;
  });
