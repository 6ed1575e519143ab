/**
 * Reading JSON that strangers sent: every accessor answers `undefined` for what is absent or of another type, so that a mapper states
 * what it wants and never trips over what it got.
 */
import { isObject } from '../../shared/isObject.ts';

export type Json = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A non-empty string. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A count: a whole number, not negative. */
export const asCount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** An object, also one that stands alone in a list: Google wraps its errors so. */
export const asObjectOrOnly = (value: unknown): Json | undefined =>
  asObject(Array.isArray(value) && value.length === 1 ? value[0] : value);

/** Parses, or answers undefined for text that is no JSON. JSON itself has no undefined, so the two cannot be confused. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
