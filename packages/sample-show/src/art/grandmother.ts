import { ROD, buttonEye, cheek, cloth, felt, stitch, thread } from "./felt.ts";
import { body, type Figure, part } from "./figure.ts";

const SKIN = "#f3d0b5";
const HAIR = "#e4e2e0";

const slippers = (left: number, right: number): string =>
  felt(
    `<ellipse cx="${left}" cy="-6" rx="22" ry="11" fill="#a63d57"/><ellipse cx="${right}" cy="-6" rx="22" ry="11" fill="#a63d57"/><circle cx="${left}" cy="-14" r="7" fill="#fff"/><circle cx="${right}" cy="-14" r="7" fill="#fff"/>`,
  );

const gown =
  cloth(
    '<path d="M-44 -176 Q0 -190 44 -176 Q58 -110 84 -24 Q0 2 -84 -24 Q-58 -110 -44 -176 Z" fill="url(#stripes-lilac)"/>',
  ) +
  cloth(
    '<path d="M-86 -34 q10 -8 18 2 q10 -6 18 4 q10 -4 18 4 q8 -6 16 0 q8 -6 16 0 q8 -8 18 -4 q8 -10 18 -4 q8 -10 18 -2 l4 18 Q0 6 -88 -16 Z" fill="#fbf7f2"/>',
  );

const shawl =
  cloth(
    '<path d="M-58 -182 Q0 -200 58 -182 Q74 -150 66 -118 Q34 -108 6 -84 L0 -70 L-6 -84 Q-34 -108 -66 -118 Q-74 -150 -58 -182 Z" fill="url(#knit)"/>',
  ) +
  felt('<circle cx="0" cy="-150" r="10" fill="#4d9a8a"/>') +
  thread(
    "M-62 -116 l-4 10 M-48 -110 l-4 11 M-34 -103 l-4 11 M-20 -93 l-4 11 M62 -116 l4 10 M48 -110 l4 11 M34 -103 l4 11 M20 -93 l4 11 M0 -74 l0 13",
    "#c06a8c",
    3,
  );

const sleeve = (x: number, bend: number): string =>
  cloth(
    `<path d="M${x - 14} -172 Q${x} -186 ${x + 14} -172 L${x + bend + 18} -110 L${x + bend - 16} -110 Z" fill="#c7b3e2"/>`,
  ) +
  cloth(`<rect x="${x + bend - 18}" y="-116" width="38" height="12" rx="6" fill="#fbf7f2"/>`) +
  felt(`<circle cx="${x + bend + 1}" cy="-95" r="12" fill="${SKIN}"/>`);

const capRuffle =
  "M-74 -250 q-4 -18 12 -22 q2 -18 20 -16 q8 -16 24 -8 q18 -10 34 -2 q18 -6 26 10 q18 0 18 16 q16 4 14 22 q-20 -26 -74 -28 q-54 2 -74 28 Z";

const headFront =
  felt(
    `<circle cx="-50" cy="-226" r="17" fill="${HAIR}"/><circle cx="50" cy="-226" r="17" fill="${HAIR}"/><circle cx="-46" cy="-250" r="18" fill="${HAIR}"/><circle cx="46" cy="-250" r="18" fill="${HAIR}"/>`,
  ) +
  felt(`<ellipse cx="0" cy="-228" rx="50" ry="48" fill="${SKIN}"/>`) +
  felt(
    `<circle cx="-26" cy="-264" r="17" fill="${HAIR}"/><circle cx="0" cy="-270" r="17" fill="${HAIR}"/><circle cx="26" cy="-264" r="17" fill="${HAIR}"/>`,
  ) +
  cloth('<path d="M-66 -262 Q-60 -326 0 -328 Q60 -326 66 -262 Q0 -300 -66 -262 Z" fill="#fbf7f2"/>') +
  cloth(`<path d="${capRuffle}" fill="#efe7f6"/>`) +
  felt('<path d="M0 -282 l-18 -11 l2 20 Z M0 -282 l18 -11 l-2 20 Z" fill="#d0527e"/>') +
  buttonEye(-19, -228, 5.5, "#33507a") +
  buttonEye(19, -228, 5.5, "#33507a") +
  '<g fill="#dff1ff" fill-opacity=".28" stroke="#b8862b" stroke-width="3.600"><circle cx="-20" cy="-228" r="15.500"/><circle cx="20" cy="-228" r="15.500"/></g>' +
  thread("M-5 -230 Q0 -234 5 -230", "#b8862b", 3.4) +
  cheek(-32, -206, 10) +
  cheek(32, -206, 10) +
  '<ellipse cx="0" cy="-214" rx="7" ry="6" fill="#e7a487"/>' +
  thread("M-14 -198 Q0 -188 14 -198", "#a64a4a", 3.2) +
  thread("M-36 -192 q4 6 10 8 M36 -192 q-4 6 -10 8", "#cf9c80", 2.2);

const headSide =
  felt(
    `<circle cx="-34" cy="-222" r="20" fill="${HAIR}"/><circle cx="-16" cy="-206" r="16" fill="${HAIR}"/>`,
  ) +
  felt(
    `<path d="M2 -272 Q46 -270 48 -236 Q64 -220 48 -216 Q48 -184 14 -180 Q-16 -190 -16 -230 Q-16 -262 2 -272 Z" fill="${SKIN}"/>`,
  ) +
  felt(
    `<circle cx="4" cy="-262" r="16" fill="${HAIR}"/><circle cx="26" cy="-264" r="14" fill="${HAIR}"/><circle cx="-14" cy="-240" r="16" fill="${HAIR}"/>`,
  ) +
  cloth(
    '<path d="M44 -270 Q34 -326 -20 -324 Q-72 -312 -62 -246 Q-34 -262 -10 -262 Q20 -274 44 -270 Z" fill="#fbf7f2"/>',
  ) +
  cloth(
    '<path d="M54 -266 q-2 -16 -16 -12 q-10 -14 -22 -2 q-16 -8 -24 6 q-16 0 -18 14 q-16 2 -16 18 q10 10 24 -4 q16 -4 28 -10 q22 -12 44 -10 Z" fill="#efe7f6"/>',
  ) +
  buttonEye(32, -230, 5.5, "#33507a") +
  '<circle cx="32" cy="-230" r="14" fill="#dff1ff" fill-opacity=".28" stroke="#b8862b" stroke-width="3.600"/>' +
  thread("M18 -231 L-12 -236", "#b8862b", 3) +
  cheek(18, -206, 9) +
  thread("M32 -200 Q42 -194 47 -202", "#a64a4a", 3.2);

/** The grandmother: white frilled nightcap, grey curls, round golden glasses, lilac nightgown, pink knitted shawl. */
export const GRANDMOTHER_FIGURE: Figure = {
  id: "grandmother",
  canvas: [-170, -350, 340, 440],
  rod: ROD,
  views: {
    front: [
      body(slippers(-26, 26) + gown),
      part("farArm", [48, -170], sleeve(48, 14)),
      part("nearArm", [-48, -170], sleeve(-48, -14)),
      body(shawl),
      part("head", [0, -184], headFront),
    ],
    side: [
      part("farArm", [14, -170], sleeve(14, 20)),
      body(
        slippers(-4, 22) +
          cloth(
            '<path d="M-34 -176 Q2 -190 30 -174 Q40 -110 62 -24 Q-6 2 -78 -24 Q-44 -110 -34 -176 Z" fill="url(#stripes-lilac)"/>',
          ),
      ),
      part("nearArm", [2, -170], sleeve(2, 26)),
      body(
        cloth(
          '<path d="M-42 -180 Q0 -200 34 -180 Q48 -150 34 -124 Q4 -130 -16 -96 Q-40 -70 -66 -64 Q-56 -130 -42 -180 Z" fill="url(#knit)"/>',
        ) + thread("M-62 -66 l-2 12 M-50 -72 l0 12 M-38 -80 l2 12 M-26 -90 l4 11", "#c06a8c", 3),
      ),
      part("head", [0, -186], headSide),
    ],
    back: [
      part("farArm", [-48, -170], sleeve(-48, -14)),
      part("nearArm", [48, -170], sleeve(48, 14)),
      body(
        slippers(-26, 26) +
          gown +
          cloth(
            '<path d="M-60 -184 Q0 -202 60 -184 Q80 -140 70 -112 Q30 -92 0 -48 Q-30 -92 -70 -112 Q-80 -140 -60 -184 Z" fill="url(#knit)"/>',
          ) +
          thread(
            "M-64 -108 l-4 11 M-46 -96 l-4 11 M-28 -82 l-4 11 M64 -108 l4 11 M46 -96 l4 11 M28 -82 l4 11 M0 -50 l0 13",
            "#c06a8c",
            3,
          ),
      ),
      part(
        "head",
        [0, -186],
        felt(
          `<circle cx="-40" cy="-206" r="18" fill="${HAIR}"/><circle cx="-14" cy="-196" r="18" fill="${HAIR}"/><circle cx="14" cy="-196" r="18" fill="${HAIR}"/><circle cx="40" cy="-206" r="18" fill="${HAIR}"/>`,
        ) +
          cloth('<path d="M-66 -232 Q-76 -326 0 -330 Q76 -326 66 -232 Q0 -200 -66 -232 Z" fill="#fbf7f2"/>') +
          cloth(
            '<path d="M-74 -230 q8 -10 18 2 q8 -4 18 6 q10 -6 20 4 q10 -8 20 -2 q8 -10 20 -4 q8 -10 20 -8 q8 -12 22 -2 l-4 -18 Q0 -216 -64 -252 Z" fill="#efe7f6"/>',
          ) +
          stitch("M-40 -300 Q0 -316 40 -300", "#d0c2e4", 2.4),
      ),
    ],
  },
};
