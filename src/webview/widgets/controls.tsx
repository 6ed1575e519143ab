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

export interface ChoiceProps<T extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly title?: string }[];
  /** Undefined: none of them. */
  readonly value: T | undefined;
  readonly onChoose: (value: T) => void;
}

/** A choice of few, all in sight. As with every radio group, one stop of the Tab key; arrows choose. */
export function Segmented<T extends string>({ label, options, value, onChoose }: ChoiceProps<T>) {
  const chosen = options.findIndex((option) => option.value === value);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    const children: readonly (Element | null)[] = [...event.currentTarget.children];
    // From where the focus is: of two quick presses the second comes before the first is drawn.
    const next = (children.indexOf(document.activeElement) + step + options.length) % options.length;
    const button = children[next];
    if (button instanceof HTMLElement) button.focus();
    if (options[next]) onChoose(options[next].value);
  };
  return (
    <div class="segmented" role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useSemanticElements: inputs cannot look like a segmented control in forced colours.
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={index === chosen}
          tabIndex={index === Math.max(0, chosen) ? 0 : -1}
          {...(option.title ? { title: option.title } : {})}
          onClick={() => onChoose(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** A choice of few, one in sight. */
export function Select<T extends string>({ label, options, value, onChoose }: ChoiceProps<T>) {
  return (
    <select
      aria-label={label}
      title={label}
      value={value}
      onChange={({ currentTarget }) => {
        const option = options.find((each) => each.value === currentTarget.value);
        if (option) onChoose(option.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
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
