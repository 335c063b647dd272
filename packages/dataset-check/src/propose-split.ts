import type { DatasetPicture, Split } from "@followspot/dataset";
import { SeededRandom, UNKNOWN_LABEL } from "@followspot/domain";

export interface SplitOptions {
  /** Share of the pictures to judge by, 0 to 0.9. */
  readonly test: number;
  /** Share of the pictures that nothing may ever learn from, 0 to 0.9; with `test` below 1. */
  readonly golden: number;
  readonly seed: number;
}

/** One picture of a split: who is in it, and what it may not be parted from. */
export interface SplitMember {
  readonly labels: readonly string[];
  readonly unit: number;
  /** A golden picture, and with it its unit, stays golden. */
  readonly golden: boolean;
}

const SPLIT_NAMES = ["train", "test", "golden"] as const satisfies readonly Split[];
const [TRAIN, TEST, GOLDEN] = [0, 1, 2] as const;
type Side = typeof TRAIN | typeof TEST | typeof GOLDEN;

/** What it costs when a subject is missing on a side that it could be on, against shares that are not as wished. */
const MISSING = { [TRAIN]: 10_000, [TEST]: 1_000, [GOLDEN]: 300 } as const;
const SHARE_COST = 200;
const LABEL_SHARE_COST = 20;
const RESTARTS = 12;
const MAX_ROUNDS = 40;
/** Moves that are tried in all: a second of work. */
const MAX_TRIES = 400_000;

export function splitMembers(pictures: readonly DatasetPicture[], units: readonly number[]): SplitMember[] {
  return pictures.map(({ label, objects, split }, index) => ({
    labels: [...new Set([label, ...(objects ?? []).map((object) => object.label)])],
    unit: units[index] as number,
    golden: split === "golden",
  }));
}

/**
 * Gives each unit (a scene, with whatever may be one shot with its pictures) whole to one split, so that every
 * subject is in training, then in the test, then in the golden set, and the shares are near what is wished. The
 * best of several descents from seeded starts: the same seed gives the same split.
 * @returns one split a member.
 */
export function proposeSplit(members: readonly SplitMember[], { test, golden, seed }: SplitOptions): Split[] {
  const units = [...Map.groupBy(members, ({ unit }) => unit).values()];
  const random = new SeededRandom(seed);
  const shares = [1 - test - golden, test, golden] as const;
  let best: { readonly sides: readonly Side[]; readonly cost: number } | undefined;
  let tries = 0;
  for (let restart = 0; restart < RESTARTS && (restart === 0 || tries < MAX_TRIES); restart++) {
    const board = new Board(units, shares);
    const order = [...units.keys()].filter((unit) => !board.fixed(unit));
    random.shuffle(order);
    for (const unit of order) board.moveToBest(unit);
    for (let round = 0, moved = true; moved && round < MAX_ROUNDS && tries < MAX_TRIES; round++) {
      moved = false;
      random.shuffle(order);
      for (const unit of order) {
        if (board.moveToBest(unit)) moved = true;
        tries++;
      }
    }
    if (!best || board.cost < best.cost - 1e-9) best = { sides: board.sides(), cost: board.cost };
  }
  const sideOf = new Map(units.map((unit, index) => [unit[0]?.unit, best?.sides[index] ?? TRAIN]));
  return members.map(({ unit }) => SPLIT_NAMES[sideOf.get(unit) ?? TRAIN]);
}

/** Who is where, and what that costs; moving one unit recounts only its own subjects. */
class Board {
  readonly #units: readonly (readonly SplitMember[])[];
  readonly #shares: readonly [number, number, number];
  readonly #labelsOf: readonly ReadonlyMap<string, number>[];
  readonly #sides: Side[];
  readonly #fixed: readonly boolean[];
  /** Pictures of each subject, a side. */
  readonly #counts = new Map<string, [number, number, number]>();
  readonly #unitsOf = new Map<string, number>();
  readonly #pictures: [number, number, number] = [0, 0, 0];
  readonly #all: number;
  cost = 0;

  constructor(units: readonly (readonly SplitMember[])[], shares: readonly [number, number, number]) {
    this.#units = units;
    this.#shares = shares;
    this.#all = units.reduce((sum, unit) => sum + unit.length, 0);
    this.#fixed = units.map((unit) => unit.some(({ golden }) => golden));
    this.#sides = units.map((_, index) => (this.#fixed[index] ? GOLDEN : TRAIN));
    this.#labelsOf = units.map((unit) => {
      const counts = new Map<string, number>();
      for (const label of unit.flatMap(({ labels }) => labels))
        counts.set(label, (counts.get(label) ?? 0) + 1);
      return counts;
    });
    for (const [index, side] of this.#sides.entries()) {
      this.#add(index, side, 1);
      if (this.#fixed[index]) continue;
      for (const label of (this.#labelsOf[index] ?? new Map()).keys()) {
        this.#unitsOf.set(label, (this.#unitsOf.get(label) ?? 0) + 1);
      }
    }
    this.cost =
      this.#shareCost() + [...this.#counts.keys()].reduce((sum, label) => sum + this.#labelCost(label), 0);
  }

  fixed(unit: number): boolean {
    return this.#fixed[unit] ?? false;
  }

  sides(): Side[] {
    return [...this.#sides];
  }

  /** Puts a unit where it costs least. Says whether it moved. */
  moveToBest(unit: number): boolean {
    const from = this.#sides[unit] as Side;
    let best: { side: Side; cost: number } = { side: from, cost: this.cost };
    for (const side of [TRAIN, TEST, GOLDEN] as const) {
      // Nobody asked for it: an empty side is no side.
      if (side === from || ((this.#shares[side] ?? 0) === 0 && side !== TRAIN)) continue;
      const cost = this.cost + this.#move(unit, side);
      this.#move(unit, from);
      if (cost < best.cost - 1e-9) best = { side, cost };
    }
    if (best.side === from) return false;
    this.cost += this.#move(unit, best.side);
    return true;
  }

  /** What it costs more than before. */
  #move(unit: number, side: Side): number {
    const labels = [...(this.#labelsOf[unit] ?? new Map<string, number>()).keys()];
    const price = () => this.#shareCost() + labels.reduce((sum, label) => sum + this.#labelCost(label), 0);
    const before = price();
    this.#add(unit, this.#sides[unit] as Side, -1);
    this.#sides[unit] = side;
    this.#add(unit, side, 1);
    return price() - before;
  }

  #add(unit: number, side: Side, sign: 1 | -1): void {
    this.#pictures[side] += sign * (this.#units[unit]?.length ?? 0);
    for (const [label, count] of this.#labelsOf[unit] ?? new Map<string, number>()) {
      const counts = this.#counts.get(label) ?? [0, 0, 0];
      counts[side] += sign * count;
      this.#counts.set(label, counts);
    }
  }

  #shareCost(): number {
    let cost = 0;
    for (const side of [TRAIN, TEST, GOLDEN] as const) {
      cost += SHARE_COST * (this.#pictures[side] / this.#all - this.#shares[side]) ** 2;
    }
    return cost;
  }

  #labelCost(label: string): number {
    const counts = this.#counts.get(label) ?? [0, 0, 0];
    const sum = counts[0] + counts[1] + counts[2];
    // Strangers need not be learnt: some are to be met for the first time.
    const weight = label === UNKNOWN_LABEL ? 0.02 : 1;
    const possible = this.#unitsOf.get(label) ?? 0;
    let cost = 0;
    for (const side of [TRAIN, TEST, GOLDEN] as const) {
      const share = this.#shares[side];
      if (share === 0 && side !== TRAIN) continue;
      // With one scene a subject can be on one side only; what nobody can do costs nothing.
      if (counts[side] === 0 && possible > side) cost += MISSING[side] * weight;
      cost += LABEL_SHARE_COST * weight * (counts[side] / Math.max(1, sum) - share) ** 2;
    }
    return cost;
  }
}
