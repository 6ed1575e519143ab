/** Ends an exhaustive switch: the compiler proves that it is not reached; bad data from outside is named. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
