/** Nothing is written to the log channel that was not cleaned of keys, in the order in which it came. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { cleanedLog } from '../../src/shell/log.ts';

const KEY = 'canary4Gd81kQz0pW7xT2mV9bN5c';

function channel() {
  const lines: string[] = [];
  const to = (level: string) => (line: string) => lines.push(`${level}: ${line}`);
  const nothing = (): void => undefined;
  return { lines, info: to('info'), warn: to('warn'), error: to('error'), show: nothing, dispose: nothing };
}

test('lines are cleaned of what is kept, whole or in part, and of what looks like a key', async () => {
  const written = channel();
  const log = cleanedLog(written, { all: async () => [KEY] });
  log.warn(`401 for ${KEY}, ${KEY.slice(3, 20)} and sk-ant-api03-abcdefgh`);
  log.info('applied');
  log.error(`at ?key=${encodeURIComponent(KEY)}`);
  await setImmediate();
  assert.deepEqual(written.lines, [
    'warn: 401 for [redacted], [redacted] and [redacted]',
    'info: applied',
    'error: at ?key=[redacted]',
  ]);
});

test('lines keep their order however long the keys take, and what cannot be cleaned is left out', async () => {
  const written = channel();
  const asked: PromiseWithResolvers<readonly string[]>[] = [];
  const all = (): Promise<readonly string[]> => {
    const next = Promise.withResolvers<readonly string[]>();
    asked.push(next);
    return next.promise;
  };
  const log = cleanedLog(written, { all });
  for (const line of ['first', KEY, 'third']) log.info(line);
  await setImmediate();
  asked[0]?.resolve([]);
  await setImmediate();
  asked[1]?.reject(new Error('locked'));
  await setImmediate();
  asked[2]?.resolve([]);
  await setImmediate();
  assert.deepEqual(
    written.lines.map((line) => line.slice(0, 24)),
    ['info: first', 'info: A line is left out', 'info: third'],
  );
  assert.ok(!written.lines.join().includes(KEY));
});
