/** Links to Figma files in all forms that Figma gives out, and what only looks like one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFigmaLink } from '../../../src/core/inputs/figmaLink.ts';

const KEY = 'AbC123dEf456GhI789';
const good: readonly (readonly [string, string, string | undefined])[] = [
  [`https://www.figma.com/file/${KEY}/Shop?node-id=1-2`, KEY, '1:2'],
  [`https://www.figma.com/design/${KEY}/Shop?node-id=1-2&t=xyz-0`, KEY, '1:2'],
  [`https://figma.com/design/${KEY}`, KEY, undefined],
  [`  figma.com/proto/${KEY}/Shop?node-id=1%3A2&scaling=min-zoom\n`, KEY, '1:2'],
  [`https://www.figma.com/board/${KEY}/Ideas?node-id=1:2`, KEY, '1:2'],
  [`https://www.figma.com/design/${KEY}/branch/${KEY}2/Shop?node-id=12-345`, `${KEY}2`, '12:345'],
  [`https://www.figma.com/design/${KEY}/Shop?node-id=I5-6%3B7-8`, KEY, 'I5:6;7:8'],
  [`https://www.figma.com/design/${KEY}/Shop?node-id=I1:2;3:4;5:6`, KEY, 'I1:2;3:4;5:6'],
  [`https://www.figma.com/design/${KEY}/Shop?node-id=`, KEY, undefined],
  [`https://www.figma.com/design/${KEY}/Shop?node-id=..%2F..%2Fme`, KEY, undefined],
  [`https://embed.figma.com/design/${KEY}/Shop?node-id=1-2`, KEY, '1:2'],
  [`https://www.figma-gov.com/design/${KEY}/Shop`, KEY, undefined],
];
for (const [text, fileKey, nodeId] of good) {
  test(text.trim(), () => assert.deepEqual(parseFigmaLink(text), nodeId ? { fileKey, nodeId } : { fileKey }));
}

const bad: readonly string[] = [
  '',
  'Compare this with the design',
  `https://figma.com.evil.test/design/${KEY}/Shop`,
  `https://evilfigma.com/design/${KEY}/Shop`,
  `https://user:pw@figma.com/design/${KEY}/Shop`,
  `https://www.figma.com@evil.test/design/${KEY}/Shop`,
  `javascript:alert(1)//figma.com/design/${KEY}`,
  'https://www.figma.com/design/../../v1/me',
  'https://www.figma.com/design/short/Shop',
  `https://www.figma.com/community/file/${KEY}`,
  'https://www.figma.com/files/recents',
  `https://www.figma.com/design/${'a'.repeat(5000)}`,
];
for (const text of bad) test(`no link: ${text.slice(0, 60)}`, () => assert.equal(parseFigmaLink(text), undefined));
