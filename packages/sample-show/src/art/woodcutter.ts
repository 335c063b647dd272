import { ROD, buttonEye, cheek, cloth, felt, fur, hard, stitch, thread } from "./felt.ts";
import { body, type Figure, part } from "./figure.ts";

const SKIN = "#d99f74";
const BEARD = "#b4541f";
const HAT = "#33502d";
const TROUSERS = "#5b4632";

const boots = (left: number, right: number): string =>
  cloth(
    `<rect x="${left - 22}" y="-96" width="42" height="76" rx="12" fill="${TROUSERS}"/><rect x="${right - 20}" y="-96" width="42" height="76" rx="12" fill="${TROUSERS}"/>`,
  ) +
  felt(
    `<path d="M${left - 30} 2 Q${left - 32} -22 ${left - 20} -36 L${left + 18} -36 L${left + 20} 2 Z" fill="#2a1d17"/><path d="M${right + 30} 2 Q${right + 32} -22 ${right + 20} -36 L${right - 18} -36 L${right - 20} 2 Z" fill="#2a1d17"/>`,
  ) +
  thread(`M${left - 22} -30 L${left + 14} -30 M${right - 14} -30 L${right + 22} -30`, "#c58b45", 4);

const shirt =
  cloth('<path d="M-60 -214 Q0 -232 60 -214 L70 -92 Q0 -76 -70 -92 Z" fill="url(#plaid)"/>') +
  felt(
    '<path d="M-40 -220 L-26 -224 L-24 -88 L-40 -86 Z M40 -220 L26 -224 L24 -88 L40 -86 Z" fill="#7a2f22"/>',
  ) +
  hard(
    '<rect x="-70" y="-100" width="140" height="18" rx="4" fill="#3b2416"/><rect x="-14" y="-104" width="28" height="26" rx="4" fill="#d9b04a"/><rect x="-7" y="-97" width="14" height="12" fill="#3b2416"/>',
  );

const sleeve = (x: number, bend: number): string =>
  cloth(
    `<path d="M${x - 18} -208 Q${x} -224 ${x + 18} -206 L${x + bend + 19} -140 L${x + bend - 17} -136 Z" fill="url(#plaid)"/>`,
  ) +
  felt(
    `<path d="M${x + bend - 19} -146 L${x + bend + 20} -148 L${x + bend + 20} -132 L${x + bend - 18} -128 Z" fill="#7a2f22"/><circle cx="${x + bend + 1}" cy="-118" r="17" fill="${SKIN}"/>`,
  );

const hatFront =
  felt(`<path d="M-58 -318 Q-52 -386 -4 -388 Q50 -390 58 -318 Z" fill="${HAT}"/>`) +
  felt(
    `<path d="M-86 -306 Q-40 -332 0 -330 Q40 -332 86 -306 Q40 -300 0 -302 Q-40 -300 -86 -306 Z" fill="${HAT}"/>`,
  ) +
  cloth('<path d="M-59 -322 Q0 -342 59 -322 L58 -334 Q0 -354 -56 -334 Z" fill="#c58b45"/>') +
  felt('<path d="M42 -334 Q48 -392 86 -408 Q88 -366 54 -330 Z" fill="#d8402f"/>') +
  thread("M48 -334 Q60 -372 80 -398", "#fff0da", 2.4);

const headFront =
  felt(
    `<circle cx="-52" cy="-276" r="13" fill="${SKIN}"/><circle cx="52" cy="-276" r="13" fill="${SKIN}"/>`,
  ) +
  felt(`<ellipse cx="0" cy="-282" rx="52" ry="48" fill="${SKIN}"/>`) +
  fur(
    `<path d="M-56 -284 Q-48 -270 -30 -266 Q0 -254 30 -266 Q48 -270 56 -284 Q64 -244 44 -222 L48 -206 L30 -208 L22 -190 L8 -202 L-4 -184 L-14 -202 L-30 -192 L-34 -210 L-50 -208 L-44 -224 Q-64 -246 -56 -284 Z" fill="${BEARD}"/>`,
  ) +
  fur(
    `<path d="M0 -262 Q-26 -272 -40 -252 Q-20 -244 0 -252 Q20 -244 40 -252 Q26 -272 0 -262 Z" fill="#cf6a2a"/>`,
  ) +
  '<path d="M-10 -246 Q0 -238 10 -246 Z" fill="#7c2420"/>' +
  felt('<ellipse cx="0" cy="-272" rx="13" ry="11" fill="#cf8059"/>') +
  buttonEye(-20, -290, 7) +
  buttonEye(20, -290, 7) +
  thread("M-32 -304 Q-20 -312 -9 -304 M32 -304 Q20 -312 9 -304", BEARD, 7) +
  cheek(-34, -276, 8) +
  cheek(34, -276, 8) +
  hatFront;

const headSide =
  felt(
    `<path d="M-40 -300 Q-38 -236 8 -232 Q52 -236 50 -270 Q68 -270 60 -286 Q52 -322 6 -326 Q-34 -326 -40 -300 Z" fill="${SKIN}"/>`,
  ) +
  fur(
    `<path d="M-38 -300 Q-20 -300 -12 -276 Q8 -254 30 -262 Q48 -262 54 -254 Q62 -232 44 -214 L42 -196 L26 -204 L14 -186 L2 -204 L-16 -196 L-18 -216 Q-46 -240 -38 -300 Z" fill="${BEARD}"/>`,
  ) +
  fur(`<path d="M58 -260 Q36 -276 16 -256 Q38 -244 58 -252 Z" fill="#cf6a2a"/>`) +
  felt('<ellipse cx="58" cy="-276" rx="12" ry="10" fill="#cf8059"/>') +
  buttonEye(34, -290, 7) +
  thread("M22 -304 Q34 -312 46 -303", BEARD, 7) +
  cheek(18, -276, 8) +
  felt(`<circle cx="-14" cy="-284" r="11" fill="${SKIN}"/>`) +
  felt(
    `<path d="M-54 -316 Q-52 -386 0 -388 Q48 -388 56 -316 Z" fill="${HAT}"/><path d="M-76 -302 Q-30 -330 10 -326 Q64 -328 92 -304 Q40 -302 0 -304 Q-40 -300 -76 -302 Z" fill="${HAT}"/>`,
  ) +
  cloth('<path d="M-55 -322 Q0 -340 57 -322 L55 -334 Q0 -352 -53 -334 Z" fill="#c58b45"/>') +
  felt('<path d="M-20 -334 Q-44 -388 -86 -396 Q-72 -354 -34 -328 Z" fill="#d8402f"/>') +
  thread("M-28 -334 Q-50 -372 -78 -388", "#fff0da", 2.4);

/** The woodcutter: ginger beard, green felt hat with a red feather, mustard plaid shirt, braces, boots. */
export const WOODCUTTER_FIGURE: Figure = {
  id: "woodcutter",
  canvas: [-180, -430, 360, 520],
  rod: ROD,
  views: {
    front: [
      body(boots(-28, 28) + shirt),
      part("farArm", [60, -208], sleeve(60, 14)),
      part("nearArm", [-60, -208], sleeve(-60, -14)),
      part("head", [0, -220], headFront),
    ],
    side: [
      part("farArm", [14, -208], sleeve(14, 22)),
      body(
        boots(-14, 16) +
          cloth(
            '<path d="M-44 -216 Q0 -232 44 -214 Q58 -150 52 -92 Q0 -78 -54 -92 Q-56 -150 -44 -216 Z" fill="url(#plaid)"/>',
          ) +
          felt('<path d="M4 -222 L20 -222 L14 -88 L-2 -88 Z" fill="#7a2f22"/>') +
          hard('<rect x="-54" y="-100" width="108" height="18" rx="4" fill="#3b2416"/>'),
      ),
      part("nearArm", [4, -208], sleeve(4, 28)),
      part("head", [0, -220], headSide),
    ],
    back: [
      part("farArm", [-60, -208], sleeve(-60, -14)),
      part("nearArm", [60, -208], sleeve(60, 14)),
      body(
        boots(-28, 28) +
          cloth('<path d="M-60 -214 Q0 -232 60 -214 L70 -92 Q0 -76 -70 -92 Z" fill="url(#plaid)"/>') +
          felt(
            '<path d="M-48 -218 L-34 -222 L8 -150 L36 -90 L20 -88 L-4 -140 Z M48 -218 L34 -222 L-8 -150 L-36 -90 L-20 -88 L4 -140 Z" fill="#7a2f22"/>',
          ) +
          hard('<rect x="-70" y="-100" width="140" height="18" rx="4" fill="#3b2416"/>'),
      ),
      part(
        "head",
        [0, -220],
        felt(`<ellipse cx="0" cy="-278" rx="52" ry="50" fill="${SKIN}"/>`) +
          fur(
            `<path d="M-56 -318 Q0 -334 56 -318 Q62 -260 40 -236 L26 -228 L14 -238 L0 -226 L-14 -238 L-26 -228 L-40 -236 Q-62 -260 -56 -318 Z" fill="${BEARD}"/>`,
          ) +
          hatFront +
          stitch("M-70 -307 Q0 -322 70 -307", "#7f9a6c", 2),
      ),
    ],
  },
};
