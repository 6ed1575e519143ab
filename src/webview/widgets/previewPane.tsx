/**
 * One preview in its place: the page, or why there is none, and under it what was blocked and what went wrong. The page itself is drawn by
 * its frame.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Run } from '../../shared/comparison.ts';
import type { Finding } from '../../shared/design.ts';
import { formatCount, isLive, plural } from '../../shared/figures.ts';
import type { Preview, PreviewSide } from '../../shared/preview.ts';
import { type PreviewBoard, SIDE_LABEL } from '../preview/board.ts';
import type { Blocked, Frame } from '../preview/previewTypes.ts';
import { Button, Icon } from './controls.tsx';

export interface PreviewPaneProps {
  readonly side: PreviewSide;
  /** From the left, as the lanes are ordered. The document keeps its order: a frame that moves loads again. */
  readonly order: number;
  readonly hidden: boolean;
  readonly board: PreviewBoard;
  readonly preview: Preview | undefined;
  /** Of a lane. */
  readonly run: Run | undefined;
  readonly findings: readonly Finding[];
  /** Runs scripts in all previews. */
  readonly onRunScripts: () => void;
}

export function PreviewPane(props: PreviewPaneProps) {
  const { side, order, hidden, board, preview, run } = props;
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (place.current ? board.seat(side, place.current) : undefined), [board, side]);
  const frame = board.frame(side);
  const message = paneMessage(preview, frame, run, side);
  return (
    <section class={`pane ${side}`} style={{ order }} data-side={side} aria-label={`${SIDE_LABEL[side]} preview`} hidden={hidden}>
      <div class="section-head">
        <span class="section-name">
          <span class="role">{SIDE_LABEL[side]}</span>
        </span>
        <span class="section-note">{sizeNote(board, side, preview)}</span>
        <span class="pane-marks">
          <span class="pane-keys section-note">Esc to leave</span>
          {isUnfinished(preview) ? <vscode-badge>{isLive(run) ? 'being written' : 'not finished'}</vscode-badge> : null}
          {frame?.runsScripts ? (
            <span class="pane-running" title="Its scripts run">
              <Icon name="play" />
              <span class="sr-only">Its scripts run</span>
            </span>
          ) : null}
        </span>
      </div>
      <div class={message ? 'pane-place covered' : 'pane-place'} ref={place} />
      {message ? (
        <div class={message.failed ? 'pane-message failed' : 'pane-message'} role={message.urgent ? 'alert' : undefined}>
          <p>
            {message.failed ? <Icon name="error" /> : null} {message.text}
          </p>
          {message.details.map((detail) => (
            <pre key={detail}>{detail}</pre>
          ))}
          {frame ? <Remedy frame={frame} onRunScripts={props.onRunScripts} /> : null}
        </div>
      ) : null}
      <Blockings blocked={frame?.blocked ?? []} />
      <Problems {...props} frame={frame} toldAbove={message?.details ?? []} />
    </section>
  );
}

const isUnfinished = (preview: Preview | undefined): boolean =>
  (preview?.kind === 'html' || preview?.kind === 'component') && !preview.complete;

/** What the page measures and how large it is drawn. */
function sizeNote(board: PreviewBoard, side: PreviewSide, preview: Preview | undefined): string {
  const size = board.frame(side)?.size;
  const zoom = board.zoom(side);
  if (!size || !zoom || !preview || preview.kind === 'none') return '';
  const at = zoom === 1 ? '' : ` at ${Math.round(zoom * 100)} %`;
  return `${formatCount(size.widthPx)} × ${formatCount(size.heightPx)} px${at}`;
}

interface PaneMessage {
  readonly text: string;
  /** Failed compiles, each in its own words. */
  readonly details: readonly string[];
  readonly urgent: boolean;
  readonly failed: boolean;
}

/** What stands in place of the page; undefined: the page is seen. */
function paneMessage(
  preview: Preview | undefined,
  frame: Frame | undefined,
  run: Run | undefined,
  side: PreviewSide,
): PaneMessage | undefined {
  const calm = (text: string): PaneMessage => ({ text, details: [], urgent: false, failed: false });
  if (!preview) return calm(side === 'design' ? 'Drawing the design…' : waitWords(run));
  if (preview.kind === 'none') {
    if (side !== 'design' && !run?.text) return calm(waitWords(run));
    if (isLive(run) && preview.problems.length === 0) return calm(preview.reason);
    return { text: preview.reason, details: preview.problems, urgent: false, failed: preview.problems.length > 0 };
  }
  switch (frame?.status) {
    case undefined:
    case 'ready':
      return undefined;
    case 'loading':
      return calm(frame.message ?? 'Loading the preview…');
    case 'needs-scripts':
      return calm(`Scripts are off; this is a ${FRAMEWORK[frameworkOf(preview)]} component and needs them.`);
    case 'empty':
    case 'stopped':
    case 'not-responding':
      return {
        text: frame.message ?? 'Nothing to show.',
        details: [],
        urgent: frame.status === 'not-responding',
        failed: frame.status === 'not-responding',
      };
  }
}

const FRAMEWORK = { react: 'React', vue: 'Vue', svelte: 'Svelte', none: 'scripted' } as const;
const frameworkOf = (preview: Preview): keyof typeof FRAMEWORK => (preview.kind === 'component' ? preview.framework : 'none');

/** Why there is nothing to draw yet. */
function waitWords(run: Run | undefined): string {
  if (!run) return 'Not started.';
  if (!isLive(run)) return run.text ? 'Drawing the preview…' : 'No answer, so there is nothing to preview.';
  if (run.text) return 'Still being written: the preview appears with the first part that can be drawn.';
  return run.reasoning
    ? 'Thinking. The preview appears as the code is written.'
    : 'Waiting for the answer. The preview appears as the code is written.';
}

function Remedy({ frame, onRunScripts }: { frame: Frame; onRunScripts: () => void }) {
  switch (frame.status) {
    case 'needs-scripts':
      return <Button label="Run scripts" icon="play" onPress={onRunScripts} />;
    case 'not-responding':
      return <Button label="Stop this preview" icon="debug-stop" onPress={() => frame.stop()} />;
    case 'stopped':
      return <Button label="Load again" icon="refresh" onPress={() => frame.reload()} />;
    case 'empty':
    case 'loading':
    case 'ready':
      return null;
  }
}

function Blockings({ blocked }: { blocked: readonly Blocked[] }) {
  if (blocked.length === 0) return null;
  return (
    <details class="pane-fold">
      <summary>
        <Icon name="chevron-right" />
        <Icon name="shield" />
        Blocked: {countWords(blocked)}
      </summary>
      <ul>
        {blocked.map(({ kind, what, count }) => (
          <li key={`${kind} ${what}`}>
            {kind}
            {count > 1 ? ` × ${count}` : ''} {what ? <code>{what}</code> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** `3 images, 1 script`. */
function countWords(blocked: readonly Blocked[]): string {
  const counts = new Map<Blocked['kind'], number>();
  for (const { kind, count } of blocked) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts].map(([kind, count]) => (kind === 'media' ? `${count} media` : plural(count, kind))).join(', ');
}

function Problems({
  preview,
  findings,
  frame,
  toldAbove,
}: PreviewPaneProps & { frame: Frame | undefined; toldAbove: readonly string[] }) {
  const told = (preview && 'problems' in preview ? preview.problems : []).filter((problem) => !toldAbove.includes(problem));
  /** What is drawn all the same has no fault that stopped it. */
  const icon = preview?.kind === 'none' ? 'error' : 'warning';
  const lines = [
    ...told.map((text) => ({ icon, text })),
    ...(frame?.findings ?? []).map(({ kind, text, count }) => ({
      icon: kind,
      text: count > 1 ? `${text} (${count} times)` : text,
    })),
    ...findings.map(({ message, file, line }) => ({ icon: 'warning', text: `${message}${placeOf(file, line)}` })),
  ];
  if (lines.length === 0) return null;
  return (
    <details class="pane-fold">
      <summary>
        <Icon name="chevron-right" />
        <Icon name="warning" />
        {plural(lines.length, 'finding')}
      </summary>
      <ul>
        {lines.map(({ icon, text }) => (
          <li key={text} class={`tone-${icon}`}>
            <Icon name={icon} /> <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}

const placeOf = (file: string | undefined, line: number | undefined): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `, line ${line}`})`;
