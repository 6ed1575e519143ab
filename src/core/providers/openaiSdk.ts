/** The OpenAI client, in a file of its own so that it becomes a bundle of its own, loaded at the first call. */
export { OpenAI } from 'openai';
