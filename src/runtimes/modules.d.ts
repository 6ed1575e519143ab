/** The little of React that its runtime touches; React brings no types of its own, and Svelte none for what compiled code calls. */
declare module 'react' {
  const React: { readonly createElement: (type: unknown, props?: unknown) => unknown };
  export default React;
}
declare module 'react/jsx-runtime' {
  const runtime: unknown;
  export default runtime;
}
declare module 'react-dom' {
  const ReactDom: unknown;
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
declare module 'svelte/internal/client' {}
declare module 'svelte/internal/flags/legacy' {}
declare module '@tailwindcss/browser' {}
