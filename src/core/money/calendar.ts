/** Days by the person's calendar. */

/** The local day of a moment, e.g. `2026-11-22`; its first seven characters are the month. Days compare as texts. */
export function dayOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
