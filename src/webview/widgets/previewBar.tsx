/**
 * The one bar over all previews: how wide, how large and in which colours the pages are drawn, whether their scripts run, and, when two are
 * compared, which and how.
 */
import { LANE_LABEL } from '../../shared/comparison.ts';
import { SIDE_LABEL } from '../preview/board.ts';
import {
  type BoardSettings,
  COMPARE_MODES,
  clampWidth,
  LEAST_WIDTH_PX,
  MOST_WIDTH_PX,
  type PairId,
  sidesOf,
  WIDTHS,
} from '../preview/boardSettings.ts';
import { MODE_LABEL } from '../preview/stage.tsx';
import { Button, Icon, IconButton, Segmented, Select } from './controls.tsx';

export interface PreviewBarProps {
  readonly settings: BoardSettings;
  readonly comparing: boolean;
  /** There is a design that can be drawn. */
  readonly hasDesign: boolean;
  /** The person pressed the switch and is asked first. */
  readonly askingScripts: boolean;
  readonly onSettings: (change: Partial<BoardSettings>) => void;
  readonly onScripts: (on: boolean) => void;
  readonly onReload: () => void;
}

const WIDTH_OPTIONS = [
  ...Object.entries(WIDTHS).map(([label, px]) => ({ value: String(px), label, title: `${px} px wide` })),
  { value: 'fit', label: 'Fit', title: 'As wide as there is room' },
] as const;

const ZOOM_OPTIONS = [
  { value: 'fit', label: 'Zoom to fit' },
  { value: '50', label: '50 %' },
  { value: '75', label: '75 %' },
  { value: '100', label: '100 %' },
] as const;

const SCHEME_OPTIONS = [
  { value: 'vscode', label: 'VS Code theme' },
  { value: 'light', label: 'Light theme' },
  { value: 'dark', label: 'Dark theme' },
] as const;

const PAIR_LABEL: Readonly<Record<PairId, string>> = {
  'fast-reasoning': `${LANE_LABEL.fast} and ${LANE_LABEL.reasoning}`,
  'design-fast': `Design and ${LANE_LABEL.fast}`,
  'design-reasoning': `Design and ${LANE_LABEL.reasoning}`,
};
const LANE_PAIRS: readonly PairId[] = ['fast-reasoning'];
const ALL_PAIRS: readonly PairId[] = ['fast-reasoning', 'design-fast', 'design-reasoning'];

export function PreviewBar(props: PreviewBarProps) {
  const { settings, comparing, hasDesign, onSettings, onScripts, onReload } = props;
  const pairs = hasDesign ? ALL_PAIRS : LANE_PAIRS;
  const [under, over] = sidesOf(settings.pair);
  return (
    <div class="preview-bars">
      {comparing ? (
        <div class="preview-bar" role="toolbar" aria-label="Comparison">
          <Select
            label="What is compared"
            options={pairs.map((value) => ({ value, label: PAIR_LABEL[value] }))}
            value={settings.pair}
            onChoose={(pair) => onSettings({ pair })}
          />
          <Segmented
            label="How they are compared"
            options={COMPARE_MODES.map((value) => ({ value, label: MODE_LABEL[value], title: MODE_TITLE[value] }))}
            value={settings.mode}
            onChoose={(mode) => onSettings({ mode })}
          />
          {settings.mode === 'onion' ? (
            <span class="bar-field">
              {SIDE_LABEL[under]}
              <input
                type="range"
                aria-label={`Opacity of ${SIDE_LABEL[over]}`}
                min="0"
                max="100"
                value={Math.round(settings.opacity * 100)}
                aria-valuetext={`${Math.round(settings.opacity * 100)} %`}
                onInput={({ currentTarget }) => onSettings({ opacity: currentTarget.valueAsNumber / 100 })}
              />
              {SIDE_LABEL[over]}
            </span>
          ) : null}
        </div>
      ) : null}
      <div class="preview-bar" role="toolbar" aria-label="Preview">
        <Segmented
          label="Width of the pages"
          options={WIDTH_OPTIONS}
          value={String(settings.width)}
          onChoose={(value) => onSettings({ width: value === 'fit' ? 'fit' : Number(value) })}
        />
        <WidthField width={settings.width} onWidth={(width) => onSettings({ width })} />
        <Select label="Zoom" options={ZOOM_OPTIONS} value={settings.zoom} onChoose={(zoom) => onSettings({ zoom })} />
        <Select
          label="Colour scheme of the pages"
          options={SCHEME_OPTIONS}
          value={settings.scheme}
          onChoose={(scheme) => onSettings({ scheme })}
        />
        <button
          type="button"
          class="switch"
          role="switch"
          aria-checked={settings.scripts}
          title={settings.scripts ? "The models' scripts run. Turn them off." : "Run the models' scripts"}
          onClick={() => onScripts(!settings.scripts)}
        >
          <span class="switch-track" aria-hidden="true" />
          {settings.scripts ? 'Scripts on' : 'Scripts off'}
        </button>
        <div class="bar-end">
          {hasDesign && !comparing ? (
            <button
              type="button"
              class="toggle"
              aria-pressed={settings.design}
              title="Show the design beside the answers"
              onClick={() => onSettings({ design: !settings.design })}
            >
              <Icon name="layout" /> Design
            </button>
          ) : null}
          <IconButton label="Load the previews again" icon="refresh" onPress={onReload} />
        </div>
      </div>
      {props.askingScripts ? <AskScripts onAnswer={onScripts} /> : null}
    </div>
  );
}

const MODE_TITLE: Readonly<Record<BoardSettings['mode'], string>> = {
  side: 'Both pages, scrolled together by share of their height',
  swipe: 'One picture over the other, parted by a line',
  onion: 'One picture through the other',
  blink: 'One picture after the other',
  pixels: 'Where the pixels differ',
};

/** Any width, typed; it counts when the field is left or Enter is pressed. */
function WidthField({ width, onWidth }: { width: BoardSettings['width']; onWidth: (px: number) => void }) {
  return (
    <label class="bar-field">
      <input
        type="number"
        aria-label="Width of the pages in pixels"
        title="Width of the pages in pixels"
        min={LEAST_WIDTH_PX}
        max={MOST_WIDTH_PX}
        placeholder="–"
        value={width === 'fit' ? '' : width}
        onChange={({ currentTarget }) => {
          if (currentTarget.value === '') return;
          const px = clampWidth(currentTarget.valueAsNumber);
          currentTarget.value = String(px);
          onWidth(px);
        }}
      />
      <span class="unit">px</span>
    </label>
  );
}

function AskScripts({ onAnswer }: { onAnswer: (on: boolean) => void }) {
  return (
    <p class="preview-ask" role="alert">
      <Icon name="info" />
      <span>
        The models' scripts will run in a closed frame, without access to VS Code or your files and with their requests blocked. A
        script can still make this computer connect to a server that it names, without sending anything of yours, and keep this
        panel busy; the switch ends it.
      </span>
      <Button label="Run scripts" primary onPress={() => onAnswer(true)} />
      <Button label="Keep off" onPress={() => onAnswer(false)} />
    </p>
  );
}
