/** What both vendors' SDKs are told alike: no clocks and no log of their own. */

/** The longest a timer can wait; our own clocks end a call long before. */
export const NO_TIMEOUT_MS = 2 ** 31 - 1;

export const SILENT_LOGGER = { error: quiet, warn: quiet, info: quiet, debug: quiet };
function quiet(): void {
  // What an SDK would log may hold requests; errors reach us as values.
}
