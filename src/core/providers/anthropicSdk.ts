/** The Anthropic client, in a file of its own so that it becomes a bundle of its own, loaded at the first call. */
export { Anthropic } from '@anthropic-ai/sdk';
