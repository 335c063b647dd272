import type { Box, Picture } from "@followspot/dataset";

/** Half of the strip that is averaged to blur again. */
const REACH = 4;

/**
 * How blurred a part of a picture is, 0 (crisp) to 1. Blurring again changes a crisp picture much and a blurred one
 * little (Crete and others, "The blur effect", 2007): independent of what is shown, and of how contrasty it is.
 * Compare at one size only: made smaller, every picture is crisper. 0 where the part is too small to say.
 */
export function blurEffect({ rgb, width, height }: Picture, box?: Box): number {
  const left = Math.max(0, Math.floor(box?.left ?? 0));
  const top = Math.max(0, Math.floor(box?.top ?? 0));
  const wide = Math.min(width, Math.ceil(box ? box.left + box.width : width)) - left;
  const tall = Math.min(height, Math.ceil(box ? box.top + box.height : height)) - top;
  if (wide < 4 * REACH || tall < 4 * REACH) return 0;
  const luma = new Float32Array(wide * tall);
  for (let y = 0, cell = 0; y < tall; y++) {
    for (let x = 0, at = ((top + y) * width + left) * 3; x < wide; x++, cell++, at += 3) {
      luma[cell] =
        0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number);
    }
  }
  return Math.max(lostAlong(luma, { wide, tall, step: 1 }), lostAlong(luma, { wide, tall, step: wide }));
}

/** Share of the differences between neighbours that is still there after averaging along `step`. */
function lostAlong(
  luma: Float32Array,
  { wide, tall, step }: { readonly wide: number; readonly tall: number; readonly step: number },
): number {
  let all = 0;
  let lost = 0;
  for (let y = REACH + 1; y < tall - REACH; y++) {
    for (let x = REACH + 1; x < wide - REACH; x++) {
      const at = y * wide + x;
      const difference = Math.abs((luma[at] as number) - (luma[at - step] as number));
      // The averages of two strips, one step apart, differ by their ends only.
      const ends = (luma[at + REACH * step] as number) - (luma[at - (REACH + 1) * step] as number);
      const blurred = Math.abs(ends) / (2 * REACH + 1);
      all += difference;
      lost += Math.max(0, difference - blurred);
    }
  }
  return all === 0 ? 1 : (all - lost) / all;
}
