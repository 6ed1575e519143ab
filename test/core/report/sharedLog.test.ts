/** What a colleague's file may hold, and what anybody's file may try. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Journal } from '../../../src/core/journal/journal.ts';
import { thisProcess } from '../../../src/core/processId.ts';
import { jsonOf } from '../../../src/core/report/json.ts';
import { imported } from '../../../src/core/report/share.ts';
import { readShared } from '../../../src/core/report/sharedLog.ts';
import { type ComparisonEvent, fold, type LanePlan } from '../../../src/shared/comparison.ts';
import { SCENES, Script } from '../../webview/states.ts';

const ORIGIN = { version: '1.2.3', exportedAt: '2026-11-23T08:30:00.000Z' };
const scratch = mkdtempSync(path.join(os.tmpdir(), 'second-thought-shared-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const eventsOf = (text: string): readonly ComparisonEvent[] => {
  const read = readShared(text, 'ann.json');
  if ('problem' in read) assert.fail(read.problem);
  return read.events;
};

/** One scene's plans have fields that no plan has any more. */
function withoutUnknown(plan: LanePlan): LanePlan {
  const {
    adjustments: _,
    served: __,
    ...known
  } = plan as LanePlan & { readonly adjustments?: unknown; readonly served?: unknown };
  return known;
}

describe('what was exported comes back', () => {
  for (const [name, scene] of Object.entries(SCENES)) {
    const { events, state } = scene();
    if (events.length === 0) continue;
    const check = (text: string): void => {
      const back = fold(eventsOf(text));
      assert.equal(back.importedFrom, 'ann.json');
      assert.deepEqual(back.task.parts, state.task.parts);
      for (const lane of ['fast', 'reasoning'] as const) {
        const [was, is] = [state.runs[lane], back.runs[lane]];
        if (was?.status === 'ended') assert.deepEqual(is, { ...was, plan: withoutUnknown(was.plan) });
        else if (was) {
          assert.deepEqual([is?.text, is?.cost, is?.finish, is?.error?.kind], [was.text, was.cost, 'aborted', 'interrupted']);
        }
      }
      assert.equal(back.running, false);
    };
    test(`${name}, as JSON`, () => check(jsonOf(events, ORIGIN)));
    test(`${name}, as the command line's log`, () =>
      check(
        events.map((event) => `${JSON.stringify(event.type === 'comparison-end' ? { ...event, lanes: {} } : event)}\n`).join(''),
      ));
  }
});

const { events } = SCENES.done?.() ?? { events: [] };
/** The export with a value put at a path of its events. */
function changed(at: readonly (string | number)[], value: unknown): string {
  const file = JSON.parse(jsonOf(events, ORIGIN)) as Record<string, unknown>;
  let inner = file.events as Record<string | number, unknown>;
  for (const step of at.slice(0, -1)) inner = inner[step] as Record<string | number, unknown>;
  Object.defineProperty(inner, at.at(-1) ?? '', { value, enumerable: true });
  return JSON.stringify(file);
}
const START = events.findIndex((event) => event.type === 'lane' && event.event.type === 'start');
const COST = events.findIndex((event) => event.type === 'lane' && event.event.type === 'cost');
const USAGE = events.findIndex((event) => event.type === 'lane' && event.event.type === 'usage');
const TEXT = events.findIndex((event) => event.type === 'lane' && event.event.type === 'text');

const REFUSED: Readonly<Record<string, readonly [text: string, why: RegExp]>> = {
  nothing: ['', /holds no comparison/],
  'no JSON': ['hello', /no comparison of/],
  'another JSON': ['{"a":1}', /event 0 is not as Second Thought writes it/],
  'a list': ['[]', /no comparison of/],
  null: ['null', /no comparison of/],
  'a newer export': [jsonOf(events, ORIGIN).replace('"schema":1', '"schema":2'), /newer version/],
  'a newer log': [JSON.stringify({ ...events[0], schema: 2 }), /newer version/],
  'a log that never begins': [changed([0, 'type'], 'comparison-end'), /begin|not as/],
  'a second beginning': [changed([3], { ...events[0], seq: 3 }), /begin/],
  'a gap': [changed([5, 'seq'], 6), /missing before its event 5/],
  'a seq as text': [changed([5, 'seq'], '5'), /event 5 is not/],
  'a time below zero': [changed([5, 'atMs'], -1), /event 5 is not/],
  'a time without end': [jsonOf(events, ORIGIN).replace('"atMs":0', '"atMs":1e999'), /is not/],
  'an event of another kind': [changed([4, 'event', 'type'], 'execute'), /event 4 is not/],
  'a lane that is none': [changed([4, 'lane'], '__proto__'), /event 4 is not/],
  'the plan of the other lane': [changed([START, 'event', 'plan', 'lane'], 'reasoning'), /is not/],
  'a text that is none': [changed([TEXT, 'event', 'text'], { length: 1e9 }), /is not/],
  'a cost as text': [changed([COST, 'event', 'cost', 'nanoUsd'], '<b>1</b>'), /is not/],
  'a cost below zero': [changed([COST, 'event', 'cost', 'nanoUsd'], -1), /is not/],
  'a cost of unknown basis': [changed([COST, 'event', 'cost', 'basis'], 'unknown'), /is not/],
  'tokens as text': [changed([USAGE, 'event', 'usage', 'outputTokens'], '1'), /is not/],
  'a date that is none': [changed([0, 'startedAt'], 'yesterday'), /is not/],
  'a day that is none': [changed([0, 'startedAt'], '2026-99-99T99:99:99Z'), /is not/],
  'a picture that is none': [
    changed([0, 'task', 'parts'], [{ type: 'image', mediaType: 'image/png', base64: '" onerror="' }]),
    /is not/,
  ],
  'a picture that runs': [
    changed([0, 'task', 'parts'], [{ type: 'image', mediaType: 'image/svg+xml', base64: 'AAAA' }]),
    /is not/,
  ],
  'a prototype': [changed([0, '__proto__'], { polluted: true }), /something that no comparison has/],
  'a prototype deep inside': [
    changed([START, 'event', 'plan', 'constructor'], { prototype: {} }),
    /something that no comparison has/,
  ],
  'deep nesting': [changed([START, 'event', 'plan', 'deep'], nested(2000)), /something that no comparison has/],
  'nesting that would break a walker': [
    `{"format":"second-thought-comparison","schema":1,"events":[${'['.repeat(1e6)}${']'.repeat(1e6)}]}`,
    /something that no comparison has/,
  ],
  'nothing but brackets': ['['.repeat(1e6), /no comparison of/],
};
function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

describe('anything else is refused in one sentence', () => {
  for (const [name, [text, why]] of Object.entries(REFUSED)) {
    test(name, () => {
      const read = readShared(text, 'evil\n\u001b[31m.json');
      assert.ok('problem' in read, 'it was taken');
      assert.match(read.problem, why);
      assert.match(read.problem, /^evil \[31m\.json cannot be imported: [^\n\p{Cc}]+\.$/u);
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
    });
  }

  test('a file larger than any comparison', () => {
    const read = readShared(' '.repeat(64 * 1024 * 1024 + 1), 'big.json');
    assert.match('problem' in read ? read.problem : '', /larger than any comparison/);
  });
});

test('a newer version is told from damage, whatever else it holds', () => {
  const read = readShared('{"format":"second-thought-comparison","schema":7,"events":{"packed":true}}', 'a.json');
  assert.match('problem' in read ? read.problem : '', /newer version/);
});

test('names are one line, and name nothing on this machine', () => {
  const evil = `a\u001b]0;x\u0007\u202e\n${'b'.repeat(5000)}`;
  const source = {
    uri: 'file:///etc/passwd',
    name: '../../etc/pass\u0000wd',
    selection: { startLine: 0, startCharacter: 0, endLine: 1, endCharacter: 0 },
    baseHash: 'x',
  };
  const script = new Script({ kind: 'code', title: evil, instruction: '', parts: [], source }).start('fast', evil, {
    endpointLabel: evil,
  });
  script.lane(3, 'fast', { type: 'attempt', number: 1, holdId: 'mine' }).lane(4, 'fast', { type: 'text', text: 'x', cursor: 3 });
  const { task, runs } = fold(eventsOf(jsonOf(script.events, ORIGIN)));
  for (const name of [task.title, runs.fast?.plan.model ?? '', runs.fast?.plan.endpointLabel ?? '']) {
    assert.doesNotMatch(name, /[\p{Cc}\p{Bidi_Control}]/u);
    assert.ok(name.length <= 300);
  }
  assert.deepEqual(task.source, { uri: 'untitled:pass%20wd', name: 'pass wd' });
  assert.deepEqual([runs.fast?.holdId, runs.fast?.cursor], [undefined, undefined]);
});

test('a background run that was under way is not picked up here', () => {
  const plan: Partial<LanePlan> = { background: true };
  const script = new Script()
    .start('reasoning', 'openai:gpt-6-sol', plan)
    .lane(9, 'reasoning', { type: 'served', responseId: 'resp_1' });
  const { runs, running } = fold(eventsOf(jsonOf(script.events, ORIGIN)));
  assert.deepEqual([running, runs.reasoning?.status, runs.reasoning?.error?.kind], [false, 'ended', 'interrupted']);
});

test('an import never takes the place of anything, and lies where comparisons lie', () => {
  const directory = path.join(scratch, 'comparisons');
  const journal = new Journal(directory, thisProcess());
  const put = (id: string): string => {
    const result = imported(journal, changed([0, 'id'], id), 'ann.json');
    if ('problem' in result) assert.fail(result.problem);
    return result.id;
  };
  const own = '20261122-100000000-abcd';
  assert.equal(put(own), own);
  const before = readFileSync(journal.fileOf(own));
  for (const id of [own, '../../evil', '/etc/passwd', 'a\u0000b', '', 'con', '__proto__', `${own}/x`, 'x'.repeat(5000)]) {
    const fresh = put(id);
    assert.match(fresh, /^20261122-100000000-[a-z]{4}$/);
    assert.equal(journal.read(fresh)?.state.id, fresh);
  }
  assert.deepEqual(readFileSync(journal.fileOf(own)), before);
  assert.equal(journal.list().length, 10);
  assert.deepEqual(readdirSync(scratch), ['comparisons']);
  assert.equal(journal.recover(own)?.state.importedFrom, 'ann.json');
});

describe('what a task was made of', () => {
  const material = {
    kind: 'svg',
    role: 'design',
    name: 'a\u202E\nb.svg',
    uri: 'file:///etc/passwd',
    language: 'svg',
    frame: { width: 1, height: 2.5 },
    originalBytes: 9,
    leftOut: ['1\ncomment'],
  };
  const withTask = (changes: Readonly<Record<string, unknown>>): string => {
    const [start, ...rest] = SCENES.done?.().events ?? [];
    assert.ok(start?.type === 'comparison-start');
    return jsonOf([{ ...start, task: { ...start.task, ...changes } } as ComparisonEvent, ...rest], ORIGIN);
  };

  test('comes back in one line each, without addresses', () => {
    const { task } = fold(eventsOf(withTask({ materials: [material], target: 'vue' })));
    const { uri: _, ...known } = material;
    assert.deepEqual(task.materials, [{ ...known, name: 'a b.svg', leftOut: ['1 comment'] }]);
    assert.equal(task.target, 'vue');
  });

  const REFUSED: readonly Readonly<Record<string, unknown>>[] = [
    { materials: [] },
    { materials: [material, material] },
    { materials: [{ ...material, kind: 'script' }] },
    { materials: [{ ...material, role: 'system' }] },
    { materials: [{ ...material, language: 'a b`' }] },
    { materials: [{ ...material, frame: { width: -1, height: 1 } }] },
    { materials: [{ ...material, leftOut: 'all' }] },
    { materials: [{ ...material, leftOut: Array(101).fill('x') }] },
    { target: 'perl' },
  ];
  for (const changes of REFUSED)
    test(`refused: ${JSON.stringify(changes).slice(0, 80)}`, () => {
      const read = readShared(withTask(changes), 'ann.json');
      assert.ok('problem' in read && /event 0 is not as/.test(read.problem), JSON.stringify(read).slice(0, 200));
    });
});
