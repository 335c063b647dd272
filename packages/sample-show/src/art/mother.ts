import { ROD, buttonEye, cheek, cloth, felt, stitch, thread } from "./felt.ts";
import { body, type Figure, part } from "./figure.ts";

const TEAL = "#1c7a78";
const SKIN = "#efc09a";
const HAIR = "#d8a64a";

const shoes = (left: number, right: number): string =>
  felt(
    `<ellipse cx="${left}" cy="-6" rx="22" ry="11" fill="#5b3a5e"/><ellipse cx="${right}" cy="-6" rx="22" ry="11" fill="#5b3a5e"/>`,
  );

const skirt = cloth(
  '<path d="M-42 -200 Q0 -212 42 -200 Q50 -150 92 -24 Q0 4 -92 -24 Q-50 -150 -42 -200 Z" fill="url(#dots-teal)"/>',
);

const apron =
  cloth(
    '<path d="M-26 -196 Q0 -202 26 -196 L30 -146 Q48 -90 56 -44 Q0 -22 -56 -44 Q-48 -90 -30 -146 Z" fill="#fbf4e4"/>',
  ) +
  cloth('<path d="M-24 -106 L24 -106 L20 -70 Q0 -60 -20 -70 Z" fill="#f2c94c"/>') +
  stitch("M-52 -52 Q0 -32 52 -52", "#d4574e", 2.4) +
  stitch("M-22 -100 L22 -100", "#b5792a", 2);

const sleeve = (x: number, bend: number): string =>
  felt(
    `<path d="M${x - 15} -204 Q${x} -216 ${x + 15} -204 L${x + bend + 13} -156 L${x + bend - 13} -156 Z" fill="${TEAL}"/>`,
  ) +
  felt(
    `<path d="M${x + bend - 9} -160 L${x + bend + 9} -160 L${x + bend * 1.5 + 8} -122 L${x + bend * 1.5 - 8} -122 Z" fill="${SKIN}"/><circle cx="${x + bend * 1.5}" cy="-116" r="13" fill="${SKIN}"/>`,
  );

const headFront =
  felt(`<circle cx="0" cy="-336" r="26" fill="${HAIR}"/>`) +
  felt(`<ellipse cx="0" cy="-262" rx="62" ry="60" fill="${HAIR}"/>`) +
  felt(`<ellipse cx="0" cy="-256" rx="49" ry="51" fill="${SKIN}"/>`) +
  felt(
    `<path d="M-50 -262 Q-40 -306 0 -290 Q40 -306 50 -262 Q30 -284 0 -284 Q-30 -284 -50 -262 Z" fill="${HAIR}"/>`,
  ) +
  cloth(
    '<path d="M-64 -276 Q-56 -334 0 -330 Q56 -334 64 -276 Q36 -312 0 -308 Q-36 -312 -64 -276 Z" fill="url(#dots-ochre)"/>',
  ) +
  buttonEye(-18, -256, 7) +
  buttonEye(18, -256, 7) +
  thread("M-28 -270 Q-18 -277 -9 -271 M28 -270 Q18 -277 9 -271", "#8a6020", 3) +
  cheek(-30, -238, 10) +
  cheek(30, -238, 10) +
  '<path d="M-4 -244 Q0 -236 5 -244" fill="none" stroke="#c98a60" stroke-width="3.500" stroke-linecap="round"/>' +
  '<path d="M-13 -229 Q0 -214 13 -229 Q0 -233 -13 -229 Z" fill="#c0383f"/>' +
  '<circle cx="-53" cy="-238" r="5" fill="#f2c94c"/><circle cx="53" cy="-238" r="5" fill="#f2c94c"/>';

const headSide =
  felt(`<circle cx="-46" cy="-312" r="28" fill="${HAIR}"/>`) +
  felt(`<ellipse cx="-8" cy="-264" rx="58" ry="58" fill="${HAIR}"/>`) +
  felt(
    `<path d="M8 -302 Q48 -298 48 -264 Q64 -250 50 -246 Q50 -208 16 -206 Q-8 -216 -6 -256 Q-6 -290 8 -302 Z" fill="${SKIN}"/>`,
  ) +
  cloth(
    '<path d="M34 -304 Q10 -334 -30 -320 Q-62 -300 -58 -262 Q-40 -300 -4 -300 Q20 -302 34 -304 Z" fill="url(#dots-ochre)"/>',
  ) +
  buttonEye(32, -262, 6.5) +
  thread("M24 -276 Q32 -282 40 -276", "#8a6020", 3) +
  cheek(20, -240, 9) +
  thread("M32 -228 Q42 -222 48 -230", "#c0383f", 3.4) +
  '<circle cx="-10" cy="-238" r="5" fill="#f2c94c"/>';

/** The mother: teal dotted dress, cream apron with a yellow pocket, ochre headscarf over a blonde bun. */
export const MOTHER_FIGURE: Figure = {
  id: "mother",
  canvas: [-170, -390, 340, 480],
  rod: ROD,
  views: {
    front: [
      body(shoes(-26, 26) + skirt + apron),
      part("farArm", [48, -202], sleeve(48, 12)),
      part("nearArm", [-48, -202], sleeve(-48, -12)),
      part("head", [0, -208], headFront),
    ],
    side: [
      part("farArm", [10, -200], sleeve(10, 18)),
      body(
        shoes(4, 22) +
          cloth(
            '<path d="M-32 -202 Q2 -212 30 -200 Q34 -150 66 -24 Q-10 2 -88 -24 Q-40 -150 -32 -202 Z" fill="url(#dots-teal)"/>',
          ) +
          cloth(
            '<path d="M8 -200 L30 -196 Q34 -150 62 -46 Q40 -34 18 -40 Q14 -120 8 -200 Z" fill="#fbf4e4"/>',
          ) +
          cloth(
            '<path d="M-34 -152 q-30 -14 -34 8 q4 22 34 -2 q-6 40 -26 60 l16 6 q16 -30 18 -66 Z" fill="#fbf4e4"/>',
          ),
      ),
      part("nearArm", [0, -200], sleeve(0, 24)),
      part("head", [0, -210], headSide),
    ],
    back: [
      part("farArm", [-48, -202], sleeve(-48, -12)),
      part("nearArm", [48, -202], sleeve(48, 12)),
      body(
        shoes(-26, 26) +
          skirt +
          cloth(
            '<path d="M0 -150 L-34 -172 L-30 -134 Z M0 -150 L34 -172 L30 -134 Z M-8 -150 L8 -150 L20 -84 L2 -90 L-16 -80 Z" fill="#fbf4e4"/>',
          ) +
          stitch("M-84 -34 Q0 -8 84 -34", "#8fd6c6", 2.4),
      ),
      part(
        "head",
        [0, -210],
        felt(`<ellipse cx="0" cy="-262" rx="60" ry="58" fill="${HAIR}"/>`) +
          cloth(
            '<path d="M-62 -262 Q-60 -332 0 -330 Q60 -332 62 -262 Q20 -222 0 -216 Q-20 -222 -62 -262 Z" fill="url(#dots-ochre)"/>',
          ) +
          cloth('<path d="M0 -216 L-18 -196 L2 -204 L20 -192 Z" fill="#e2a52c"/>') +
          felt(`<circle cx="0" cy="-330" r="28" fill="${HAIR}"/>`) +
          thread("M-14 -340 Q0 -352 14 -340 M-18 -326 Q0 -314 18 -326", "#a87724", 3),
      ),
    ],
  },
};
