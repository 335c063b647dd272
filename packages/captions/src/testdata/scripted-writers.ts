import { ScriptedTriton, type ScriptedModelOptions } from "@followspot/testkit/scripted-triton";
import type { TestContext } from "node:test";

export interface Told {
  /** The prompt's own words after the instructions. */
  readonly question: string;
  readonly system: string;
  readonly picture: boolean;
  /** Counts from 1, without the questions by which a client finds out how a server takes them. */
  readonly number: number;
}

type Says = (told: Told) => string;

export const SAYS_LOOK: Says = () => JSON.stringify({ caption: "A puppet of felt faces the camera in the garden." });
export const SAYS_TIDIED: Says = ({ question }) => {
  const [, framed] = /marked in the photograph: ([^.]*)\./.exec(question) ?? [];
  return JSON.stringify({
    who: framed?.split(", ") ?? ["unknown"],
    identity: "a puppet of felt",
    state: "facing the camera",
    place: "in the garden",
  });
};

/** A server with a model that looks and one that tidies; what they say is the test's. */
export async function scriptedWriters(
  context: Pick<TestContext, "after">,
  { look = SAYS_LOOK, tidy = SAYS_TIDIED }: { readonly look?: Says; readonly tidy?: Says } = {},
) {
  const says = { look, tidy };
  const heard: Record<"look" | "tidy", Told[]> = { look: [], tidy: [] };
  const model = (name: string, which: "look" | "tidy"): ScriptedModelOptions => ({
    name,
    contract: "vllm",
    texts: ({ prompt, image }) => {
      if (prompt.includes("Answer yes or no.")) return ["yes"];
      const [, system = "", question = ""] =
        /^<\|im_start\|>system\n(.*?)<\|im_end\|>\n<\|im_start\|>user\n(.*)<\|im_end\|>\n<\|im_start\|>assistant\n$/s.exec(
          prompt,
        ) ?? [];
      const told = { system, question, picture: image.length > 0, number: heard[which].length + 1 };
      heard[which].push(told);
      const text = says[which](told);
      // In two parts, as a server may.
      return [text.slice(0, 7), text.slice(7)];
    },
  });
  const triton = await ScriptedTriton.start({ models: [model("qwen2_vl", "look"), model("qwen2_text", "tidy")] });
  context.after(() => triton.close());
  return { triton, heard, says };
}
