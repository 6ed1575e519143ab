/**
 * What stands in for exports of modules that a preview does not have, for all frameworks: nothing of it may break the page around it, and
 * none of it pretends to be the real thing. The preview's findings say what it is.
 */
import { STAND_IN, standInKind } from '../shared/previewRuntime.ts';
import { joinClasses } from './classNames.ts';
import { preview } from './components.ts';

/** An element in place of a component. */
export interface Look {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly style: Readonly<Record<string, string>>;
  /** What it reads where it has no content of its own; undefined: nothing may be in it. */
  readonly text: string | undefined;
}

/** A component of the framework that draws it around its content, with the attributes and handlers that it is given. */
export type Draw = (look: Look) => object;

/** Serves {@link STAND_IN}. */
export function provideStandIns(draw: Draw): void {
  preview.modules[STAND_IN] = (defaultName: string, iconSize?: string | number): object => {
    const made = new Map<string, unknown>();
    const standIn = (name: string): unknown => {
      const kind = standInKind(name);
      if (kind === 'classes') return joinClasses;
      return kind === 'component' ? withParts(draw(lookOf(name, iconSize)), standIn) : nothing(standIn);
    };
    return new Proxy(
      {},
      {
        get(_, key) {
          if (key === '__esModule') return true;
          if (typeof key !== 'string' || key === 'then') return undefined;
          if (!made.has(key)) made.set(key, standIn(key === 'default' ? defaultName : key));
          return made.get(key);
        },
      },
    );
  };
}

/** `Dialog.Title` of a component that is not there. */
const withParts = (component: object, partOf: (name: string) => unknown): object =>
  new Proxy(component, {
    get: (target, key) =>
      typeof key === 'string' && /^[A-Z]/.test(key) && !(key in target) ? partOf(key) : Reflect.get(target, key),
  });

function lookOf(name: string, iconSize: string | number | undefined): Look {
  if (iconSize !== undefined || /Icon$/.test(name)) {
    const size = iconSize ?? '1em';
    return {
      tag: 'svg',
      attributes: { width: size, height: size, viewBox: '0 0 24 24', role: 'img', 'aria-label': name },
      style: { outline: '1px dashed', 'outline-offset': '-1px' },
      text: undefined,
    };
  }
  const tag = TAGS.find(([ending]) => ending.test(name))?.[1] ?? 'div';
  return { tag, attributes: {}, style: {}, text: tag === 'input' || tag === 'textarea' ? undefined : name };
}

const TAGS: readonly (readonly [RegExp, string])[] = [
  [/Button$/, 'button'],
  [/Link$/, 'a'],
  [/Label$/, 'label'],
  [/Input$/, 'input'],
  [/Text[aA]rea$/, 'textarea'],
];

/** Can be called, and made new. */
function target(): undefined {
  return undefined;
}

/** A value that may be called, read, iterated and shown, and comes to nothing each time. What asks yes or no is answered no. */
function nothing(partOf: (name: string) => unknown): unknown {
  /** As a store is: it says what it holds at once. */
  const subscribe = (run: unknown): (() => void) => {
    if (typeof run === 'function') run(self);
    return () => undefined;
  };
  const self: unknown = new Proxy(target, {
    apply: () => self,
    construct: () => self as object, // it is a function
    set: () => true,
    get(_, key) {
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'number' ? 0 : '');
      if (key === Symbol.iterator) return () => [].values();
      if (key === 'toString') return () => '';
      if (key === 'length' || key === 'size') return 0;
      if (key === 'subscribe') return subscribe;
      if (typeof key === 'symbol' || /^(?:then|[_$].*|(?:is|has|should|can)[A-Z].*|loading|pending|error)$/.test(key))
        return undefined;
      return standInKind(key) === 'component' ? partOf(key) : self;
    },
  });
  return self;
}
