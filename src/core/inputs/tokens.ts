/**
 * Design tokens as one short list, `colour.brand: #3b82f6 (color)`: what a model needs of them. Three spellings are read.
 *
 * - The Design Tokens Community Group's format, 2025.10: `$value` and `$type` (which groups hand down), aliases as `{group.token}` or
 *   `{"$ref": "#/group/token"}`, `$root` and `$extends`.
 * - Style Dictionary: `value`, `type`.
 * - Tokens Studio: sets at the top, `$themes`, `$metadata.tokenSetOrder`; aliases do not name the set.
 */
import { leftOutPhrases, MAX_TEXT_BYTES, type Piece, textPiece } from './piece.ts';
import { TaskProblem } from './problem.ts';
import { isLegacyToken, type Table, TokenBook, tableOf } from './tokenBook.ts';

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
  const book = new TokenBook(top, MAX_TOKENS);
  if (book.isTooLarge) {
    throw new TaskProblem(
      `${name} holds more than ${MAX_TOKENS.toLocaleString('en-US')} design tokens, or ten times as many groups, which is more than can be read. Export the sets that matter.`,
    );
  }
  if (book.tokens.length === 0) throw new TaskProblem(`${name} holds no design tokens. Export them again.`);
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

const isAboutGroup = (key: string): boolean =>
  key.startsWith('$') || ['comment', 'description', 'type', 'themeable'].includes(key);

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
