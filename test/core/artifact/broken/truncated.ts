/** Answers that end before their code does: cut at a limit, by a lost connection, or by a model that closes the fence all the same. */
import type { BrokenCase } from './cases.ts';
import { PAGES, whole } from './pages.ts';

const SHARES = [0.97, 0.31, 0.52, 0.68, 0.83, 0.9, 0.44, 0.75] as const;

/** How the cut shows. */
const ENDS = ['length', 'open', 'closed', 'closed', 'bare'] as const;

export const TRUNCATED: readonly BrokenCase[] = Array.from({ length: 50 }, (_, index) => {
  const page = PAGES[index % PAGES.length] as (typeof PAGES)[number]; // the index is within
  const end = ENDS[Math.floor(index / PAGES.length)] ?? 'open';
  const content = whole(page);
  const cut = content.slice(0, Math.floor(content.length * (SHARES[index % SHARES.length] ?? 0.5)));
  const head = end === 'bare' && /^<!doctype/i.test(content) ? '' : `### ${page.name}\n\n\`\`\`${page.language}\n`;
  const tail = end === 'closed' ? '\n```\n\nThat is the whole file.\n' : '';
  return {
    id: `truncated-${page.id}-${end}-${index}`,
    shape: 'truncated',
    text: `${head}${cut}${tail}`,
    ...(end === 'length' ? { finish: 'length' as const } : {}),
  };
});
