/**
 * A Svelte component, or a module with runes, to a script and its styles, with Svelte's own compiler. Loaded at first use, from a bundle of
 * its own.
 */
import { compile, compileModule } from 'svelte/compiler';

/** Both throw Svelte's own errors, which carry `start.line` and begin their message with one sentence. */
export function compileSvelte(name: string, content: string): { readonly code: string; readonly css: string } {
  const { js, css } = compile(content, {
    filename: name,
    generate: 'client',
    css: 'external',
    dev: false,
    discloseVersion: false,
  });
  return { code: js.code, css: css?.code ?? '' };
}

/** A `.svelte.js` file; a `.svelte.ts` file after its types were taken out. */
export function compileSvelteModule(name: string, content: string): string {
  return compileModule(content, { filename: name, generate: 'client', dev: false }).js.code;
}
