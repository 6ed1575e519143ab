/**
 * React in a preview's frame. An answer that mounts itself (`createRoot(...).render(...)`) is heard, and shown where the preview wants it.
 */
import React from 'react';
import jsxRuntime from 'react/jsx-runtime';
import ReactDom from 'react-dom';
import client from 'react-dom/client';
import { componentOf, nothingToShow, preview, reportError } from './components.ts';

/** What the answer itself asked to be shown last. */
let wanted: unknown;

const heardRoot = {
  render: (element: unknown): void => {
    wanted = element;
  },
  unmount: (): void => undefined,
};

Object.assign(preview.modules, {
  react: React,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': ReactDom,
  'react-dom/client': {
    ...client,
    createRoot: () => heardRoot,
    hydrateRoot: (_: unknown, element: unknown) => {
      wanted = element;
      return heardRoot;
    },
  },
});

preview.mount = (exported, container) => {
  const component = componentOf(exported);
  const element = component === undefined ? wanted : React.createElement(component);
  if (element === undefined) throw nothingToShow();
  const root = client.createRoot(container, { onUncaughtError: reportError, onCaughtError: reportError });
  root.render(element);
  return () => root.unmount();
};
