export type { ChatAnswer } from "./chat-answer.ts";
export type { AnswerForm, ChatQuestion, UserPart } from "./chat-request.ts";
export { isOpenAiAddress, type OpenAiAddress, parseOpenAiAddress } from "./openai-address.ts";
export { OpenAiEngine } from "./openai-engine.ts";
export {
  type ListedModel,
  OpenAiServer,
  type OpenAiServerOptions,
  type TextQuestion,
} from "./openai-server.ts";
