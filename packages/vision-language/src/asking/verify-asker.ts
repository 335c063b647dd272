import { InferenceError, type ScoresAnswer } from "@followspot/triton";
import { boxOfOriginal } from "../pictures/model-box.ts";
import type { ReferencePicture } from "../pictures/reference-pictures.ts";
import { type ChatPart, chatPrompt, PICTURE } from "../prompt/chat.ts";
import { verifyQuestion } from "../prompt/questions.ts";
import type { Asked, Asker, Said, Told } from "./asker.ts";
import { type EngineAskerOptions, listSchema } from "./list-asker.ts";
import { logOdds, namedIn } from "./named.ts";
import { candidatesOf, type Proposal, type Proposer } from "./propose.ts";

const MOST_TOKENS = 64;
const LOGPROBS = 1;

/**
 * The understudy proposes whom to look for, the model compares. Of those whom nobody proposed, the understudy was sure
 * either way: they keep its word.
 */
export class VerifyAsker implements Asker {
  readonly version: string | undefined;
  readonly #proposer: Proposer;
  readonly #compare: (question: Asked, candidates: readonly string[]) => Promise<Told>;

  constructor(
    proposer: Proposer,
    compare: (question: Asked, candidates: readonly string[]) => Promise<Told>,
    version?: string,
  ) {
    this.version = version;
    this.#proposer = proposer;
    this.#compare = compare;
  }

  get proposedBy(): string | undefined {
    return this.#proposer.version;
  }

  async ask(question: Asked): Promise<Told> {
    const startedMs = performance.now();
    const proposal = question.proposal ?? (await this.#propose(question));
    const candidates = candidatesOf(proposal, question.labels);
    const left = question.deadlineMs - (performance.now() - startedMs);
    const told =
      candidates.length === 0 ? NOTHING : await this.#compare({ ...question, deadlineMs: left }, candidates);
    const compared = new Map(told.labels.map((said) => [said.label, said]));
    const proposed = new Map(proposal.labels.map((said) => [said.label, keepingItsWord(said)]));
    const labels = question.labels.map((label) => {
      const [judged, kept] = [compared.get(label), proposed.get(label)];
      // Only a box that the model does not give is the understudy's.
      if (judged) return { ...judged, box: judged.box ?? kept?.box };
      return kept ?? { label, raw: logOdds(0), score: 0 };
    });
    const unknown = { raw: logOdds(proposal.unknown), score: proposal.unknown };
    return { ...told, labels, unknown, ranked: question.labels, proposedBy: proposal.version };
  }

  /** The understudy's troubles are not the model's: whoever hears of them must not take the model for lost. */
  async #propose({ picture, labels, signal, deadlineMs }: Asked): Promise<Proposal> {
    try {
      const said = await this.#proposer.recognize({ jpeg: picture.jpeg, labels, signal, deadlineMs });
      // It has seen the picture as it is sent to the model.
      return {
        ...said,
        labels: said.labels.map(({ box, ...one }) => {
          const original = box && boxOfOriginal(box, picture);
          return original ? { ...one, box: original } : one;
        }),
      };
    } catch (cause) {
      if (signal.aborted) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new InferenceError("failed", `nobody was proposed: ${why}`, { cause });
    }
  }
}

/** Nobody was there to be compared. */
const NOTHING: Told = { labels: [], unknown: { raw: logOdds(0) }, reading: "scores", ranked: [] };

/** The understudy's scores are calibrated; its raw numbers are of another scale. */
function keepingItsWord({ label, score, box }: ScoresAnswer["labels"][number]): Said {
  return { label, raw: logOdds(score), score, box };
}

export interface CompareOptions extends EngineAskerOptions {
  readonly references: readonly ReferencePicture[];
}

/** Asks a model of the `vllm` contract which of the candidates are there; none of them is an answer, too. */
export function compareWithPictures({ engine, adapter, references }: CompareOptions) {
  const pictures = references.map(({ jpeg }) => jpeg);
  const shown: readonly ChatPart[] =
    references.length === 0
      ? []
      : [
          { text: "Pictures of the cast, to compare with.\n" },
          ...references.flatMap(({ label }): ChatPart[] => [{ text: `${label}: ` }, PICTURE, { text: "\n" }]),
          { text: "The picture in question: " },
        ];
  return async (
    { picture, prompt, signal, deadlineMs }: Asked,
    candidates: readonly string[],
  ): Promise<Told> => {
    const answer = await engine.ask(
      {
        prompt: chatPrompt(prompt.text, [...shown, PICTURE, { text: verifyQuestion(candidates) }]),
        pictures: [...pictures, picture.jpeg],
        sampling: {
          maxTokens: MOST_TOKENS,
          logprobs: LOGPROBS,
          constraint: { json: listSchema(candidates) },
          adapter,
        },
        promptVersion: prompt.version,
      },
      { signal, deadlineMs },
    );
    const { rawOf, reading, names } = namedIn(answer, candidates);
    return {
      labels: candidates.map((label) => ({ label, raw: rawOf(label) })),
      unknown: { raw: rawOf("unknown") },
      reading,
      ranked: names,
    };
  };
}
