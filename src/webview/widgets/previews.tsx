/**
 * What stands in place of the code when the answers are drawn: one bar, a pane for each lane in the lane's column, the design beside them,
 * and, when two are laid over each other, the stage.
 */
import type { ComparisonState, LaneId } from '../../shared/comparison.ts';
import type { Preview, PreviewSide } from '../../shared/preview.ts';
import type { PanelContext } from '../../shared/protocol.ts';
import { type PreviewBoard, SIDE_LABEL } from '../preview/board.ts';
import { type BoardSettings, sidesOf } from '../preview/boardSettings.ts';
import { Stage } from '../preview/stage.tsx';
import { PreviewBar } from './previewBar.tsx';
import { PreviewPane } from './previewPane.tsx';

export interface PreviewsProps {
  readonly state: ComparisonState;
  readonly context: PanelContext;
  readonly board: PreviewBoard;
  readonly previews: Partial<Record<PreviewSide, Preview>>;
  readonly settings: BoardSettings;
  readonly comparing: boolean;
  readonly askingScripts: boolean;
  readonly onSettings: (change: Partial<BoardSettings>) => void;
  readonly onScripts: (on: boolean) => void;
  /** Tells a screen reader. */
  readonly onSaid: (words: string) => void;
}

export function Previews(props: PreviewsProps) {
  const { state, context, board, previews, settings, comparing, onSettings } = props;
  const seen = seenSides(props);
  const isStaged = comparing && settings.mode !== 'side';
  const isDesignThere = hasDesign(previews);
  const sides: readonly PreviewSide[] = [
    'fast',
    'reasoning',
    ...(isDesignThere ? (['design'] as const) : []),
    ...(previews.result ? (['result'] as const) : []),
  ];
  return (
    <div class={isStaged ? 'previews staged' : 'previews'}>
      <PreviewBar
        settings={settings}
        comparing={comparing}
        hasDesign={isDesignThere && (comparing || !previews.result)}
        askingScripts={props.askingScripts}
        onSettings={onSettings}
        onScripts={props.onScripts}
        onReload={() => board.reload()}
      />
      {/* Behind the stage the pages stay laid out, out of reach of the Tab key. */}
      <div class="panes" data-seen={seen.length} inert={isStaged}>
        {sides.map((side) => (
          <PreviewPane
            key={side}
            side={side}
            order={orderOf(side, context.laneOrder, comparing)}
            hidden={!seen.includes(side)}
            board={board}
            preview={previews[side]}
            run={isLane(side) ? state.runs[side] : undefined}
            findings={isLane(side) ? (context.findings?.[side] ?? []) : []}
            onRunScripts={() => props.onScripts(true)}
          />
        ))}
      </div>
      {isStaged ? (
        <Stage state={board.layers.state} settings={settings} names={SIDE_LABEL} onSettings={onSettings} onSaid={props.onSaid} />
      ) : null}
    </div>
  );
}

export const hasDesign = ({ design }: PreviewsProps['previews']): boolean => design !== undefined && design.kind !== 'none';

/** What has a pane in sight, or behind the stage. */
function seenSides({ previews, settings, comparing }: Pick<PreviewsProps, 'previews' | 'settings' | 'comparing'>): PreviewSide[] {
  if (comparing) return [...sidesOf(hasDesign(previews) ? settings.pair : 'fast-reasoning')];
  if (previews.result) return ['fast', 'reasoning', 'result'];
  return settings.design && hasDesign(previews) ? ['fast', 'reasoning', 'design'] : ['fast', 'reasoning'];
}

const isLane = (side: PreviewSide): side is LaneId => side === 'fast' || side === 'reasoning';

/** The design stands left of what is compared with it, and right of both lanes, as a result does. */
const orderOf = (side: PreviewSide, laneOrder: readonly LaneId[], comparing: boolean): number =>
  isLane(side) ? laneOrder.indexOf(side) : comparing ? -1 : 2;
