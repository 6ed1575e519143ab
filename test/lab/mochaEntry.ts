/**
 * What the extension host loads to run tests: it makes mocha's `suite` and `test`, loads the bundled suites, and writes the result
 * where the starter looks for it. `suites` stands for a module that the starter makes: it imports every test/host/*.host.ts.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, reporter: 'min' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  require('suites');
  const tests: { title: string; durationMs?: number; error?: string; skipped?: true }[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => tests.push({ title: test.fullTitle(), durationMs: test.duration ?? 0 }))
      .on('pending', (test) => tests.push({ title: test.fullTitle(), skipped: true }))
      .on('fail', (test, error: Error) => tests.push({ title: test.fullTitle(), error: error.stack ?? error.message }));
  });
  const report = process.env.SECOND_THOUGHT_TEST_REPORT;
  if (report === undefined) throw new Error('SECOND_THOUGHT_TEST_REPORT does not name a file for the result');
  writeFileSync(report, JSON.stringify(tests));
  if (failures > 0) throw new Error(`${failures} failed`);
}
