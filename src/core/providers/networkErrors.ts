/**
 * What went wrong below HTTP, by the code Node gives it: on the way to a server, in its certificate, in the bytes of its answer.
 */
import type { ErrorKind, ModelError } from '../../shared/model.ts';
import { ModelFailure } from '../contracts.ts';
import { isLoopbackUrl } from './baseUrl.ts';
import { type CallContext, excerpt, final, mendedBy, proxySignIn } from './errors.ts';
import { asObject, asText } from './json.ts';
import { redact } from './redact.ts';

/** Whatever was thrown while connecting or reading. */
export function errorFromThrown(context: CallContext, thrown: unknown): ModelError {
  const chain = causes(thrown);
  const failure = chain.find((error) => error instanceof ModelFailure);
  if (failure) return { ...failure.error, message: redact(failure.error.message, context.secrets) };
  const code = chain.map((error) => asText(asObject(error)?.code)).find((text) => text !== undefined);
  const innermost = chain.findLast((error) => error instanceof Error);
  return networkError(context, code, innermost instanceof Error ? innermost.message : String(thrown));
}

/** How agents say that a proxy did not open a tunnel: with the status of its answer. */
const PROXY_ANSWER = /(?:tunnel|proxy)[\s\S]*?\b(4\d\d|5\d\d)\b/i;

const tunnelRefused = (status: string): ModelError =>
  status === '407'
    ? { ...proxySignIn(' (407)'), neverSent: true }
    : {
        kind: 'network',
        message: `The network's proxy did not let the call through (${status}). Check the proxy settings.`,
        retryable: status.startsWith('5'),
        mend: 'proxy',
        neverSent: true,
      };

const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|CRL_|ERR_SSL|EPROTO)/;

/** A failure below HTTP, by the code Node gives it. */
function networkError(context: CallContext, code: string | undefined, words: string): ModelError {
  const { endpoint } = context;
  const origin = URL.parse(endpoint.baseUrl)?.origin ?? endpoint.baseUrl;
  const make = (kind: ErrorKind, retryable: boolean, sentence: string): ModelError => ({
    kind,
    message: redact(sentence, context.secrets),
    retryable,
    ...(code !== undefined && NEVER_SENT.test(code) ? { neverSent: true } : {}),
  });
  const detail = excerpt(words, context.secrets);

  const refusedTunnel = PROXY_ANSWER.exec(words)?.[1];
  if (refusedTunnel !== undefined) return tunnelRefused(refusedTunnel);
  if (code === 'ECONNREFUSED') {
    return isLoopbackUrl(endpoint.baseUrl)
      ? make('network', true, `Nothing listens on ${origin}. Is the ${endpoint.label} server running?`)
      : make('network', true, `${origin} refused the connection. Check the network and the endpoint's base URL.`);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') {
    return make(
      'network',
      true,
      `The host of ${origin} was not found. Check the network connection and the endpoint's base URL.`,
    );
  }
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'UND_ERR_SOCKET' ||
    code === 'ECONNABORTED' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE'
  ) {
    return make('network', true, `The connection to ${endpoint.label} was cut. Check the network and run again.`);
  }
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return make('network', true, `${origin} could not be reached in time. Check the network and run again.`);
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EADDRNOTAVAIL') {
    return make('network', true, `${origin} cannot be reached from this network. Check the connection, the VPN and the proxy.`);
  }
  if (code !== undefined && CERTIFICATE.test(code)) {
    return mendedBy(
      'proxy',
      make(
        'network',
        false,
        `The certificate of ${origin} was not accepted: ${detail} (${code}). If a company proxy replaces certificates, its own must be trusted on this machine.`,
      ),
    );
  }
  // A body that breaks off in the middle may come whole another time; what begins as no HTTP will not.
  if (code === 'HPE_INVALID_CHUNK_SIZE' || code === 'HPE_INVALID_EOF_STATE')
    return make(
      'network',
      true,
      `The answer of ${endpoint.label} was damaged on its way (${code}). Check the network and run again.`,
    );
  if (code?.startsWith('HPE_'))
    return final(make('protocol', false, `${endpoint.label} did not answer in HTTP (${code}). Check the endpoint's base URL.`));
  if (code === 'ERR_ZLIB_ENCODING')
    return final(make('protocol', false, `${endpoint.label} compressed its answer in a way that was not asked for: ${detail}.`));
  if (code?.startsWith('Z_') || code?.startsWith('ERR_BROTLI') || code?.startsWith('ERR_ZLIB') || code?.startsWith('BROTLI')) {
    return make('protocol', true, `The compressed answer of ${endpoint.label} is damaged (${code}). Run again.`);
  }
  const named = code === undefined ? detail : `${detail} (${code})`;
  return make('network', true, `The call to ${endpoint.label} failed: ${named}. Check the network and run again.`);
}

/**
 * Codes of a connection that never stood, so that no byte of the request can have arrived, nor cost anything. A certificate is refused
 * before anything is sent over its connection.
 */
const NEVER_SENT =
  /^(?:(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_NODATA|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;

/** The error, its causes and the parts of an aggregate, outermost first; bounded against a ring. */
function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  const open: unknown[] = [thrown];
  while (open.length > 0 && chain.length < 12) {
    const error = open.shift();
    if (error === undefined || error === null) continue;
    chain.push(error);
    if (error instanceof AggregateError) open.push(...error.errors);
    if (error instanceof Error) open.push(error.cause);
  }
  return chain;
}
