/** Whatever form a secret has in a log, it is not in the clean one; and nothing else is changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLog } from '../../../src/core/report/clean.ts';
import { type ComparisonEvent, fold } from '../../../src/shared/comparison.ts';
import { SCENES, Script } from '../../webview/states.ts';

const SECRET = 'cánary/key+04Gd81kQz0pW7==Zx';
const bytes = Buffer.from(SECRET);

/** No twelve characters of the secret in a row, in any form it was given in. */
function check(events: readonly ComparisonEvent[], ...forms: readonly string[]): void {
  const { events: clean, isRedacted } = cleanLog(events, { secrets: [SECRET] });
  assert.equal(isRedacted, true);
  const { runs, task } = fold(clean);
  const all = [JSON.stringify(clean), JSON.stringify({ runs, task })].join('\n');
  for (const form of [SECRET, ...forms])
    for (let at = 0; at + 12 <= form.length; at++) assert.ok(!all.includes(form.slice(at, at + 12)), form.slice(at, at + 12));
  assert.deepEqual(
    clean.map(({ seq, atMs, type }) => [seq, atMs, type]),
    events.map(({ seq, atMs, type }) => [seq, atMs, type]),
  );
}

/** A log whose answer, in pieces of that length, holds the text. */
function answering(text: string, size: number): readonly ComparisonEvent[] {
  const script = new Script().start('fast', 'e:m');
  for (let at = 0; at < text.length; at += size)
    script.lane(10 + at, 'fast', { type: at % 2 === 0 ? 'text' : 'text', text: text.slice(at, at + size) });
  return script.end(9999, 'fast', 'stop').events;
}

const FORMS: Readonly<Record<string, string>> = {
  'as it is': SECRET,
  'in a URL': encodeURIComponent(SECRET),
  'as JSON': JSON.stringify(SECRET),
  base64: bytes.toString('base64'),
  'base64, one in': Buffer.concat([Buffer.from('a'), bytes, Buffer.from('bc')]).toString('base64'),
  'base64, two in': Buffer.concat([Buffer.from('u:'), bytes]).toString('base64'),
  'base64 for URLs': bytes.toString('base64url'),
  hexadecimal: bytes.toString('hex'),
  'hexadecimal, capitals': bytes.toString('hex').toUpperCase(),
  'in part': SECRET.slice(5, 22),
};
for (const [name, form] of Object.entries(FORMS)) {
  for (const size of [1, 3, 7, 4096])
    test(`${name}, in pieces of ${size}`, () =>
      check(answering(`Here: ${form} and more.\n`, size), name === 'as it is' ? form : form.slice(3, -4)));
}

test('in every field of every event', () => {
  const error = { kind: 'unknown', message: `no ${SECRET}`, retryable: true } as const;
  const script = new Script({
    kind: 'code',
    title: SECRET,
    instruction: SECRET,
    parts: [{ type: 'text', text: SECRET }],
    source: { uri: `file:///${SECRET}`, name: SECRET },
  })
    .start('fast', `e:${SECRET}`, {
      endpointLabel: SECRET,
      system: SECRET,
      prompt: SECRET,
      sending: {
        parameters: { user: SECRET, deep: { [SECRET]: [SECRET] } },
        adjustments: [{ asked: SECRET, reason: SECRET }],
        pictures: [],
      },
    })
    .lane(1, 'fast', { type: 'served', model: SECRET, responseId: SECRET, serviceTier: SECRET })
    .lane(2, 'fast', { type: 'retry', waitMs: 5, error })
    .lane(3, 'fast', { type: 'notice', text: SECRET })
    .lane(4, 'fast', { type: 'reasoning', text: SECRET })
    .lane(5, 'fast', { type: 'end', reason: 'error', error });
  check(script.events);
});

test('each run is cleaned for itself, and the pieces together are the cleaned text', () => {
  const script = new Script().start('fast', 'e:m').lane(1, 'fast', { type: 'text', text: `a ${SECRET.slice(0, 9)}` });
  script
    .lane(2, 'fast', { type: 'text', text: `${SECRET.slice(9)} b` })
    .end(3, 'fast', 'stop')
    .start('fast', 'e:m');
  script.lane(5, 'fast', { type: 'text', text: 'whole' });
  const { runs, earlier } = fold(cleanLog(script.events, { secrets: [SECRET] }).events);
  assert.equal(earlier[0]?.text, 'a [redacted] b');
  assert.equal(runs.fast?.text, 'whole');
});

test('what looks like a key goes too, known or not', () => {
  const { events, isRedacted } = cleanLog(answering('use sk-proj-Ab12Cd34Ef56Gh78 here', 5), { secrets: [] });
  assert.equal(fold(events).runs.fast?.text, 'use [redacted] here');
  assert.equal(isRedacted, true);
});

test('a place is left with its name alone, and a home is ~', () => {
  const task = { kind: 'code', title: 't', instruction: 'see /srv/ann/notes.md', parts: [] } as const;
  const script = new Script({ ...task, source: { uri: 'file:///srv/ann/src/card.ts', name: 'card.ts' } });
  const { events, isRedacted } = cleanLog(script.events, { secrets: [], home: '/srv/ann' });
  const { source, instruction } = fold(events).task;
  assert.deepEqual([source?.uri, source?.name, instruction, isRedacted], ['card.ts', 'card.ts', 'see ~/notes.md', false]);
});

test('a log without secrets stays as it is', () => {
  for (const [name, scene] of Object.entries(SCENES)) {
    const { events, state } = scene();
    const clean = cleanLog(events, { secrets: [SECRET], home: '/srv/ann' });
    assert.equal(clean.isRedacted, false, name);
    assert.deepEqual(fold(clean.events).runs, state.runs, name);
  }
});

test('of the files it was made of, the names are left', () => {
  const script = new Script({
    kind: 'design',
    title: 'Plans',
    instruction: '',
    parts: [{ type: 'text', text: 'x' }],
    materials: [
      {
        kind: 'figma',
        role: 'design',
        name: `Plans ${SECRET}`,
        uri: `file:///srv/ann/${SECRET}.json`,
        frame: { width: 1440, height: 900 },
        originalBytes: 12,
        leftOut: [`1 ${SECRET}`],
      },
    ],
    target: 'svelte',
  });
  check(script.events);
  const { task } = fold(cleanLog(script.events, { secrets: [SECRET] }).events);
  assert.deepEqual(task.materials, [
    {
      kind: 'figma',
      role: 'design',
      name: 'Plans [redacted]',
      frame: { width: 1440, height: 900 },
      originalBytes: 12,
      leftOut: ['1 [redacted]'],
    },
  ]);
  assert.equal(task.target, 'svelte');
});
