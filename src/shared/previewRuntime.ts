/**
 * What meets inside a preview's frame: the boot script of the page, the runtimes of the frameworks (`dist/runtime-*.js`), and the compiled
 * modules of an answer. All are classic scripts that share one global, in this order: boot, runtimes, {@link componentScripts}. Nothing in
 * them needs `eval`, so each can carry a nonce.
 *
 * Style sheets of a preview with the `tailwind` runtime belong into a `<style type="text/tailwindcss">`; without that runtime, into a plain
 * one.
 */
import type { PreviewModule } from './preview.ts';

/** Its name on `globalThis`. The boot script makes it: `{ modules: Object.create(null), report }`. */
export const PREVIEW_GLOBAL = '__preview';

/** The module that makes stand-ins: `(name of the default export, size of its icons where it holds icons) => exports`. */
export const STAND_IN = 'preview:stand-in';

/** What stands in for an export of that name, where its module is not there: a box, what joins class names, or what gives nothing. */
export function standInKind(name: string): 'component' | 'classes' | 'nothing' {
  if (/^(?:cn|cx|clsx|classnames|classNames|twMerge|twJoin)$/.test(name)) return 'classes';
  return /^[A-Z]/.test(name) && !/^[A-Z\d]+_[A-Z\d_]+$/.test(name) ? 'component' : 'nothing';
}

/** `Root` is an element; this file knows no DOM. */
export interface PreviewGlobal<Root = unknown> {
  /** What compiled code may `require` beside the answer's own modules, by exact name: `react`, `react/jsx-runtime`... Filled by runtimes. */
  readonly modules: Record<string, unknown>;
  /**
   * Set by a framework's runtime. Shows the default export, else the first component exported, else (React) what the module itself has
   * asked to be shown with `createRoot(...).render(...)`, in `root`. Returns what takes it off again. Throws when there is nothing to
   * show; what fails later goes to `report`.
   */
  mount?: (exported: unknown, root: Root) => () => void;
  /** One sentence about what failed. */
  readonly report: (message: string) => void;
  /** Set by {@link componentScripts}: takes in one module. */
  define?: (name: string, body: ModuleBody) => void;
  /** Set by {@link componentScripts}: runs the entry and shows it; reports instead of throwing. Call it once, when `root` is there. */
  start?: (root: Root) => () => void;
}

type ModuleBody = (require: (name: string) => unknown, module: { exports: unknown }, exports: unknown) => void;

/**
 * The scripts that load a component, in order. One for each module, so that one the browser cannot parse is an error of its own and not
 * the end of all. Each may stand as it is inside a `<script>` element of a document.
 */
export function componentScripts(entry: string, modules: readonly PreviewModule[]): readonly string[] {
  const names = modules.map(({ name }) => name);
  return [
    `(${link.toString()})(${PREVIEW_GLOBAL}, ${asLiteral(entry)}, ${asLiteral(names)});`,
    ...modules.map(
      ({ name, code }) =>
        `${PREVIEW_GLOBAL}.define(${asLiteral(name)}, function (require, module, exports) {${insideScript(code)}\n});`,
    ),
  ];
}

/** Runs in the frame, from its text: it may use nothing outside itself. */
function link(preview: PreviewGlobal, entry: string, names: readonly string[]): void {
  const bodies = new Map<string, ModuleBody>();
  const loaded = new Map<string, { exports: unknown }>();
  const failed = new Map<string, unknown>();
  const load = (name: string): unknown => {
    const known = loaded.get(name);
    if (known) {
      if (failed.has(name)) throw failed.get(name);
      return known.exports;
    }
    const body = bodies.get(name);
    if (!body) {
      if (names.includes(name)) throw new Error(`${name} could not be read by the browser.`);
      if (Object.hasOwn(preview.modules, name)) return preview.modules[name];
      throw new Error(`${String(name)} is not there in a preview.`);
    }
    const module: { exports: unknown } = { exports: {} };
    loaded.set(name, module);
    try {
      body(load, module, module.exports);
    } catch (error) {
      failed.set(name, error);
      throw error;
    }
    return module.exports;
  };
  preview.define = (name, body) => {
    bodies.set(name, body);
  };
  preview.start = (root) => {
    try {
      const exported = load(entry);
      if (!preview.mount) throw new Error('The program that shows this component is not there.');
      return preview.mount(exported, root);
    } catch (error) {
      preview.report(error instanceof Error ? error.message : String(error));
      return () => undefined;
    }
  };
}

/** A value as it may be written in a script inside a document. */
export const asLiteral = (value: unknown): string => insideScript(JSON.stringify(value));

/** The same program, without what ends a script, or begins its comment, for a parser of HTML. Both stand only in strings of a program. */
export const insideScript = (code: string): string => code.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3c`);

/** True for a style sheet that only Tailwind can read: it belongs into a `<style type="text/tailwindcss">`. */
export const usesTailwindCss = (css: string): boolean =>
  /@import\s+(?:url\(\s*)?["']tailwindcss|@tailwind\s+(?:base|components|utilities|preflight)|@apply\s|@theme\b[^;{]{0,100}\{|@utility\s|@custom-variant\s/.test(
    css,
  );
