/** Vue in a preview's frame: without its template compiler, which needs `eval`; templates come compiled. */
import * as Vue from 'vue';
import { componentOf, nothingToShow, preview, reportError } from './components.ts';
import { type Draw, provideStandIns } from './standIns.ts';

preview.modules.vue = Vue;

const draw: Draw = ({ tag, attributes, style, text }) => {
  const standIn: Vue.FunctionalComponent = (_, { attrs, slots }) => {
    const content = Object.values(slots).flatMap((slot) => slot?.({}) ?? []);
    const isAlone = content.length === 0;
    const size = attrs.size === undefined || tag !== 'svg' ? {} : { width: attrs.size, height: attrs.size };
    const given = Vue.mergeProps(attributes, size, attrs, { style: [style, isAlone && text ? BOX : ''] });
    return Vue.h(tag, given, text === undefined ? [] : isAlone ? [text] : content);
  };
  standIn.inheritAttrs = false;
  return standIn;
};
const BOX = 'outline: 1px dashed; padding: 0 4px';

provideStandIns(draw);

preview.mount = (exported, container) => {
  const component = componentOf(exported) as Vue.Component | undefined; // what is no component, Vue says itself
  if (component === undefined) throw nothingToShow();
  // A component whose setup waits for something shows nothing without it.
  const app = Vue.createApp({ render: () => Vue.h(Vue.Suspense, null, { default: () => Vue.h(component) }) });
  app.config.errorHandler = reportError;
  app.mount(container);
  return () => app.unmount();
};
