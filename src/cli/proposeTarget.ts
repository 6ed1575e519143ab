/** What a design is to be built in where neither the options nor the configuration say it: what fits the folder it lies in, as in VS Code. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { proposeTarget } from '../core/targets.ts';
import { TARGET_LABEL } from '../shared/design.ts';
import type { Task } from '../shared/task.ts';

/** A package.json beyond this is none that people wrote. */
const MAX_PACKAGE_BYTES = 1024 * 1024;

/** The design task with its target, which `say` is told with its reason; any other task, and one that has a target, as it is. */
export function withProposedTarget(task: Task, say: (sentence: string) => void): Task {
  if (task.kind === 'code' || task.target || !task.source) return task;
  const folder = path.dirname(fileURLToPath(task.source.uri));
  const packageJson = nearestPackage(folder, process.cwd());
  const { target, reason } = proposeTarget({
    neighbours: namesIn(folder),
    source: task.source.name,
    ...(packageJson === undefined ? {} : { packageJson }),
  });
  say(`Built in ${TARGET_LABEL[target]}: ${reason}. --target names another.`);
  return { ...task, target };
}

/** From the folder up to the current directory where it lies in that, else of the folder alone. */
function nearestPackage(folder: string, top: string): string | undefined {
  const isInside = folder === top || folder.startsWith(top.endsWith(path.sep) ? top : top + path.sep);
  for (let directory = folder; ; directory = path.dirname(directory)) {
    const text = readSmall(path.join(directory, 'package.json'));
    if (text !== undefined || !isInside || directory === top) return text;
  }
}

function readSmall(file: string): string | undefined {
  try {
    return fs.statSync(file).size <= MAX_PACKAGE_BYTES ? fs.readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined; // there is none here
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // a design that can be read may lie in a folder that cannot be listed
  }
}
