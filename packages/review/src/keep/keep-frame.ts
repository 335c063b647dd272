import { type DecodedPicture, decodePicture, differenceHash, scaleBox } from "@followspot/dataset";
import { cropPicture } from "../crop-picture.ts";
import { DayStore } from "./day-store.ts";
import type { FromKeeper, KeeperData, ToKeeper } from "./keep-messages.ts";
import { showDay } from "./show-day.ts";

/** Enough to tell crops apart, and decoded in a millisecond or two. */
const HASH_SIDE = 320;

/** Decides about frames, one after another, and writes those that are kept. */
export class FrameStore {
  readonly #data: KeeperData;
  #store: DayStore | undefined;

  constructor(data: KeeperData) {
    this.#data = data;
  }

  async keep({ frame, jpeg }: ToKeeper): Promise<FromKeeper> {
    try {
      const store = await this.#storeOf(showDay(frame.capturedAtMs));
      const refusal = store.quotas.refuses(frame.guess, jpeg.byteLength, frame.capturedAtMs);
      if (refusal) return { kept: false, reason: refusal };
      const picture = await decodePicture(jpeg, { maxSide: HASH_SIDE }).catch(() => undefined);
      if (!picture) return { kept: false, reason: "undecodable" };
      const hash = differenceHash(cropPicture(picture, scaled(frame, picture)));
      if (store.hasNear(frame.guess, hash)) return { kept: false, reason: "duplicate" };
      await store.add({ ...frame, hash }, jpeg);
      return { kept: true };
    } catch (error) {
      // A disk that comes back is read again: what was written before is not certain.
      this.#store = undefined;
      return { kept: false, reason: "disk", problem: error instanceof Error ? error.message : String(error) };
    }
  }

  async #storeOf(day: string): Promise<DayStore> {
    if (this.#store?.day !== day) {
      this.#store = await DayStore.open(this.#data.dir, day, this.#data.limits);
    }
    return this.#store;
  }
}

function scaled({ box, width }: ToKeeper["frame"], picture: DecodedPicture) {
  if (!box) return undefined;
  return scaleBox(box, picture.width / width);
}
