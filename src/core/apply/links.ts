/**
 * Whether a path really lies inside a folder. The rules of names (`artifact/paths.ts`) cannot see links; the disk can. Nothing can be
 * made atomic against a link that is swapped during a write; therefore the same question is asked again after writing.
 */

/** Why a path may not be written, completing "`path` cannot be used: ..."; or where it really is, below the real root, with `/`. */
export type RealPath = { readonly reason: string } | { readonly realRelative: string };

/** The disk, and the rules of its paths: those of Node's `path` for its system. */
export interface Disk {
  readonly rules: {
    readonly sep: string;
    basename(path: string): string;
    dirname(path: string): string;
    join(...parts: string[]): string;
    relative(from: string, to: string): string;
    isAbsolute(path: string): boolean;
  };
  /**
   * What a path names itself, a link not followed; undefined when nothing is there; throws when nobody can tell. `names`: hard links to a
   * file.
   */
  lstat(path: string): Promise<{ readonly kind: 'file' | 'folder' | 'link' | 'other'; readonly names: number } | undefined>;
  /** The path with every link followed; undefined when it leads nowhere; throws when nobody can tell. */
  realpath(path: string): Promise<string | undefined>;
}

/**
 * Refuses a path on which a link leads out of `root`, one that is a link to nowhere, and a file that has a second name: a write to it
 * would reach that name too, which may be anywhere.
 */
export async function checkRealPath(root: string, target: string, disk: Disk): Promise<RealPath> {
  try {
    return await lookAt(root, target, disk);
  } catch (error) {
    return cannotBeLookedAt(error);
  }
}

/** A path that the system does not let us look at may lead anywhere. */
export function cannotBeLookedAt(error: unknown): RealPath {
  return { reason: `the system does not let it be looked at (${error instanceof Error ? error.message : String(error)}).` };
}

async function lookAt(root: string, target: string, disk: Disk): Promise<RealPath> {
  const { rules } = disk;
  const realRoot = await disk.realpath(root);
  if (realRoot === undefined) return { reason: 'its folder cannot be found.' };
  const missing: string[] = [];
  let existing = target;
  while (!(await disk.lstat(existing))) {
    missing.unshift(rules.basename(existing));
    const parent = rules.dirname(existing);
    if (parent === existing) return { reason: 'its folder cannot be found.' };
    existing = parent;
  }
  const real = await disk.realpath(existing);
  if (real === undefined) return { reason: 'it is a link that leads nowhere.' };
  const there = await disk.lstat(real);
  if (missing.length > 0 && there?.kind !== 'folder') return { reason: 'a file stands where it needs a folder.' };
  const relative = rules.relative(realRoot, rules.join(real, ...missing));
  const isInside = relative !== '' && relative !== '..' && !relative.startsWith(`..${rules.sep}`) && !rules.isAbsolute(relative);
  if (!isInside) return { reason: 'a link on its path leads out of the folder.' };
  if (there?.kind === 'other') return { reason: 'it is a device or a pipe, not a file.' };
  if (there?.kind === 'file' && there.names > 1) return { reason: 'it has a second name on this disk, a hard link.' };
  return { realRelative: relative.split(rules.sep).join('/') };
}
