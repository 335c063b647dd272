import { join } from "node:path";
import { appendPictures } from "@followspot/dataset";
import { type CastMember, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { DEFAULT_EFFECT_SEED, type Effect, EffectPreview } from "./effect.ts";
import type { Answer } from "./answer.ts";
import { AnswerJournal, type GivenAnswer } from "./answer-journal.ts";
import { isCastGuess } from "./keep/kept-frame.ts";
import { askAbout, type Question } from "./question.ts";
import { readKept } from "./read-kept.ts";
import { type RefusedAnswer, type ReviewedPicture, toAddition } from "./to-addition.ts";
import { TrainingAlbum } from "./training-album.ts";

export interface ReviewOptions {
  readonly showDir: string;
  readonly cast: readonly CastMember[];
  /** Who answers; goes into the data set with each picture. */
  readonly who: string;
  /** One day of a show, YYYY-MM-DD; all where left out. */
  readonly day?: string | undefined;
  readonly onProgress?: (share: number, doing: string) => void;
}

export interface ReviewCounts {
  readonly total: number;
  readonly answered: number;
  /** Answers that `accept` would look at. */
  readonly waiting: number;
  /** Answers that are settled: in the data set, or found to have no place there. */
  readonly accepted: number;
}

export interface Accepted {
  /** File names in the data set. */
  readonly files: readonly string[];
  readonly refused: Readonly<Partial<Record<RefusedAnswer, number>>>;
}

const ALBUM_SHARE = 0.4;

/** A person going through what was kept during a show; everything that is answered is on the disk at once. */
export class ReviewSession {
  readonly album: TrainingAlbum;
  /** Those with one guess together, what is worth most first. */
  readonly questions: readonly Question[];
  readonly #options: ReviewOptions;
  readonly #journal: AnswerJournal;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(options: ReviewOptions, album: TrainingAlbum, questions: readonly Question[]) {
    this.#options = options;
    this.album = album;
    this.questions = questions;
    this.#journal = new AnswerJournal(join(reviewDirOf(options.showDir), "answers.jsonl"), {
      who: options.who,
    });
  }

  /** @throws UserError where nothing was kept, or the data set cannot be read. */
  static async open(options: ReviewOptions): Promise<ReviewSession> {
    const { showDir, day, onProgress = () => {} } = options;
    const frames = await readKept(reviewDirOf(showDir), day);
    const album = await TrainingAlbum.open(datasetDirOf(showDir), (share) => {
      onProgress(share * ALBUM_SHARE, "reading the data set");
    });
    const questions: Question[] = [];
    for (const [at, frame] of frames.entries()) {
      const question = await askAbout(frame, album).catch((error: unknown) => {
        // One picture that a crash cut off is no reason to lose the others.
        if (error instanceof UserError) return undefined;
        throw error;
      });
      if (question) questions.push(question);
      onProgress(ALBUM_SHARE + (1 - ALBUM_SHARE) * ((at + 1) / frames.length), "sorting the frames");
    }
    return new ReviewSession(options, album, inOrder(questions));
  }

  get cast(): readonly CastMember[] {
    return this.#options.cast;
  }

  find(id: string): Question | undefined {
    return this.questions.find(({ frame }) => frame.id === id);
  }

  /** The questions that nobody has answered yet, best first. */
  async unanswered(): Promise<Question[]> {
    const answers = await this.#journal.answers();
    return this.questions.filter(({ frame }) => !answers.has(frame.id));
  }

  async counts(): Promise<ReviewCounts> {
    const given = await this.#given();
    const accepted = given.filter((one) => one.accepted).length;
    return {
      total: this.questions.length,
      answered: given.length,
      waiting: given.length - accepted,
      accepted,
    };
  }

  /** @throws UserError where there is no such question, or the label is nobody's. */
  async answer(id: string, answer: Answer): Promise<void> {
    if (!this.find(id)) throw new UserError(`there is no question ${JSON.stringify(id)} in this review`);
    if (answer.kind === "cast" && !this.cast.some((member) => member.id === answer.label)) {
      throw new UserError(`label: ${JSON.stringify(answer.label)} is not in the cast of show.yaml`);
    }
    await this.#alone(() => this.#journal.give(id, answer));
  }

  /** The guess, as an answer. */
  confirm({ frame: { guess } }: Question): Answer {
    if (isCastGuess(guess)) return { kind: "cast", label: guess };
    return guess === UNKNOWN_LABEL ? { kind: "unknown" } : { kind: "nobody" };
  }

  /** Takes the last answer back that is not in the data set yet, also one from before a restart. */
  undo(): Promise<string | undefined> {
    return this.#alone(() => this.#journal.undo());
  }

  /** What accepting would change, measured on scenes that neither understudy has seen. */
  async effect({
    onProgress,
    signal,
  }: {
    readonly onProgress?: (share: number, doing: string) => void;
    readonly signal?: AbortSignal;
  } = {}): Promise<Effect & Pick<Accepted, "refused">> {
    const { pictures, refused } = await this.#alone(() => this.#reviewed());
    // Read again each time: accepting changes the data set.
    const preview = await EffectPreview.open({
      datasetDir: datasetDirOf(this.#options.showDir),
      seed: DEFAULT_EFFECT_SEED,
      ...(onProgress ? { onProgress } : {}),
      ...(signal ? { signal } : {}),
    });
    const effect = await preview.measure(
      pictures.map(({ picture, objects, addition }) => ({
        picture,
        objects,
        label: addition.label,
        scene: addition.scene ?? "",
      })),
    );
    return { ...effect, refused };
  }

  /** Adds the answered pictures to the data set, with where they come from. Done again, it adds nothing twice. */
  accept(): Promise<Accepted> {
    return this.#alone(async () => {
      const { pictures, refused, ids } = await this.#reviewed();
      const files = await appendPictures(
        datasetDirOf(this.#options.showDir),
        pictures.map(({ addition }) => addition),
      );
      if (ids.length > 0) await this.#journal.accept(ids);
      return { files, refused };
    });
  }

  async #reviewed() {
    const pictures: Extract<ReviewedPicture, { addition: unknown }>[] = [];
    const refused: Partial<Record<RefusedAnswer, number>> = {};
    const ids: string[] = [];
    for (const given of await this.#given()) {
      const question = given.accepted ? undefined : this.find(given.id);
      if (!question) continue;
      const reviewed = await toAddition(question, given, { cast: this.cast, album: this.album });
      ids.push(given.id);
      if ("addition" in reviewed) pictures.push(reviewed);
      else refused[reviewed.refused] = (refused[reviewed.refused] ?? 0) + 1;
    }
    return { pictures, refused, ids };
  }

  async #given(): Promise<GivenAnswer[]> {
    const answers = await this.#journal.answers();
    return [...answers.values()].filter(({ id }) => this.find(id));
  }

  /** One thing at a time: an answer that comes while pictures are added must not be taken for added. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work);
    this.#busy = result.catch(() => {});
    return await result;
  }
}

/** Whoever is asked about the same name again and again answers faster, and sees what is odd among them. */
function inOrder(questions: readonly Question[]): Question[] {
  const byWorth = questions.toSorted((a, b) => b.worth - a.worth || (a.frame.id < b.frame.id ? -1 : 1));
  return [...Map.groupBy(byWorth, ({ frame }) => frame.guess).values()].flat();
}

export function reviewDirOf(showDir: string): string {
  return join(showDir, "recordings/review");
}

function datasetDirOf(showDir: string): string {
  return join(showDir, "dataset");
}
