import { SeededRandom } from "@followspot/domain";
import { cloth, felt, hard, paper, stitch, thread } from "../art/felt.ts";

const floor = (fill: string, line: string): string =>
  `<rect y="556" width="1280" height="170" fill="${fill}"/>${Array.from({ length: 12 }, (_, i) => `<path d="M${i * 130 - 80} 726 L${i * 96 + 112} 556" stroke="${line}" stroke-width="3"/>`).join("")}<rect y="552" width="1280" height="10" fill="${line}"/>`;

const frame = (x: number, y: number, width: number, height: number, inner: string): string =>
  hard(`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#7b522d"/>`) +
  `<rect x="${x + 12}" y="${y + 12}" width="${width - 24}" height="${height - 24}" fill="#f3ead6"/>` +
  inner;

const window = (x: number, y: number, sky: string, inner: string): string =>
  hard(`<rect x="${x - 12}" y="${y - 12}" width="204" height="204" rx="8" fill="#86592f"/>`) +
  `<rect x="${x}" y="${y}" width="180" height="180" fill="${sky}"/>${inner}` +
  hard(
    `<rect x="${x + 84}" y="${y}" width="12" height="180" fill="#86592f"/><rect x="${x}" y="${y + 84}" width="180" height="12" fill="#86592f"/><rect x="${x - 24}" y="${y + 186}" width="228" height="18" rx="6" fill="#9a6b3c"/>`,
  );

/** The mother's cottage: a light kitchen with a hearth, a dresser with plates, and the door to the forest path. */
export const COTTAGE =
  '<rect width="1280" height="560" fill="#efdcb4"/>' +
  paper(
    `<rect width="1280" height="560" fill="#ead5aa"/>${Array.from({ length: 22 }, (_, i) => `<rect x="${i * 60}" width="26" height="560" fill="#e2c893"/>`).join("")}`,
  ) +
  '<rect y="420" width="1280" height="140" fill="#c08a56"/>' +
  Array.from(
    { length: 17 },
    (_, i) => `<rect x="${i * 78 + 2}" y="428" width="70" height="124" fill="#c9955f"/>`,
  ).join("") +
  hard('<rect y="410" width="1280" height="16" fill="#94633a"/>') +
  window(
    560,
    170,
    "#a9daf0",
    '<path d="M560 350 L560 300 Q620 260 680 300 Q710 270 740 290 L740 350 Z" fill="#7fb56a"/><circle cx="700" cy="208" r="20" fill="#ffe79a"/>',
  ) +
  cloth(
    '<path d="M540 150 h110 q-10 90 -96 130 Z M760 150 h-110 q10 90 96 130 Z" fill="#d9584f" opacity=".92"/>',
  ) +
  hard(
    '<rect x="150" y="330" width="210" height="226" fill="#9b8f86"/><path d="M140 310 h230 v30 h-230 Z" fill="#7d5a3a"/><path d="M184 556 V430 q70 -70 142 0 V556 Z" fill="#2c211d"/>',
  ) +
  felt(
    '<path d="M214 552 q10 -60 40 -84 q34 30 42 84 Z" fill="#e2672a"/><path d="M232 552 q8 -34 22 -50 q20 22 24 50 Z" fill="#ffc64a"/>',
  ) +
  hard(
    '<rect x="170" y="180" width="170" height="12" fill="#94633a"/><circle cx="200" cy="158" r="22" fill="#e9eef4"/><circle cx="254" cy="158" r="22" fill="#7ea6c9"/><circle cx="308" cy="158" r="22" fill="#e9eef4"/>',
  ) +
  '<path d="M892 556 V236 q64 -60 128 0 V556 Z" fill="#8fc3dd"/><path d="M892 556 V430 q64 -40 128 -10 V556 Z" fill="#7fb56a"/><path d="M930 556 q20 -60 30 -110 l14 0 q0 60 30 110 Z" fill="#d9c28f"/>' +
  hard('<path d="M876 560 V230 q80 -76 160 0 V560 h-18 V240 q-62 -56 -124 0 V560 Z" fill="#7b522d"/>') +
  floor("#b07a47", "#8a5b31");

function forestTrees(): string {
  const random = new SeededRandom(11);
  const row = (
    count: number,
    { y, trunk, leaf, size }: { y: number; trunk: string; leaf: string; size: number },
  ): string =>
    Array.from({ length: count }, (_, i) => {
      const x = (i * 1280) / count + random.between(10, 60);
      const lean = random.between(-14, 14);
      const crown = Array.from(
        { length: 5 },
        (_c, k) =>
          `<circle cx="${(x + lean + (k - 2) * size * 0.34).toFixed(0)}" cy="${(y - size * (2.6 + (k % 2) * 0.4)).toFixed(0)}" r="${(size * 0.52).toFixed(0)}" fill="${leaf}"/>`,
      ).join("");
      return `<path d="M${x - size * 0.16} ${y} L${x + lean - size * 0.1} ${y - size * 2.8} h${size * 0.2} L${x + size * 0.16} ${y} Z" fill="${trunk}"/>${crown}`;
    }).join("");
  return (
    row(11, { y: 470, trunk: "#8aa596", leaf: "#a6c8ad", size: 96 }) +
    paper(row(8, { y: 520, trunk: "#6d8a70", leaf: "#77aa78", size: 128 })) +
    felt(row(5, { y: 566, trunk: "#5b4a38", leaf: "#4c8a50", size: 164 }))
  );
}

/** The forest: rows of felt trees that pale with distance, a path, toadstools. */
export const FOREST =
  '<linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#bfe0ea"/><stop offset="1" stop-color="#e9f0cf"/></linearGradient><rect width="1280" height="720" fill="url(#sky)"/>' +
  forestTrees() +
  felt('<path d="M-20 560 Q300 520 640 552 Q980 524 1300 556 L1300 740 L-20 740 Z" fill="#6a9a45"/>') +
  '<path d="M430 740 Q560 620 640 560 L700 560 Q760 640 860 740 Z" fill="#cdb07a"/>' +
  felt(
    '<path d="M560 592 q0 -18 20 -18 q20 0 20 18 Z" fill="#d2452f"/><rect x="574" y="590" width="12" height="18" fill="#f3ead8"/><path d="M612 600 q0 -12 14 -12 q14 0 14 12 Z" fill="#d2452f"/><rect x="621" y="598" width="9" height="13" fill="#f3ead8"/>',
  ) +
  '<circle cx="574" cy="582" r="3" fill="#fff"/><circle cx="588" cy="584" r="3" fill="#fff"/>' +
  '<linearGradient id="ray" x2="0" y2="1"><stop offset="0" stop-color="#fffbd0" stop-opacity="0"/><stop offset=".45" stop-color="#fffbd0" stop-opacity=".2"/><stop offset="1" stop-color="#fffbd0" stop-opacity=".06"/></linearGradient><path d="M300 90 L380 90 L250 560 L110 560 Z M470 90 L510 90 L470 560 L380 560 Z M640 90 L740 90 L690 560 L560 560 Z" fill="url(#ray)"/>' +
  felt(Array.from({ length: 9 }, (_, i) => fern(70 + i * 146, 596 + ((i * 37) % 30))).join(""));

function fern(x: number, y: number): string {
  const blades = [-34, -17, 0, 17, 34].map(
    (lean) =>
      `<path d="M${x} ${y} Q${x + lean * 0.4} ${y - 26} ${x + lean} ${y - 40 + Math.abs(lean) * 0.5} Q${x + lean * 0.7 + 5} ${y - 18} ${x + 5} ${y} Z" fill="#4d8a3a"/>`,
  );
  return blades.join("");
}

/** The grandmother's bedroom: rose wallpaper, a night window, pictures, a rag rug. */
export const BEDROOM =
  '<rect width="1280" height="560" fill="#b9c7b0"/>' +
  paper(
    `<rect width="1280" height="560" fill="#b5c6b4"/>${Array.from({ length: 60 }, (_, i) => {
      const [x, y] = [(i % 12) * 112 + (Math.floor(i / 12) % 2) * 56, Math.floor(i / 12) * 96 + 40];
      return `<circle cx="${x}" cy="${y}" r="9" fill="#a06f86"/><path d="M${x - 14} ${y + 14} q14 -10 28 0" stroke="#5f8a66" stroke-width="4" fill="none"/>`;
    }).join("")}`,
  ) +
  '<rect y="440" width="1280" height="120" fill="#8d6f5a"/>' +
  Array.from(
    { length: 14 },
    (_, i) => `<rect x="${i * 96 + 6}" y="452" width="82" height="98" fill="#9a7b64"/>`,
  ).join("") +
  hard('<rect y="430" width="1280" height="16" fill="#6d5240"/>') +
  window(
    700,
    150,
    "#27365e",
    '<circle cx="830" cy="196" r="20" fill="#f4efce"/><circle cx="736" cy="186" r="3" fill="#fff"/><circle cx="760" cy="226" r="2.500" fill="#fff"/><circle cx="850" cy="262" r="2.500" fill="#fff"/><path d="M700 330 L740 260 L770 300 L800 250 L880 330 Z" fill="#18243f"/>',
  ) +
  cloth('<path d="M672 128 h120 q-8 130 -106 190 Z M908 128 h-120 q8 130 106 190 Z" fill="#a8637f"/>') +
  frame(
    440,
    150,
    110,
    130,
    felt(
      '<circle cx="495" cy="206" r="26" fill="#e3b892"/><path d="M462 268 q33 -46 66 0 Z" fill="#4c6f8f"/>',
    ),
  ) +
  frame(300, 190, 92, 80, thread("M318 250 L346 214 L366 238 L376 228", "#5f8a66", 6)) +
  floor("#7c5a41", "#5f432f") +
  `<ellipse cx="700" cy="622" rx="320" ry="40" fill="#8c3f4d"/><ellipse cx="700" cy="622" rx="270" ry="31" fill="#d9b36a"/><ellipse cx="700" cy="622" rx="210" ry="22" fill="#4f7f8a"/>${stitch("M400 622 a300 35 0 1 0 600 0 a300 35 0 1 0 -600 0", "#f5e6c4", 3)}`;
