/** What may be sent beside a task, and what never is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextPiece, MAX_CONTEXT_BYTES, whyNotSent } from '../../src/core/contextFiles.ts';

const SENT = [
  'src/Card.tsx',
  'tokens.json',
  'design/tokens.light.json',
  'docs/rules.md',
  'src/[id]/page.tsx',
  'styles/keyboard.css',
  'src/PasswordField.tsx',
  'environment.ts',
];
const KEPT = [
  '../x.ts',
  'a/../../x.ts',
  '/etc/passwd',
  'C:/x.ts',
  'a\\b.ts',
  '',
  '.env',
  'app/.env.local',
  '.ssh/id_rsa',
  '.vscode/settings.json',
  'src/.hidden/a.ts',
  'id_rsa',
  'keys/id_ed25519.pub',
  'server.pem',
  'server.KEY',
  'secrets.json',
  'config/secret.yaml',
  'my-credentials.json',
  'aws_credentials',
  'passwords.txt',
  'service-account.json',
  'prod.tfvars',
  'production.env',
  'htpasswd',
];

test('ordinary files may be sent', () => {
  for (const path of SENT) assert.equal(whyNotSent(path), undefined, path);
});

test('nothing outside, hidden or secret is sent', () => {
  for (const path of KEPT) assert.notEqual(whyNotSent(path), undefined, path);
});

const made = (text: string, path = 'src/a.ts') =>
  contextPiece({ path, uri: `file:///w/${path}`, bytes: new TextEncoder().encode(text) }, 'context');

test('a file becomes material of its role, with its name', async () => {
  const result = await made('export const a = 1;\n');
  assert.ok('piece' in result);
  assert.deepEqual(
    [result.piece.material.role, result.piece.material.name, result.piece.material.uri],
    ['context', 'src/a.ts', 'file:///w/src/a.ts'],
  );
  assert.deepEqual(result.piece.part, { type: 'text', text: 'export const a = 1;\n' });
});

test('keys in the text, pictures and files that are too large are refused with a reason', async () => {
  const key = `-----BEGIN ${'RSA'} PRIVATE KEY-----`;
  for (const [text, reason] of [
    [`const key = \`${key}\nabc\`;`, /secret key/],
    ['x'.repeat(MAX_CONTEXT_BYTES + 1), /up to 256 KB/],
    ['GIF89a', /picture/],
  ] as const) {
    const result = await made(text);
    assert.ok('problem' in result);
    assert.match(result.problem, reason);
  }
});
