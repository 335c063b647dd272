/** The file that says what holds for all pictures of a training set; `deploy/finetune` reads it. */
export const TRAINING_SET_FORMAT = "followspot-training-set/1";

export interface TrainingSetHead {
  readonly format: typeof TRAINING_SET_FORMAT;
  readonly show: string;
  /** Hash of the data set. */
  readonly dataset: string;
  readonly seed: number;
  readonly family: string;
  readonly maxPixels: number;
  readonly promptVersion: string;
  /** The constant text without a scene, then one for each scene of the show. */
  readonly systems: readonly { readonly scene: string | null; readonly text: string }[];
  readonly chat: string;
  readonly questions: Readonly<Record<string, string>>;
  readonly yes: string;
  readonly no: string;
  /** In the order of the cast, `unknown` last. */
  readonly labels: readonly string[];
  /** For each label the others, most alike first. */
  readonly lookAlikes: Readonly<Record<string, readonly string[]>>;
  /** Whether whole scenes were held out, or single pictures, of which the model has seen the place. */
  readonly heldOutBy: "scene" | "picture";
}

/** One line of train.jsonl and of held-out.jsonl. */
export interface TrainingPicture {
  /** Relative to the training set's folder. */
  readonly file: string;
  readonly scene: string;
  readonly present: readonly string[];
  readonly boxes: readonly TrainingBox[] | null;
  readonly caption: string | null;
  /** The file of the photograph whose subjects stand before another background here. */
  readonly swapped: string | null;
}

export interface TrainingBox {
  readonly label: string;
  /** Left, top, right, bottom, in the coordinates that the family writes. */
  readonly corners: readonly [number, number, number, number];
  /** As the family writes it in an answer. */
  readonly written: string;
}
