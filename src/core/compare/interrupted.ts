/**
 * The end of a lane whose process went away before its model was done. Written on the way out where there is time, else by whoever reads
 * the log next.
 */
import type { ModelError } from '../../shared/model.ts';

export const INTERRUPTED: ModelError = {
  kind: 'interrupted',
  message:
    'Interrupted: the window closed or reloaded before this lane was done. What was shown is kept; run the lane again for a whole answer.',
  retryable: true,
};
