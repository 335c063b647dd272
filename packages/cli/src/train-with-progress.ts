import type { PromotedModel } from "@followspot/recognition";
import { say } from "./say.ts";

export const DEFAULT_SEED = 1;

/** Trains the understudy of a show and tells how far it is: ten steps on a terminal or in a log, never a flood. */
export async function trainWithProgress(
  showDir: string,
  seed: number,
  {
    force = false,
    backbone,
    signal,
  }: {
    readonly force?: boolean;
    readonly backbone?: string | undefined;
    readonly signal?: AbortSignal;
  } = {},
): Promise<PromotedModel> {
  // Loaded only now: the other commands start without it.
  const { trainShow } = await import("@followspot/recognition");
  let shown = -1;
  return await trainShow({
    showDir,
    seed,
    force,
    ...(backbone === undefined ? {} : { backbone }),
    ...(signal ? { signal } : {}),
    onProgress: (share, doing) => {
      const step = Math.min(10, Math.floor(share * 10));
      if (step === shown) return;
      shown = step;
      say(`${String(step * 10).padStart(3)} %  ${doing}`);
    },
  });
}
