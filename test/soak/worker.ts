/** A share of a part of the soak, in a process of its own: says what it came to as one line of JSON. */
import { isPart, playAll } from './parts.ts';

const [, , part = '', base = '', from = '', to = ''] = process.argv;
if (!isPart(part)) throw new Error(`no part ${part}`);
process.stdout.write(JSON.stringify(await playAll(part, Number(base), Number(from), Number(to))));
