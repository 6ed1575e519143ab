/**
 * OpenAI's background mode on loopback (developers.openai.com/docs/guides/background): a response that is asked for with `background` is
 * generated and stored whether anybody listens or not; `GET /responses/{id}?stream=true&starting_after=N` streams what follows that
 * sequence number, what is stored at once and the rest as it comes; `POST /responses/{id}/cancel` stops it. What is asked for otherwise is
 * answered as `models.ts` does.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ModelScript, type ModelScripts, respond, responsesEvents, type WireEvent } from './models.ts';
import { json, type RecordedRequest, type Responder, startServer, type TestServer } from './server.ts';

/** One stored response. */
export interface StoredRun {
  readonly id: string;
  readonly status: 'in_progress' | 'completed' | 'cancelled' | 'gone';
  /** How many of its events exist by now. */
  readonly generated: number;
  /** The connections that listened to it, oldest first: after which number each began, and how many events it was sent. */
  readonly listeners: readonly { readonly after: number; sent: number }[];
}

export interface BackgroundServer extends TestServer {
  /** Oldest first. */
  readonly runs: readonly StoredRun[];
  /** From now on models answer so. */
  script(scripts: ModelScripts): void;
  /** Cuts every connection; what is generated goes on. */
  cutLines(): void;
  /** A connection is cut after so many events; absent: none is. */
  cutEvery(events: number | undefined): void;
  /** Stored responses are no longer there. */
  forget(): void;
}

interface Run {
  readonly id: string;
  status: StoredRun['status'];
  generated: number;
  readonly events: readonly WireEvent[];
  readonly listeners: { after: number; sent: number }[];
  /** Resolved and made anew whenever something happens. */
  news: PromiseWithResolvers<void>;
}

export async function startBackgroundServer(first: ModelScripts): Promise<BackgroundServer> {
  let scripts = first;
  let cutEvery: number | undefined;
  const runs: Run[] = [];
  const lines = new Set<ServerResponse>();

  const change = (run: Run, to: Partial<Pick<Run, 'status' | 'generated'>>): void => {
    Object.assign(run, to);
    run.news.resolve();
    run.news = Promise.withResolvers<void>();
  };

  const generate = async (run: Run, script: ModelScript): Promise<void> => {
    if (script.firstDelayMs) await sleep(script.firstDelayMs);
    const startMs = performance.now();
    let tokens = 0;
    while (run.status === 'in_progress' && run.generated < run.events.length) {
      if (run.events[run.generated]?.token && script.tokensPerSecond) {
        const waitMs = startMs + (++tokens * 1000) / script.tokensPerSecond - performance.now();
        if (waitMs > 1) await sleep(waitMs);
      }
      if (run.status === 'in_progress') change(run, { generated: run.generated + 1 });
    }
    if (run.status === 'in_progress') change(run, { status: 'completed' });
  };

  const listen = async (run: Run, after: number, response: ServerResponse): Promise<void> => {
    const listener = { after, sent: 0 };
    run.listeners.push(listener);
    lines.add(response);
    response.on('close', () => lines.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    for (let at = after + 1; !response.destroyed; ) {
      const event = at < run.generated ? run.events[at] : undefined;
      if (!event) {
        if (run.status !== 'in_progress') break;
        await run.news.promise;
        continue;
      }
      if (listener.sent === cutEvery) {
        await sleep(5); // let what was written arrive first
        response.socket?.resetAndDestroy();
        return;
      }
      response.write(event.bytes);
      listener.sent++;
      at++;
    }
    response.end();
  };

  const begin = (request: RecordedRequest): Run => {
    const script = typeof scripts === 'function' ? scripts(request) : scripts;
    const id = `resp_bg${runs.length + 1}`;
    const asked = request.json as { readonly model: string }; // a request of ours names its model
    const { events } = responsesEvents(script, asked.model, id);
    const run: Run = { id, status: 'in_progress', generated: 0, events, listeners: [], news: Promise.withResolvers<void>() };
    runs.push(run);
    void generate(run, script);
    return run;
  };

  const answer: Responder = async (request, response) => {
    const url = new URL(request.path, 'http://loopback');
    const [, id, action] = /\/responses(?:\/([\w-]+))?(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    if (request.method === 'POST' && id === undefined && wantsBackground(request.json)) {
      await listen(begin(request), -1, response);
      return;
    }
    if (id === undefined) {
      await respond(scripts)(request, response);
      return;
    }
    const run = runs.find((candidate) => candidate.id === id && candidate.status !== 'gone');
    if (!run) {
      await json(404, { error: { message: `Response with id '${id}' not found.`, type: 'invalid_request_error' } })(
        request,
        response,
      );
      return;
    }
    if (request.method === 'POST' && action === 'cancel') {
      if (run.status === 'in_progress') change(run, { status: 'cancelled' });
      await json(200, { id, object: 'response', status: run.status, output: [] })(request, response);
      return;
    }
    await listen(run, Number(url.searchParams.get('starting_after') ?? -1), response);
  };

  const server = await startServer(answer);
  const forget = (): void => {
    for (const run of runs) change(run, { status: 'gone' });
  };
  const close = (): Promise<void> => {
    forget();
    return server.close();
  };
  return {
    ...server,
    close,
    [Symbol.asyncDispose]: close,
    runs,
    script: (next) => {
      scripts = next;
    },
    cutLines: () => {
      for (const line of lines) line.socket?.resetAndDestroy();
    },
    cutEvery: (events) => {
      cutEvery = events;
    },
    forget,
  };
}

const wantsBackground = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  'background' in body &&
  body.background === true &&
  'store' in body &&
  body.store === true;
