import { PictureRefused } from "./drop-reasons.ts";

/** What libvips said about a picture, as a refusal. Its texts are matched here and nowhere else. */
export function decodeProblem(error: unknown): PictureRefused {
  const said = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/i.test(said)) {
    return new PictureRefused("too-many-pixels", "the picture has too many pixels: make it smaller", {
      cause: error,
    });
  }
  if (/timeout/i.test(said)) {
    return new PictureRefused("too-slow", "decoding the picture took too long: make it smaller", {
      cause: error,
    });
  }
  return new PictureRefused("truncated", "the picture is damaged or ends too early", { cause: error });
}
