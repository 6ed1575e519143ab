/** Answers that leave something out and say so in a comment or in the page's text. */
import type { BrokenCase } from './cases.ts';
import { answerOf, PAGES } from './pages.ts';

/** What stands in place of the items: a comment's words. Phrasings as models use them. */
const WORDS = [
  'Repeat for each item',
  'Rest of the content here',
  '... existing content ...',
  'More cards',
  'Content continues here...',
  'Rest of the article content here',
  '... (remaining items)',
  'Add more items as needed',
  'Other sections go here',
  'Repeat the above structure for the remaining plans',
  'Remaining cards follow the same pattern',
  'Additional rows would go here',
  '...',
  'Same structure for the other items',
  '… rest unchanged …',
  'etc.',
  '(3 more items omitted for brevity)',
  'Similar blocks for the remaining entries',
  'TODO: add the remaining items',
  'Continue with the rest of the list',
  'And so on for the other posts',
  'Other items here',
  'rest of the code remains the same',
  'Insert additional entries here',
  '[remaining content truncated]',
  'unchanged',
  'Repeat similar blocks 3 more times',
  '... more ...',
  'The rest is the same as before',
  'Duplicate this block for the others',
  'keep existing items',
  'previous items stay as they are',
  'Further items omitted',
  'other cards similar to the first one',
  'snip',
  'All other entries go here in the same format',
] as const;

const IN_COMMENTS: readonly BrokenCase[] = WORDS.map((words, index) => {
  const page = PAGES[index % PAGES.length] as (typeof PAGES)[number]; // the index is within
  const [open, close] = page.comment;
  const kept = page.items.slice(0, 1 + (index % 2)).join('\n');
  return {
    id: `elided-${page.id}-${index}`,
    shape: 'elided',
    text: answerOf(page, page.make(`${kept}\n      ${open}${words}${close}`)),
  };
});

/** As text of the page itself. */
const TEXTS = [
  '<p>[Rest of the content goes here]</p>',
  '<li>... more items ...</li>',
  '<p>Content continues here...</p>',
  '<div>(remaining cards omitted for brevity)</div>',
  '<p>... rest of the article ...</p>',
  '<p>[Repeat for each remaining post]</p>',
] as const;

const IN_TEXT: readonly BrokenCase[] = TEXTS.map((words, index) => {
  const page = PAGES[[0, 1, 2, 6, 7, 4][index] ?? 0] as (typeof PAGES)[number];
  return { id: `elided-text-${index}`, shape: 'elided', text: answerOf(page, page.make(`${page.items[0]}\n${words}`)) };
});

export const ELIDED: readonly BrokenCase[] = [...IN_COMMENTS, ...IN_TEXT];
