/**
 * How often a page that is being written is drawn again: as often as leaves the panel most of its time, whatever a page costs. Cleaning a
 * page begins when the browser is idle, and lets the panel go first between its steps.
 */

/** Between two loads at least this, and this many times what a load takes of the panel's own time. */
const MIN_INTERVAL_MS = 250;
const OWN_COST_FACTOR = 40;
const LOAD_TIME_FACTOR = 2;
const MAX_INTERVAL_MS = 5000;
/** However long that is, a page being written has no more than a tenth of the panel's time. */
const LEAST_COST_FACTOR = 9;
/** A panel that is never idle cleans a page after so long in any case. */
const IDLE_LIMIT_MS = 1000;
const IDLE_LIMIT_OF_LAST_MS = 100;

/** @param costMs the panel's own time of the load before, which took `loadMs` in all */
export function pauseMs({ loadMs, costMs }: { readonly loadMs: number; readonly costMs: number }): number {
  const wishedMs = Math.max(MIN_INTERVAL_MS, costMs * OWN_COST_FACTOR, loadMs * LOAD_TIME_FACTOR);
  return Math.max(costMs * LEAST_COST_FACTOR, Math.min(MAX_INTERVAL_MS, wishedMs));
}

/** @param isLast nothing more will be written: the person waits for this one */
export const idle = (isLast: boolean): Promise<void> =>
  new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: isLast ? IDLE_LIMIT_OF_LAST_MS : IDLE_LIMIT_MS }));
