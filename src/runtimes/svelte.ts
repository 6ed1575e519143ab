/** Svelte in a preview's frame, with all that compiled components and answers import. Components of the older syntax are served too. */
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

Object.assign(preview.modules, {
  svelte,
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
  if (!component) throw nothingToShow();
  const mounted = svelte.mount(component, { target });
  return () => void svelte.unmount(mounted);
};
