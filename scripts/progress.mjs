// @ts-check
/**
 * How the scripts speak: long steps with their elapsed time, and failures that say what to do. It writes to standard error, so that
 * a program's own output stays clean, and uses Node's own modules only: it must run on a bare clone, before anything is installed.
 */
import { spawn } from 'node:child_process';

const HEARTBEAT_MS = 15_000;
const TAIL_LINES = 25;

/** A failure the person can act on: what happened, what to do, and optionally the last output of the program that failed. */
export class Failure extends Error {
  /**
   * @param {string} happened
   * @param {string} remedy
   * @param {string} [output]
   */
  constructor(happened, remedy, output) {
    super(happened);
    this.name = 'Failure';
    this.remedy = remedy;
    this.output = output;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {number} ms */
export function seconds(ms) {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/**
 * Runs one long step. On a terminal its line counts the seconds in place; elsewhere there is a line at the start, one every 15
 * seconds, and one at the end.
 *
 * @template T
 * @param {string} title
 * @param {(note: (text: string) => void) => Promise<T>} work receives a function that shows what it is doing now
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const begun = performance.now();
  const live = process.stderr.isTTY === true;
  let now = '';
  const line = () => `  ${title}  ${seconds(performance.now() - begun)}${now === '' ? '' : `  ${now}`}`;
  const paint = () => process.stderr.write(`\r\x1b[2K${line().slice(0, (process.stderr.columns ?? 100) - 1)}`);
  if (live) paint();
  else say(`  ${title} …`);
  const timer = setInterval(() => (live ? paint() : say(`${line()}, still going`)), live ? 200 : HEARTBEAT_MS);
  const end = (/** @type {string} */ mark) => {
    clearInterval(timer);
    if (live) process.stderr.write('\r\x1b[2K');
    say(`${mark} ${title}  ${seconds(performance.now() - begun)}`);
  };
  try {
    const result = await work((text) => {
      now = text;
    });
    end('✓');
    return result;
  } catch (error) {
    end('✗');
    throw error;
  }
}

/**
 * Runs a program to its end and returns what it printed. A non-zero exit throws a {@link Failure} that carries its last lines.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   remedy: string, cwd?: string, env?: NodeJS.ProcessEnv, note?: (text: string) => void, shell?: boolean, signal?: AbortSignal
 * }} options
 * @returns {Promise<string>}
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      shell: options.shell ?? false,
      signal: options.signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      options.note?.(lastLine(output));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => reject(new Failure(`${command} did not start: ${error.message}`, options.remedy)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Failure(
            `${[command, ...args].join(' ').slice(0, 200)} ended with ${signal ?? `code ${code}`}.`,
            options.remedy,
            output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n'),
          ),
        );
    });
  });
}

/**
 * The outermost frame of a script: a {@link Failure} becomes two sentences, anything else its stack. Either way the exit code is 1.
 *
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof Failure)) {
      console.error(error);
      return;
    }
    if (error.output) say(`\n${error.output}\n`);
    say(`${error.message}\n${error.remedy}`);
  }
}

/** @param {string} text */
function lastLine(text) {
  return text.slice(-2000).trimEnd().split('\n').at(-1)?.trim() ?? '';
}
