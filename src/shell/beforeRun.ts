/**
 * The questions asked before anything is sent: is this workspace trusted, is there a key, is there key-like text in it, does the person
 * know what goes where and at what ceiling, and does anybody know the price? All answers are yes, or nothing leaves the machine.
 */
import * as vscode from 'vscode';
import { isPaid, type Quote, unpricedQuotes } from '../core/compare/quote.ts';
import type { Endpoint, Limits } from '../core/contracts.ts';
import { isLoopbackUrl, originOf } from '../core/providers/baseUrl.ts';
import { findSecrets } from '../core/providers/redact.ts';
import { LANE_LABEL } from '../shared/comparison.ts';
import { inputWords, likelyBasis } from '../shared/estimateWords.ts';
import { materialsOf, namesOf } from '../shared/materials.ts';
import { formatUsd } from '../shared/money.ts';
import type { Task } from '../shared/task.ts';
import type { Keys } from './keys.ts';
import { openSettings } from './userSettings.ts';

export interface BeforeRunDeps {
  readonly keys: Keys;
  readonly memory: vscode.Memento;
  readonly setKey: (endpoint: Endpoint) => Promise<boolean>;
}

const CONSENT_KEY = 'consentedOrigins';

/** True when the lanes may be sent. Says why not, or asks, in the person's words. */
export async function mayRun(task: Task, quotes: readonly Quote[], limits: Limits, deps: BeforeRunDeps): Promise<boolean> {
  const remote = quotes.filter((quote) => !quote.plan.scripted);
  if (remote.length === 0) return true;
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showErrorMessage(
      'This workspace is in Restricted Mode, so nothing is sent. Trust it first, or run the sample.',
    );
    return false;
  }
  return (
    (await haveKeys(remote, deps)) &&
    (await secretsAreMeant(task, remote)) &&
    (await pricesAreAccepted(remote)) &&
    (await consents(task, remote, limits, deps))
  );
}

async function haveKeys(quotes: readonly Quote[], deps: BeforeRunDeps): Promise<boolean> {
  for (const { endpoint } of quotes.map((quote) => quote.setup)) {
    if (!endpoint.needsKey || (await deps.keys.get(endpoint)) !== undefined) continue;
    const bound = await deps.keys.boundOrigin(endpoint);
    const detail = bound
      ? `Its key was set for ${bound}, but the endpoint is now ${originOf(endpoint.baseUrl)}. The key was not sent there.`
      : 'Nothing was sent. To go on without a key, run the sample or choose a model on this machine.';
    const set = 'Set API Key';
    const choice = await vscode.window.showWarningMessage(`${endpoint.label} needs an API key.`, { modal: true, detail }, set);
    if (choice !== set || !(await deps.setKey(endpoint))) return false;
  }
  return true;
}

async function secretsAreMeant(task: Task, quotes: readonly Quote[]): Promise<boolean> {
  const text = quotes.flatMap((quote) => quote.request.parts.map((part) => (part.type === 'text' ? part.text : ''))).join('\n');
  const found = [...new Map(findSecrets(text).map((secret) => [secret.excerptMasked, secret])).values()];
  const names = materialsOf(task).map(({ name }) => name);
  const envFile = names.find((name) => /(?:^|\/)\.env(?:\.|$)/i.test(name));
  if (found.length === 0 && envFile === undefined) return true;
  const listed = found.slice(0, 8).map((secret) => `• ${secret.kind}: ${secret.excerptMasked}`);
  if (found.length > listed.length) listed.push(`• and ${found.length - listed.length} more`);
  const send = 'Send Anyway';
  const choice = await vscode.window.showWarningMessage(
    envFile === undefined
      ? 'What would be sent looks as if it held secrets. Send it?'
      : `${envFile} is an environment file. Send its content?`,
    { modal: true, detail: [...listed, '', `It would go to ${hostsOf(quotes).join(' and ')}.`].join('\n') },
    send,
  );
  return choice === send;
}

/** Unknown is not free: without a price no limit holds, so each such run is agreed to anew. */
async function pricesAreAccepted(quotes: readonly Quote[]): Promise<boolean> {
  const unpriced = unpricedQuotes(quotes);
  if (unpriced.length === 0) return true;
  const names = [...new Set(unpriced.map((quote) => quote.plan.model))].join(' and ');
  const byPlan = unpriced.filter(isOfEditor);
  const isByPlanOnly = byPlan.length === unpriced.length;
  const run = 'Run Without a Price';
  const set = 'Set a Price';
  const choice = await vscode.window.showWarningMessage(
    `No price is known for ${names}.`,
    {
      modal: true,
      detail: [
        ...(byPlan.length > 0 ? ['Models of VS Code are billed through your plan with whoever offers them.'] : []),
        `What ${unpriced.length === 1 ? 'it costs' : 'they cost'} will stay unknown, and your limits cannot hold it.`,
        ...(isByPlanOnly
          ? []
          : ['Prices you know go into the setting "secondThought.prices"; "Update Price List" may know newer ones.']),
      ].join(' '),
    },
    run,
    ...(isByPlanOnly ? [] : [set]),
  );
  if (choice === set) await openSettings('prices');
  return choice === run;
}

/** Once for each set of hosts, and once for each that is to store runs: what is sent, where, and the most it may cost. */
async function consents(task: Task, quotes: readonly Quote[], limits: Limits, deps: BeforeRunDeps): Promise<boolean> {
  const asked = quotes.filter((quote) => isPaid(quote) || !isLoopbackUrl(quote.setup.endpoint.baseUrl));
  const stored = asked.filter((quote) => quote.plan.background);
  const origins = [...asked.map(originOfQuote), ...stored.map((quote) => `${originOfQuote(quote)} stores`)];
  const known = deps.memory.get<readonly string[]>(CONSENT_KEY, []);
  if (origins.every((origin) => known.includes(origin))) return true;
  const send = 'Send';
  const limit =
    limits.perRunNanoUsd === undefined
      ? 'You have set no limit for a run.'
      : `Your limit for a run is ${formatUsd(limits.perRunNanoUsd)}.`;
  const materials = materialsOf(task);
  const choice = await vscode.window.showInformationMessage(
    `Send ${namesOf(materials, 3)} to ${hostsOf(quotes).join(' and ')}?`,
    {
      modal: true,
      detail: [
        ...(materials.length > 1 ? [`What is sent: ${namesOf(materials)}.`, ''] : []),
        ...quotes.flatMap((quote) => [
          `${LANE_LABEL[quote.plan.lane]}: ${quote.plan.model}, ${inputWords(quote.plan)}. ${costLine(quote)}`,
          '',
        ]),
        ...stored.flatMap(({ plan, setup }) => [
          `${LANE_LABEL[plan.lane]} runs in the background: ${setup.endpoint.label} stores the request and the answer (OpenAI: 30 days, or until deleted), and zero data retention does not hold. Switch off "secondThought.deepRuns" to avoid that.`,
          '',
        ]),
        `${limit} Nothing else of your workspace is sent. You are asked once for these hosts.`,
      ].join('\n'),
    },
    send,
  );
  if (choice !== send) return false;
  await deps.memory.update(CONSENT_KEY, [...new Set([...known, ...origins])]);
  return true;
}

function costLine(quote: Quote): string {
  const { plan, price } = quote;
  if (!price) return isOfEditor(quote) ? 'Billed through your plan, cost unknown.' : 'Cost unknown.';
  if (price.basis === 'local') return 'Free, on this machine.';
  const { floorNanoUsd, likelyNanoUsd, ceilingNanoUsd } = plan.estimate;
  const likely = `likely ${formatUsd(likelyNanoUsd)}${likelyBasis([plan.estimate])}`;
  const assumed = price.assumedModel ? `, assumed from the price of ${price.assumedModel}` : '';
  return `At least ${formatUsd(floorNanoUsd)}, ${likely}, at most ${formatUsd(ceilingNanoUsd)} (price from ${price.source}${price.asOf === undefined ? '' : ` as of ${price.asOf}`}${assumed}).`;
}

/** A model of VS Code has no address: it is reached through the extension of its vendor, which its id begins with. */
const isOfEditor = ({ setup }: Quote): boolean => setup.endpoint.api === 'vscode-lm';
const vendorOf = ({ setup }: Quote): string => setup.ref.model.split('/')[0] ?? '';

/** What a consent is remembered for. */
const originOfQuote = (quote: Quote): string =>
  isOfEditor(quote) ? `vscode:${vendorOf(quote)}` : originOf(quote.setup.endpoint.baseUrl);

const hostsOf = (quotes: readonly Quote[]): readonly string[] => [
  ...new Set(
    quotes.map((quote) =>
      isOfEditor(quote) ? `${vendorOf(quote)}, through VS Code` : new URL(quote.setup.endpoint.baseUrl).host,
    ),
  ),
];
