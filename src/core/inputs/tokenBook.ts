/**
 * All tokens of a file in order, and what their values come to: types that groups hand down, groups that extend others, values of other
 * modes, and aliases, each followed once however often it is used.
 */
import { isObject } from '../../shared/isObject.ts';

export type Table = Readonly<Record<string, unknown>>;

export interface Token {
  /** Without its set. */
  readonly name: string;
  readonly set: string;
  readonly value: unknown;
  readonly type?: string;
  readonly description?: string;
}

/** What a group hands down to all that is in it. */
interface Given {
  readonly set: string;
  readonly type?: string;
  /** What it and the groups around it extend. */
  readonly bases?: readonly Table[];
}

export class TokenBook {
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

  readonly #top: Table;
  readonly #most: number;
  #groups = 0;

  /** Stops where {@link isTooLarge}. */
  constructor(top: Table, most: number) {
    this.#top = top;
    this.#most = most;
    const order = setsOf(top);
    if (order) for (const set of order) this.#collect(top[set], [], { set });
    else this.#collect(top, [], { set: '' });
    for (const token of this.tokens) {
      const same = this.#byName.get(token.name);
      if (same) same.push(token);
      else this.#byName.set(token.name, [token]);
    }
  }

  /** More than `most` tokens, or than ten times as many groups: groups that extend groups can double at every step. */
  get isTooLarge(): boolean {
    return this.tokens.length > this.#most || this.#groups > 10 * this.#most;
  }

  /** The value in one line, with its aliases resolved where they have one meaning. */
  valueOf(token: Token): string {
    this.#left = { aliases: MAX_ALIASES, characters: MAX_VALUE };
    return this.#write(token.value, token, [token]);
  }

  #collect(value: unknown, path: readonly string[], given: Given): void {
    const own = tableOf(value);
    if (!own || this.isTooLarge) return;
    const isModern = '$value' in own;
    if (isModern || isLegacyToken(own)) {
      this.#add(own, isModern, path, given);
      return;
    }
    this.#groups++;
    const { group, bases } = this.#extended(own, given.bases ?? []);
    const handedDown = { ...given, bases, ...(typeof group.$type === 'string' ? { type: group.$type } : {}) };
    for (const [key, child] of Object.entries(group)) {
      if (key === '$root') this.#collect(child, path, handedDown);
      else if (key === '$extensions') this.toolFields++;
      else if (key === '$extends') this.tokens.push({ name: [...path, '(all others)'].join('.'), set: given.set, value: child });
      else if (!key.startsWith('$')) this.#collect(child, [...path, key], handedDown);
    }
  }

  #add(token: Table, isModern: boolean, path: readonly string[], given: Given): void {
    const type = [token.$type, token.type, given.type].find((each) => typeof each === 'string');
    const words = [token.$description, token.description, token.comment].find((text) => typeof text === 'string');
    const isOld = token.$deprecated === true || typeof token.$deprecated === 'string';
    const about = [words, ...(isOld ? ['deprecated', token.$deprecated] : [])].filter(
      (each) => typeof each === 'string' && each.trim() !== '',
    );
    const modes = modesOf(token.$extensions);
    this.toolFields += Object.keys(token).filter(
      (key) => !TOKEN_FIELDS.has(key) && !(key === '$extensions' && modes.length > 0),
    ).length;
    const name = path.join('.');
    const common = { set: given.set, ...(typeof type === 'string' ? { type } : {}) };
    const description = about.length > 0 ? { description: about.join(': ') } : {};
    this.tokens.push({ name, value: isModern ? token.$value : token.value, ...common, ...description });
    for (const [mode, value] of modes) this.tokens.push({ name: `${name} [${mode}]`, value, ...common });
  }

  /**
   * A group with what it takes from others: its own come first, at every depth. As it is where what it extends is not there, or holds it:
   * `bases` are what the groups around it extend.
   */
  #extended(own: Table, outer: readonly Table[]): { readonly group: Table; readonly bases: readonly Table[] } {
    const bases = [...outer];
    let group = own;
    while (typeof group.$extends === 'string') {
      const base = groupAt(this.#top, group.$extends);
      const times = bases.filter((each) => each === base).length;
      if (!base || base === own || times > 1 || bases.length > MAX_EXTENDED) break;
      bases.push(base);
      const { $extends: _, ...rest } = group;
      group = merged(base, rest);
    }
    return { group, bases };
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
    const all = this.#byName.get(name) ?? this.#byName.get(name.replace(/\.(?:\$?value|\$root)$/, '')) ?? [];
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

const TOKEN_FIELDS = new Set('$value value $type type $description description comment $deprecated'.split(' '));

/** Values for other modes, which programs keep under `$extensions`, by themselves or below their own name. */
function modesOf(extensions: unknown): readonly (readonly [string, unknown])[] {
  const own = tableOf(extensions);
  return [own, ...Object.values(own ?? {}).map(tableOf)].flatMap((table) => [
    ...Object.entries(tableOf(table?.modes) ?? {}),
    ...Object.entries(tableOf(table?.mode) ?? {}),
  ]);
}

/** `{button}` or `#/button`. */
function groupAt(top: Table, name: string): Table | undefined {
  const path = name.startsWith('#') ? nameOfPointer(name) : name.replace(/^\{|\}$/g, '');
  let group: Table | undefined = top;
  for (const step of path.split('.')) group = group && Object.hasOwn(group, step) ? tableOf(group[step]) : undefined;
  return group;
}

function merged(base: Table, own: Table): Table {
  const both = Object.entries(own).map(([key, value]): [string, unknown] => {
    const [inner, outer] = [tableOf(value), Object.hasOwn(base, key) ? tableOf(base[key]) : undefined];
    return [key, inner && outer && !('$value' in inner) && !('$value' in outer) ? merged(outer, inner) : value];
  });
  return Object.fromEntries([...Object.entries(base), ...both]);
}

/** Of groups that extend groups, one after the other. */
const MAX_EXTENDED = 20;
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
export function isLegacyToken(table: Table): boolean {
  if (!Object.hasOwn(table, 'value')) return false;
  const inner = tableOf(table.value);
  return (
    inner === undefined || (typeof table.type === 'string' && !Object.hasOwn(inner, 'value')) || typeof inner.unit === 'string'
  );
}

export const tableOf = (value: unknown): Table | undefined => (isObject(value) ? value : undefined);
