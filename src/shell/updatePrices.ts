/**
 * "Update Price List": the only way a price list is ever fetched. It says what is asked of whom before it asks, and afterwards what changed
 * for the two chosen models.
 */
import * as vscode from 'vscode';
import type { Price } from '../core/contracts.ts';
import type { Engine } from '../core/engine.ts';
import { newestListUrl } from '../core/money/priceLists.ts';
import { PriceUpdateProblem } from '../core/money/priceUpdate.ts';
import { createPricing } from '../core/money/pricing.ts';
import type { PriceList } from '../core/money/rates.ts';
import { resolveModel, type Settings } from '../core/settings.ts';

export interface UpdatePricesDeps {
  readonly engine: Engine;
  readonly settings: () => Settings;
  /** Shown prices stand on another list now. */
  readonly refresh: () => void;
}

export async function updatePrices({ engine, settings, refresh }: UpdatePricesDeps): Promise<void> {
  const { priceLists } = engine;
  const before = await priceLists.current();
  const choice = await choose(before, priceLists.updatedOn() !== undefined);
  if (!choice) return;
  if (choice === 'built-in') priceLists.useBuiltIn();
  else if (!(await fetchList(engine))) return;
  const after = await priceLists.current();
  refresh();
  const detail = await changes(settings(), before, after);
  void vscode.window.showInformationMessage(`Prices now come from ${after.source}. ${detail}`);
}

/** There is a choice only where there is something to go back to. */
async function choose(current: PriceList, isUpdated: boolean): Promise<'update' | 'built-in' | undefined> {
  if (!isUpdated) return 'update';
  const items = [
    { label: '$(cloud-download) Update Price List…', detail: 'Fetches the newest list of pydantic/genai-prices.', id: 'update' },
    { label: '$(history) Use Built-In Price List', detail: 'The list that came with this version.', id: 'built-in' },
  ] as const;
  const chosen = await vscode.window.showQuickPick(items, { title: `Prices Come from ${current.source}` });
  return chosen?.id;
}

/** True when there is a newer list now. */
async function fetchList({ priceLists }: Engine): Promise<boolean> {
  const url = await newestListUrl();
  const fetchIt = 'Fetch';
  const detail = [
    'The public price list of pydantic/genai-prices is fetched, once, from:',
    url,
    '',
    'Nothing of yours is sent. The list is checked, kept on this machine, and used from then on for estimates, budgets and costs. Prices in your settings still come first.',
  ].join('\n');
  const choice = await vscode.window.showInformationMessage('Fetch the newest price list?', { modal: true, detail }, fetchIt);
  if (choice !== fetchIt) return false;
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Fetching the price list…', cancellable: true };
  try {
    await vscode.window.withProgress(progress, (_progress, cancelled) => {
      const stop = new AbortController();
      cancelled.onCancellationRequested(() => stop.abort());
      return priceLists.update(url, stop.signal);
    });
    return true;
  } catch (error) {
    if (!(error instanceof PriceUpdateProblem)) throw error;
    void vscode.window.showErrorMessage(error.message);
    return false;
  }
}

/** What another list means for the two chosen models, in a sentence each. */
async function changes(settings: Settings, before: PriceList, after: PriceList): Promise<string> {
  const at = new Date();
  const priceIn = async (list: PriceList, model: string): Promise<string | undefined> => {
    const found = resolveModel(model, settings);
    if ('problem' in found || found.endpoint.scripted) return undefined;
    const pricing = createPricing({ overlay: settings.prices, loadPriceList: async () => list });
    return inWords(await pricing.priceFor(found.endpoint, found.ref.model, at));
  };
  const sentences = [settings.fastModel, settings.reasoningModel].map(async (model) => {
    const [old, now] = await Promise.all([priceIn(before, model), priceIn(after, model)]);
    if (old === undefined || now === undefined) return '';
    return old === now ? `${model}: ${now}, as before.` : `${model}: ${now}, before: ${old}.`;
  });
  return (await Promise.all(sentences)).filter(Boolean).join(' ');
}

/** `$2 in and $10 out per million tokens`. */
function inWords(price: Price | undefined): string {
  if (!price) return 'price unknown';
  if (!price.usdPerMTok) return 'free, on this machine';
  const { input, output } = price.usdPerMTok;
  const assumed = price.assumedModel ? ` (the price of ${price.assumedModel})` : '';
  return `$${input} in and $${output} out per million tokens${assumed}`;
}
