/** What the stage is told while pictures are taken, without a browser: timers are the page's only part. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Layers } from '../../src/webview/preview/layers.ts';
import type { Frame } from '../../src/webview/preview/previewTypes.ts';

Object.assign(globalThis, { window: globalThis });

const PAGE = { kind: 'html', html: '', linked: [], runtimes: [], complete: true, problems: [] } as const;

/** A side whose page gives this picture. */
const side = (name: 'fast' | 'reasoning', picture: Frame['picture']) => ({
  side: name,
  name,
  preview: PAGE,
  frame: { status: 'ready', picture } as unknown as Frame, // the rest of a frame is not asked for
});

test('a picture that fails is said, and the next that is asked for is taken', { timeout: 20_000 }, async () => {
  const heard: string[] = [];
  let onChange = (): void => undefined;
  const layers = new Layers(() => onChange());
  const settled = (): Promise<void> =>
    new Promise((resolve) => {
      onChange = () => {
        heard.push(layers.state.kind === 'missing' ? layers.state.reasons.join(' ') : layers.state.kind);
        resolve();
      };
    });
  const fails = async (): Promise<undefined> => {
    throw new RangeError('out of memory');
  };
  const isGone = async (): Promise<undefined> => undefined;
  for (const [version, picture] of [fails, isGone].entries()) {
    const next = settled();
    layers.want({ topic: 'a', version: `${version}` }, [side('fast', picture), side('reasoning', isGone)], 100, false);
    await next;
  }
  layers.clear();
  assert.deepEqual(heard, [
    'The two cannot be laid over each other here: RangeError: out of memory',
    'fast: its page does not answer. reasoning: its page does not answer.',
  ]);
});
