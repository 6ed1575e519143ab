/**
 * Design tokens as one short list, `colour.brand: #3b82f6 (color)`: what a model needs of them. Three spellings are read.
 *
 * - The Design Tokens Community Group's format, 2025.10: `$value` and `$type` (which groups hand down), aliases as `{group.token}` or
 *   `{"$ref": "#/group/token"}`, `$root` and `$extends`.
 * - Style Dictionary: `value`, `type`.
 * - Tokens Studio: sets at the top, `$themes`, `$metadata.tokenSetOrder`; aliases do not name the set.
 */
import { isObject } from '../../shared/isObject.ts';
import { leftOutPhrases, MAX_TEXT_BYTES, type Piece, textPiece } from './piece.ts';
import { TaskProblem } from './problem.ts';

type Table = Readonly<Record<string, unknown>>;

interface Token {
  /** Without its set. */
  readonly name: string;
  readonly set: string;
  readonly value: unknown;
  readonly type?: string;
  readonly description?: string;
}

/** Groups whose tokens need not say their type, by what people call them. */
const TOKEN_GROUP =
  /colou?r|size|sizing|spac|font|text|typo|radi|shadow|border|token|opacity|break|line|letter|elevation|z-?index|motion|duration|theme|brand/i;
const MAX_TOKENS = 20_000;

/** True for JSON in one of the three spellings. */
export function isTokens(json: unknown): boolean {
  const top = tableOf(json);
  if (!top) return false;
  if (Array.isArray(top.$themes) || Array.isArray(tableOf(top.$metadata)?.tokenSetOrder)) return true;
  let [modern, legacy, typed, others] = [0, 0, 0, 0];
  const open: unknown[] = [top];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const table = tableOf(value);
    if (!table) continue;
    if ('$value' in table) modern++;
    else if (isLegacyToken(table)) {
      legacy++;
      if (typeof table.type === 'string') typed++;
    } else {
      for (const [key, child] of Object.entries(table)) {
        if (tableOf(child)) open.push(child);
        else if (!isAboutGroup(key)) others++;
      }
    }
  }
  if (modern > 0) return modern > others;
  return legacy > 0 && others === 0 && (typed * 2 >= legacy || Object.keys(top).some((key) => TOKEN_GROUP.test(key)));
}

/** The tokens of {@link isTokens} JSON; `originalBytes` is the file's size. Throws {@link TaskProblem}. */
export function readTokens(name: string, json: unknown, originalBytes: number): Piece {
  const top = tableOf(json) ?? {};
  const book = new TokenBook(top);
  if (book.tokens.length === 0) throw new TaskProblem(`${name} holds no design tokens. Export them again.`);
  if (book.tokens.length > MAX_TOKENS) {
    throw new TaskProblem(
      `${name} holds ${book.tokens.length.toLocaleString('en-US')} design tokens; up to ${MAX_TOKENS.toLocaleString('en-US')} can be read. Export the sets that matter.`,
    );
  }
  const lines: string[] = [...themeLines(top)];
  let [set, length] = ['', 0];
  for (const token of book.tokens) {
    if (token.set !== set) {
      set = token.set;
      lines.push(...(lines.length > 0 ? [''] : []), `[${oneLine(set)}]`);
    }
    const type = token.type === undefined ? '' : ` (${oneLine(token.type)})`;
    const about = token.description === undefined ? '' : ` // ${oneLine(token.description)}`;
    const line = `${oneLine(token.name)}: ${oneLine(book.valueOf(token))}${type}${about}`;
    lines.push(line);
    length += line.length;
    if (length > MAX_TEXT_BYTES) break; // refused below, with its size
  }
  const text = `${lines.join('\n')}\n`;
  const { circular, dangling, themed, resolved } = book.aliases;
  const aliasPhrases = [
    ...(resolved > 0 ? [`${plural(resolved, 'alias', 'aliases')} resolved`] : []),
    ...(circular > 0 ? [`${plural(circular, 'alias', 'aliases')} in a circle or without end, left as written`] : []),
    ...(dangling > 0 ? [`${plural(dangling, 'alias', 'aliases')} to nothing, left as written`] : []),
    ...(themed > 0 ? [`${plural(themed, 'alias', 'aliases')} that the theme decides, left as written`] : []),
  ];
  return textPiece(text, {
    kind: 'tokens',
    name,
    originalBytes,
    leftOut: ['JSON rewritten as a list', ...aliasPhrases, ...leftOutPhrases({ 'field of tools': book.toolFields }, FIELDS)],
  });
}

const FIELDS = { 'field of tools': 'fields of tools' };
const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** All tokens of a file in order, and what their aliases mean. */
class TokenBook {
  readonly tokens: Token[] = [];
  readonly aliases = { resolved: 0, circular: 0, dangling: 0, themed: 0 };
  /** `$extensions` and the like: what only the tool reads that wrote them. */
  toolFields = 0;
  readonly #byName = new Map<string, Token[]>();
  /** What targets of aliases come to, and which come to nothing because they lead in a circle: each is found out once. */
  readonly #written = new Map<Token, string>();
  readonly #endless = new Set<Token>();
  /** What the value that is being written may still take: aliases of aliases can double with every step. */
  #left = { aliases: 0, characters: 0 };

  constructor(top: Table) {
    const order = setsOf(top);
    if (order) for (const set of order) this.#collect(top[set], [], { set });
    else this.#collect(top, [], { set: '' });
    for (const token of this.tokens) {
      const same = this.#byName.get(token.name);
      if (same) same.push(token);
      else this.#byName.set(token.name, [token]);
    }
  }

  /** The value in one line, with its aliases resolved where they have one meaning. */
  valueOf(token: Token): string {
    this.#left = { aliases: MAX_ALIASES, characters: MAX_VALUE };
    return this.#write(token.value, token, [token]);
  }

  #collect(value: unknown, path: readonly string[], given: { readonly set: string; readonly type?: string }): void {
    const group = tableOf(value);
    if (!group) return;
    const isModern = '$value' in group;
    const ownType = [group.$type, isModern || isLegacyToken(group) ? group.type : undefined].find(
      (type) => typeof type === 'string',
    );
    const type = typeof ownType === 'string' ? ownType : given.type;
    if (isModern || isLegacyToken(group)) {
      const description = [group.$description, group.description, group.comment].find((text) => typeof text === 'string');
      const known = new Set(['$value', 'value', '$type', 'type', '$description', 'description', 'comment']);
      this.toolFields += Object.keys(group).filter((key) => !known.has(key)).length;
      this.tokens.push({
        name: path.join('.'),
        set: given.set,
        value: isModern ? group.$value : group.value,
        ...(type === undefined ? {} : { type }),
        ...(typeof description === 'string' && description.trim() !== '' ? { description } : {}),
      });
      return;
    }
    for (const [key, child] of Object.entries(group)) {
      if (key === '$root') this.#collect(child, path, { ...given, ...(type === undefined ? {} : { type }) });
      else if (key === '$extensions') this.toolFields++;
      else if (key === '$extends') this.tokens.push({ name: [...path, '(all others)'].join('.'), set: given.set, value: child });
      else if (!key.startsWith('$')) this.#collect(child, [...path, key], { ...given, ...(type === undefined ? {} : { type }) });
    }
  }

  #write(value: unknown, from: Token, trail: readonly Token[]): string {
    if (typeof value === 'string') {
      return value.replace(/\{([^{}]+)\}/g, (written, name: string) => this.#resolve(name.trim(), written, from, trail));
    }
    if (Array.isArray(value)) return value.map((each) => this.#write(each, from, trail)).join(', ');
    const table = tableOf(value);
    if (!table) return String(value);
    if (typeof table.$ref === 'string') {
      const name = nameOfPointer(table.$ref);
      return this.#resolve(name, `{${name}}`, from, trail);
    }
    const colour = colourOf(table);
    if (colour !== undefined) return colour;
    const { value: amount, unit } = table;
    if (typeof amount === 'number' && typeof unit === 'string') return `${amount}${unit}`;
    return Object.entries(table)
      .map(([key, each]) => `${key} ${this.#write(each, from, trail)}`)
      .join('; ');
  }

  /** What an alias comes to; as it was written where it has no value, or a different one in each theme. */
  #resolve(name: string, written: string, from: Token, trail: readonly Token[]): string {
    const all = this.#byName.get(name) ?? this.#byName.get(name.replace(/\.\$?value$/, '')) ?? [];
    const own = all.filter((token) => token.set === from.set);
    const found = own.length > 0 ? own : all;
    const [target] = found;
    const isOutermost = trail.length === 1;
    if (target === undefined || found.length > 1) {
      if (isOutermost) this.aliases[target === undefined ? 'dangling' : 'themed']++;
      return written;
    }
    if (
      this.#endless.has(target) ||
      trail.includes(target) ||
      trail.length > MAX_CHAIN ||
      this.#left.aliases-- <= 0 ||
      this.#left.characters <= 0
    ) {
      this.aliases.circular++;
      return written;
    }
    const before = { ...this.aliases };
    const known = this.#written.get(target);
    const result = known ?? this.#write(target.value, target, [...trail, target]);
    if (before.circular !== this.aliases.circular) this.#endless.add(target);
    else if (known === undefined) this.#written.set(target, result);
    this.#left.characters -= result.length;
    if (!isOutermost) return result;
    const isWhole = before.circular === this.aliases.circular && !/\{[^{}]+\}/.test(result);
    if (isWhole) this.aliases.resolved++;
    else if (before.circular === this.aliases.circular) this.aliases.dangling++;
    return isWhole ? result : written;
  }
}

/** Of aliases that lead to aliases, one after the other; of all in one value; and what they may come to, in characters. */
const MAX_CHAIN = 50;
const MAX_ALIASES = 1000;
const MAX_VALUE = 100_000;

/** Tokens Studio's sets in their order; undefined for a file without sets. */
function setsOf(top: Table): readonly string[] | undefined {
  const order = tableOf(top.$metadata)?.tokenSetOrder;
  if (!Array.isArray(order) && !Array.isArray(top.$themes)) return undefined;
  const there = Object.keys(top).filter((key) => !key.startsWith('$'));
  const ordered = Array.isArray(order)
    ? order.filter((set): set is string => typeof set === 'string' && there.includes(set))
    : [];
  return [...new Set([...ordered, ...there])];
}

/** `theme Dark: core, dark`: which sets each theme is made of. */
function themeLines(top: Table): readonly string[] {
  if (!Array.isArray(top.$themes)) return [];
  return top.$themes.flatMap((value) => {
    const theme = tableOf(value);
    const sets = Object.entries(tableOf(theme?.selectedTokenSets) ?? {}).filter(([, state]) => state !== 'disabled');
    if (typeof theme?.name !== 'string' || sets.length === 0) return [];
    return [`theme ${oneLine(theme.name)}: ${sets.map(([set]) => oneLine(set)).join(', ')}`];
  });
}

/** A colour as CSS writes it: 2025.10 gives a space, components and, mostly, the hexadecimal form. */
function colourOf({ colorSpace, components, alpha, hex }: Table): string | undefined {
  if (typeof colorSpace !== 'string' || !Array.isArray(components)) return undefined;
  const opacity = typeof alpha === 'number' && alpha < 1 ? alpha : undefined;
  const channels = components.filter((each) => typeof each === 'number');
  if (opacity === undefined && typeof hex === 'string') return hex;
  if (opacity === undefined && colorSpace === 'srgb' && channels.length === 3) {
    const two = (channel: number): string =>
      Math.round(Math.min(1, Math.max(0, channel)) * 255)
        .toString(16)
        .padStart(2, '0');
    return `#${channels.map(two).join('')}`;
  }
  return `color(${colorSpace} ${components.map(String).join(' ')}${opacity === undefined ? '' : ` / ${opacity}`})`;
}

/** `#/color/brand/$value` is `color.brand`. */
const nameOfPointer = (pointer: string): string =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .filter((step) => step !== '$value' && step !== '$root')
    .join('.');

/** `{"value": ...}`, and nothing below it that is a token itself. */
function isLegacyToken(table: Table): boolean {
  if (!Object.hasOwn(table, 'value')) return false;
  const inner = tableOf(table.value);
  return (
    inner === undefined || (typeof table.type === 'string' && !Object.hasOwn(inner, 'value')) || typeof inner.unit === 'string'
  );
}

const isAboutGroup = (key: string): boolean =>
  key.startsWith('$') || ['comment', 'description', 'type', 'themeable'].includes(key);

const tableOf = (value: unknown): Table | undefined => (isObject(value) ? value : undefined);

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
