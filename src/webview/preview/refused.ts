/** What the policy refused, in the words of the list of blocked things. */
import type { Blocked } from './previewTypes.ts';

/** @param directive of the policy; `what` is what the browser says of it: an address or a word */
export function refused(directive: string, what: string): { kind: Blocked['kind']; what: string } {
  const kind = KIND_OF[directive.replace(/-(?:elem|attr)$/, '')] ?? 'request';
  if (directive === 'script-src-attr') return { kind: 'handler', what: 'one that a script wrote' };
  return { kind, what: what === 'inline' ? 'one that a script wrote' : what };
}

const KIND_OF: Readonly<Record<string, Blocked['kind']>> = {
  'script-src': 'script',
  'style-src': 'style sheet',
  'img-src': 'image',
  'font-src': 'font',
  'media-src': 'media',
  'frame-src': 'frame',
  'object-src': 'plug-in',
  'form-action': 'form',
};
