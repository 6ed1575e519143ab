/**
 * Keeping secrets out of what is shown, logged and sent.
 *
 * {@link redact} is the last stop before text of unknown origin (a server's error, a log line) reaches a person or a file: it removes
 * the secrets we hold, whole or in part, and whatever has the shape of a key. {@link findSecrets} looks the other way: at what is
 * about to be sent, to name key-like text before it goes.
 */

const MARK = '[redacted]';

/** A part of a secret this long is as good as the secret. */
const TELLING_LENGTH = 12;

interface Shape {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** Shapes of keys, as their issuers document or print them. The kind says what was found. */
const SHAPES: readonly Shape[] = [
  { kind: 'private key', pattern: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g },
  { kind: 'Anthropic key', pattern: /\bsk-ant-[\w-]{8,}/g },
  { kind: 'OpenRouter key', pattern: /\bsk-or-[\w-]{8,}/g },
  // Providers print masked keys with asterisks in the middle; those go as well.
  { kind: 'API key', pattern: /\bsk-[A-Za-z0-9_*.-]{8,}/g },
  { kind: 'Google API key', pattern: /\bAIza[\w-]{30,}/g },
  { kind: 'Groq key', pattern: /\bgsk_[A-Za-z0-9]{16,}/g },
  { kind: 'xAI key', pattern: /\bxai-[A-Za-z0-9]{16,}/g },
  { kind: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{20,}/g },
  { kind: 'GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g },
  { kind: 'GitLab token', pattern: /\bglpat-[\w-]{16,}/g },
  { kind: 'Figma token', pattern: /\bfig[a-z]_[A-Za-z0-9_-]{20,}/g },
  { kind: 'Slack token', pattern: /\bxox[abeoprs]-[\w-]{10,}/g },
  { kind: 'Stripe key', pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { kind: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{30,}/g },
  { kind: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { kind: 'JSON web token', pattern: /\beyJ[\w-]{10,400}\.eyJ[\w-]{10,4000}\.[\w-]{8,}/g },
  { kind: 'bearer token', pattern: /\bBearer\s+[\w.~+/=-]{12,}/gi },
  { kind: 'password in a URL', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]+:[^\s/@]{3,}@/gi },
];

/** Removes the given secrets (whole, as URL or JSON text, or any part of 12 characters or more) and every key-like pattern. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = removeSecrets(text, secrets);
  for (const { pattern } of SHAPES) clean = clean.replace(pattern, MARK);
  return clean;
}

/** Removes the given secrets alone: for names, which may look like a key and be none. */
export function removeSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length > 0) clean = removeSecret(clean, secret);
  return clean;
}

function removeSecret(text: string, secret: string): string {
  let clean = text;
  for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
    clean = clean.replaceAll(form, MARK);
  }
  return secret.length > TELLING_LENGTH ? removeParts(clean, secret) : clean;
}

/** Marks every run of the text that is a run of the secret, when it is long enough to tell. */
function removeParts(text: string, secret: string): string {
  const pieces = new Set<string>();
  for (let at = 0; at + TELLING_LENGTH <= secret.length; at++) pieces.add(secret.slice(at, at + TELLING_LENGTH));
  const out: string[] = [];
  let kept = 0;
  for (let at = 0; at + TELLING_LENGTH <= text.length; at++) {
    if (!pieces.has(text.slice(at, at + TELLING_LENGTH))) continue;
    let end = at + TELLING_LENGTH;
    while (end < text.length && pieces.has(text.slice(end - TELLING_LENGTH + 1, end + 1))) end++;
    out.push(text.slice(kept, at), MARK);
    kept = end;
    at = end - 1;
  }
  return kept === 0 ? text : out.join('') + text.slice(kept);
}

/** Shorter than any key: names of style classes begin like some. */
const LEAST_KEY_LENGTH = 20;

/** True for text with something of the shape of a key. */
export const holdsKey = (text: string): boolean =>
  SHAPES.some(({ pattern }) =>
    [...text.matchAll(pattern)].some(([found]) => found.length >= LEAST_KEY_LENGTH && isTelling(found)),
  );

/** Class names such as `sk-loading-indicator` have the prefix; keys have digits or capitals too, or go on for long without a break. */
const isTelling = (found: string): boolean => /[\dA-Z]|[a-z]{20}/.test(found.slice(3));

/** A warning names no more than this many. */
const MAX_FOUND = 50;

/** Something key-like in text that is about to be sent. */
export interface FoundSecret {
  /** In words, e.g. `GitHub token`. */
  readonly kind: string;
  /** The line with the secret masked, short enough for a dialog. */
  readonly excerptMasked: string;
  /** One-based. */
  readonly line: number;
}

/**
 * `API_KEY=...`, `"password": "..."`, `export TOKEN='...'`: a telling name, `=` or `:`, and a value. Read outwards from the sign, and
 * only so far, so that no text takes longer than its length.
 */
const SIGN = /[:=]/g;
const NAME_BEFORE =
  /(?:^|[^\w.-])([\w.-]*(?:key|secret|token|passw(?:or)?d|pwd|credentials?|connection[_-]?string|dsn))["'`]?[ \t]*$/i;
const VALUE_AFTER = /^[:=]?[ \t]*(["'`]?)([^\s"'`,;<>{}()]{6,})\1/;
const NAME_LENGTH = 64;
const VALUE_LENGTH = 256;

/** Values that only stand for a secret: `your-key-here`, `${KEY}`, `xxxx`, `process.env.KEY`, `string`, `required`. */
const PLACEHOLDER =
  /^(?:your|my|some|the|an?|insert|replace|enter|put|set|add|example|sample|dummy|fake|test|todo|tbd|changeme|change[_-]?me|none|null|undefined|true|false|string|number|boolean|required|optional|secret|password|token|redacted|x+|\*+|\.+|-+|0+|1234\w*|process\.env|import\.meta|os\.environ|env\.|var\(|--|#|\$|%|@)/i;

/** Finds key-like text, `.env` content included, so that it can be named before it goes. In order of lines, each line once a kind. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const covered: { readonly start: number; readonly end: number }[] = [];
  const starts = lineStarts(text);

  const note = (kind: string, start: number, end: number): void => {
    if (found.length >= MAX_FOUND || covered.some((span) => start < span.end && end > span.start)) return;
    covered.push({ start, end });
    const line = lineAt(starts, start);
    const from = starts[line] ?? 0;
    const lineEnd = text.indexOf('\n', end);
    const secret = text.slice(start, end);
    const before = text.slice(Math.max(from, start - 40), start);
    const after = text.slice(end, Math.min(lineEnd === -1 ? text.length : lineEnd, end + 20));
    found.push({ kind, excerptMasked: redact(`${before}${masked(secret)}${after}`).trim(), line: line + 1 });
  };

  for (const { kind, pattern } of SHAPES) {
    for (const match of text.matchAll(pattern)) {
      if (isTelling(match[0])) note(kind, match.index, match.index + match[0].length);
    }
  }
  for (const { index } of text.matchAll(SIGN)) {
    const name = NAME_BEFORE.exec(text.slice(Math.max(0, index - NAME_LENGTH), index))?.[1];
    if (name === undefined) continue;
    const after = text.slice(index + 1, index + 1 + VALUE_LENGTH);
    const match = VALUE_AFTER.exec(after);
    const value = match?.[2];
    if (!match || value === undefined || !looksReal(value)) continue;
    const start = index + 1 + match[0].lastIndexOf(value);
    note(`value of ${name}`, start, start + value.length);
  }
  return found.sort((a, b) => a.line - b.line);
}

/** A value somebody would keep secret: no placeholder, no code, and not one plain word. */
function looksReal(value: string): boolean {
  if (PLACEHOLDER.test(value) || /^[a-z]+$/.test(value) || /^[A-Z][a-z]+$/.test(value)) return false;
  // A reference or a call in code, e.g. `config.token` or `this.key`.
  if (/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/.test(value) && !/\d/.test(value)) return false;
  return new Set(value).size >= 4;
}

/** Enough to recognise it by, not enough to use it. */
const masked = (secret: string): string => (secret.length >= 16 ? `${secret.slice(0, 4)}…` : '…');

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
