/** Style sheets come out as they went in, but for what loads something; and never with a tag in them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cleanCss } from '../../src/webview/preview/css.ts';

const seen: string[] = [];
const clean = (css: string): string => {
  seen.length = 0;
  return cleanCss(css, {
    replace: (address, use) => {
      if (/^(?:#|data:)/.test(address)) return undefined;
      seen.push(`${use} ${address}`);
      return 'data:,';
    },
    onImport: (address) => {
      seen.push(`import ${address}`);
      return address === 'local.css' ? 'i{}' : undefined;
    },
  });
};

const CASES: readonly { css: string; becomes?: string; blocked?: readonly string[] }[] = [
  { css: 'a:hover > b::before { content: "url(x)"; color: #fff }' },
  { css: 'a { background: url(#f), url("data:image/png;base64,AA==") }' },
  { css: '.md\\:p-2 { --x: { a: b }; width: calc(100% - 1px) }' },
  { css: '@media (400px <= width <= 700px) { a { b: c } }' },
  { css: '@media (width<600px){}', becomes: '@media (width< 600px){}' },
  { css: '@charset "utf-8"; @layer a, b; @supports (color: lab(0 0 0)) {}' },
  { css: 'a{b:url(http://x/y)}', becomes: 'a{b:url("data:,")}', blocked: ['image http://x/y'] },
  { css: 'a{b:URL( "http://x/y" )}', becomes: 'a{b:URL( "data:," )}', blocked: ['image http://x/y'] },
  { css: 'a{b:\\75 rl(http://x)}', becomes: 'a{b:url("data:,")}', blocked: ['image http://x'] },
  { css: 'a{b:u\\72l("http://x")}', becomes: 'a{b:u\\72l("data:,")}', blocked: ['image http://x'] },
  { css: 'a{b:url(ht\\74p://x)}', becomes: 'a{b:url("data:,")}', blocked: ['image http://x'] },
  { css: 'a{b:url(http://x', becomes: 'a{b:url("data:,")', blocked: ['image http://x'] },
  { css: 'a{b:url(a b)}', becomes: 'a{b:url("data:,")}', blocked: ['image a b'] },
  { css: `a{b:url(${' '.repeat(50)}"http://x")}`, becomes: `a{b:url(${' '.repeat(50)}"data:,")}`, blocked: ['image http://x'] },
  { css: 'a{b:url(http://x\u00a0y)}', becomes: 'a{b:url("data:,")}', blocked: ['image http://x\u00a0y'] },
  { css: 'a{b:"\f;c:url(http://x)"}', becomes: 'a{b:"\n;c:url("data:,")"}', blocked: ['image http://x'] },
  { css: 'a{b:"\r;c:url(http://x)"}', becomes: 'a{b:"\n;c:url("data:,")"}', blocked: ['image http://x'] },
  { css: 'a{b:cross-fade("x.png")}', becomes: 'a{b:cross-fade("data:,")}', blocked: ['image x.png'] },
  {
    css: 'a{b:image-set("x.png" 1x, "y.png" type("image/png") 2x)}',
    becomes: 'a{b:image-set("data:," 1x, "data:," type("image/png") 2x)}',
    blocked: ['image x.png', 'image y.png'],
  },
  {
    css: '@font-face{src:url(f.woff)} a{b:url(i.png)}',
    becomes: '@font-face{src:url("data:,")} a{b:url("data:,")}',
    blocked: ['font f.woff', 'image i.png'],
  },
  { css: '@import "x.css" screen;\n.a{}', becomes: '\n.a{}', blocked: ['import x.css'] },
  { css: '@import url("x;.css");.a{}', becomes: '.a{}', blocked: ['import x;.css'] },
  { css: '@\\69mport/**/url(x.css);b{}', becomes: 'b{}', blocked: ['import x.css'] },
  { css: '@import "local.css";b{}', becomes: 'i{}b{}', blocked: ['import local.css'] },
  { css: 'a{content:"</style><img>"}', becomes: 'a{content:"\\3c /style>\\3c img>"}' },
  { css: 'a/* </style> */{}', becomes: 'a {}' },
  { css: 'a\\</style>{}', becomes: 'a\\3c /style>{}' },
  { css: 'a{b:url(</style>)}', becomes: 'a{b:url("data:,")}', blocked: ['image </style>'] },
  { css: '</style><script>', becomes: '< /style>< script>' },
];
for (const { css, becomes = css, blocked = [] } of CASES)
  test(css, () => {
    assert.equal(clean(css), becomes);
    assert.deepEqual(seen, blocked);
    assert.equal(clean(becomes), becomes, 'clean already');
  });

const PIECES = [
  'url(',
  'u\\72l(',
  '"',
  "'",
  ')',
  '(',
  '{',
  '}',
  '\\',
  '\n',
  '/*',
  '*/',
  '@import ',
  ';',
  '<',
  '/style',
  'http://x',
  ' ',
  'a',
  '<!--',
  'image-set(',
  '\\75 rl(',
  '#',
  'data:,',
];
test('whatever it is made of, no tag is in it and no address is left', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
      const out = clean(pieces.join(''));
      assert.doesNotMatch(out, /<[\w/!?]/);
      // Cleaning again finds nothing more: the browser reads what was left as we do.
      const again = clean(out);
      assert.deepEqual(
        seen.filter((each) => each !== 'import ' && each.includes('http')),
        [],
        out,
      );
      assert.doesNotMatch(again, /<[\w/!?]/);
    }),
    { numRuns: 3000, seed: 7 },
  );
});
