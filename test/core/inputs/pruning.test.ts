/** What is left out of SVG, HTML and design tokens, that it is told, and that no hostile file holds the editor up or breaks it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readMaterial } from '../../../src/core/inputs/detect.ts';
import { TaskProblem } from '../../../src/core/inputs/problem.ts';
import { isTokens } from '../../../src/core/inputs/tokens.ts';

async function pruned(name: string, given: string) {
  const { part, material } = await readMaterial({ name, bytes: new TextEncoder().encode(given) });
  assert.ok(part.type === 'text');
  return { text: part.text, ...material };
}
const PIXEL = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000000d494844520000007800000050', 'hex').toString('base64')}AAAA`;

describe('SVG', () => {
  const GIVEN = `<?xml version="1.0"?><!-- made by hand -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:tool="http://www.inkscape.org/namespaces/inkscape" width="400px" height="300" tool:version="9">
<metadata><tool:data/></metadata><title>Plans</title><defs><linearGradient id="paint"><stop offset="0"/></linearGradient></defs>
<script>alert(1)</script><g id="Hidden" display="none"><rect width="3" height="2"/></g>
<g id="Header" class="a"><text x="10.123456" y="3">Two   words <tspan>and  more</tspan></text><path fill="url(#paint)" d="M10.12345 20.98765L30.5 40z"/></g>
<image width="10" height="10" xlink:href="${PIXEL}"/><image width="9" height="9" xlink:href="${PIXEL}"/></svg>`;

  test('loses comments, metadata, scripts, hidden elements, embedded pictures and digits, and tells each', async () => {
    const { text, leftOut, frame, originalBytes } = await pruned('a.svg', GIVEN);
    assert.deepEqual(leftOut, [
      '1 comment',
      '2 elements of metadata',
      '1 script',
      '2 hidden elements',
      '1 embedded picture (1 KB)',
      'digits beyond the second',
    ]);
    assert.deepEqual(frame, { width: 400, height: 300 });
    assert.equal(originalBytes, Buffer.byteLength(GIVEN));
    assert.doesNotMatch(text, /tool:|alert|Hidden|base64|12345/);
    assert.equal(text.split('embedded-picture-1-120x80.png').length, 3, 'the same picture keeps its name');
  });

  test('keeps texts with their spaces, titles, ids, classes and what is referred to', async () => {
    const { text } = await pruned('a.svg', GIVEN);
    for (const kept of [
      'Two   words <tspan>and  more</tspan>',
      '<title>Plans',
      'id="Header"',
      'class="a"',
      'id="paint"',
      'url(#paint)',
    ])
      assert.ok(text.includes(kept), kept);
  });

  const HOSTILE: readonly (readonly [string, string])[] = [
    ['nested too deep', `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(50_000)}${'</g>'.repeat(50_000)}</svg>`],
    [
      'entities that grow',
      `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${[...'bcdefgh'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefg'[i]};`.repeat(10)}">`).join('')}]><svg xmlns="http://www.w3.org/2000/svg"><text>&h;</text></svg>`,
    ],
    ['an element that does not end', '<svg xmlns="http://www.w3.org/2000/svg"><text>a'],
    ['two roots', '<svg xmlns="http://www.w3.org/2000/svg"/><p>'],
    [
      'an outer entity',
      '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>',
    ],
  ];
  for (const [what, svg] of HOSTILE) {
    test(`${what} is refused in a sentence, or harmless`, async () => {
      const result = await pruned('a.svg', svg).catch((error: unknown) => error);
      if (result instanceof Error)
        assert.ok(
          result instanceof TaskProblem && /^a\.svg is not an SVG that can be read: .+\. Export/.test(result.message),
          String(result),
        );
      else assert.ok((result as { text: string }).text.length < svg.length + 100);
    });
  }
});

describe('HTML', () => {
  const GIVEN = `<!doctype html>
<html><head>
  <!-- build 7 -->
  <meta charset="utf-8"><meta property="og:title" content="a > b">
  <title>A <!-- title --></title>
  <link rel="preconnect" href="https://fonts.example">
  <link rel="stylesheet" href="a.css">
  <script src="https://cdn.tailwindcss.com"></script>
  <script>tailwind.config = { theme: {} }</script>
  <script async src="https://www.googletagmanager.com/gtag/js"></script>
  <script>if (a < b) log("</p> <!-- x -->")</script>
</head><body style="background:url(${PIXEL})">
<noscript><img src="https://www.facebook.com/tr?id=1"></noscript>
<p title="a > b">Text   as it   is &amp; was</p> 3 < 4
<img src="${PIXEL}" alt="x"><img width=1 height="1" src="//t.example">
</body></html>
`;
  test('loses comments, script bodies, trackers, hints, embedded pictures, and tells each', async () => {
    const { text, leftOut, originalBytes } = await pruned('a.html', GIVEN);
    assert.deepEqual(leftOut, [
      '1 comment',
      '1 script body',
      '3 tracking elements',
      '1 loading hint',
      '1 meta element',
      '1 embedded picture (1 KB)',
    ]);
    assert.equal(originalBytes, GIVEN.length);
    assert.equal(
      text,
      `<!doctype html>
<html><head>
  <meta charset="utf-8">
  <title>A <!-- title --></title>
  <link rel="stylesheet" href="a.css">
  <script src="https://cdn.tailwindcss.com"></script>
  <script>tailwind.config = { theme: {} }</script>
</head><body style="background:url(embedded-picture-1-120x80.png)">
<p title="a > b">Text   as it   is &amp; was</p> 3 < 4
<img src="embedded-picture-1-120x80.png" alt="x">
</body></html>
`,
    );
  });

  test('a page with nothing to leave out is sent byte for byte', async () => {
    const page = '<!doctype html>\r\n<html><body>\t<p>x</p>\r\n</body></html>';
    const { text, leftOut, originalBytes } = await pruned('a.html', page);
    assert.deepEqual([text, leftOut, originalBytes], [page, [], undefined]);
  });

  // Each took minutes with a reader that looks ahead anew at every step; none of them takes a second.
  const HOSTILE = [
    '<!--',
    '<!--a-->',
    '<script>',
    '<script></script>',
    '<noscript>',
    '<a "',
    '<a b="',
    "<a b='>",
    '<',
    '<p>',
    '</',
  ];
  for (const piece of HOSTILE) {
    test(`much of ${piece} ends`, { timeout: 20_000 }, async () => {
      const text = `<!doctype html><p>x</p>${piece.repeat(1_000_000 / piece.length)}`;
      const { text: sent } = await pruned('a.html', text);
      assert.ok(sent.includes('<p>x</p>'));
    });
  }
});

test('data that is cut, or stands beside other words, takes nothing else with it', async () => {
  const given = `<!doctype html><img srcset="${PIXEL} 1x, data:image/png;base64,AAAA 2x"><p style="a:url('data:font/woff2;base64,d09G')">base64, words</p>`;
  const { text, leftOut } = await pruned('a.html', given);
  assert.equal(
    text,
    `<!doctype html><img srcset="embedded-picture-1-120x80.png 1x, embedded-picture-2.png 2x"><p style="a:url('embedded-font-1.woff2')">base64, words</p>`,
  );
  assert.deepEqual(leftOut, ['2 embedded pictures (1 KB)', '1 embedded font (1 KB)']);
});

describe('design tokens', () => {
  test('of the community group: types handed down, aliases, roots, composites', async () => {
    const { text, leftOut, originalBytes } = await pruned(
      'a.tokens.json',
      JSON.stringify({
        color: {
          $type: 'color',
          brand: {
            $root: { $value: '#111111' },
            500: {
              $value: { colorSpace: 'srgb', components: [0.2, 0.4, 0.6] },
              $description: 'For\ncalls',
              $extensions: { x: 1 },
            },
          },
          text: { $value: '{color.brand.500}' },
          soft: { $value: { colorSpace: 'oklch', components: [0.5, 0.1, 200], alpha: 0.5 } },
          link: { $value: { $ref: '#/color/brand/500' } },
        },
        space: { m: { $value: { value: 16, unit: 'px' }, $type: 'dimension' }, l: { $value: 'calc({space.m} * 2)' } },
        shadow: { card: { $type: 'shadow', $value: [{ color: '{color.text}', blur: { value: 4, unit: 'px' } }] } },
      }),
    );
    assert.equal(
      text,
      `color.brand.500: #336699 (color) // For calls
color.brand: #111111 (color)
color.text: #336699 (color)
color.soft: color(oklch 0.5 0.1 200 / 0.5) (color)
color.link: #336699 (color)
space.m: 16px (dimension)
space.l: calc(16px * 2)
shadow.card: color #336699; blur 4px (shadow)
`,
    );
    assert.deepEqual(leftOut, ['JSON rewritten as a list', '4 aliases resolved', '1 field of tools']);
    assert.ok((originalBytes ?? 0) > text.length);
  });

  test('of Tokens Studio: sets by their order, and an alias that the theme decides stays an alias', async () => {
    const { text, leftOut } = await pruned(
      'tokens.json',
      JSON.stringify({
        dark: { bg: { value: '{black}', type: 'color' } },
        core: { black: { value: '#000', type: 'color' }, white: { value: '#fff', type: 'color' } },
        light: { bg: { value: '{white}', type: 'color' }, line: { value: '{bg}' } },
        card: { fill: { value: '{bg}', type: 'color' } },
        $themes: [{ name: 'Dark', selectedTokenSets: { core: 'source', dark: 'enabled', light: 'disabled' } }],
        $metadata: { tokenSetOrder: ['core', 'light', 'dark', 'card'] },
      }),
    );
    assert.equal(
      text,
      `theme Dark: core, dark

[core]
black: #000 (color)
white: #fff (color)

[light]
bg: #fff (color)
line: #fff

[dark]
bg: #000 (color)

[card]
fill: {bg} (color)
`,
    );
    assert.deepEqual(leftOut, [
      'JSON rewritten as a list',
      '3 aliases resolved',
      '1 alias that the theme decides, left as written',
    ]);
  });

  test('of Style Dictionary, with and without types', async () => {
    const { text } = await pruned(
      'a.json',
      '{"color":{"base":{"value":"#ccc"},"font":{"value":"{color.base.value}","comment":"body"}}}',
    );
    assert.equal(text, 'color.base: #ccc\ncolor.font: #ccc // body\n');
  });

  test('circles and aliases to nothing are told and left as written', async () => {
    const { text, leftOut } = await pruned(
      'a.json',
      '{"a":{"$value":"{b}"},"b":{"$value":"{a}"},"c":{"$value":"{gone}"},"d":{"$value":"{d}"}}',
    );
    assert.equal(text, 'a: {b}\nb: {a}\nc: {gone}\nd: {d}\n');
    assert.deepEqual(leftOut.slice(1), [
      '3 aliases in a circle or without end, left as written',
      '1 alias to nothing, left as written',
    ]);
  });

  test('aliases that double at every step end', { timeout: 20_000 }, async () => {
    const doubling = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`t${i}`, { $value: `{t${i + 1}}{t${i + 1}}` }]));
    const { leftOut } = await pruned('a.json', JSON.stringify({ ...doubling, t40: { $value: 'x' } }));
    assert.match(leftOut.join(), /without end/);
    const empty = await pruned('a.json', JSON.stringify({ ...doubling, t40: { $value: '' } }));
    assert.ok(empty.leftOut.includes('80 aliases resolved'));
  });

  test('names of the language are names like others', async () => {
    const { text } = await pruned(
      'a.json',
      '{"__proto__":{"$value":"1"},"constructor":{"$value":"{__proto__}"},"a":{"$value":"{toString}"}}',
    );
    assert.equal(text, '__proto__: 1\nconstructor: 1\na: {toString}\n');
  });

  const NONE: readonly unknown[] = [
    { name: 'package', version: '1.0.0', dependencies: { a: '1' } },
    { items: [{ value: 1 }] },
    { chart: { max: { value: 9 }, series: { value: 3 } } },
    { a: { value: 1, label: 'x' }, b: 'text' },
    [],
    'text',
    null,
  ];
  for (const json of NONE) test(`none are ${JSON.stringify(json)}`, () => assert.equal(isTokens(json), false));
});
