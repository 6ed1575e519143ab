/**
 * A comparison as one HTML file that needs nothing else: to be read from a disk, mailed, printed.
 *
 * Whatever a model or a file said is text here, escaped without exception. The page has no script, and its policy lets nothing load but
 * the pictures it carries. The one place where an answer is drawn, its preview, is a sandboxed frame that inherits this policy: styles
 * work, and neither scripts nor the network do.
 */
import { type ComparisonState, LANE_LABEL, LANES, type LaneId } from '../../shared/comparison.ts';
import type { FairnessCell, FairnessRow } from '../../shared/fairness.ts';
import { formatCount, plural, UNKNOWN } from '../../shared/figures.ts';
import { detailSentence, metric } from '../../shared/metrics.ts';
import type { Task } from '../../shared/task.ts';
import { axisSeconds, describeSegments, PHASES, segmentsOf, tickLabel } from '../../shared/timeline.ts';
import type { AnswerFile } from '../artifact/artifact.ts';
import { type About, type MeterRow, type Report, type ReportLane, reportOf } from './report.ts';
import { STYLE } from './style.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** `state`: folded from a log that was cleaned before, see `clean.ts`. */
export function htmlOf(state: ComparisonState, about: About): string {
  const report = reportOf(state, about);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Second Thought ${escaped(about.version)}">
<title>${escaped(report.title)} – Second Thought</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="brand">Second Thought</p>
<h1><bdi>${escaped(report.title)}</bdi></h1>
${paragraphs(report.facts, 'fact')}
</header>
<main>
<section aria-labelledby="outcome">
<h2 id="outcome" class="sr-only">Outcome</h2>
<p class="ratio">${escaped(report.ratio)}</p>
${timeline(state)}
${meters(report.meters)}
</section>
${task(state.task, report)}
<div class="lanes">
${report.lanes.map(answer).join('\n')}
</div>
${fairness(report)}
${earlier(report.earlier)}
</main>
<footer>
<h2>Where the figures come from</h2>
<ul>
${report.basis.map((sentence) => `<li>${escaped(sentence)}</li>`).join('\n')}
</ul>
</footer>
</body>
</html>
`;
}

/** Text as HTML shows it, in an element or between quotes. What is no character there becomes the sign for that. */
export const escaped = (text: string): string =>
  text
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd');

const paragraphs = (sentences: readonly string[], className: string): string =>
  sentences.map((sentence) => `<p class="${className}">${escaped(sentence)}</p>`).join('\n');

function timeline({ runs, atMs }: ComparisonState): string {
  const lanes = LANES.flatMap((lane) => {
    const run = runs[lane];
    return run ? [{ lane, run, segments: segmentsOf(run, atMs) }] : [];
  });
  if (lanes.every(({ segments }) => segments.length === 0)) return '';
  const axis = axisSeconds(Math.max(1000, ...lanes.map(({ segments }) => segments.at(-1)?.toMs ?? 0)));
  const percent = (ms: number): string => `${Math.min(100, ms / 10 / axis).toFixed(3)}%`;
  const rows = lanes.map(({ lane, run, segments }) => {
    const bars = segments.map(
      ({ phase, fromMs, toMs }) =>
        `<i class="${phase}" style="inset-inline-start:${percent(fromMs)};inline-size:${percent(toMs - fromMs)}"></i>`,
    );
    const words = escaped(describeSegments(lane, segments, detailSentence(run, atMs)));
    const total = escaped(metric('total').read(run, atMs).figure);
    return `<div class="time"><span>${LANE_LABEL[lane]}</span><div class="track" role="img" aria-label="${words}">${bars.join('')}</div><span class="figure">${total}</span></div>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75].map(
    (at) => `<span style="inset-inline-start:${at * 100}%">${escaped(tickLabel(axis * at))}</span>`,
  );
  const phases = PHASES.filter((phase) => lanes.some(({ segments }) => segments.some((each) => each.phase === phase)));
  const legend = phases.map((phase) => `<span><i class="${phase}"></i>${phase === 'hidden' ? 'hidden thinking' : phase}</span>`);
  return `<div class="timeline">
${rows.join('\n')}
<div class="time" aria-hidden="true"><span></span><div class="ticks">${ticks.join('')}</div><span></span></div>
<p class="legend" aria-hidden="true">${legend.join(' ')}</p>
</div>`;
}

function meters(rows: readonly MeterRow[]): string {
  const cell = (row: MeterRow, lane: LaneId): string =>
    row.better === lane
      ? `<td class="better">${escaped(row[lane])} <span class="mark">better</span></td>`
      : `<td>${escaped(row[lane])}</td>`;
  return `<table class="meters">
<caption>Every figure of the two</caption>
<thead><tr><td></td>${laneHeads()}</tr></thead>
<tbody>
${rows
  .map(
    (row) =>
      `<tr data-metric="${row.id}"><th scope="row" title="${escaped(row.title)}">${escaped(row.label)}</th>${LANES.map((lane) => cell(row, lane)).join('')}</tr>`,
  )
  .join('\n')}
</tbody>
</table>`;
}

const laneHeads = (): string => LANES.map((lane) => `<th scope="col" class="${lane}">${LANE_LABEL[lane]}</th>`).join('');

function task({ instruction }: Task, { materials }: Report): string {
  const material = materials.map(({ part, about, change }) => {
    const changed = change === undefined ? '' : `<p class="fact">${escaped(change)}</p>`;
    return part.type === 'image'
      ? `<figure><img src="data:${part.mediaType};base64,${escaped(part.base64)}" alt="${escaped(about)}"><figcaption><bdi>${escaped(about)}</bdi></figcaption>${changed}</figure>`
      : `<details${part.text.length <= OPEN_LENGTH ? ' open' : ''}><summary><bdi>${escaped(about)}</bdi></summary>${changed}${code(part.text)}</details>`;
  });
  return `<section aria-labelledby="task">
<h2 id="task">What was asked</h2>
${instruction ? `<p class="instruction">${escaped(instruction)}</p>` : ''}
${material.join('\n')}
</section>`;
}

/** A longer text is folded. */
const OPEN_LENGTH = 1500;

const code = (text: string): string => `<pre dir="auto" tabindex="0">${escaped(text)}</pre>`;

function answer({ lane, run, who, status, tone, files, problems, findings }: ReportLane): string {
  const { plan } = run;
  return `<section class="lane ${lane}" aria-labelledby="${lane}">
<h2 id="${lane}"><span class="role">${LANE_LABEL[lane]}</span> <bdi class="who">${escaped(who)}</bdi></h2>
<p class="status ${tone}">${escaped(status)}</p>
${paragraphs([...run.notices, ...problems, ...findings], 'notice')}
${previews(lane, files)}
<h3>Answer</h3>
${files.length > 0 ? `<ul class="files">${files.map(fileLine).join('')}</ul>` : ''}
${run.text ? code(run.text) : '<p class="none">There is no answer.</p>'}
${run.reasoning ? `<details><summary>Thinking, ${escaped(plural(run.reasoning.length, 'character'))}</summary>${code(run.reasoning)}</details>` : ''}
<details><summary>Words sent before the material</summary>
<h4>System prompt</h4>
${code(plan.system)}
<h4>Prompt</h4>
${code(plan.prompt)}
</details>
</section>`;
}

const fileLine = ({ name, content, complete }: AnswerFile): string =>
  `<li><bdi>${escaped(name)}</bdi> <span>${formatCount(content.length)} characters${complete ? '' : ', not closed'}</span></li>`;

function previews(lane: LaneId, files: readonly AnswerFile[]): string {
  const pages = files.filter(({ languageId }) => languageId === 'html');
  if (pages.length === 0) return '<p class="none">No preview: the answer holds no HTML file.</p>';
  return pages
    .map(
      ({ name, content }) => `<figure class="preview">
<iframe sandbox title="Preview of ${escaped(name)}, ${lane} lane" srcdoc="${escaped(previewOf(content))}"></iframe>
<figcaption>Preview of <bdi>${escaped(name)}</bdi>. Scripts, links, forms and the network are off in it.</figcaption>
</figure>`,
    )
    .join('\n');
}

/**
 * An answer's page as its frame gets it: under a policy of its own before its first word. Elements that open a connection before any policy
 * is asked (`preconnect`, and in Chromium a frame in a frame) are made elements that nobody knows; they could show nothing anyway. Links
 * look as they do and are inert, because a pointer on one may open its connection. In a vector image nothing is inert: there a link leads
 * to the page's own beginning, because of two attributes of a name the first counts, and nothing can change it later.
 */
const previewOf = (content: string): string =>
  `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta http-equiv="x-dns-prefetch-control" content="off">${PLACEHOLDERS}${content.replace(CONNECTING, '<x-').replace(LINKING, '$& href="about:srcdoc#" inert')}`;

/** A grey box where a picture would be loaded from elsewhere, as in the panel: a broken picture would look like a fault of the answer. */
const PLACEHOLDERS =
  "<style>img:not([src^='data:' i]){content:url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\");background:#8884}</style>";

/** As a browser reads a tag: its name in any case, then a space, a slash or the end. */
const CONNECTING = /<(?=(?:link|i?frame|object|embed|set|animate)[\s/>])/gi;
const LINKING = /<(?:a|area)(?=[\s/>])/gi;

function fairness({ fairness: verdict, sheet }: Report): string {
  if (sheet.length === 0) return '';
  return `<section aria-labelledby="fairness">
<h2 id="fairness">Fairness</h2>
<p>${escaped(verdict)}</p>
<table class="sheet">
<caption>What each of the two really received</caption>
<thead><tr><td></td>${laneHeads()}</tr></thead>
<tbody>
${sheet.map(sheetRow).join('\n')}
</tbody>
</table>
</section>`;
}

function sheetRow(row: FairnessRow): string {
  const lines = (cell: FairnessCell): string => cell.map((text) => `<span>${escaped(text)}</span>`).join('');
  const cells = row.same
    ? `<td colspan="2">${lines(row.fast.map((text, index) => (index === 0 ? `Both: ${text}` : text)))}</td>`
    : LANES.map((lane) => `<td>${lines(row[lane])}</td>`).join('');
  return `<tr><th scope="row" title="${escaped(row.title)}">${escaped(row.label)}</th>${cells}</tr>`;
}

function earlier(sentences: readonly string[]): string {
  if (sentences.length === 0) return '';
  return `<section aria-labelledby="earlier">
<h2 id="earlier">Earlier runs</h2>
<ul>${sentences.map((sentence) => `<li>${escaped(sentence || UNKNOWN)}</li>`).join('\n')}</ul>
</section>`;
}
