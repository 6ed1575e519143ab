/** An answer without any block, which may be the file itself. */
import { type AnswerFile, type ExtractOptions, proposedName } from './answerFile.ts';
import { defaultFileName, languageIdOf, sniffLanguageId } from './languages.ts';

/** The whole answer as a file, if it reads as code. */
export function bareFile(prose: string, options: ExtractOptions): AnswerFile[] {
  if (!readsAsCode(prose)) return [];
  const content = `${withoutWords(prose.replaceAll('\r\n', '\n'))}${options.finished ? '\n' : ''}`;
  const sniffed = sniffLanguageId(content);
  const isCode = options.kind === 'code';
  const languageId = isCode
    ? (options.languageId ?? (options.sourceName ? languageIdOf(options.sourceName, '') : sniffed))
    : sniffed;
  const name = isCode ? (options.sourceName ?? defaultFileName(languageId)) : proposedName(languageId, options, '');
  return [{ name, named: false, languageId, content, complete: options.finished, replaces: isCode }];
}

/** Without the sentences and labels before and behind the code. */
function withoutWords(text: string): string {
  const lines = text.slice(0, 2_000_000).trimEnd().split('\n');
  const isWords = (line: string): boolean => line.trim() === '' || (line.length < 300 && WORDS.test(line.trimEnd()));
  const from = lines.findIndex((line) => !isWords(line));
  const to = lines.findLastIndex((line) => !isWords(line));
  return from < 0 ? text.trim() : lines.slice(from, to + 1).join('\n');
}

/** A sentence, or the label that a page put over the code it was copied from. */
const WORDS = /^(?:\p{Lu}[^{}<>;=`]*[.!?:]|[a-z]{2,10}|Copy code)$/u;

/** Half of the lines, or more, look like code; sentences do not. */
function readsAsCode(text: string): boolean {
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .map((line) => line.slice(0, 300).trimEnd())
    .filter((line) => line.trim() !== '')
    .slice(0, 60);
  const code = lines.filter(
    (line) =>
      /^\s*(?:<[a-z!/?]|[@.#][\w-]+\s*[{(]|\/[/*]|\*\s|import\s|export\s|const\s|let\s|var\s|def\s|class\s+\w+\s*[:({<]|function\b|return\b|#include|package\s|using\s|if\s*\(|for\s*\(|\})/i.test(
        line,
      ) || /[{};,]$|=>|\)\s*:?$|^\s{2,}\S|^[\w.-]+\s*[:=]\s*\S+;?$/.test(line),
  );
  return lines.length > 0 && code.length * 2 >= lines.length;
}
