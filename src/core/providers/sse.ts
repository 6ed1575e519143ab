/**
 * Bytes to server-sent events, by `eventsource-parser`: any cut, any line end, a byte order mark. An event that is not finished by a
 * blank line is not delivered, and one that is too large ends the reading, so that memory stays bounded whatever a server sends.
 */
import { createParser } from 'eventsource-parser';

/** The largest event accepted, in characters of its data. */
export const MAX_EVENT_LENGTH = 1_048_576;

export interface SseMessage {
  /** The `event:` line, where there was one. */
  readonly event: string | undefined;
  readonly data: string;
}

/** An event larger than {@link MAX_EVENT_LENGTH}. */
export class SseTooLarge extends Error {
  constructor() {
    super(`An event is larger than ${MAX_EVENT_LENGTH} characters`);
    this.name = 'SseTooLarge';
  }
}

/**
 * Returns a function to feed bytes to; finished events come to `onMessage` within the call. Throws {@link SseTooLarge} when an event
 * grows too large, whether finished or not.
 */
export function createSseReader(onMessage: (message: SseMessage) => void): (bytes: Uint8Array) => void {
  // The parser takes the byte order mark away; the decoder must not do it a second time.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let tooLarge = false;
  const parser = createParser({
    // The field's name counts in the parser's buffer but not in ours.
    maxBufferSize: MAX_EVENT_LENGTH + 'data: '.length,
    onEvent: (message) => {
      if (message.data.length > MAX_EVENT_LENGTH) tooLarge = true;
      else if (!tooLarge) onMessage({ event: message.event, data: message.data });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') tooLarge = true;
      // Older llama.cpp says an error in a field of that name.
      if (error.type === 'unknown-field' && error.field === 'error' && !tooLarge) {
        onMessage({ event: 'error', data: error.value ?? '' });
      }
    },
  });
  return (bytes) => {
    parser.feed(decoder.decode(bytes, { stream: true }));
    if (tooLarge) throw new SseTooLarge();
  };
}
