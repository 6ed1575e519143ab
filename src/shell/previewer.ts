/**
 * Makes previews in a thread, one after the other, each within a deadline and a limit of memory. A thread that does not keep to them is
 * ended, and the preview says so. It starts at first use, and ends when it has had nothing to do for a while.
 */
import { Worker } from 'node:worker_threads';
import type { PreviewFile, PreviewOptions } from '../core/preview/preview.ts';
import type { Preview } from '../shared/preview.ts';
import type { PreviewJob } from './previewThread.ts';

const DEADLINE_MS = 10_000;
const IDLE_MS = 60_000;
const MEMORY_MEGABYTES = 512;

export class Previewer {
  readonly #program: string | URL;
  readonly #deadlineMs: number;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  /** Takes the answer to the job that the thread is at. */
  #answer: ((preview: Preview) => void) | undefined;

  /** `program`: where `previewThread` lies. */
  constructor(program: string | URL, deadlineMs = DEADLINE_MS) {
    this.#program = program;
    this.#deadlineMs = deadlineMs;
  }

  /** What can be shown of these files. Never rejects. */
  preview(files: readonly PreviewFile[], options: PreviewOptions): Promise<Preview> {
    const job: PreviewJob = {
      files: files.map(({ name, content, complete }) => ({ name, content, ...(complete === undefined ? {} : { complete }) })),
      options,
    };
    const made = this.#last.then(() => this.#ask(job)).catch((error: unknown) => none(notHere(error)));
    this.#last = made;
    return made;
  }

  dispose(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(job: PreviewJob): Promise<Preview> {
    clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        const reason = `This code was not compiled within ${this.#deadlineMs / 1000} seconds, so it cannot be shown.`;
        this.#answer?.(none(reason));
        this.dispose();
      }, this.#deadlineMs);
      this.#answer = (preview) => {
        clearTimeout(deadline);
        this.#answer = undefined;
        this.#idle = setTimeout(() => this.dispose(), IDLE_MS).unref();
        resolve(preview);
      };
      worker.postMessage(job);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#program, { env: {}, resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES } });
    worker.unref();
    /** A thread that was ended says so later, when another may be at work. */
    const answer = (preview: Preview): void => {
      if (worker === this.#worker) this.#answer?.(preview);
    };
    const fail = (reason: string): void => {
      answer(none(reason));
      if (worker === this.#worker) this.dispose();
    };
    worker.on('message', answer);
    worker.on('error', (error) => fail(notHere(error)));
    worker.on('exit', () => fail('The program that makes previews ended early. Show the previews again.'));
    return worker;
  }
}

const notHere = (error: unknown): string =>
  `This code cannot be compiled here: ${error instanceof Error ? error.message : String(error)}`;

const none = (reason: string): Preview => ({ kind: 'none', reason, problems: [] });
