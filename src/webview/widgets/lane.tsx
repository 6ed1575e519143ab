/**
 * One lane: who answers, its state in words, its meters, its thinking folded over its answer, and what can be done with it.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type ComparisonState, LANE_LABEL, type LaneId, type LanePlan, type Run } from '../../shared/comparison.ts';
import type { Finding } from '../../shared/design.ts';
import { isLive } from '../../shared/figures.ts';
import { metric } from '../../shared/metrics.ts';
import { parseModelRef } from '../../shared/model.ts';
import type { FileSummary, PanelContext, ToHost } from '../../shared/protocol.ts';
import { type LaneTone, laneStatus, laneTone, largerLimit } from '../../shared/sentences.ts';
import type { AnswerView } from '../answerView.ts';
import { Button, Icon, IconButton, type Post } from './controls.tsx';
import { Findings } from './findings.tsx';
import { Meters } from './meters.tsx';

export interface LaneProps {
  readonly lane: LaneId;
  readonly state: ComparisonState;
  readonly context: PanelContext;
  readonly nowMs: number;
  readonly answer: AnswerView;
  readonly thinking: AnswerView;
  /** What the person chose for the thinking of this run; undefined: it opens and folds by itself. */
  readonly thinkingChoice: boolean | undefined;
  readonly onThinking: (open: boolean) => void;
  readonly post: Post;
}

export function Lane(props: LaneProps) {
  const { lane, state, context, nowMs, answer, thinking, thinkingChoice, onThinking, post } = props;
  const run = state.runs[lane];
  const files = context.files[lane] ?? [];
  const open = thinkingChoice ?? (run !== undefined && run.reasoning !== '' && run.text === '');
  return (
    <section
      class={`lane ${lane}`}
      aria-labelledby={`${lane}-name`}
      data-lane={lane}
      // Names the run shown: the words of the one before may be the same.
      data-run={run && `${state.id} ${run.startedMs}`}
    >
      <div class="lane-head">
        <LaneName lane={lane} run={run} />
        {run ? (
          <div class="toolbar" role="toolbar" aria-label={`${LANE_LABEL[lane]} lane`}>
            <IconButton label="Show what was sent" icon="list-selection" onPress={() => post({ type: 'show-prompt', lane })} />
            <IconButton label="Edit prompt of this lane" icon="edit" onPress={() => post({ type: 'edit-prompt', lane })} />
            <IconButton label="Change model" icon="settings" onPress={() => post({ type: 'change-model', lane })} />
            {isLive(run) ? (
              <IconButton label="Stop this lane" icon="debug-stop" onPress={() => post({ type: 'stop', lane })} />
            ) : (
              <IconButton label="Run this lane again" icon="refresh" onPress={() => post({ type: 'run-again', lane })} />
            )}
          </div>
        ) : null}
      </div>
      <Status lane={lane} run={run} nowMs={nowMs} lines={answer.lines} files={files} post={post} />
      <Meters lane={lane} runs={state.runs} nowMs={nowMs} />
      <div class={open ? 'body thinking-open' : 'body'} data-empty={run?.text ? undefined : ''}>
        <Thinking lane={lane} run={run} nowMs={nowMs} view={thinking} open={open} onToggle={onThinking} />
        <Answer lane={lane} run={run} state={state} files={files} findings={context.findings?.[lane]} view={answer} post={post} />
      </div>
    </section>
  );
}

function LaneName({ lane, run }: { lane: LaneId; run: Run | undefined }) {
  const detail = run ? details(run.plan, run.servedModel) : '';
  const model = run ? (parseModelRef(run.plan.model)?.model ?? run.plan.model) : 'no model yet';
  return (
    <h2 id={`${lane}-name`} title={run ? [run.plan.model, detail].filter(Boolean).join(', ') : ''}>
      <span class="role">{LANE_LABEL[lane]}</span> <bdi class="model">{run?.plan.scripted ? run.plan.model : model}</bdi>{' '}
      <span class="detail">{detail}</span>
    </h2>
  );
}

function details(plan: LanePlan, servedModel: string | undefined): string {
  if (plan.scripted) return 'scripted sample, not a model';
  const ref = parseModelRef(plan.model);
  return [
    ref?.effort ? `effort ${ref.effort}` : '',
    plan.endpointLabel,
    servedModel && servedModel !== ref?.model ? `served as ${servedModel}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

const TONE_ICON: Record<LaneTone, string> = {
  waiting: 'circle-filled',
  thinking: 'circle-filled',
  answering: 'circle-filled',
  done: 'pass-filled',
  stopped: 'circle-slash',
  warning: 'warning',
  error: 'error',
};

interface StatusProps {
  readonly lane: LaneId;
  readonly run: Run | undefined;
  readonly nowMs: number;
  readonly lines: number;
  readonly files: readonly FileSummary[];
  readonly post: Post;
}

function Status({ lane, run, nowMs, lines, files, post }: StatusProps) {
  if (!run) return <div class="status">Not started</div>;
  const remedy = remedyFor(lane, run);
  const tone = laneTone(run, nowMs);
  return (
    <div class={`status tone-${tone}`}>
      <Icon name={TONE_ICON[tone]} />
      <p>{laneStatus(run, nowMs, { lines, files })}</p>
      {remedy ? (
        <Button
          label={remedy.label}
          {...(remedy.message.type === 'run-again' ? { title: 'Run this lane again' } : {})}
          onPress={() => post(remedy.message)}
        />
      ) : null}
      {run.notices.map((notice) => (
        <p class="lane-notice" key={notice}>
          {notice}
        </p>
      ))}
    </div>
  );
}

/** The one thing that helps, for a lane that did not end well. */
function remedyFor(lane: LaneId, run: Run): { label: string; message: ToHost } | undefined {
  if (isLive(run)) return undefined;
  const larger = largerLimit(run);
  if (larger) return { label: larger.label, message: { type: 'run-larger', lane, maxOutputTokens: larger.maxOutputTokens } };
  const changeModel = { label: 'Change model', message: { type: 'change-model', lane } } as const;
  const editPrompt = { label: 'Edit prompt', message: { type: 'edit-prompt', lane } } as const;
  switch (run.error?.mend) {
    case 'model':
      return changeModel;
    case 'prompt':
      return editPrompt;
    case 'endpoint':
      return { label: 'Endpoint settings', message: { type: 'open-settings', about: 'endpoints' } };
    case 'proxy':
      return { label: 'Proxy settings', message: { type: 'open-settings', about: 'proxy' } };
    case undefined:
      break;
  }
  switch (run.error?.kind) {
    case undefined:
      return run.finish === 'content-filter' ? editPrompt : run.finish === 'length' ? changeModel : undefined;
    case 'auth':
      return { label: 'Set API key', message: { type: 'set-key', lane } };
    case 'budget':
      return { label: 'Change limits', message: { type: 'open-limits' } };
    case 'invalid-request':
    case 'context-length':
      return changeModel;
    case 'rate-limit':
    case 'overloaded':
    case 'network':
    case 'timeout':
    case 'protocol':
    case 'interrupted':
    case 'unknown':
      return { label: 'Run again', message: { type: 'run-again', lane } };
  }
}

interface ThinkingProps {
  readonly lane: LaneId;
  readonly run: Run | undefined;
  readonly nowMs: number;
  readonly view: AnswerView;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

function Thinking({ lane, run, nowMs, view, open, onToggle }: ThinkingProps) {
  const panel = useRef<HTMLDivElement>(null);
  // Found by the find widget while folded: it opens and stays open. Preact knows neither the event nor the value of the attribute.
  useLayoutEffect(() => {
    const found = () => onToggle(true);
    panel.current?.addEventListener('beforematch', found);
    return () => panel.current?.removeEventListener('beforematch', found);
  }, [onToggle]);
  useLayoutEffect(() => {
    if (open) panel.current?.removeAttribute('hidden');
    else panel.current?.setAttribute('hidden', 'until-found');
  }, [open]);
  const hasText = run !== undefined && run.reasoning !== '';
  const note = run ? thinkingNote(run, nowMs) : '';
  return (
    <div class="thinking">
      {hasText ? (
        <button
          type="button"
          class="section-head fold"
          aria-expanded={open}
          aria-controls={`${lane}-thinking`}
          onClick={() => onToggle(!open)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span class="section-name">Thinking</span>
          <span class="section-note">{note}</span>
        </button>
      ) : (
        <div class="section-head">
          <span class="section-name quiet">Thinking</span>
          <span class="section-note" title={note}>
            {note}
          </span>
        </div>
      )}
      <section id={`${lane}-thinking`} class="stream-frame" ref={panel} aria-label={`${LANE_LABEL[lane]} thinking`}>
        <Stream view={view} />
      </section>
    </div>
  );
}

function thinkingNote(run: Run, nowMs: number): string {
  const time = metric('thinking').read(run, nowMs);
  const tokens = metric('reasoning-tokens').read(run, nowMs);
  const figures = [
    time.value === undefined || time.value === 0 ? '' : time.figure,
    tokens.value === undefined || tokens.value === 0 ? '' : `${tokens.figure} tokens`,
  ].filter(Boolean);
  if (run.reasoning) return figures.join(' · ');
  if (figures.length > 0) {
    // Whether it thought is known only from what was reported; otherwise the figures are made from the wait.
    const isReported = run.usage?.basis === 'reported' && run.usage.reasoningTokens !== undefined;
    return isReported
      ? `${figures.join(' · ')}, hidden by the provider`
      : `${figures.join(' · ')} estimated from the wait, none shown`;
  }
  return run.finish === 'stop' ? 'none shown' : '';
}

interface AnswerProps {
  readonly lane: LaneId;
  readonly run: Run | undefined;
  readonly state: ComparisonState;
  readonly files: readonly FileSummary[];
  readonly findings: readonly Finding[] | undefined;
  readonly view: AnswerView;
  readonly post: Post;
}

function Answer({ lane, run, state, files, findings, view, post }: AnswerProps) {
  const hasText = run !== undefined && run.text !== '';
  return (
    <article class="answer" aria-label={`${LANE_LABEL[lane]} answer`}>
      <div class="section-head">
        <span class="section-name">Answer</span>
        <Files files={files} live={isLive(run)} />
        {hasText ? (
          <div class="toolbar" role="toolbar" aria-label={`${LANE_LABEL[lane]} answer`}>
            {state.task.source ? (
              <IconButton label="Diff with the file" icon="diff-single" onPress={() => post({ type: 'diff-with-file', lane })} />
            ) : null}
            <IconButton label="Open as untitled file" icon="go-to-file" onPress={() => post({ type: 'open-answer', lane })} />
            <IconButton label="Copy the answer" icon="copy" onPress={() => post({ type: 'copy-answer', lane })} />
            {isLive(run) ? null : (
              <IconButton label="Apply this answer" icon="check" onPress={() => post({ type: 'apply', lane })} />
            )}
          </div>
        ) : null}
      </div>
      <Findings findings={findings} />
      <div class="stream-frame">
        <Stream view={view} id={`${lane}-answer`} label={`${LANE_LABEL[lane]} answer text`} />
        {hasText ? null : <p class="placeholder">{isLive(run) ? 'No answer yet.' : run ? 'No answer.' : ''}</p>}
        {isLive(run) && hasText && !view.following ? (
          <button type="button" class="jump" onClick={() => view.jumpToEnd()}>
            <Icon name="arrow-down" />
            Jump to latest
          </button>
        ) : null}
      </div>
    </article>
  );
}

function Files({ files, live }: { files: readonly FileSummary[]; live: boolean }) {
  if (files.length === 0) return <span class="files" />;
  const names = files.map((file) => `${file.name}${file.complete ? '' : live ? ' (being written)' : ' (not closed)'}`);
  return (
    <span class="files" title={names.join('\n')}>
      <bdi>{files[0]?.name}</bdi>
      {files[0]?.complete === false && !live ? ' (not closed)' : ''}
      {files.length > 1 ? <span class="more"> and {files.length - 1} more</span> : null}
    </span>
  );
}

/** A place for a streaming view, which draws itself. */
function Stream({ view, id, label }: { view: AnswerView; id?: string; label?: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { element } = view;
    if (id) element.id = id;
    if (label) {
      element.tabIndex = 0;
      element.setAttribute('role', 'region');
      element.setAttribute('aria-label', label);
    }
    place.current?.append(element);
  }, [view, id, label]);
  return <div class="stream-place" ref={place} />;
}
