import type { SeededRandom } from "@followspot/domain";

/** What stays the same of a puppet from picture to picture. Lengths are pixels at scale 1. */
export interface Puppet {
  readonly body: "gown" | "barrel" | "box" | "cone";
  readonly head: "round" | "long" | "wide";
  readonly hat: "pointed" | "brim" | "ears" | "hair";
  readonly pattern: "plain" | "stripes" | "dots" | "belt";
  readonly width: number;
  readonly height: number;
  readonly coat: string;
  readonly trim: string;
  readonly skin: string;
}

export function proposePuppet(random: SeededRandom): Puppet {
  return {
    body: random.pick(["gown", "barrel", "box", "cone"] as const),
    head: random.pick(["round", "long", "wide"] as const),
    hat: random.pick(["pointed", "brim", "ears", "hair"] as const),
    pattern: random.pick(["plain", "stripes", "dots", "belt"] as const),
    width: random.between(95, 165),
    height: random.between(160, 220),
    coat: colour(random),
    trim: colour(random),
    skin: `hsl(${random.between(15, 40)} ${random.between(25, 60)}% ${random.between(40, 82)}%)`,
  };
}

/** The puppet standing on (0, 0), its arms held in another way each time. */
export function drawPuppet(puppet: Puppet, random: SeededRandom): string {
  const { width, height, coat, skin, trim } = puppet;
  const shoulders = -height * 0.85;
  const arms = [-1, 1].map((side) => {
    const turn = side * random.between(15, 110);
    return `<g transform="translate(${side * width * 0.32} ${shoulders}) rotate(${-turn})"><rect x="-12" width="24" height="${height * 0.45}" rx="12" fill="${coat}"/><circle cy="${height * 0.45}" r="13" fill="${skin}"/></g>`;
  });
  return `${arms.join("")}${drawBody(puppet)}${drawPattern(puppet)}<g transform="translate(0 ${-height}) rotate(${random.between(-12, 12)})">${drawHead(puppet)}</g><rect x="${-width * 0.25}" y="-10" width="${width * 0.5}" height="10" fill="${trim}"/>`;
}

function drawBody({ body, width: w, height: h, coat }: Puppet): string {
  switch (body) {
    case "gown":
      return `<path d="M${-w / 2} 0 Q${-w * 0.4} ${-h * 0.7} ${-w * 0.2} ${-h} H${w * 0.2} Q${w * 0.4} ${-h * 0.7} ${w / 2} 0 Z" fill="${coat}"/>`;
    case "barrel":
      return `<ellipse cy="${-h / 2}" rx="${w / 2}" ry="${h / 2}" fill="${coat}"/>`;
    case "box":
      return `<rect x="${-w * 0.4}" y="${-h}" width="${w * 0.8}" height="${h}" rx="12" fill="${coat}"/>`;
    case "cone":
      return `<path d="M${-w / 2} 0 L0 ${-h * 1.1} L${w / 2} 0 Z" fill="${coat}"/>`;
  }
}

function drawPattern({ pattern, width: w, height: h, trim }: Puppet): string {
  const rows = [0.2, 0.4, 0.6];
  switch (pattern) {
    case "plain":
      return "";
    case "belt":
      return `<rect x="${-w * 0.36}" y="${-h * 0.45}" width="${w * 0.72}" height="${h * 0.1}" fill="${trim}"/>`;
    case "stripes":
      return rows
        .map(
          (row) => `<rect x="${-w * 0.28}" y="${-h * row}" width="${w * 0.56}" height="9" fill="${trim}"/>`,
        )
        .join("");
    case "dots":
      return rows
        .flatMap((row) =>
          [-0.15, 0.15].map((x) => `<circle cx="${w * x}" cy="${-h * row}" r="9" fill="${trim}"/>`),
        )
        .join("");
  }
}

function drawHead({ head, hat, trim, skin }: Puppet): string {
  const [rx, ry] = { round: [42, 42], long: [34, 52], wide: [54, 38] }[head] as [number, number];
  const face = `<ellipse cy="${-ry * 0.8}" rx="${rx}" ry="${ry}" fill="${skin}"/><circle cx="${-rx * 0.35}" cy="${-ry}" r="5" fill="#222"/><circle cx="${rx * 0.35}" cy="${-ry}" r="5" fill="#222"/><ellipse cy="${-ry * 0.45}" rx="${rx * 0.3}" ry="4" fill="#8a2b2b"/>`;
  const crown = -ry * 1.5;
  switch (hat) {
    case "pointed":
      return `${face}<path d="M${-rx} ${crown} L0 ${crown - 80} L${rx} ${crown} Z" fill="${trim}"/>`;
    case "brim":
      return `${face}<rect x="${-rx * 1.4}" y="${crown}" width="${rx * 2.8}" height="10" fill="${trim}"/><rect x="${-rx * 0.7}" y="${crown - 38}" width="${rx * 1.4}" height="40" fill="${trim}"/>`;
    case "ears":
      return `<ellipse cx="${-rx * 0.8}" cy="${crown}" rx="14" ry="34" fill="${trim}"/><ellipse cx="${rx * 0.8}" cy="${crown}" rx="14" ry="34" fill="${trim}"/>${face}`;
    case "hair":
      return `<ellipse cy="${-ry}" rx="${rx * 1.25}" ry="${ry * 1.15}" fill="${trim}"/>${face}`;
  }
}

function colour(random: SeededRandom): string {
  return `hsl(${random.between(0, 360)} ${random.between(25, 90)}% ${random.between(20, 75)}%)`;
}
