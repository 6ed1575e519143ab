/**
 * The log channel, behind the one place where lines are cleaned of keys: whoever writes to it cannot forget to. Lines keep their order.
 */
import type * as vscode from 'vscode';
import { redact } from '../core/providers/redact.ts';
import type { Keys } from './keys.ts';

type Level = 'info' | 'warn' | 'error';

export interface Log extends Readonly<Record<Level, (line: string) => void>> {
  show(): void;
  dispose(): void;
}

export function cleanedLog(channel: Pick<vscode.LogOutputChannel, Level | 'show' | 'dispose'>, keys: Pick<Keys, 'all'>): Log {
  let written = Promise.resolve();
  const writer = (level: Level) => (line: string) => {
    const write = async (): Promise<void> => {
      const secrets = await keys.all().catch(() => undefined);
      channel[level](
        secrets
          ? redact(line, secrets)
          : 'A line is left out here: the stored keys cannot be read, so it cannot be cleaned of them.',
      );
    };
    written = written.then(write);
  };
  return {
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
