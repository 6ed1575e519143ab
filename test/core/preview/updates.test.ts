/** When previews are made and what a page is told: on a clock that the test moves, with previews that take as long as it says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { previewOf } from '../../../src/core/preview/preview.ts';
import { PreviewUpdates } from '../../../src/core/preview/updates.ts';
import { type ComparisonState, EMPTY, type LaneId, type Run } from '../../../src/shared/comparison.ts';
import type { Preview } from '../../../src/shared/preview.ts';
import type { Task } from '../../../src/shared/task.ts';
import { DONE, live } from '../../shared/runs.ts';

interface Bench {
  readonly updates: PreviewUpdates;
  /** What was posted since it was last asked, shortly. */
  posted(): string[];
  /** Moves the clock, and lets everything happen that is due. */
  pass(ms: number): Promise<void>;
  made: number;
  /** Names of the files that the last preview might take from the task. */
  lent: readonly string[];
  /** How long each preview takes. */
  takesMs: number;
  /** Happens while the next preview is made. */
  meanwhile?: (() => void) | undefined;
  runtimeFails: boolean;
  /** What the reading of a program waits for. */
  runtimeComes: (id: string) => Promise<void>;
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

function bench(): Bench {
  let nowMs = 0;
  let timers: { atMs: number; call: () => void }[] = [];
  let log: string[] = [];
  const kit: Bench = {
    made: 0,
    lent: [],
    takesMs: 0,
    runtimeFails: false,
    runtimeComes: async () => undefined,
    updates: new PreviewUpdates({
      post: (message) =>
        log.push(
          message.type === 'preview-runtime'
            ? `runtime ${message.id}`
            : message.type === 'no-result'
              ? message.type
              : `${message.side} ${message.preview.kind === 'html' ? message.preview.html : message.preview.kind}`,
        ),
      preview: async (files, options) => {
        kit.made += 1;
        kit.lent = options.sent?.map(({ name }) => name) ?? [];
        nowMs += kit.takesMs;
        kit.meanwhile?.();
        kit.meanwhile = undefined;
        return previewOf(files, options);
      },
      readRuntime: async (id) => {
        await kit.runtimeComes(id);
        if (kit.runtimeFails) throw new Error('gone');
        return id;
      },
      readBeside: async () => undefined,
      nowMs: () => nowMs,
      after: (ms, call) => {
        const timer = { atMs: nowMs + ms, call };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    }),
    posted: () => log.splice(0).filter((line) => line !== 'design none'),
    async pass(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (!next) break;
        nowMs = Math.max(nowMs, next.atMs);
        timers = timers.filter((other) => other !== next);
        next.call();
        await settle();
      }
      nowMs = Math.max(nowMs, endMs);
    },
  };
  log = [];
  return kit;
}

const TASK = { ...EMPTY.task, title: 'a' };
const page = (text: string): string => `\`\`\`html index.html\n${text}`;
const state = (runs: Partial<Record<LaneId, Run>>): ComparisonState => ({ ...EMPTY, seq: 1, task: TASK, runs });
const writing = (text: string): ComparisonState => state({ fast: live({ text }) });

test('a preview may use what was sent with the task', async () => {
  const kit = bench();
  const sent: Task = {
    ...TASK,
    parts: [{ type: 'text', text: 'a {}' }],
    materials: [{ kind: 'code', role: 'context', name: 'a.css', leftOut: [] }],
  };
  kit.updates.show(true);
  kit.updates.update({ ...writing(page('<p>1')), task: sent });
  await kit.pass(0);
  assert.deepEqual(kit.lent, ['a.css']);
});

test('nothing is made until previews are shown, nor once they are not', async () => {
  const kit = bench();
  kit.updates.update(writing(page('<p>1')));
  await kit.pass(5000);
  assert.equal(kit.made, 0);
  kit.updates.show(true);
  await kit.pass(0);
  assert.deepEqual(kit.posted(), ['fast <p>1']);
  kit.updates.show(false);
  kit.updates.update(writing(page('<p>12')));
  await kit.pass(5000);
  assert.equal(kit.made, 1);
});

test('a result is sent as it changes, to a page that comes later too, and its end once', async () => {
  const { updates, posted, pass } = bench();
  const result = (html: string): Preview => ({
    kind: 'html',
    html,
    linked: [],
    runtimes: [],
    complete: true,
    problems: [],
  });
  updates.update(state({}));
  updates.showResult(result('<p>1'));
  await pass(5000);
  assert.deepEqual(posted(), []);
  updates.show(true);
  await pass(0);
  assert.deepEqual(posted(), ['result <p>1']);
  updates.showResult(result('<p>2'));
  await pass(0);
  assert.deepEqual(posted(), ['result <p>2']);
  updates.forgetPage();
  await pass(0);
  assert.deepEqual(posted(), ['result <p>2']);
  updates.showResult(undefined);
  await pass(5000);
  assert.deepEqual(posted(), ['no-result']);
  updates.update(state({}));
  await pass(5000);
  assert.deepEqual(posted(), []);
});

test('a growing page is sent twice a second at most, its end at once', async () => {
  const { updates, posted, pass } = bench();
  updates.show(true);
  for (let step = 0; step < 100; step++) {
    updates.update(writing(page(`<p>${'x'.repeat(step)}`)));
    await pass(20);
  }
  const sent = posted().length;
  assert.ok(sent >= 4 && sent <= 5, `${sent} in two seconds`);
  updates.update(state({ fast: { ...DONE, text: page('<p>end\n```\n') } }));
  await pass(0);
  assert.deepEqual(posted(), ['fast <p>end\n']);
});

test('an end that comes while previews are made is sent at once', async () => {
  const kit = bench();
  kit.updates.show(true);
  kit.meanwhile = () => kit.updates.update(state({ fast: { ...DONE, text: page('<p>end\n```\n') } }));
  kit.updates.update(writing(page('<p>1')));
  await kit.pass(0);
  assert.deepEqual(kit.posted(), ['fast <p>1', 'fast <p>end\n']);
});

test('previews that take long come less often: a fifth of the time at most', async () => {
  const kit = bench();
  kit.takesMs = 1000;
  kit.updates.show(true);
  for (let step = 0; step < 1000; step++) {
    kit.updates.update(writing(page(`<p>${'x'.repeat(step)}`)));
    await kit.pass(20);
  }
  // 20 s pass outside of previews; each takes 1 s and leaves 4.
  assert.ok(kit.made >= 4 && kit.made <= 6, `${kit.made} made`);
});

test('what has not changed is neither made nor sent again', async () => {
  const kit = bench();
  kit.updates.show(true);
  kit.updates.update(writing(page('<p>1')));
  await kit.pass(1000);
  kit.updates.update(writing(page('<p>1')));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast <p>1']);
  assert.equal(kit.made, 1);
});

test('a component is made when a file of it is whole, and stays while the next is written', async () => {
  const kit = bench();
  kit.updates.show(true);
  const app = '```tsx App.tsx\nexport default () => <p>a</p>;\n```\n';
  kit.updates.update(writing('```tsx App.tsx\nexport default () => <p'));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast none']);
  kit.updates.update(writing(app));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['runtime react', 'fast component']);
  const { made } = kit;
  for (const more of ['```tsx B.tsx\nexp', '```tsx B.tsx\nexport const', '```tsx B.tsx\nexport const = \n```\n']) {
    kit.updates.update(writing(app + more));
    await kit.pass(1000);
  }
  assert.ok(!kit.posted().includes('fast none'));
  assert.ok(kit.made <= made + 1, 'text of a file that is still open makes nothing anew');
});

test('what does not compile in the end is said in the end', async () => {
  const kit = bench();
  kit.updates.show(true);
  const good = '```tsx App.tsx\nexport default () => <p>a</p>;\n```\n';
  const bad = '```tsx App.tsx\nexport default () => <p\n```\n';
  kit.updates.update(writing(good));
  await kit.pass(1000);
  kit.updates.update(writing(good + bad));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['runtime react', 'fast component']);
  kit.updates.update(state({ fast: { ...DONE, text: good + bad } }));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast none']);
});

test('a lane that runs again begins with nothing', async () => {
  const kit = bench();
  kit.updates.show(true);
  kit.updates.update(state({ fast: { ...DONE, text: page('<p>1\n```\n') } }));
  await kit.pass(1000);
  kit.updates.update(state({ fast: live({ text: '', startedMs: 20_000 }) }));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast <p>1\n', 'fast none']);
});

test('a replay that begins again shows nothing of its end', async () => {
  const kit = bench();
  const begun = live({ text: page('<p>1') });
  const ended = state({ fast: { ...begun, finish: 'stop', text: page('<p>1, and more\n```\n') } });
  kit.updates.show(true);
  kit.updates.update(ended);
  await kit.pass(1000);
  kit.updates.update(state({}));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast <p>1, and more\n', 'fast none']);
  kit.updates.update(ended);
  await kit.pass(1000);
  kit.updates.update(state({ fast: { ...begun, text: 'Here it is.' } }));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast <p>1, and more\n', 'fast none']);
});

test('a design is sent once, however often the comparison is read again', async () => {
  const kit = bench();
  const read = (): ComparisonState => ({
    ...EMPTY,
    seq: 1,
    task: { ...TASK, parts: [{ type: 'image', mediaType: 'image/png', base64: 'AAAA' }] },
  });
  kit.updates.show(true);
  for (let turn = 0; turn < 3; turn++) {
    kit.updates.update(read());
    await kit.pass(1000);
  }
  assert.deepEqual(kit.posted(), ['design picture']);
});

test('a page that comes anew while a program is read for the last one gets that program', async () => {
  const kit = bench();
  let come = (): void => undefined;
  const second = new Promise<void>((resolve) => {
    come = resolve;
  });
  let asked = 0;
  kit.runtimeComes = async () => (++asked === 1 ? undefined : second);
  kit.updates.show(true);
  kit.updates.update({
    ...state({ fast: { ...DONE, text: '```tsx App.tsx\nexport default () => <p class="flex">a</p>;\n```\n' } }),
    task: { ...TASK, target: 'react-tailwind' },
  });
  await kit.pass(0);
  kit.updates.show(false);
  kit.updates.forgetPage();
  kit.updates.show(true);
  assert.equal(kit.posted().length, 1, 'the last page got one program of the two');
  come();
  await settle();
  await kit.pass(5000);
  const posted = kit.posted();
  assert.deepEqual(posted.slice(-3).toSorted(), ['fast component', 'runtime react', 'runtime tailwind']);
  assert.equal(posted.at(-1), 'fast component');
});

test('a page that comes anew is told everything again, programs first', async () => {
  const kit = bench();
  kit.updates.show(true);
  kit.updates.update(state({ fast: { ...DONE, text: '```tsx App.tsx\nexport default () => <p>a</p>;\n```\n' } }));
  await kit.pass(1000);
  const first = kit.posted();
  assert.deepEqual(first, ['runtime react', 'fast component']);
  kit.updates.forgetPage();
  await kit.pass(0);
  assert.deepEqual(kit.posted(), first);
  assert.equal(kit.made, 1);
});

test('a program that cannot be read is one sentence', async () => {
  const kit = bench();
  kit.runtimeFails = true;
  kit.updates.show(true);
  kit.updates.update(state({ fast: { ...DONE, text: '```vue App.vue\n<template><p/></template>\n```\n' } }));
  await kit.pass(1000);
  assert.deepEqual(kit.posted(), ['fast none']);
});

test('an answer that was cut is shown as far as it came, and says so', async () => {
  const said: unknown[] = [];
  const updates = new PreviewUpdates({
    post: (message) => said.push(message),
    preview: previewOf,
    readRuntime: async (id) => id,
    readBeside: async () => undefined,
    nowMs: () => 0,
    after: (_, call) => {
      setImmediate(call);
      return () => undefined;
    },
  });
  updates.update(state({ fast: { ...DONE, finish: 'length', text: page('<p>1') } }));
  updates.show(true);
  while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.match(JSON.stringify(said[0]), /The answer ended early: this is what there is of it\./);
});
