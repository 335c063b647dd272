import { type CallOptions, InferenceError } from "@followspot/triton";
import type { ChatAnswer } from "./chat-answer.ts";
import type { AnswerForm, UserPart } from "./chat-request.ts";
import type { OpenAiServer } from "./openai-server.ts";

/** One finished prompt in Qwen's chat format, its pictures, and how to answer: what a `vllm` model is asked, too. */
export interface EngineQuestion {
  readonly prompt: string;
  /** JPEGs, one for each placeholder in the prompt, in the same order. */
  readonly pictures: readonly Uint8Array[];
  readonly sampling: {
    readonly maxTokens: number;
    readonly temperature?: number;
    readonly seed?: number;
    readonly stop?: readonly string[];
    readonly logprobs?: number;
    readonly constraint?: AnswerForm | undefined;
    readonly adapter?: string | undefined;
  };
  readonly promptVersion?: string | undefined;
}

const CHAT =
  /^<\|im_start\|>system\n([^]*?)<\|im_end\|>\n<\|im_start\|>user\n([^]*?)<\|im_end\|>\n<\|im_start\|>assistant\n$/;
const PICTURE = "<|vision_start|><|image_pad|><|vision_end|>";

/**
 * Lets a model behind OpenAI's API be asked as one on Triton's vLLM backend is: the prompt is taken apart again, since
 * such a server applies the chat template itself.
 */
export class OpenAiEngine {
  readonly model: string;
  /** The API has a place for them; a server that leaves them out is noticed where the answer is read. */
  readonly tellsProbabilities = true;
  readonly #server: OpenAiServer;

  /** Of a server that has been probed. The server stays the caller's. */
  constructor(server: OpenAiServer, model: string) {
    this.#server = server;
    this.model = model;
  }

  /** @throws InferenceError where the server is not there, or has not the model */
  static async open(server: OpenAiServer, signal: AbortSignal): Promise<OpenAiEngine> {
    const { name } = await server.probe({ signal });
    return new OpenAiEngine(server, name);
  }

  /** @throws InferenceError */
  async ask({ prompt, pictures, sampling }: EngineQuestion, call: CallOptions): Promise<ChatAnswer> {
    const { constraint, adapter, ...rest } = sampling;
    if (adapter !== undefined) {
      throw new InferenceError(
        "rejected",
        `the adapter "${adapter}" cannot be asked for here: start the server with it (--lora)`,
      );
    }
    return await this.#server.ask({ ...rest, ...conversationOf(prompt, pictures), form: constraint }, call);
  }
}

/** @throws InferenceError rejected for a prompt of another form */
export function conversationOf(
  prompt: string,
  pictures: readonly Uint8Array[],
): { readonly system: string; readonly user: readonly UserPart[] } {
  const [, system, user] = CHAT.exec(prompt) ?? [];
  if (system === undefined || user === undefined) {
    throw new InferenceError(
      "rejected",
      "the prompt is no conversation in Qwen's format with one system text and one question",
    );
  }
  const texts = user.split(PICTURE);
  if (texts.length - 1 !== pictures.length) {
    throw new InferenceError(
      "rejected",
      `the prompt has places for ${texts.length - 1} pictures, and ${pictures.length} are sent`,
    );
  }
  const parts = texts.flatMap((text, at): UserPart[] => {
    const jpeg = pictures[at];
    return [...(text === "" ? [] : [{ text }]), ...(jpeg ? [{ jpeg }] : [])];
  });
  return { system, user: parts };
}
