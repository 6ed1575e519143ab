/**
 * What both models are sent to work on: each file with what it is for, its size, its tokens, and what was left out of it; pictures as the
 * models get them.
 *
 * Folded it is one line at the top of the panel. Open, every row reads in one order by eye and by screen reader: what, how large, how it
 * was changed.
 */
import { type ComparisonState, LANE_LABEL, type LaneId } from '../../shared/comparison.ts';
import { MATERIAL_KIND_LABEL, MATERIAL_ROLE_LABEL, type Material, type MaterialKind, TARGET_LABEL } from '../../shared/design.ts';
import { pixels } from '../../shared/fairness.ts';
import { bytesOfBase64, kilobytes, plural } from '../../shared/figures.ts';
import { materialsOf, namesOf } from '../../shared/materials.ts';
import type { MessagePart } from '../../shared/model.ts';
import type { PanelContext } from '../../shared/protocol.ts';
import type { SentPicture } from '../../shared/sending.ts';
import type { Task } from '../../shared/task.ts';
import { Icon, type Post } from './controls.tsx';

export interface TaskCardProps {
  readonly state: ComparisonState;
  readonly context: PanelContext;
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
  readonly post: Post;
}

/** The button that opens the card; where "Show What Is Sent" puts the focus. */
export const TASK_BUTTON = 'task-button';

const ICONS: Readonly<Record<MaterialKind, string>> = {
  text: 'note',
  picture: 'file-media',
  svg: 'symbol-ruler',
  html: 'browser',
  component: 'symbol-class',
  tokens: 'symbol-color',
  figma: 'layout',
  'figma-code': 'layout',
  code: 'file-code',
};

export function TaskCard({ state, context, open, onToggle, post }: TaskCardProps) {
  const { task } = state;
  const materials = materialsOf(task);
  return (
    <section class="task-card" aria-label="What is sent">
      <h2>
        <button
          type="button"
          class="fold section-head"
          id={TASK_BUTTON}
          aria-expanded={open}
          aria-controls="task-card"
          onClick={() => onToggle(!open)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span class="section-name">What is sent</span>
          <span class="task-summary">
            <bdi>{summary(materials, task, context)}</bdi>
          </span>
        </button>
      </h2>
      <div id="task-card" hidden={!open}>
        {open ? (
          <>
            <ul class="materials">
              {rowsOf(materials).map(({ id, material, index }) => (
                <Row key={id} material={material} index={index} state={state} context={context} post={post} />
              ))}
            </ul>
            <p class="task-words">
              {task.kind === 'design' ? `To be built in ${TARGET_LABEL[task.target ?? 'html']}.` : 'To be changed as asked.'}
              {task.instruction ? (
                <>
                  {' Asked for: '}
                  <q>
                    <bdi>{task.instruction}</bdi>
                  </q>
                </>
              ) : null}
            </p>
          </>
        ) : null}
      </div>
    </section>
  );
}

/** Two files may have one name; their places tell them apart, and never change. */
const rowsOf = (materials: readonly Material[]) =>
  materials.map((material, index) => ({ id: `${index} ${material.name}`, material, index }));

/** `hero.png, tokens.json; ~3,400 tokens of text; something was left out`. One file is named by the header already. */
function summary(materials: readonly Material[], { parts, source }: Task, { partTokens }: PanelContext): string {
  const texts = parts.flatMap((part, index) => (part.type === 'text' ? [partTokens?.[index]] : []));
  const tokens =
    texts.length > 0 && texts.every((each) => each !== undefined) ? texts.reduce((sum, each) => sum + (each ?? 0), 0) : undefined;
  const isPruned = materials.some(({ leftOut }) => leftOut.length > 0);
  const only = materials.length === 1 && materials[0]?.name === source?.name ? materials[0] : undefined;
  const isTold = only !== undefined && (only.frame !== undefined || tokens !== undefined);
  const frame = isTold && only.frame ? [`${MATERIAL_KIND_LABEL[only.kind]}, ${pixels(only.frame)} px`] : [];
  return [
    ...(isTold ? frame : [namesOf(materials, 3)]),
    ...(tokens === undefined ? [] : [`~${plural(tokens, 'token')} of text`]),
    ...(isPruned ? ['what models do not need was left out'] : isTold ? ['sent as it is'] : []),
  ].join('; ');
}

interface RowProps {
  readonly material: Material;
  readonly index: number;
  readonly state: ComparisonState;
  readonly context: PanelContext;
  readonly post: Post;
}

function Row({ material, index, state, context, post }: RowProps) {
  const part = state.task.parts[index];
  const { kind, role, name, uri, frame, leftOut, originalBytes } = material;
  const canOpen = uri !== undefined && state.importedFrom === undefined && !context.replay;
  const facts = [
    MATERIAL_ROLE_LABEL[role],
    MATERIAL_KIND_LABEL[kind],
    ...(frame ? [`${pixels(frame)} px`] : []),
    ...(part ? sizeWords(part, originalBytes) : []),
    ...(context.partTokens?.[index] === undefined ? [] : [`~${plural(context.partTokens[index], 'token')}`]),
  ];
  const seen = part?.type === 'image' ? seenBy(state, index) : [];
  return (
    <li class="material" data-kind={kind} data-role={role}>
      {part?.type === 'image' ? (
        <img class="material-picture" src={pictureUrl(part)} alt="" decoding="async" />
      ) : (
        <span class="material-icon">
          <Icon name={ICONS[kind]} />
        </span>
      )}
      <div class="material-about">
        <p class="material-name">
          {canOpen ? (
            <button
              type="button"
              class="link"
              title={`Open ${name}`}
              onClick={() => post({ type: 'open-source', ...(state.task.materials ? { part: index } : {}) })}
            >
              <bdi>{name}</bdi>
            </button>
          ) : (
            <bdi>{name}</bdi>
          )}
        </p>
        <p class="material-facts">{facts.join(' · ')}</p>
        {seen.map((line) => (
          <p key={line} class="material-facts">
            {line}
          </p>
        ))}
        <p class="material-facts">{leftOut.length > 0 ? `Left out or rewritten: ${leftOut.join(', ')}.` : 'Sent as it is.'}</p>
      </div>
    </li>
  );
}

/** Bytes of a picture, characters of a text, and what it was made from where that was more or less. */
function sizeWords(part: MessagePart, originalBytes: number | undefined): readonly string[] {
  const own = part.type === 'image' ? kilobytes(bytesOfBase64(part.base64)) : plural(part.text.length, 'character');
  return [originalBytes === undefined ? own : `${own}, made from ${kilobytes(originalBytes)}`];
}

/** How the vendor of each lane scales a picture, by its published rule, and what it then counts; one line where both do the same. */
function seenBy({ task, runs }: ComparisonState, index: number): readonly string[] {
  const number = task.parts.slice(0, index).filter(({ type }) => type === 'image').length;
  const lanes = (['fast', 'reasoning'] as const).flatMap((lane: LaneId) => {
    const picture = runs[lane]?.plan.sending?.pictures[number];
    return picture ? [{ label: LANE_LABEL[lane], words: seenWords(picture, runs[lane]?.plan.scripted === true) }] : [];
  });
  const [one, other] = lanes;
  if (one && one.words === other?.words) return [`Both: ${one.words}`];
  return lanes.map(({ label, words }) => `${label}: ${words}`);
}

function seenWords({ size, scaledTo, tokens }: SentPicture, scripted: boolean): string {
  if (scripted) return 'a script, which sees nothing';
  const isSmaller = size && scaledTo && scaledTo.width * scaledTo.height < size.width * size.height;
  const scaling = scaledTo ? (isSmaller ? `seen at ${pixels(scaledTo)} px` : 'seen in full size') : 'the scaling is not known';
  return `${scaling}, ${tokens === undefined ? 'tokens not known' : `~${plural(tokens, 'token')}`}`;
}

/** The page is drawn ten times a second: the long text is made once. */
const urls = new WeakMap<MessagePart, string>();
function pictureUrl(part: Extract<MessagePart, { readonly type: 'image' }>): string {
  const known = urls.get(part) ?? `data:${part.mediaType};base64,${part.base64}`;
  urls.set(part, known);
  return known;
}
