/**
 * The catalogue of faults as data: what the server does, and what must come of it. Numbers are those of the project's fault catalogue;
 * a letter tells variants apart. What holds for every one of them (the other lane, the books, closed sockets) is in `verdict.ts`.
 */
import zlib from 'node:zlib';
import { DEFAULT_LIMITS } from '../../src/core/providers/index.ts';
import type { LaneId } from '../../src/shared/comparison.ts';
import type { Api, ErrorKind, FinishReason } from '../../src/shared/model.ts';
import type { Line } from './lab.ts';
import type { VirtualTime } from './time.ts';
import type { Counts } from './wires.ts';

/**
 * How one attempt is charged: `usage` reported tokens times the price, exact; `nothing` 0, exact; `meter` our count, at most what was
 * reserved; `hold` all that was reserved, because nobody knows; `unknown` no price, no figure.
 */
export type Charge = 'usage' | 'nothing' | 'meter' | 'hold' | 'unknown';

export interface Expected {
  readonly finish: FinishReason;
  readonly error?: ErrorKind;
  /** What the person must be told. */
  readonly says?: RegExp;
  readonly text: string;
  readonly reasoning?: string;
  /** One for each attempt. */
  readonly charges: readonly Charge[];
  /** What `usage` is charged for; {@link USAGE} if absent. */
  readonly usage?: Counts;
  /** Virtual seconds from the lane's start to its end: at least these, and at most one more. 0 if absent. */
  readonly seconds?: number;
  /** Virtual milliseconds that the line stays open after the end, for figures that may follow. 0 if absent. */
  readonly settlingMs?: number;
  readonly servedModel?: string;
}

export interface Place {
  readonly api: Api;
  readonly lane: LaneId;
}

export interface Fault {
  readonly id: string;
  readonly title: string;
  /** Where the lane calls: a server that speaks plainly, one with its own certificate, or nobody. */
  readonly at?: 'plain' | 'tls' | 'nothing';
  readonly hasNoPrice?: true;
  play(line: Line): Promise<void>;
  /** What a person or the machine does meanwhile. */
  act?(hands: { readonly time: VirtualTime; readonly stop: () => void }): void;
  expected(place: Place): Expected;
}

export const USAGE: Counts = { input: 100, output: 40, reasoning: 10 };
const CACHED: Counts = { input: 1000, output: 900, reasoning: 800, cacheRead: 600, cacheWrite: 100 };
const ALL_THOUGHT: Counts = { input: 100, output: 40_000, reasoning: 40_000 };

const HELLO = 'Hello world.';
const PART = 'Hello wor';

const json = async (line: Line, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  line.head(status, { 'content-type': 'application/json', ...headers });
  await line.send(JSON.stringify(body));
  line.end();
};
const whole = async (line: Line, usage: Counts | 'none' = USAGE): Promise<void> => {
  const { speech } = line;
  line.head();
  await line.send(speech.begin() + speech.say(HELLO) + speech.close('stop', usage === 'none' ? undefined : usage).join(''));
  line.end();
};
const part = async (line: Line): Promise<void> => {
  line.head();
  await line.send(line.speech.begin() + line.speech.say(PART));
};
const done = (charges: readonly Charge[] = ['usage']): Expected => ({ finish: 'stop', text: HELLO, charges });
const failed = (error: ErrorKind, charges: readonly Charge[], more: Partial<Expected> = {}): Expected => ({
  finish: 'error',
  error,
  text: '',
  charges,
  ...more,
});
const kept = (error: ErrorKind, more: Partial<Expected> = {}): Expected => failed(error, ['meter'], { text: PART, ...more });

/** Every other call fails with that status; with `always`, all. */
const status = (
  id: string,
  title: string,
  code: number,
  body: unknown,
  expected: Expected,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly times?: number } = {},
): Fault => ({
  id,
  title,
  play: (line) => (line.call > (options.times ?? 99) ? whole(line) : json(line, code, body, options.headers)),
  expected: () => expected,
});

const limited = { error: { message: 'Too many requests.', type: 'rate_limit_error', code: 'rate_limit_exceeded' } };
const busy = { error: { message: 'Overloaded.', type: 'overloaded_error' } };
/** The first wait without a word from the server is 1.5 s, the second 2 s, with the jitter in the middle of its range. */
const BACKOFF = { once: 1.5, twice: 3.5 };

/** An answer to which something is done, then silence on an open line. */
const silence = (say: (line: Line) => string) => async (line: Line) => {
  line.head();
  await line.send(line.speech.begin() + say(line));
};

const stopAfter =
  (ms: number): NonNullable<Fault['act']> =>
  ({ time, stop }) =>
    void time.after(ms, stop);

const retryAfter = (id: string, value: string, expected: Expected): Fault =>
  status(id, `429, retry-after ${value}`, 429, limited, expected, { headers: { 'retry-after': value }, times: 1 });

const seconds = (limit: keyof (typeof DEFAULT_LIMITS)['fast'], lane: LaneId): number => DEFAULT_LIMITS[lane][limit] / 1000;

export const FAULTS: readonly Fault[] = [
  retryAfter('F1a', '7', { ...done(['nothing', 'usage']), seconds: 7 }),
  retryAfter('F1b', '120', { ...done(['nothing', 'usage']), seconds: 120 }),
  retryAfter('F1c', '121', failed('rate-limit', ['nothing'], { says: /asks for 2 min 01 s.*run again after/i })),
  retryAfter('F1d', '3000000', failed('rate-limit', ['nothing'], { says: /asks for 833 h 20 min/i })),
  retryAfter('F1e', '-5', { ...done(['nothing', 'usage']), seconds: BACKOFF.once }),
  retryAfter('F1f', 'NaN', { ...done(['nothing', 'usage']), seconds: BACKOFF.once }),
  retryAfter('F1g', 'Wed, 21 Oct 2015 07:28:00 GMT', { ...done(['nothing', 'usage']), seconds: BACKOFF.once }),
  retryAfter('F1h', '0.01', { ...done(['nothing', 'usage']), seconds: 1 }),
  status(
    'F1i',
    '429 for ever',
    429,
    limited,
    failed('rate-limit', ['nothing', 'nothing', 'nothing'], { seconds: BACKOFF.twice }),
  ),
  status(
    'F1j',
    '429, no credit left',
    429,
    { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } },
    failed('rate-limit', ['nothing'], { says: /credit/ }),
    { headers: { 'retry-after': '1' } },
  ),
  status('F1k', '402', 402, { error: { message: 'Pay first.' } }, failed('rate-limit', ['nothing'], { says: /billing/ })),
  status('F2a', '503 once', 503, busy, { ...done(['nothing', 'usage']), seconds: BACKOFF.once }, { times: 1 }),
  status('F2b', '529 twice', 529, busy, { ...done(['nothing', 'nothing', 'usage']), seconds: BACKOFF.twice }, { times: 2 }),
  status('F2c', '529 for ever', 529, busy, failed('overloaded', ['nothing', 'nothing', 'nothing'], { seconds: BACKOFF.twice })),
  status(
    'F2d',
    '500 for ever',
    500,
    { error: { message: 'Oops.' } },
    failed('unknown', ['meter', 'meter', 'meter'], { seconds: BACKOFF.twice }),
  ),
  {
    id: 'F3a',
    title: 'error event in a 200, before anything was shown',
    play: async (line) => {
      if (line.call > 1) return whole(line);
      line.head();
      await line.send(line.speech.begin() + line.speech.error('overloaded'));
      line.end();
    },
    expected: () => ({ ...done(['meter', 'usage']), seconds: BACKOFF.once }),
  },
  {
    id: 'F3b',
    title: 'error event in a 200, after text',
    play: async (line) => {
      await part(line);
      await line.send(line.speech.error('overloaded'));
      line.end();
    },
    expected: () => kept('overloaded'),
  },
  {
    id: 'F4a',
    title: 'reset before the headers, always',
    play: (line) => line.reset(),
    expected: () => failed('network', ['hold', 'hold', 'hold'], { seconds: BACKOFF.twice }),
  },
  {
    id: 'F4b',
    title: 'reset in mid-stream',
    play: async (line) => {
      await part(line);
      await line.reset();
    },
    expected: () => kept('network'),
  },
  {
    id: 'F4c',
    title: 'nobody listens',
    at: 'nothing',
    play: async () => undefined,
    expected: () => failed('network', ['nothing', 'nothing', 'nothing'], { seconds: BACKOFF.twice, says: /Nothing listens/ }),
  },
  {
    id: 'F5a',
    title: 'silence before the first byte',
    play: async () => undefined,
    expected: ({ lane }) =>
      failed('timeout', ['hold', 'hold', 'hold'], { seconds: 3 * seconds('firstByteMs', lane) + BACKOFF.twice, says: /begin/ }),
  },
  {
    id: 'F5b',
    title: 'silence in mid-stream',
    play: part,
    expected: ({ lane }) => kept('timeout', { seconds: seconds('idleMs', lane), says: /nothing/ }),
  },
  {
    id: 'F5c',
    title: 'silence after a long thought',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin() + line.speech.think('Hm.'));
      await line.time.sleep(20_000);
      await line.send(line.speech.think(' Yes.'));
    },
    expected: ({ lane }) => failed('timeout', ['meter'], { reasoning: 'Hm. Yes.', seconds: 20 + seconds('idleMs', lane) }),
  },
  {
    id: 'F6a',
    title: 'pings for ever',
    play: async (line) => {
      await part(line);
      while (!line.isClosed) {
        await line.time.sleep(15_000);
        await line.send(line.speech.ping);
      }
    },
    expected: ({ lane }) => kept('timeout', { seconds: seconds('progressMs', lane), says: /without text/ }),
  },
  {
    id: 'F6b',
    title: 'pings alone for 510 s, then the answer',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin());
      for (let at = 0; at < 510 && !line.isClosed; at += 15) {
        await line.time.sleep(15_000);
        await line.send(line.speech.ping);
      }
      await line.send(line.speech.say(HELLO) + line.speech.close('stop', USAGE).join(''));
      line.end();
    },
    // A reasoning model may think so long; a fast one is given up.
    expected: ({ lane }) =>
      lane === 'reasoning' ? { ...done(), seconds: 510 } : failed('timeout', ['meter'], { seconds: seconds('progressMs', lane) }),
  },
  {
    id: 'F6c',
    title: 'no byte for 130 s, then the answer',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin());
      await line.time.sleep(130_000);
      await line.send(line.speech.say(HELLO) + line.speech.close('stop', USAGE).join(''));
      line.end();
    },
    expected: ({ lane }) =>
      lane === 'reasoning' ? { ...done(), seconds: 130 } : failed('timeout', ['meter'], { seconds: seconds('idleMs', lane) }),
  },
  {
    id: 'F7',
    title: 'socket left open after the end',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin() + line.speech.say(HELLO) + line.speech.close('stop', USAGE).join(''));
    },
    expected: () => done(),
  },
  {
    id: 'F8a',
    title: 'clean end without a terminal event',
    play: async (line) => {
      await part(line);
      line.end();
    },
    expected: () => kept('protocol'),
  },
  {
    id: 'F8b',
    title: 'clean end before anything',
    play: async (line) => {
      line.head();
      line.end();
    },
    expected: () => failed('protocol', ['hold', 'hold', 'hold'], { seconds: BACKOFF.twice }),
  },
  {
    id: 'F9',
    title: 'byte order mark, CRLF, comments, UTF-8 torn byte by byte',
    play: async (line) => {
      const { speech } = line;
      line.head();
      const said = `: hello\n\n${speech.begin()}retry: 5\n${speech.say('Héllo 🌍.')}${speech.close('stop', USAGE).join('')}`;
      for (const byte of Buffer.from(`\uFEFF${said.replaceAll('\n', '\r\n')}`)) await line.send(Uint8Array.of(byte));
      line.end();
    },
    expected: () => ({ ...done(), text: 'Héllo 🌍.' }),
  },
  {
    id: 'F10a',
    title: 'a web page with status 200',
    play: async (line) => {
      line.head(200, { 'content-type': 'text/html' });
      await line.send('<html><title>Sign in to the guest network</title></html>');
      line.end();
    },
    expected: () => failed('protocol', ['meter'], { says: /text\/html.*Sign in/ }),
  },
  {
    id: 'F10b',
    title: 'no content type',
    play: async (line) => {
      line.head(200, { 'content-type': '' });
      await line.send(line.speech.begin());
      line.end();
    },
    expected: () => failed('protocol', ['meter'], { says: /without a content type/ }),
  },
  {
    id: 'F10c',
    title: 'gzip damaged in mid-stream',
    play: async (line) => {
      line.head(200, { 'content-encoding': 'gzip' });
      const packed = zlib.gzipSync(line.speech.begin() + line.speech.say(PART), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      await line.send(packed);
      await line.time.standStill(100);
      await line.send(Buffer.alloc(64, 0xff));
      await line.time.standStill(100);
      line.end();
    },
    expected: () => kept('protocol', { says: /damaged/ }),
  },
  {
    id: 'F11',
    title: 'repeated, unknown and misplaced events',
    play: async (line) => {
      line.head();
      await line.send(line.speech.disorder(USAGE));
      line.end();
    },
    expected: () => done(),
  },
  { id: 'F12a', title: 'no usage', play: (line) => whole(line, 'none'), expected: () => done(['meter']) },
  {
    id: 'F12b',
    title: 'a usage of zeros',
    play: (line) => whole(line, { input: 0, output: 0 }),
    expected: () => done(['meter']),
  },
  {
    id: 'F13',
    title: 'cached input and hidden thinking',
    play: (line) => whole(line, CACHED),
    expected: () => ({ ...done(), usage: CACHED }),
  },
  {
    id: 'F14a',
    title: 'refused before any output',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin() + line.speech.close('content-filter', { input: 100, output: 1 }).join(''));
      line.end();
    },
    expected: () => ({ finish: 'content-filter', text: '', charges: ['usage'], usage: { input: 100, output: 1 } }),
  },
  {
    id: 'F14b',
    title: 'refused after output',
    play: async (line) => {
      await part(line);
      await line.send(line.speech.close('content-filter', USAGE).join(''));
      line.end();
    },
    expected: () => ({ finish: 'content-filter', text: PART, charges: ['usage'] }),
  },
  {
    id: 'F15a',
    title: 'stopped before the headers',
    play: async () => undefined,
    act: stopAfter(5000),
    expected: () => ({ finish: 'aborted', text: '', charges: ['meter'], seconds: 5 }),
  },
  {
    id: 'F15b',
    title: 'stopped in mid-stream',
    play: part,
    act: stopAfter(5000),
    expected: () => ({ finish: 'aborted', text: PART, charges: ['meter'], seconds: 5 }),
  },
  {
    id: 'F15c',
    title: 'stopped while it waits to try again',
    play: (line) => json(line, 429, limited, { 'retry-after': '60' }),
    act: stopAfter(5000),
    expected: () => ({ finish: 'aborted', text: '', charges: ['nothing'], seconds: 5 }),
  },
  {
    id: 'F16a',
    title: 'cut at the output limit',
    play: async (line) => {
      await part(line);
      await line.send(line.speech.close('length', USAGE).join(''));
      line.end();
    },
    expected: () => ({ finish: 'length', text: PART, charges: ['usage'] }),
  },
  {
    id: 'F16b',
    title: 'the whole output limit spent on thinking',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin() + line.speech.think('Hm.') + line.speech.close('length', ALL_THOUGHT).join(''));
      line.end();
    },
    expected: () => ({
      finish: 'length',
      text: '',
      reasoning: 'Hm.',
      charges: ['usage'],
      usage: ALL_THOUGHT,
      says: /all 40,000 tokens went into thinking/,
    }),
  },
  status('F17a', '413', 413, { error: { message: 'Too large.' } }, failed('context-length', ['nothing'])),
  status(
    'F17b',
    '400, context too long',
    400,
    { error: { message: 'This model has a maximum context length of 8192 tokens.', code: 'context_length_exceeded' } },
    failed('context-length', ['nothing'], { says: /too long/ }),
  ),
  status('F18a', '401', 401, { error: { message: `Wrong key.` } }, failed('auth', ['nothing'], { says: /Set API Key/ })),
  status('F18b', '403', 403, { error: { message: 'No.' } }, failed('auth', ['nothing'])),
  status('F18c', '404', 404, { error: { message: 'No such model.' } }, failed('invalid-request', ['nothing'], { says: /“m”/ })),
  status('F19a', '407 from a proxy', 407, '', failed('network', ['nothing'], { says: /proxy/ })),
  {
    id: 'F19b',
    title: 'a certificate nobody trusts',
    at: 'tls',
    play: whole,
    expected: () => failed('network', ['nothing'], { says: /certificate/ }),
  },
  {
    id: 'F20a',
    title: 'the machine sleeps an hour, the line is dead after',
    play: part,
    act: ({ time }) => void time.after(9_990, () => time.sleepMachine(3_600_000)),
    expected: () => kept('timeout', { seconds: 3_639 }),
  },
  {
    id: 'F20b',
    title: 'the machine sleeps an hour, the answer goes on after',
    play: async (line) => {
      await part(line);
      await line.time.sleep(20_000);
      await line.send(line.speech.say('ld.') + line.speech.close('stop', USAGE).join(''));
      line.end();
    },
    act: ({ time }) => void time.after(9_990, () => time.sleepMachine(3_600_000)),
    expected: () => ({ ...done(), seconds: 3_609 }),
  },
  {
    id: 'F20c',
    title: 'somebody sets the clock back a day',
    play: part,
    act: ({ time }) => {
      time.after(1000, () => time.setDate(-86_400_000));
      time.after(5000, () => time.setDate(86_400_000));
    },
    expected: ({ lane }) => kept('timeout', { seconds: seconds('idleMs', lane) }),
  },
  {
    id: 'F26a',
    title: 'all text there, end stranded',
    play: silence(({ speech }) => speech.say(HELLO)),
    expected: ({ lane }) => kept('timeout', { text: HELLO, seconds: seconds('idleMs', lane) }),
  },
  {
    id: 'F26b',
    title: 'last event stranded',
    play: silence(({ speech }) => speech.say(HELLO) + (speech.close('stop', USAGE)[0] ?? '')),
    // Chat has said why it ended: the short wait for its figures is no part of the answer's time. Anthropic has counted already.
    expected: ({ api, lane }) =>
      api === 'openai-chat'
        ? { ...done(['meter']), settlingMs: 5000 }
        : kept('timeout', {
            text: HELLO,
            seconds: seconds('idleMs', lane),
            charges: [api === 'anthropic-messages' ? 'usage' : 'meter'],
          }),
  },
  {
    id: 'F28a',
    title: 'another model serves',
    play: async (line) => {
      line.head();
      await line.send(line.speech.begin('m-2026-11-01') + line.speech.say(HELLO) + line.speech.close('stop', USAGE).join(''));
      line.end();
    },
    expected: () => ({ ...done(), servedModel: 'm-2026-11-01' }),
  },
  { id: 'F28b', title: 'no price is known', hasNoPrice: true, play: (line) => whole(line), expected: () => done(['unknown']) },
];

/** No fault: what the other lane is compared with. */
export const NO_FAULT: Fault = { id: 'F0', title: 'none', play: (line) => whole(line), expected: () => done() };
