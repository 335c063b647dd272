import { InferenceError } from "@followspot/triton";

/** Holds an answer to a form. `choice`: one of these texts; `json`: JSON of this schema. */
export type AnswerForm = { readonly choice: readonly string[] } | { readonly json: object };

/** Words, or a picture as JPEG. */
export type UserPart = { readonly text: string } | { readonly jpeg: Uint8Array };

export interface ChatQuestion {
  readonly system: string;
  readonly user: readonly UserPart[];
  readonly maxTokens: number;
  /** 0, the most probable answer, where left out. */
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  /** How many alternatives of each token are told. */
  readonly logprobs?: number | undefined;
  readonly form?: AnswerForm | undefined;
}

/** More is no question that this system asks. */
const MOST_CHARACTERS = 400_000;
const MOST_PICTURES = 64;

/** The body of a chat completion. @throws InferenceError rejected */
export function chatRequest(model: string, question: ChatQuestion): object {
  const { system, user, maxTokens, temperature = 0, seed, stop, logprobs, form } = question;
  const characters = user.reduce((sum, part) => sum + ("text" in part ? part.text.length : 0), system.length);
  if (characters > MOST_CHARACTERS) {
    throw new InferenceError(
      "rejected",
      `the question has ${characters} characters, more than ${MOST_CHARACTERS}`,
    );
  }
  const pictures = user.filter((part) => "jpeg" in part).length;
  if (pictures > MOST_PICTURES) {
    throw new InferenceError("rejected", `${pictures} pictures are more than ${MOST_PICTURES}`);
  }
  return {
    model,
    messages: [
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      { role: "user", content: contentOf(user) },
    ],
    max_tokens: maxTokens,
    temperature,
    stream: false,
    ...(seed !== undefined && { seed }),
    ...(stop && { stop }),
    ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
    ...(form && formOf(form)),
  };
}

/** A text alone goes as one: not every server takes parts. */
function contentOf(user: readonly UserPart[]): string | readonly object[] {
  if (user.every((part) => "text" in part)) return user.map(({ text }) => text).join("");
  return user.map((part) => {
    if ("text" in part) return { type: "text", text: part.text };
    const { buffer, byteOffset, byteLength } = part.jpeg;
    const base64 = Buffer.from(buffer, byteOffset, byteLength).toString("base64");
    return { type: "image_url", image_url: { url: `data:image/jpeg;base64,${base64}` } };
  });
}

/** The API knows schemas; a bare text is held to by llama.cpp's own `grammar` (grammars/README.md there). */
function formOf(form: AnswerForm): object {
  if ("json" in form) {
    return {
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: form.json },
      },
    };
  }
  return { grammar: `root ::= ${form.choice.map((text) => JSON.stringify(text)).join(" | ")}` };
}
