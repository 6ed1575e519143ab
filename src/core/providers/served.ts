/**
 * What an answer says of itself, collected from its events: said when it is first known, and again when a later event knows more or
 * better. The model and the id are those of the first event that names them; the price class is that of the last.
 */
import type { Served } from '../../shared/model.ts';
import { asText } from './json.ts';
import type { Emit } from './wire.ts';

/** Fields as the wire has them, of any type. */
export interface ServedFields {
  readonly model: unknown;
  readonly id: unknown;
  readonly tier: unknown;
}

/** Returns a function that takes what an event says, and emits `response-start` when that is new. */
export function createServed(emit: Emit): (said: ServedFields) => void {
  let served: Served = {};
  return ({ model, id, tier }) => {
    const servedModel = served.servedModel ?? asText(model);
    const responseId = served.responseId ?? asText(id);
    const serviceTier = usedTier(tier) ?? served.serviceTier;
    if (servedModel === served.servedModel && responseId === served.responseId && serviceTier === served.serviceTier) return;
    served = {
      ...(servedModel ? { servedModel } : {}),
      ...(responseId ? { responseId } : {}),
      ...(serviceTier ? { serviceTier } : {}),
    };
    emit({ type: 'response-start', ...served });
  };
}

/** `auto` repeats what was asked, and says nothing of what was used. */
const usedTier = (tier: unknown): string | undefined => (tier === 'auto' ? undefined : asText(tier));
