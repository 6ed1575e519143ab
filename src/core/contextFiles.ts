/**
 * Which files of a workspace may be sent beside a task without being asked about: by their path in the folder and by what they hold.
 *
 * The person names them in their own settings, often by a glob, and a glob takes in more than one thinks. So hidden files and what is
 * usually a secret are never taken, whatever was named.
 */
import type { Material } from '../shared/design.ts';
import { kilobytes } from '../shared/figures.ts';
import { decodeText, imageMediaType } from './inputs/decode.ts';
import { readMaterial } from './inputs/detect.ts';
import { type Piece, safeName } from './inputs/piece.ts';
import { holdsKey } from './providers/redact.ts';

export const MAX_CONTEXT_FILES = 8;
/** More than this of one file is no context but the task itself. */
export const MAX_CONTEXT_BYTES = 256 * 1024;

const SECRET_NAME =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519).*|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ovpn|asc|gpg|tfstate|tfvars)|(?:.*[._-])?(?:secrets?|credentials?|passwords?|passwd|htpasswd)(?:[._-].*)?|service[-_]?account.*\.json|.*\.env(?:\..*)?|env\..*)$/i;

/** Why a file may not be sent, to complete the sentence "... is not sent: "; undefined: it may. `path`: inside the folder, with `/`. */
export function whyNotSent(path: string): string | undefined {
  const segments = path.split('/');
  if (path === '' || path.startsWith('/') || /^[a-z]:/i.test(path) || path.includes('\\') || segments.includes('..'))
    return 'it is not inside the workspace folder.';
  if (segments.some((segment) => segment.startsWith('.'))) return 'hidden files never are.';
  if (segments.some((segment) => SECRET_NAME.test(segment))) return 'its name is that of a file with secrets.';
  return undefined;
}

/** As {@link whyNotSent}, by its size alone: it need not be read. */
export const whyTooLarge = (bytes: number): string | undefined =>
  bytes > MAX_CONTEXT_BYTES ? `it is ${kilobytes(bytes)}; up to ${kilobytes(MAX_CONTEXT_BYTES)} of one file can be.` : undefined;

/** A file as material, or why it may not be sent. Instructions are sent as they are. Throws `TaskProblem` for what cannot be read. */
export async function contextPiece(
  { path, uri, bytes }: { readonly path: string; readonly uri: string; readonly bytes: Uint8Array },
  role: Exclude<Material['role'], 'design'>,
): Promise<{ readonly piece: Piece } | { readonly problem: string }> {
  const name = safeName(path);
  const tooLarge = whyTooLarge(bytes.length);
  if (tooLarge !== undefined) return { problem: tooLarge };
  if (imageMediaType(bytes)) return { problem: 'it is a picture; only text can be sent along.' };
  const text = decodeText(name, bytes);
  if (holdsKey(text)) return { problem: 'it holds what looks like a secret key.' };
  if (role === 'context') return { piece: await readMaterial({ name, bytes, uri, role }) };
  return { piece: { part: { type: 'text', text }, material: { kind: 'text', role, name, uri, leftOut: [] } } };
}
