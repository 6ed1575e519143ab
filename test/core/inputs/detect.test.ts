/** Bytes and a name in; what they are, what is sent of them, what was left out, or one sentence. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { framesToChoose, readMaterial, withRoles } from '../../../src/core/inputs/detect.ts';
import type { Piece } from '../../../src/core/inputs/piece.ts';
import { TaskProblem } from '../../../src/core/inputs/problem.ts';
import type { MaterialKind } from '../../../src/shared/design.ts';

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;
const read = (name: string, content: string | Uint8Array): Promise<Piece> => readMaterial({ name, bytes: bytesOf(content) });
const textOf = ({ part }: Piece): string => (part.type === 'text' ? part.text : '');

const utf16 = (text: string, littleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, littleEndian);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), littleEndian);
  return bytes;
};

const PNG_2x1 = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4z8AAAAQBAQB/8gcNAAAAAElFTkSuQmCC',
  'base64',
);
const GIF_3x2 = Buffer.from('GIF89a\x03\0\x02\0\0\0\0,\0\0\0\0\x03\0\x02\0\0\x02\x01\0\0;', 'latin1');
const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc00011080004000503012200021101031101ffda0008010100003f0000ffd9',
  'hex',
);
const WEBP = Buffer.concat([
  Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0', 'latin1'),
  Buffer.from([6, 0, 0, 8, 0, 0, 0, 0, 0, 0]),
]);

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><text x="1" y="2">Team</text></svg>';
const TSX = `import { useState } from 'react';\ninterface Props { name: string }\nexport function Card({ name }: Props) {\n  return <article className="p-4">{name}</article>;\n}\n`;
const JSX = 'export default function Card({ name }) {\n  return (\n    <article className="p-4">{name}</article>\n  );\n}\n';
const VUE = '<script setup>\nconst a = 1;\n</script>\n\n<template>\n  <p>{{ a }}</p>\n</template>\n';
const SVELTE = '<script>\n  let { plans } = $props();\n</script>\n\n{#each plans as plan}\n  <p>{plan}</p>\n{/each}\n';
const FIGMA = {
  id: '1:2',
  name: 'Card',
  type: 'FRAME',
  absoluteBoundingBox: { x: 0, y: 0, width: 320, height: 200 },
  children: [
    {
      id: '1:3',
      name: 'Title',
      type: 'TEXT',
      characters: 'Team plan',
      absoluteBoundingBox: { x: 16, y: 16, width: 90, height: 24 },
    },
  ],
};

/** Name, content, kind, and the language of its fence. The names say nothing, or something else, wherever the content is enough. */
const KINDS: readonly (readonly [string, string | Uint8Array, MaterialKind, string?])[] = [
  ['spec.md', '# A card\n\n- 24 px', 'text'],
  ['spec.md', '# A card\n\n```html\n<p>x</p>\n```\n', 'text'],
  ['notes.txt', 'A blue card.', 'text'],
  ['clipboard', 'A blue card with <b>bold</b> words.', 'text'],
  ['clipboard', 'a < b and c > d', 'text'],
  ['README', '<sic> a note that begins with an angle', 'text'],
  ['data.json', '{"plans": [{"name": "Team", "value": 3}]}', 'text', 'json'],
  ['picture.txt', PNG_2x1, 'picture'],
  ['a.png', JPEG, 'picture'],
  ['a', GIF_3x2, 'picture'],
  ['a', WEBP, 'picture'],
  ['card.txt', SVG, 'svg', 'svg'],
  ['clipboard', `<?xml version="1.0"?>\n<!-- a -->\n<!-- b -->${SVG}`, 'svg', 'svg'],
  ['page.md', '<!doctype html>\n<html><body><p>x</p></body></html>', 'html', 'html'],
  ['clipboard', '<section class="card"><h2>Team</h2></section>\n', 'html', 'html'],
  ['a.html', 'plain words in a page', 'html', 'html'],
  ['README.md', '<p align="center">\n<b>A</b>\n</p>\n\nWords *here*\n\n<p>end</p>\n', 'text'],
  ['clipboard', '<dialog open><h2>Sure?</h2></dialog>', 'html', 'html'],
  ['clipboard', '<plan-card title="x">Words</plan-card>', 'html', 'html'],
  ['clipboard', '<div class="card"><p>x</p></div><!-- /card -->\n', 'html', 'html'],
  ['clipboard', '<p>a</p><p>b</p><br>', 'html', 'html'],
  ['clipboard', '<div className="p-4">\n  <Button onClick={() => go()}>Buy</Button>\n</div>', 'component', 'jsx'],
  ['clipboard', '<Card title={title}><p>x</p></Card>', 'component', 'jsx'],
  ['clipboard', '<template>\n  <p v-if="a">{{ a }}</p>\n</template>\n\n<style scoped>\n.a {}\n</style>', 'component', 'vue'],
  ['tokens.json', '// brand\n{ /* one */ "color": { "a": { "$value": "#fff // x" }, }, }', 'tokens'],
  ['clipboard', '{"a": 1}\n{"b": 2}', 'text'],
  ['clipboard', TSX, 'component', 'tsx'],
  ['Icon.tsx', '<svg className="icon" viewBox="0 0 9 9" {...props}><path d="M1 1"/></svg>', 'component', 'tsx'],
  ['Icon.svelte', '<svg {...$$props} viewBox="0 0 9 9"><path d="M1 1"/></svg>', 'component', 'svelte'],
  ['icon.svg', '<svg className="icon" viewBox="0 0 9 9"><path d="M1 1"/></svg>', 'svg', 'svg'],
  ['Icon.tsx', '<svg class="icon" viewBox="0 0 9 9"><path d="M1 1"/></svg>', 'svg', 'svg'],
  ['drawn.svg', '<ns0:svg xmlns:ns0="http://www.w3.org/2000/svg"><ns0:path d="M1 1"/></ns0:svg>', 'svg', 'svg'],
  ['Card.jsx', JSX, 'component', 'jsx'],
  ['clipboard', JSX, 'component', 'jsx'],
  ['clipboard', VUE, 'component', 'vue'],
  ['Only.vue', '<template><p>x</p></template>', 'component', 'vue'],
  ['clipboard', SVELTE, 'component', 'svelte'],
  ['Plain.svelte', '<p>x</p>', 'component', 'svelte'],
  ['a.json', '{"color": {"brand": {"$value": "#123456", "$type": "color"}}}', 'tokens'],
  ['clipboard', '{"size": {"font": {"small": {"value": "12px"}}}}', 'tokens'],
  [
    'clipboard',
    '{"core": {"a": {"value": "1", "type": "sizing"}}, "$themes": [], "$metadata": {"tokenSetOrder": ["core"]}}',
    'tokens',
  ],
  ['frame.json', JSON.stringify(FIGMA), 'figma'],
  ['button.css', '.a { color: red }', 'code', 'css'],
  ['util.ts', 'export const a = (b: number): number => b * 2;\n', 'code', 'ts'],
  ['mail.py', '# A heading in no other language\nprint(1)\n', 'code', 'py'],
];

describe('what it is', () => {
  for (const [name, content, kind, language] of KINDS) {
    const start = typeof content === 'string' ? JSON.stringify(content.slice(0, 30)) : 'bytes';
    test(`${name}, ${start}: ${kind}`, async () => {
      const { material } = await read(name, content);
      assert.equal(material.kind, kind);
      assert.equal(material.language, language);
      assert.equal(material.role, 'design');
    });
  }

  test('pictures and drawings say their size', async () => {
    const sizes = await Promise.all(
      [PNG_2x1, GIF_3x2, JPEG, WEBP, SVG].map(async (each) => (await read('a', each)).material.frame),
    );
    assert.deepEqual(
      sizes.map((size) => size && [size.width, size.height]),
      [
        [2, 1],
        [3, 2],
        [5, 4],
        [7, 9],
        [320, 200],
      ],
    );
  });

  for (const [name, bytes] of [
    ['UTF-8 with its mark', Uint8Array.from([0xef, 0xbb, 0xbf, ...bytesOf('# Größe')])],
    ['UTF-16, little end first', utf16('# Größe', true)],
    ['UTF-16, big end first', utf16('# Größe', false)],
  ] as const) {
    test(`${name} is decoded, without the mark`, async () => assert.equal(textOf(await read('a.md', bytes)), '# Größe'));
  }

  test('text is sent as it is, and says so', async () => {
    const given = '# A\r\n\r\n\ttabs  and   spaces \r\n<!-- a comment of the spec -->\n';
    const piece = await read('a.md', given);
    assert.equal(textOf(piece), given);
    assert.deepEqual(piece.material.leftOut, []);
    assert.equal(piece.material.originalBytes, undefined);
  });

  test('a name is one harmless line', async () => {
    const { material } = await read('a\u202Egnp.\u001b[31m\nmd', '# A');
    assert.equal(material.name, 'a gnp. [31m md');
  });
});

describe('what it is for', () => {
  const rolesOf = async (...files: readonly (readonly [string, string | Uint8Array])[]): Promise<readonly string[]> =>
    withRoles(await Promise.all(files.map(([name, content]) => read(name, content)))).map(({ material }) => material.role);

  test('tokens, code and components are context beside a design', async () => {
    const roles = await rolesOf(['a.png', PNG_2x1], ['t.json', '{"a":{"$value":"1"}}'], ['Card.tsx', TSX], ['a.css', 'a{}']);
    assert.deepEqual(roles, ['design', 'context', 'context', 'context']);
  });
  test('a component is the design where nothing else shows one', async () =>
    assert.deepEqual(await rolesOf(['t.json', '{"a":{"$value":"1"}}'], ['Card.tsx', TSX]), ['context', 'design']));
  test('tokens alone are the design', async () =>
    assert.deepEqual(await rolesOf(['t.json', '{"a":{"$value":"1"}}']), ['design']));
});

test('a Figma file with several frames asks which one, and reads the one that was chosen', async () => {
  const other = { ...FIGMA, id: '9:9', name: 'Other' };
  const file = {
    document: { id: '0:0', type: 'DOCUMENT', children: [{ id: '0:1', type: 'CANVAS', name: 'Page', children: [FIGMA, other] }] },
  };
  const given = { name: 'file.json', bytes: bytesOf(JSON.stringify(file)) };
  const frames = framesToChoose(given);
  assert.deepEqual(
    frames.map(({ name }) => name),
    ['Card', 'Other'],
  );
  await assert.rejects(readMaterial(given), (error) => error instanceof TaskProblem && /2 frames/.test(error.message));
  const { material } = await readMaterial({ ...given, frame: '9:9' });
  assert.equal(material.name, 'Other');
  assert.deepEqual(framesToChoose({ name: 'a.md', bytes: bytesOf('# A') }), []);
});

const DEEP = `${'['.repeat(300)}${']'.repeat(300)}`;
const LAUGHS = `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(1000)}">]><svg xmlns="http://www.w3.org/2000/svg"><text>${'&a;'.repeat(20_000)}</text></svg>`;
const REFUSED: readonly (readonly [string, string, string | Uint8Array, RegExp])[] = [
  ['nothing', 'a.md', '', /empty/],
  ['signs without width', 'a.md', '\u200b\u200d', /empty/],
  ['JSON of nothing', 'a.json', ' {} ', /nothing in it/],
  ['white space', 'a.svg', ' \n\t', /empty/],
  ['a binary', 'a.bin', Uint8Array.from([0x80, 0x81, 0xff]), /neither UTF-8 text nor/],
  ['UTF-16 that breaks off', 'a.md', Uint8Array.from([0xff, 0xfe, 0x41]), /neither UTF-8 text nor/],
  ['NUL', 'a.md', 'a\0b', /binary/],
  ['a PDF by another name', 'a.md', '%PDF-1.7 ...', /models cannot read/],
  ['a Sketch file by another name', 'a.txt', 'PK\u0003\u0004...', /models cannot read/],
  ['JSON that breaks off', 'tokens.json', '{"color": {"brand": ', /not valid JSON/],
  ['a copy of JSON that breaks off', 'clipboard', '{"color": {"brand": {"$value": "#ff', /not valid JSON/],
  ['an answer of Figma without a design', 'a.json', '{"status":404,"err":"Not found"}', /"Not found"/],
  ['no JSON', 'tokens.json', 'hello', /not valid JSON/],
  ['JSON too deep', 'a.json', DEEP, /deeper than 200/],
  ['far too much', 'a.json', new Uint8Array(20 * 1024 * 1024 + 1).fill(0x20), /20\.0 MB/],
  ['too much text', 'a.md', 'x'.repeat(2 * 1024 * 1024 + 1), /2\.0 MB of text/],
  ['an SVG that breaks off', 'a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><g>', /not an SVG that can be read/],
  ['an SVG by name alone', 'a.svg', 'hello', /holds no picture/],
  ['a PNG of its signature alone', 'a.png', PNG_2x1.subarray(0, 8), /broken picture/],
  ['a PNG without height', 'a.png', Buffer.concat([PNG_2x1.subarray(0, 20), Buffer.alloc(20)]), /broken picture/],
  [
    'a PNG of billions of pixels',
    'a.png',
    Buffer.concat([PNG_2x1.subarray(0, 16), Buffer.alloc(8, 0x7f), Buffer.alloc(20)]),
    /30000/,
  ],
  ['a GIF in words', 'a.gif', 'GIF8 is a format', /broken picture/],
  ['a WebP that breaks off', 'a.webp', 'RIFF\u0004\0\0\0WEBP', /broken picture/],
  [
    'an SVG of nothing but depth',
    'a.svg',
    `<svg>${'<g>'.repeat(300)}<path d="M0 0"/>${'</g>'.repeat(300)}</svg>`,
    /deeper than 200/,
  ],
  ['an SVG whose entities grow', 'a.svg', LAUGHS, /not an SVG that can be read/],
  ['a picture too large', 'a.png', Buffer.concat([PNG_2x1, Buffer.alloc(4 * 1024 * 1024)]), /Export it smaller/],
];
describe('refused in one sentence', () => {
  for (const [what, name, content, expected] of REFUSED) {
    test(what, async () => {
      await assert.rejects(read(name, content), (error) => {
        assert.ok(error instanceof TaskProblem, String(error));
        assert.match(error.message, expected);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });
  }
});

const SVG_START = '<svg xmlns="http://www.w3.org/2000/svg">';
/** Sizes at which a rule that looks at everything once for everything else would not end within the test's patience. */
const LARGE: readonly (readonly [string, string, string])[] = [
  ['a component of runes', 'a.svelte', '$state<'.repeat(100_000)],
  ['a component of braces', 'a.tsx', `import x\nreturn <a>${'{'.repeat(300_000)}`],
  ['a component of spaces', 'a.tsx', `import x\nreturn${' '.repeat(300_000)}`],
  ['a component of empty lines', 'a', `return <a>${'\n'.repeat(300_000)}`],
  ['an SVG of elements', 'a.svg', `${SVG_START}${'<rect width="1" height="1"/>'.repeat(60_000)}</svg>`],
  ['an SVG of one path', 'a.svg', `${SVG_START}<path d="M0 0${' l1.23456 2.34567'.repeat(100_000)}"/></svg>`],
  ['an SVG of attributes', 'a.svg', `<svg ${Array.from({ length: 50_000 }, (_, i) => `a${i}="1"`).join(' ')}><rect/></svg>`],
  ['an SVG of comments', 'a.svg', `<svg>${'<!-- x -->'.repeat(7_000)}<rect/></svg>`],
  ['an SVG of digits', 'a.svg', `${SVG_START}<path d="M${'1'.repeat(500_000)}.${'1'.repeat(500_000)}e5"/></svg>`],
  [
    'base64 in lines',
    'a.svg',
    `${SVG_START}<image href="data:image/png;base64,${`${'A'.repeat(76)}\n`.repeat(200_000)}"/></svg>`,
  ],
  ['JSON of comments', 'a.md', `{"a": ${'/*'.repeat(500_000)}`],
  [
    'tokens that extend one another',
    'a.json',
    JSON.stringify(
      Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`g${i}`, { $extends: `{g${i + 1}}`, a: { $value: '1' } }])),
    ),
  ],
  [
    'an SVG of style rules',
    'a.svg',
    `${SVG_START}<style>${Array.from({ length: 2_000 }, (_, i) => `.c${i} .d${i}>g:not(.x){fill:#000}`).join('')}</style>${'<g class="c1"><rect/></g>'.repeat(2_000)}</svg>`,
  ],
  [
    'tokens in a long chain',
    'a.json',
    JSON.stringify({
      s: Object.fromEntries(Array.from({ length: 19_000 }, (_, i) => [`c${i}`, { $value: i > 0 ? `{s.c${i - 1}}` : '#fff' }])),
    }),
  ],
];
describe('large, and read to its end', () => {
  for (const [what, name, content] of LARGE) {
    test(what, { timeout: 60_000 }, async () => assert.ok(textOf(await read(name, content)).length > 0));
  }
});
