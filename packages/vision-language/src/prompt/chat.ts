/** Qwen's marks. The vLLM backend applies no chat template, so the finished conversation is sent. */
const VISION = "<|vision_start|><|image_pad|><|vision_end|>";

/** A picture in the user's turn, or words. Pictures are sent beside the prompt, in the same order. */
export type ChatPart = { readonly picture: true } | { readonly text: string };

export const PICTURE: ChatPart = { picture: true };

/**
 * One question in Qwen's chat format, up to where the answer begins. What people wrote must have gone through
 * `plainText` before.
 */
export function chatPrompt(system: string, user: readonly ChatPart[]): string {
  const parts = user.map((part) => ("picture" in part ? VISION : part.text)).join("");
  return `<|im_start|>system\n${system}<|im_end|>\n<|im_start|>user\n${parts}<|im_end|>\n<|im_start|>assistant\n`;
}

/** The same with words to be filled in, for who builds it elsewhere. */
export const CHAT_TEMPLATE = chatPrompt("{system}", [PICTURE, { text: "{question}" }]);
