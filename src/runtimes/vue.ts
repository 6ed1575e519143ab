/** Vue in a preview's frame: without its template compiler, which needs `eval`; templates come compiled. */
import * as Vue from 'vue';
import { componentOf, nothingToShow, preview, reportError } from './components.ts';

preview.modules.vue = Vue;

preview.mount = (exported, container) => {
  const component = componentOf(exported) as Vue.Component | undefined; // what is no component, Vue says itself
  if (component === undefined) throw nothingToShow();
  const app = Vue.createApp(component);
  app.config.errorHandler = reportError;
  app.mount(container);
  return () => app.unmount();
};
