/** Style sheets: names of CSS modules, imports that are taken out, and when Tailwind is there. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asPlainCss, scopeSheet, usesTailwind, withoutImports } from '../../../src/core/preview/styles.ts';
import type { TargetId } from '../../../src/shared/design.ts';

describe('a CSS module', () => {
  const cases: Readonly<Record<string, readonly [css: string, scoped: string, classes?: Readonly<Record<string, string>>]>> = {
    'classes and ids': ['.a, #b > p.c:hover { x: y }', '.a_1, #b_1 > p.c_1:hover { x: y }', { a: 'a_1', b: 'b_1', c: 'c_1' }],
    'numbers and colours stay': [
      '.a { margin: .5em; color: #fff; background: url(a.b.png) }',
      '.a_1 { margin: .5em; color: #fff; background: url(a.b.png) }',
    ],
    'strings and comments stay': [
      '/* .x { */ .a::before { content: "} .y {" }',
      '/* .x { */ .a_1::before { content: "} .y {" }',
      { a: 'a_1' },
    ],
    'inside at-rules': ['@media (width > 1px) { .a { x: y } }', '@media (width > 1px) { .a_1 { x: y } }'],
    'key frames stay': ['@keyframes f { from { x: y } 50.5% { x: z } }', '@keyframes f { from { x: y } 50.5% { x: z } }', {}],
    'nested rules': ['.a { x: y; &:hover .b { x: z } }', '.a_1 { x: y; &:hover .b_1 { x: z } }'],
    'global names stay': [':global(.g) .a { x: y }', '.g .a_1 { x: y }', { a: 'a_1' }],
    'attribute tests stay': ['.a[href=".b"] { x: y }', '.a_1[href=".b"] { x: y }', { a: 'a_1' }],
    'composed names': ['.a { x: y } .b { composes: a; z: y }', '.a_1 { x: y } .b_1 { z: y }', { a: 'a_1', b: 'b_1 a_1' }],
    'composed from another file': ['.b { composes: far from "./o.css"; }', '.b_1 { }', { b: 'b_1 far_2' }],
    'composed from the page': ['.b { composes: card from global; }', '.b_1 { }', { b: 'b_1 card' }],
    'names of every object': ['.constructor { x: y } .__proto__ { x: y }', '.constructor_1 { x: y } .__proto___1 { x: y }'],
    'an end that never comes': ['.a { x: y', '.a_1 { x: y'],
    'too many ends': ['} } .a { x: y }', '} } .a_1 { x: y }'],
  };
  for (const [name, [css, scoped, classes]] of Object.entries(cases)) {
    test(name, () => {
      const made = scopeSheet(css, '1', () => new Map([['far', 'far_2']]));
      assert.equal(made.css, scoped);
      if (classes) assert.deepEqual(Object.fromEntries(made.classes), classes);
    });
  }
});

describe('styles in another language', () => {
  const cases: Readonly<Record<string, readonly [css: string, language: string, plain: string | undefined]>> = {
    'plain ones': ['a { b: $c }', 'css', 'a { b: $c }'],
    'nested rules and comments': ['// one\na { b { c: url(https://d) } } // two\n', 'scss', '\na { b { c: url(https://d) } } \n'],
    variables: ['$a: 1px; b { c: $a }', 'scss', undefined],
    'names put together': ['.a { &__b { c: d } }', 'scss', undefined],
    'its own rules': ['.a { @include b; }', 'scss', undefined],
    'an interpolated name': ['.a-#{1} { b: c }', 'scss', undefined],
    'its own functions': ['a { b: darken(red, 5%) }', 'scss', undefined],
    'nested Less': ['a { b { c: d } }', 'less', undefined],
  };
  for (const [name, [css, language, plain]] of Object.entries(cases)) {
    test(name, () => assert.equal(asPlainCss(css, language), plain));
  }
});

describe('imports', () => {
  const cases: Readonly<Record<string, readonly [css: string, rest: string, problems: readonly string[]]>> = {
    'of Tailwind': ['@import "tailwindcss"; @tailwind base; a{}', '  a{}', []],
    'of the answer': ['@import "./there.css"; a{}', ' a{}', []],
    'of a file that is not there': [
      "@import './gone.css'; a{}",
      ' a{}',
      ['s.css imports ./gone.css, which the answer does not have.'],
    ],
    'from the network, with semicolons in the address': [
      "@import url('https://fonts.example/css2?family=A:wght@400;700'); a{}",
      ' a{}',
      ['s.css imports https://fonts.example/css2?family=A:wght@400;700: a preview has no network.'],
    ],
    'of a plugin': [
      '@plugin "daisyui"; a{}',
      ' a{}',
      ['s.css: @plugin "daisyui"; is left out, because a preview has no packages beside its framework.'],
    ],
    'that is no statement': ['a::before{content:"@import"}', 'a::before{content:"@import"}', []],
  };
  for (const [name, [css, rest, expected]] of Object.entries(cases)) {
    test(name, () => {
      const problems = new Set<string>();
      assert.equal(
        withoutImports(css, 's.css', (request) => request === './there.css', problems),
        rest,
      );
      assert.deepEqual([...problems], expected);
    });
  }
});

describe('Tailwind is there', () => {
  const utilities =
    '<div class="flex items-center p-4"><p class="text-lg font-bold md:w-1/2">a</p><i class="mt-2 rounded-lg bg-white shadow hidden"></i></div>';
  const cases: Readonly<
    Record<string, { readonly files: Readonly<Record<string, string>>; readonly target?: TargetId; readonly there: boolean }>
  > = {
    'when it was asked for': { files: { 'a.html': '<p>' }, target: 'html-tailwind', there: true },
    'with its script': {
      files: { 'a.html': '<script src="https://cdn.tailwindcss.com"></script>' },
      target: 'html',
      there: true,
    },
    'with the script of version 4': {
      files: { 'a.html': '<script src="https://cdn.jsdelivr.net/npm/@tailwindcss/browser@4"></script>' },
      there: true,
    },
    'with its style sheet': { files: { 'a.css': '@import "tailwindcss";' }, there: true },
    'with its directives': { files: { 'a.html': '<style>.a { @apply p-4; }</style>' }, there: true },
    'when it is configured': { files: { 'tailwind.config.js': 'export default {}' }, there: true },
    'by its names, when there are no other styles': { files: { 'a.html': utilities }, there: true },
    'not by its names, when there are': { files: { 'a.html': `<style>.flex{}</style>${utilities}` }, there: false },
    'not by a few names': { files: { 'a.html': '<p class="flex">' }, there: false },
    'not by names of others': {
      files: { 'a.html': `<p class="${Array.from({ length: 20 }, (_, i) => `card__part${i}`).join(' ')}">` },
      there: false,
    },
  };
  for (const [name, { files, target, there }] of Object.entries(cases)) {
    test(name, () => {
      const list = Object.entries(files).map(([file, content]) => ({ name: file, content }));
      assert.equal(usesTailwind(list, target), there);
    });
  }
});
