import type { ModelInput } from "./model-input.ts";
import type { Output } from "./model-outputs.ts";

/**
 * One vector of length 1 out of what a network says: maps are averaged over space, tokens over tokens, vectors taken
 * as they are; each is brought to length 1, so that none drowns the others, and laid one after another.
 */
export function describeOutputs(outputs: readonly Output[], { layout }: ModelInput): Float32Array {
  const parts = outputs.map((output) => toUnitLength(average(output, layout)));
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return toUnitLength(whole);
}

function average({ dims, data }: Output, layout: ModelInput["layout"]): Float32Array {
  if (dims.length === 2) return Float32Array.from(data);
  const channelsFirst = dims.length === 4 && layout === "NCHW";
  const channels = (channelsFirst ? dims[1] : dims.at(-1)) ?? 0;
  const places = channels > 0 ? data.length / channels : 0;
  const sums = new Float64Array(channels);
  for (let place = 0; place < places; place++) {
    for (let channel = 0; channel < channels; channel++) {
      const from = channelsFirst ? channel * places + place : place * channels + channel;
      sums[channel] = (sums[channel] as number) + (data[from] as number);
    }
  }
  return Float32Array.from(sums, (sum) => sum / places);
}

/** A vector that is all zeros, or holds what is no number, becomes zeros: it is like nothing. */
function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => (length > 0 && Number.isFinite(length) ? value / length : 0));
}
