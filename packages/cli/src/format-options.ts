import { BOX_STYLES, FORMATS } from "@followspot/dataset/formats";
import { InvalidArgumentError, Option } from "commander";

/** `--format`, for import (which may guess) and export (which must be told). */
export function formatOption(description: string, { auto = true } = {}): Option {
  return new Option("--format <format>", description).choices(auto ? ["auto", ...FORMATS] : FORMATS);
}

export function boxesOption(description: string): Option {
  return new Option("--boxes <style>", description).choices(BOX_STYLES);
}

export function maxPixelsOption(): Option {
  return new Option(
    "--max-pixels <number>",
    "how many pixels Qwen2.5-VL is given at most (its MAX_PIXELS; default: 1003520)",
  ).argParser((text: string) => {
    const pixels = Number(text);
    if (Number.isSafeInteger(pixels) && pixels >= 3_136 && pixels <= 100_000_000) return pixels;
    throw new InvalidArgumentError("It must be a whole number from 3136 to 100000000.");
  });
}
