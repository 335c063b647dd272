import type { PictureRecognition } from "@followspot/recognition";

export interface ModelFile {
  readonly version: string;
  readonly file: Uint8Array;
  /** Where it lies: a network that the user supplied lies beside it. */
  readonly modelsDir: string;
}

/** What the event loop tells a recognizer thread. The bytes of a picture are handed over, not copied. */
export type ToRecognizer =
  | ({ readonly kind: "load" } & ModelFile)
  | { readonly kind: "forget"; readonly version: string }
  | {
      readonly kind: "recognize";
      readonly job: number;
      readonly version: string;
      readonly picture: Uint8Array;
      readonly labels: readonly string[] | undefined;
    };

export type FromRecognizer =
  | { readonly kind: "loaded"; readonly version: string }
  | { readonly kind: "refused"; readonly version: string; readonly problem: string }
  | { readonly kind: "recognized"; readonly job: number; readonly result: PictureRecognition }
  /** `badPicture`: the sender's fault; otherwise ours. */
  | { readonly kind: "failed"; readonly job: number; readonly problem: string; readonly badPicture: boolean };
