// @ts-check
/** A reporter for `node --test` that prints the counts of the whole run as one line of JSON, for the test script's sum. */

/** @param {AsyncIterable<{ type: string, data: { file?: string, counts?: Record<string, number> } }>} source */
export default async function* countReporter(source) {
  for await (const { type, data } of source) {
    // There is one summary a file and one without a file for all of them.
    if (type === 'test:summary' && data.file === undefined) yield `${JSON.stringify(data.counts)}\n`;
  }
}
