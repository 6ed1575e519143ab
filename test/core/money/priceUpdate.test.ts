/** A newer price list: fetched from a loopback server, checked, kept, read by others, and given up; whatever the server says. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import type { Endpoint } from '../../../src/core/contracts.ts';
import { bundledRows, NEWEST_LIST_URL, type PriceRows } from '../../../src/core/money/genaiPrices.ts';
import { createPriceLists } from '../../../src/core/money/priceLists.ts';
import { PriceUpdateProblem } from '../../../src/core/money/priceUpdate.ts';
import { createPricing } from '../../../src/core/money/pricing.ts';
import type { PriceList } from '../../../src/core/money/rates.ts';
import { type Responder, startServer } from '../../servers/server.ts';

const NOON = new Date('2026-11-22T12:00:00Z');
const OPENAI: Endpoint = {
  id: 'openai',
  label: 'OpenAI',
  api: 'openai-chat',
  baseUrl: 'https://api.openai.com/v1',
  needsKey: true,
};
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prices-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A list as its publisher writes it: plain JSON, its constraints without a type. */
const published = async (change: (rows: Published) => void = () => undefined): Promise<string> => {
  const rows = JSON.parse(JSON.stringify(await bundledRows())) as Published;
  for (const { models } of rows)
    for (const { prices } of models) if (Array.isArray(prices)) for (const { constraint } of prices) delete constraint?.type;
  change(rows);
  return JSON.stringify(rows);
};
type Published = { id: string; name: string; models: PublishedModel[] }[];
interface PublishedModel {
  readonly id: string;
  match: unknown;
  prices: Record<string, unknown> | { constraint?: { type?: string }; prices: Record<string, unknown> }[];
}
const modelOf = (rows: Published, provider: string, id: string): PublishedModel => {
  const found = rows.find((row) => row.id === provider)?.models.find((model) => model.id === id);
  assert.ok(found);
  return found;
};

let files = 0;
async function fixture(body: string | Responder) {
  const server = await startServer(
    typeof body === 'function' ? body : (_request, response) => void response.writeHead(200).end(body),
  );
  const file = path.join(folder, `${files++}`, 'prices.json');
  const notes: string[] = [];
  const open = () => createPriceLists({ file, fetch, clock: { date: () => NOON }, onNote: (sentence) => notes.push(sentence) });
  return { server, file, notes, open, [Symbol.asyncDispose]: () => server.close() };
}

/** `source: $in/$out a million tokens`, or `none`. */
async function priced(list: PriceList, model: string, endpoint = OPENAI): Promise<string> {
  const price = await createPricing({ overlay: {}, loadPriceList: async () => list }).priceFor(endpoint, model, NOON);
  return price?.usdPerMTok ? `${price.source}: ${price.usdPerMTok.input}/${price.usdPerMTok.output}` : 'none';
}

const SIGNAL = new AbortController().signal;

describe('a newer list', () => {
  test('is used from then on, by others too, until it is given up', async () => {
    const dearer = await published((rows) => {
      modelOf(rows, 'openai', 'gpt-6-luna').prices = { input_mtok: 7, output_mtok: 9 };
      const model = { id: 'gpt-7', match: { equals: 'gpt-7' }, prices: { input_mtok: 1, output_mtok: 2 } };
      rows.find(({ id }) => id === 'openai')?.models.push(model);
    });
    await using it = await fixture(dearer);
    const [lists, other] = [it.open(), it.open()];
    assert.equal(await priced(await other.current(), 'gpt-7'), 'none');
    assert.equal(lists.updatedOn(), undefined);
    assert.equal(it.server.requests.length, 0, 'nothing is fetched before it is asked for');

    const list = await lists.update(it.server.url, SIGNAL);
    assert.deepEqual([list.source, list.asOf], ['genai-prices, updated 2026-11-22', '2026-11-22']);
    for (const used of [lists, other, it.open()]) {
      assert.equal(used.updatedOn(), '2026-11-22');
      assert.equal(await priced(await used.current(), 'gpt-6-luna'), 'genai-prices, updated 2026-11-22: 7/9');
      assert.equal(await priced(await used.current(), 'gpt-7'), 'genai-prices, updated 2026-11-22: 1/2');
    }
    assert.equal(it.server.requests.length, 1);
    assert.equal(it.server.requests[0]?.headers.authorization, undefined);

    lists.useBuiltIn();
    for (const used of [lists, other]) {
      assert.equal(used.updatedOn(), undefined);
      assert.equal(await priced(await used.current(), 'gpt-6-luna'), 'genai-prices 0.1.8: 0.1/0.5');
    }
    assert.deepEqual(fs.readdirSync(path.dirname(it.file)), []);
    assert.deepEqual(it.notes, []);
  });

  test('that is the bundled one prices every model the same', async () => {
    await using it = await fixture(await published());
    const lists = it.open();
    const before = await lists.current();
    const list = await lists.update(it.server.url, SIGNAL);
    let compared = 0;
    for (const { id: provider, models } of await bundledRows()) {
      for (const { id } of models) {
        for (const at of [NOON, new Date('2026-11-22T03:07:00Z'), new Date('2026-03-01T00:00:00Z')]) {
          assert.deepEqual(list.find(provider, id, at), before.find(provider, id, at), `${provider}:${id}`);
          compared += 1;
        }
      }
    }
    assert.ok(compared > 4000, `${compared} compared`);
  });

  test('a row without sense is left out, the others stay', async (t) => {
    const fair = { input_mtok: 1, output_mtok: 1 };
    const since = (constraint: object) => ({ prices: [{ constraint, prices: fair }] });
    const tier = (start: number, price: number) => ({ prices: { ...fair, input_mtok: { base: 1, tiers: [{ start, price }] } } });
    const cases: readonly (readonly [string, Partial<PublishedModel>])[] = [
      ['a price above any sane one', { prices: { ...fair, input_mtok: 1e308 } }],
      ['a price below nothing', { prices: { ...fair, input_mtok: -1 } }],
      ['a price of nothing', { prices: { ...fair, input_mtok: 0 } }],
      ['a price that is a word', { prices: { ...fair, input_mtok: '1' } }],
      ['a price that is nothing', { prices: { ...fair, input_mtok: null } }],
      ['a tier above any sane one', tier(9, 1e9)],
      ['a tier from half a token on', tier(0.5, 1)],
      ['no rows at all', { prices: [] }],
      ['a day that is none', since({ start_date: '2026-02-31' })],
      ['hours that are none', since({ start_time: '25:00:00Z', end_time: '01:00:00Z' })],
      ['a pattern that may take for ever', { match: { regex: '^(gpt-6-luna)+$' } }],
      ['a pattern that is none', { match: { regex: '(' } }],
      ['a match of another kind', { match: { anything: true } }],
      ['a match nested without end', { match: NESTED }],
    ];
    for (const [name, change] of cases) {
      await t.test(name, async () => {
        const body = await published((rows) => void Object.assign(modelOf(rows, 'openai', 'gpt-6-luna'), change));
        await using it = await fixture(nest(body));
        const list = await it.open().update(it.server.url, SIGNAL);
        assert.equal(await priced(list, 'gpt-6-luna'), 'none');
        assert.equal(await priced(list, 'gpt-6-sol'), 'genai-prices, updated 2026-11-22: 2/10');
      });
    }
  });
});

/** Stands for a match deeper than any stack, which cannot be written from objects either. */
const NESTED = 'nested';
const nest = (body: string): string => body.replace(`"${NESTED}"`, `${'{"or":['.repeat(20_000)}${']}'.repeat(20_000)}`);

describe('what is refused, and the list in use stays', () => {
  const send =
    (body: string, status = 200): Responder =>
    (_request, response) =>
      void response.writeHead(status).end(body);
  const half = (rows: PriceRows) => JSON.stringify(rows.slice(0, Math.floor(rows.length / 2) - 1));
  const cases: readonly (readonly [string, () => Promise<Responder>, RegExp])[] = [
    ['an error', async () => send('no', 500), /answered with status 500/],
    ['nothing', async () => send(''), /not a price list/],
    ['a page', async () => send('<!doctype html><title>Sign in</title>'), /not a price list/],
    ['a list cut short', async () => send((await published()).slice(0, 100_000)), /not a price list/],
    [
      'a cut connection',
      async () => (_request, response) => {
        response.writeHead(200, { 'content-length': '1000000' });
        response.write('[', () => response.destroy());
      },
      /did not come whole/,
    ],
    ['another JSON', async () => send('{"providers":[]}'), /0 vendors and 0 models .* less than half/],
    ['an empty list', async () => send('[]'), /less than half/],
    ['garbage in a list', async () => send('[1,null,"x",{"id":1},{"id":"openai","name":"x","models":[7]}]'), /less than half/],
    ['half of the vendors', async () => send(half(await bundledRows())), /less than half/],
    [
      'all vendors with few models',
      async () => send(await published((rows) => void rows.map(({ models }) => models.splice(1)))),
      /less than half/,
    ],
    [
      'a redirect',
      async () => (_request, response) => void response.writeHead(302, { location: '/other' }).end(),
      /could not be fetched/,
    ],
    ['no answer', async () => (_request, response) => void response.destroy(), /could not be fetched from 127\.0\.0\.1/],
  ];
  for (const [name, responder, expected] of cases) {
    test(name, async () => {
      await using it = await fixture(await responder());
      const lists = it.open();
      const error = await lists.update(it.server.url, SIGNAL).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof PriceUpdateProblem, String(error));
      assert.match(error.message, expected);
      assert.match(error.message, /The prices in use stay as they are\.$/);
      assert.equal(fs.existsSync(it.file), false);
      assert.equal((await lists.current()).source, 'genai-prices 0.1.8');
    });
  }

  test('more than any list has', async () => {
    const piece = ' '.repeat(1 << 20);
    await using it = await fixture((_request, response) => {
      response.writeHead(200);
      for (let i = 0; i < 17; i++) response.write(piece);
      response.end('[]');
    });
    await assert.rejects(it.open().update(it.server.url, SIGNAL), /did not come whole/);
  });

  test('a person who stops it', async () => {
    const stop = new AbortController();
    await using it = await fixture(() => stop.abort());
    await assert.rejects(it.open().update(it.server.url, stop.signal), /was stopped/);
  });
});

test('a stored list that is damaged is said, and the built-in one is used', async (t) => {
  for (const damage of [
    '',
    '{',
    '{"schema":2,"fetchedOn":"2026-11-22","providers":[]}',
    '{"schema":1,"fetchedOn":"x","providers":[]}',
  ]) {
    await t.test(damage, async () => {
      await using it = await fixture('');
      fs.mkdirSync(path.dirname(it.file), { recursive: true });
      fs.writeFileSync(it.file, damage);
      const lists = it.open();
      assert.equal((await lists.current()).source, 'genai-prices 0.1.8');
      assert.equal(lists.updatedOn(), undefined);
      assert.deepEqual(it.notes, ['The updated price list cannot be read; the built-in one is used.']);
    });
  }
});

test('the newest list is asked for at its publisher', () => {
  assert.match(NEWEST_LIST_URL, /^https:\/\/raw\.githubusercontent\.com\/pydantic\/genai-prices\//);
});
