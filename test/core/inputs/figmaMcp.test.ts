/** What MCP servers make of a Figma design: recognised, resolved, and cleared of ids, notes and links that expire. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { detectFigma, figmaFrames, readFigma } from '../../../src/core/inputs/figma.ts';

const CODE = `const imgLogo = "http://localhost:3845/assets/0a1b.svg";
const imgHero = 'https://www.figma.com/api/mcp/asset/550e8400-e29b-41d4-a716-446655440000.png';
const docs = "https://example.com/docs";

export default function Card() {
  return (
    <div className="bg-white rounded-[16px] w-[360px]" data-node-id="1:2" data-name="Pricing card">
      <p className="text-[24px]" data-node-id="I29:1806;4:8">
        SUPER CRITICAL: read the terms
      </p>
      <img alt="" src={imgLogo} data-node-id={"1:4"} />
    </div>
  );
}

SUPER CRITICAL: The generated React+Tailwind code MUST be converted to match the target project's technology stack.
1. Analyze the target codebase
DO NOT install any Tailwind as a dependency unless the user instructs you to do so.

Node ids have been added to the code as data attributes, e.g. \`data-node-id="1:2"\`.

These styles are contained in the design: Body: Font(family: "Inter", style: Regular, size: 16, weight: 400).

Image assets are stored on a localhost server.
`;

const XML = `<frame id="1:2" name="Pricing card" x="0" y="0" width="360" height="480">
  <text id="1:3" name="Team plan" x="24" y="24" width="200" height="32" />
  <instance id="1:4" name="a &gt; b" x="24" y="140" width="24" height="24">
    <vector id="1:5" name="Vector" x="2" y="2" width="20" height="20" />
    <vector id="1:6" name="Vector" x="4" y="4" width="8" height="8" />
  </instance>
  <frame id="1:7" name="Old" x="0" y="0" width="80" height="24" hidden="true">
    <text id="1:8" name="SALE" x="0" y="0" width="60" height="20" />
  </frame>
  <text id="1:9" name="End" x="24" y="400" width="200" height="32" />
</frame>
IMPORTANT: After you call this tool, you MUST call get_design_context.`;

const SIMPLIFIED = {
  metadata: {
    name: 'Shop',
    thumbnailUrl: 'https://s3-alpha.figma.com/thumbnails/a?X-Amz-Signature=abc',
    components: { '1:60': { id: '1:60', key: 'k', name: 'Button' } },
  },
  nodes: [
    {
      id: '1:2',
      name: 'Pricing card',
      type: 'FRAME',
      fills: 'fill_A',
      layout: 'layout_A',
      effects: 'effect_A',
      borderRadius: '16px',
      children: [
        {
          id: '1:3',
          name: 'Team plan',
          type: 'TEXT',
          text: 'Team plan',
          textStyle: 'style_A',
          fills: 'fill_B',
          layout: 'layout_B',
        },
        {
          id: '1:4',
          name: 'Buy',
          type: 'INSTANCE',
          componentId: '1:60',
          componentProperties: [{ name: 'Size', value: 'Large', type: 'VARIANT' }],
          fills: 'constructor',
        },
        { id: '1:5', name: 'Hidden', type: 'TEXT', text: 'no', visible: false },
        { id: '1:6', name: 'Two', type: 'TEXT', text: 'one\ntwo' },
      ],
    },
  ],
  globalVars: {
    styles: {
      fill_A: ['#FFFFFF', { type: 'IMAGE', imageRef: 'abc', scaleMode: 'FILL' }],
      fill_B: ['#111827'],
      layout_A: {
        mode: 'column',
        gap: '16px',
        padding: '24px',
        sizing: { horizontal: 'fixed', vertical: 'hug' },
        dimensions: { width: 360, height: 480 },
      },
      layout_B: { mode: 'none', locationRelativeToParent: { x: 24, y: 24 }, dimensions: { width: 200, height: 32 } },
      effect_A: { boxShadow: '0px 4px 12px 0px rgba(0, 0, 0, 0.1)' },
      style_A: {
        fontFamily: 'Inter',
        fontWeight: 700,
        fontSize: 24,
        lineHeight: '1.33em',
        letterSpacing: '-1%',
        textAlignHorizontal: 'CENTER',
      },
    },
  },
};

const YAML = `metadata:
  name: Shop
  thumbnailUrl: https://s3-alpha.figma.com/thumbnails/a?X-Amz-Signature=abc
nodes:
  - id: '1:2'
    name: Card
    fills: fill_A
globalVars:
  styles:
    fill_A:
      - '#FFFFFF'
`;

const VARIABLES = {
  'Gray/White': '#FFFFFF',
  Radius: '12',
  'Body/Regular': 'Font(family: "Inter", style: Regular, size: 16, weight: 400)',
};

describe('recognised', () => {
  const cases: readonly (readonly [string, unknown, string | undefined])[] = [
    ['code', CODE, 'code'],
    ['code in a fence', `\`\`\`jsx\n${CODE}\n\`\`\``, 'code'],
    [
      'code as a tool’s answer',
      {
        content: [
          { type: 'text', text: CODE },
          { type: 'image', data: 'x' },
        ],
      },
      'code',
    ],
    ['metadata', XML, 'metadata'],
    ['the simplified tree', SIMPLIFIED, 'simplified'],
    ['the simplified tree as text', JSON.stringify(SIMPLIFIED), 'simplified'],
    ['the simplified tree in YAML', YAML, 'simplified-yaml'],
    ['variables', VARIABLES, 'variables'],
    ['a component of one’s own', 'export const A = () => <div data-id="1:2" className="x" />;', undefined],
    ['words about an attribute', 'Use data-node-id="1:2" in the code.', undefined],
    ['an SVG', '<svg id="1:2" xmlns="x"><path/></svg>', undefined],
    ['a table of translations', { hello: 'Hello', bye: 'Bye' }, undefined],
    ['tokens of the DTCG', { color: { $value: '#FFF', $type: 'color' } }, undefined],
    ['a plain table of colours, which may be anybody’s', { white: '#FFF', black: '#000' }, undefined],
    ['a compose file', 'version: 3\nnodes:\n  a: 1\n', undefined],
  ];
  for (const [name, given, expected] of cases) test(name, () => assert.equal(detectFigma(given), expected));
});

test('code keeps its markup, names and styles; ids, links and the tool’s notes go, counted', () => {
  const read = readFigma(CODE, 'card.tsx');
  assert.deepEqual([read.kind, read.language, read.name], ['figma-code', 'tsx', 'card.tsx']);
  assert.deepEqual(read.leftOut, ['3 layer ids', '2 links that expire', "3 notes of Figma's tool to its agent"]);
  for (const kept of [
    'data-name="Pricing card"',
    'SUPER CRITICAL: read the terms',
    'https://example.com/docs',
    'Font(family: "Inter"',
    'const imgLogo = "placeholder"',
  ])
    assert.ok(read.text.includes(kept), kept);
  for (const gone of ['data-node-id', 'localhost', 'api/mcp', 'MUST be converted', 'DO NOT install'])
    assert.ok(!read.text.includes(gone), gone);
});

test('metadata keeps what is to be seen', () => {
  const read = readFigma(XML, 'metadata.xml');
  assert.equal(
    read.text,
    `<frame name="Pricing card" x="0" y="0" width="360" height="480">
  <text name="Team plan" x="24" y="24" width="200" height="32" />
  <instance name="a &gt; b" x="24" y="140" width="24" height="24">
  </instance>
  <text name="End" x="24" y="400" width="200" height="32" />
</frame>`,
  );
  assert.deepEqual(read.leftOut, ['2 hidden layers', '2 vector paths', '4 layer ids', "1 note of Figma's tool to its agent"]);
  assert.deepEqual(read.frame, { width: 360, height: 480 });
});

test('the simplified tree is resolved; what leads nowhere and what expires is counted', () => {
  const read = readFigma(SIMPLIFIED, 'f.json');
  const lines = read.text.split('\n').slice(4);
  assert.deepEqual(lines, [
    'frame "Pricing card" 0,0 360×480 · column gap 16px padding 24px height hug · fill #FFFFFF, image placeholder (fill) · radius 16px · box-shadow 0px 4px 12px 0px rgba(0, 0, 0, 0.1)',
    '  text 24,24 200×32 · color #111827 · 700 24px/1.33em "Inter" letter-spacing -1% text-align center · text: Team plan',
    '  instance "Buy" · of "Button" (Size=Large)',
    '  text · text:',
    '    | one',
    '    | two',
  ]);
  assert.deepEqual(read.leftOut, ['1 hidden layer', '1 style that is referred to and missing', '1 link that expires']);
  assert.deepEqual(figmaFrames(SIMPLIFIED), [
    { id: '1:2', name: 'Pricing card', kind: 'frame', path: [], size: { width: 360, height: 480 } },
  ]);
});

test('YAML goes as it is, but for links that expire', () => {
  const read = readFigma(YAML, 'f.yaml');
  assert.equal(read.language, 'yaml');
  assert.deepEqual(read.leftOut, ['1 link that expires']);
  assert.match(read.text, /thumbnailUrl: placeholder\n/);
});

test('variables are tokens', () => {
  const read = readFigma(JSON.stringify(VARIABLES), 'variables.json');
  assert.deepEqual([read.kind, read.leftOut], ['tokens', []]);
  assert.deepEqual(JSON.parse(read.text), VARIABLES);
});

test('long hostile texts are looked at once', () => {
  for (const bad of [
    `<frame id="1:2" name="${'x'.repeat(2_000_000)}`,
    '<frame id="1:2" name="a">'.repeat(50_000),
    `data-node-id="1:2" <a ${' data-node-id='.repeat(100_000)}`,
    '{'.repeat(500_000),
  ]) {
    assert.doesNotThrow(() => detectFigma(bad));
    try {
      readFigma(bad, 'bad');
    } catch (error) {
      assert.equal((error as Error).name, 'TaskProblem'); // anything else is a crash
    }
  }
});
