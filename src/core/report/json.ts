/**
 * A comparison as JSON: its events as they were stored, one a line, under a header that says what they are. `sharedLog.ts` reads it.
 */
import { type ComparisonEvent, SCHEMA_VERSION } from '../../shared/comparison.ts';

export const FORMAT = 'second-thought-comparison';

export interface Origin {
  /** Version of the extension that wrote it. */
  readonly version: string;
  /** When it was written, ISO 8601. */
  readonly exportedAt: string;
}

/** `events`: cleaned before, see `clean.ts`. */
export function jsonOf(events: readonly ComparisonEvent[], { version, exportedAt }: Origin): string {
  const header = { format: FORMAT, schema: SCHEMA_VERSION, version, exportedAt };
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  return `${JSON.stringify(header).slice(0, -1)},"events":[\n${lines}\n]}\n`;
}
