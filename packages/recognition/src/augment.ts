import type { SeededRandom } from "@followspot/domain";
import type { Picture } from "@followspot/dataset";

/** Natural logarithms: what is left of a gel, and of dimming, after the light has been estimated. */
const TINT = 0.28;
const DIMMING = 0.45;
const NOISE = 9;

/**
 * Puts a training picture under another light, with the noise of a camera. In place.
 * @param scramble the channels change places: the same place in colours that it never has, as a stand-in for the
 * backdrops that nobody has photographed yet.
 */
export function relightAtRandom(
  { rgb }: Picture,
  random: SeededRandom,
  { scramble }: { readonly scramble: boolean },
): void {
  const level = random.between(-DIMMING, DIMMING / 2);
  const light = [0, 1, 2].map(() => Math.exp(level + random.between(-TINT, TINT)));
  const noise = random.chance(0.6) ? random.between(0, NOISE) : 0;
  const order = [0, 1, 2];
  if (scramble) random.shuffle(order);
  const [first = 0, second = 1, third = 2] = order;
  const out = rgb as Uint8Array;
  for (let at = 0; at < out.length; at += 3) {
    const before = [out[at + first] as number, out[at + second] as number, out[at + third] as number];
    for (let channel = 0; channel < 3; channel++) {
      const grain = noise > 0 ? (random.next() + random.next() - 1) * noise : 0;
      const value = (before[channel] as number) * (light[channel] as number) + grain;
      out[at + channel] = Math.max(0, Math.min(255, value));
    }
  }
}
