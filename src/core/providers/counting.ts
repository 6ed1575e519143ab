/**
 * The vendors' counting endpoints: how many input tokens a request has, said by whoever will bill them, without running it and for free.
 */
import type { ModelRequest } from '../../shared/model.ts';
import { ModelFailure } from '../contracts.ts';
import { cleanKey, fenceCall, readBounded, requireUsable } from './call.ts';
import { protocolError } from './errors.ts';
import { asCount, asObject, type Json, parseJson } from './json.ts';
import { errorFromThrown } from './networkErrors.ts';
import { callContext, type StreamDeps } from './stream.ts';
import type { Wire } from './wire.ts';

/** An answer of one number is read up to this size and waited for this long. */
const ANSWER_BYTES = 64 * 1024;
const ANSWER_MS = 10_000;

/** Asks the endpoint. Throws a {@link ModelFailure}, and the signal's reason when it aborts. */
export async function countTokens(
  wire: Wire & Pick<Required<Wire>, 'counting'>,
  deps: StreamDeps,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<number> {
  const { endpoint } = deps;
  const context = callContext(deps);
  const key = cleanKey(deps.key);
  try {
    requireUsable(endpoint, key);
    const { body } = wire.write(request, endpoint);
    const counted = Object.fromEntries(Object.entries(body).filter(([name]) => wire.counting.parameters.includes(name)));
    const { connection, failure } = fenceCall(context, key, deps.fetch, signal);
    const response = await wire.counting.open(connection, counted).catch((error: unknown) => {
      throw failure(error);
    });
    const { text } = await readBounded(response, ANSWER_BYTES, ANSWER_MS, signal);
    signal.throwIfAborted();
    const tokens = asCount(answerOf(text)?.input_tokens);
    if (!tokens) throw new ModelFailure(protocolError(context, 'did not say how many tokens the request has.'));
    return tokens;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof ModelFailure ? error : new ModelFailure(errorFromThrown(context, error));
  }
}

const answerOf = (text: string): Json | undefined => asObject(parseJson(text));
