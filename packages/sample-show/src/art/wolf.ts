import { ROD, cloth, felt, fur, stitch, thread } from "./felt.ts";
import { body, type Figure, type Part, part } from "./figure.ts";

const FUR = "#78828f";
const DARK = "#4b535f";
const PALE = "#c3c8cc";

const eye = (x: number, y: number): string =>
  `<ellipse cx="${x}" cy="${y}" rx="10" ry="8" fill="#ffd23d"/><ellipse cx="${x + 1}" cy="${y}" rx="3.200" ry="7" fill="#17120c"/><circle cx="${x - 2}" cy="${y - 3}" r="2.200" fill="#fff"/>`;

const feet = (left: number, right: number): string =>
  fur(
    `<path d="M${left - 26} -2 Q${left - 26} -22 ${left} -24 Q${left + 24} -22 ${left + 24} -2 Z" fill="${DARK}"/><path d="M${right - 24} -2 Q${right - 24} -22 ${right} -24 Q${right + 26} -22 ${right + 26} -2 Z" fill="${DARK}"/>`,
  ) +
  thread(
    `M${left - 12} -4 l0 -8 M${left + 2} -4 l0 -8 M${right - 2} -4 l0 -8 M${right + 12} -4 l0 -8`,
    "#e9e2d0",
    2.6,
  );

const torso =
  fur(
    `<path d="M-54 -214 L-62 -196 L-58 -188 L-70 -160 L-64 -152 L-76 -110 L-68 -100 L-78 -60 L-62 -52 L-56 -18 Q0 -6 56 -18 L62 -52 L78 -60 L68 -100 L76 -110 L64 -152 L70 -160 L58 -188 L62 -196 L54 -214 Q0 -232 -54 -214 Z" fill="${FUR}"/>`,
  ) +
  fur(
    `<path d="M-22 -208 L22 -208 L30 -150 L26 -130 L32 -100 L22 -60 Q0 -46 -22 -60 L-32 -100 L-26 -130 L-30 -150 Z" fill="${PALE}"/>`,
  );

const vest =
  cloth(
    '<path d="M-56 -216 L-20 -212 Q-30 -160 -24 -92 L-76 -86 Q-74 -150 -56 -216 Z" fill="#5a3a86"/><path d="M56 -216 L20 -212 Q30 -160 24 -92 L76 -86 Q74 -150 56 -216 Z" fill="#5a3a86"/>',
  ) +
  cloth('<path d="M-66 -134 L-36 -138 L-34 -106 L-64 -104 Z" fill="#5f9a3c"/>') +
  stitch("M-64 -132 L-38 -135 L-36 -108 L-62 -106 Z", "#f3ead0", 2) +
  stitch("M-26 -204 Q-34 -150 -28 -98 M26 -204 Q34 -150 28 -98", "#c9a9ea", 2) +
  '<circle cx="34" cy="-170" r="5" fill="#f0c24b"/><circle cx="35" cy="-140" r="5" fill="#f0c24b"/><circle cx="34" cy="-110" r="5" fill="#f0c24b"/>';

const arm = (x: number, bend: number): string =>
  fur(
    `<path d="M${x - 16} -208 Q${x} -220 ${x + 16} -206 L${x + bend + 17} -160 L${x + bend + 11} -150 L${x + bend * 1.4 + 15} -112 L${x + bend * 1.4 - 15} -112 L${x + bend - 17} -152 L${x + bend - 12} -162 Z" fill="${FUR}"/>`,
  ) +
  fur(`<circle cx="${x + bend * 1.4}" cy="-104" r="17" fill="${DARK}"/>`) +
  thread(
    `M${x + bend * 1.4 - 9} -94 l-2 9 M${x + bend * 1.4} -90 l0 9 M${x + bend * 1.4 + 9} -94 l2 9`,
    "#f1ead8",
    3,
  );

const ears =
  fur(
    `<path d="M-56 -300 L-64 -368 L-20 -328 Z" fill="${DARK}"/><path d="M56 -300 L64 -368 L20 -328 Z" fill="${DARK}"/>`,
  ) +
  '<path d="M-52 -312 L-57 -350 L-32 -326 Z" fill="#c98d8d"/><path d="M52 -312 L57 -350 L32 -326 Z" fill="#c98d8d"/>';

const face =
  fur(
    `<path d="M0 -336 Q52 -336 60 -294 L86 -268 L68 -264 L78 -244 L56 -246 Q40 -214 0 -212 Q-40 -214 -56 -246 L-78 -244 L-68 -264 L-86 -268 L-60 -294 Q-52 -336 0 -336 Z" fill="${FUR}"/>`,
  ) +
  fur(
    `<path d="M0 -282 Q30 -280 38 -250 Q36 -208 0 -204 Q-36 -208 -38 -250 Q-30 -280 0 -282 Z" fill="${PALE}"/>`,
  ) +
  felt('<ellipse cx="0" cy="-268" rx="17" ry="12" fill="#15110f"/>') +
  '<ellipse cx="-5" cy="-272" rx="4" ry="2.500" fill="#fff" opacity=".8"/>' +
  eye(-26, -294) +
  eye(26, -294) +
  thread("M-42 -312 L-16 -302 M42 -312 L16 -302", "#23262c", 5) +
  '<path d="M-28 -240 Q0 -226 28 -240 Q22 -214 0 -212 Q-22 -214 -28 -240 Z" fill="#7b1c26"/><path d="M-24 -239 l6 11 l6 -8 Z M24 -239 l-6 11 l-6 -8 Z M-6 -234 l6 10 l6 -10 Z" fill="#fffaf0"/>' +
  thread("M0 -256 L0 -236", "#3a3034", 3);

const tail = fur(
  `<path d="M-40 -80 Q-104 -88 -128 -140 Q-140 -104 -126 -84 L-138 -76 Q-112 -44 -76 -46 L-70 -36 Q-50 -42 -36 -56 Z" fill="${FUR}"/><path d="M-128 -140 Q-140 -104 -126 -84 L-112 -100 Z" fill="${PALE}"/>`,
);

const headSide =
  fur(`<path d="M-34 -316 L-46 -372 L-6 -336 Z" fill="${DARK}"/>`) +
  fur(
    `<path d="M-44 -230 L-60 -240 L-52 -256 L-68 -272 L-52 -286 Q-44 -334 2 -334 Q36 -330 48 -296 Q96 -290 124 -266 Q132 -252 118 -246 L62 -236 Q30 -204 -10 -208 L-18 -196 L-28 -210 L-40 -204 Z" fill="${FUR}"/>`,
  ) +
  fur(
    `<path d="M34 -262 Q80 -262 120 -252 Q124 -246 116 -244 L70 -232 Q44 -206 6 -208 Q-4 -236 34 -262 Z" fill="${PALE}"/>`,
  ) +
  '<path d="M52 -240 L114 -248 Q100 -226 66 -222 Q54 -226 52 -240 Z" fill="#7b1c26"/><path d="M62 -241 l5 12 l7 -13 Z M84 -244 l5 11 l6 -12 Z M103 -246 l3 9 l6 -10 Z" fill="#fffaf0"/>' +
  felt('<ellipse cx="120" cy="-266" rx="13" ry="11" fill="#15110f"/>') +
  eye(26, -292) +
  thread("M10 -312 L40 -302", "#23262c", 5) +
  fur(`<path d="M-4 -326 L4 -380 L30 -330 Z" fill="${FUR}"/>`);

const bodySide =
  tail +
  feet(-12, 22) +
  fur(
    `<path d="M-40 -214 L-52 -180 L-46 -168 L-62 -120 L-54 -108 L-62 -64 L-46 -50 L-40 -18 Q6 -8 44 -18 L58 -64 L52 -90 L60 -120 L48 -160 L40 -210 Q0 -230 -40 -214 Z" fill="${FUR}"/>`,
  ) +
  cloth('<path d="M-40 -216 L28 -216 Q40 -150 42 -92 L-62 -86 Q-58 -150 -40 -216 Z" fill="#5a3a86"/>') +
  cloth('<path d="M-40 -136 L-10 -140 L-8 -108 L-38 -106 Z" fill="#5f9a3c"/>') +
  stitch("M-38 -134 L-12 -137 L-10 -110 L-36 -108 Z", "#f3ead0", 2);

const nightcap =
  cloth('<path d="M-74 -296 Q-80 -372 -10 -384 Q62 -380 74 -296 Q0 -326 -74 -296 Z" fill="#fbf7f2"/>') +
  cloth(
    '<path d="M-82 -286 q6 -20 22 -14 q8 -18 24 -10 q10 -14 24 -4 q14 -12 26 0 q14 -10 24 4 q16 -6 22 12 q16 -2 18 14 q-82 -32 -160 -2 Z" fill="#e8e0f0"/>',
  ) +
  '<path d="M-14 -386 q14 -12 28 0 q-4 12 -14 14 q-10 -2 -14 -14 Z" fill="#e08aa8"/>';

const frontParts = (head: string): readonly Part[] => [
  body(tail + feet(-28, 28) + torso + vest),
  part("farArm", [56, -206], arm(56, 14)),
  part("nearArm", [-56, -206], arm(-56, -14)),
  part("head", [0, -214], head),
];

/** The wolf: grey fur, pointed ears, yellow eyes, teeth, purple waistcoat with a green patch, bushy tail. */
export const WOLF_FIGURE: Figure = {
  id: "wolf",
  canvas: [-190, -410, 380, 500],
  rod: ROD,
  views: {
    front: frontParts(ears + face),
    disguised: [
      body(
        tail +
          feet(-28, 28) +
          cloth('<path d="M-54 -216 Q0 -236 54 -216 L84 -24 Q0 -4 -84 -24 Z" fill="url(#stripes-lilac)"/>') +
          cloth('<path d="M-60 -200 Q0 -180 60 -200 L54 -222 Q0 -232 -54 -222 Z" fill="#fbf7f2"/>'),
      ),
      part("farArm", [56, -206], arm(56, 14)),
      part("nearArm", [-56, -206], arm(-56, -14)),
      part("head", [0, -214], ears + face + nightcap),
    ],
    side: [
      part("farArm", [12, -206], arm(12, 22)),
      body(bodySide),
      part("nearArm", [4, -206], arm(4, 26)),
      part("head", [0, -216], headSide),
    ],
    back: [
      part("farArm", [-56, -206], arm(-56, -14)),
      part("nearArm", [56, -206], arm(56, 14)),
      body(
        feet(-28, 28) +
          torso +
          cloth('<path d="M-58 -216 Q0 -234 58 -216 L78 -86 Q0 -72 -78 -86 Z" fill="#5a3a86"/>') +
          stitch("M0 -222 L0 -84", "#c9a9ea", 2.4) +
          cloth('<path d="M14 -160 L48 -156 L46 -120 L12 -124 Z" fill="#d58a2b"/>') +
          stitch("M17 -157 L45 -153 L43 -124 L15 -127 Z", "#f3ead0", 2) +
          tail,
      ),
      part(
        "head",
        [0, -216],
        ears +
          fur(
            `<path d="M0 -338 Q54 -336 60 -294 L84 -268 L66 -262 L76 -240 L54 -238 Q40 -208 0 -206 Q-40 -208 -54 -238 L-76 -240 L-66 -262 L-84 -268 L-60 -294 Q-54 -336 0 -338 Z" fill="${FUR}"/>`,
          ) +
          thread("M-10 -320 L0 -300 L10 -320 M-10 -290 L0 -270 L10 -290 M-10 -260 L0 -240 L10 -260", DARK, 4),
      ),
    ],
  },
};
