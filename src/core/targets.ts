/**
 * What an answer is to be made in: what each target asks of the model, what its files are called, and which of them fits a workspace.
 *
 * The rules are those the preview can keep to: it has React, Vue, Svelte and Tailwind CSS and nothing else, and no network. A proposal
 * is made from what the nearest package.json depends on, what lies beside the design, and what the design itself is written in, in that
 * order of strength; it always says why, because a person has to agree with it.
 */
import type { TargetId } from '../shared/design.ts';
import { isObject } from '../shared/isObject.ts';

export interface TargetRules {
  /** Name of the file that shows the whole design. */
  readonly entry: string;
  /** Packages the code may import. */
  readonly imports: readonly string[];
  /** What the prompt says of it, one rule a line. */
  readonly prompt: readonly string[];
}

const TAILWIND =
  'Style with Tailwind CSS utility classes, version 4, written out in the class attribute: no configuration, no @apply, no plugins, no CDN script. Use arbitrary values such as w-[347px] where the scale has no exact one.';

const REACT =
  'Write function components in TypeScript. The main one is App.tsx and exports App as its default; further components may have files of their own, imported by relative path. Import nothing but react.';

export const TARGET_RULES: Readonly<Record<TargetId, TargetRules>> = {
  html: {
    entry: 'index.html',
    imports: [],
    prompt: [
      'Write one self-contained HTML file, index.html: a whole document, its styles in one style element, its scripts, if any are needed, in one script element.',
    ],
  },
  'html-tailwind': {
    entry: 'index.html',
    imports: [],
    prompt: ['Write one HTML file, index.html: a whole document. Tailwind CSS is there already: do not load it.', TAILWIND],
  },
  'react-tailwind': { entry: 'App.tsx', imports: ['react'], prompt: [REACT, `Tailwind CSS is there already. ${TAILWIND}`] },
  'react-css-modules': {
    entry: 'App.tsx',
    imports: ['react'],
    prompt: [
      REACT,
      'Style with CSS modules: each component has one beside it, App.module.css for App.tsx, imported as styles from "./App.module.css". No inline styles but for values that are computed. What is global, such as the font, goes on the outermost element.',
    ],
  },
  vue: {
    entry: 'App.vue',
    imports: ['vue'],
    prompt: [
      'Write Vue 3 single-file components: one script setup block in TypeScript, one template, one scoped style block. The main one is App.vue; further components may have files of their own, imported by relative path. Import nothing but vue.',
    ],
  },
  svelte: {
    entry: 'App.svelte',
    imports: ['svelte'],
    prompt: [
      'Write Svelte 5 components with runes ($state, $derived, $props): one script block in TypeScript, the markup, one style block. No export let, no on:click: use onclick. The main one is App.svelte; further components may have files of their own, imported by relative path. Import nothing but svelte.',
    ],
  },
};

/** What is known of the place a design comes from. */
export interface TargetEvidence {
  /** Text of the package.json nearest to the design; absent: there is none. */
  readonly packageJson?: string;
  /** Names of the files beside the design. */
  readonly neighbours: readonly string[];
  /** Name of the design's own file; absent: it has none. */
  readonly source?: string;
}

export interface TargetProposal {
  readonly target: TargetId;
  /** Why, as half a sentence: `package.json depends on vue`. */
  readonly reason: string;
}

/** What fits best. Never fails: what cannot be read is no evidence, and without any the target is a plain page. */
export function proposeTarget({ packageJson, neighbours, source = '' }: TargetEvidence): TargetProposal {
  const packages = dependenciesOf(packageJson);
  const names = neighbours.map((name) => name.toLowerCase());
  const dependency = (...wanted: readonly string[]): string | undefined => wanted.find((name) => packages.has(name));
  const neighbour = (...ends: readonly string[]): string | undefined => {
    const at = names.findIndex((name) => ends.some((end) => name.endsWith(end)));
    return neighbours[at];
  };
  const tailwind = dependency('tailwindcss', '@tailwindcss/vite', '@tailwindcss/postcss', '@nuxtjs/tailwindcss');
  const react = (reason: string): TargetProposal => {
    const module = neighbour('.module.css');
    if (module) return { target: 'react-css-modules', reason: `${reason}, ${module} lies beside it` };
    if (tailwind) return { target: 'react-tailwind', reason: `${reason}, package.json depends on ${tailwind}` };
    return { target: 'react-css-modules', reason };
  };

  if (/\.vue$/i.test(source)) return { target: 'vue', reason: `${source} is a Vue component` };
  if (/\.svelte$/i.test(source)) return { target: 'svelte', reason: `${source} is a Svelte component` };
  if (/\.[jt]sx$/i.test(source)) return react(`${source} is a React component`);

  const svelte = dependency('svelte', '@sveltejs/kit');
  const vue = dependency('vue', 'nuxt');
  const reactPackage = dependency('react', 'next', 'preact');
  const found = [svelte, vue, reactPackage].filter((name) => name !== undefined);
  // A workspace with several frameworks is decided by what lies beside the design.
  const besideSvelte = neighbour('.svelte');
  const besideVue = neighbour('.vue');
  const besideReact = neighbour('.tsx', '.jsx', '.module.css');
  if (found.length !== 1) {
    if (besideSvelte) return { target: 'svelte', reason: `${besideSvelte} lies beside it` };
    if (besideVue) return { target: 'vue', reason: `${besideVue} lies beside it` };
    if (besideReact) return react(`${besideReact} lies beside it`);
  }
  if (svelte) return { target: 'svelte', reason: `package.json depends on ${svelte}` };
  if (vue) return { target: 'vue', reason: `package.json depends on ${vue}` };
  if (reactPackage) return react(`package.json depends on ${reactPackage}`);
  if (tailwind) return { target: 'html-tailwind', reason: `package.json depends on ${tailwind}` };
  return { target: 'html', reason: 'no framework was found in the workspace' };
}

/** Names of all packages a package.json asks for. */
function dependenciesOf(packageJson: string | undefined): ReadonlySet<string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(packageJson ?? '');
  } catch {
    return new Set();
  }
  if (!isObject(parsed)) return new Set();
  const groups = ['dependencies', 'devDependencies', 'peerDependencies'].map((group) => parsed[group]);
  return new Set(groups.flatMap((group) => (isObject(group) ? Object.keys(group) : [])));
}
