import type { Box, Picture } from "@followspot/dataset";
import { dot, embedCrop, proposeBoxes, type TrainingSample } from "@followspot/recognition";
import type { Exhibit } from "../exam/exhibit.ts";
import type { Protocol } from "../exam/folds.ts";

/** A picture that the recognizer may have had in mind. */
export interface Lookalike {
  readonly exhibit: Exhibit;
  /** 1 for the same. */
  readonly likeness: number;
  readonly sample: TrainingSample;
}

interface Candidate {
  readonly exhibit: Exhibit;
  readonly vector: Float32Array;
}

/** Looking at more would take longer than the evaluation itself. */
const MAX_CANDIDATES = 400;

/** Knows what the subjects of a data set look like, and finds the most alike among those that were learnt from. */
export class NearestPictures {
  readonly #candidates: readonly Candidate[];
  readonly #protocol: Protocol;

  static async look(exhibits: readonly Exhibit[], protocol: Protocol): Promise<NearestPictures> {
    const cast = exhibits.filter(
      ({ present, split }) =>
        present.length > 0 && split !== "golden" && (protocol !== "split" || split !== "test"),
    );
    const count = Math.min(MAX_CANDIDATES, cast.length);
    const candidates: Candidate[] = [];
    for (let index = 0; index < count; index++) {
      const exhibit = cast[Math.floor((index * cast.length) / count)] as Exhibit;
      const sample = await exhibit.load();
      candidates.push({ exhibit, vector: embedCrop(sample.picture, boxOf(sample)) });
    }
    return new NearestPictures(candidates, protocol);
  }

  private constructor(candidates: readonly Candidate[], protocol: Protocol) {
    this.#candidates = candidates;
    this.#protocol = protocol;
  }

  /** Undefined where nothing else was learnt from. */
  async nearest(exhibit: Exhibit, picture: Picture, box: Box | undefined): Promise<Lookalike | undefined> {
    const vector = embedCrop(picture, box);
    let best: { readonly exhibit: Exhibit; readonly likeness: number } | undefined;
    for (const candidate of this.#candidates) {
      if (!this.#wasLearnt(candidate.exhibit, exhibit)) continue;
      const likeness = dot(vector, candidate.vector);
      if (!best || likeness > best.likeness) best = { exhibit: candidate.exhibit, likeness };
    }
    return best && { ...best, sample: await best.exhibit.load() };
  }

  #wasLearnt(candidate: Exhibit, asked: Exhibit): boolean {
    return this.#protocol === "leave-one-scene-out"
      ? candidate.scene !== asked.scene
      : candidate.fileName !== asked.fileName;
  }
}

/** The largest box that a person gave, else the best proposal. */
export function boxOf({ picture, objects }: TrainingSample): Box | undefined {
  const given = (objects ?? [])
    .map(({ box }) => box)
    .sort((a, b) => b.width * b.height - a.width * a.height)[0];
  return given ?? proposeBoxes(picture, 1)[0]?.box;
}
