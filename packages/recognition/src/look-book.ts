import { UNKNOWN_LABEL } from "@followspot/domain";
import type { Chosen } from "./choose-subjects.ts";
import type { DescribedSample } from "./describe-samples.ts";
import type { Acquaintances } from "./model.ts";
import { Ridge } from "./ridge.ts";
import { centred } from "./score-look.ts";
import { add, unit } from "./vectors.ts";

/** A look, whose it is (a label's place, or undefined: nobody of the cast), and how much it counts. */
interface Page {
  readonly sample: DescribedSample;
  readonly look: Float32Array;
  readonly label: number | undefined;
  readonly turned: Float32Array;
  readonly weight: number;
}

/** How strongly weights are held small. */
const PENALTY = 0.5;
/** How much somebody counts who is seen from far away, beside the same from near. */
const FAR_SHARE = 0.5;
/** Places that are nobody count at most so many times what the subjects count. */
const PLACES_SHARE = 1;
/** From so many pictures on a label's weights count as much as they ever do. */
const FULL_TRUST_PICTURES = 5;
const MOST_TRUST = 0.6;

/** All looks that were given a name, from which whom we know is learnt: from all of them, or from all but some. */
export class LookBook {
  /** Cast ids, sorted. */
  readonly labels: readonly string[];
  readonly #pages: readonly Page[];
  readonly #centre: Float32Array;
  readonly #sums: Sums;

  constructor({ subjects, places }: Chosen) {
    const cast = Map.groupBy(subjects, ({ label }) => label);
    cast.delete(UNKNOWN_LABEL);
    this.labels = [...cast.keys()].sort();
    const sizes = this.labels.map((label) => cast.get(label)?.length ?? 0);
    const dimensions = subjects[0]?.look.length ?? 0;
    this.#centre = new Float32Array(dimensions);
    for (const { label, look } of subjects) {
      const size = cast.get(label)?.length;
      if (size) add(this.#centre, look, 1 / size / this.labels.length);
    }
    const usual = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length);
    const named = subjects.map(({ sample, label, look }): Page => {
      const at = this.labels.indexOf(label);
      const weight = at < 0 ? 1 : Math.sqrt(usual / (sizes[at] as number));
      return { sample, look, label: at < 0 ? undefined : at, turned: centred(look, this.#centre), weight };
    });
    const far = subjects.flatMap((subject, at): Page[] => {
      const near = named[at];
      if (!subject.far || !near) return [];
      return [
        {
          ...near,
          look: subject.far,
          turned: centred(subject.far, this.#centre),
          weight: near.weight * FAR_SHARE,
        },
      ];
    });
    const placeWeight = Math.min(1, (PLACES_SHARE * named.length) / Math.max(1, places.length));
    const nobody = places.map(({ sample, look }): Page => {
      return { sample, look, label: undefined, turned: centred(look, this.#centre), weight: placeWeight };
    });
    this.#pages = [...named, ...far, ...nobody];
    this.#sums = {
      ridge: new Ridge(dimensions, this.labels.length),
      looks: this.labels.map(() => new Float32Array(dimensions)),
      counts: this.labels.map(() => 0),
    };
    for (const page of this.#pages) count(this.#sums, page, 1);
  }

  /** Learns from everything. */
  all(): Acquaintances {
    return this.#learn(this.#sums);
  }

  /** Learns from everything but these pictures. Who was in them only has a prototype of length 0. */
  without(samples: readonly DescribedSample[]): Acquaintances {
    const out = new Set(samples);
    const { ridge, looks, counts } = this.#sums;
    const sums = {
      ridge: ridge.copy(),
      looks: looks.map((look) => Float32Array.from(look)),
      counts: [...counts],
    };
    for (const page of this.#pages) if (out.has(page.sample)) count(sums, page, -1);
    return this.#learn(sums);
  }

  #learn({ ridge, looks, counts }: Sums): Acquaintances {
    const weights = ridge.solve(PENALTY);
    return {
      labels: this.labels,
      centre: this.#centre,
      known: this.labels.map((_, label) => {
        const pictures = counts[label] as number;
        return {
          prototype: pictures > 0 ? unit(looks[label] as Float32Array) : new Float32Array(0),
          weights: weights[label] as Float32Array,
          trust: MOST_TRUST * Math.min(1, Math.max(0, (pictures - 1) / (FULL_TRUST_PICTURES - 1))),
        };
      }),
    };
  }
}

/** What is learnt from, added up. */
interface Sums {
  readonly ridge: Ridge;
  /** One a label. */
  readonly looks: readonly Float32Array[];
  readonly counts: number[];
}

function count({ ridge, looks, counts }: Sums, { turned, weight, label, look }: Page, sign: 1 | -1): void {
  ridge.add(turned, sign * weight, label);
  if (label === undefined) return;
  add(looks[label] as Float32Array, look, sign);
  counts[label] = (counts[label] as number) + sign;
}
