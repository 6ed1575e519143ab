/**
 * Durations in words, for the list of past builds: "2 minutes 5 seconds".
 *
 * To do (and what to ask for in "Compare Models on a Code Task"):
 * Fix the wrong output and add days. Show the largest unit and the next smaller one, rounded to the latter, which is left out
 * when it is zero. Use the singular for 1. Show "0 seconds" for zero and a leading minus for negative durations. Throw a
 * RangeError for NaN and infinity.
 */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);

  const parts: string[] = [];
  if (hours > 0) {
    parts.push(hours + ' hours');
  }
  if (minutes > 0) {
    parts.push(minutes + ' minutes');
  }
  if (seconds > 0) {
    parts.push((seconds % 60) + ' seconds');
  }
  return parts.join(' ');
}
