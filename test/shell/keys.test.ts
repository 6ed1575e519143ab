/** Where keys and the Figma token are kept, with a secret storage that this file plays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figmaKeyHolder, Keys } from '../../src/shell/keys.ts';

/** What `Keys` uses of VS Code's storage. */
function storage(): ConstructorParameters<typeof Keys>[0] {
  const kept = new Map<string, string>([['other.extension', 'not ours']]);
  return {
    keys: async () => [...kept.keys()],
    get: async (name: string) => kept.get(name),
    store: async (name: string, value: string) => void kept.set(name, value),
    delete: async (name: string) => void kept.delete(name),
    onDidChange: () => ({ dispose: () => undefined }),
  };
}

const ENDPOINT = { id: 'openai', baseUrl: 'https://api.openai.com/v1' };

test('a key is given for its own origin alone', async () => {
  const keys = new Keys(storage());
  await keys.set(ENDPOINT, 'sk-1');
  assert.equal(await keys.get({ ...ENDPOINT, baseUrl: 'https://api.openai.com/v2' }), 'sk-1');
  assert.equal(await keys.get({ ...ENDPOINT, baseUrl: 'https://evil.test/v1' }), undefined);
  assert.equal(await keys.boundOrigin({ ...ENDPOINT, baseUrl: 'https://evil.test/v1' }), 'https://api.openai.com');
});

test('the Figma token is bound to its origin, is no endpoint’s key, and is taken out of what is shown', async () => {
  const keys = new Keys(storage());
  await keys.set(ENDPOINT, 'sk-1');
  await keys.set(figmaKeyHolder('https://api.figma.com'), 'figd_1');
  assert.equal(await keys.get(figmaKeyHolder('https://api.figma.com')), 'figd_1');
  assert.equal(await keys.get(figmaKeyHolder('https://api.figma.test')), undefined);
  assert.deepEqual(await keys.endpointIds(), ['openai']);
  assert.deepEqual([...(await keys.all())].sort(), ['figd_1', 'sk-1']);
});

test('removing all removes the Figma token too, and nothing that is not ours', async () => {
  const secrets = storage();
  const keys = new Keys(secrets);
  await keys.set(ENDPOINT, 'sk-1');
  await keys.set(figmaKeyHolder('https://api.figma.com'), 'figd_1');
  await keys.removeAll();
  assert.deepEqual(await keys.all(), []);
  assert.deepEqual(await secrets.keys(), ['other.extension']);
});
