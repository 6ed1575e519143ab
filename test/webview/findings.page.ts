/** What should be known of an answer's code, in the panel: folded to a line, a list when opened, text only. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Finding } from '../../src/shared/design.ts';
import { type Harness, startHarness } from './harness.ts';
import { SCENES, snapshot } from './states.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

const FINDINGS: readonly Finding[] = [
  { kind: 'elision', message: 'Something is left out: "<b>rest</b> of the cards".', file: 'index.html', line: 12 },
  {
    kind: 'external',
    message: 'It loads from cdn.example.com (script), which is missing without a network.',
    file: 'index.html',
    line: 3,
  },
];

test('findings stand under the answer of their lane, folded, and are text', async () => {
  const make = SCENES.done;
  assert.ok(make);
  const message = snapshot(make());
  assert.ok(message.type === 'snapshot');
  const panel = await harness.open({ reducedMotion: true });
  await panel.send({ ...message, context: { ...message.context, findings: { fast: FINDINGS } } });
  const found = panel.page.locator('[data-lane=fast] .findings');
  assert.equal(await found.locator('summary').innerText(), '2 findings');
  assert.equal(await found.locator('li').first().isVisible(), false);
  await found.locator('summary').focus();
  await panel.page.keyboard.press('Enter');
  assert.match(await found.locator('li').first().innerText(), /Left out.*<b>rest<\/b> of the cards.*index\.html:12/s);
  assert.equal(await found.locator('b').count(), 0);
  assert.equal(await panel.page.locator('[data-lane=reasoning] .findings').count(), 0);
  assert.deepEqual(panel.faults, []);
  await panel.page.context().close();
});
