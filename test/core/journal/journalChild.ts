/** A process of its own that tries to take over a comparison, and says whether it was the one. */
import { Journal } from '../../../src/core/journal/journal.ts';
import { thisProcess } from '../../../src/core/processId.ts';

const [, , directory = '', id = '', startAtMs = ''] = process.argv;
const journal = new Journal(directory, thisProcess());
while (Date.now() < Number(startAtMs)); // all at once
process.stdout.write(journal.takeOver(id) ? 'taken' : 'lost');
// The one that has it lives on while the others look.
setTimeout(() => undefined, 1500);
