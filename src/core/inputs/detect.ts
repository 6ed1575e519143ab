/**
 * From a file, a selection or the clipboard to one piece of material. What it is, is found from its content; the name only decides where
 * the content could be several things. What a model does not need is left out by the rules of each kind, and told in `leftOut`.
 */
import type { Material, MaterialKind } from '../../shared/design.ts';
import { componentLanguage } from './component.ts';
import { withoutData } from './dataUris.ts';
import { decodeText, imageMediaType } from './decode.ts';
import { detectFigma, type FigmaFrame, figmaFrames, readFigma } from './figma.ts';
import { variablesAsTokens } from './figmaVariables.ts';
import { isHtml, isPage, readHtml } from './html.ts';
import { breaksOff, jsonProblem, parseInputJson } from './json.ts';
import { readPicture } from './picture.ts';
import { MAX_INPUT_BYTES, MAX_TEXT_BYTES, megabytes, type Piece, safeName, textPiece } from './piece.ts';
import { TaskProblem } from './problem.ts';
import { isSvg, readSvg } from './svg.ts';
import { isTokens, readTokens } from './tokens.ts';

export interface Given {
  /** The file's name, or `clipboard`. Shown, and asked where the content does not say what it is. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly uri?: string;
  /** What it is for, where the person said so; absent: a design. */
  readonly role?: Material['role'];
  /** Of a Figma file: the id of the frame that is meant; absent: its only one. */
  readonly frame?: string | undefined;
}

/** The one piece that these bytes make. Throws {@link TaskProblem}. */
export async function readMaterial({ name: givenName, bytes, uri, role, frame }: Given): Promise<Piece> {
  const name = safeName(givenName);
  const { part, material } = await read(name, bytes, frame);
  return { part, material: { ...material, role: role ?? 'design', ...(uri === undefined ? {} : { uri }) } };
}

/** The frames among which a person must choose before that file can be read; none where there is nothing to choose. */
export function framesToChoose({ name, bytes }: Given): readonly FigmaFrame[] {
  if (imageMediaType(bytes) || bytes.length > MAX_INPUT_BYTES) return [];
  const text = decodeText(safeName(name), bytes);
  const json = parseInputJson(safeName(name), text);
  if (json === undefined || tokensIn(json) !== undefined || detectFigma(json) === undefined) return [];
  const frames = figmaFrames(json, safeName(name));
  return frames.length > 1 ? frames : [];
}

/**
 * The roles of several files that nobody gave any: what shows a design is the design, and what it is built with is context. Where nothing
 * shows a design, all components are it, and else everything.
 */
export function withRoles(pieces: readonly Piece[]): readonly Piece[] {
  const isDesign = [SHOWS_DESIGN, (kind: MaterialKind) => kind === 'component', () => true].find((rule) =>
    pieces.some(({ material }) => rule(material.kind)),
  );
  return pieces.map(({ part, material }) => ({
    part,
    material: { ...material, role: isDesign?.(material.kind) ? 'design' : 'context' },
  }));
}

const SHOWS_DESIGN = (kind: MaterialKind): boolean =>
  kind === 'picture' || kind === 'figma' || kind === 'figma-code' || kind === 'svg' || kind === 'html' || kind === 'text';

async function read(name: string, bytes: Uint8Array, frame: string | undefined): Promise<Piece> {
  const mediaType = imageMediaType(bytes);
  if (mediaType) return readPicture(name, bytes, mediaType);
  if (bytes.length > MAX_INPUT_BYTES) {
    throw new TaskProblem(
      `${name} is ${megabytes(bytes.length)} MB; files up to ${megabytes(MAX_INPUT_BYTES)} MB can be read. Export the part that matters.`,
    );
  }
  const text = decodeText(name, bytes);
  const json = parseInputJson(name, text);
  const tokens = tokensIn(json);
  if (tokens !== undefined) return readTokens(name, tokens, Buffer.byteLength(text));
  if (detectFigma(json ?? text) !== undefined) return figmaPiece(json ?? text, name, frame, bytes.length);
  // Embedded pictures stay in code, which is to be used as it is, unless they alone make it too large to send.
  const asIs = (kind: MaterialKind, language?: string): Piece => {
    const plain = Buffer.byteLength(text) > MAX_TEXT_BYTES ? withoutData(text) : { text, leftOut: [] };
    const original = plain.text === text ? {} : { originalBytes: Buffer.byteLength(text) };
    const { leftOut } = plain;
    return textPiece(plain.text, { kind, name, ...(language === undefined ? {} : { language }), ...original, leftOut });
  };
  if (json !== undefined && Object.keys(Object(json)).length === 0) {
    throw new TaskProblem(`${name} is JSON with nothing in it. Choose another file.`);
  }
  if (json !== undefined) return asIs('text', 'json');
  if (/\.json$/i.test(name) || (breaksOff(text) && !PROSE_NAME.test(name) && !CODE_NAME.test(name)))
    throw jsonProblem(name, text);
  const component = componentLanguage(name, text);
  if (isSvg(text) && (component === undefined || /\.svg$/i.test(name))) return readSvg(name, text);
  if (isProse(name, text)) return asIs('text', PROSE_NAME.test(name) ? undefined : languageOf(name));
  if (component) return asIs('component', component);
  if (isHtml(text) || /\.html?$/i.test(name)) return readHtml(name, text);
  if (PICTURE_NAME.test(name)) throw new TaskProblem(`${name} holds no picture. Export it again.`);
  return CODE_NAME.test(name) ? asIs('code', languageOf(name)) : asIs('text');
}

/** What can be read as design tokens: the JSON itself, or what Figma's variables come to. */
const tokensIn = (json: unknown): unknown => (isTokens(json) ? json : variablesAsTokens(json));

function figmaPiece(given: unknown, fileName: string, frame: string | undefined, originalBytes: number): Piece {
  const { text, ...material } = readFigma(given, fileName, frame);
  return textPiece(text, { ...material, originalBytes });
}

/** A spec may quote code of any kind; it begins with a heading or holds a fence. */
const isProse = (name: string, text: string): boolean =>
  /^\s*#{1,6}\s+\S/.test(text) || /^ {0,3}(?:`{3,}|~{3,})/m.test(text)
    ? !CODE_NAME.test(name)
    : PROSE_NAME.test(name) && !isPage(text) && !(/\.te?xt$/i.test(name) && isHtml(text));

/** Of these, prose may begin and end with elements; a text file with elements is a page that was saved as text. */
const PROSE_NAME = /\.(?:md|markdown|mdx|te?xt|rst|adoc)$/i;
const PICTURE_NAME = /\.(?:svg|png|jpe?g|webp|gif)$/i;
const CODE_NAME =
  /\.(?:css|s[ac]ss|less|styl|[cm]?[jt]sx?|vue|svelte|astro|go|rs|py|rb|java|kt|swift|c|h|cc|cpp|hpp|cs|php|sh|sql|dart|graphql)$/i;

const languageOf = (name: string): string | undefined => /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
