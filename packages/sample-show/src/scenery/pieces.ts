import { cloth, felt, fur, hard, stitch, thread } from "../art/felt.ts";

/** The kitchen table; its top is 118 units above its feet. */
export const TABLE =
  hard('<path d="M-118 -100 h22 l-6 104 h-16 Z M118 -100 h-22 l6 104 h16 Z" fill="#80522b"/>') +
  hard('<rect x="-140" y="-118" width="280" height="20" rx="5" fill="url(#grain)"/>') +
  cloth(
    '<path d="M-70 -120 h140 l8 44 l-26 -12 l-26 16 l-26 -16 l-26 16 l-26 -16 l-26 12 Z" fill="#f6f1e4"/>',
  ) +
  stitch("M-66 -108 h132", "#4f8fc0", 3);

/** A small bedside table; its top is 110 units above its feet. */
export const NIGHT_TABLE =
  hard(
    '<path d="M-52 -96 h104 l-6 100 h-14 l-4 -44 h-56 l-4 44 h-14 Z" fill="#80522b"/><rect x="-66" y="-110" width="132" height="16" rx="5" fill="url(#grain)"/><rect x="-42" y="-86" width="84" height="34" fill="#9c6234"/>',
  ) + '<circle cx="0" cy="-69" r="5" fill="#e2b64e"/>';

/** A wall that stands out from the right wing, with the post of the door: who goes through disappears behind it. */
export const DOOR_FLAT =
  hard('<path d="M0 -480 H190 V14 H0 Z" fill="#d9be8c"/>') +
  Array.from(
    { length: 8 },
    (_, i) => `<path d="M26 ${-450 + i * 60} h150" stroke="#c3a470" stroke-width="3"/>`,
  ).join("") +
  hard(
    '<rect x="-6" y="-484" width="30" height="500" fill="#7b522d"/><rect x="20" y="-140" width="172" height="154" fill="#a9774a"/><rect x="20" y="-150" width="172" height="14" fill="#7b522d"/>',
  ) +
  felt(
    '<path d="M70 -300 h70 v16 h-70 Z" fill="#7b522d"/><circle cx="84" cy="-312" r="12" fill="#d0527e"/><circle cx="106" cy="-318" r="13" fill="#f2c14e"/><circle cx="126" cy="-312" r="12" fill="#6aa0d8"/>',
  );

/** The big oak that wolves hide behind. */
export const OAK =
  fur(
    '<path d="M-150 14 Q-104 -6 -96 -60 Q-84 -240 -104 -560 H104 Q82 -240 98 -60 Q108 -6 152 14 Q96 6 60 16 Q0 4 -60 18 Q-100 6 -150 14 Z" fill="#6b4c33"/>',
  ) +
  thread(
    "M-60 -20 Q-48 -200 -62 -500 M-20 0 Q-14 -160 -26 -320 M18 -40 Q26 -260 12 -520 M60 -30 Q50 -180 66 -420",
    "#523823",
    5,
  ) +
  felt('<ellipse cx="10" cy="-250" rx="26" ry="36" fill="#3a2718"/>') +
  felt('<path d="M-80 -60 q20 -18 40 0 Z M30 -110 q24 -18 44 2 Z" fill="#d98a4a"/>') +
  felt(
    '<circle cx="-120" cy="-560" r="90" fill="#3f7d47"/><circle cx="0" cy="-590" r="110" fill="#4a8a4d"/><circle cx="130" cy="-560" r="88" fill="#3f7d47"/><circle cx="-60" cy="-510" r="60" fill="#57995a"/><circle cx="74" cy="-512" r="58" fill="#57995a"/>',
  );

/** A round bush with berries. */
export const BUSH =
  felt(
    '<circle cx="-96" cy="-70" r="72" fill="#3d7a44"/><circle cx="96" cy="-66" r="70" fill="#3d7a44"/><circle cx="0" cy="-118" r="86" fill="#4a8c4d"/><path d="M-170 16 Q-170 -70 0 -76 Q170 -70 168 16 Z" fill="#43834a"/>',
  ) +
  felt(
    [
      [-90, -80],
      [-40, -130],
      [12, -90],
      [60, -120],
      [100, -70],
      [-20, -50],
      [50, -44],
      [-120, -40],
    ]
      .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="9" fill="#c9564a"/>`)
      .join(""),
  ) +
  thread(
    "M-110 -100 q14 -12 28 0 M-10 -160 q14 -12 28 0 M70 -90 q14 -12 28 0 M-60 -30 q14 -12 28 0",
    "#7fb56a",
    4,
  );

/** The wardrobe: somebody fits behind its doors. */
export const WARDROBE =
  hard(
    '<rect x="-120" y="-430" width="240" height="436" rx="8" fill="#5e3d26"/><path d="M-136 -424 Q0 -480 136 -424 L130 -404 H-130 Z" fill="#734b2e"/><rect x="-108" y="-394" width="104" height="370" fill="#7d5433"/><rect x="4" y="-394" width="104" height="370" fill="#7d5433"/><rect x="-126" y="-16" width="252" height="26" rx="5" fill="#4d311e"/>',
  ) +
  felt(
    '<path d="M-56 -300 q-20 -24 -34 -4 q-4 26 34 52 q38 -26 34 -52 q-14 -20 -34 4 Z M56 -300 q-20 -24 -34 -4 q-4 26 34 52 q38 -26 34 -52 q-14 -20 -34 4 Z" fill="#9c6b42"/>',
  ) +
  '<circle cx="-14" cy="-200" r="6" fill="#e2b64e"/><circle cx="14" cy="-200" r="6" fill="#e2b64e"/>' +
  thread(
    "M-96 -380 h80 v160 h-80 Z M16 -380 h80 v160 h-80 Z M-96 -200 h80 v160 h-80 Z M16 -200 h80 v160 h-80 Z",
    "#5e3d26",
    3,
  );

/** The shadow of feet on the stage floor. */
export const FOOT_SHADOW =
  '<radialGradient id="feet"><stop offset="0" stop-color="#0c0806" stop-opacity=".5"/><stop offset=".6" stop-color="#0c0806" stop-opacity=".22"/><stop offset="1" stop-color="#0c0806" stop-opacity="0"/></radialGradient><ellipse rx="100" ry="14" fill="url(#feet)"/>';
