/** `models`: every endpoint, whether it can be used now, and what it offers. */
import { type Endpoint, ModelFailure } from '../core/contracts.ts';
import { isLoopbackUrl } from '../core/providers/baseUrl.ts';
import { EXIT } from './exit.ts';
import { keyProblem, openSession, reasonOf, requireSqlite, type Session } from './session.ts';

const LIST_TIMEOUT_MS = 5000;

export async function modelsCommand(
  values: { config?: string | undefined; state?: string | undefined },
  samples: string,
): Promise<number> {
  requireSqlite();
  const session = openSession(values, samples);
  const blocks = await Promise.all(session.settings.endpoints.map((endpoint) => describe(endpoint, session)));
  process.stdout.write(`${blocks.join('\n\n')}\n`);
  session.engine.close();
  return EXIT.ok;
}

async function describe(endpoint: Endpoint, session: Session): Promise<string> {
  const where = endpoint.scripted ? '' : `, ${endpoint.api}, ${endpoint.baseUrl}`;
  const head = `${endpoint.id}  (${endpoint.label}${where})`;
  const suggested = (endpoint.suggestedModels ?? []).map((id) => `  ${endpoint.id}:${id}`);
  if (endpoint.scripted) return [head, ...suggested].join('\n');
  const problem = keyProblem(endpoint);
  if (problem) return [head, `  not usable yet: ${problem}`].join('\n');
  const patience = AbortSignal.timeout(LIST_TIMEOUT_MS);
  try {
    const provider = await session.engine.provider(endpoint, '');
    const models = await provider.listModels(patience);
    if (models.length === 0) return [head, '  it offers no models'].join('\n');
    return [head, ...models.map((model) => `  ${endpoint.id}:${model.id}`)].join('\n');
  } catch (error) {
    const why = patience.aborted
      ? `no answer within ${LIST_TIMEOUT_MS / 1000} s.`
      : error instanceof ModelFailure
        ? error.error.message
        : reasonOf(error);
    const hint = isLoopbackUrl(endpoint.baseUrl) ? [] : suggested;
    return [head, `  its models could not be listed: ${why}`, ...hint].join('\n');
  }
}
