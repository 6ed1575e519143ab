/** What streams into the panel's page when it is measured: two long pages, cut into one message a frame, as the log tells of them. */
import { type ComparisonEvent, type ComparisonState, EMPTY, LANES, reduce } from '../src/shared/comparison.ts';
import type { Task } from '../src/shared/task.ts';

/** In HTML a token is about this long. */
const CHARACTERS_A_TOKEN = 4;
/** Stands at the end of each page, so that whoever looks at one can tell that it is whole. */
export const LAST_ID = 'the-end';

const TASK: Task = {
  kind: 'design',
  title: 'Catalogue',
  instruction: 'Build this page.',
  parts: [{ type: 'text', text: '# Catalogue' }],
  target: 'html',
};

export interface PanelStream {
  /** Both lanes have begun, and written nothing. */
  readonly begun: ComparisonState;
  /** One message for each frame; in the last both lanes end. */
  readonly batches: readonly (readonly ComparisonEvent[])[];
}

/** @param tokens of each lane; @param perFrame of each lane */
export function panelStream(tokens: number, perFrame: number): PanelStream {
  const log = logOf();
  const head: ComparisonEvent[] = [
    { seq: log.next(), atMs: 0, type: 'comparison-start', schema: 1, id: 'bench', startedAt: '2026-11-22T10:00:00Z', task: TASK },
  ];
  for (const lane of LANES) {
    const plan = {
      lane,
      model: `bench:${lane}`,
      endpointLabel: 'Bench',
      scripted: false,
      maxOutputTokens: tokens,
      system: '',
      prompt: '',
    };
    const start = { type: 'start', plan: { ...plan, estimate: { inputTokens: 100 } } } as const;
    head.push(log.lane(lane, start), log.lane(lane, { type: 'attempt', number: 1 }), log.lane(lane, { type: 'first-byte' }));
  }
  const answers = LANES.map((lane) => ({ lane, text: `\`\`\`html index.html\n${longPage(tokens, lane)}\n\`\`\`\n` }));
  const step = perFrame * CHARACTERS_A_TOKEN;
  const batches: ComparisonEvent[][] = [];
  for (let at = 0; answers.some(({ text }) => at < text.length); at += step) {
    const atMs = (batches.length * 1000) / 60;
    const pieces = answers.filter(({ text }) => at < text.length);
    batches.push(pieces.map(({ lane, text }) => log.lane(lane, { type: 'text', text: text.slice(at, at + step) }, atMs)));
  }
  const endMs = (batches.length * 1000) / 60;
  batches.push([...LANES.map((lane) => log.lane(lane, { type: 'end', reason: 'stop' }, endMs)), log.close(endMs)]);
  return { begun: head.reduce(reduce, EMPTY), batches };
}

type OfLane = Extract<ComparisonEvent, { type: 'lane' }>;

function logOf() {
  let seq = 0;
  return {
    next: (): number => seq++,
    lane: (lane: OfLane['lane'], event: OfLane['event'], atMs = 0): ComparisonEvent => ({
      seq: seq++,
      atMs,
      type: 'lane',
      lane,
      event,
    }),
    close: (atMs: number): ComparisonEvent => ({ seq: seq++, atMs, type: 'comparison-end' }),
  };
}

/** A page as models write them: a long style sheet, then sections of cards with pictures, icons, links, a table, a form and a script. */
function longPage(tokens: number, salt: string): string {
  const length = tokens * CHARACTERS_A_TOKEN;
  const foot = `<p id="${LAST_ID}">The end</p>\n<script>document.querySelectorAll('button').forEach((b) => (b.onclick = () => b.remove()));</script>\n</body>\n</html>`;
  const parts = [
    `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${salt}</title>\n`,
    '<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter">\n<style>\n',
    ':root { --accent: #5b4bdb; --ink: #16181d; }\n* { box-sizing: border-box; }\nbody { margin: 0; font: 16px/1.5 Inter, sans-serif; color: var(--ink); }\n',
  ];
  for (let i = 0; i < 120; i++)
    parts.push(
      `.card-${i} { display: grid; gap: ${i % 24}px; padding: 12px 16px; border-radius: 12px; background: linear-gradient(${i}deg, rgba(91, 75, 219, .1), #fff); }\n`,
      `@media (max-width: ${600 + i}px) { .card-${i}:hover > .body::after { content: "\\2192"; transform: translateX(${i % 7}px); } }\n`,
    );
  parts.push(
    '</style>\n</head>\n<body>\n<header><nav><a href="/">Home</a> <a href="#cards">Cards</a></nav></header>\n<main id="cards">\n',
  );
  let size = parts.join('').length;
  for (let i = 0; size < length - foot.length; i++) {
    const part = sectionOf(i, salt);
    parts.push(part);
    size += part.length;
  }
  parts.push('</main>\n', foot);
  return parts.join('');
}

const sectionOf = (
  i: number,
  salt: string,
): string => `  <section class="card-${i % 120}" id="${salt}-${i}" aria-labelledby="h${i}">
    <img src="https://images.example.com/photo-${i}.jpg" width="320" height="${120 + (i % 80)}" alt="Product ${i}">
    <div class="body" style="margin-top: ${i % 16}px">
      <h2 id="h${i}"><svg width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor"><path d="M5 12h14M12 5l7 7-7 7"/></svg> Product number ${i}</h2>
      <p>It does what the last one did, with ${i} more of everything, and comes in a box that can be used again.</p>
      <ul><li>Free returns</li><li>Ships in ${(i % 5) + 1} days</li><li><a href="https://example.com/p/${i}">Details</a></li></ul>
      <button type="button" class="buy" onclick="buy(${i})">Buy for $${i}.99</button>
    </div>
  </section>
`;
