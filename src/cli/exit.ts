/** How the command line ends. */

export const EXIT = { ok: 0, lane: 1, usage: 2, refused: 3 } as const;

/** The call or the configuration cannot be used; the message says what to change. */
export class Unusable extends Error {}

/** A budget, or a missing price, forbids the run. Nothing was sent. */
export class Refused extends Error {}
