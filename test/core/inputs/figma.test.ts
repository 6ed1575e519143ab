/** Figma's JSON in every wrapping, described and pruned: what is said, what is counted, and what is refused in one sentence. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { detectFigma, figmaFrames, readFigma } from '../../../src/core/inputs/figma.ts';
import { TaskProblem } from '../../../src/core/inputs/problem.ts';
import { box, card, type Fields, file, frame, node, nodesAnswer, page, solid, text, vector } from './figmaKit.ts';

/** The description's lines, without the words above them. */
const linesOf = (json: unknown, id?: string): readonly string[] => {
  const lines = readFigma(json, 'shop.json', id).text.split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('frame ')));
};
const lineWith = (json: unknown, part: string): string => linesOf(json).find((line) => line.includes(part)) ?? '';
const leftOut = (json: unknown): readonly string[] => readFigma(json, 'shop.json').leftOut;
const alone = (children: readonly unknown[], more: Fields = {}): Fields =>
  frame('Alone', box(100, 100, 400, 300), children, more);
const problemOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof TaskProblem, String(error));
    return error.message;
  }
  return '';
};

describe('shapes', () => {
  const only = card();
  const shapes: readonly (readonly [string, unknown, string | undefined])[] = [
    ['a file', file([page('Home', [only])]), 'tree'],
    ['a file as text', JSON.stringify(file([page('Home', [only])])), 'tree'],
    ['text with a byte order mark', `\uFEFF${JSON.stringify(only)}`, 'tree'],
    ['a bare node', only, 'tree'],
    ['a bare page', page('Home', [only]), 'tree'],
    ['a nodes answer', nodesAnswer(only), 'tree'],
    ['a list of nodes', [only], 'tree'],
    ['a plugin’s export, whose document is the frame', { document: only, components: {}, styles: {} }, 'tree'],
    ['a tool’s answer around it', { content: [{ type: 'text', text: JSON.stringify(only) }] }, 'tree'],
    ['nothing of the kind', { name: 'x', version: '1.0.0', dependencies: {} }, undefined],
    ['a list of strings', ['a'], undefined],
    ['another tree', { type: 'object', id: 'x', children: [] }, undefined],
    ['a page in other words', { Document: 'yes', Title: 'Invoice' }, undefined],
    ['no JSON', '{"id": "1:2", ', undefined],
    ['a number', 5, undefined],
    ['null', null, undefined],
  ];
  for (const [name, given, expected] of shapes) {
    test(name, () => {
      assert.equal(detectFigma(given), expected);
      if (expected) assert.equal(readFigma(given, 'shop.json').name, 'Pricing card');
      else
        assert.match(
          problemOf(() => readFigma(given, 'shop.json')),
          /^shop\.json is not a Figma design\. /,
        );
    });
  }

  test('a variant with other names is refused, wherever it begins', () => {
    const other = [
      { Id: '1:2', Name: 'A', Type: 'FRAME', Children: [], AbsoluteBoundingBox: { X: 0, Y: 0, Width: 10, Height: 10 } },
      { Document: { Id: '0:0', Type: 'DOCUMENT', Children: [] }, Name: 'A' },
      { id: '1:2', type: 'FRAME', children: [], absolute_bounding_box: { x: 0, y: 0, width: 1, height: 1 } },
      { ...card(), absoluteBoundingBox: { X: 0, Y: 0, Width: 10, Height: 10 } },
      alone([node('RECTANGLE', 'Deep', box(0, 0, 9, 9), { fills: [{ type: 'SOLID', color: { R: 1, G: 1, B: 1, A: 1 } }] })]),
    ];
    for (const json of other)
      assert.match(
        problemOf(() => readFigma(json, 'net.json')),
        /^net\.json is a Figma tree that another program/,
      );
  });

  test('a component property called Width is no other spelling', () => {
    const json = alone([
      node('INSTANCE', 'A', box(110, 110, 9, 9), { componentProperties: { Width: { type: 'VARIANT', value: 'X' } } }),
    ]);
    assert.match(lineWith(json, 'instance'), /\(Width=X\)/);
  });
});

describe('frames', () => {
  const many = file([
    page('Home', [card(), frame('Hidden', box(0, 0, 9, 9), [], { visible: false }), text('loose', box(0, 0, 9, 9))]),
    page('Flow', [
      node('SECTION', 'Checkout', box(0, 0, 900, 900), {
        id: '2:1',
        children: [frame('Pay', box(10, 10, 390, 844), [], { id: '2:2' })],
      }),
      node('COMPONENT', 'Chip', null, { id: '2:3', children: [] }),
    ]),
  ]);

  test('are listed by page and section, with their size', () => {
    assert.deepEqual(
      figmaFrames(many).map(({ id, name, kind, path, size }) => [id, name, kind, path.join('/'), size?.width]),
      [
        ['1:2', 'Pricing card', 'frame', 'Home', 360],
        ['2:1', 'Checkout', 'section', 'Flow', 900],
        ['2:2', 'Pay', 'frame', 'Flow/Checkout', 390],
        ['2:3', 'Chip', 'component', 'Flow', undefined],
      ],
    );
  });

  test('one of several must be chosen; an id chooses, wherever it is', () => {
    assert.equal(
      problemOf(() => readFigma(many, 'shop.json')),
      'shop.json holds 4 frames: "Pricing card", "Checkout", "Pay", "Chip". Choose one of them.',
    );
    assert.deepEqual(readFigma(many, 'shop.json', '2:2').frame, { width: 390, height: 844 });
    assert.match(
      problemOf(() => readFigma(many, 'shop.json', '7:7')),
      /^shop\.json holds no layer "7:7"\./,
    );
    assert.match(
      problemOf(() => readFigma(many, 'shop.json', '__proto__')),
      /holds no layer/,
    );
  });

  test('a page’s id means its only frame', () => {
    assert.equal(readFigma(file([page('A', [card()], '0:1'), page('B', [card()], '0:2')]), 'f', '0:1').name, 'Pricing card');
  });

  test('a file without one says so', () => {
    assert.match(
      problemOf(() => readFigma(file([page('Home', [])]), 'f.json')),
      /^f\.json holds no visible frame\./,
    );
    assert.match(
      problemOf(() => readFigma({ nodes: { '1:2': null } }, 'f.json')),
      /is not a Figma design/,
    );
  });
});

describe('description', () => {
  const given = file([page('Home', [card()])]);

  test('places layers from the frame’s own corner, however far away that lies', () => {
    assert.match(lineWith(given, 'Pricing card'), /^frame "Pricing card" 0,0 360×480 · column gap 16 padding 24 · /);
    assert.match(
      lineWith(given, 'Team plan'),
      /^ {2}text 24,24 200×32 · 700 24px\/32px "Inter" letter-spacing -0\.24px · color #111827 · text: Team plan$/,
    );
  });

  test('gives text as it stands, line for line, and names the stretches that differ', () => {
    const lines = linesOf(given);
    assert.ok(lines.includes('    | $12 per "seat"') && lines.includes('    | billed monthly'));
    assert.ok(lines.includes('    in it "$12": 700 16px/24px "Inter" · color #2563EB'), lines.join('\n'));
  });

  test('knows components, variables and shared styles by name', () => {
    assert.match(lineWith(given, '"Button"'), /of "Button" \(Label="Start trial", Size=Large, Icon=false\)/);
    assert.match(lineWith(given, '"Button"'), /fill #2563EB \(color\/brand\)/);
    assert.match(lineWith(given, 'Pricing card'), /fill #FFFFFF \(Surface\/Card\)/);
  });

  const looks: readonly (readonly [string, Fields, RegExp])[] = [
    ['a see-through fill', { fills: [solid('#FF0000', { opacity: 0.5 })] }, /fill #FF000080/],
    ['two fills, the upper one first', { fills: [solid('#FF0000'), solid('#00FF00')] }, /fill #00FF00, #FF0000/],
    ['an invisible fill, which is none', { fills: [solid('#FF0000', { visible: false })] }, /^(?!.*fill)/],
    ['a picture', { fills: [{ type: 'IMAGE', scaleMode: 'FIT', imageRef: 'abc' }] }, /fill image placeholder \(contain\)/],
    [
      'a stroke by sides',
      { strokes: [solid('#000000')], individualStrokeWeights: { top: 0, right: 0, bottom: 2, left: 0 } },
      /stroke #000000 widths 0px 0px 2px 0px inside/,
    ],
    ['dashes', { strokes: [solid('#000000')], strokeDashes: [4, 2] }, /stroke #000000 1px inside dashed 4 2/],
    ['corners', { rectangleCornerRadii: [8, 8, 0, 0], cornerRadius: 8 }, /radius 8 8 0 0/],
    ['a blur', { effects: [{ type: 'BACKGROUND_BLUR', visible: true, radius: 12 }] }, /background blur 12px/],
    ['an invisible shadow, which is none', { effects: [{ type: 'DROP_SHADOW', visible: false, radius: 12 }] }, /^(?!.*shadow)/],
    ['opacity and blending', { opacity: 0.4, blendMode: 'MULTIPLY' }, /opacity 0\.4 · blend multiply/],
    ['a turn, clockwise', { rotation: Math.PI / 12 }, /rotate 15deg/],
    ['a mask', { isMask: true }, /mask for the layers after it/],
    ['what it is pinned to', { constraints: { horizontal: 'LEFT_RIGHT', vertical: 'BOTTOM' } }, /pinned left and right, bottom/],
    [
      'variables by name alone',
      { boundVariables: { itemSpacing: { id: 'VariableID:7:1' }, opacity: { id: 'VariableID:9:9' } } },
      /variables itemSpacing=color\/brand$/,
    ],
    [
      'wrapping rows',
      { layoutMode: 'HORIZONTAL', layoutWrap: 'WRAP', itemSpacing: 4, counterAxisSpacing: 6, paddingTop: 1 },
      /row gap 4 wrap row gap 6 padding 1 0 0/,
    ],
    [
      'space between, whose gap is none',
      { layoutMode: 'HORIZONTAL', primaryAxisAlignItems: 'SPACE_BETWEEN', itemSpacing: 90 },
      /· row justify space-between/,
    ],
    ['a grid', { layoutMode: 'GRID', gridColumnCount: 3, gridRowGap: 8 }, /grid columns 3 row gap 8/],
    ['limits', { minWidth: 100, maxWidth: 200 }, /min-width 100 max-width 200/],
    ['scrolling', { overflowDirection: 'HORIZONTAL_SCROLLING' }, /scrolls sideways/],
  ];
  for (const [name, fields, expected] of looks) {
    test(name, () => {
      const json = { ...file([page('Home', [alone([frame('Probe', box(110, 110, 100, 50), [], fields)])])]) };
      assert.match(lineWith(json, '"Probe"'), expected);
    });
  }

  /** Handles as Figma writes them: from, to, and the width of it. */
  const gradient = (type: string, handles: readonly (readonly [number, number])[]): Fields => ({
    type,
    gradientHandlePositions: handles.map(([x, y]) => ({ x, y })),
    gradientStops: [
      { position: 0, color: { r: 1, g: 0, b: 0, a: 1 } },
      { position: 1, color: { r: 0, g: 0, b: 1, a: 0.5 } },
    ],
  });
  const gradients: readonly (readonly [string, Fields, string])[] = [
    [
      'downwards',
      gradient('GRADIENT_LINEAR', [
        [0.5, 0],
        [0.5, 1],
        [0, 0],
      ]),
      'linear-gradient(180deg, #FF0000 0%, #0000FF80 100%)',
    ],
    [
      'to the right',
      gradient('GRADIENT_LINEAR', [
        [0, 0.5],
        [1, 0.5],
        [0, 0],
      ]),
      'linear-gradient(90deg, #FF0000 0%, #0000FF80 100%)',
    ],
    [
      'upwards, in the middle half',
      gradient('GRADIENT_LINEAR', [
        [0.5, 0.75],
        [0.5, 0.25],
        [0, 0],
      ]),
      'linear-gradient(0deg, #FF0000 25%, #0000FF80 75%)',
    ],
    [
      'from corner to corner of a square',
      gradient('GRADIENT_LINEAR', [
        [0, 0],
        [1, 1],
        [0, 1],
      ]),
      'linear-gradient(135deg, #FF0000 0%, #0000FF80 100%)',
    ],
    [
      'round',
      gradient('GRADIENT_RADIAL', [
        [0.5, 0.5],
        [1, 0.5],
        [0.5, 1],
      ]),
      'radial-gradient(50px 50px at 50% 50%, #FF0000 0%, #0000FF80 100%)',
    ],
    ['without handles', gradient('GRADIENT_LINEAR', []), 'linear gradient(#FF0000 0%, #0000FF80 100%)'],
  ];
  for (const [name, paint, expected] of gradients) {
    test(`a gradient ${name}`, () => {
      const line = lineWith(alone([node('RECTANGLE', 'Probe', box(110, 110, 100, 100), { fills: [paint] })]), '"Probe"');
      assert.ok(line.includes(`fill ${expected}`), line);
    });
  }

  test('a text style used often is named once', () => {
    const rows = ['One', 'Two', 'Three', 'Four'].map((word, at) => text(word, box(100, 100 + at * 30, 80, 24)));
    const read = readFigma(alone(rows), 'f');
    assert.match(read.text, /Shared text styles:\nT1 = 400 16px\/24px "Inter"\n/);
    assert.equal(read.text.match(/ · T1 · /g)?.length, 4);
    assert.ok(read.leftOut.includes('4 repeated text styles (as 1 shared)'), read.leftOut.join());
  });
});

describe('pruning', () => {
  test('says what it left out of a usual card', () => {
    assert.deepEqual(leftOut(file([page('Home', [card()])])), [
      '2 hidden layers',
      '2 vector paths (as 1 icon)',
      '23 values at their default',
      '23 non-visual fields',
    ]);
  });

  const at = (x: number, y: number): Fields => box(100 + x, 100 + y, 20, 20);
  const rules: readonly (readonly [string, readonly Fields[], string, RegExp])[] = [
    [
      'invisible layers with all they hold',
      [frame('Gone', at(0, 0), [text('no', at(0, 0)), text('no', at(0, 0))], { visible: false })],
      '3 hidden layers',
      /Gone|no/,
    ],
    ['wholly transparent layers', [text('Gone', at(0, 0), {}, { opacity: 0 })], '1 hidden layer', /Gone/],
    ['layers without size', [node('RECTANGLE', 'Gone', box(100, 100, 0, 0))], '1 layer without size', /Gone/],
    ['layers beyond the edge', [text('Gone', at(900, 0))], '1 layer outside the frame', /Gone/],
    ['empty texts', [text('', at(0, 0))], '1 empty text', /text: $/m],
    ['export slices', [node('SLICE', 'Gone', at(0, 0))], '1 export slice', /Gone/],
    [
      'groups that only wrap',
      [node('GROUP', 'Gone', at(0, 0), { children: [text('Stays', at(0, 0))] })],
      '1 group that only wraps',
      /Gone/,
    ],
  ];
  for (const [name, children, phrase, gone] of rules) {
    test(name, () => {
      const json = alone([...children, text('Stays too', at(30, 30))]);
      assert.ok(leftOut(json).includes(phrase), leftOut(json).join('; '));
      assert.doesNotMatch(linesOf(json).join('\n'), gone);
      assert.match(linesOf(json).join('\n'), /Stays too/);
    });
  }

  test('what scrolls stays, though it lies beyond the edge', () => {
    const strip = frame('Strip', box(100, 100, 400, 80), [text('Far', at(900, 0))], {
      overflowDirection: 'HORIZONTAL_SCROLLING',
    });
    assert.match(linesOf(alone([strip])).join('\n'), /text: Far/);
  });

  test('a line with a stroke stays, though it has no height', () => {
    assert.match(
      lineWith(alone([node('LINE', 'Rule', box(100, 120, 200, 0), { strokes: [solid('#E5E7EB')] })]), 'line'),
      /200×0 · stroke #E5E7EB/,
    );
  });

  test('an icon is one line, with its name, size and colours', () => {
    const icon = frame('chevron-right', at(0, 0), [
      vector(at(0, 0)),
      node('GROUP', 'Group 1', at(0, 0), { children: [vector(at(1, 1), '#FFFFFF')] }),
    ]);
    assert.deepEqual(linesOf(alone([icon])).slice(1), ['  icon "chevron-right" 0,0 20×20 · #2563EB #FFFFFF']);
  });

  test('icons in a row are a line each, whether the row has a layout or not', () => {
    for (const more of [{ layoutMode: 'HORIZONTAL', itemSpacing: 12 }, {}]) {
      const icons = [0, 40, 80].map((x) => frame(`icon ${x}`, at(x, 0), [vector(at(x, 0))]));
      const row = node('GROUP', 'Wrap', box(100, 100, 120, 20), {
        children: [frame('Social', box(100, 100, 120, 20), icons, more)],
      });
      assert.equal(linesOf(alone([row])).filter((line) => line.trim().startsWith('icon "icon ')).length, 3);
    }
  });

  test('what sticks out of a layer beyond the edge into the frame stays', () => {
    const outer = frame('Outer', at(900, 0), [text('Inside', at(10, 0))], { clipsContent: false });
    assert.match(linesOf(alone([outer])).join('\n'), /text: Inside/);
    assert.deepEqual(leftOut(alone([{ ...outer, clipsContent: true }]))[0], '2 layers outside the frame');
  });

  test('what is hidden inside an icon is counted too', () => {
    const icon = frame('x', at(0, 0), [vector(at(0, 0)), vector(at(0, 0), '#FFFFFF', { visible: false })]);
    assert.deepEqual(leftOut(alone([icon])).slice(0, 2), ['1 hidden layer', '1 vector path (as 1 icon)']);
  });

  test('a button with a background keeps it, and its icon', () => {
    const button = frame('Close', box(100, 100, 40, 40), [vector(at(10, 10))], { fills: [solid('#F3F4F6')], cornerRadius: 20 });
    assert.deepEqual(linesOf(alone([button])).slice(1), [
      '  frame "Close" 0,0 40×40 · fill #F3F4F6 · radius 20',
      '    icon 10,10 20×20 · #2563EB',
    ]);
  });

  test('a chart of bars is no drawing', () => {
    const bars = Array.from({ length: 4 }, (_, i) =>
      node('RECTANGLE', `Bar ${i}`, box(110 + i * 30, 110, 20, 90), { fills: [solid('#2563EB')] }),
    );
    assert.equal(linesOf(alone([frame('Chart', box(100, 100, 200, 100), bars)])).length, 6);
  });

  test('the picture of an illustration is one line', () => {
    const art = frame(
      'Hero art',
      box(100, 100, 300, 200),
      Array.from({ length: 30 }, () => vector(at(5, 5))),
    );
    assert.deepEqual(leftOut(alone([art]))[0], '30 vector paths (as 1 drawing)');
  });

  test('nothing is left out of what has nothing to leave out', () => {
    const bare = { id: '1:1', type: 'FRAME', name: 'Bare', absoluteBoundingBox: box(0, 0, 10, 10), children: [] };
    assert.deepEqual(leftOut(bare), []);
  });

  test('a description that is still too large is refused, never cut', () => {
    const rows = Array.from({ length: 9000 }, (_, i) =>
      text(`Row ${i} ${'x'.repeat(40)}`, box(100, 100, 80, 24), { fontSize: i }),
    );
    assert.match(
      problemOf(() => readFigma(alone(rows), 'f')),
      /^"Alone" is too large to send: \d\.\d MB even when shortened\. Choose a smaller frame/,
    );
  });
});
