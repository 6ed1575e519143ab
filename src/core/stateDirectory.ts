/**
 * Where Second Thought keeps its ledger and its comparisons: one folder per person, the same for every window, every VS Code profile and
 * the command line, because a limit that holds in one place only is none.
 */
import os from 'node:os';
import path from 'node:path';

const NAME = 'second-thought';

/**
 * The platform's place for application data: XDG on Linux, Application Support on macOS, LOCALAPPDATA on Windows. The environment
 * variable SECOND_THOUGHT_STATE names another place, for trials that must not touch the person's own books.
 */
export function userStateDirectory(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  if (environment.SECOND_THOUGHT_STATE) return environment.SECOND_THOUGHT_STATE;
  if (platform === 'win32') return path.win32.join(environment.LOCALAPPDATA || path.win32.join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return path.posix.join(home, 'Library', 'Application Support', NAME);
  const data = environment.XDG_DATA_HOME;
  return path.posix.join(data && path.posix.isAbsolute(data) ? data : path.posix.join(home, '.local', 'share'), NAME);
}
