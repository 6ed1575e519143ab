/** Remembers what was made of a lane's answer: files, findings and previews ask for the same again, and nothing of an answer ever changes. */
import type { Run } from '../../shared/comparison.ts';
import type { Task } from '../../shared/task.ts';

/** The same function, which works once for each run. A run is another object with each event, so what is remembered goes with it. */
export function perRun<Made>(make: (task: Task, run: Run) => Made): (task: Task, run: Run) => Made {
  const known = new WeakMap<Run, { readonly task: Task; readonly made: Made }>();
  return (task, run) => {
    const before = known.get(run);
    if (before?.task === task) return before.made;
    const made = make(task, run);
    known.set(run, { task, made });
    return made;
  };
}
