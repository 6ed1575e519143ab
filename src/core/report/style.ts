/** How the HTML report looks: calm, light or dark as its reader has it, one column where there is no room for two, and fit for paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1f2328; --quiet: #59636e; --line: #d8dee4; --soft: #f6f8fa;
  --fast: #1a62b8; --reasoning: #6a48c9; --warn: #8a5a00; --bad: #b3261e;
  --waiting: #c9d1d9; --retries: #e0a458; --thinking: #b9a5ec; --answering: #3d84d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181c; --ink: #e3e6ea; --quiet: #9ba4ae; --line: #30363d; --soft: #1e2126;
    --fast: #6cb2ff; --reasoning: #b39dfa; --warn: #e0b060; --bad: #ff8b80;
    --waiting: #3a414a; --retries: #a86f2c; --thinking: #6d58ad; --answering: #4a90dd;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 3rem; max-width: 76rem;
  background: var(--page); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%; overflow-wrap: anywhere;
}
.brand { margin: 0 0 .25rem; color: var(--quiet); font-size: .8rem; letter-spacing: .02em; }
h1 { margin: 0 0 .35rem; font-size: 1.75rem; line-height: 1.2; font-weight: 650; }
h2 { margin: 2.75rem 0 .75rem; font-size: 1.15rem; line-height: 1.3; font-weight: 650; }
h3 { margin: 1.5rem 0 .5rem; font-size: .95rem; }
h4 { margin: 1rem 0 .35rem; font-size: .85rem; color: var(--quiet); font-weight: 600; }
p { margin: .35rem 0; }
.fact, .none, .notice, figcaption { color: var(--quiet); }
.fact { margin: 0; }
.ratio { margin: 2rem 0 1.25rem; font-size: 1.35rem; line-height: 1.35; font-weight: 600; }
.timeline { margin: 0 0 1.75rem; }
.time { display: grid; grid-template-columns: 5.5rem 1fr 5.5rem; gap: .75rem; align-items: center; margin: .3rem 0; font-size: .85rem; }
.time > :last-child { text-align: end; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
.track { position: relative; height: .85rem; border-radius: .2rem; background: var(--soft); overflow: hidden; }
.track i { position: absolute; inset-block: 0; }
i.waiting { background: var(--waiting); } i.retries { background: var(--retries); }
i.thinking { background: var(--thinking); } i.answering { background: var(--answering); }
i.hidden { background: repeating-linear-gradient(45deg, var(--thinking) 0 4px, var(--waiting) 4px 8px); }
.ticks { position: relative; height: 1.2rem; color: var(--quiet); font-size: .75rem; }
.ticks span { position: absolute; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; margin: .2rem 0 0 6.25rem; color: var(--quiet); font-size: .8rem; }
.legend i { display: inline-block; width: .65rem; height: .65rem; margin-inline-end: .4rem; border-radius: .15rem; }
table { width: 100%; table-layout: fixed; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding: 0 0 .4rem; color: var(--quiet); font-size: .85rem; }
th, td { padding: .42rem .75rem .42rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
thead td, thead th { border-bottom-color: var(--quiet); }
thead td { width: 11rem; }
tbody th { font-weight: 400; color: var(--quiet); }
th.fast, .lane.fast .role { color: var(--fast); }
th.reasoning, .lane.reasoning .role { color: var(--reasoning); }
.better { font-weight: 650; }
.mark { margin-inline-start: .35rem; color: var(--quiet); font-size: .75rem; font-weight: 400; }
.sheet td > span { display: block; }
.lanes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 2.5rem; margin-top: 2.75rem; }
.lane { min-width: 0; }
.lane h2 { margin-top: 0; padding-top: .75rem; border-top: 2px solid currentColor; }
.lane.fast h2 { border-color: var(--fast); } .lane.reasoning h2 { border-color: var(--reasoning); }
.who { display: block; font-size: .85rem; font-weight: 400; color: var(--quiet); }
.status.warning { color: var(--warn); } .status.error { color: var(--bad); }
.instruction { white-space: pre-wrap; }
figure { margin: .75rem 0; }
figure img { display: block; max-width: 100%; max-height: 32rem; border: 1px solid var(--line); border-radius: .4rem; }
iframe { display: block; width: 100%; height: 26rem; border: 1px solid var(--line); border-radius: .4rem; background: #fff; color-scheme: light; resize: vertical; overflow: auto; }
figcaption { margin-top: .35rem; font-size: .8rem; }
.files { margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .85rem; }
.files bdi { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.files span { color: var(--quiet); }
pre {
  margin: .5rem 0; padding: .9rem 1rem; max-height: 36rem; overflow: auto; border-radius: .4rem; background: var(--soft);
  font: .8rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; tab-size: 2;
}
details { margin: .6rem 0; }
summary { color: var(--quiet); cursor: pointer; }
:focus-visible { outline: 2px solid var(--reasoning); outline-offset: 2px; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .85rem; }
footer h2 { margin-top: 1.25rem; font-size: .95rem; }
ul { padding-inline-start: 1.1rem; } li { margin: .2rem 0; }
.sr-only { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 34rem) {
  body { padding: 1.5rem 1rem 2rem; }
  h1 { font-size: 1.4rem; } .ratio { font-size: 1.15rem; }
  .time { grid-template-columns: 4.75rem 1fr 5.25rem; gap: .4rem; } .legend { margin-inline-start: 0; }
  thead td { width: 6.5rem; } th, td { padding-inline-end: .4rem; }
  .mark { display: block; margin: 0; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #f4f4f4; }
  body { max-width: none; padding: 0; font-size: 11px; }
  pre { max-height: none; overflow: visible; } .lanes { display: block; }
  h2, h3, summary, caption { break-after: avoid; } tr, figure, .timeline { break-inside: avoid; }
  i, .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
