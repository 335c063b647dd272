import type { SeededRandom } from "@followspot/domain";

/** Right answers of one scene: pictures of one scene are not independent of each other. */
export interface SceneCount {
  readonly right: number;
  readonly all: number;
}

const DRAWS = 2_000;

/** 95 % interval of the share of right answers, by drawing whole scenes with replacement. */
export function bootstrapByScene(
  scenes: readonly SceneCount[],
  random: SeededRandom,
): { low: number; high: number } {
  if (scenes.length === 0) return { low: 0, high: 1 };
  const shares: number[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    let right = 0;
    let all = 0;
    for (let pick = 0; pick < scenes.length; pick++) {
      const scene = scenes[random.below(scenes.length)] as SceneCount;
      right += scene.right;
      all += scene.all;
    }
    shares.push(all === 0 ? 0 : right / all);
  }
  shares.sort((a, b) => a - b);
  return {
    low: shares[Math.floor(DRAWS * 0.025)] as number,
    high: shares[Math.floor(DRAWS * 0.975)] as number,
  };
}
