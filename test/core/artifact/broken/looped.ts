/** Answers that fall into a loop, most of them until their output limit. */
import type { BrokenCase } from './cases.ts';
import { PAGES } from './pages.ts';

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('');

interface Loop {
  readonly page: number;
  readonly unit: (index: number) => string;
  readonly count: number;
  /** True when the model found its way out and ended well. */
  readonly recovers?: true;
}

const LOOPS: readonly Loop[] = [
  { page: 0, count: 60, unit: () => '          <li>Unlimited projects and priority support</li>\n' },
  { page: 1, count: 40, unit: () => '    <p>We are committed to providing the best service to our customers.</p>\n' },
  { page: 2, count: 30, unit: () => `${PAGES[2]?.items[1]}\n` },
  { page: 4, count: 25, unit: () => `${PAGES[4]?.items[0]}\n` },
  { page: 6, count: 25, unit: () => `${PAGES[6]?.items[2]}\n` },
  { page: 7, count: 30, unit: () => `${PAGES[7]?.items[3]}\n` },
  { page: 3, count: 60, unit: () => '.card-title {\n  font-weight: 600;\n  letter-spacing: 0.02em;\n}\n\n' },
  { page: 0, count: 400, unit: () => 'the best of ' },
  { page: 1, count: 900, unit: () => 'very ' },
  { page: 8, count: 80, unit: () => 'panel.classList.add("is-open");\n' },
  { page: 5, count: 50, unit: () => "  { name: 'Starter', price: '$9', words: 'For side projects', lines: ['One seat'] },\n" },
  { page: 0, count: 200, unit: (index) => `<li>Feature ${index + 1}</li>\n` },
  { page: 2, count: 120, unit: (index) => `<div class="p-4">Card number ${index + 1} of our collection</div>\n` },
  { page: 1, count: 35, unit: () => `${PAGES[1]?.items.slice(0, 2).join('\n')}\n` },
  { page: 9, count: 70, unit: () => '    rows.append(("Starter", "$9", "For side projects"))\n' },
  { page: 0, count: 800, unit: () => '<div class="spacer">' },
  { page: 7, count: 1500, unit: () => '<br>\n' },
  { page: 6, count: 600, unit: () => '      <option></option>\n' },
  { page: 0, count: 45, recovers: true, unit: () => '          <li>Unlimited projects and priority support</li>\n' },
  { page: 1, count: 20, recovers: true, unit: () => `${PAGES[1]?.items[2]}\n` },
  { page: 4, count: 32, recovers: true, unit: () => '          <tr><td>Growing herbs indoors and out of doors</td></tr>\n' },
  { page: 3, count: 40, recovers: true, unit: () => '.quote::before {\n  content: "";\n  position: absolute;\n}\n' },
  { page: 2, count: 14, recovers: true, unit: () => `${PAGES[2]?.items.join('\n')}\n` },
  { page: 0, count: 9, unit: () => `${PAGES[0]?.items.join('\n')}\n` },
  { page: 8, count: 12, unit: () => `${PAGES[8]?.items.join('\n')}\n` },
  { page: 6, count: 300, unit: () => 'and more ' },
  { page: 5, count: 90, unit: () => "'One seat', " },
  { page: 4, count: 64, unit: () => '            <td className="py-2">Growing herbs</td>\n' },
  { page: 7, count: 40, unit: (index) => `  <li>Post ${index} in the series about bread and butter</li>\n` },
  { page: 3, count: 300, unit: (index) => `.m-${index} { margin: ${index}px; }\n` },
  { page: 0, count: 50, unit: () => '<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</p>' },
  { page: 1, count: 2000, unit: () => '\n' },
  { page: 2, count: 700, unit: () => '&nbsp;' },
];

export const LOOPED: readonly BrokenCase[] = LOOPS.map(({ page: at, unit, count, recovers }, index) => {
  const page = PAGES[at] as (typeof PAGES)[number]; // the index is within
  const content = page.make(`${page.items[0]}\n\u0000`);
  const [before = '', after = ''] = content.split('\u0000');
  const looped = `${before}${times(count, unit)}`;
  const text = recovers ? `${looped}${after}\`\`\`\n` : looped.slice(0, looped.length - (index % 3) * 4);
  return {
    id: `looped-${page.id}-${index}`,
    shape: 'looped',
    text: `### ${page.name}\n\n\`\`\`${page.language}\n${text}`,
    ...(recovers ? {} : { finish: 'length' as const }),
  };
});
