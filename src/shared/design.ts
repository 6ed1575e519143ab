/**
 * What a task is made of, and what its answer shall be made in: the vocabulary of design inputs, for the prompt, the task card and the
 * preview.
 */

/** What the code of an answer is written in. */
export const TARGETS = ['html', 'html-tailwind', 'react-tailwind', 'react-css-modules', 'vue', 'svelte'] as const;
export type TargetId = (typeof TARGETS)[number];

export const TARGET_LABEL: Readonly<Record<TargetId, string>> = {
  html: 'HTML and CSS',
  'html-tailwind': 'HTML and Tailwind CSS',
  'react-tailwind': 'React and Tailwind CSS',
  'react-css-modules': 'React and CSS modules',
  vue: 'Vue',
  svelte: 'Svelte',
};

/** What a piece of material is, found from its content and not from its name alone. */
export const MATERIAL_KINDS = ['text', 'picture', 'svg', 'html', 'component', 'tokens', 'figma', 'figma-code', 'code'] as const;
export type MaterialKind = (typeof MATERIAL_KINDS)[number];

/** One piece of what a task sends: it describes the message part of the same index. */
export interface Material {
  readonly kind: MaterialKind;
  /** `design`: what is to be built. `context`: what it is to be built with. `instructions`: the person's standing rules. */
  readonly role: 'design' | 'context' | 'instructions';
  /** Name to show: the file's, the frame's, or `clipboard`. */
  readonly name: string;
  readonly uri?: string;
  /** Info word of its fence in the prompt; absent: none. */
  readonly language?: string;
  /** Its own size in CSS pixels, where it says one: a frame, a picture at scale 1, an SVG's view box. */
  readonly frame?: { readonly width: number; readonly height: number };
  /** Size of what it was made from, in bytes, where something was left out or rewritten. */
  readonly originalBytes?: number;
  /** What was left out or rewritten before sending, one phrase each: `214 hidden nodes`. Empty: it is sent as it is. */
  readonly leftOut: readonly string[];
}

/** Something a person should know of an answer's code before relying on it. */
export interface Finding {
  readonly kind: 'elision' | 'external' | 'cut' | 'loop' | 'other';
  /** One sentence. */
  readonly message: string;
  /** Name of the file it is about, and the line, from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** What a kind of material is called, for people. */
export const MATERIAL_KIND_LABEL: Readonly<Record<MaterialKind, string>> = {
  text: 'text',
  picture: 'picture',
  svg: 'SVG drawing',
  html: 'HTML page',
  component: 'component',
  tokens: 'design tokens',
  figma: 'Figma frame',
  'figma-code': 'Figma code',
  code: 'code',
};

export const MATERIAL_ROLE_LABEL: Readonly<Record<Material['role'], string>> = {
  design: 'design',
  context: 'context',
  instructions: 'your instructions',
};
