/**
 * Which file names of a model may be written, and which of them need a yes of their own.
 *
 * An allow-list, the same on every system: what would be harmless on Linux and an escape on Windows is refused on both. This is the
 * lexical half; links are found by asking the disk (`src/core/apply/links.ts`). Red-list names are compared as the most forgiving file
 * system would read them: compatibility-normalised, case-folded, without trailing dots and spaces.
 */

export type PathCheck = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

const MAX_PATH_LENGTH = 200;
const MAX_SEGMENTS = 16;
const MAX_SEGMENT_BYTES = 255;

/** Letters, marks and digits of any script, spaces, and the punctuation of ordinary source trees (`[id].tsx`, `@scope`, `$lib`, `(group)`). */
const ALLOWED = /^[\p{L}\p{M}\p{N} ._\-+@()[\],=#$!&']+$/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$|clock\$)$/i;

/**
 * Checks a relative path as a model wrote it. Accepts `/`-separated names inside a folder and returns them in Unicode form C;
 * everything else is refused with a reason that completes the sentence "`name` cannot be used: ...".
 */
export function checkRelativePath(name: string): PathCheck {
  const path = name.normalize('NFC');
  const reason = problemOf(path);
  return reason === undefined ? { ok: true, path } : { ok: false, reason };
}

function problemOf(path: string): string | undefined {
  if (path === '') return 'the name is empty.';
  if (path.length > MAX_PATH_LENGTH) return `it is longer than ${MAX_PATH_LENGTH} characters.`;
  if (INVISIBLE.test(path)) return 'it has characters that cannot be seen.';
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) return 'it is a URL, not a relative path.';
  if (path.includes('\\')) return 'it has a backslash; folders are separated by /.';
  if (path.startsWith('/')) return 'it is an absolute path; only files inside the folder can be written.';
  if (path.includes(':')) return 'it has a colon, which names a drive or a hidden stream on Windows.';
  if (path.includes('%')) return 'it has a percent sign, which may hide other characters.';
  if (path.includes('~')) return 'it has a tilde, which stands for a home folder or a short name.';
  if (path.normalize('NFKC') !== path) return 'it has look-alike characters.';
  const segments = path.split('/');
  if (segments.length > MAX_SEGMENTS) return `it is more than ${MAX_SEGMENTS} folders deep.`;
  for (const segment of segments) {
    const reason = segmentProblem(segment);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'it has an empty folder or file name.';
  if (segment === '.' || segment === '..')
    return `it has a "${segment}" step; only plain names inside the folder can be written.`;
  if (/[. ]$/.test(segment)) return 'a name in it ends with a dot or a space, which Windows drops.';
  if (segment.startsWith(' ')) return 'a name in it begins with a space.';
  if (!ALLOWED.test(segment)) return 'it has characters that are not allowed in file names everywhere.';
  if (new TextEncoder().encode(segment).length > MAX_SEGMENT_BYTES) return 'a name in it is too long for the disk.';
  const stem = segment.split('.', 1)[0] ?? '';
  if (DEVICE.test(stem.trim())) return `"${segment}" is a device on Windows.`;
  return undefined;
}

/** Red list, first match counts. Patterns see the folded path with a leading slash. */
const SENSITIVE: readonly (readonly [RegExp, string])[] = [
  [/\/\.git(?:\/|$)|\/\.(?:git[^/]*|gitattributes|gitmodules)$/, 'Git reads it, and can run programs from it'],
  [
    /\/(?:\.githooks|\.husky|\.lefthook|lefthook[^/]*)(?:\/|$)|\/(?:pre|post|prepare|commit|applypatch|update|push|fsmonitor)-[a-z-]+$/,
    'Git hooks run it',
  ],
  [/\/\.vscode(?:-[a-z]+)?(?:\/|$)|\.code-(?:workspace|profile)$/, 'VS Code takes settings and tasks from it'],
  [/\/\.devcontainer(?:\/|\.json$)/, 'it sets up the development container, and can run commands'],
  [
    /\/\.(?:github|gitlab|circleci|buildkite|azure)(?:\/|$)|\/\.(?:gitlab-ci|travis|drone)[^/]*$|\/(?:jenkinsfile|(?:azure|bitbucket)-pipelines[^/]*|appveyor[^/]*)$/,
    'build servers run it',
  ],
  [
    /\/(?:agents?|claude|gemini|copilot-instructions|skill)(?:\.[a-z]+)?\.md$|\.(?:instructions|prompt|chatmode|agent)\.md$|\/\.?mcp[^/]*\.json$/,
    'AI tools take instructions from it',
  ],
  [/\/\.env(?:[.\-_][^/]*)?$|\.env$/, 'it holds environment variables and secrets'],
  [/\/\.(?:npmrc|yarnrc|pnpmfile|pypirc|netrc)[^/]*$/, 'package managers take settings from it'],
  [/\/(?:node_modules|bower_components|site-packages|vendor)(?:\/|$)/, 'it is inside an installed package, whose code is run'],
  [
    /\/(?:package(?:-lock)?|composer|deno|bower|nx|turbo|lerna|rush|tsconfig[^/]*|jsconfig)\.jsonc?$|\/(?:npm-shrinkwrap\.json|yarn\.lock|pnpm-[^/]+\.yaml|bun\.lockb?)$/,
    'tools take scripts and packages from it',
  ],
  [
    /\/[^/]+\.config\.(?:[cm]?[jt]sx?|json)$|\/(?:gulp|grunt|jake|cake|web)file(?:\.[a-z]+)*$|\/(?:gulpfile|gruntfile)[^/]*$/,
    'build tools run it',
  ],
  [
    /\/(?:gnu)?makefile[^/]*$|\.mk$|\/(?:justfile|taskfile|rakefile|gemfile|vagrantfile|procfile|tiltfile|brewfile|fastfile|podfile|dockerfile|containerfile)[^/]*$|\/(?:docker-)?compose[^/]*\.ya?ml$|\/cmakelists\.txt$|\.cmake$/,
    'build tools run it',
  ],
  [
    /\/(?:setup|conftest|sitecustomize|usercustomize|noxfile|fabfile|manage|build)\.(?:py|rs)$|\/(?:pyproject|cargo)\.toml$|\/(?:setup|tox|pytest)\.(?:cfg|ini)$|\.pth$|\.gradle(?:\.kts)?$|\/(?:gradlew|mvnw)$|\/pom\.xml$|\/(?:binding\.gyp|extconf\.rb|build\.zig|directory\.build\.(?:props|targets))$|\.(?:cs|vb|fs|vcx)proj$|\.sln$|\.targets$/,
    'build tools run it',
  ],
  [
    /\.(?:sh|bash|zsh|fish|ksh|csh|bat|cmd|com|exe|msi|ps1|psm1|psd1|vbs|vbe|wsf|wsh|jse|hta|scr|cpl|lnk|url|webloc|desktop|command|tool|workflow|app|appimage|reg|scf|inf|dll|so|dylib|node|jar|vsix|service|plist|applescript|scpt)$/,
    'it is a program or a script that the system can run',
  ],
  [/\/(?:bin|sbin|\.bin)\/[^/]+$/, 'it is in a folder of programs'],
  [/\/\.[^/]+/, 'names that begin with a dot are configuration, which tools act on'],
];

/**
 * Why writing to this path could make code run, or change how tools behave; undefined when it is an ordinary file. The path may be any
 * relative or absolute path, of either separator; it need not have passed {@link checkRelativePath}. Completes "`path`: ...".
 */
export function isExecutionSensitive(path: string): string | undefined {
  const folded = `/${path}`
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Cc}/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('\\', '/')
    .replace(/:[^/]*/g, '')
    .replace(/[. ]+(?=\/|$)/g, '')
    .replace(/\/{2,}/g, '/');
  if (/\/[^/]{1,8}~\d/.test(folded)) return 'it is a short name, which can stand for any file';
  return SENSITIVE.find(([pattern]) => pattern.test(folded))?.[1];
}

/**
 * Sentences about names that cannot live side by side: equal but for letter case or accents, or one a folder of the other.
 * The paths have passed {@link checkRelativePath}.
 */
export function pathConflicts(paths: readonly string[]): readonly string[] {
  const byFolded = new Map<string, string>();
  const problems: string[] = [];
  const fold = (path: string): string => path.normalize('NFKC').toLowerCase();
  for (const path of paths) {
    const other = byFolded.get(fold(path));
    if (other !== undefined) problems.push(`"${other}" and "${path}" are the same file on many disks.`);
    byFolded.set(fold(path), path);
  }
  for (const path of paths) {
    const segments = fold(path).split('/');
    for (let depth = 1; depth < segments.length; depth += 1) {
      const folder = byFolded.get(segments.slice(0, depth).join('/'));
      if (folder !== undefined) problems.push(`"${folder}" is both a file and the folder of "${path}".`);
    }
  }
  return problems;
}

/**
 * A path for showing a file of any name as a virtual document: nothing in it climbs, hides or is empty, and the extension stays, so that
 * the language mode is right. Names that {@link checkRelativePath} accepts are kept as they are.
 */
export function displayPath(name: string): string {
  const check = checkRelativePath(name);
  if (check.ok) return check.path;
  const segments = name
    .normalize('NFC')
    .slice(-MAX_PATH_LENGTH)
    .split(/[/\\]+/)
    .map((segment) =>
      [...segment]
        .map((char) => (ALLOWED.test(char) ? char : '_'))
        .join('')
        .replace(/^[. ]+|[. ]+$/g, '_'),
    )
    .filter((segment) => segment !== '' && segment !== '_');
  return segments.slice(-MAX_SEGMENTS).join('/') || 'answer.txt';
}
