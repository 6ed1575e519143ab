/** Pictures that a page makes of itself, against what the browser shows of it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { HeatMap } from '../../src/webview/preview/heatMap.ts';
import type { PagePicture } from '../../src/webview/preview/rasterProbe.ts';
import { launch } from './harness.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const WIDTH = 640;
const HEIGHT = 480;
/** Text may be smoothed a little differently in an image. */
const MOST_PIXELS = 60;

let browser: Browser;
let program: string;
before(async () => {
  browser = await launch();
  const bundle = await build({
    stdin: {
      contents: `import { rasterise } from './src/webview/preview/rasterProbe.ts';
        import { heatMap } from './src/webview/preview/heatMap.ts';
        Object.assign(window, { rasterise, heatMap });`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
  });
  program = bundle.outputFiles[0]?.text ?? '';
});
after(() => browser.close());

const LINES = Array.from({ length: 40 }, (_, i) => `<p>Line ${i} of a page that is longer than its window.</p>`).join('');
const styled = (css: string, body: string): string => `<!doctype html><style>${css}</style><body>${body}`;

const PAGES: Readonly<Record<string, string>> = {
  'a plain page': styled('', '<h1>Heading</h1><p>Text</p>'),
  'a long page': styled('', LINES),
  'rem against another root size': styled('html { font-size: 62.5% } p { font-size: 2.4rem; padding: 1rem }', '<p>Text</p>'),
  'variables and colours of :root': styled(
    ':root { --ink: #a00; --gap: 3rem; background: #eef; padding-top: 40px } p { color: var(--ink); padding: var(--gap) }',
    '<p>Text</p>',
  ),
  'the canvas takes the background of the body': styled('body { background: #123; color: #fff; width: 300px }', '<p>Text</p>'),
  'a gradient behind everything': styled(
    'body { margin: 0; min-height: 100vh; background: linear-gradient(135deg, #667eea, #764ba2) }',
    '<p>Text</p>',
  ),
  'heights of the window': styled(
    'body { margin: 0 } section { min-height: 100vh; background: #ddf } section + section { height: calc(50vh - 2rem); background: #fdd }',
    '<section>One</section><section>Two</section><div style="height: 25svh; background: #dfd">Three</div>',
  ),
  'heights in per cent': styled(
    'html, body { height: 100%; margin: 0 } main { height: 100%; background: #ddf }',
    `<main>As high as the window</main>${LINES}`,
  ),
  'a bar at the bottom of the window': styled(
    'nav { position: fixed; inset: auto 0 0; background: #222; color: #fff; padding: 8px }',
    '<p>Text</p><nav>Menu</nav>',
  ),
  'queries about the window': styled(
    '@media (max-width: 700px) { p { color: #0a0; font-size: 30px } } @media (min-height: 900px) { p { display: none } } @media print { p { color: #fff } }',
    '<p>Narrow</p>',
  ),
  'nested rules, layers and containers': styled(
    `@layer base, late; @layer late { p { color: #00a } } @layer base { p { color: #a00 } }
     main { container-type: inline-size; & p { padding: 8px; @media (width < 700px) { background: #ffd } } }
     @container (width > 300px) { p { border: 4px solid #080 } } @supports (display: grid) { main { display: grid } }`,
    '<main><p>Text</p></main>',
  ),
  'classes with the signs of utilities': styled(
    String.raw`.h-\[50vh\] { height: 50vh; background: #ddf } .w-1\/2 { width: 50% } .md\:p-4 { padding: 16px }`,
    '<div class="h-[50vh] w-1/2 md:p-4">Text</div>',
  ),
  'what fades in stands at its end': styled(
    '@keyframes in { from { opacity: 0; transform: translateY(40px) } } p { animation: in 0.01s both; font-size: 40px }',
    '<p>Text</p>',
  ),
  'margins that would fall together': styled('body { margin: 0 } h1 { margin: 60px 20px; background: #ddf }', '<h1>Heading</h1>'),
  'a dark scheme without a background': styled(':root { color-scheme: dark }', '<h1>Heading</h1><input value="field">'),
  'form fields with live values': styled(
    'input, textarea, select { font: 20px monospace }',
    `<input id="text" value="old"><input type="checkbox" id="box"><textarea id="area">old</textarea>
     <select id="pick"><option>one<option>two</select><form><input name="attributes" value="clobbers"><input name="style"></form>
     <script>text.value = 'new'; box.checked = true; area.value = 'new\\nlines'; pick.value = 'two'</script>`,
  ),
  'inline pictures': styled(
    '',
    `<svg viewBox="0 0 10 10" width="100"><use xlink:href="#dot"/><circle id="dot" cx="5" cy="5" r="4" fill="#080"/></svg>
     <img width="60" height="40" alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 6 4'%3E%3Crect width='6' height='4' fill='%23a0a'/%3E%3C/svg%3E">`,
  ),
  'a drawn canvas': styled(
    '',
    `<canvas id="c" width="80" height="60"></canvas><script>const pen = c.getContext('2d'); pen.fillStyle = '#c40'; pen.fillRect(10, 10, 50, 30)</script>`,
  ),
  'markup that XML does not know': styled(
    '.a { color: #a00 }',
    `<!-- a -- comment --><o:p class="a">Old</o:p><p 1x="y" @click="go" :key="k" on:input="x" xmlns:v="urn:v" title="a &lt; b &amp; \u0001\u000b\ufffe">Text & more &lt;</p><my-element class="a">Own</my-element><?php echo ?><math><mi>x</mi></math><base href="/x"><template><p>Never</p></template>`,
  ),
  'quotes and signs in style': styled(
    `p::before { content: "<&>'\\201C"; } p::after { content: "]]>" }`,
    '<p style="color: red; font-family: &quot;A B&quot;">Text</p>',
  ),
};

for (const [name, html] of Object.entries(PAGES))
  test(name, async () => {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, reducedMotion: 'reduce' });
    try {
      await page.setContent(html);
      await page.addStyleTag({ content: '::-webkit-scrollbar { display: none }' });
      await page.waitForTimeout(60);
      const shown = (await page.screenshot({ fullPage: true, caret: 'hide', animations: 'disabled' })).toString('base64');
      await page.addScriptTag({ content: program });
      const picture = await page.evaluate<PagePicture>('rasterise()');
      assert.equal(picture.kind, 'png', picture.kind === 'none' ? picture.reason : 'its pixels can be read');
      if (picture.kind !== 'png') return;
      assert.equal(picture.size.widthPx, WIDTH);
      const other = await browser.newPage();
      await other.addScriptTag({ content: program });
      const found = await other.evaluate<Omit<HeatMap, 'map'> | undefined>(`(async () => {
        const pixels = async (url) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
          const pen = canvas.getContext('2d');
          pen.drawImage(image, 0, 0);
          return pen.getImageData(0, 0, canvas.width, canvas.height);
        };
        const found = await heatMap(await pixels('data:image/png;base64,${shown}'), await pixels('${picture.url}'), undefined, async () => {});
        return { differingPixels: found.differingPixels, share: found.share, unmatchedRows: found.unmatchedRows };
      })()`);
      assert.equal(found?.unmatchedRows, 0, 'it is as long as the page');
      assert.ok(
        found && found.differingPixels <= MOST_PIXELS,
        `${found?.differingPixels} pixels differ from what the browser shows`,
      );
    } finally {
      await page.context().close();
    }
  });

test('the same page gives the same picture', async () => {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await page.setContent(
    styled(
      '@keyframes turn { to { rotate: 360deg } } b { display: inline-block; animation: turn 1s infinite linear }',
      '<b>Text</b>',
    ),
  );
  await page.addScriptTag({ content: program });
  const first = await page.evaluate<PagePicture>('rasterise()');
  await page.waitForTimeout(130);
  assert.deepEqual(await page.evaluate<PagePicture>('rasterise()'), first);
  await page.context().close();
});

test('a very long page ends at the limit, and says how long it is', async () => {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await page.setContent(styled('body { margin: 0 }', '<div style="height: 40000px; background: #ddf">Text</div>'));
  await page.addScriptTag({ content: program });
  const picture = await page.evaluate<PagePicture>('rasterise()');
  assert.ok(picture.kind === 'png');
  assert.deepEqual(picture.size, { widthPx: WIDTH, heightPx: 12_000, pageHeightPx: 40_000 });
  await page.context().close();
});
