import { z } from "zod";

/** One turn, whichever way it is written. */
export interface Turn {
  readonly by: "system" | "user" | "assistant";
  readonly text: string;
}

const MAX_TURNS = 200;
const words = z.string().max(100_000);
const Content = z.union([
  words,
  // OpenAI's own form: parts, of which only the text concerns us here.
  z.array(z.looseObject({ type: z.string(), text: words.optional(), image: z.string().optional() })).max(100),
]);
const paths = z.union([
  z.string().max(4_096),
  z.array(z.union([z.string().max(4_096), z.looseObject({ path: z.string().max(4_096) })])).max(64),
]);
const number = z.number().finite();

/** A record of LLaVA, ShareGPT, OpenAI messages or ms-swift: what they share is read alike. */
export const Record = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  image: paths.nullish(),
  images: paths.nullish(),
  conversations: z
    .array(z.looseObject({ from: words, value: words }))
    .max(MAX_TURNS)
    .nullish(),
  messages: z
    .array(z.looseObject({ role: words, content: Content }))
    .max(MAX_TURNS)
    .nullish(),
  query: words.nullish(),
  response: words.nullish(),
  label: z.unknown().optional(),
  objects: z
    .looseObject({
      ref: z.array(z.string().max(256)).max(256).nullish(),
      bbox: z.array(z.array(number).max(64)).max(256).nullish(),
      bbox_type: z.string().nullish(),
    })
    .nullish(),
  followspot: z.unknown().optional(),
});
export type Record = z.infer<typeof Record>;

const SPEAKERS: Readonly<{ [name: string]: Turn["by"] }> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
  system: "system",
};

export function turnsOf({ conversations, messages, query, response }: Record): Turn[] {
  const turns: { by: string; text: string }[] = [];
  for (const { from, value } of conversations ?? []) turns.push({ by: from, text: value });
  for (const { role, content } of messages ?? []) turns.push({ by: role, text: textOf(content) });
  if (query) turns.push({ by: "user", text: query });
  if (response) turns.push({ by: "assistant", text: response });
  return turns.flatMap(({ by, text }) => {
    const speaker = SPEAKERS[by];
    return speaker ? [{ by: speaker, text }] : [];
  });
}

/** The pictures of a record, as it names them. */
export function picturesOf({ image, images, messages }: Record): readonly string[] {
  const named = image ?? images;
  if (typeof named === "string") return [named];
  if (named) return named.map((one) => (typeof one === "string" ? one : one.path));
  return (messages ?? []).flatMap(({ content }) =>
    typeof content === "string" ? [] : content.flatMap((part) => (part.image ? [part.image] : [])),
  );
}

function textOf(content: z.infer<typeof Content>): string {
  if (typeof content === "string") return content;
  return content.map(({ text = "" }) => text).join("\n");
}
