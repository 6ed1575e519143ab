/**
 * Modules for what an answer imports and a preview does not have, and what is said of each. They never pretend: a few packages are
 * imitated, a picture is a grey box, a component is a box around its content, and a function gives nothing. What stands in is made in the
 * frame, by the framework's program in `src/runtimes/`.
 */
import { STAND_IN, standInKind } from '../../shared/previewRuntime.ts';

export type Framework = 'react' | 'vue' | 'svelte';

/** What each program of `src/runtimes/` brings of its framework; a test holds them to it. */
export const PROVIDED: Readonly<Record<Framework, readonly string[]>> = {
  react: ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client'],
  vue: ['vue'],
  svelte: [
    'svelte',
    'svelte/animate',
    'svelte/attachments',
    'svelte/easing',
    'svelte/events',
    'svelte/internal/client',
    'svelte/internal/disclose-version',
    'svelte/internal/flags/legacy',
    'svelte/legacy',
    'svelte/motion',
    'svelte/reactivity',
    'svelte/reactivity/window',
    'svelte/store',
    'svelte/transition',
  ],
};

const CLASS_NAMES: Readonly<Record<string, string>> = {
  clsx: '',
  classnames: '',
  'class-variance-authority': '',
  'tailwind-merge': 'it joins class names and drops none for another',
};

/** Packages that the programs imitate, each with what is to be said of it; empty: it does what the package does. The same test holds. */
export const IMITATED: Readonly<Record<Framework, Readonly<Record<string, string>>>> = {
  react: {
    ...CLASS_NAMES,
    'next/link': '',
    'next/image': '',
    'next/dynamic': '',
    'next/head': 'what it puts into the head is left out',
    'next/font/google': 'its fonts are left out',
    'next/font/local': 'its fonts are left out',
    'next/navigation': 'it stays at "/"',
    'next/router': 'it stays at "/"',
    'react-router-dom': 'it stays at "/"',
    'react-router': 'it stays at "/"',
    'framer-motion': 'nothing moves',
    'motion/react': 'nothing moves',
    'styled-components': '',
    '@emotion/styled': '',
    'prop-types': '',
  },
  vue: CLASS_NAMES,
  svelte: CLASS_NAMES,
};

const ICONS =
  /^(?:lucide-|@lucide\/|react-icons\b|react-feather$|feather-icons|@heroicons\/|@tabler\/icons|@?phosphor-|@radix-ui\/react-icons|@mui\/icons-material|@ant-design\/icons|@fortawesome\/|@iconify\/|~icons\/|@remixicon\/|bootstrap-icons|oh-vue-icons|svelte-(?:hero-?)?icons|@element-plus\/icons)/;

/** Of these an icon is 24 pixels where its size is not said; of the others as large as the letters beside it. */
const LARGE_ICONS = /lucide|feather|tabler|@mui/;

/** In place of a package or file. `defaultName`: what the answer calls its default export, which tells a component from a function. */
export const standInModule = (what: string, defaultName: string): string =>
  `module.exports = require(${JSON.stringify(STAND_IN)})(${[defaultName, ...(ICONS.test(what) ? [LARGE_ICONS.test(what) ? 24 : '1em'] : [])].map((each) => JSON.stringify(each)).join(', ')});`;

/** What stands in for the exports that are taken from `what`, as a clause. */
export function standInClause(what: string, taken: readonly string[]): string {
  if (ICONS.test(what)) return 'an empty square stands in for each of its icons';
  const of = (kind: ReturnType<typeof standInKind>): string[] => taken.filter((name) => standInKind(name) === kind);
  const [boxes, joins, others] = [of('component'), of('classes'), of('nothing')];
  const clauses = [
    ...(boxes.length > 0 ? [`${boxes.length > 1 ? 'boxes stand' : 'a box stands'} in for ${listed(boxes)}`] : []),
    ...(joins.length > 0 ? [`${listed(joins)} only ${joins.length > 1 ? 'join' : 'joins'} class names`] : []),
    ...(others.length > 0 ? [`${listed(others)} ${others.length > 1 ? 'give' : 'gives'} nothing`] : []),
  ];
  return clauses.length > 0 ? clauses.join(', and ') : 'it is left out';
}

const MOST_LISTED = 5;

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  const shown = rest > 1 ? [...names.slice(0, MOST_LISTED), `${rest} others`] : names;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}

/** A module whose default export is text: the address of a picture, or the text of a file. */
export const textModule = (text: string): string =>
  `Object.defineProperty(exports, "__esModule", { value: true });\nexports.default = ${JSON.stringify(text)};`;

/** As bundlers give it to `import`: the default export is the value. */
export const jsonModule = (text: string): string => `module.exports = JSON.parse(${JSON.stringify(text)});`;

/** The default export and each name. Entries of a map, because a local name may be that of a property of every object. */
export const classesModule = (classes: ReadonlyMap<string, string>): string =>
  `const classes = Object.fromEntries(${JSON.stringify([...classes])});
module.exports = { ...classes, default: classes };
Object.defineProperty(module.exports, "__esModule", { value: true });`;

export const svgAddress = (svg: string): string => `data:image/svg+xml,${encodeURIComponent(svg.toWellFormed())}`;

/** As bundlers give a drawing that is imported as a component of React; `./a.svg?react` has it as its default export. */
export const svgComponentModule = (address: string, request: string): string =>
  `const { createElement } = require("react");
const src = ${JSON.stringify(address)};
const Drawing = (props) => createElement("img", { alt: "", ...props, src });
module.exports = { __esModule: true, default: ${request.endsWith('?react') ? 'Drawing' : 'src'}, ReactComponent: Drawing };`;

export const GREY_BOX = svgAddress(
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="150"><rect width="100%" height="100%" fill="#bbb"/></svg>',
);
