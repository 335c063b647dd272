import { ROD, buttonEye, cheek, cloth, felt, stitch, thread } from "./felt.ts";
import { body, type Figure, part } from "./figure.ts";

const RED = "#cf1f2b";
const DEEP = "#9c1420";
const SKIN = "#f6cda6";
const HAIR = "#6b3a1c";

const legs = (left: number, right: number): string =>
  cloth(
    `<rect x="${left - 10}" y="-62" width="20" height="54" rx="8" fill="url(#stripes-stocking)"/><rect x="${right - 10}" y="-62" width="20" height="54" rx="8" fill="url(#stripes-stocking)"/>`,
  ) +
  felt(
    `<ellipse cx="${left - 3}" cy="-6" rx="19" ry="11" fill="#4a2a18"/><ellipse cx="${right + 3}" cy="-6" rx="19" ry="11" fill="#4a2a18"/>`,
  );

const dress =
  cloth('<path d="M-36 -160 Q0 -170 36 -160 L66 -50 Q0 -32 -66 -50 Z" fill="#2f4f93"/>') +
  cloth(
    `<path d="M-24 -150 Q0 -156 24 -150 L40 -58 Q0 -44 -40 -58 Z" fill="url(#gingham-blue)"/>${stitch("M-38 -64 Q0 -50 38 -64", "#fff")}`,
  );

const sleeve = (x: number, bend: number): string =>
  felt(
    `<path d="M${x - 13} -158 Q${x} -168 ${x + 13} -158 L${x + bend + 14} -98 Q${x + bend} -88 ${x + bend - 14} -98 Z" fill="${RED}"/>`,
  ) + felt(`<circle cx="${x + bend}" cy="-86" r="13" fill="${SKIN}"/>`);

const braid = (x: number, lean: number): string =>
  felt(
    `<ellipse cx="${x}" cy="-176" rx="10" ry="11" fill="${HAIR}"/><ellipse cx="${x + lean}" cy="-160" rx="9.500" ry="11" fill="${HAIR}"/><ellipse cx="${x + lean * 1.6}" cy="-144" rx="8.500" ry="11" fill="${HAIR}"/><ellipse cx="${x + lean * 2}" cy="-126" rx="6" ry="10" fill="${HAIR}"/>`,
  ) + `<circle cx="${x + lean * 1.8}" cy="-135" r="5" fill="#ffe27a"/>`;

const hood =
  "M0 -298 Q22 -292 30 -276 Q72 -252 70 -206 Q70 -164 38 -152 Q0 -142 -38 -152 Q-70 -164 -70 -206 Q-72 -252 -24 -276 Q-18 -292 0 -298 Z";

const headFront =
  felt(`<path d="${hood}" fill="${RED}"/>`) +
  `<ellipse cx="0" cy="-203" rx="53" ry="51" fill="${DEEP}"/>` +
  felt(`<ellipse cx="0" cy="-200" rx="47" ry="45" fill="${SKIN}"/>`) +
  felt(
    `<path d="M-47 -204 Q-44 -250 0 -248 Q44 -250 47 -204 Q32 -230 4 -234 Q-30 -230 -47 -204 Z" fill="${HAIR}"/>`,
  ) +
  buttonEye(-18, -200, 7.5) +
  buttonEye(18, -200, 7.5) +
  cheek(-29, -183, 10) +
  cheek(29, -183, 10) +
  `<ellipse cx="0" cy="-188" rx="5" ry="4" fill="#e39a75"/>` +
  thread("M-14 -174 Q0 -162 14 -174", "#8e2b2b", 3.2) +
  stitch("M-60 -190 Q-66 -246 -20 -270 Q0 -280 20 -270 Q66 -246 60 -190", "#f58b86", 2.2) +
  braid(-40, -4) +
  braid(40, 4) +
  cloth(
    '<path d="M0 -148 L-24 -160 L-22 -136 Z M0 -148 L24 -160 L22 -136 Z" fill="#fff4e6"/><circle cx="0" cy="-148" r="6" fill="#fff4e6"/>',
  );

const capeBehind = felt(`<path d="M-46 -168 Q0 -182 46 -168 L96 -36 Q0 -10 -96 -36 Z" fill="${DEEP}"/>`);
const capeBefore = felt(
  `<path d="M-44 -166 L-18 -158 Q-40 -100 -58 -30 L-94 -40 Z" fill="${RED}"/><path d="M44 -166 L18 -158 Q40 -100 58 -30 L94 -40 Z" fill="${RED}"/>`,
);

const headSide =
  felt(
    `<path d="M-22 -294 Q12 -300 34 -270 Q58 -246 50 -206 L40 -156 Q0 -142 -34 -154 Q-72 -170 -70 -214 Q-72 -268 -52 -290 Q-40 -300 -22 -294 Z" fill="${RED}"/>`,
  ) +
  felt(
    `<path d="M16 -246 Q52 -248 56 -208 Q68 -200 58 -194 Q54 -164 24 -158 Q0 -166 -2 -200 Q-2 -238 16 -246 Z" fill="${SKIN}"/>`,
  ) +
  felt(
    `<path d="M4 -236 Q14 -254 40 -246 Q54 -240 55 -222 Q40 -234 22 -226 Q14 -206 6 -194 Q-8 -212 4 -236 Z" fill="${HAIR}"/>`,
  ) +
  buttonEye(38, -206, 7) +
  cheek(26, -186, 9) +
  thread("M40 -176 Q48 -172 53 -178", "#8e2b2b", 3) +
  stitch("M2 -160 Q-14 -220 14 -256 Q26 -266 40 -258", "#f58b86", 2.2) +
  braid(8, 3);

const bodySide =
  legs(-8, 16) +
  cloth('<path d="M-24 -160 Q6 -168 30 -158 L54 -52 Q10 -36 -40 -52 Z" fill="#2f4f93"/>') +
  cloth('<path d="M10 -154 L30 -156 L52 -58 Q34 -48 14 -50 Z" fill="url(#gingham-blue)"/>');

const capeSide =
  felt(
    `<path d="M-30 -168 Q4 -178 24 -164 Q10 -100 4 -34 Q-50 -16 -98 -38 Q-70 -96 -30 -168 Z" fill="${RED}"/>`,
  ) +
  stitch("M14 -150 Q4 -96 -2 -42", "#f58b86", 2.2) +
  felt('<path d="M-58 -86 q-9 -14 -18 -4 q-6 12 18 28 q24 -16 18 -28 q-9 -10 -18 4 Z" fill="#f7c65a"/>');

/** Little Red Riding Hood: hood and cape of red felt, blue dress with a gingham apron, two braids. */
export const RED_FIGURE: Figure = {
  id: "red",
  canvas: [-170, -320, 340, 410],
  rod: ROD,
  views: {
    front: [
      body(capeBehind + legs(-20, 20) + dress),
      part("farArm", [44, -156], sleeve(44, 16)),
      part("nearArm", [-44, -156], sleeve(-44, -16)),
      body(capeBefore),
      part("head", [0, -152], headFront),
    ],
    side: [
      part("farArm", [12, -154], sleeve(12, 18)),
      body(bodySide + capeSide),
      part("nearArm", [2, -154], sleeve(2, 22)),
      part("head", [0, -156], headSide),
    ],
    back: [
      part("farArm", [-44, -156], sleeve(-44, -16)),
      part("nearArm", [44, -156], sleeve(44, 16)),
      body(
        legs(-20, 20) +
          felt(`<path d="M-48 -170 Q0 -184 48 -170 L98 -36 Q0 -8 -98 -36 Z" fill="${RED}"/>`) +
          thread("M-24 -150 Q-36 -90 -46 -30 M24 -150 Q36 -90 46 -30", DEEP, 3) +
          stitch("M-90 -46 Q0 -20 90 -46", "#f58b86", 2.4) +
          felt(
            '<path d="M0 -74 q-13 -20 -26 -6 q-8 18 26 40 q34 -22 26 -40 q-13 -14 -26 6 Z" fill="#f7c65a"/>',
          ),
      ),
      part(
        "head",
        [0, -156],
        felt(`<path d="${hood}" fill="${RED}"/>`) +
          thread("M0 -292 Q4 -220 0 -156", DEEP, 3.4) +
          stitch("M-52 -160 Q0 -146 52 -160", "#f58b86", 2.4),
      ),
    ],
  },
};
