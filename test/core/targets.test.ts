/** What fits a workspace, and what each target asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { proposeTarget, TARGET_RULES, type TargetEvidence } from '../../src/core/targets.ts';
import { TARGETS, type TargetId } from '../../src/shared/design.ts';

const needs = (...names: readonly string[]): string =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])) });

interface Case {
  readonly name: string;
  readonly given: Partial<TargetEvidence>;
  readonly target: TargetId;
  readonly reason: RegExp;
}

const CASES: readonly Case[] = [
  { name: 'nothing', given: {}, target: 'html', reason: /no framework/ },
  { name: 'a broken package.json', given: { packageJson: '{"dependencies":' }, target: 'html', reason: /no framework/ },
  { name: 'a package.json of another shape', given: { packageJson: '[1]' }, target: 'html', reason: /no framework/ },
  {
    name: 'react',
    given: { packageJson: needs('react', 'react-dom') },
    target: 'react-css-modules',
    reason: /depends on react$/,
  },
  {
    name: 'next with tailwind',
    given: { packageJson: needs('next', 'tailwindcss') },
    target: 'react-tailwind',
    reason: /tailwindcss/,
  },
  {
    name: 'development dependencies count',
    given: { packageJson: '{"devDependencies":{"vue":"3"}}' },
    target: 'vue',
    reason: /depends on vue/,
  },
  { name: 'nuxt', given: { packageJson: needs('nuxt') }, target: 'vue', reason: /nuxt/ },
  { name: 'sveltekit', given: { packageJson: needs('@sveltejs/kit', 'svelte') }, target: 'svelte', reason: /svelte/ },
  {
    name: 'tailwind alone',
    given: { packageJson: needs('@tailwindcss/vite') },
    target: 'html-tailwind',
    reason: /@tailwindcss\/vite/,
  },
  {
    name: 'CSS modules beside it win over tailwind',
    given: { packageJson: needs('react', 'tailwindcss'), neighbours: ['Card.module.css', 'Card.tsx'] },
    target: 'react-css-modules',
    reason: /Card\.module\.css/,
  },
  { name: 'neighbours without a package.json', given: { neighbours: ['a.md', 'Card.vue'] }, target: 'vue', reason: /Card\.vue/ },
  { name: 'React neighbours', given: { neighbours: ['Card.tsx'] }, target: 'react-css-modules', reason: /Card\.tsx/ },
  {
    name: 'two frameworks, decided by the neighbours',
    given: { packageJson: needs('react', 'svelte'), neighbours: ['Card.svelte'] },
    target: 'svelte',
    reason: /Card\.svelte/,
  },
  {
    name: 'a Vue component to restyle stays Vue',
    given: { packageJson: needs('react'), source: 'Card.vue' },
    target: 'vue',
    reason: /Card\.vue is a Vue/,
  },
  {
    name: 'a Svelte component stays Svelte',
    given: { packageJson: needs('react'), source: 'Card.svelte' },
    target: 'svelte',
    reason: /Svelte/,
  },
  {
    name: 'a React component with tailwind',
    given: { packageJson: needs('vue', 'tailwindcss'), source: 'Card.jsx' },
    target: 'react-tailwind',
    reason: /Card\.jsx/,
  },
];

for (const { name, given, target, reason } of CASES) {
  test(`proposal: ${name}`, () => {
    const proposal = proposeTarget({ neighbours: [], ...given });
    assert.equal(proposal.target, target);
    assert.match(proposal.reason, reason);
  });
}

test('whatever lies there, there is a proposal with a reason', () =>
  fc.assert(
    fc.property(fc.string(), fc.json(), fc.array(fc.string()), (source, packageJson, neighbours) => {
      const proposal = proposeTarget({ source, packageJson, neighbours });
      assert.ok(TARGETS.includes(proposal.target) && proposal.reason !== '');
    }),
    { seed: 20261122 },
  ));

test('each target names its main file in its rules', () => {
  for (const target of TARGETS) assert.ok(TARGET_RULES[target].prompt.join(' ').includes(TARGET_RULES[target].entry), target);
});
