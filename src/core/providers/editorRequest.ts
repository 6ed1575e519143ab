/**
 * What VS Code's own language model API makes of a request: one user message, and no parameters at all. The call itself is made in the
 * shell (`vscodeModels.ts`), which alone knows VS Code.
 */
import type { ModelRequest } from '../../shared/model.ts';
import type { Adjustment } from '../../shared/sending.ts';
import type { RequestDescription } from '../contracts.ts';

/**
 * Pure. The API knows user and assistant messages only, takes no effort, budget or limit (`LanguageModelChatRequestOptions`), and
 * re-encodes pictures on their way to the model.
 */
export function describeEditorRequest(request: ModelRequest): RequestDescription {
  const { system, parts, effort, thinkingBudgetTokens, maxOutputTokens } = request;
  const adjustments: readonly (Adjustment | false)[] = [
    system !== '' && {
      asked: 'system words',
      sent: 'first in the user message',
      reason: 'VS Code passes no system message on',
    },
    effort !== undefined && { asked: `effort ${effort}`, reason: 'VS Code passes no effort on' },
    thinkingBudgetTokens !== undefined && {
      asked: `thinking budget ${thinkingBudgetTokens.toLocaleString('en-US')}`,
      reason: 'VS Code passes no budget on',
    },
    {
      asked: `at most ${maxOutputTokens.toLocaleString('en-US')} tokens out`,
      reason: 'VS Code passes no limit on; the answer is ended here when about that many came',
    },
    // Measured and read in VS Code 1.139: a part waits until 30 have come, or none has for 30 ms.
    {
      asked: 'each word as it comes',
      sent: 'words in bundles',
      reason: 'VS Code holds words back for up to 30 parts, so the first ones read late and short answers seem to come at once',
    },
    parts.some((part) => part.type === 'image') && {
      asked: 'pictures',
      sent: 'pictures as VS Code encodes them',
      reason: 'VS Code may scale a picture before the model sees it',
    },
  ];
  return { parameters: {}, adjustments: adjustments.filter((adjustment) => adjustment !== false) };
}
