/**
 * Turns what a person has in hand (a file's bytes, a selection, several files, an instruction) into a task, or into one sentence that says
 * why it cannot be used. Nothing is ever cut silently: what is too big is refused with its size, what is left out is told.
 */
import type { Material, TargetId } from '../shared/design.ts';
import { materialsOf } from '../shared/materials.ts';
import type { MessagePart } from '../shared/model.ts';
import type { Task, TaskSource } from '../shared/task.ts';
import { decodeText, imageMediaType } from './inputs/decode.ts';
import { picturePiece } from './inputs/picture.ts';
import { MAX_INPUT_BYTES, MAX_TEXT_BYTES, megabytes, type Piece, safeName, textPiece } from './inputs/piece.ts';
import { TaskProblem } from './inputs/problem.ts';

export { TaskProblem } from './inputs/problem.ts';

/** File names whose content is a program to change, rather than a design to build. */
const CODE_NAME = /\.([cm]?[jt]s|go|rs|py|rb|java|kt|swift|c|h|cc|cpp|hpp|cs|php|sh|sql)$/i;

/**
 * What a task on that file usually is. Components and pages (HTML, JSX, Vue...) are designs unless an instruction says what to change.
 */
export function kindOf(name: string, instruction: string, isImage: boolean): Task['kind'] {
  if (isImage) return 'design';
  if (CODE_NAME.test(name)) return 'code';
  return instruction !== '' && /\.([jt]sx|vue|svelte|html?|css|s[ac]ss|less)$/i.test(name) ? 'code' : 'design';
}

export interface TaskInput {
  readonly source: TaskSource;
  readonly bytes: Uint8Array;
  /** What the person wants, in their words; may be empty for a design. */
  readonly instruction?: string;
  /** Overrides {@link kindOf}. */
  readonly kind?: Task['kind'];
}

/** A task from a file's or a buffer's bytes, which are sent as they are: nothing is left out. Throws {@link TaskProblem}. */
export function taskFromBytes({ source, bytes, instruction = '', kind }: TaskInput): Task {
  const mediaType = imageMediaType(bytes);
  const name = safeName(source.name);
  const { part } = mediaType
    ? picturePiece(name, bytes, mediaType)
    : textPiece(decodeText(name, bytes), { kind: 'text', name, leftOut: [] });
  const chosenKind = kind ?? kindOf(source.name, instruction, mediaType !== undefined);
  if (chosenKind === 'code' && mediaType)
    throw new TaskProblem(`${name} is a picture. A code task needs code: choose a source file.`);
  if (chosenKind === 'code' && instruction.trim() === '') {
    throw new TaskProblem(`A code task needs an instruction: say what should change in ${name}.`);
  }
  const title = chosenKind === 'code' ? `${name}: ${firstWords(instruction)}` : (headingOf(part) ?? name);
  return { kind: chosenKind, title, instruction: instruction.trim(), parts: [part], source };
}

/** More files than that are no design any more; they are a project. */
export const MAX_PIECES = 20;

export interface MaterialsInput {
  readonly pieces: readonly Piece[];
  readonly instruction?: string;
  /** Where the design came from, with what is known of its document; absent: found from the first design with an address. */
  readonly source?: TaskSource;
  readonly target?: TargetId;
}

/** A design task of one or several pieces, the design first. Throws {@link TaskProblem}. */
export function taskFromMaterials({ pieces, instruction = '', source, target }: MaterialsInput): Task {
  const inOrder = sorted(pieces);
  const [first] = inOrder;
  if (first?.material.role !== 'design')
    throw new TaskProblem('There is no design among these. Add the picture, page or spec that is to be built.');
  checkSum(inOrder);
  const own = source ?? sourceOf(first.material);
  return {
    kind: 'design',
    title: (first.material.kind === 'figma' ? undefined : headingOf(first.part)) ?? firstWords(first.material.name),
    instruction: instruction.trim(),
    parts: inOrder.map(({ part }) => part),
    materials: inOrder.map(({ material }) => material),
    ...(target === undefined ? {} : { target }),
    ...(own ? { source: own } : {}),
  };
}

/** The same task with more beside it, such as the person's standing instructions. A task that describes no material describes its own. */
export function withMaterials(task: Task, pieces: readonly Piece[]): Task {
  if (pieces.length === 0) return task;
  const own = materialsOf(task).flatMap((material, index): Piece[] => {
    const part = task.parts[index];
    return part ? [{ part, material }] : [];
  });
  const inOrder = sorted([...own, ...pieces]);
  checkSum(inOrder);
  return { ...task, parts: inOrder.map(({ part }) => part), materials: inOrder.map(({ material }) => material) };
}

/**
 * True where what is asked for runs already: the same document or selection as it is now, the same wish, the same designs and nothing new
 * beside them. A task that runs has more than was asked for: its target and what the settings add come when it starts.
 */
export function isSameTask(running: Task, asked: Task): boolean {
  const about = ({ kind, title, instruction, source }: Task): string => JSON.stringify([kind, title, instruction, source]);
  const names = (task: Task, role?: Material['role']): readonly string[] =>
    (task.materials ?? []).filter((each) => role === undefined || each.role === role).map(({ uri, name }) => uri ?? name);
  return (
    asked.source !== undefined &&
    about(asked) === about(running) &&
    (asked.target === undefined || asked.target === running.target) &&
    names(asked).every((name) => names(running).includes(name)) &&
    (asked.materials === undefined || names(running, 'design').every((name) => names(asked, 'design').includes(name)))
  );
}

/** Pictures of the design, its texts, what it is built with, and the standing rules: the order in which a model reads them. */
function sorted(pieces: readonly Piece[]): readonly Piece[] {
  const rank = ({ part, material }: Piece): number =>
    material.role === 'design' ? (part.type === 'image' ? 0 : 1) : material.role === 'context' ? 2 : 3;
  return [...pieces].sort((a, b) => rank(a) - rank(b));
}

/** What holds for one text holds for all together, and a request has a size that vendors take. */
function checkSum(pieces: readonly Piece[]): void {
  if (pieces.length > MAX_PIECES)
    throw new TaskProblem(
      `These are ${pieces.length} files; up to ${MAX_PIECES} can be sent together. Choose those that matter.`,
    );
  const sum = (type: MessagePart['type']): number =>
    pieces.reduce(
      (bytes, { part }) =>
        bytes + (part.type !== type ? 0 : part.type === 'text' ? Buffer.byteLength(part.text) : part.base64.length),
      0,
    );
  const [text, pictures] = [sum('text'), sum('image')];
  if (text > MAX_TEXT_BYTES)
    throw new TaskProblem(
      `These files are ${megabytes(text)} MB of text together; up to ${megabytes(MAX_TEXT_BYTES)} MB can be sent. Choose those that matter.`,
    );
  if (pictures > MAX_INPUT_BYTES)
    throw new TaskProblem(
      `These pictures are ${megabytes(pictures)} MB together as they are sent; up to ${megabytes(MAX_INPUT_BYTES)} MB can be. Choose those that matter.`,
    );
}

const sourceOf = ({ uri, name }: Material): TaskSource | undefined => (uri === undefined ? undefined : { uri, name });

/** What a text calls itself: its first heading, or its page title. */
function headingOf(part: MessagePart): string | undefined {
  if (part.type !== 'text') return undefined;
  const start = part.text.slice(0, 4000).trimStart();
  const heading = /^#\s+(\S.*)/.exec(start)?.[1] ?? /<title>\s*([^<]*\S)\s*<\/title>/i.exec(start)?.[1];
  return heading && firstWords(heading);
}

function firstWords(text: string): string {
  const line = text.trim().split(/\s+/).join(' ');
  return line.length <= 48 ? line : `${line.slice(0, 47)}…`;
}
