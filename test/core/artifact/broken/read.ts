/**
 * Reads cases that are plain text, for they are full of fences and quotes. `=== id shape flags` begins a case; `--- design`,
 * `--- source` and `--- file name` are its other texts. A line `@@head title` stands for the beginning of a page and `@@foot` for its end;
 * `@@repeat n` to `@@end` is written n times, with the number for `§`; `@@x{n}{words}` likewise within a line.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishReason } from '../../../../src/shared/model.ts';
import type { BrokenCase, Shape } from './cases.ts';

/** The cases of one shape of a corpus, from its folder beside this file. */
export function readCases(corpus: string, shape: Shape): readonly BrokenCase[] {
  return readText(corpus, `${shape}.txt`)
    .split(new RegExp(`^=== (?=\\S+ ${shape}\\b)`, 'm'))
    .slice(1)
    .map((block) => readCase(block, shape, corpus));
}

/** A text of a corpus. */
export const readText = (corpus: string, name: string): string => readFileSync(join(import.meta.dirname, corpus, name), 'utf8');

function readCase(block: string, shape: Shape, corpus: string): BrokenCase {
  const [head = '', ...rest] = block.split('\n');
  const [id = '', , ...flags] = head.split(' ');
  const [body = '', ...others] = rest.join('\n').split(/^--- (?=design$|source$|file \S+$)/m);
  const texts = others.map((other): readonly [string, string] => {
    const [name = '', ...lines] = other.split('\n');
    return [name, lines.join('\n')];
  });
  const textOf = (name: string): string | undefined => texts.find(([own]) => own === name)?.[1];
  const flagOf = (name: string): string | undefined => flags.find((flag) => flag.startsWith(`${name}=`))?.slice(name.length + 1);
  const [design, sourceText, sourceName, finish] = [textOf('design'), textOf('source'), flagOf('source'), flagOf('finish')];
  const files = texts.flatMap(([name, content]) => (name.startsWith('file ') ? [[name.slice(5), content] as const] : []));
  return {
    id: `${corpus}-${id}`,
    shape,
    text: answerOf(body, shape, flags),
    ...(flags.includes('code') ? { kind: 'code' } : {}),
    ...(flags.includes('loads') ? { loads: true } : {}),
    ...(flags.includes('talk') ? { talks: true } : {}),
    ...(finish === undefined ? {} : { finish: finish as FinishReason }), // written in the corpus by hand
    ...(design === undefined ? {} : { design }),
    ...(sourceText === undefined ? {} : { sourceText }),
    ...(sourceName === undefined ? {} : { sourceName }),
    ...(files.length > 0 ? { files: Object.fromEntries(files) } : {}),
  };
}

function answerOf(body: string, shape: Shape, flags: readonly string[]): string {
  const written = body
    .replace(/^@@head (.*)$/gm, (_, title: string) => pageHead(title))
    .replace(/^@@foot$/gm, '</body>\n</html>')
    .replace(/^@@repeat (\d+)\n([\s\S]*?)^@@end\n/gm, (_, times: string, unit: string) =>
      Array.from({ length: Number(times) }, (_, index) => unit.replaceAll('§', String(index + 1))).join(''),
    )
    .replace(/@@x\{(\d+)\}\{([^}]*)\}/g, (_, times: string, unit: string) => unit.repeat(Number(times)));
  const ended = shape === 'truncated' || shape === 'looped' ? written.replace(/\n$/, '') : written;
  const withEnds = flags.includes('crlf') ? ended.replaceAll('\n', '\r\n') : ended;
  return flags.includes('bom') ? `\uFEFF${withEnds}` : withEnds;
}

/** The beginning of a page with that title. */
export function pageHead(title: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<style>
body { margin: 0; font: 16px/1.5 sans-serif; }
</style>
</head>
<body>`;
}
