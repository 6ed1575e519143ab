/** In the panel's place: one preview frame, for tests to drive. */
import type { Preview, RuntimeId } from '../../src/shared/preview.ts';
import { PreviewFrame } from '../../src/webview/preview/frame.ts';
import type { ShowOptions } from '../../src/webview/preview/previewTypes.ts';

export interface PreviewLab {
  readonly runtimes: Map<RuntimeId, string>;
  frame: PreviewFrame;
  scrolls: number;
  /** Messages that reached this window with an origin of their own, as those of the host do. */
  readonly fromHost: unknown[];
  /** Another frame, with nothing in it. */
  fresh(): void;
  /** Resolves once the page is seen, or shows nothing for a reason. */
  show(preview: Preview, options?: Partial<ShowOptions>): Promise<string>;
}

const runtimes = new Map<RuntimeId, string>();
const DEFAULTS: ShowOptions = { widthPx: 800, heightPx: 600, zoom: 1, colorScheme: 'light', scripts: false };
let waiting: (() => void) | undefined;

const lab: PreviewLab = {
  runtimes,
  frame: undefined as unknown as PreviewFrame, // made by fresh(), below
  scrolls: 0,
  fromHost: [],
  fresh() {
    lab.frame?.dispose();
    lab.frame?.element.remove();
    lab.frame = new PreviewFrame(runtimes, { onChange: () => waiting?.(), onScroll: () => lab.scrolls++ });
    document.body.append(lab.frame.element);
  },
  async show(preview, options) {
    lab.frame.show(preview, { ...DEFAULTS, ...options });
    const isSettled = (): boolean => lab.frame.status !== 'loading' && !(lab.frame.status === 'empty' && !lab.frame.message);
    while (!isSettled())
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    return lab.frame.status;
  },
};
window.addEventListener('message', (event) => {
  if (event.source === window.parent && event.origin === window.origin) lab.fromHost.push(event.data);
});
Object.assign(window, { lab });
lab.fresh();
