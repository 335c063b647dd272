import { CHAT_TEMPLATE } from "./chat.ts";
import { NO, QUESTIONS, YES } from "./questions.ts";

/** What Python reads of all this: deploy/triton/python/followspot_scores/questions.json, word for word. */
export function questionsFile(): string {
  return `${JSON.stringify({ version: 1, chat: CHAT_TEMPLATE, questions: QUESTIONS, yes: YES, no: NO }, undefined, 2)}\n`;
}
