/** Figma's variables as its REST API answers with them, made into sets of design tokens: one set for each mode of each collection. */
import { record, records, stringOf, type Table, valueAt } from './figmaJson.ts';
import { colourOf } from './figmaStyle.ts';

/** Undefined for anything else. */
export function variablesAsTokens(json: unknown): Table | undefined {
  const meta = record(record(json)?.meta);
  const variables = record(meta?.variables);
  const collections = record(meta?.variableCollections);
  if (!variables || !collections) return undefined;
  const sets = new Map<string, [string, Table][]>();
  for (const value of Object.values(variables)) {
    const variable = record(value);
    const name = stringOf(variable?.name);
    const collection = record(valueAt(collections, String(variable?.variableCollectionId)));
    for (const [modeId, given] of Object.entries(record(variable?.valuesByMode) ?? {})) {
      const mode = records(collection?.modes).find((each) => each.modeId === modeId);
      const set = `${stringOf(collection?.name) ?? 'Variables'} / ${stringOf(mode?.name) ?? modeId}`;
      const token = { value: writtenValue(given, variables), type: typeOf(variable), description: variable?.description };
      if (name === undefined) continue;
      const entries = sets.get(set);
      if (entries) entries.push([name, token]);
      else sets.set(set, [[name, token]]);
    }
  }
  if (sets.size === 0) return undefined;
  const tokens = [...sets].map(([set, entries]): [string, Table] => [set, Object.fromEntries(entries)]);
  return { ...Object.fromEntries(tokens), $metadata: { tokenSetOrder: [...sets.keys()] } };
}

const typeOf = (variable: Table | undefined): string => (stringOf(variable?.resolvedType) ?? 'value').toLowerCase();

/** A colour, a number, a text, a yes or no, or the name of another variable. */
function writtenValue(given: unknown, variables: Table): unknown {
  const table = record(given);
  if (!table) return given;
  if (table.type !== 'VARIABLE_ALIAS') return colourOf(table) ?? JSON.stringify(table);
  const id = String(table.id);
  return `{${stringOf(record(valueAt(variables, id))?.name) ?? id}}`;
}
