/**
 * The material of the puppets: pieces of felt and cloth that are slightly puffed, lit from the upper left, with a
 * fibrous surface and a soft shadow on the piece beneath. All numbers are stage units.
 */

/** `puff` is how round the edge of the piece looks; `fibre` is how rough its surface is. */
interface Material {
  readonly id: string;
  readonly puff: number;
  readonly lift: number;
  readonly fibre: number;
  readonly grain: string;
}

const MATERIALS: readonly Material[] = [
  { id: "felt", puff: 5, lift: 5.5, fibre: 0.34, grain: "0.22" },
  { id: "cloth", puff: 3, lift: 2.6, fibre: 0.2, grain: "0.5 0.16" },
  { id: "fur", puff: 4, lift: 4.5, fibre: 0.6, grain: "0.3 0.09" },
  { id: "hard", puff: 2, lift: 2.4, fibre: 0.12, grain: "0.06 0.5" },
  { id: "paper", puff: 1.4, lift: 1.2, fibre: 0.16, grain: "0.05" },
];

function filter({ id, puff, lift, fibre, grain }: Material): string {
  const base = 1 - fibre / 2;
  return `<filter id="${id}" x="-15%" y="-15%" width="130%" height="130%" color-interpolation-filters="sRGB">
<feGaussianBlur in="SourceAlpha" stdDeviation="${puff}" result="height"/>
<feDiffuseLighting in="height" surfaceScale="${lift}" diffuseConstant="1.12" lighting-color="#fff8ee" result="relief">
<feDistantLight azimuth="235" elevation="56"/></feDiffuseLighting>
<feTurbulence type="fractalNoise" baseFrequency="${grain}" numOctaves="3" seed="7" result="noise"/>
<feColorMatrix in="noise" values="${fibre} 0 0 0 ${base - fibre * 0.1} ${fibre} 0 0 0 ${base - fibre * 0.1} ${fibre} 0 0 0 ${base - fibre * 0.1} 0 0 0 0 1" result="fibres"/>
<feBlend in="SourceGraphic" in2="relief" mode="multiply" result="lit"/>
<feBlend in="lit" in2="fibres" mode="multiply" result="rough"/>
<feComposite in="rough" in2="SourceAlpha" operator="in" result="piece"/>
<feGaussianBlur in="SourceAlpha" stdDeviation="2.2" result="soft"/>
<feOffset in="soft" dx="1.6" dy="3" result="moved"/>
<feColorMatrix in="moved" values="0 0 0 0 0.1 0 0 0 0 0.05 0 0 0 0 0.06 0 0 0 0.42 0" result="shadow"/>
<feMerge><feMergeNode in="shadow"/><feMergeNode in="piece"/></feMerge></filter>`;
}

function pattern(id: string, size: number, inner: string, transform = ""): string {
  return `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="${transform}">${inner}</pattern>`;
}

function gingham(id: string, [light, dark]: readonly [string, string], size: number): string {
  const half = size / 2;
  return pattern(
    id,
    size,
    `<rect width="${size}" height="${size}" fill="${light}"/><rect width="${half}" height="${size}" fill="${dark}" opacity=".5"/><rect width="${size}" height="${half}" fill="${dark}" opacity=".5"/>`,
  );
}

function dots(id: string, [ground, dot]: readonly [string, string], size: number): string {
  const r = size * 0.17;
  return pattern(
    id,
    size,
    `<rect width="${size}" height="${size}" fill="${ground}"/><circle cx="${size / 4}" cy="${size / 4}" r="${r}" fill="${dot}"/><circle cx="${size * 0.75}" cy="${size * 0.75}" r="${r}" fill="${dot}"/>`,
  );
}

function stripes(
  id: string,
  [first, second]: readonly [string, string],
  size: number,
  angle: number,
): string {
  return pattern(
    id,
    size,
    `<rect width="${size}" height="${size}" fill="${first}"/><rect width="${size}" height="${size / 2}" fill="${second}"/>`,
    `rotate(${angle})`,
  );
}

const PATTERNS = [
  gingham("gingham-blue", ["#f4f6fa", "#3d66b0"], 14),
  gingham("gingham-red", ["#fff6ee", "#c8262c"], 12),
  dots("dots-ochre", ["#e2a52c", "#fff3cf"], 16),
  dots("dots-teal", ["#1f7f7c", "#8fd6c6"], 20),
  dots("dots-rose", ["#c77f9c", "#f6d8e2"], 16),
  stripes("stripes-stocking", ["#f5efe2", "#c2313a"], 11, 0),
  stripes("stripes-lilac", ["#b9a1d8", "#d8c8ec"], 15, 90),
  stripes("stripes-fur", ["#6d7683", "#7d8794"], 9, 62),
  pattern(
    "plaid",
    34,
    '<rect width="34" height="34" fill="#d9a023"/><rect width="13" height="34" fill="#3a2a18" opacity=".62"/><rect width="34" height="13" fill="#3a2a18" opacity=".62"/><rect x="22" width="3" height="34" fill="#f7e6b0" opacity=".8"/><rect y="22" width="34" height="3" fill="#f7e6b0" opacity=".8"/>',
    "rotate(3)",
  ),
  pattern(
    "wicker",
    20,
    '<rect width="20" height="20" fill="#8a5a2a"/><rect x="1" y="1" width="12" height="8" rx="4" fill="#d09a55"/><rect x="11" y="11" width="12" height="8" rx="4" fill="#c58c47"/><rect x="-9" y="11" width="12" height="8" rx="4" fill="#c58c47"/><rect x="14.500" y="0" width="4" height="10" fill="#a87439"/><rect x="4.500" y="10" width="4" height="10" fill="#a87439"/>',
  ),
  pattern(
    "knit",
    12,
    '<rect width="12" height="12" fill="#d887a4"/><path d="M0 1 L6 9 L12 1" fill="none" stroke="#a94f74" stroke-width="2.600"/><path d="M0 7 L6 15 L12 7 M0 -5 L6 3 L12 -5" fill="none" stroke="#efb4c8" stroke-width="1.600"/>',
  ),
  pattern(
    "grain",
    60,
    '<rect width="60" height="60" fill="#9c6234"/><path d="M0 8 Q15 3 30 9 T60 8 M0 22 Q15 27 30 21 T60 22 M0 36 Q15 31 30 38 T60 36 M0 51 Q15 56 30 50 T60 51" fill="none" stroke="#7a4722" stroke-width="2.200" opacity=".75"/>',
  ),
];

/** Filters and patterns that every drawing may name. Goes in front of each fragment that is rasterised. */
export const SHARED_DEFS = `<defs>${MATERIALS.map(filter).join("")}${PATTERNS.join("")}</defs>`;

export function felt(inner: string): string {
  return `<g filter="url(#felt)">${inner}</g>`;
}

export function cloth(inner: string): string {
  return `<g filter="url(#cloth)">${inner}</g>`;
}

export function fur(inner: string): string {
  return `<g filter="url(#fur)">${inner}</g>`;
}

export function hard(inner: string): string {
  return `<g filter="url(#hard)">${inner}</g>`;
}

export function paper(inner: string): string {
  return `<g filter="url(#paper)">${inner}</g>`;
}

/** A seam along a path: short thread stitches. */
export function stitch(path: string, colour: string, width = 2): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-dasharray="5 4" stroke-linecap="round"/>`;
}

/** An eye that was a button once: dark, with a shine. */
export function buttonEye(x: number, y: number, r: number, colour = "#1d1410"): string {
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${colour}"/><circle cx="${x - r * 0.32}" cy="${y - r * 0.36}" r="${r * 0.34}" fill="#fff"/>`;
}

export function cheek(x: number, y: number, r: number): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * 0.8}" fill="#e8715f" opacity=".5"/>`;
}

/** A line drawn with thread. */
export function thread(path: string, colour: string, width = 3): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** The wooden rod that the puppeteer holds, from the hip to below the playboard. */
export const ROD = hard('<rect x="-4" y="-70" width="8" height="150" rx="3" fill="#8b5f36"/>');
