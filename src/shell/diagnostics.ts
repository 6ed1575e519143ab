/**
 * "Copy Diagnostics": what a bug report needs and nothing that is private. No prompts, no answers, no file names, no keys; the whole text
 * goes through the redaction once more before it reaches the clipboard.
 */
import os from 'node:os';
import * as vscode from 'vscode';
import { type Endpoint, LedgerUnavailable } from '../core/contracts.ts';
import type { Engine } from '../core/engine.ts';
import { originOf } from '../core/providers/baseUrl.ts';
import { redact } from '../core/providers/redact.ts';
import type { ParsedSettings } from '../core/settings.ts';
import { LANES } from '../shared/comparison.ts';
import type { Keys } from './keys.ts';

export interface DiagnosticsDeps {
  readonly engine: Engine;
  readonly keys: Keys;
  readonly settings: () => ParsedSettings;
  readonly version: string;
}

const SHOWN_COMPARISONS = 5;

export async function diagnostics(deps: DiagnosticsDeps): Promise<string> {
  const { settings, problems } = deps.settings();
  const withKey = new Set(await deps.keys.endpointIds());
  const lines = [
    `Second Thought ${deps.version}`,
    `${vscode.env.appName} ${vscode.version}, ${process.platform} ${process.arch}, Node ${process.versions.node}, ${os.release()}`,
    `remote: ${vscode.env.remoteName ?? 'no'}, trusted workspace: ${vscode.workspace.isTrusted}, proxy support: ${vscode.workspace.getConfiguration('http').get('proxySupport')}`,
    `ledger: ${ledgerState(deps.engine)}`,
    `models: fast ${settings.fastModel}, reasoning ${settings.reasoningModel}`,
    ...settings.endpoints.map(
      (endpoint) =>
        `endpoint ${endpoint.id}: ${endpoint.api}, ${whereOf(endpoint)}, key ${withKey.has(endpoint.id) ? 'set' : 'not set'}`,
    ),
    ...problems.map((problem) => `settings: ${problem}`),
    ...deps.engine.journal
      .list()
      .slice(0, SHOWN_COMPARISONS)
      .flatMap((id) => comparisonLines(deps.engine, id)),
  ];
  return redact(lines.join('\n'), await deps.keys.all()).replaceAll(os.homedir(), '~');
}

function whereOf(endpoint: Endpoint): string {
  if (endpoint.scripted) return 'scripted';
  return endpoint.api === 'vscode-lm' ? 'in VS Code' : originOf(endpoint.baseUrl);
}

function ledgerState(engine: Engine): string {
  try {
    engine.ledger().spending();
    return 'ok';
  } catch (error) {
    if (error instanceof LedgerUnavailable) return error.message;
    throw error;
  }
}

function comparisonLines(engine: Engine, id: string): readonly string[] {
  const record = engine.journal.read(id);
  if (!record) return [];
  return LANES.flatMap((lane) => {
    const run = record.state.runs[lane];
    if (!run) return [];
    const facts = [
      run.plan.model,
      `served ${run.servedModel ?? 'unknown'}`,
      `${run.status}${run.finish ? ` ${run.finish}` : ''}`,
      // Not its sentence: that may quote a server, and a server may quote the prompt.
      run.error ? `${run.error.kind}${run.error.status ? ` ${run.error.status}` : ''}` : '',
      `${run.text.length} characters`,
      `first byte ${run.firstByteMs ?? 'never'}, first text ${run.firstTextMs ?? 'never'}, end ${run.endedMs ?? 'not yet'} ms`,
      `usage ${JSON.stringify(run.usage ?? null)}`,
      `cost ${JSON.stringify(run.cost ?? null)}`,
    ];
    return [`comparison ${id} ${lane}: ${facts.filter(Boolean).join('; ')}`];
  });
}
