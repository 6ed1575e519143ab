/**
 * A loopback HTTP server for tests that keeps what it was asked, and whose answers can be changed between requests.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query, e.g. `/v1/models?limit=1000`. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined if it is none. */
  readonly json: unknown;
  /** Resolves when the connection's answer is over: sent whole, or cut off by the client. */
  readonly closed: Promise<'whole' | 'cut'>;
}

/** Answers one request. It need not end the response: leaving it open is a way to answer. */
export type Responder = (request: RecordedRequest, response: http.ServerResponse) => void | Promise<void>;

export interface TestServer {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** From now on requests are answered by this. */
  answer(responder: Responder): void;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startServer(first: Responder): Promise<TestServer> {
  let responder = first;
  const requests: RecordedRequest[] = [];
  const server = http.createServer(async (message, response) => {
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part);
    const text = Buffer.concat(parts).toString('utf8');
    const closed = new Promise<'whole' | 'cut'>((resolve) => {
      response.on('close', () => resolve(response.writableFinished ? 'whole' : 'cut'));
    });
    const request = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      text,
      json: jsonOf(text),
      closed,
    };
    requests.push(request);
    try {
      await responder(request, response);
    } catch (error) {
      // A broken responder is a broken test: say so where it is seen.
      response.destroy();
      console.error(error);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has a TCP address
  const close = (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (next) => {
      responder = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Answers with JSON. */
export const json =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Responder =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
