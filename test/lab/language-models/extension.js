/**
 * Models that answer from this file, offered to all extensions as an installed provider offers its own. What they were sent is written to
 * the file that REHEARSED_LOG names, one JSON object a line.
 */
const { appendFileSync } = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');
const vscode = require('vscode');

const PAGE = (name) =>
  `Here it is.\n\n### card.html\n\n\`\`\`html\n<!doctype html>\n<title>${name}</title>\n<p>${name}</p>\n\`\`\`\n`;

/** Each answers in its own way: words to say, one by one, or an error to end with. */
const MODELS = {
  'quick/v1': { name: 'Rehearsed Quick', imageInput: true, words: PAGE('quick') },
  thoughtful: { name: 'Rehearsed Thoughtful', imageInput: false, thinking: 'Let me see. Twice. ', words: PAGE('thoughtful') },
  slow: { name: 'Rehearsed Slow', imageInput: false, words: 'word '.repeat(2000) },
  spent: {
    name: 'Rehearsed Spent',
    imageInput: false,
    error: () => vscode.LanguageModelError.Blocked('the monthly allowance is used up'),
  },
};

/** @param {import('vscode').ExtensionContext} context */
exports.activate = (context) => {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('rehearsed', {
      provideLanguageModelChatInformation: () =>
        Object.entries(MODELS).map(([id, { name, imageInput }]) => ({
          id,
          name,
          family: 'rehearsed',
          version: '1',
          maxInputTokens: 128_000,
          maxOutputTokens: 8_000,
          capabilities: { imageInput, toolCalling: false },
        })),
      provideLanguageModelChatResponse: async (model, messages, options, progress, token) => {
        log({ model: model.id, messages: messages.map(plain), modelOptions: options.modelOptions });
        const { thinking = '', words = '', error } = MODELS[model.id];
        if (error) throw error();
        // Not in the stable types yet; VS Code passes it on.
        for (const word of thinking.split(/(?<=\s)/)) progress.report(new vscode.LanguageModelThinkingPart(word));
        for (const word of words.split(/(?<=\s)/)) {
          if (token.isCancellationRequested) return log({ model: model.id, cancelled: true });
          progress.report(new vscode.LanguageModelTextPart(word));
          // Slower than VS Code bundles parts, so that each arrives by itself.
          await delay(40);
        }
      },
      provideTokenCount: async (_model, text) => Math.ceil((typeof text === 'string' ? text : words(text)).length / 4),
    }),
  );
};

const words = (message) =>
  message.content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');

const plain = ({ role, content }) => ({
  role,
  parts: content.map((part) =>
    part instanceof vscode.LanguageModelTextPart
      ? { text: part.value }
      : { mimeType: part.mimeType, bytes: part.data?.byteLength },
  ),
});

function log(entry) {
  if (process.env.REHEARSED_LOG) appendFileSync(process.env.REHEARSED_LOG, `${JSON.stringify(entry)}\n`);
}
