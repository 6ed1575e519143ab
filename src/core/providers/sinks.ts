/**
 * What reads an answer's body, by the content type its server gave it: a stream of events, a whole JSON body, or what is neither and can
 * only be named. Each hands what it reads to the wire's mapper, and says what the body of such a type cannot be.
 */
import type { ModelError } from '../../shared/model.ts';
import { isErrorBody } from './errorBody.ts';
import { type CallContext, excerpt, mendedBy, protocolError } from './errors.ts';
import { asObjectOrOnly, parseJson } from './json.ts';
import { errorFromPayload } from './serverErrors.ts';
import { createSseReader, type SseMessage } from './sse.ts';
import type { WireMapper } from './wire.ts';

/** A whole body instead of a stream is read up to this many bytes. */
const MAX_WHOLE_BYTES = 16 * 1024 * 1024;

export interface Sink {
  feed(bytes: Uint8Array): void;
  /** The body ended without a fault. */
  end(): void;
}

/** What reads the body, by the content type the server gave it; `onEvent` is told of every event of the protocol before it is read. */
export function createSink(
  response: Response,
  onEvent: () => void,
  mapper: WireMapper,
  context: CallContext,
  fail: (error: ModelError) => void,
): Sink {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/event-stream') return eventSink(onEvent, mapper, context, fail);
  if (type === 'application/json' || type.endsWith('+json')) return jsonSink(onEvent, mapper, context, fail);
  return wrongTypeSink(type, context, fail);
}

function eventSink(onEvent: () => void, mapper: WireMapper, context: CallContext, fail: (error: ModelError) => void): Sink {
  const onMessage = ({ event, data }: SseMessage): void => {
    if (data === '') return;
    if (data.trim() === '[DONE]') {
      mapper.end('done');
      // Whatever comes after it is no part of the answer.
      fail(protocolError(context, 'ended the stream without an end of the answer. The part that came is kept; run again.'));
      return;
    }
    const value = parseJson(data);
    const json = asObjectOrOnly(value);
    if (json) {
      onEvent();
      mapper.take(json, event);
    } else if (value !== undefined && event !== 'error') {
      return; // JSON, but no event of any wire: ignored like every event that is not known
    } else if (event === 'error') {
      fail(errorFromPayload(context, { message: data }));
    } else {
      fail(protocolError(context, `sent an event that cannot be read: “${excerpt(data, context.secrets)}”`));
    }
  };
  return { feed: createSseReader(onMessage), end: () => mapper.end('eof') };
}

/** A whole JSON body: an error, or the whole answer, as some proxies send it. */
function jsonSink(onEvent: () => void, mapper: WireMapper, context: CallContext, fail: (error: ModelError) => void): Sink {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  return {
    feed: (chunk) => {
      bytes += chunk.byteLength;
      if (bytes > MAX_WHOLE_BYTES) fail(protocolError(context, 'sent a body too large to be an answer.'));
      else parts.push(decoder.decode(chunk, { stream: true }));
    },
    end: () => {
      const text = parts.join('') + decoder.decode();
      const body = asObjectOrOnly(parseJson(text));
      if (body) onEvent();
      if (body && !body.error && mapper.whole(body)) return;
      if (body && isErrorBody(body)) {
        fail(errorFromPayload(context, body));
      } else {
        fail(
          mendedBy(
            'endpoint',
            protocolError(
              context,
              `answered with JSON that is no answer: “${excerpt(text, context.secrets)}”. Check the endpoint's base URL.`,
            ),
          ),
        );
      }
    },
  };
}

/** Anything else with status 200: the page of a proxy, a sign-in, another server. Named by its first words. */
function wrongTypeSink(type: string, context: CallContext, fail: (error: ModelError) => void): Sink {
  const decoder = new TextDecoder();
  let text = '';
  const say = (): void => {
    const named = type === '' ? 'something without a content type' : `“${type.slice(0, 60)}”`;
    const came = excerpt(text, context.secrets);
    const words = came === '' ? ' It was empty.' : ` It begins “${came}”.`;
    fail(
      mendedBy(
        'endpoint',
        protocolError(
          context,
          `answered with ${named} instead of a stream.${words} Check the endpoint's base URL and the network's proxy.`,
        ),
      ),
    );
  };
  return {
    feed: (chunk) => {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= 2000) say();
    },
    end: say,
  };
}
