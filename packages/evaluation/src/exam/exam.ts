import type { TrainingSample } from "@followspot/recognition";
import type { Exhibit } from "./exhibit.ts";

/** Anything that a recognizer can be shown. */
export interface ExamItem {
  load(): Promise<TrainingSample>;
}

export interface ExamFold<Item extends ExamItem = Exhibit> {
  readonly train: readonly ExamItem[];
  readonly test: readonly Item[];
}

/** Progress as a share from 0 to 1, and a way to stop. */
export interface Patience {
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
