/** One seeded schedule of a person's work, answers applied and taken back, faults and deaths; and what the auditor says of it. */

import { alone, UNDER_WAY } from '../../../src/core/apply/alone.ts';
import { applyPlan } from '../../../src/core/apply/apply.ts';
import { planApply } from '../../../src/core/apply/plan.ts';
import { undoApply } from '../../../src/core/apply/undo.ts';
import type { ApplyDependencies } from '../../../src/core/apply/workspace.ts';
import type { ComparisonState } from '../../../src/shared/comparison.ts';
import { randomOf } from '../../soak/random.ts';
import { Auditor } from './auditor.ts';
import { answerOf, codeAnswer, comparison, sha256 } from './kit.ts';
import { World } from './world.ts';

const CODE = 'a {}\nb {}\nc {}\nd {}\ne {}\nf {}\ng {}\nh {}\n';

/** `races`: two windows may be at the same comparison at once. */
export async function runSchedule(seed: number, races = true): Promise<Auditor> {
  const world = new World(randomOf(seed));
  const { random } = world;
  const otherWindow = randomOf(seed + 1);
  world.disk.set('/ws/a.css', CODE);
  world.disk.set('/ws/b.html', `old page ${world.token()}\n`);
  world.disk.set('/ws/sub/c.css', `old style ${world.token()}\n`);
  world.disk.set('/ws/card.md', '# Card\n');
  world.disk.set('/out/sub/c.css', random.chance(0.5) ? `theirs ${world.token()}\n` : (world.disk.get('/ws/sub/c.css') ?? ''));
  for (let count = random.int(0, 3); count > 0; count -= 1) world.act();

  const code = world.textOf('/ws/a.css') ?? CODE;
  const source = { uri: '/ws/a.css', name: 'a.css', languageId: 'css', baseHash: sha256(code) };
  const parts = [{ type: 'text' as const, text: code }];
  const states: readonly [ComparisonState, ComparisonState] = [
    comparison(
      'code',
      { kind: 'code', title: 'a.css', parts, source },
      {
        fast: codeAnswer(code.replace('b {}', 'B {}')),
        reasoning: `${codeAnswer(code.replace('g {}', 'G {}'))}\n${answerOf({ 'new.html': 'from reasoning\n' })}`,
      },
    ),
    comparison(
      'design',
      { source: { uri: 'file:/ws/card.md', name: 'card.md' } },
      {
        fast: answerOf({ 'b.html': 'fast page\n', 'sub/c.css': 'fast style\n', 'sub/deep/n.html': 'fast\n' }),
        reasoning: answerOf({ 'new.html': 'page\n', 'b.html': 'reasoning page\n' }),
      },
    ),
  ];
  const auditor = new Auditor(world, [code]);
  /** How often somebody was told that another window is at it. */
  let kept = 0;
  world.witness = auditor;
  const dependencies: ApplyDependencies = {
    workspace: world.workspace,
    undo: world.store,
    log: () => undefined,
    dialogs: {
      confirm: async (question) => {
        const yes = random.chance(0.85);
        if (yes) auditor.agreed(question);
        return yes;
      },
      tell: async (message) => {
        if (message === UNDER_WAY) kept += 1;
        return undefined;
      },
      pickFolder: async () => '/ws',
    },
  };

  let begun = 0;
  const apply = async (state: ComparisonState): Promise<void> => {
    begun += 1;
    auditor.begin([]);
    const planned = await planApply(state, random.pick(['fast', 'reasoning']), dependencies);
    if (!planned.ok) return auditor.end(planned.message, [], 'apply');
    for (let count = random.int(0, 2); count > 0; count -= 1) if (random.chance(world.busy)) world.act();
    for (const question of planned.plan.questions) if (!(await dependencies.dialogs.confirm(question))) return;
    auditor.begin(planned.plan.files);
    const forged = random.chance(0.03);
    const plan = forged
      ? { ...planned.plan, files: planned.plan.files.map((file) => ({ ...file, after: `${file.after}x` })) }
      : planned.plan;
    const { message, applied } = await applyPlan(plan, dependencies);
    auditor.end(message, applied, 'apply');
  };
  const undo = async (state: ComparisonState): Promise<void> => {
    begun += 1;
    auditor.begin(undefined);
    const { message, undone } = await undoApply(state.id, dependencies);
    auditor.end(message, undone, 'undo');
  };

  const calm = random.chance(0.3);
  world.busy = calm ? 0 : 0.15;
  world.faults = random.chance(0.5) ? 0 : 0.02;
  for (let steps = random.int(4, 9); steps > 0; steps -= 1) {
    const state = random.pick(states);
    if (random.chance(0.35)) world.act();
    const one = (): Promise<void> => alone(state.id, dependencies, () => (random.chance(0.6) ? apply(state) : undo(state)));
    const isRace = races && otherWindow.chance(0.25);
    const [ranBefore, keptBefore] = [begun, kept];
    const end = await world.run<unknown>(() => (isRace ? Promise.all([one(), one()]) : one()));
    if (end === 'died') auditor.around('death', () => undefined);
    else if (isRace) auditor.raced(begun - ranBefore, kept - keptBefore);
  }
  return auditor;
}
