/**
 * What the host sends to the page to be drawn as a preview, and what the page sees in it. The host compiles; the page cleans, frames and
 * shows. All of it comes from a model and is never trusted.
 */

/** Programs of ours that a preview may need, each sent to the page once, as the text of a classic script. */
export const RUNTIMES = ['tailwind', 'react', 'vue', 'svelte'] as const;
export type RuntimeId = (typeof RUNTIMES)[number];

/** A module of an answer, compiled to CommonJS: `code` is the body of `function (require, module, exports)`. */
export interface PreviewModule {
  /** Path in the answer, with `/`; `require` of another module of the answer resolves to this. */
  readonly name: string;
  readonly code: string;
}

export type Preview =
  /** A page as it came. `linked`: the other files of the answer, which its links mean. `runtimes`: `tailwind` or nothing. */
  | {
      readonly kind: 'html';
      readonly html: string;
      readonly linked: readonly { readonly name: string; readonly content: string }[];
      readonly runtimes: readonly RuntimeId[];
      /** False while its code is still being written. */
      readonly complete: boolean;
      readonly problems: readonly string[];
    }
  /** A component: it needs scripts to show anything. The runtime of its framework mounts the entry's default export. */
  | {
      readonly kind: 'component';
      readonly framework: 'react' | 'vue' | 'svelte';
      readonly runtimes: readonly RuntimeId[];
      readonly entry: string;
      readonly modules: readonly PreviewModule[];
      readonly css: string;
      readonly complete: boolean;
      readonly problems: readonly string[];
    }
  /** The design itself, when it is a picture. An SVG is drawn as a picture: it then runs no script and loads nothing. */
  | {
      readonly kind: 'picture';
      readonly mediaType: string;
      readonly base64: string;
      readonly size?: { readonly width: number; readonly height: number };
    }
  /** Nothing can be shown: why, in one sentence; each failed compile in `problems`. */
  | { readonly kind: 'none'; readonly reason: string; readonly problems: readonly string[] };

/** Whose preview: a lane's answer, the design it is compared with, or the result that is put together from both answers. */
export type PreviewSide = 'fast' | 'reasoning' | 'design' | 'result';
