import type { FeatureMap, Matrix } from "@followspot/backbone";

/** Linear answers on a map: a row an answer, of a weight a channel and then the bias. */
export function answersOn({ width, height, channels, data }: FeatureMap, answers: Matrix): FeatureMap {
  const { rows, cols, data: weights } = answers;
  const out = new Float32Array(width * height * rows);
  for (let cell = 0; cell < width * height; cell++) {
    const from = cell * channels;
    for (let answer = 0; answer < rows; answer++) {
      const row = answer * cols;
      let sum = weights[row + channels] as number;
      for (let channel = 0; channel < channels; channel++) {
        sum += (weights[row + channel] as number) * (data[from + channel] as number);
      }
      out[cell * rows + answer] = sum;
    }
  }
  return { width, height, channels: rows, data: out };
}

/** Adds a coarser map, interpolated between the middles of its cells, to a finer one of as many channels. */
export function addEnlarged({ width, height, channels, data }: FeatureMap, coarse: FeatureMap): void {
  const across = Array.from({ length: width }, (_, x) => between(x, width, coarse.width));
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between(y, height, coarse.height);
    for (let x = 0; x < width; x++) {
      const [left, right, along] = across[x] as Between;
      const corners = [
        [top, left, (1 - down) * (1 - along)],
        [top, right, (1 - down) * along],
        [bottom, left, down * (1 - along)],
        [bottom, right, down * along],
      ] as const;
      const to = (y * width + x) * channels;
      for (const [row, column, share] of corners) {
        const from = (row * coarse.width + column) * channels;
        for (let channel = 0; channel < channels; channel++) {
          data[to + channel] =
            (data[to + channel] as number) + share * (coarse.data[from + channel] as number);
        }
      }
    }
  }
}

/** The two coarse cells about a fine one, and the share of the second. */
type Between = readonly [first: number, second: number, share: number];

function between(fine: number, fines: number, coarses: number): Between {
  const place = Math.max(0, ((fine + 0.5) * coarses) / fines - 0.5);
  const first = Math.min(coarses - 1, Math.floor(place));
  return [first, Math.min(coarses - 1, first + 1), place - first];
}

export function share(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
