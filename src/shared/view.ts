/**
 * How the panel shows the answers: as code, drawn, or one laid over the other; and which tasks have something to draw.
 */
import type { Task } from './task.ts';

export const VIEWS = ['code', 'preview', 'compare'] as const;
export type ViewId = (typeof VIEWS)[number];

export const VIEW_LABEL: Readonly<Record<ViewId, string>> = { code: 'Code', preview: 'Preview', compare: 'Compare' };

/** One of {@link VIEWS}, from something stored or sent; undefined for anything else. */
export const readView = (value: unknown): ViewId | undefined => VIEWS.find((view) => view === value);

const DRAWN_LANGUAGES = new Set(['html', 'vue', 'svelte', 'javascriptreact', 'typescriptreact']);
const DRAWN_NAMES = /\.(?:html?|xhtml|vue|svelte|jsx|tsx)$/i;

/** Why a task's answers cannot be drawn, in one sentence; undefined: they can. Every design can; of code, pages and components. */
export function whyNoPreview({ kind, source }: Task): string | undefined {
  if (kind === 'design' || DRAWN_LANGUAGES.has(source?.languageId ?? '') || DRAWN_NAMES.test(source?.name ?? ''))
    return undefined;
  return 'There is nothing to preview: this task is about code that is neither a page nor a component.';
}
