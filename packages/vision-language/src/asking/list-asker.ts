import { readBoxes } from "@followspot/dataset";
import { UNKNOWN_LABEL } from "@followspot/domain";
import type { Engine } from "../engine/engine.ts";
import type { FamilyProfile } from "../family.ts";
import { boxFromModel } from "../pictures/model-box.ts";
import { chatPrompt, PICTURE } from "../prompt/chat.ts";
import { QUESTIONS } from "../prompt/questions.ts";
import type { Asked, Asker, Said, Told } from "./asker.ts";
import { namedIn } from "./named.ts";

export interface EngineAskerOptions {
  readonly engine: Engine;
  readonly profile: FamilyProfile;
  readonly adapter: string | undefined;
}

const TOKENS_OF_BRACKETS = 16;
const TOKENS_PER_NAME = 12;
const TOKENS_PER_BOX = 40;
const MOST_TOKENS = 1_024;
/** The probabilities of the words that were written are all that is looked at. */
const LOGPROBS = 1;

/** One question, one JSON list: the quickest way on a stock server, and one that ranks nobody whom it does not name. */
export class ListAsker implements Asker {
  readonly #options: EngineAskerOptions;

  constructor(options: EngineAskerOptions) {
    this.#options = options;
  }

  async ask({ picture, labels, prompt, boxes, signal, deadlineMs }: Asked): Promise<Told> {
    const { engine, profile, adapter } = this.#options;
    const names = [...labels, UNKNOWN_LABEL];
    const maxTokens = Math.min(
      MOST_TOKENS,
      TOKENS_OF_BRACKETS + names.length * (boxes ? TOKENS_PER_BOX : TOKENS_PER_NAME),
    );
    const question = boxes ? QUESTIONS.boxes : QUESTIONS.list;
    const answer = await engine.ask(
      {
        prompt: chatPrompt(prompt.text, [PICTURE, { text: question }]),
        pictures: [picture.jpeg],
        sampling: {
          maxTokens,
          logprobs: LOGPROBS,
          constraint: { json: boxes ? boxListSchema(names) : listSchema(names) },
          adapter,
        },
        promptVersion: prompt.version,
      },
      { signal, deadlineMs },
    );
    const { names: ranked, rawOf, reading } = namedIn(answer, labels);
    const written = new Map(readBoxes(answer.text)?.boxes.map(({ name, corners }) => [name, corners]));
    const said = labels.map((label): Said => {
      const corners = written.get(label);
      return { label, raw: rawOf(label), box: corners && boxFromModel(corners, profile, picture) };
    });
    return { labels: said, unknown: { raw: rawOf(UNKNOWN_LABEL) }, reading, ranked, modelMs: undefined };
  }
}

/** A list of these names and nothing else. */
export function listSchema(names: readonly string[]): object {
  return { type: "array", items: { enum: names } };
}

function boxListSchema(names: readonly string[]): object {
  const corners = { type: "array", items: { type: "integer" }, minItems: 4, maxItems: 4 };
  return {
    type: "array",
    items: {
      type: "object",
      properties: { bbox_2d: corners, label: { enum: names } },
      required: ["bbox_2d", "label"],
      additionalProperties: false,
    },
  };
}
