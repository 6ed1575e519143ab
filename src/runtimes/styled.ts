/**
 * `styled-components` and `@emotion/styled` with the browser's own nesting of styles: each text of a styled component becomes one class in
 * a style element.
 */
import React from 'react';
import { preview } from './components.ts';

type Props = Readonly<Record<string, unknown>>;
type Parts = readonly unknown[];
/** What stands between the texts of a template, and the texts. */
type Template = readonly [texts: TemplateStringsArray | object | ((props: Props) => unknown), ...values: Parts];

const { createElement, createContext, forwardRef, useContext } = React;
const Theme = createContext<unknown>({});

/** Mark of what {@link css} and {@link keyframes} give: styles still to be filled in, and a name. */
const STYLES = Symbol('styles');

const written = new Map<string, string>();

/** The name under which these styles are in the page: the same for the same text. */
function nameOf(text: string, wrap: (name: string) => string): string {
  const known = written.get(text);
  if (known) return known;
  const name = `sc-${written.size.toString(36)}`;
  written.set(text, name);
  const style = document.createElement('style');
  style.textContent = wrap(name);
  document.head.append(style);
  return name;
}

/** Styles as text, for these props. */
function textOf(part: unknown, props: Props): string {
  if (part === undefined || part === null || typeof part === 'boolean') return '';
  if (Array.isArray(part)) return part.map((each) => textOf(each, props)).join('');
  if (typeof part === 'object' && STYLES in part) return textOf(part[STYLES], props);
  if (typeof part === 'object' && 'styledName' in part) return `.${String(part.styledName)}`;
  if (typeof part === 'function') return textOf(part(props), props);
  if (typeof part === 'object') return objectText(part, props);
  return String(part);
}

/** Styles written as an object: `{ fontSize: 12, '&:hover': { ... } }`. */
const objectText = (styles: object, props: Props): string =>
  Object.entries(styles)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? `${name} {${objectText(value, props)}}`
        : `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${textOf(value, props)}${typeof value === 'number' && value !== 0 && !UNITLESS.test(name) ? 'px' : ''};`,
    )
    .join('\n');

const UNITLESS = /^(?:opacity|zIndex|fontWeight|lineHeight|flex(?:Grow|Shrink)?|order|zoom|scale|gridRow|gridColumn|--.*)$/;

const partsOf = ([texts, ...values]: Template): Parts =>
  Array.isArray(texts) ? texts.flatMap((text, index) => [text, values[index]]) : [texts, ...values];

const css = (...template: Template) => ({ [STYLES]: partsOf(template) });

const keyframes = (...template: Template): string => {
  const text = textOf(partsOf(template), {});
  return nameOf(`@keyframes${text}`, (name) => `@keyframes ${name} {${text}}`);
};

const createGlobalStyle =
  (...template: Template) =>
  (props: Props): null => {
    const text = textOf(partsOf(template), { ...props, theme: useContext(Theme) });
    nameOf(`global${text}`, () => text);
    return null;
  };

/** What `attrs` takes. */
type Given = Props | ((props: Props) => Props);

let made = 0;

function styledOf(tag: unknown, given: readonly Given[] = []): object {
  const make = (...template: Template): object => {
    const parts = partsOf(template);
    const styledName = `sc-of-${(made++).toString(36)}`;
    const component = forwardRef((asked: Props, ref: unknown) => {
      const theme = asked.theme ?? useContext(Theme);
      let props = asked;
      for (const each of given) props = { ...props, ...(typeof each === 'function' ? each({ ...props, theme }) : each) };
      const text = textOf(parts, { ...props, theme });
      const name = nameOf(text, (own) => `.${own} {${text}}`);
      const { as = tag, className, theme: _, ...rest } = props;
      const passed = typeof as === 'string' ? Object.entries(rest).filter(([key]) => !key.startsWith('$')) : Object.entries(rest);
      const classes = [className, styledName, name].filter(Boolean).join(' ');
      return createElement(as, { ...Object.fromEntries(passed), className: classes, ref });
    });
    return Object.assign(component, { styledName, toString: () => `.${styledName}` });
  };
  return Object.assign(make, {
    attrs: (attributes: Given) => styledOf(tag, [...given, attributes]),
    withConfig: () => styledOf(tag, given),
  });
}

const styled = new Proxy(styledOf, {
  get: (target, tag) => (typeof tag === 'string' && !(tag in target) ? styledOf(tag) : Reflect.get(target, tag)),
});

const exported = {
  __esModule: true,
  default: styled,
  styled,
  css,
  keyframes,
  createGlobalStyle,
  ThemeProvider: ({ theme, children }: Props): unknown =>
    createElement(Theme.Provider, {
      value: typeof theme === 'function' ? theme(useContext(Theme)) : theme,
      children,
    }),
  ThemeContext: Theme,
  useTheme: () => useContext(Theme),
};

Object.assign(preview.modules, { 'styled-components': exported, '@emotion/styled': exported });
