/** Turns a raw score and its lead into a probability: 1 / (1 + exp(-(slope x raw + leadSlope x lead + offset))). */
export interface Calibration {
  readonly slope: number;
  readonly leadSlope: number;
  readonly offset: number;
}

/** How well the model did on scenes that it had not seen. */
export interface Accuracy {
  /** Share of subjects named right, 0 to 1. */
  readonly top1: number;
  /** 95 % interval, scenes drawn with replacement. */
  readonly low: number;
  readonly high: number;
  readonly subjects: number;
  readonly scenes: number;
}

/** What is known of one label. */
export interface Acquaintance {
  /** The mean of its looks, length 1. */
  readonly prototype: Float32Array;
  /** What tells it from everybody else: to be multiplied with a look from which the model's centre was taken. */
  readonly weights: Float32Array;
  /** How much the weights count beside the prototype, 0 to 1: more where there are more pictures. */
  readonly trust: number;
}

/** Whom a model knows, by how they look. */
export interface Acquaintances {
  /** Cast ids, sorted. */
  readonly labels: readonly string[];
  /** The mean look, about which the weights turn. */
  readonly centre: Float32Array;
  /** One a label. */
  readonly known: readonly Acquaintance[];
}

/** Everything that the understudy has learnt. */
export interface UnderstudyModel extends Acquaintances {
  readonly seed: number;
  /** Version of the backbone that described the looks. */
  readonly backbone: string;
  /** One a label. */
  readonly calibration: readonly Calibration[];
  readonly pictures: number;
  readonly accuracy: Accuracy | undefined;
}
