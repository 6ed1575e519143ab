/** A hostile page, cut anywhere; and messages that pretend to be the host's. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ToWebview } from '../../src/shared/protocol.ts';
import { type Harness, startHarness } from './harness.ts';
import { SIMPLE_VECTORS as VECTORS } from './isolationVectors.ts';
import type { PreviewLab } from './previewEntry.ts';
import { SCENES, snapshot } from './states.ts';

let harness: Harness;
let lab: Harness;
before(async () => {
  [harness, lab] = await Promise.all([startHarness(), startHarness('test/webview/previewEntry.ts')]);
});
after(() => Promise.all([harness.close(), lab.close()]));

test('cut anywhere, a hostile page has nothing left that runs or loads', async () => {
  const at = { url: 'https://127.0.0.1:1', host: '127.0.0.1:1', udpPort: 1, nonce: 'n' };
  const pages = [...VECTORS.map((vector) => vector.html(at)), VECTORS.map((vector) => vector.html(at)).join('\n')];
  const { page } = await lab.open();
  const cuts = await page.evaluate(async (all) => {
    const { leftovers } = Reflect.get(globalThis, 'lab') as PreviewLab; // put there by the entry
    const found: string[] = [];
    let count = 0;
    for (const html of all)
      for (let at = 1; at <= html.length + 12; at += html.length > 3000 ? 67 : 3, count++)
        for (const what of await leftovers(html.slice(0, at)))
          found.push(`${at}: ${what} in ${html.slice(Math.max(0, at - 80), at)}`);
    return { count, found: found.slice(0, 10) };
  }, pages);
  console.log(`${cuts.count} cuts`);
  assert.deepEqual(cuts.found, []);
  assert.ok(cuts.count > 3000);
  await page.context().close();
});

test('what a preview says never reaches the panel as a message of the host', async () => {
  const panel = await harness.open({ reducedMotion: true });
  const scene = SCENES.done?.() ?? assert.fail();
  await panel.send(snapshot(scene));
  await panel.posted();
  // Events that do not follow: believed, they would make the panel ask for a snapshot.
  const forged: ToWebview = { type: 'events', events: [{ type: 'comparison-end', seq: 10_000, atMs: 10_000 }] };
  const drawn = await panel.page.locator('#app').innerText();
  await panel.page.evaluate(async (message) => {
    const nonce = document.querySelector('script')?.nonce ?? '';
    const text = JSON.stringify(message);
    const say = (to: string): string => `<script nonce="${nonce}">${to}.postMessage(${text}, '*');</scr${'ipt'}>`;
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    const nested = `<iframe srcdoc="${(say('top') + say('parent.parent')).replaceAll('"', '&quot;')}"></iframe>`;
    frame.srcdoc = `${say('parent')}${say('top')}${nested}<script nonce="${nonce}">parent.postMessage('said', '*')</scr${'ipt'}>`;
    let heard = 0;
    window.addEventListener('message', () => heard++);
    document.body.append(frame);
    while (heard < 5) await new Promise((resolve) => setTimeout(resolve, 20));
  }, forged);
  assert.deepEqual(await panel.posted(), []);
  assert.equal(await panel.page.locator('#app').innerText(), drawn);
  await panel.send(forged);
  assert.deepEqual(await panel.posted(), [{ type: 'ready' }], 'the same words of the host are heard');
  await panel.page.context().close();
});

test('with a stolen nonce, only a copy of the same script runs in a frame within the frame, and has no WebRTC either', async () => {
  const { page } = await lab.open();
  const heard = await page.evaluate(async () => {
    const { show } = Reflect.get(globalThis, 'lab') as PreviewLab; // put there by the entry
    const nonce = document.querySelector('script')?.nonce ?? '';
    const said: unknown[] = [];
    window.addEventListener('message', ({ data }) => {
      if (data?.who) said.push(data);
    });
    const say = (who: string): string => `top.postMessage({who:${who},rtc:typeof RTCPeerConnection},'*');`;
    const frameOf = (text: string): string =>
      `{const f=document.createElement('iframe');f.srcdoc="<body><script nonce='${nonce}'>"+${text}+"</scr"+"ipt>";document.body.append(f);}`;
    const code = `${say("parent===top?'page':'copy'")}if(parent===top){${frameOf('document.currentScript.textContent')}${frameOf(JSON.stringify(say("'other'")))}}`;
    const html = `<!doctype html><body><script>${code}</scr${'ipt'}>`;
    await show({ kind: 'html', html, linked: [], runtimes: [], complete: true, problems: [] }, { scripts: true });
    while (said.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return said;
  });
  assert.deepEqual(heard, [
    { who: 'page', rtc: 'undefined' },
    { who: 'copy', rtc: 'undefined' },
  ]);
  await page.context().close();
});
