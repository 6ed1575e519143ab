/**
 * The command line: the same comparison with no editor. Standard output carries the result (a table, or events with `--events`); progress
 * and complaints go to standard error.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };
import { TARGETS } from '../shared/design.ts';
import { compareCommand } from './compare.ts';
import { EXIT, Refused, Unusable } from './exit.ts';
import { exportCommand, importCommand } from './export.ts';
import { modelsCommand } from './models.ts';
import { spendingCommand } from './spending.ts';

const USAGE = `Usage:
  second-thought compare SPEC... [--file FILE]... [--context FILE]... [--instructions FILE] [--target TARGET]
                         [--frame ID] [--task TEXT] [--fast REF] [--reasoning REF] [--config FILE]
                         [--budget-run USD] [--allow-unknown-price] [--state DIR] [--out DIR] [--fairness | --events]
  second-thought models [--config FILE]
  second-thought export ID|FILE [--format html|md|json] [--out FILE] [--config FILE] [--state DIR]
  second-thought import FILE [--state DIR]
  second-thought spending [--csv] [--config FILE] [--state DIR]

  SPEC       a design (text, HTML, SVG, a component, design tokens, Figma JSON, or a PNG, JPEG, WebP or GIF picture) or,
             with --task, code to change; several files are one design, such as a screenshot and its tokens
  --file     the same as SPEC, for names that begin with a dash
  --context  a file that the design is built with, such as design tokens or a component; may be given several times
  --instructions  a file with your standing instructions (the settings "contextFiles" and "instructionsFile" name
             files of a workspace; here every file is named)
  --target   what a design is to be built in (default: the setting, else what fits its folder):
             ${TARGETS.join(', ')}
  --frame    the id of the frame that is meant, in a Figma file of several
  --task     what should be done, in your words
  --fast, --reasoning   a model as endpoint:model or endpoint:model@effort (default: the scripted sample)
  --config   a JSON file with the extension's settings, without their prefix
  --budget-run          the most this run may cost, in US dollars; overrides the setting
  --allow-unknown-price run a model whose price nobody knows; its cost stays unknown
  --state    where the ledger and the comparisons are kept (default: the same folder as the extension's)
  --out      a folder for each lane's files and the event log; for export, the file to write (default: standard output)
  --format   what export writes: a report as html or md, or the events as json (default: html)
  --csv      print every entry of the ledger as comma-separated values
  --fairness also print what each model really received
  --events   print the comparison's events as one JSON object a line, and nothing else

Exit code: 0 both lanes ended normally, 1 a lane did not, 2 usage or configuration, 3 refused by a budget.
`;

async function main(args: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    throw new Unusable(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const [command, ...rest] = positionals;
  if (values.version) {
    process.stdout.write(`${packageJson.version}\n`);
    return EXIT.ok;
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  const samples = path.join(path.dirname(fs.realpathSync(process.argv[1] ?? '')), 'samples');
  switch (command) {
    case 'compare':
      if (rest.length + (values.file ?? []).length === 0) throw new Unusable(`compare takes a SPEC.\n\n${USAGE}`);
      return compareCommand([...rest, ...(values.file ?? [])], values, samples);
    case 'export':
      if (rest.length !== 1 || rest[0] === undefined) throw new Unusable(`export takes one ID or FILE.\n\n${USAGE}`);
      return exportCommand(rest[0], values);
    case 'spending':
      if (rest.length > 0) throw new Unusable(`spending takes no argument.\n\n${USAGE}`);
      return spendingCommand(values, samples);
    case 'import':
      if (rest.length !== 1 || rest[0] === undefined) throw new Unusable(`import takes one FILE.\n\n${USAGE}`);
      return importCommand(rest[0], values);
    case 'models':
      if (rest.length > 0) throw new Unusable(`models takes no argument.\n\n${USAGE}`);
      return modelsCommand(values, samples);
    default:
      throw new Unusable(command === undefined ? USAGE : `There is no command "${command}".\n\n${USAGE}`);
  }
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      task: { type: 'string' },
      file: { type: 'string', multiple: true },
      context: { type: 'string', multiple: true },
      instructions: { type: 'string' },
      target: { type: 'string' },
      frame: { type: 'string' },
      fast: { type: 'string' },
      reasoning: { type: 'string' },
      config: { type: 'string' },
      'budget-run': { type: 'string' },
      'allow-unknown-price': { type: 'boolean' },
      state: { type: 'string' },
      out: { type: 'string' },
      format: { type: 'string' },
      fairness: { type: 'boolean' },
      events: { type: 'boolean' },
      csv: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  });

process.stderr.on('error', () => undefined); // nobody reads the complaints: the run itself must not fail for it

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof Unusable || error instanceof Refused;
    process.stderr.write(
      `${known ? error.message.trimEnd() : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = error instanceof Unusable ? EXIT.usage : error instanceof Refused ? EXIT.refused : EXIT.lane;
  },
);
