/**
 * Runs in a thread: makes previews of what a model wrote. Compilers cannot be interrupted, and some text keeps them busy for years, so they
 * must not run where the streams are read. What asks it is `previewer.ts`.
 */
import { parentPort } from 'node:worker_threads';
import { type PreviewFile, type PreviewOptions, previewOf } from '../core/preview/preview.ts';

export interface PreviewJob {
  readonly files: readonly PreviewFile[];
  readonly options: PreviewOptions;
}

parentPort?.on('message', async ({ files, options }: PreviewJob) => {
  parentPort?.postMessage(await previewOf(files, options));
});
