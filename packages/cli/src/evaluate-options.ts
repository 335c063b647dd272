import { isId } from "@followspot/domain";
import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError for what is no list of cast ids */
export function parseLabels(text: string): readonly string[] {
  const labels = [...new Set(text.split(",").map((label) => label.trim()))];
  const odd = labels.find((label) => !isId(label));
  if (odd === undefined) return labels;
  throw new InvalidArgumentError(`"${odd}" is no cast id.`);
}

/** @throws InvalidArgumentError for what is no whole number from 0 on */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}
