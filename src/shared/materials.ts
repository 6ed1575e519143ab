/** What the parts of a task are, also where its log was written before that was recorded. */
import type { Material } from './design.ts';
import type { MessagePart } from './model.ts';
import type { Task } from './task.ts';

/** One description a part, in the same order. */
export const materialsOf = (task: Task): readonly Material[] =>
  task.parts.map((part, index) => task.materials?.[index] ?? undescribed(task, part));

/** `hero.png, tokens.json, 2 more`: the first so many by name. */
export function namesOf(materials: readonly Material[], most = materials.length): string {
  const names = materials.slice(0, most).map(({ name }) => name);
  const others = materials.length - names.length;
  return [...names, ...(others > 0 ? [`${others} more`] : [])].join(', ');
}

function undescribed({ kind, source }: Task, part: MessagePart): Material {
  return {
    kind: part.type === 'image' ? 'picture' : kind === 'code' ? 'code' : 'text',
    role: 'design',
    name: source?.name ?? 'selection',
    ...(source ? { uri: source.uri } : {}),
    ...(kind === 'code' && source?.languageId ? { language: source.languageId } : {}),
    leftOut: [],
  };
}
