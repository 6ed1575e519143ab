/** Sucrase's own parser, whose types it ships in another folder than its code. */
declare module 'sucrase/dist/parser/index.js' {
  export function parse(
    input: string,
    isJsxEnabled: boolean,
    isTypeScriptEnabled: boolean,
    isFlowEnabled: boolean,
  ): { readonly tokens: readonly { readonly type: number; readonly start: number; readonly end: number }[] };
}
declare module 'sucrase/dist/parser/tokenizer/types.js' {
  export const TokenType: Readonly<Record<'string' | 'parenL' | 'parenR' | 'dot', number>>;
}
