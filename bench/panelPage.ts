/**
 * One measured process: streams two long pages into the panel's page in a browser, drawn as code, as previews, or not at all (the floor:
 * `panelMeters.ts`), and prints one line of JSON. The host is the product's own as far as it concerns previews: what is sent, and when.
 * Costs are processor time of the page's main thread, from Chromium's own trace, so that other work on the machine adds little to them.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { artifactOf } from '../src/core/artifact/artifact.ts';
import { previewOf } from '../src/core/preview/preview.ts';
import { PreviewUpdates } from '../src/core/preview/updates.ts';
import { type ComparisonState, LANES, reduce } from '../src/shared/comparison.ts';
import type { PanelContext, ToWebview } from '../src/shared/protocol.ts';
import { startHarness } from '../test/webview/harness.ts';
import type { PanelAnswer, PanelJob } from './jobs.ts';
import { LAST_ID, type PanelStream, panelStream } from './panelStream.ts';

const FILES_INTERVAL_MS = 500;
const TELL_EACH = 8;
/** Before the first message: everything is loaded, and the page at rest. */
const LEAD_MS = 1000;
/** Nothing changed for so long: the last preview is the final one. */
const SETTLED_MS = 2500;
const SETTLE_LIMIT_MS = 30_000;
const TRACED = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];
const MARKS = ['bench-begun', 'bench-streamed', 'bench-settled'] as const;

const job = JSON.parse(process.argv[2] ?? '') as PanelJob;
process.stdout.write(`${JSON.stringify(await measure(job))}\n`, () => process.exit());

async function measure({ view, tokens, perFrame }: PanelJob): Promise<PanelAnswer> {
  const harness = await startHarness(view === 'none' ? 'bench/panelMeters.ts' : 'src/webview/main.tsx');
  const { page, send, faults } = await harness.open({ width: 1280, height: 800 });
  const stream = panelStream(tokens, perFrame);
  const context: PanelContext = { files: {}, laneOrder: LANES, canUndoApply: false, view: view === 'none' ? 'code' : view };
  await send({ type: 'snapshot', state: stream.begun, context, nowMs: 0 });
  const browser = page.context().browser();
  assert.ok(browser);
  await browser.startTracing(page, { categories: TRACED });
  const host = hostOf(page, stream, context, view === 'preview');
  await page.exposeFunction('reached', host.reached);
  const report = await page.evaluate(drive, {
    batches: stream.batches,
    watched: view === 'preview',
    marks: MARKS,
    leadMs: LEAD_MS,
    tellEach: TELL_EACH,
    settledMs: SETTLED_MS,
    limitMs: SETTLE_LIMIT_MS,
  });
  host.stop();
  const trace = (await browser.stopTracing()).toString();
  const tasks = readTrace(trace);
  if (view === 'preview') {
    const seen = page.frames().filter((frame) => frame.parentFrame() === page.mainFrame());
    assert.equal(seen.length, 2);
    for (const frame of seen) assert.equal(await frame.locator(`#${LAST_ID}`).count(), 1, 'a final preview is not whole');
  }
  if (view === 'code') {
    const shown = await page
      .locator('.stream:not(.prose-only)')
      .evaluateAll((all) => all.map((one) => one.textContent?.length ?? 0));
    const sent = stream.batches
      .flat()
      .reduce((sum, event) => sum + (event.type === 'lane' && event.event.type === 'text' ? event.event.text.length : 0), 0);
    assert.equal(
      shown.reduce((sum, length) => sum + length, 0),
      sent,
    );
  }
  assert.deepEqual(
    faults.filter((text) => !/404/.test(text)),
    [],
  );
  await harness.close();
  return { ...report, ...tasks };
}

/** What the panel's host does beside sending events: it folds what the page was sent by now, and sends previews and the files found. */
function hostOf(page: Page, { begun, batches }: PanelStream, context: PanelContext, showsPreviews: boolean) {
  const post = (message: ToWebview): void =>
    void page.evaluate((data) => window.postMessage(data, '*'), message).catch(() => undefined); // the page may have been closed
  const updates = new PreviewUpdates({
    post,
    preview: previewOf,
    readRuntime: () => Promise.reject(new Error('no page here needs one')),
    readBeside: async () => undefined,
    nowMs: () => performance.now(),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  });
  updates.show(showsPreviews);
  let state: ComparisonState = begun;
  let at = 0;
  let filesAtMs = 0;
  return {
    reached(count: number): void {
      state = batches.slice(at, count).flat().reduce(reduce, state);
      at = count;
      updates.update(state);
      if (performance.now() - filesAtMs < FILES_INTERVAL_MS && at < batches.length) return;
      filesAtMs = performance.now();
      const files = Object.fromEntries(
        LANES.map((lane) => [
          lane,
          artifactOf(state.task, state.runs[lane]).files.map(({ name, languageId, complete }) => ({
            name,
            languageId,
            complete,
          })),
        ]),
      );
      post({ type: 'context', context: { ...context, files } });
    },
    stop: () => updates.dispose(),
  };
}

interface DriveOptions {
  readonly batches: PanelStream['batches'];
  /** Whether previews are looked for: where none are, each look would walk through all the text, and be measured with it. */
  readonly watched: boolean;
  readonly leadMs: number;
  /** The host is told of the first of so many messages, and of the last. */
  readonly tellEach: number;
  readonly settledMs: number;
  readonly limitMs: number;
  /** For the trace: the first message, the last, and when all is at rest. */
  readonly marks: readonly [string, string, string];
}

/** In the page: posts one message a frame, so that the work is the same on any machine, and watches. Must not refer to anything outside. */
async function drive({ batches, watched, marks, leadMs, tellEach, settledMs, limitMs }: DriveOptions): Promise<DriveReport> {
  const known = new WeakSet<Element>();
  const showing = new Map<Element, Element>();
  let [loads, blankFrames, posted, changedMs, endedMs] = [0, 0, 0, 0, 0];
  const iframes = document.getElementsByTagName('iframe');
  const places = document.getElementsByClassName('preview-frame');
  const watch = (): void => {
    requestAnimationFrame(watch);
    if (!watched || posted === 0) return;
    for (const iframe of iframes) {
      if (known.has(iframe)) continue;
      known.add(iframe);
      loads++;
    }
    for (const place of places) {
      const seen = [...place.children].find((child) => child instanceof HTMLElement && child.style.visibility === 'visible');
      const before = showing.get(place);
      if (before && !seen) blankFrames++;
      if (!seen || seen === before) continue;
      showing.set(place, seen);
      changedMs = performance.now();
    }
  };
  requestAnimationFrame(watch);
  const reached = Reflect.get(globalThis, 'reached') as (count: number) => void; // given to the page above
  await new Promise((resolve) => setTimeout(resolve, leadMs));
  performance.mark(marks[0]);
  const begunMs = performance.now();
  while (posted < batches.length) {
    await new Promise(requestAnimationFrame);
    window.postMessage({ type: 'events', events: batches[posted++] }, '*');
    if (posted % tellEach === 1 || posted === batches.length) reached(posted);
  }
  await new Promise((resolve) => setTimeout(resolve));
  endedMs = performance.now();
  performance.mark(marks[1]);
  const isSettled = (): boolean => performance.now() - Math.max(endedMs, changedMs) > settledMs;
  while (!isSettled() && performance.now() - endedMs < limitMs) await new Promise((resolve) => setTimeout(resolve, 100));
  performance.mark(marks[2]);
  return {
    frames: batches.length,
    streamMs: endedMs - begunMs,
    loads,
    blankFrames,
    ...(changedMs === 0 ? {} : { finalMs: changedMs - endedMs }),
  };
}

type DriveReport = Pick<PanelAnswer, 'frames' | 'streamMs' | 'loads' | 'blankFrames' | 'finalMs'>;

/** One of Chromium's trace; microseconds, `tdur` of the thread's own processor time. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** What the tasks of the page's main thread took of the processor, between the marks that {@link drive} makes. */
function readTrace(trace: string): Pick<PanelAnswer, 'cpuMs' | 'frameP50Ms' | 'frameP95Ms' | 'longestTaskMs' | 'longTasks'> {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] }; // as Chromium writes it
  const [begun, streamed, settled] = MARKS.map((mark) => traceEvents.find(({ name }) => name === mark));
  assert.ok(begun && streamed && settled);
  const ours = traceEvents.filter(
    ({ pid, tid, ts }) => pid === begun.pid && tid === begun.tid && ts >= begun.ts && ts <= settled.ts,
  );
  const tasks = ours.filter(({ name }) => name === 'RunTask').toSorted((a, b) => a.ts - b.ts);
  const costs = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const whileStreaming = tasks.filter(({ ts }) => ts <= streamed.ts).length;
  const frames = new Set<number>();
  for (const { name, ts } of ours) if (name === 'FireAnimationFrame') frames.add(tasks.findLastIndex((task) => task.ts <= ts));
  const frameCosts = [...frames]
    .filter((index) => index < whileStreaming)
    .map((index) => costs[index] ?? 0)
    .toSorted((a, b) => a - b);
  assert.ok(frameCosts.length > 0);
  return {
    cpuMs: costs.slice(0, whileStreaming).reduce((sum, cost) => sum + cost, 0),
    frameP50Ms: frameCosts[Math.floor(frameCosts.length * 0.5)] ?? Number.NaN,
    frameP95Ms: frameCosts[Math.floor(frameCosts.length * 0.95)] ?? Number.NaN,
    longestTaskMs: Math.max(...costs),
    longTasks: costs.filter((cost) => cost >= 50).length,
  };
}
