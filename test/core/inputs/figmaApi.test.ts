/** The client against a server that answers as Figma's documentation says: what is asked, what each refusal comes to, where the token goes. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Fetch } from '../../../src/core/contracts.ts';
import { createFigmaApi, type FigmaApi, FigmaProblem } from '../../../src/core/inputs/figmaApi.ts';
import { figmaTask } from '../../../src/core/inputs/figmaTask.ts';
import { createNodeFetch } from '../../../src/core/providers/nodeFetch.ts';
import { type FigmaServer, type FigmaTrouble, startFigmaServer } from '../../servers/figma.ts';
import { file } from './figmaKit.ts';

const TOKEN = 'figd_canary-7Qm2x9Vt4Rb8Zc1Wd6Kj3';
const KEY = 'AbC123dEf456GhI789';
const never = new AbortController().signal;

let server: FigmaServer;
let api: FigmaApi;
before(async () => {
  server = await startFigmaServer({
    token: TOKEN,
    files: { [KEY]: file() },
    elsewhere: 'http://169.254.169.254/latest/meta-data',
  });
});
beforeEach(() => {
  server.trouble('none');
  api = apiFor({});
});
after(() => server.close());

const apiFor = (more: Partial<Parameters<typeof createFigmaApi>[0]>): FigmaApi =>
  createFigmaApi({ fetch: createNodeFetch(), baseUrl: server.url, token: TOKEN, wait: async () => undefined, ...more });

async function problemOf(run: () => Promise<unknown>): Promise<FigmaProblem> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof FigmaProblem, `not a sentence: ${error instanceof Error ? error.stack : error}`);
    assert.doesNotMatch(`${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /canary/);
    return error;
  }
  throw new Error('no problem');
}

test('asks for frames, a layer and a picture as documented, and with the token in its header alone', async () => {
  const [from, pictures] = [server.requests.length, server.pictureRequests.length];
  const frames = (await api.frames(KEY, never)) as { document: { children: { children: { children: unknown[] }[] }[] } }; // the test's own file
  assert.deepEqual(frames.document.children[0]?.children[0]?.children, []);
  assert.ok(await api.layer(KEY, '1:2', never));
  assert.deepEqual((await api.picture(KEY, '1:2', 2, never)).subarray(1, 4), Buffer.from('PNG'));
  assert.deepEqual(
    server.requests.slice(from).map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
    [`GET /v1/files/${KEY}?depth=2`, `GET /v1/files/${KEY}/nodes?ids=1:2`, `GET /v1/images/${KEY}?ids=1:2&format=png&scale=2`],
  );
  for (const request of server.requests) {
    assert.equal(request.headers['x-figma-token'], TOKEN);
    assert.doesNotMatch(request.path, /canary/);
  }
  assert.equal(server.pictureRequests.length, pictures + 1);
});

test('the host of the pictures never sees the token', () => {
  assert.ok(server.pictureRequests.length > 0);
  for (const { path, headers } of server.pictureRequests) assert.doesNotMatch(`${path} ${JSON.stringify(headers)}`, /canary/);
});

describe('each refusal is one sentence', () => {
  const cases: readonly (readonly [FigmaTrouble, FigmaProblem['kind'], RegExp])[] = [
    ['forbidden', 'token', /^This token may not see the file \(403\)\. Ask its owner/],
    ['expired', 'token', /^Figma did not accept the token: it is mistyped, expired or revoked/],
    ['scope', 'token', /scope file_content:read/],
    ['missing', 'link', /^Figma knows no such file \(404\)\. Check the link/],
    ['malformed-request', 'link', /\(400\).*smaller frame/],
    ['limited', 'later', /\(429\)\. Try again in 5 days\. This seat or plan allows few/],
    ['limited-briefly', 'later', /\(429\)\. Try again in 2 seconds\.$/],
    ['server-error', 'later', /^Figma has trouble of its own \(500\)/],
    ['not-json', 'later', /not JSON/],
    ['redirect', 'later', /points elsewhere, and was not followed/],
    ['huge', 'link', /^The design is larger than 20\.0 MB/],
  ];
  for (const [trouble, kind, sentence] of cases) {
    test(trouble, async () => {
      server.trouble(trouble);
      const problem = await problemOf(() => api.layer(KEY, '1:2', never));
      assert.match(problem.message, sentence);
      assert.equal(problem.kind, kind);
    });
  }

  const pictures: readonly (readonly [FigmaTrouble, RegExp])[] = [
    ['no-picture', /could not render this layer/],
    ['picture-elsewhere', /not safe to call/],
    ['picture-gone', /could not be fetched \(403\)/],
    ['picture-not-png', /no PNG/],
    ['picture-redirect', /was not followed/],
    ['picture-huge', /larger than 20\.0 MB/],
  ];
  for (const [trouble, sentence] of pictures) {
    test(trouble, async () => {
      server.trouble(trouble);
      const problem = await problemOf(() => api.picture(KEY, '1:2', 1, never));
      assert.match(problem.message, sentence);
      assert.equal(problem.kind, 'picture');
    });
  }

  test('a wrong token, a layer that is gone, a file that is not there', async () => {
    assert.equal((await problemOf(() => apiFor({ token: 'figd_other' }).frames(KEY, never))).kind, 'token');
    assert.match((await problemOf(() => api.layer(KEY, '7:7', never))).message, /no longer holds the layer/);
    assert.match((await problemOf(() => api.frames('NoSuchFile123', never))).message, /404/);
  });

  test('nobody answers, nobody is there, an address no token may go to, a token that is none', async () => {
    server.trouble('slow');
    assert.match(
      (await problemOf(() => apiFor({ timeoutMs: 50 }).frames(KEY, never))).message,
      /did not answer within 0\.05 seconds/,
    );
    assert.match(
      (await problemOf(() => apiFor({ baseUrl: 'http://127.0.0.1:9' }).frames(KEY, never))).message,
      /127\.0\.0\.1:9 cannot be reached \(ECONNREFUSED\)/,
    );
    assert.match((await problemOf(() => apiFor({ baseUrl: 'http://api.figma.com' }).frames(KEY, never))).message, /unprotected/);
    assert.match(
      (await problemOf(() => apiFor({ token: `${TOKEN}\r\nx: y` }).frames(KEY, never))).message,
      /characters that no token has/,
    );
  });

  test('giving up is no problem', async () => {
    server.trouble('slow');
    const stop = new AbortController();
    const asked = api.frames(KEY, stop.signal);
    stop.abort(new Error('given up'));
    await assert.rejects(asked, /given up/);
  });
});

test('a limit that is soon over is waited for once', async () => {
  server.trouble('limited-briefly');
  const waits: number[] = [];
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms);
    server.trouble('none');
  };
  assert.ok(await apiFor({ wait }).layer(KEY, '1:2', never));
  assert.deepEqual(waits, [2000]);
});

test('addresses of pictures that are not called', async () => {
  const called: string[] = [];
  const answers =
    (address: string): Fetch =>
    async (url) => {
      called.push(String(url));
      return new Response(JSON.stringify({ err: null, images: { '1:2': address } }));
    };
  const addresses = [
    'http://pictures.test/a.png',
    'file:///etc/passwd',
    'https://u:p@pictures.test/a',
    'https://localhost/a',
    'http://127.0.0.1/a',
    'data:,x',
    '',
  ];
  for (const address of addresses) {
    const far = createFigmaApi({ fetch: answers(address), baseUrl: 'https://api.figma.com', token: TOKEN });
    assert.equal((await problemOf(() => far.picture(KEY, '1:2', 1, never))).kind, 'picture', address);
  }
  assert.equal(called.filter((url) => !url.startsWith('https://api.figma.com/')).length, 0);
});

describe('a task', () => {
  test('is the picture and then the description, each with what it is', async () => {
    const json = await api.layer(KEY, '1:2', never);
    const task = await figmaTask({ json, fileKey: KEY, frameId: '1:2', api, signal: never });
    assert.deepEqual([task.kind, task.title], ['design', 'Pricing card']);
    assert.deepEqual(
      task.parts.map((part) => part.type),
      ['image', 'text'],
    );
    assert.deepEqual(
      task.materials?.map(({ kind, role, name, frame, leftOut }) => [kind, role, name, frame?.width, leftOut.length]),
      [
        ['picture', 'design', 'Pricing card.png', 360, 0],
        ['figma', 'design', 'Pricing card', 360, 4],
      ],
    );
    assert.ok((task.materials?.[1]?.originalBytes ?? 0) > 1000);
    assert.doesNotMatch(JSON.stringify(task), /canary|X-Amz/);
  });

  test('goes without the picture where that is agreed', async () => {
    server.trouble('no-picture');
    const json = await api.layer(KEY, '1:2', never);
    const input = { json, fileKey: KEY, frameId: '1:2', api, signal: never };
    await problemOf(() => figmaTask(input));
    assert.deepEqual(
      (await figmaTask({ ...input, withoutPicture: true })).parts.map((part) => part.type),
      ['text'],
    );
  });

  test('asks for a smaller picture once, when the first is too large to send', async () => {
    const scales: number[] = [];
    const picture = async (_key: string, _id: string, scale: number): Promise<Uint8Array> => {
      scales.push(scale);
      return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(scales.length === 1 ? 4_000_000 : 10)]);
    };
    const json = await api.layer(KEY, '1:2', never);
    await figmaTask({ json, fileKey: KEY, frameId: '1:2', api: { picture }, signal: never });
    assert.deepEqual(scales, [2, 1]);
  });
});
