/**
 * Modules for what an answer imports and a preview does not have. They never pretend: a component shows an error in its place, anything
 * else throws when it is called, and a picture is a grey box.
 */

export type Framework = 'react' | 'vue' | 'svelte';

/** The names that each runtime of `src/runtimes/` can be asked for; a test holds them to it. */
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

/** How each framework shows one line of text as a component. */
const SHOWN: Readonly<Record<Framework, string>> = {
  react: `const { createElement } = require("react");
const shown = (text) => () => createElement("span", { role: "note", style: { outline: "1px dashed", padding: "0 4px" } }, text);`,
  vue: `const { h } = require("vue");
const shown = (text) => ({ render: () => h("span", { role: "note", style: "outline: 1px dashed; padding: 0 4px" }, text) });`,
  svelte: `const shown = (text) => (anchor) => {
  const span = document.createElement("span");
  span.setAttribute("role", "note");
  span.style.cssText = "outline: 1px dashed; padding: 0 4px";
  span.textContent = text;
  anchor.before(span);
};`,
};

/** In place of a package or file. `defaultName`: what the answer calls its default export, which tells a component from a function. */
export function missingModule(framework: Framework, what: string, defaultName: string): string {
  return `"use strict";
${SHOWN[framework]}
const what = ${JSON.stringify(what)};
const made = new Map();
const standIn = (name) =>
  /^[A-Z]/.test(name)
    ? shown(name + " is missing: " + what)
    : () => { throw new Error(name + "() is missing: " + what + " is not there in a preview."); };
module.exports = new Proxy({}, {
  get(_, key) {
    if (key === "__esModule") return true;
    if (typeof key !== "string" || key === "then") return undefined;
    if (!made.has(key)) made.set(key, standIn(key === "default" ? ${JSON.stringify(defaultName)} : key));
    return made.get(key);
  },
});`;
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

export const GREY_BOX = svgAddress(
  '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="150"><rect width="100%" height="100%" fill="#bbb"/></svg>',
);
