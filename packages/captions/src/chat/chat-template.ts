import { chatPrompt, PICTURE } from "@followspot/vision-language";

/** What is said to a model, before it answers. */
export interface Chat {
  /** The same for every question: the server computes it once. */
  readonly system: string;
  readonly user: string;
  /** Whether a picture comes with the question; it stands before the words. */
  readonly picture?: boolean;
}

/** Formats of the model families whose texts a server without a chat template wants finished. */
export const CHAT_TEMPLATES = ["chatml", "llama-3", "yi-1.5", "glm-4"] as const;
export type ChatTemplate = (typeof CHAT_TEMPLATES)[number];

interface Format {
  readonly render: (chat: Chat) => string;
  /** What the model writes at the end of its answer, should the server let it through. */
  readonly ends: readonly string[];
}

const FORMATS: Readonly<Record<ChatTemplate, Format>> = {
  // Qwen1.5, Qwen2 and Qwen2-VL.
  chatml: {
    render: ({ system, user, picture = false }) =>
      chatPrompt(system, [...(picture ? [PICTURE] : []), { text: user }]),
    ends: ["<|im_end|>", "<|endoftext|>"],
  },
  // https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3 without <|begin_of_text|>: the tokenizer puts
  // it there, and twice is once too often.
  "llama-3": {
    render: ({ system, user }) =>
      `<|start_header_id|>system<|end_header_id|>\n\n${system}<|eot_id|>` +
      `<|start_header_id|>user<|end_header_id|>\n\n${user}<|eot_id|>` +
      "<|start_header_id|>assistant<|end_header_id|>\n\n",
    ends: ["<|eot_id|>", "<|end_of_text|>"],
  },
  // ChatML but for the system text, which stands bare in front.
  "yi-1.5": {
    render: ({ system, user }) => `${system}<|im_start|>user\n${user}<|im_end|>\n<|im_start|>assistant\n`,
    ends: ["<|im_end|>"],
  },
  // The chat_template of THUDM/glm-4-9b-chat, without [gMASK]<sop>, which its tokenizer puts there.
  "glm-4": {
    render: ({ system, user }) => `<|system|>\n${system}<|user|>\n${user}<|assistant|>\n`,
    ends: ["<|user|>", "<|endoftext|>", "<|observation|>"],
  },
};

/** @throws Error where a picture is to be shown in a format that has no place for one */
export function renderChat(template: ChatTemplate, chat: Chat): string {
  if (chat.picture && template !== "chatml") throw new Error(`${template} has no place for a picture`);
  return FORMATS[template].render(chat);
}

/** What ends an answer. */
export function stopsOf(template: ChatTemplate): readonly string[] {
  return FORMATS[template].ends;
}

/** The answer without the marks that end it. */
export function withoutEnd(template: ChatTemplate, answer: string): string {
  const at = FORMATS[template].ends.map((end) => answer.indexOf(end)).filter((index) => index >= 0);
  return answer.slice(0, at.length > 0 ? Math.min(...at) : undefined).trim();
}

/** The template of a model by its name; ChatML where the name says nothing. */
export function templateOf(modelName: string): ChatTemplate {
  if (/llama[-_ ]?3/i.test(modelName)) return "llama-3";
  if (/\byi[-_ ]?1/i.test(modelName.replaceAll("_", " "))) return "yi-1.5";
  return /glm[-_ ]?4/i.test(modelName) ? "glm-4" : "chatml";
}
