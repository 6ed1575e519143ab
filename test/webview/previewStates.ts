/** Previews in every state a person can meet: what the host sends, and what the person has chosen. */
import type { Preview, PreviewSide } from '../../src/shared/preview.ts';
import type { ViewId } from '../../src/shared/view.ts';
import type { BoardSettings } from '../../src/webview/preview/boardSettings.ts';
import type { Panel } from './harness.ts';
import { SCENES, type Scene, snapshot } from './states.ts';

/** A pricing page of a landing site; `gap` and `button` are what two answers would do differently. */
export const pageOf = (gap: number, button: string, extra = ''): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Plans</title><style>
  :root { color-scheme: light dark; --accent: #5b4bdb; --ink: light-dark(#1f2333, #eceef8); --card: light-dark(#fff, #1c2030) }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: light-dark(#f5f6fb, #10131d) }
  header { display: flex; align-items: center; gap: 24px; padding: 18px 48px; background: var(--card); border-bottom: 1px solid #8883 }
  header b { margin-right: auto; font-size: 18px }
  h1 { margin: 56px 0 8px; text-align: center; font-size: 42px; line-height: 1.15 }
  .lead { margin: 0 0 40px; text-align: center; color: #7a8099 }
  .plans { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: ${gap}px; max-width: 960px; margin: 0 auto 64px; padding: 0 24px }
  .plan { padding: 28px; border-radius: 16px; background: var(--card); border: 1px solid #8883 }
  .plan.best { border-color: var(--accent); box-shadow: 0 12px 32px #5b4bdb22 }
  .price { font: 700 36px/1 system-ui } .price small { font: 400 14px system-ui; color: #7a8099 }
  ul { padding-left: 18px } button { width: 100%; padding: 12px; border: 0; border-radius: 10px; font: 600 15px system-ui; color: #fff; background: ${button} }
  .quote { max-width: 640px; margin: 0 auto 80px; padding: 0 24px; font-size: 20px; text-align: center }
</style></head><body>
<header><b>Northwind</b><span>Product</span><span>Pricing</span><span>Docs</span></header>
<h1>Simple plans for small teams</h1><p class="lead">Start free. Pay when your team grows.</p>
<section class="plans">
${[
  'Solo|0|One project,Community help',
  'Team|24|Unlimited projects,Shared components,Priority support',
  'Studio|79|Everything in Team,Single sign-on,Audit log',
]
  .map((plan, i) => {
    const [name = '', price = '', features = ''] = plan.split('|');
    return `<article class="plan${i === 1 ? ' best' : ''}"><h2>${name}</h2><p class="price">$${price}<small>/month</small></p><ul>${features
      .split(',')
      .map((feature) => `<li>${feature}</li>`)
      .join('')}</ul><button>Choose ${name}</button></article>`;
  })
  .join('\n')}
</section>
<p class="quote">“We shipped our redesign in a week. The plans page was the first thing that worked.”</p>${extra}
</body></html>`;

const html = (page: string, more: Partial<Extract<Preview, { kind: 'html' }>> = {}): Preview => ({
  kind: 'html',
  html: page,
  linked: [],
  runtimes: [],
  complete: true,
  problems: [],
  ...more,
});
const component = (framework: 'react' | 'vue' | 'svelte'): Preview => ({
  kind: 'component',
  framework,
  runtimes: [framework],
  entry: 'PricingCard.tsx',
  modules: [{ name: 'PricingCard.tsx', code: 'exports.default = () => null' }],
  css: '',
  complete: true,
  problems: [],
});
const none = (reason: string, problems: readonly string[] = []): Preview => ({ kind: 'none', reason, problems });
const picture = (svg: string, width: number, height: number): Preview => ({
  kind: 'picture',
  mediaType: 'image/svg+xml',
  base64: Buffer.from(svg).toString('base64'),
  size: { width, height },
});

export const FAST = html(pageOf(24, '#5b4bdb'));
export const REASONING = html(pageOf(32, '#4636c9', '<footer style="padding: 40px; text-align: center">© Northwind</footer>'));
/** A mock-up of twice the pixels, as screenshots of good screens are. */
export const DESIGN = picture(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2560 1800" width="2560" height="1800"><rect width="2560" height="1800" fill="#f5f6fb"/><rect width="2560" height="128" fill="#fff"/><text x="96" y="80" font-family="sans-serif" font-weight="700" font-size="36">Northwind</text><text x="1280" y="330" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="84">Simple plans for small teams</text>${[0, 1, 2].map((i) => `<rect x="${360 + i * 640}" y="520" width="560" height="640" rx="32" fill="#fff" stroke="${i === 1 ? '#5b4bdb' : '#ccd'}" stroke-width="4"/><rect x="${416 + i * 640}" y="1020" width="448" height="88" rx="20" fill="#5b4bdb"/>`).join('')}</svg>`,
  2560,
  1800,
);
/** What a careless model writes. */
const BLOCKED = html(
  pageOf(
    24,
    '#0a7d55',
    `<img src="https://picsum.photos/600/300" width="600" height="300" alt="Team"><img src="https://cdn.example.com/logo.png" alt="Logo">
     <img src="/img/3.jpg" alt=""><script src="https://cdn.tailwindcss.com"></script><script>document.title = 'x'</script>
     <link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter">`,
  ),
);
const CUT = html(pageOf(24, '#5b4bdb').slice(0, 2150), { complete: false });
const FAILED = none('The component does not compile.', [
  'PricingCard.tsx, line 14: Unexpected token, expected "}"\n  12 |   return (\n  13 |     <article>\n> 14 |       {plan.features.map((feature) => (\n',
]);

export interface PreviewScene {
  readonly scene: () => Scene;
  readonly view: ViewId;
  readonly previews: Partial<Record<PreviewSide, Preview>>;
  readonly settings?: Partial<BoardSettings>;
}

const done = (): Scene => named('done');
function named(name: string): Scene {
  const make = SCENES[name];
  if (!make) throw new Error(`no scene ${name}`);
  return make();
}
const BOTH = { fast: FAST, reasoning: REASONING };
const ALL = { ...BOTH, design: DESIGN };
const compared = (settings: Partial<BoardSettings>, previews: PreviewScene['previews'] = ALL): PreviewScene => ({
  scene: done,
  view: 'compare',
  previews,
  settings,
});

/** By name; the order in which they are drawn. */
export const PREVIEW_SCENES: Readonly<Record<string, PreviewScene>> = {
  'preview-waiting': { scene: () => named('waiting'), view: 'preview', previews: {} },
  'preview-streaming': { scene: () => named('streaming'), view: 'preview', previews: { fast: CUT } },
  'preview-done': { scene: done, view: 'preview', previews: BOTH },
  'preview-design': { scene: done, view: 'preview', previews: ALL, settings: { design: true } },
  'preview-phone': { scene: done, view: 'preview', previews: ALL, settings: { width: 390 } },
  'preview-dark': { scene: done, view: 'preview', previews: BOTH, settings: { scheme: 'dark', width: 'fit' } },
  'preview-component': { scene: done, view: 'preview', previews: { fast: component('react'), reasoning: component('svelte') } },
  'preview-failed': {
    scene: () => {
      const scene = done();
      const findings = {
        fast: [
          {
            kind: 'elision',
            message: 'Something was left out: “// ... rest of the features”.',
            file: 'PricingCard.tsx',
            line: 31,
          },
        ],
      } as const;
      return { ...scene, context: { ...scene.context, findings } };
    },
    view: 'preview',
    previews: { fast: FAILED, reasoning: none('The answer has no page or component: it is only text.') },
  },
  'preview-blocked': { scene: done, view: 'preview', previews: { fast: BLOCKED, reasoning: REASONING } },
  'compare-side': compared({ mode: 'side' }),
  'compare-side-design': compared({ mode: 'side', pair: 'design-reasoning' }),
  'compare-swipe': compared({ mode: 'swipe' }),
  'compare-swipe-design': compared({ mode: 'swipe', pair: 'design-fast', swipe: 0.4 }),
  'compare-onion': compared({ mode: 'onion' }),
  'compare-blink': compared({ mode: 'blink' }),
  'compare-pixels': compared({ mode: 'pixels' }),
  'compare-not-ready': compared({ mode: 'swipe' }, { fast: component('react'), reasoning: FAILED }),
};

/** Brings a page to a scene, as if the person had chosen all of it before. */
export async function showPreviews(
  panel: Panel,
  name: string,
  more: Partial<BoardSettings> = {},
  others: PreviewScene['previews'] = {},
): Promise<void> {
  const chosen = PREVIEW_SCENES[name];
  if (!chosen) throw new Error(`no preview scene ${name}`);
  const { scene, view, previews, settings } = chosen;
  await panel.page.evaluate((state) => sessionStorage.setItem('state', JSON.stringify(state)), {
    view,
    board: { ...settings, ...more },
  });
  await panel.page.reload();
  await panel.send(snapshot(scene()));
  for (const [side, preview] of Object.entries({ ...previews, ...others }))
    await panel.send({ type: 'preview', side: side as PreviewSide, preview }); // its keys are sides
}
