/** Names under which the manifest and VS Code know what is registered at activation and made later. */

/** The panel of a comparison. */
export const PANEL_TYPE = 'secondThought.comparison';

export const HISTORY_VIEW = 'secondThought.history';
export const SPENDING_VIEW = 'secondThought.spending';

/** Documents that are read only, see `answerFiles.ts`. */
export const ANSWER_SCHEME = 'second-thought';
/** Documents that are edited, see `resultFiles.ts`. */
export const RESULT_SCHEME = 'second-thought-result';
