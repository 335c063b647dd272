import type { SeededRandom } from "@followspot/domain";

/** Of the pictures, in pixels. */
export const SIZE = { width: 640, height: 480 };

const GROUNDS = [
  ["#b9c0c2", "#b08a5c"],
  ["#5d6f63", "#c08f5a"],
  ["#a9d3ef", "#79ad4e"],
  ["#dcd3c2", "#a59c8e"],
  ["#8a6f52", "#6b6f73"],
  ["#3f4a5c", "#2f2a2a"],
] as const;

/** How many places there are. */
export const PLACES = GROUNDS.length;

const CLUTTER = 9;

/** A wall, a floor, and things that stand about, some of them elsewhere in each picture. */
export function drawPlace(place: number, random: SeededRandom): string {
  const [wall, floor] = GROUNDS[place % PLACES] ?? GROUNDS[0];
  const { width, height } = SIZE;
  const horizon = height * random.between(0.55, 0.75);
  const things = Array.from({ length: CLUTTER }, (_, index) => {
    const [x, y] = [random.between(0, width), random.between(0, height)];
    const [w, h] = [random.between(20, 120), random.between(10, 90)];
    const fill = `hsl(${(place * 57 + index * 31) % 360} 22% ${random.between(25, 75)}%)`;
    return index % 2 === 0
      ? `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}"/>`
      : `<ellipse cx="${x}" cy="${y}" rx="${w / 2}" ry="${h / 2}" fill="${fill}"/>`;
  });
  return `<rect width="${width}" height="${height}" fill="${wall}"/><rect y="${horizon}" width="${width}" height="${height}" fill="${floor}"/>${things.join("")}`;
}
