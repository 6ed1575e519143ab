/**
 * The tokens of a run over `vscode.lm`, which reports none. The model's own tokenizer is asked while the answer comes: a count asked for
 * after the end would be timed as part of the answer. What is not counted by then, and what the model does not count, is estimated here.
 */
import type * as vscode from 'vscode';
import { countTokens } from '../core/money/tokens.ts';
import type { ModelRequest, StreamEvent, Usage } from '../shared/model.ts';

/** Text is counted in pieces of at least this many characters. */
const PIECE_LENGTH = 600;

/** Words of an answer or of its thinking. */
export type Said = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/** Starts counting; it ends with the token. The figures are estimates whoever counts: nobody knows what the model thought unseen. */
export function createUsage(
  model: vscode.LanguageModelChat,
  message: vscode.LanguageModelChatMessage,
  request: ModelRequest,
  token: vscode.CancellationToken,
): { add(said: Said): void; outputTokens(): number; read(): Usage } {
  const count = async (what: string | vscode.LanguageModelChatMessage): Promise<number | undefined> => {
    try {
      const tokens = await model.countTokens(what, token);
      // VS Code answers 0 when nobody counts.
      return Number.isFinite(tokens) && tokens > 0 ? Math.ceil(tokens) : undefined;
    } catch {
      return undefined;
    }
  };
  let inputTokens = request.parts.every((part) => part.type === 'text')
    ? countTokens([request.system, ...request.parts.map((part) => (part.type === 'text' ? part.text : ''))].join('\n')).likely
    : undefined;
  void count(message).then((tokens) => {
    inputTokens = tokens ?? inputTokens;
  });
  const text = createTally(count);
  const thinking = createTally(count);
  const outputTokens = (): number => text.tokens() + thinking.tokens();
  return {
    add: (said) => (said.type === 'text-delta' ? text : thinking).add(said.text),
    outputTokens,
    read: () => {
      const reasoningTokens = thinking.tokens();
      const tokens = outputTokens();
      return {
        ...(inputTokens === undefined ? {} : { inputTokens }),
        // Nothing came: what was generated unseen is not known.
        ...(tokens === 0 ? {} : { outputTokens: tokens }),
        ...(reasoningTokens === 0 ? {} : { reasoningTokens }),
        basis: 'estimated',
      };
    },
  };
}

/** The tokens of a growing text, counted a piece at a time; the rest in the measure that the pieces have shown. */
function createTally(count: (text: string) => Promise<number | undefined>): { add(text: string): void; tokens(): number } {
  const done = { tokens: 0, ours: 0 };
  let inFlight = 0;
  let rest = '';
  return {
    add: (text) => {
      rest += text;
      if (inFlight > 0 || rest.length < PIECE_LENGTH) return;
      const piece = rest;
      const ours = countTokens(piece).likely;
      inFlight = ours;
      rest = '';
      void count(piece).then((tokens) => {
        done.tokens += tokens ?? ours;
        done.ours += ours;
        inFlight = 0;
      });
    },
    tokens: () => {
      const measure = done.ours === 0 ? 1 : done.tokens / done.ours;
      return done.tokens + Math.ceil((inFlight + countTokens(rest).likely) * measure);
    },
  };
}
