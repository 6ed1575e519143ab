/**
 * What was sent with a task and may be what its answer imports: the components, style sheets and data that it was to be built with. Their
 * text is in the task, so nothing is read for it; files of the workspace that were not sent are never there.
 */
import type { Material } from '../../shared/design.ts';
import type { Task } from '../../shared/task.ts';
import type { PreviewFile } from './files.ts';

/** Those whose text was sent as it is: tokens and Figma frames are rewritten, and a selection is not the whole of its file. */
export function sentFiles({ parts, materials = [], source }: Task): readonly PreviewFile[] {
  return parts.flatMap((part, index) => {
    const material = materials[index];
    if (part.type !== 'text' || !material || !isFile(material)) return [];
    if (material.role === 'design' && source?.selection) return [];
    return [{ name: material.name, content: part.text }];
  });
}

/** Says what of it a preview uses. */
export const takenFrom = (names: readonly string[]): string => `Taken from what was sent with the task: ${names.join(', ')}.`;

function isFile({ kind, role, name }: Material): boolean {
  if (role === 'instructions') return false;
  return kind === 'component' || kind === 'code' || kind === 'svg' || (kind === 'text' && /\.json$/i.test(name));
}
