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
import { type Draw, provideStandIns } from './standIns.ts';

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

/** Given by compiled code: values behind getters, content as functions that draw before an anchor, and which of them are content. */
type Given = Readonly<Record<string, unknown>> & { readonly $$slots?: Readonly<Record<string, unknown>> };

const draw: Draw =
  ({ tag, attributes, style, text }) =>
  (anchor: ChildNode, given: Given) => {
    const element = tag === 'svg' ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
    const slots = Object.keys(given.$$slots ?? {});
    const isAlone = slots.length === 0 && given.children === undefined;
    const base = Object.entries({ ...style, ...(isAlone && text ? BOX : {}) }).map(([name, value]) => `${name}: ${value};`);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    internal.template_effect(() => {
      for (const [name, value] of Object.entries(given)) {
        if (name.startsWith('on') && typeof value === 'function') Reflect.set(element, name.toLowerCase(), value);
        else if (['string', 'number', 'boolean'].includes(typeof value)) setOn(element, name, value);
      }
      element.setAttribute('style', `${base.join('')}${typeof given.style === 'string' ? given.style : ''}`);
    });
    anchor.before(element);
    if (text === undefined) return;
    if (isAlone) element.append(text);
    for (const name of slots.length > 0 ? slots : ['children']) {
      const content = given[name === 'default' ? 'children' : name] ?? given.$$slots?.[name];
      if (typeof content === 'function') content(element.appendChild(document.createComment('')), () => ({}));
    }
  };
const BOX = { outline: '1px dashed', padding: '0 4px' };

function setOn(element: Element, name: string, value: unknown): void {
  if (name === 'size' && element.localName === 'svg') {
    for (const side of ['width', 'height']) element.setAttribute(side, String(value));
  } else if (value === false) element.removeAttribute(name);
  else if (name !== 'style') element.setAttribute(name, value === true ? '' : String(value));
}

provideStandIns(draw);

preview.mount = (exported, target) => {
  const component = componentOf(exported) as svelte.Component | undefined; // what is no component, Svelte says itself
  if (!component) throw nothingToShow();
  const mounted = svelte.mount(component, { target });
  return () => void svelte.unmount(mounted);
};
