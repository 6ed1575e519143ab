/**
 * Pictures of the panel in every state, theme and width, to be looked at: `out/shots/<state>-<theme>-<width>.png`.
 *
 *   node test/webview/shots.ts [state...]
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { startHarness } from './harness.ts';
import { PREVIEW_SCENES, showPreviews } from './previewStates.ts';
import { SCENES, snapshot } from './states.ts';
import type { ThemeName } from './themes.ts';

const out = path.resolve('out/shots');
mkdirSync(out, { recursive: true });
const wanted = process.argv.slice(2);
const harness = await startHarness();
const themes: ThemeName[] = ['dark', 'light', 'hc'];
try {
  for (const theme of themes) {
    for (const width of [1280, 800]) {
      const panel = await harness.open({ theme, width, height: 800, reducedMotion: true });
      for (const [name, scene] of Object.entries(SCENES)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        await panel.send(snapshot(scene()));
        if (name.startsWith('fairness')) await panel.send({ type: 'focus', on: 'fairness' });
        await panel.page.screenshot({ path: path.join(out, `${name}-${theme}-${width}.png`) });
      }
      if (panel.faults.length > 0) console.error(theme, width, panel.faults);
      await panel.page.context().close();
      for (const name of Object.keys(PREVIEW_SCENES)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        const drawn = await harness.open({ theme, width, height: 800, reducedMotion: true });
        await showPreviews(drawn, name);
        await drawn.page.waitForTimeout(2500);
        await drawn.page.screenshot({ path: path.join(out, `${name}-${theme}-${width}.png`) });
        await drawn.page.context().close();
      }
    }
  }
} finally {
  await harness.close();
}
console.log(`pictures in ${out}`);
