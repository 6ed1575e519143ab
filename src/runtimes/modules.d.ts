/** The little of React that its runtime touches; React brings no types of its own, and Svelte none for what compiled code calls. */
declare module 'react' {
  interface Context<Value> {
    readonly Provider: unknown;
    readonly value?: Value;
  }
  const React: {
    readonly createElement: (type: unknown, props?: unknown) => unknown;
    readonly createContext: <Value>(value: Value) => Context<Value>;
    readonly useContext: <Value>(context: Context<Value>) => Value;
    readonly useRef: (value: unknown) => unknown;
    readonly forwardRef: (render: (props: Readonly<Record<string, unknown>>, ref: unknown) => unknown) => object;
    readonly lazy: (load: () => Promise<unknown>) => unknown;
    readonly Suspense: unknown;
  };
  export default React;
}
declare module 'react/jsx-runtime' {
  const runtime: unknown;
  export default runtime;
}
declare module 'react-dom' {
  const ReactDom: object;
  export default ReactDom;
}
declare module 'react-dom/client' {
  interface Root {
    render(element: unknown): void;
    unmount(): void;
  }
  const client: {
    readonly createRoot: (container: Element, options?: Record<string, (error: unknown) => void>) => Root;
    readonly hydrateRoot: (container: Element, element: unknown) => Root;
  };
  export default client;
}
declare module 'svelte/internal/client' {
  /** Runs now, and again whenever something that it read has changed. */
  export function template_effect(run: () => void): void;
}
declare module 'svelte/internal/flags/legacy' {}
declare module '@tailwindcss/browser' {}
