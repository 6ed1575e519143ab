/**
 * Figma's REST API on loopback, as its documentation says it answers: files to a depth, nodes by id, links to rendered pictures that lie
 * on another origin. It can be told to fail in the ways the API does.
 */
import zlib from 'node:zlib';
import { json, type RecordedRequest, type Responder, startServer, type TestServer } from './server.ts';

export type FigmaTrouble =
  | 'none'
  | 'forbidden'
  | 'expired'
  | 'scope'
  | 'missing'
  | 'malformed-request'
  | 'limited'
  | 'limited-briefly'
  | 'server-error'
  | 'not-json'
  | 'redirect'
  | 'slow'
  | 'huge'
  | 'no-picture'
  | 'picture-elsewhere'
  | 'picture-gone'
  | 'picture-not-png'
  | 'picture-redirect'
  | 'picture-huge';

export interface FigmaServer {
  /** Of the API: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Asked of the API, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Asked of the host that keeps the pictures. */
  readonly pictureRequests: readonly RecordedRequest[];
  /** From now on it answers so. */
  trouble(kind: FigmaTrouble): void;
  close(): Promise<void>;
}

export interface FigmaServerOptions {
  readonly token: string;
  /** By key: the whole file, as `GET /v1/files/:key` answers. */
  readonly files: Readonly<Record<string, unknown>>;
  /** What `picture-elsewhere` answers with. */
  readonly elsewhere?: string;
}

type Tree = Readonly<Record<string, unknown>> & { readonly id?: unknown; readonly children?: readonly Tree[] };

export async function startFigmaServer({ token, files, elsewhere = '' }: FigmaServerOptions): Promise<FigmaServer> {
  let trouble: FigmaTrouble = 'none';
  const pictures = await startServer((request, response) => {
    if (trouble === 'picture-gone') return json(403, { error: 'Request has expired' })(request, response);
    if (trouble === 'picture-redirect') return redirect(request, response);
    const bytes = trouble === 'picture-not-png' ? Buffer.from('<html></html>') : pngOf(request);
    response.writeHead(200, { 'content-type': 'image/png' });
    response.end(trouble === 'picture-huge' ? Buffer.alloc(21 * 1024 * 1024, 1) : bytes);
  });
  const api = await startServer((request, response) => answer(request)(request, response));

  const answer = (request: RecordedRequest): Responder => {
    const sent = request.headers['x-figma-token'];
    if (sent !== token) return refuse(403, 'Invalid token');
    const failure = failureOf(trouble);
    if (failure) return failure;
    const url = new URL(request.path, api.url);
    const [, version, kind, key = '', part] = url.pathname.split('/');
    const file = files[decodeURIComponent(key)] as { readonly document: Tree } | undefined; // what the test gave
    if (version !== 'v1' || !file) return refuse(404, 'Not found');
    const ids = (url.searchParams.get('ids') ?? '').split(',').filter(Boolean);
    if (kind === 'files' && part === undefined) {
      const depth = Number(url.searchParams.get('depth') ?? 99);
      return json(200, { ...file, document: cut(file.document, depth) });
    }
    if (ids.length === 0) return refuse(400, 'Request must contain at least one node id');
    if (kind === 'files' && part === 'nodes') {
      const { document, ...beside } = file;
      const nodes = ids.map((id) => [id, ((found) => (found ? { ...beside, document: found } : null))(find(document, id))]);
      return json(200, { name: 'Shop', version: '1', nodes: Object.fromEntries(nodes) });
    }
    if (kind !== 'images') return refuse(404, 'Not found');
    const scale = url.searchParams.get('scale') ?? '1';
    const addresses = ids.map((id) => {
      const box = find(file.document, id)?.absoluteBoundingBox as { width: number; height: number } | undefined; // of the test's own tree
      const size = box ? `${box.width * Number(scale)}x${box.height * Number(scale)}` : '';
      const address = `${pictures.url}/images/${size}?X-Amz-Signature=abc&X-Amz-Expires=600`;
      return [id, trouble === 'no-picture' || !box ? null : trouble === 'picture-elsewhere' ? elsewhere : address];
    });
    return json(200, { err: null, images: Object.fromEntries(addresses) });
  };

  return {
    url: api.url,
    requests: api.requests,
    pictureRequests: pictures.requests,
    trouble: (kind) => {
      trouble = kind;
    },
    close: async () => {
      await Promise.all([api, pictures].map((server: TestServer) => server.close()));
    },
  };
}

/** The API's own way to say no. */
const refuse = (status: number, err: string, headers = {}): Responder => json(status, { status, err }, headers);

const redirect: Responder = (_request, response) => {
  response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' });
  response.end();
};

function failureOf(trouble: FigmaTrouble): Responder | undefined {
  switch (trouble) {
    case 'forbidden':
      return refuse(403, 'Forbidden');
    case 'expired':
      return refuse(403, 'Token expired');
    case 'scope':
      return refuse(403, 'Invalid scope(s): current_user:read. This endpoint requires the file_content:read scope');
    case 'missing':
      return refuse(404, 'Not found');
    case 'malformed-request':
      return refuse(400, 'Request too large. If applicable, filter by query params.');
    case 'limited':
      return refuse(429, 'Rate limit exceeded', {
        'retry-after': '396000',
        'x-figma-rate-limit-type': 'low',
        'x-figma-plan-tier': 'starter',
      });
    case 'limited-briefly':
      return refuse(429, 'Rate limit exceeded', { 'retry-after': '2' });
    case 'server-error':
      return refuse(500, 'Internal server error');
    case 'not-json':
      return (_request, response) => void response.end('<html>Sign in to the proxy</html>');
    case 'redirect':
      return redirect;
    case 'slow':
      return () => undefined;
    case 'huge':
      return (_request, response) => void response.end(Buffer.alloc(21 * 1024 * 1024, ' '));
    default:
      return undefined;
  }
}

const cut = (node: Tree, depth: number): Tree => ({
  ...node,
  ...(node.children ? { children: depth === 0 ? [] : node.children.map((child) => cut(child, depth - 1)) } : {}),
});

function find(node: Tree, id: string): Tree | undefined {
  if (node.id === id) return node;
  for (const child of node.children ?? []) {
    const found = find(child, id);
    if (found) return found;
  }
  return undefined;
}

/** A PNG of the size in the path: a white card with a dark head and a blue foot, to be recognised when it is shown. */
function pngOf(request: RecordedRequest): Buffer {
  const [width = 8, height = 8] = (/\/images\/([\d.]+)x([\d.]+)/.exec(request.path)?.slice(1) ?? []).map((side) =>
    Math.round(Number(side)),
  );
  const row = (colour: readonly number[]): Buffer => Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()]);
  const [head, body, foot] = [row([17, 24, 39]), row([255, 255, 255]), row([37, 99, 235])];
  const rows = Array.from({ length: height }, (_, y) => (y < height * 0.2 ? head : y > height * 0.85 ? foot : body));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(zlib.crc32(named), 4);
    return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', zlib.deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
