/**
 * Vue in a preview's frame: without its template compiler, which needs `eval`; templates come compiled. An answer that mounts itself
 * (`createApp(App).mount('#app')`) is heard, and shown where the preview wants it.
 */
import * as Vue from 'vue';
import { componentOf, nothingToShow, preview, reportError } from './components.ts';

/** What the answer itself asked to be shown last, and how to do so. */
let wanted: { readonly app: Vue.App<Element>; readonly mount: Vue.App<Element>['mount'] } | undefined;

const createApp: typeof Vue.createApp = (...given) => {
  const app = Vue.createApp(...given);
  const { mount } = app;
  app.mount = () => {
    wanted = { app, mount };
    return {} as Vue.ComponentPublicInstance; // mounted later: an answer has no use for it
  };
  return app;
};

preview.modules.vue = { ...Vue, createApp };

preview.mount = (exported, container) => {
  const component = componentOf(exported);
  const own = component === undefined ? undefined : Vue.createApp(component as Vue.Component); // what is no component, Vue says itself
  const shown = own ? { app: own, mount: own.mount } : wanted;
  if (!shown) throw nothingToShow();
  shown.app.config.errorHandler = reportError;
  shown.mount(container);
  return () => shown.app.unmount();
};
