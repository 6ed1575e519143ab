/**
 * React in a preview's frame. An answer that mounts itself (`createRoot(...).render(...)`) is heard, and shown where the preview wants it.
 */
import React from 'react';
import jsxRuntime from 'react/jsx-runtime';
import ReactDom from 'react-dom';
import client from 'react-dom/client';
import './reactPackages.ts';
import './styled.ts';
import { componentOf, nothingToShow, preview, reportError } from './components.ts';
import { type Draw, provideStandIns } from './standIns.ts';

const draw: Draw =
  ({ tag, attributes, style, text }) =>
  ({ children, style: own, asChild, ...rest }: Readonly<Record<string, unknown>>) => {
    const isAlone = children === undefined || children === null || typeof children === 'function';
    return React.createElement(tag, {
      ...attributes,
      ...(rest.size === undefined || tag !== 'svg' ? {} : { width: rest.size, height: rest.size }),
      ...rest,
      style: { ...style, ...(isAlone && text ? BOX : {}), ...(typeof own === 'object' ? own : {}) },
      ...(text === undefined ? {} : { children: isAlone ? text : children }),
    });
  };
const BOX = { outline: '1px dashed', padding: '0 4px' };

provideStandIns(draw);

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
  // As it was called before React 18.
  'react-dom': { ...ReactDom, render: heardRoot.render },
  'react-dom/client': {
    ...client,
    createRoot: () => heardRoot,
    hydrateRoot: (_: unknown, element: unknown) => {
      wanted = element;
      return heardRoot;
    },
  },
});

/** A component of the server, once what it waits for is there: React in a page draws none that is an async function. */
function awaited(component: unknown): unknown {
  if (typeof component !== 'function' || component.constructor.name !== 'AsyncFunction') return component;
  const Late = React.lazy(async () => {
    const drawn: unknown = await component({});
    return { default: () => drawn };
  });
  return () => React.createElement(React.Suspense, { children: React.createElement(Late) });
}

preview.mount = (exported, container) => {
  const component = componentOf(exported);
  const element = component === undefined ? wanted : React.createElement(awaited(component));
  if (element === undefined) throw nothingToShow();
  const root = client.createRoot(container, { onUncaughtError: reportError, onCaughtError: reportError });
  root.render(element);
  return () => root.unmount();
};
