/**
 * Where `npm start` finds itself, and so what it opens. A decision apart from the doing, so that each situation can be tried by a
 * test. Linux is tried; macOS and Windows are not.
 */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard input is a terminal. */
  readonly interactive: boolean;
  /** The desktop VS Code's command line on PATH, with its version. */
  readonly desktop?: { readonly path: string; readonly version: string };
  /** The oldest VS Code that the extension runs in, as three numbers with dots. */
  readonly leastVersion: string;
}

/**
 * - `desktop`: a window of the desktop VS Code.
 * - `browser`: a served VS Code, opened in a browser.
 * - `terminal-then-serve`: the comparison in the terminal, then the offer of a served VS Code.
 * - `terminal`: the comparison in the terminal and nothing more.
 */
export type Opening = 'desktop' | 'browser' | 'terminal-then-serve' | 'terminal';

export function chooseOpening(around: Surroundings): Opening {
  const display = hasDisplay(around);
  if (display && around.desktop && isAtLeast(around.desktop.version, around.leastVersion)) return 'desktop';
  // A BROWSER variable without a display: a remote terminal whose helper opens the browser of the person's own machine.
  if (display || (around.interactive && around.env.BROWSER)) return 'browser';
  return around.interactive ? 'terminal-then-serve' : 'terminal';
}

/** True where a window would be seen by the person who typed the command. */
export function hasDisplay({ platform, env }: Pick<Surroundings, 'platform' | 'env'>): boolean {
  if (platform === 'win32' || platform === 'darwin') return !env.SSH_CONNECTION && !env.SSH_TTY;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * False inside a remote terminal of VS Code and under WSL: there `code` on PATH talks to a window on another machine, which cannot
 * be given a profile or an extension from here.
 */
export function mayUseDesktopCode(env: Surroundings['env']): boolean {
  return !env.VSCODE_IPC_HOOK_CLI && !env.WSL_DISTRO_NAME;
}

/** Compares versions of three numbers; what follows the third (`-insider`) does not count. */
export function isAtLeast(version: string, least: string): boolean {
  const [wanted, found] = [numbers(least), numbers(version)];
  if (!wanted || !found) return false;
  for (const [index, number] of wanted.entries()) {
    const difference = (found[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): number[] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match?.slice(1).map(Number);
}
