/** What the runtimes of all frameworks need: the frame's global, and which export of a module is meant to be seen. */
import type { PreviewGlobal } from '../shared/previewRuntime.ts';
import './page.ts';

declare const __preview: PreviewGlobal<Element>;

/** The boot script made it before any runtime. */
export const preview = __preview;

/** The default export, else the first export with the name of a component. */
export function componentOf(exported: unknown): unknown {
  if (typeof exported === 'function') return exported;
  if (typeof exported !== 'object' || exported === null) return undefined;
  const { default: main, ...others } = exported as Record<string, unknown>; // an object, so it has properties
  if (isComponent(main)) return main;
  return Object.entries(others).find(([name, value]) => /^[A-Z]/.test(name) && isPlainlyComponent(value))?.[1];
}

export const reportError = (error: unknown): void => preview.report(error instanceof Error ? error.message : String(error));

export const nothingToShow = (): Error => new Error('This code exports no component, so there is nothing to show.');

const isComponent = (value: unknown): boolean => typeof value === 'function' || (typeof value === 'object' && value !== null);

/** True for a component, and not for data or a context beside it: only one that is meant to be shown may be any object. */
const isPlainlyComponent = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return typeof value === 'function';
  if ('$$typeof' in value) return /memo|forward_ref|lazy/.test(String(value.$$typeof));
  return 'render' in value || 'setup' in value;
};
