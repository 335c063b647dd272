import { buttonEye, felt, fur, hard, stitch } from "./felt.ts";
import { body, type Figure, part } from "./figure.ts";

const BLUE = "#2f7fd0";
const WING = "#1c559c";

const wing = (x: number, way: number): string =>
  felt(
    `<path d="M${x} -66 Q${x + way * 44} -82 ${x + way * 74} -44 L${x + way * 58} -42 L${x + way * 54} -26 L${x + way * 40} -32 L${x + way * 30} -20 L${x + way * 8} -36 Z" fill="${WING}"/>`,
  ) + stitch(`M${x + way * 16} -56 Q${x + way * 40} -58 ${x + way * 56} -46`, "#8fc0f2", 2);

const rod = hard('<rect x="-3" y="-20" width="6" height="470" rx="3" fill="#6e4a2a"/>');
const feet =
  '<path d="M-10 -10 l-4 14 m4 -14 l6 14 M10 -10 l-4 14 m4 -14 l6 14" stroke="#e79a22" stroke-width="4" fill="none" stroke-linecap="round"/>';

/** The bluebird: round blue felt body, orange breast, yellow beak, on a long rod. */
export const BIRD_FIGURE: Figure = {
  id: "bird",
  canvas: [-110, -150, 220, 610],
  rod,
  views: {
    front: [
      body(
        feet +
          felt(`<ellipse cx="0" cy="-50" rx="42" ry="44" fill="${BLUE}"/>`) +
          felt('<ellipse cx="0" cy="-40" rx="28" ry="30" fill="#f08a35"/>'),
      ),
      part("farArm", [34, -60], wing(32, 1)),
      part("nearArm", [-34, -60], wing(-32, -1)),
      part(
        "head",
        [0, -84],
        fur(`<path d="M0 -138 l-8 -10 l10 2 l4 -8 l4 12 Z" fill="${BLUE}"/>`) +
          felt(`<circle cx="0" cy="-104" r="34" fill="${BLUE}"/>`) +
          felt(
            '<ellipse cx="-12" cy="-106" rx="13" ry="14" fill="#f4f1e8"/><ellipse cx="12" cy="-106" rx="13" ry="14" fill="#f4f1e8"/>',
          ) +
          buttonEye(-11, -105, 7) +
          buttonEye(11, -105, 7) +
          felt('<path d="M-11 -96 L11 -96 L0 -78 Z" fill="#f2b51d"/>'),
      ),
    ],
    side: [
      part("farArm", [-4, -62], wing(-2, -1)),
      body(
        feet +
          felt(`<path d="M-96 -62 L-40 -64 L-36 -40 L-92 -46 Z" fill="${WING}"/>`) +
          felt(`<ellipse cx="-4" cy="-52" rx="50" ry="40" fill="${BLUE}"/>`) +
          felt('<path d="M12 -82 Q46 -70 42 -42 Q28 -12 -8 -14 Q30 -44 12 -82 Z" fill="#f08a35"/>'),
      ),
      part("nearArm", [-4, -62], wing(4, -1)),
      part(
        "head",
        [22, -84],
        fur('<path d="M16 -136 l-12 -10 l12 0 l2 -8 l8 12 Z" fill="#2f7fd0"/>') +
          felt(`<circle cx="26" cy="-102" r="33" fill="${BLUE}"/>`) +
          felt('<ellipse cx="38" cy="-106" rx="13" ry="14" fill="#f4f1e8"/>') +
          buttonEye(40, -106, 7) +
          felt('<path d="M54 -108 L84 -96 L54 -86 Z" fill="#f2b51d"/>'),
      ),
    ],
    back: [
      body(
        feet +
          felt(`<path d="M-16 -30 L16 -30 L22 8 L0 2 L-22 8 Z" fill="${WING}"/>`) +
          felt(`<ellipse cx="0" cy="-50" rx="42" ry="44" fill="${BLUE}"/>`),
      ),
      part("farArm", [-34, -60], wing(-32, -1)),
      part("nearArm", [34, -60], wing(32, 1)),
      part(
        "head",
        [0, -84],
        felt(`<circle cx="0" cy="-104" r="34" fill="${BLUE}"/>`) +
          stitch("M-20 -92 Q0 -82 20 -92", "#8fc0f2", 2),
      ),
    ],
  },
};
