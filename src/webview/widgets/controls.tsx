/**
 * The few controls everything else is made of: VS Code's own buttons from `@vscode-elements`, with codicons.
 *
 * The library's text button answers each repeat of a held key and lets Space scroll the page; {@link tameButtons} keeps it from both.
 */
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { ToHost } from '../../shared/protocol.ts';

/** Sends what a person asked for. */
export type Post = (message: ToHost) => void;

/** An icon of VS Code's set. Decoration: what it means stands beside it in words. */
export function Icon({ name }: { name: string }) {
  return <span class={`codicon codicon-${name}`} aria-hidden="true" />;
}

export interface ButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly icon?: string;
  /** The likely choice: at most one in sight. */
  readonly primary?: boolean;
  /** What it does, where the label does not say it all. */
  readonly title?: string;
}

export function Button({ label, onPress, icon, primary = false, title }: ButtonProps) {
  return (
    <vscode-button secondary={!primary} {...(title ? { title } : {})} onClick={onPress}>
      {icon ? <span slot="content-before" class={`codicon codicon-${icon}`} aria-hidden="true" /> : null}
      {label}
    </vscode-button>
  );
}

/** A button of a tool bar: an icon, its name on hover and for screen readers. */
export function IconButton({ label, icon, onPress }: { label: string; icon: string; onPress: () => void }) {
  return (
    <vscode-toolbar-button label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </vscode-toolbar-button>
  );
}

/** Once, on the page's root. */
export function tameButtons(root: HTMLElement): void {
  const before = (event: KeyboardEvent) => {
    const isButton = event.target instanceof Element && event.target.localName === 'vscode-button';
    if (!isButton || (event.key !== ' ' && event.key !== 'Enter')) return;
    if (event.key === ' ') event.preventDefault();
    if (event.repeat) event.stopPropagation();
  };
  root.addEventListener('keydown', before, { capture: true });
}
