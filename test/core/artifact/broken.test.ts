/**
 * The corpus of broken answers: how many of each shape are missed, and how many sound ones raise an alarm. Rates are printed and must
 * stay below what is stated here. Of the first corpus a third was never looked at while the rules were made; what was missed of the others
 * at first sight stands in `second.ts`, `third.ts` and `fourth.ts`.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../../scripts/install.mjs';
import { extractFiles, languageIdOf } from '../../../src/core/artifact/artifact.ts';
import { findingsOf } from '../../../src/core/artifact/findings.ts';
import type { Finding } from '../../../src/shared/design.ts';
import { type BrokenCase, isHeldOut, type Shape } from './broken/cases.ts';
import { CHATTY } from './broken/chatty.ts';
import { ELIDED } from './broken/elided.ts';
import { FOURTH } from './broken/fourth.ts';
import { LOOPED } from './broken/looped.ts';
import { SECOND } from './broken/second.ts';
import { SOUND } from './broken/sound.ts';
import { THIRD } from './broken/third.ts';
import { TRUNCATED } from './broken/truncated.ts';

/** The share of cases that may be judged wrongly, and how many cases there must be. */
const LIMITS: Readonly<Record<Shape, { readonly share: number; readonly least: number }>> = {
  elided: { share: 0.05, least: 40 },
  truncated: { share: 0.05, least: 40 },
  looped: { share: 0.03, least: 30 },
  chatty: { share: 0.03, least: 40 },
  sound: { share: 0.02, least: 110 },
};

const FENCE = '```';

const CASES: readonly BrokenCase[] = [...ELIDED, ...TRUNCATED, ...LOOPED, ...CHATTY, ...SOUND];

function judge({ text, kind = 'design', finish = 'stop', design = '', sourceName, sourceText }: BrokenCase) {
  const artifact = extractFiles(text, {
    kind,
    finished: finish === 'stop',
    ...(sourceName ? { sourceName } : {}),
    ...(sourceText ? { sourceText } : {}),
  });
  return { artifact, findings: findingsOf(artifact, { text, finish, design }) };
}

/** What is wrong in the judgement of a case; undefined when it is right. */
function fault(broken: BrokenCase): string | undefined {
  const { artifact, findings } = judge(broken);
  const has = (kind: Finding['kind']): boolean => findings.some((finding) => finding.kind === kind);
  const shown = findings.map(({ kind, message }) => `${kind}: ${message}`).join(' ');
  switch (broken.shape) {
    case 'elided':
      return has('elision') ? undefined : `missed. ${shown}`;
    case 'truncated':
      return has('cut') ? undefined : `missed. ${shown}`;
    case 'looped':
      return has('loop') ? undefined : `missed. ${shown}`;
    case 'chatty': {
      const files = Object.fromEntries(artifact.files.map(({ name, content }) => [name, content]));
      const expected = Object.entries(broken.files ?? {});
      const isRight = expected.length === artifact.files.length && expected.every(([name, content]) => files[name] === content);
      if (isRight && broken.talks && !has('other')) return 'its talk is not said';
      return isRight ? undefined : `files are ${Object.keys(files).join(', ') || 'none'}`;
    }
    case 'sound':
      return findings.every(({ kind }) => broken.loads && (kind === 'external' || kind === 'other')) ? undefined : shown;
  }
}

for (const [shape, { share, least }] of Object.entries(LIMITS)) {
  test(`broken answers: ${shape}`, (context) => {
    const cases = CASES.filter((broken) => broken.shape === shape);
    assert.ok(cases.length >= least, `${cases.length} cases of ${shape}`);
    assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length, 'two cases of one name');
    const wrong = cases.flatMap((broken) => {
      const what = fault(broken);
      return what === undefined ? [] : [{ id: broken.id, what }];
    });
    const heldOut = cases.filter(({ id }) => isHeldOut(id));
    const wrongHeldOut = wrong.filter(({ id }) => isHeldOut(id));
    const percent = (part: number, whole: number): string => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
    context.diagnostic(
      `${shape}: wrong ${percent(wrong.length, cases.length)}; held out ${percent(wrongHeldOut.length, heldOut.length)}`,
    );
    const list = wrong.map(({ id, what }) => (isHeldOut(id) ? `${id}: held out` : `${id}: ${what}`)).join('\n');
    if (list !== '') context.diagnostic(list);
    assert.ok(wrong.length <= share * cases.length, list);
  });
}

const LATER = Object.entries({ second: SECOND, third: THIRD, fourth: FOURTH }).flatMap(([corpus, cases]) =>
  Object.entries(LIMITS)
    .filter(([shape]) => cases !== FOURTH || shape === 'elided' || shape === 'sound')
    .map(([shape, { share }]) => ({
      corpus,
      shape,
      share,
      cases: cases.filter((own) => own.shape === shape),
    })),
);
for (const { corpus, shape, share, cases } of LATER) {
  test(`broken answers, ${corpus} corpus: ${shape}`, (context) => {
    assert.ok(cases.length >= 25, `${cases.length} cases of ${shape}`);
    assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length, 'two cases of one name');
    const wrong = cases.flatMap((broken) => {
      const what = fault(broken);
      return what === undefined ? [] : [`${broken.id}: ${what}`];
    });
    context.diagnostic(`${shape}: wrong ${wrong.length} of ${cases.length}`);
    // One in twenty-five is 4 %: a share below that allows one.
    assert.ok(wrong.length <= Math.max(1, share * cases.length), wrong.join('\n'));
  });
}

const ORACLE = join(ROOT, '..', 'shared', 'oracle');

test('real answers of the reference material', { skip: existsSync(ORACLE) ? false : `${ORACLE} is not there` }, (context) => {
  const pairs = JSON.parse(readFileSync(join(ORACLE, 'manifest.json'), 'utf8')) as readonly {
    method: string;
    page: string;
    pred: string;
  }[];
  const scores = JSON.parse(readFileSync(join(ORACLE, 'reference_scores.json'), 'utf8')) as {
    readonly pairs: readonly { method: string; page: string; repetitive?: boolean }[];
  };
  const key = ({ method, page }: { method: string; page: string }): string => `${method} ${page}`;
  const repetitive = new Set(scores.pairs.filter((pair) => pair.repetitive).map(key));
  const found = { loop: 0, cut: 0, elision: 0 };
  for (const pair of pairs) {
    const text = readFileSync(join(ORACLE, pair.pred), 'utf8');
    const { findings } = judge({ id: key(pair), shape: 'sound', text });
    const has = (kind: Finding['kind']): boolean => findings.some((finding) => finding.kind === kind);
    assert.equal(has('loop'), repetitive.has(key(pair)), `${key(pair)}: loop`);
    assert.equal(has('cut'), !/<\/html>\s*$/.test(text), `${key(pair)}: end`);
    for (const kind of ['loop', 'cut', 'elision'] as const) found[kind] += Number(has(kind));
  }
  context.diagnostic(`${pairs.length} real answers: ${found.elision} elided, ${found.cut} cut, ${found.loop} looped`);
});

test('hostile megabytes are judged to the end', () => {
  // Not timed: a rule that looks back over the text would not end within the test runner's patience.
  const units = [
    '<',
    '<!--',
    '{',
    '{#',
    '{{--',
    '<a ',
    '</a>',
    '<a>',
    '`',
    "'",
    '"',
    '/',
    '/*',
    '//a\n',
    '[/',
    '${',
    '\n',
    ' ',
    'x',
    '(',
    '<a href="',
    'url(',
    'src="https://a.b/',
    '... ',
    'rest of the ',
    '<script>',
    '<style>',
    'a1\n',
    '<b></a>',
    'import "',
    '{/*}',
    '<script>/*</script>',
    '<<a\n',
  ];
  for (const unit of units) {
    const content = unit.repeat(Math.ceil(60_000 / unit.length));
    for (const name of ['a.html', 'a.svelte', 'a.tsx', 'a.css', 'a.sh']) {
      const text = `### ${name}\n\n${FENCE}\n${content}\n${FENCE}\n`;
      const file = { name, named: true, languageId: languageIdOf(name, ''), content, complete: true, replaces: false };
      assert.ok(findingsOf({ files: [file], prose: '', problems: [] }, { text, finish: 'stop', design: '' }).length <= 60);
    }
  }
});
