import { cloth, felt, fur, hard, stitch, thread } from "../art/felt.ts";
import { body, type Figure } from "../art/figure.ts";

/** Things and people that are about a theatre but belong to no cast: what a recognizer has to call `unknown`. */
export interface Stranger {
  readonly phrase: string;
  readonly figure: Figure;
}

function stranger(id: string, phrase: string, canvas: Figure["canvas"], svg: string): Stranger {
  return { phrase, figure: { id, canvas, views: { front: [body(svg)] } } };
}

export const STRANGERS: readonly Stranger[] = [
  stranger(
    "umbrella",
    "An open umbrella",
    [-130, -280, 260, 290],
    hard(
      '<path d="M-4 -250 L4 -250 L4 -20 Q4 2 -18 2 Q-36 0 -34 -20 L-26 -20 Q-26 -6 -17 -6 Q-4 -6 -4 -22 Z" fill="#6b4a2e"/>',
    ) +
      cloth(
        '<path d="M-120 -150 Q-110 -260 0 -264 Q110 -260 120 -150 Q100 -168 80 -150 Q60 -168 40 -150 Q20 -168 0 -150 Q-20 -168 -40 -150 Q-60 -168 -80 -150 Q-100 -168 -120 -150 Z" fill="#e8a13a"/><path d="M-40 -150 Q-40 -240 0 -264 Q40 -240 40 -150 Q20 -168 0 -150 Q-20 -168 -40 -150 Z" fill="#2f8f86"/>',
      ),
  ),
  stranger(
    "chair",
    "An empty wooden chair",
    [-90, -230, 180, 240],
    hard(
      '<path d="M-60 -220 L-44 -220 L-44 4 L-60 4 Z M44 -220 L60 -220 L60 4 L44 4 Z" fill="#8c6a48"/><rect x="-60" y="-212" width="120" height="18" fill="#9a7650"/><rect x="-60" y="-170" width="120" height="16" fill="#9a7650"/><path d="M-76 -116 L76 -116 L70 -92 L-70 -92 Z" fill="#a98560"/><rect x="-56" y="-46" width="112" height="10" fill="#8c6a48"/>',
    ),
  ),
  stranger(
    "hand",
    "A stagehand's hand reaching in",
    [-90, -230, 200, 260],
    cloth('<path d="M-52 20 L-40 -110 L44 -110 L52 20 Z" fill="#24262b"/>') +
      felt(
        '<path d="M-38 -104 Q-44 -150 -34 -168 Q-30 -214 -18 -212 Q-8 -210 -10 -172 Q-6 -226 8 -222 Q18 -218 14 -172 Q20 -214 32 -208 Q40 -202 34 -160 Q40 -186 50 -180 Q56 -172 46 -140 Q44 -116 40 -104 Z M-34 -140 Q-62 -160 -70 -150 Q-72 -138 -50 -122 L-36 -110 Z" fill="#e3b48f"/>',
      ),
  ),
  stranger(
    "stagehand",
    "A stagehand in black",
    [-110, -400, 220, 410],
    cloth(
      '<path d="M-52 -280 Q0 -304 52 -280 L70 -120 L44 -116 L40 0 L6 0 L0 -110 L-6 0 L-40 0 L-44 -116 L-70 -120 Z" fill="#25272c"/>',
    ) +
      felt(
        '<ellipse cx="0" cy="-330" rx="38" ry="44" fill="#c99672"/><path d="M-40 -336 Q-40 -384 0 -384 Q40 -384 40 -336 Q20 -356 0 -354 Q-20 -356 -40 -336 Z" fill="#2a2320"/><circle cx="-64" cy="-112" r="14" fill="#c99672"/><circle cx="64" cy="-112" r="14" fill="#c99672"/>',
      ) +
      '<circle cx="-13" cy="-330" r="4" fill="#2a2320"/><circle cx="13" cy="-330" r="4" fill="#2a2320"/>' +
      hard(
        '<path d="M-44 -340 Q-44 -392 0 -392 Q44 -392 44 -340" fill="none" stroke="#55595f" stroke-width="7"/><rect x="-50" y="-346" width="14" height="30" rx="6" fill="#55595f"/><path d="M-42 -318 Q-30 -304 -16 -308" fill="none" stroke="#55595f" stroke-width="4"/>',
      ),
  ),
  stranger(
    "teapot",
    "A blue teapot",
    [-110, -140, 220, 150],
    hard(
      '<path d="M-66 -70 Q-70 -10 -30 0 L30 0 Q70 -10 66 -70 Q40 -104 0 -104 Q-40 -104 -66 -70 Z" fill="#5a8fc4"/><path d="M60 -50 Q86 -50 84 -84 L104 -92 Q108 -30 56 -22 Z" fill="#5a8fc4"/><path d="M-64 -76 Q-106 -80 -98 -40 Q-92 -18 -58 -20" fill="none" stroke="#5a8fc4" stroke-width="13"/><circle cx="0" cy="-114" r="12" fill="#f2efe6"/>',
    ) +
      '<g fill="#f2efe6"><circle cx="-30" cy="-50" r="7"/><circle cx="0" cy="-44" r="7"/><circle cx="30" cy="-50" r="7"/></g>',
  ),
  stranger(
    "ball",
    "A striped ball",
    [-80, -150, 160, 160],
    felt(
      '<circle cx="0" cy="-70" r="68" fill="#f1ece0"/><path d="M-66 -86 Q0 -120 66 -86 L68 -60 Q0 -92 -68 -60 Z" fill="#3b9f6e"/><path d="M-60 -36 Q0 -64 60 -36 L46 -18 Q0 -38 -46 -18 Z" fill="#e0802f"/>',
    ),
  ),
  stranger(
    "fox",
    "A fox puppet from another show",
    [-120, -300, 240, 310],
    fur(
      '<path d="M-46 -160 Q0 -176 46 -160 L62 -10 Q0 6 -62 -10 Z" fill="#d9772b"/><path d="M-22 -150 L22 -150 L16 -40 L-16 -40 Z" fill="#f4ead8"/><path d="M-50 -230 L-62 -290 L-20 -256 Z M50 -230 L62 -290 L20 -256 Z" fill="#8a3f14"/><path d="M0 -266 Q60 -262 70 -204 Q40 -160 0 -154 Q-40 -160 -70 -204 Q-60 -262 0 -266 Z" fill="#d9772b"/><path d="M-66 -200 Q-30 -200 0 -170 Q30 -200 66 -200 Q40 -160 0 -154 Q-40 -160 -66 -200 Z" fill="#f4ead8"/>',
    ) +
      '<circle cx="-24" cy="-214" r="7" fill="#1a1412"/><circle cx="24" cy="-214" r="7" fill="#1a1412"/><circle cx="0" cy="-166" r="9" fill="#1a1412"/>',
  ),
  stranger(
    "boots",
    "A pair of green rubber boots",
    [-100, -160, 200, 170],
    felt(
      '<path d="M-80 -150 L-34 -150 L-34 -50 Q-6 -42 -6 -4 L-82 -4 Z" fill="#3f7d4a"/><path d="M14 -150 L60 -150 L60 -50 Q88 -42 88 -4 L12 -4 Z" fill="#3f7d4a"/>',
    ) + stitch("M-76 -138 L-38 -138 M18 -138 L56 -138", "#e8d36a", 4),
  ),
  stranger(
    "clock",
    "A wall clock",
    [-80, -170, 160, 180],
    hard('<circle cx="0" cy="-80" r="76" fill="#3a4756"/>') +
      '<circle cx="0" cy="-80" r="60" fill="#fbfaf4"/>' +
      thread(
        "M0 -80 L0 -122 M0 -80 L28 -66 M0 -134 l0 6 M0 -26 l0 -6 M54 -80 l-6 0 M-54 -80 l6 0",
        "#22272e",
        6,
      ),
  ),
  stranger("books", "A pile of script books", [-100, -110, 200, 120], paper3()),
];

function paper3(): string {
  return (
    hard(
      '<rect x="-84" y="-32" width="168" height="32" rx="4" fill="#31597d"/><rect x="-74" y="-62" width="150" height="28" rx="4" fill="#a8894c"/><rect x="-80" y="-94" width="146" height="30" rx="4" fill="#5e7d4e"/>',
    ) +
    '<rect x="60" y="-28" width="22" height="24" fill="#f4efe2"/><rect x="54" y="-58" width="20" height="20" fill="#f4efe2"/><rect x="46" y="-90" width="18" height="22" fill="#f4efe2"/>'
  );
}
