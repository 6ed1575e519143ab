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
      '1 field of drawing tools',
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

  /** What is drawn, and what has to be there still. Each was lost, or changed its look, with rules that do not see who uses what. */
  const DRAWN: readonly (readonly [string, string, RegExp])[] = [
    ['hidden, and used elsewhere', '<g display="none"><g id="buy"><text>Buy</text></g></g><use href="#buy"/>', />Buy</],
    [
      'hidden, and a text runs along it',
      '<path id="c" display="none" d="M1 1L9 9"/><textPath href="#c">Along</textPath>',
      /id="c"/,
    ],
    ['hidden, and a style sheet may show it', '<style>.a{display:block}</style><text class="a" display="none">T</text>', />T</],
    ['hidden, and shown in time', '<text display="none">T<set attributeName="display" to="inline"/></text>', />T</],
    ['said to be hidden, and shown by its style', '<g display="none" style="display:inline"><text>T</text></g>', />T</],
    ['hidden, and counted by a style sheet', '<style>b:nth-child(3){x:y}</style><b display="none"/><b/>', /<b display="none"/],
    [
      'tiny, and used large',
      '<g id="dot"><path d="M0.0123 0.0456"/></g><use href="#dot" transform="scale(99)"/>',
      /M0\.0123 0\.0456/,
    ],
    ['tiny, and cuts what is large', '<clipPath id="c"><rect width="0.0123"/></clipPath>', /0\.0123/],
    [
      'a prefix that means two things',
      '<g xmlns:d="urn:x"/><g xmlns:d="http://www.w3.org/2000/svg"><d:text>T</d:text></g>',
      />T</,
    ],
    ['transparent, and fades in', '<text opacity="0">Fades<animate attributeName="opacity" to="1"/></text>', /Fades/],
    ['a factor of many digits', '<g transform="scale(0.0012345)"><path d="M0.12345 0"/></g>', /0\.0012345.*M0\.12345 0/],
    ['a relative path', '<path d="M1.23456 2l.12345 .23456"/>', /M1\.23456 2l\.12345 \.23456/],
    ['numbers without space', '<path d="M1.999.0001-.001.5L1.5.2549"/>', /M2 {2}0 0 \.5L1\.5\.25"/],
    ['offsets and opacities', '<stop offset="0.12345" stop-opacity="0.98765"/>', /0\.12345.*0\.98765/],
    ['a page in it', '<foreignObject><p>Inside <b>page</b> &amp;</p></foreignObject>', /<p>Inside <b>page<\/b> &amp;<\/p>/],
    ['an entity of its prolog', '<text fill="&ink;">T</text>', /ENTITY ink "#123456".*&ink;/s],
  ];
  for (const [what, drawing, kept] of DRAWN) {
    test(`${what}: stays`, async () => {
      const prolog = drawing.includes('&ink;') ? '<!DOCTYPE svg [<!ENTITY ink "#123456">]>' : '';
      const { text } = await pruned(
        'a.svg',
        `${prolog}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40">${drawing}</svg>`,
      );
      assert.match(text, kept);
    });
  }

  test('digits are kept as far as they are seen', async () => {
    const small = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0.12345 0.5"/></svg>';
    const { text, leftOut } = await pruned('a.svg', small);
    assert.match(text, /M0\.123 0\.5/);
    assert.deepEqual(leftOut, ['digits beyond the third']);
  });

  test('more of them where one side is stretched', async () => {
    const line =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 1" preserveAspectRatio="none"><path d="M0 0.12345"/></svg>';
    assert.match((await pruned('a.svg', line)).text, /M0 0\.123"/);
  });

  const FRAMES: readonly (readonly [string, readonly [number, number] | undefined])[] = [
    ['viewBox="0 0 24 24" width="480" height="480"', [480, 480]],
    ['viewBox="0 0 40 20" width="100%"', [40, 20]],
    ['viewBox="0 0 40 20" width="80"', [80, 40]],
    ['width="1in" height="72pt"', [96, 96]],
    ['width="50%" height="50%"', undefined],
    ['viewBox="0 0 0 0"', undefined],
  ];
  for (const [attributes, size] of FRAMES) {
    test(`the size of ${attributes}`, async () => {
      const { frame } = await pruned('a.svg', `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><rect/></svg>`);
      assert.deepEqual(frame && [frame.width, frame.height], size);
    });
  }

  const HOSTILE: readonly (readonly [string, string])[] = [
    ['nested too deep', `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(50_000)}${'</g>'.repeat(50_000)}</svg>`],
    [
      'entities that grow',
      `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${[...'bcdefgh'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefg'[i]};`.repeat(10)}">`).join('')}]><svg xmlns="http://www.w3.org/2000/svg"><text>&h;</text></svg>`,
    ],
    ['a document type that does not end', '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b"><svg>'],
    ['a document type within that does not end', '<svg xmlns="http://www.w3.org/2000/svg"><!DOCTYPE svg [<svg>'],
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
  test('a logo is no tracker, whatever it is called', async () => {
    const logos =
      '<!doctype html><img src="/logos/hubspot.svg" alt="HubSpot"><img src="https://cdn.example/sentry.png" alt="Sentry">';
    assert.equal((await pruned('a.html', logos)).text, logos);
  });

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

  /** A page's body, and what has to be there still. */
  const SHOWN: readonly (readonly [string, RegExp])[] = [
    ['<!--><p>One</p><!-- x --><p>Two</p>', /One.*Two/],
    ['<!---><p>One</p><!-- x -->', /One/],
    ['<!-- a --!><p>One</p><!-- x -->', /One/],
    ['<!--[if mso]>mso<![endif]--><!--[if !mso]><!--><p>Others</p><!--<![endif]-->', /<p>Others/],
    ['<script>customElements.define("a-b", class { html = `<h2>Team</h2>` })</script>', /<h2>Team/],
    ['<script type="text/x-handlebars"><li>{{name}}</li></script>', /<li>\{\{name/],
    ['<xmp><!-- shown --></xmp><iframe srcdoc="<p>In</p>"><!-- x --></iframe>', /shown.*<p>In/],
    ['<link rel="alternate stylesheet" href="dark.css">', /dark\.css/],
    ['<details><summary>More</summary>Words</details><dialog>Ask</dialog><template><li>Row</li></template>', /Words.*Ask.*Row/],
  ];
  for (const [body, kept] of SHOWN)
    test(`stays: ${body}`, async () => assert.match((await pruned('a.html', `<!doctype html><body>${body}</body>`)).text, kept));

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

  test('groups that extend groups, other modes, what is deprecated, and circles of groups', async () => {
    const { text, leftOut } = await pruned(
      'a.json',
      JSON.stringify({
        button: {
          $type: 'color',
          bg: { $value: '#111', $extensions: { tool: { modes: { Dark: '#eee' } } } },
          fg: { $value: '#fff' },
        },
        primary: { $extends: '{button}', bg: { $value: '#222', $deprecated: 'Use bg2' } },
        accent: { $root: { $value: '#d00' } },
        link: { $value: '{accent.$root}' },
        one: { $extends: '#/two', a: { $value: '1' } },
        two: { $extends: '{one}', b: { $value: '2' } },
      }),
    );
    assert.equal(
      text,
      `button.bg: #111 (color)
button.bg [Dark]: #eee (color)
button.fg: #fff (color)
primary.bg: #222 (color) // deprecated: Use bg2
primary.fg: #fff (color)
accent: #d00
link: #d00
one.(all others): {one}
one.b: 2
one.a: 1
two.(all others): #/two
two.a: 1
two.b: 2
`,
    );
    assert.deepEqual(leftOut, ['JSON rewritten as a list', '1 alias resolved', '1 alias to nothing, left as written']);
  });

  test('a group that extends one it is in, or two that extend each other, end', async () => {
    const nested = {
      base: { a: { $value: '1' }, in: { $extends: '{base}' } },
      twice: { $extends: '{base}', on: { $extends: '{base}' } },
    };
    const { text } = await pruned('a.json', JSON.stringify(nested));
    for (const kept of ['base.a: 1', 'base.in.a: 1', 'twice.a: 1', 'twice.on.a: 1']) assert.ok(text.includes(kept), kept);
    const ten = (next: number) => Object.fromEntries([...'abcdefghij'].map((name) => [name, { $extends: `{g${next}}` }]));
    const doubling = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`g${index}`, ten(index + 1)]));
    await assert.rejects(
      pruned('a.json', JSON.stringify({ ...doubling, g20: {}, b: { $value: '1' } })),
      (error) => error instanceof TaskProblem && /ten times as many groups/.test(error.message),
    );
  });

  test("of Figma's variables, mode by mode", async () => {
    const variable = (id: string, name: string, resolvedType: string, valuesByMode: unknown) => ({
      [id]: { id, name, resolvedType, variableCollectionId: 'c', valuesByMode },
    });
    const { text } = await pruned(
      'a.json',
      JSON.stringify({
        meta: {
          variables: {
            ...variable('1', 'bg', 'COLOR', { l: { r: 1, g: 1, b: 1, a: 1 }, d: { r: 0, g: 0, b: 0, a: 0.5 } }),
            ...variable('2', 'card', 'COLOR', { l: { type: 'VARIABLE_ALIAS', id: '1' } }),
            ...variable('3', 'gap', 'FLOAT', { l: 16 }),
          },
          variableCollections: {
            c: {
              name: 'Theme',
              modes: [
                { modeId: 'l', name: 'Light' },
                { modeId: 'd', name: 'Dark' },
              ],
            },
          },
        },
      }),
    );
    assert.equal(
      text,
      '[Theme / Light]\nbg: #FFFFFF (color)\ncard: #FFFFFF (color)\ngap: 16 (float)\n\n[Theme / Dark]\nbg: #00000080 (color)\n',
    );
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
