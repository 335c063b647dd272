import type { Card } from "./card.ts";
import type { Findings } from "./finding.ts";
import { type MemoryNeed, totalOf } from "./memory-need.ts";

/** A model that is right so far, and what it takes of a card. */
export interface Served {
  readonly model: string;
  /** Where its share is said. */
  readonly place: string;
  /** The cards that it runs on. */
  readonly gpus: readonly number[];
  /** Of each card, taken at once by a vLLM engine; undefined for a model that takes what it needs. */
  readonly share?: number | undefined;
  /** On each card. */
  readonly need: MemoryNeed;
}

/** How a model fits its card, for who wants to know. */
export interface Fit {
  readonly model: string;
  readonly needBytes: number;
  readonly weightBytes: number;
  /** What it may take; undefined where no card is known. */
  readonly roomBytes: number | undefined;
  /** Conversations of full length that the cache holds. */
  readonly conversations: number | undefined;
}

const GIGABYTE = 1e9;

/** Each model against its share, and all models of a card against the card. */
export function checkMemory(
  served: readonly Served[],
  cards: readonly Card[] | undefined,
  findings: Findings,
): readonly Fit[] {
  for (const gpu of new Set(served.flatMap(({ gpus }) => gpus))) {
    const there = served.filter(({ gpus }) => gpus.includes(gpu));
    checkShares(there, { gpu, card: cardOf(cards, gpu)?.bytes, findings });
  }
  return served.map((one) => fitOf(one, cardOf(cards, one.gpus[0] ?? 0)?.bytes, findings));
}

/** One card that was named stands for all. */
export function cardOf(cards: readonly Card[] | undefined, gpu: number): Card | undefined {
  return cards && (cards[gpu] ?? cards[0]);
}

function fitOf({ model, place, share, need }: Served, card: number | undefined, findings: Findings): Fit {
  const needBytes = totalOf(need);
  const roomBytes = card === undefined ? undefined : card * (share ?? 1);
  if (card !== undefined && roomBytes !== undefined && needBytes > roomBytes) {
    const what =
      share === undefined
        ? `the card has ${gb(card)}`
        : `its share of the card is ${gb(roomBytes)} (${share} of ${gb(card)})`;
    findings.error(
      place,
      `${model} needs about ${gb(needBytes)} (${parts(need)}), and ${what}: ${remedy(needBytes, card, share)}`,
    );
  } else if (card !== undefined && need.loading + need.overhead > card) {
    findings.error(
      place,
      `${model} takes ${gb(need.loading)} while it is loaded, before its weights are made smaller, and the card has ${gb(card)}: take weights that are stored as 8-bit floats, or a larger card`,
    );
  }
  const spare = roomBytes === undefined ? undefined : roomBytes - (needBytes - need.leastCache);
  const conversations = spare === undefined ? undefined : Math.max(0, Math.floor(spare / need.leastCache));
  return { model, needBytes, weightBytes: need.weights, roomBytes, conversations };
}

function remedy(needBytes: number, card: number, share: number | undefined): string {
  const enough = Math.ceil((needBytes / card) * 100) / 100;
  if (share === undefined || enough >= 0.95) return "take a smaller or a quantized model, or a larger card";
  return `raise gpu_memory_utilization to ${enough}, lower max_model_len, or take a quantized model`;
}

function checkShares(
  served: readonly Served[],
  { gpu, card, findings }: { gpu: number; card: number | undefined; findings: Findings },
): void {
  if (served.length < 2) return;
  const asked = served.map(({ share, need }) => share ?? (card === undefined ? 0 : totalOf(need) / card));
  const sum = asked.reduce((all, one) => all + one, 0);
  if (sum < 1) return;
  const terms = served.map(({ model }, at) => `${model} ${(asked[at] ?? 0).toFixed(2)}`).join(", ");
  findings.error(
    served[0]?.place ?? "",
    `the models on card ${gpu} ask for ${sum.toFixed(2)} of it (${terms}): together they must stay below 1, so lower gpu_memory_utilization, or give each its own card with --gpu`,
  );
}

function parts({ weights, leastCache, activations, pictures, lora, overhead }: MemoryNeed): string {
  const step: [string, number] =
    pictures > activations ? ["pictures of one step", pictures] : ["largest step", activations];
  const named: readonly [string, number][] = [
    ["weights", weights],
    ["cache of one full conversation", leastCache],
    step,
    ["adapters", lora],
    ["graphs and scratch", overhead],
  ];
  return named
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${name} ${gb(bytes)}`)
    .join(", ");
}

export function gb(bytes: number): string {
  return `${(bytes / GIGABYTE).toFixed(1)} GB`;
}
