/** The web components the panel uses, as the widget library sees them. */
import 'preact';
import type { VscodeBadge } from '@vscode-elements/elements/dist/vscode-badge/index.js';
import type { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/index.js';
import type { VscodeToolbarButton } from '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { HTMLAttributes } from 'preact';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-badge': HTMLAttributes<VscodeBadge>;
      'vscode-button': HTMLAttributes<VscodeButton> & { secondary?: boolean };
      'vscode-toolbar-button': HTMLAttributes<VscodeToolbarButton> & { label?: string };
    }
  }
}
