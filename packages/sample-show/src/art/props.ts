import { cloth, felt, hard, paper, stitch, thread } from "./felt.ts";
import { body, type Figure } from "./figure.ts";

/** The basket: woven wicker with a high handle, a red gingham cloth hanging over its rim. */
export const BASKET_FIGURE: Figure = {
  id: "basket",
  canvas: [-80, -130, 160, 140],
  views: {
    front: [
      body(
        hard(
          '<path d="M-46 -62 Q-44 -122 0 -122 Q44 -122 46 -62" fill="none" stroke="#a06a30" stroke-width="11"/>',
        ) +
          thread("M-46 -62 Q-44 -122 0 -122 Q44 -122 46 -62", "#6d431c", 2) +
          hard('<path d="M-60 -66 L60 -66 L46 -4 Q0 4 -46 -4 Z" fill="url(#wicker)"/>') +
          hard(
            '<rect x="-64" y="-74" width="128" height="14" rx="7" fill="#b57a3a"/><path d="M-50 -12 Q0 -4 50 -12 L47 0 Q0 8 -47 0 Z" fill="#8a5a2a"/>',
          ) +
          cloth(
            '<path d="M-50 -76 Q-20 -92 6 -80 Q34 -90 54 -74 L48 -56 L30 -34 L14 -58 L-8 -46 L-24 -60 L-44 -40 Z" fill="url(#gingham-red)"/>',
          ),
      ),
    ],
  },
};

/** The axe: a curved ash handle and a broad steel head with a bright edge and a red band. */
export const AXE_FIGURE: Figure = {
  id: "axe",
  canvas: [-70, -200, 140, 210],
  views: {
    front: [
      body(
        hard(
          '<path d="M-9 -190 L7 -192 Q4 -100 12 -40 Q14 -14 20 -2 L-2 2 Q-8 -60 -9 -190 Z" fill="#d6a25e"/>',
        ) +
          hard('<path d="M-10 -60 L10 -62 L13 -36 L-9 -34 Z" fill="#b8352c"/>') +
          hard(
            '<path d="M-14 -182 L12 -182 Q34 -190 58 -198 Q70 -160 54 -122 Q34 -138 12 -142 L-14 -142 Z" fill="#8d99a3"/>',
          ) +
          '<path d="M58 -198 Q70 -160 54 -122 Q51 -130 48 -132 Q58 -160 52 -192 Z" fill="#eef3f6"/>' +
          '<circle cx="-2" cy="-162" r="4" fill="#5c666e"/>' +
          thread("M-4 -130 Q-4 -80 2 -20", "#a9743a", 2),
      ),
    ],
  },
};

/** The lantern: black iron with a ring and a pitched roof, a yellow glowing pane with a flame. */
export const LANTERN_FIGURE: Figure = {
  id: "lantern",
  canvas: [-60, -130, 120, 140],
  views: {
    front: [
      body(
        '<circle cx="0" cy="-114" r="12" fill="none" stroke="#23211f" stroke-width="5"/>' +
          hard(
            '<path d="M-34 -78 Q0 -112 34 -78 Z" fill="#2d2b2a"/><rect x="-8" y="-104" width="16" height="12" fill="#2d2b2a"/>',
          ) +
          '<rect x="-28" y="-78" width="56" height="64" fill="#ffdf6b"/><ellipse cx="0" cy="-44" rx="22" ry="28" fill="#fff3b8"/>' +
          '<path d="M0 -70 Q16 -44 8 -30 Q0 -22 -8 -30 Q-16 -44 0 -70 Z" fill="#f58b1f"/><path d="M0 -52 Q7 -38 3 -30 Q0 -27 -3 -30 Q-7 -38 0 -52 Z" fill="#fff6cf"/>' +
          hard(
            '<path d="M-32 -80 L-24 -80 L-24 -12 L-32 -12 Z M32 -80 L24 -80 L24 -12 L32 -12 Z M-3 -80 L3 -80 L3 -72 L-3 -72 Z" fill="#2d2b2a"/><path d="M-40 -16 L40 -16 L34 2 L-34 2 Z" fill="#2d2b2a"/>',
          ) +
          '<path d="M-28 -46 L28 -46" stroke="#2d2b2a" stroke-width="3"/><circle cx="-18" cy="-7" r="3" fill="#b98a3d"/><circle cx="18" cy="-7" r="3" fill="#b98a3d"/>',
      ),
    ],
  },
};

const petal = (x: number, y: number, r: number, colour: string, eye: string): string => {
  const petals = Array.from({ length: 7 }, (_, i) => {
    const angle = (i * 2 * Math.PI) / 7;
    return `<circle cx="${(x + Math.cos(angle) * r * 0.72).toFixed(1)}" cy="${(y + Math.sin(angle) * r * 0.72).toFixed(1)}" r="${r * 0.5}" fill="${colour}"/>`;
  });
  return felt(petals.join("") + `<circle cx="${x}" cy="${y}" r="${r * 0.42}" fill="${eye}"/>`);
};

/** The flowers: a bunch of daisies, pink and violet blooms with green leaves, tied with a white ribbon. */
export const FLOWERS_FIGURE: Figure = {
  id: "flowers",
  canvas: [-70, -130, 140, 140],
  views: {
    front: [
      body(
        thread(
          "M-8 0 Q-6 -40 -34 -84 M0 2 L0 -90 M8 0 Q8 -40 36 -80 M-2 0 Q-8 -30 -18 -60 M4 0 Q8 -30 20 -56",
          "#3f8a3a",
          5,
        ) +
          felt(
            '<path d="M-10 -34 Q-44 -30 -52 -58 Q-24 -64 -10 -34 Z M10 -30 Q44 -24 54 -50 Q26 -60 10 -30 Z M-2 -46 Q-24 -70 -8 -92 Q8 -70 -2 -46 Z" fill="#58a83f"/>',
          ) +
          petal(-36, -88, 19, "#fdfaf2", "#f3b31f") +
          petal(36, -86, 19, "#f06aa4", "#ffe08a") +
          petal(0, -104, 20, "#8e5bd0", "#ffd95a") +
          petal(-14, -68, 17, "#f4c52b", "#8a4d16") +
          petal(18, -62, 17, "#fdfaf2", "#f3b31f") +
          cloth(
            '<path d="M-14 -32 L14 -32 L12 -20 L-12 -20 Z M0 -26 L-28 -36 L-26 -14 Z M0 -26 L28 -36 L26 -14 Z" fill="#fff"/>',
          ),
      ),
    ],
  },
};

/** The cake: two chocolate tiers with pink icing that runs down, cream dots, a cherry, on a blue-rimmed plate. */
export const CAKE_FIGURE: Figure = {
  id: "cake",
  canvas: [-80, -120, 160, 130],
  views: {
    front: [
      body(
        hard(
          '<ellipse cx="0" cy="-8" rx="72" ry="11" fill="#f5f7fb"/><ellipse cx="0" cy="-10" rx="60" ry="7" fill="#6f9fd8"/>',
        ) +
          felt('<path d="M-54 -56 L54 -56 L54 -14 Q0 -4 -54 -14 Z" fill="#7a4423"/>') +
          felt('<path d="M-34 -92 L34 -92 L34 -56 L-34 -56 Z" fill="#8a5230"/>') +
          felt(
            '<path d="M-56 -58 Q0 -70 56 -58 L56 -44 q-6 14 -13 0 q-7 20 -14 2 q-8 14 -14 0 q-8 22 -15 2 q-8 14 -14 0 q-8 18 -14 0 q-7 12 -14 -2 q-6 14 -14 -2 Z" fill="#f59cc0"/>',
          ) +
          felt(
            '<path d="M-36 -92 Q0 -106 36 -92 L36 -80 q-6 14 -12 2 q-6 16 -12 0 q-6 12 -12 0 q-6 16 -12 0 q-6 12 -12 0 q-6 12 -12 -2 Z" fill="#f59cc0"/>',
          ) +
          '<g fill="#fff8ec"><circle cx="-40" cy="-26" r="4.500"/><circle cx="-20" cy="-21" r="4.500"/><circle cx="0" cy="-19" r="4.500"/><circle cx="20" cy="-21" r="4.500"/><circle cx="40" cy="-26" r="4.500"/></g>' +
          felt('<circle cx="0" cy="-102" r="11" fill="#d31e2e"/>') +
          '<circle cx="-4" cy="-106" r="3" fill="#fff"/>' +
          thread("M2 -110 Q8 -118 14 -117", "#4a7a2c", 3),
      ),
    ],
  },
};

/** The bottle: dark green glass with a cork and a cream label with a bunch of grapes. */
export const BOTTLE_FIGURE: Figure = {
  id: "bottle",
  canvas: [-40, -150, 80, 160],
  views: {
    front: [
      body(
        hard('<rect x="-8" y="-144" width="16" height="20" rx="3" fill="#c89a63"/>') +
          hard(
            '<path d="M-11 -128 L11 -128 L11 -100 Q30 -88 30 -66 L30 -8 Q0 4 -30 -8 L-30 -66 Q-30 -88 -11 -100 Z" fill="#1f6a3a"/>',
          ) +
          '<path d="M-20 -78 Q-18 -90 -7 -98 L-7 -124 L-3 -124 L-3 -96 Q-12 -88 -14 -76 L-14 -66 L-20 -66 Z" fill="#bff0c6" opacity=".65"/>' +
          hard('<rect x="-13" y="-132" width="26" height="9" rx="3" fill="#c9a23a"/>') +
          paper('<path d="M-30 -60 L30 -60 L30 -20 Q0 -12 -30 -20 Z" fill="#f7ecd0"/>') +
          '<g fill="#7b3fa0"><circle cx="-6" cy="-44" r="5.500"/><circle cx="6" cy="-44" r="5.500"/><circle cx="0" cy="-35" r="5.500"/><circle cx="-12" cy="-45" r="4.500"/><circle cx="12" cy="-45" r="4.500"/><circle cx="0" cy="-27" r="4.500"/></g>' +
          thread("M-18 -54 L18 -54", "#b98a3d", 2.4) +
          thread("M0 -50 L4 -56", "#4a7a2c", 3),
      ),
    ],
  },
};

const QUILT = ["#d9534f", "#f2c14e", "#4f8fc0", "#78b159", "#e8e0cf", "#b678b8"] as const;

const patchwork = (): string => {
  const squares: string[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 7; column++) {
      const colour = QUILT[(row * 4 + column * 5 + (row & column)) % QUILT.length] ?? QUILT[0];
      const [x, y] = [-118 + column * 40, -92 + row * 30];
      squares.push(`<rect x="${x}" y="${y}" width="40" height="30" fill="${colour}"/>`);
      squares.push(stitch(`M${x + 4} ${y + 4} h32 v22 h-32 Z`, "#fff8ea", 1.8));
    }
  }
  return squares.join("");
};

const bedBehind =
  hard('<path d="M-186 4 L-186 -190 Q-160 -214 -134 -190 L-134 4 Z" fill="url(#grain)"/>') +
  hard(
    '<circle cx="-160" cy="-208" r="13" fill="#7a4722"/><path d="M-170 -150 q-10 -12 -16 0 q0 12 16 24 q16 -12 16 -24 q-6 -12 -16 0 Z" transform="translate(10 0)" fill="#d9534f"/>',
  ) +
  hard('<rect x="-150" y="-66" width="316" height="48" rx="6" fill="#f2ece0"/>') +
  cloth('<path d="M-140 -68 Q-146 -128 -108 -126 Q-56 -132 -50 -70 Q-90 -54 -140 -68 Z" fill="#fdfbf5"/>') +
  stitch("M-128 -76 Q-94 -66 -62 -76", "#9db7d8", 2);

const bedBefore =
  cloth(
    `<path id="quilt" d="M-118 -92 Q-60 -104 0 -94 Q80 -104 162 -90 L162 -6 L-118 -6 Z" fill="#e8e0cf"/>`,
  ) +
  `<g filter="url(#cloth)"><clipPath id="quilt-edge"><path d="M-118 -90 Q-60 -102 0 -92 Q80 -102 162 -88 L162 -6 L-118 -6 Z"/></clipPath><g clip-path="url(#quilt-edge)">${patchwork()}</g></g>` +
  cloth(
    '<path d="M-120 -92 Q-60 -106 0 -96 Q80 -106 164 -92 L164 -76 Q80 -90 0 -80 Q-60 -90 -120 -76 Z" fill="#fdfbf5"/>',
  ) +
  hard(
    '<rect x="-180" y="-22" width="356" height="18" rx="4" fill="#7a4722"/><rect x="148" y="-120" width="32" height="126" rx="8" fill="url(#grain)"/><circle cx="164" cy="-126" r="13" fill="#7a4722"/>',
  );

/** The bed: wooden headboard with a heart, white pillow, patchwork quilt. Who lies in it is between its two halves. */
export const BED_FIGURE: Figure = {
  id: "bed",
  canvas: [-210, -240, 410, 260],
  views: { front: [body(bedBehind), body(bedBefore)] },
};
