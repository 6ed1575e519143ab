/**
 * Svelte in a preview's frame, with all that compiled components and answers import. Components of the older syntax are served too. An
 * answer that mounts itself (`mount(App, { target })`) is heard, and shown where the preview wants it.
 */
import 'svelte/internal/flags/legacy';
import * as svelte from 'svelte';
import * as animate from 'svelte/animate';
import * as attachments from 'svelte/attachments';
import * as easing from 'svelte/easing';
import * as events from 'svelte/events';
import * as internal from 'svelte/internal/client';
import * as legacy from 'svelte/legacy';
import * as motion from 'svelte/motion';
import * as reactivity from 'svelte/reactivity';
import * as reactivityWindow from 'svelte/reactivity/window';
import * as store from 'svelte/store';
import * as transition from 'svelte/transition';
import { componentOf, nothingToShow, preview } from './components.ts';

/** What the answer itself asked to be shown last. */
let wanted: { readonly component: svelte.Component; readonly props: Record<string, unknown> } | undefined;

const hear = (component: svelte.Component, options?: { readonly props?: Record<string, unknown> }): object => {
  wanted = { component, props: options?.props ?? {} };
  return {};
};

Object.assign(preview.modules, {
  svelte: { ...svelte, mount: hear, hydrate: hear },
  'svelte/animate': animate,
  'svelte/attachments': attachments,
  'svelte/easing': easing,
  'svelte/events': events,
  'svelte/internal/client': internal,
  'svelte/internal/disclose-version': {},
  'svelte/internal/flags/legacy': {},
  'svelte/legacy': legacy,
  'svelte/motion': motion,
  'svelte/reactivity': reactivity,
  'svelte/reactivity/window': reactivityWindow,
  'svelte/store': store,
  'svelte/transition': transition,
});

preview.mount = (exported, target) => {
  const component = componentOf(exported) as svelte.Component | undefined; // what is no component, Svelte says itself
  const shown = component ? { component, props: {} } : wanted;
  if (!shown) throw nothingToShow();
  const mounted = svelte.mount(shown.component, { target, props: shown.props });
  return () => void svelte.unmount(mounted);
};
