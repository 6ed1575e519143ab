/** `models`: every endpoint, whether it can be used now, and what it offers. */
import { type Endpoint, ModelFailure, type ModelInfo } from '../core/contracts.ts';
import { modelFacts } from '../core/modelFacts.ts';
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
  const head = `${endpoint.id}  (${endpoint.label}${whereOf(endpoint)})`;
  const suggested = (endpoint.suggestedModels ?? []).map((id) => ({ id }));
  const lines = (models: readonly ModelInfo[]): Promise<readonly string[]> =>
    Promise.all(models.map((model) => modelLine(endpoint, model, session)));
  if (endpoint.scripted) return [head, ...(await lines(suggested))].join('\n');
  const problem = keyProblem(endpoint);
  if (problem) return [head, `  not usable: ${problem}`].join('\n');
  const patience = AbortSignal.timeout(LIST_TIMEOUT_MS);
  try {
    const provider = await session.engine.provider(endpoint, '');
    const models = await provider.listModels(patience);
    if (models.length === 0) return [head, '  it offers no models'].join('\n');
    return [head, ...(await lines(models))].join('\n');
  } catch (error) {
    const why = patience.aborted
      ? `no answer within ${LIST_TIMEOUT_MS / 1000} s.`
      : error instanceof ModelFailure
        ? error.error.message
        : reasonOf(error);
    const hint = isLoopbackUrl(endpoint.baseUrl) ? [] : await lines(suggested);
    return [head, `  its models could not be listed: ${why}`, ...hint].join('\n');
  }
}

const whereOf = (endpoint: Endpoint): string =>
  endpoint.scripted || endpoint.api === 'vscode-lm' ? '' : `, ${endpoint.api}, ${endpoint.baseUrl}`;

async function modelLine(endpoint: Endpoint, model: ModelInfo, session: Session): Promise<string> {
  const ref = `  ${endpoint.id}:${model.id}`;
  if (endpoint.scripted) return ref;
  const price = await session.engine.pricing().priceFor(endpoint, model.id, new Date());
  return `${ref}  ${modelFacts(endpoint, model, price).join(', ')}`;
}
