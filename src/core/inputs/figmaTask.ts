/** A task from a frame in Figma: its picture, as Figma renders it, and its description. */
import type { Material } from '../../shared/design.ts';
import type { MessagePart } from '../../shared/model.ts';
import type { Task } from '../../shared/task.ts';
import { readFigma } from './figma.ts';
import type { FigmaApi } from './figmaApi.ts';
import { picturePiece } from './picture.ts';

export interface FigmaTaskInput {
  /** The tree that holds the frame, as {@link FigmaApi.layer} gave it. */
  readonly json: unknown;
  readonly fileKey: string;
  readonly frameId: string;
  readonly api: Pick<FigmaApi, 'picture'>;
  /** True: the description alone. */
  readonly withoutPicture?: boolean;
  readonly signal: AbortSignal;
}

/** Two pixels to one of CSS while the longer side stays within this: small text stays readable, and no vendor scales it down much. */
const SHARP_PX = 1200;
/** No vendor takes a side longer than 8000 pixels; half of it is more than any looks at. */
const LONGEST_PX = 4000;
/** As {@link picturePiece} refuses it; a smaller rendering is tried first. */
const MAX_BYTES = 3.75 * 1024 * 1024;

/** Throws a problem of the input or of the API when there is no such task. */
export async function figmaTask({ json, fileKey, frameId, api, withoutPicture, signal }: FigmaTaskInput): Promise<Task> {
  const design = readFigma(json, 'The Figma file', frameId);
  const { text, ...described } = design;
  const description = { part: { type: 'text', text } as const, material: { ...described, role: 'design' } as const };
  const picture = withoutPicture ? undefined : await pictureOf(api, fileKey, frameId, design.frame, signal);
  const pieces: readonly { readonly part: MessagePart; readonly material: Material }[] = picture
    ? [pictured(design.name, picture, design.frame), description]
    : [description];
  return {
    kind: 'design',
    title: design.name,
    instruction: '',
    parts: pieces.map((piece) => piece.part),
    materials: pieces.map((piece) => piece.material),
  };
}

function pictured(name: string, bytes: Uint8Array, frame: Material['frame']): { part: MessagePart; material: Material } {
  const { part, material } = picturePiece(`${name}.png`, bytes, 'image/png');
  return { part, material: { ...material, role: 'design', ...(frame ? { frame } : {}) } };
}

async function pictureOf(
  api: Pick<FigmaApi, 'picture'>,
  fileKey: string,
  frameId: string,
  frame: Material['frame'],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const longest = Math.max(frame?.width ?? 0, frame?.height ?? 0);
  const scale =
    longest === 0 ? 1 : longest <= SHARP_PX ? 2 : Math.max(0.1, Math.min(1, Math.floor((LONGEST_PX / longest) * 100) / 100));
  const bytes = await api.picture(fileKey, frameId, scale, signal);
  return bytes.length <= MAX_BYTES ? bytes : api.picture(fileKey, frameId, scale / 2, signal);
}
