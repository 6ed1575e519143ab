/**
 * Style sheets of an answer: what they import taken out or named, CSS modules with names of their own, and the rule by which Tailwind is
 * there. The scanner knows strings, comments and braces and nothing else of CSS: it never fails, and takes time in proportion to the text.
 */
import type { TargetId } from '../../shared/design.ts';
import { usesTailwindCss } from '../../shared/previewRuntime.ts';
import type { PreviewFile } from './files.ts';

/**
 * Tailwind is there when the answer was asked for in it, or, whatever was asked for, when the code plainly counts on it: it, or what was
 * sent with it, loads Tailwind's script or style sheet, uses its directives or configures it; or it has no styles of its own at all and
 * most of at least ten class names are Tailwind's.
 */
export function usesTailwind(
  files: readonly PreviewFile[],
  target: TargetId | undefined,
  sent: readonly PreviewFile[] = [],
): boolean {
  if (target === 'html-tailwind' || target === 'react-tailwind') return true;
  if ([...files, ...sent].some(isForTailwind)) return true;
  if (files.some(({ name, content }) => isSheet(name) || /<style[\s>]|\bstyle\s*=\s*["'{]|styled\.|\bcss`/i.test(content)))
    return false;
  const classes = files
    .flatMap(({ content }) => [...content.matchAll(/\bclass(?:Name)?\s*=\s*\{?\s*["'`]([^"'`]{1,1000})["'`]/g)])
    .slice(0, 500)
    .flatMap(([, names = '']) => names.split(/\s+/))
    .filter((name) => name !== '');
  return classes.length >= 10 && classes.filter((name) => UTILITY.test(name)).length * 2 > classes.length;
}

const isSheet = (name: string): boolean => /\.(?:css|scss|sass|less|styl)$/i.test(name);

/** Loads, uses or configures it. */
const isForTailwind = ({ name, content }: PreviewFile): boolean =>
  /(?:^|\/)tailwind\.config\.\w+$/.test(name) ||
  ((isSheet(name) || /<style[\s>]/i.test(content)) && usesTailwindCss(content)) ||
  /<script\b[^<>]{0,500}\bsrc=["']?[^"'<>\s]{0,300}tailwindcss/i.test(content);

const UTILITY =
  /^(?:[a-z0-9-]+:)*-?(?:flex|grid|block|inline|hidden|relative|absolute|fixed|sticky|container|truncate|underline|italic|uppercase|antialiased|border|rounded|shadow|(?:p|m)[xytrbl]?-|(?:w|h|size|min-w|max-w|min-h|max-h|gap|space-[xy]|inset|top|left|right|bottom|z|text|font|leading|tracking|bg|from|to|via|border|rounded|shadow|ring|divide|opacity|items|justify|self|grid|col|row|flex|grow|shrink|order|overflow|object|aspect|transition|duration|ease|cursor|scale|rotate|translate)-)/;

/**
 * A style sheet in another language as the browser reads it; undefined where it cannot. What is only nested, a browser knows as it is.
 */
export function asPlainCss(css: string, language: string): string | undefined {
  if (['css', 'postcss', 'pcss'].includes(language)) return css;
  return language === 'scss' && !SASS.test(css) ? css.replaceAll(/(^|[\s;{}])\/\/[^\n]*/g, '$1') : undefined;
}

/** What only Sass knows: variables, its rules, names put together, and functions that look like those of CSS. */
const SASS =
  /\$[\w-]|@(?:use|forward|include|mixin|extend|function|if|else|each|for|while|return|debug|warn|error|at-root)\b|#\{|&[\w-]|%[a-z][\w-]*\s*\{|\b(?:lighten|darken|mix|map-get|percentage|math\.\w+)\(/;

/**
 * A style sheet without its imports: those of the answer are there anyway, those of Tailwind are its runtime's business, and others are
 * named in `problems`. `isThere` says whether the answer has a file that is imported.
 */
export function withoutImports(css: string, name: string, isThere: (request: string) => boolean, problems: Set<string>): string {
  return css
    .replace(IMPORT, (statement: string, double?: string, single?: string, bare?: string) => {
      const request = double ?? single ?? bare ?? '';
      if (request.startsWith('tailwindcss')) return '';
      if (/^(?:https?:)?\/\//i.test(request)) problems.add(`${name} imports ${shorten(request)}: a preview has no network.`);
      else if (!isThere(request)) problems.add(`${name} imports ${shorten(request)}, which the answer does not have.`);
      return statement.replaceAll(/[^\n]/g, '');
    })
    .replaceAll(/@tailwind\s+[\w-]{1,40}\s*;/g, '')
    .replaceAll(/@(?:plugin|config|source)\s+["'][^"'\n]{0,300}["'][^;{}]{0,200};/g, (statement: string) => {
      problems.add(`${name}: ${shorten(statement)} is left out, because a preview has no packages beside its framework.`);
      return '';
    });
}

const IMPORT =
  /@import\s{1,20}(?:url\(\s{0,20})?(?:"([^"\n]{0,2000})"|'([^'\n]{0,2000})'|([^\s"'();]{1,2000}))\s{0,20}\)?[^;{}"']{0,300};/gi;

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

export interface ScopedSheet {
  readonly css: string;
  /** What a component gets for each local name: the names in the sheet, separated by spaces. */
  readonly classes: ReadonlyMap<string, string>;
}

/**
 * A CSS module: each class and id in a selector becomes `name_suffix`, except in `:global(...)`; `composes` adds names. `other` gives the
 * names of a module that is composed from.
 */
export function scopeSheet(
  css: string,
  suffix: string,
  other: (request: string) => ReadonlyMap<string, string> | undefined,
): ScopedSheet {
  const classes = new Map<string, string>();
  const local = (name: string): string => {
    if (!classes.has(name)) classes.set(name, `${name}_${suffix}`);
    return `${name}_${suffix}`;
  };
  const composed: { readonly names: readonly string[]; readonly list: string; readonly from?: string }[] = [];
  const out: string[] = [];
  /** Local names of the rules that are open, innermost last; of an at-rule, those around it. */
  const open: (readonly string[])[] = [];
  for (const piece of pieces(css)) {
    const text = css.slice(piece.start, piece.end);
    if (piece.kind === 'prelude' && !text.trimStart().startsWith('@')) {
      const names: string[] = [];
      out.push(
        scopeSelector(text, (name) => {
          names.push(name);
          return local(name);
        }),
      );
      open.push(names);
    } else if (piece.kind === 'prelude') {
      out.push(text);
      open.push(open.at(-1) ?? []);
    } else if (piece.kind === 'statement') {
      const match = /^\s*composes\s*:\s*([^;]{1,500}?)(?:\s+from\s+(global|["'][^"']{1,300}["']))?\s*;?$/.exec(text);
      if (match?.[1]) composed.push({ names: open.at(-1) ?? [], list: match[1], ...(match[2] ? { from: match[2] } : {}) });
      else out.push(text);
    } else {
      if (piece.kind === 'close') open.pop();
      out.push(text);
    }
  }
  for (const { names, list, from } of composed) {
    const source = from === undefined ? classes : from === 'global' ? undefined : other(from.slice(1, -1));
    const added = list.split(/[\s,]+/).map((name) => (from === 'global' ? name : (source?.get(name) ?? '')));
    for (const name of names) classes.set(name, [classes.get(name) ?? '', ...added].filter(Boolean).join(' '));
  }
  return { css: out.join(''), classes };
}

/** Classes and ids, outside strings, attribute tests and `:global(...)`. */
function scopeSelector(selector: string, local: (name: string) => string): string {
  return selector.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\*[\s\S]*?\*\/|\[[^\]]*\]|:(?:global|local)\(([^()]*)\)|([.#])(-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)/g,
    (whole: string, inner: string | undefined, mark: string | undefined, name: string | undefined) => {
      if (whole.startsWith(':global')) return inner ?? '';
      if (whole.startsWith(':local')) return scopeSelector(inner ?? '', local);
      return mark && name ? mark + local(name) : whole;
    },
  );
}

interface Piece {
  /** `prelude` ends before its `{`; `statement` with its `;`; `gap` is a `{` or what separates nothing. */
  readonly kind: 'prelude' | 'statement' | 'close' | 'gap';
  readonly start: number;
  readonly end: number;
}

function* pieces(css: string): Generator<Piece> {
  let start = 0;
  const marks = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?(?:\*\/|$)|\burl\([^)"']*\)?|[{};]/g;
  for (let match = marks.exec(css); match; match = marks.exec(css)) {
    const at = match.index;
    switch (match[0]) {
      case '{':
        yield { kind: 'prelude', start, end: at };
        yield { kind: 'gap', start: at, end: at + 1 };
        break;
      case ';':
        yield { kind: 'statement', start, end: at + 1 };
        break;
      case '}':
        yield { kind: 'statement', start, end: at };
        yield { kind: 'close', start: at, end: at + 1 };
        break;
      default:
        continue;
    }
    start = at + 1;
  }
  yield { kind: 'gap', start, end: css.length };
}
