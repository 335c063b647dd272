import type { Box, Picture } from "@followspot/dataset";

/** A part of a picture, made smaller (by means of areas) where its longer side is above `longest` pixels. */
export function cutOut({ rgb, width, height }: Picture, box: Box, longest: number): Picture {
  const left = Math.max(0, Math.floor(box.left));
  const top = Math.max(0, Math.floor(box.top));
  const wide = Math.max(1, Math.min(width, Math.ceil(box.left + box.width)) - left);
  const tall = Math.max(1, Math.min(height, Math.ceil(box.top + box.height)) - top);
  const factor = Math.min(1, longest / Math.max(wide, tall));
  const columns = Math.max(1, Math.round(wide * factor));
  const rows = Math.max(1, Math.round(tall * factor));
  const sums = new Float32Array(columns * rows * 3);
  const counts = new Uint32Array(columns * rows);
  for (let y = 0; y < tall; y++) {
    const row = Math.floor((y * rows) / tall) * columns;
    for (let x = 0; x < wide; x++) {
      const cell = row + Math.floor((x * columns) / wide);
      const from = ((top + y) * width + left + x) * 3;
      const to = cell * 3;
      sums[to] = (sums[to] as number) + (rgb[from] as number);
      sums[to + 1] = (sums[to + 1] as number) + (rgb[from + 1] as number);
      sums[to + 2] = (sums[to + 2] as number) + (rgb[from + 2] as number);
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  const cut = Uint8Array.from(sums, (sum, index) =>
    Math.round(sum / (counts[Math.floor(index / 3)] as number)),
  );
  return { rgb: cut, width: columns, height: rows };
}
