/**
 * A Svelte component, or a module with runes, to a script and its styles, with Svelte's own compiler. Loaded at first use, from a bundle of
 * its own.
 */
import { compile, compileModule } from 'svelte/compiler';
import { asPlainCss } from './styles.ts';

/** Both throw Svelte's own errors, which carry `start.line` and begin their message with one sentence. */
export function compileSvelte(name: string, content: string): { readonly code: string; readonly css: string } {
  const { js, css } = compile(withPlainStyles(content), {
    filename: name,
    generate: 'client',
    css: 'external',
    dev: false,
    discloseVersion: false,
  });
  return { code: js.code, css: css?.code ?? '' };
}

/** Styles in another language as plain ones, where they are; else throws, with the line. */
const withPlainStyles = (content: string): string =>
  content.replace(
    /(<style\b[^>]{0,500}?\blang\s*=\s*["']?)(\w{1,20})([^>]{0,500}>)([\s\S]*?)(?=<\/style)/i,
    (_, before: string, language: string, after: string, css: string, at: number) => {
      const plain = asPlainCss(css, language);
      if (plain !== undefined) return `${before}css${after}${plain}`;
      throw Object.assign(new Error(`styles in ${language} cannot be previewed`), {
        line: content.slice(0, at).split('\n').length,
      });
    },
  );

/** A `.svelte.js` file; a `.svelte.ts` file after its types were taken out. */
export function compileSvelteModule(name: string, content: string): string {
  return compileModule(content, { filename: name, generate: 'client', dev: false }).js.code;
}
