import { startHarness } from './harness.ts';
import { CONTEXT, Script, ANSWER } from './states.ts';
const h = await startHarness();
const LINES = ANSWER.repeat(40).replace(/```tsx PricingCard.tsx\n/g, '').replace(/```\n/g, '');
async function measure(n: number, perFrame: number) {
  const p = await h.open({ reducedMotion: true });
  const script = new Script({ kind: 'design', title: 't', instruction: '', parts: [] }).start('fast', 'a:b').start('reasoning', 'a:c');
  const base = `\`\`\`tsx\n${LINES.repeat(Math.ceil((n * 4) / LINES.length) || 0).slice(0, n * 4)}`;
  script.lane(1, 'fast', { type: 'text', text: base }).lane(1, 'reasoning', { type: 'text', text: base });
  const cdp = await p.page.context().newCDPSession(p.page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const thread = async () => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'ThreadTime')!.value * 1000;
  const r0 = await thread();
  await p.send({ type: 'snapshot', state: script.state, context: CONTEXT, nowMs: 2 });
  const r1 = await thread();
  await cdp.send('Profiler.enable'); await cdp.send('Profiler.setSamplingInterval', { interval: 200 }); await cdp.send('Profiler.start'); const start = await thread(); const m0 = (await cdp.send('Performance.getMetrics')).metrics;
  const frames = 120;
  const res = await p.page.evaluate(async ({ seq, frames, perFrame, lines }) => {
    let at = 0; const times: number[] = []; let last = performance.now();
    for (let f = 0; f < frames; f++) {
      const events: unknown[] = [];
      if (perFrame) for (const lane of ['fast', 'reasoning']) for (let i = 0; i < perFrame; i++) events.push({ seq: seq++, atMs: 2 + f * 16, type: 'lane', lane, event: { type: 'text', text: lines.slice((at = (at + 4) % (lines.length - 8)), at + 4) } });
      window.postMessage({ type: 'events', events }, '*');
      await new Promise(requestAnimationFrame);
      const now = performance.now(); times.push(now - last); last = now;
    }
    times.sort((a, b) => a - b);
    return { p50: times[60], p95: times[114], total: times.reduce((a, b) => a + b) };
  }, { seq: script.events.length, frames, perFrame, lines: LINES });
  const cpu = (await thread() - start) / frames;
  const { profile } = await cdp.send('Profiler.stop'); const self = new Map<string, number>(); profile.samples!.forEach((id, i) => { const node = profile.nodes.find((x) => x.id === id)!; const k = `${node.callFrame.functionName}:${node.callFrame.lineNumber}`; self.set(k, (self.get(k) ?? 0) + profile.timeDeltas![i]! / 1000 / frames); }); console.log([...self].sort((a, b) => b[1] - a[1]).slice(0, 14).map(([k, v]) => `${k} ${v.toFixed(2)}`).join('\n'));
  const m1 = (await cdp.send('Performance.getMetrics')).metrics; const d = (k: string) => (((m1.find((m) => m.name === k)!.value - m0.find((m) => m.name === k)!.value) * 1000) / frames).toFixed(2);
  console.log('layout', d('LayoutDuration'), 'style', d('RecalcStyleDuration'), 'script', d('ScriptDuration'), 'task', d('TaskDuration'), 'layouts', (m1.find((m) => m.name === 'LayoutCount')!.value - m0.find((m) => m.name === 'LayoutCount')!.value));
  console.log(n, perFrame, 'cpu ms/frame', cpu.toFixed(2), 'frame', res.p50.toFixed(1), res.p95.toFixed(1), 'total', res.total.toFixed(0), 'restore cpu ms', (r1 - r0).toFixed(0), p.faults);
  await p.page.context().close();
}
await measure(10000, 33);
await measure(100000, 33);
await h.close();
