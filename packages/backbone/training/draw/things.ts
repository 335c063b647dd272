import type { SeededRandom } from "@followspot/domain";
import { Cloud } from "./cloud.ts";
import { anyColour, anyPaint, anyPalette, type Colour, type Paint } from "./paint.ts";
import { ball, lathe, type Pose, ring, roundedBox, sample, tube } from "./surfaces.ts";

const LARGE = [110, 80] as const;
const MIDDLE = [64, 48] as const;
const SMALL = [32, 24] as const;

/**
 * A thing that does not exist, drawn from a seed for its shape and another for its colours: things of one shape and
 * other colours, or of the same colours and another shape, are what a network must learn to tell apart.
 */
export function drawThing(shape: SeededRandom, paint: SeededRandom): Float32Array {
  const cloud = new Cloud();
  const kinds = [
    plush,
    plush,
    figure,
    figure,
    vessel,
    vessel,
    crate,
    lump,
    shoe,
    spectacles,
    pile,
    pile,
    tool,
    bag,
  ];
  const kind = kinds[shape.below(kinds.length)]!;
  const palette = anyPalette(paint);
  kind({ cloud, random: shape, paint: () => anyPaint(paint, palette), palette });
  return cloud.fitted();
}

interface Kit {
  readonly cloud: Cloud;
  readonly random: SeededRandom;
  readonly paint: () => Paint;
  readonly palette: () => Colour;
}

function flat(colour: Colour, shine = 0): Paint {
  return { shine, at: () => colour };
}

const DARK: Colour = [0.03, 0.03, 0.04];
const WHITE: Colour = [0.95, 0.95, 0.93];

function dents(random: SeededRandom, depth: number) {
  return Array.from({ length: 1 + random.below(4) }, () => ({
    times: 1 + random.below(4),
    rows: 1 + random.below(3),
    depth: random.between(0, depth),
    phase: random.between(0, 6.28),
  }));
}

/** Two eyes, and often a nose and a mouth, on the front of a head. */
function face({ cloud, random, palette }: Kit, { at, size = [1, 1, 1] }: Pose): void {
  const apart = random.between(0.25, 0.5);
  const high = random.between(-0.05, 0.35);
  const eye = random.between(0.07, 0.22) * Math.min(...size);
  const goggle = random.chance(0.4);
  const out = Math.sqrt(Math.max(0.1, 1 - apart ** 2 - high ** 2));
  for (const side of random.chance(0.08) ? [0] : [-1, 1]) {
    const place = [at[0] + side * apart * size[0], at[1] + high * size[1], at[2] + out * size[2]] as const;
    if (goggle) {
      cloud.add(sample(ball(), flat(WHITE, 0.4), { at: place, size: [eye * 1.7, eye * 1.7, eye] }, SMALL));
      cloud.add(
        sample(
          ball(),
          flat(DARK, 0.8),
          { at: [place[0], place[1], place[2] + eye * 0.7], size: [eye * 0.8, eye * 0.8, eye * 0.5] },
          SMALL,
        ),
      );
    } else {
      cloud.add(sample(ball(), flat(DARK, 0.8), { at: place, size: [eye, eye, eye * 0.6] }, SMALL));
    }
  }
  const low = high - random.between(0.25, 0.5);
  const front = Math.sqrt(Math.max(0.1, 1 - low ** 2));
  if (random.chance(0.7)) {
    const nose = random.between(0.06, 0.25) * Math.min(...size);
    const colour = random.chance(0.5) ? DARK : palette();
    cloud.add(
      sample(
        ball(),
        flat(colour, 0.3),
        {
          at: [at[0], at[1] + low * size[1], at[2] + front * size[2]],
          size: [nose * 1.2, nose, nose * random.between(0.6, 2.5)],
        },
        SMALL,
      ),
    );
  }
  if (random.chance(0.5)) {
    const wide = random.between(0.15, 0.5) * size[0];
    const y = at[1] + (low - 0.25) * size[1];
    const z = at[2] + size[2] * Math.sqrt(Math.max(0.1, 1 - (low - 0.25) ** 2));
    const sag = random.between(-0.15, 0.25) * size[1];
    cloud.add(
      sample(
        tube(
          [at[0] - wide, y, z - 0.05],
          [at[0], y - sag, z + 0.05],
          [at[0] + wide, y, z - 0.05],
          0.03,
          0.03,
        ),
        flat(random.chance(0.5) ? DARK : palette()),
        { at: [0, 0, 0] },
        SMALL,
      ),
    );
  }
}

function plush(kit: Kit): void {
  const { cloud, random, paint } = kit;
  const fur = paint();
  const second = random.chance(0.5) ? fur : paint();
  const fat = random.between(0.5, 0.95);
  const body: Pose = { at: [0, -0.5, 0], size: [fat, random.between(0.55, 1), fat * random.between(0.7, 1)] };
  const sitting = random.chance(0.5);
  const head = random.between(0.4, 0.85);
  const headPose: Pose = {
    at: [0, body.size![1] * 0.8 - 0.5 + head * 0.7, random.between(0, 0.3)],
    size: [head * random.between(0.9, 1.25), head, head],
  };
  cloud.add(sample(ball(dents(random, 0.08)), fur, body, LARGE));
  cloud.add(sample(ball(dents(random, 0.05)), random.chance(0.7) ? fur : second, headPose, LARGE));
  if (random.chance(0.5)) {
    const front = body.size![2] * 0.35;
    cloud.add(
      sample(
        ball(),
        second,
        { at: [0, -0.5, front], size: [body.size![0] * 0.7, body.size![1] * 0.8, body.size![2] * 0.72] },
        MIDDLE,
      ),
    );
  }
  face(kit, headPose);
  const ears = random.below(4);
  const long = random.between(0.15, 0.8);
  for (const side of [-1, 1]) {
    if (ears > 0) {
      const at = [
        side * head * random.between(0.55, 0.8),
        headPose.at[1] + head * 0.8,
        headPose.at[2],
      ] as const;
      cloud.add(
        sample(
          ears === 1 ? lathe([0, 0.5, 1]) : ball(),
          random.chance(0.7) ? fur : second,
          { at, size: [0.2, long, 0.12], turn: [0, 0, -side * random.between(0, 1)] },
          SMALL,
        ),
      );
    }
    const limb = random.between(0.12, 0.28);
    const drop = random.between(-0.9, 0.3);
    cloud.add(
      sample(
        tube(
          [side * fat * 0.8, -0.1, 0.1],
          [side * (fat + 0.4), -0.2, 0.2],
          [side * (fat + random.between(-0.2, 0.5)), drop, random.between(0, 0.6)],
          limb,
          limb,
        ),
        random.chance(0.8) ? fur : second,
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
    const leg = random.between(0.15, 0.33);
    cloud.add(
      sample(
        tube(
          [side * 0.4, -1, 0],
          [side * 0.55, -1.2, sitting ? 0.6 : 0],
          sitting ? [side * 0.6, -1.15, 1] : [side * 0.45, -1.7, 0.1],
          leg,
          leg,
        ),
        random.chance(0.7) ? fur : second,
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
  }
  if (random.chance(0.3)) {
    cloud.add(
      sample(
        ring(0.22),
        paint(),
        { at: [0, headPose.at[1] - head * 0.85, 0.1], size: [0.45, 0.45, 0.5], turn: [1.57, 0, 0] },
        MIDDLE,
      ),
    );
  }
}

function figure(kit: Kit): void {
  const { cloud, random, paint } = kit;
  const skin = flat(
    random.chance(0.7)
      ? ([random.between(0.4, 0.95), random.between(0.3, 0.75), random.between(0.2, 0.6)] as const)
      : kit.palette(),
  );
  const robe = paint();
  const head = random.between(0.28, 0.5);
  const headPose: Pose = { at: [0, 1, 0], size: [head, head * random.between(0.9, 1.3), head] };
  cloud.add(sample(ball(dents(random, 0.04)), skin, headPose, MIDDLE));
  face(kit, headPose);
  const shoulders = random.between(0.25, 0.55);
  const hem = random.between(0.3, 1);
  cloud.add(
    sample(
      lathe([shoulders * 0.5, shoulders, random.between(0.25, 0.6), (hem + shoulders) / 2, hem]),
      robe,
      { at: [0, -0.05, 0], size: [1, random.between(0.6, 0.9), random.between(0.5, 1)] },
      LARGE,
    ),
  );
  if (random.chance(0.4)) {
    const apron = paint();
    cloud.add(
      sample(roundedBox(6), apron, { at: [0, -0.3, hem * 0.45], size: [hem * 0.5, 0.5, 0.3] }, MIDDLE),
    );
  }
  const cap = random.below(4);
  if (cap === 1)
    cloud.add(
      sample(
        lathe([0.02, 0.5, 1]),
        paint(),
        {
          at: [0, 1 + head * 1.3, 0],
          size: [head * 0.95, random.between(0.2, 0.6), head * 0.95],
          turn: [0, 0, random.between(-0.4, 0.4)],
        },
        MIDDLE,
      ),
    );
  if (cap === 2) {
    cloud.add(
      sample(
        lathe([0.9, 1, 1]),
        paint(),
        { at: [0, 1 + head * 0.9, 0], size: [head, head * 0.5, head] },
        MIDDLE,
      ),
    );
    cloud.add(
      sample(
        lathe([1, 1]),
        paint(),
        { at: [0, 1 + head * 0.55, 0], size: [head * 1.6, 0.04, head * 1.6] },
        MIDDLE,
      ),
    );
  }
  if (cap === 3)
    cloud.add(
      sample(
        ball(dents(random, 0.15)),
        paint(),
        { at: [0, 1 + head * 0.25, -head * 0.3], size: [head * 1.2, head * random.between(1, 1.6), head] },
        MIDDLE,
      ),
    );
  for (const side of [-1, 1]) {
    const hand = [
      side * random.between(0.5, 1.1),
      random.between(-0.5, 0.8),
      random.between(0, 0.5),
    ] as const;
    cloud.add(
      sample(
        tube([side * shoulders, 0.5, 0], [side * (shoulders + 0.3), 0.2, 0.1], hand, 0.14, 0.1),
        random.chance(0.8) ? robe : paint(),
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
    cloud.add(sample(ball(), skin, { at: hand, size: [0.12, 0.12, 0.12] }, SMALL));
    if (random.chance(0.6))
      cloud.add(
        sample(
          tube([side * 0.2, -0.6, 0], [side * 0.22, -1.1, 0], [side * 0.25, -1.5, 0.1], 0.14, 0.12),
          paint(),
          { at: [0, 0, 0] },
          MIDDLE,
        ),
      );
  }
}

function vessel({ cloud, random, paint }: Kit): void {
  const radii = Array.from({ length: 2 + random.below(6) }, () => random.between(0.25, 1));
  if (random.chance(0.4)) radii.fill(radii[0]!);
  const tall = random.between(0.4, 1.8);
  cloud.add(sample(lathe(radii), paint(), { at: [0, 0, 0], size: [0.8, tall, 0.8] }, [130, 110]));
  if (random.chance(0.4))
    cloud.add(
      sample(
        random.chance(0.5) ? ball() : lathe([0.3, 0.5, 1]),
        paint(),
        { at: [0, tall, 0], size: [radii[0]! * 0.8, random.between(0.05, 0.35), radii[0]! * 0.8] },
        MIDDLE,
      ),
    );
  if (random.chance(0.4)) {
    const top = random.between(0, tall * 0.8);
    const out = random.between(1, 1.8);
    cloud.add(
      sample(
        tube([0.5, top, 0], [out, top, 0], [0.5, top - random.between(0.4, 1), 0], 0.1, 0.1),
        paint(),
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
  }
  if (random.chance(0.3))
    cloud.add(
      sample(
        tube([-0.5, -0.1, 0], [-1.1, -0.1, 0], [-1.3, random.between(0.1, 0.7), 0], 0.2, 0.09),
        paint(),
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
  if (random.chance(0.15))
    cloud.add(
      sample(
        tube([-0.7, tall * 0.8, 0], [0, tall + 1.2, 0], [0.7, tall * 0.8, 0], 0.07, 0.07),
        paint(),
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
}

function crate({ cloud, random, paint }: Kit): void {
  const size = [random.between(0.3, 1), random.between(0.3, 1), random.between(0.25, 0.8)] as const;
  cloud.add(sample(roundedBox(random.between(4, 12)), paint(), { at: [0, 0, 0], size }, [150, 110]));
  for (let part = random.below(4); part > 0; part--) {
    const at = [
      random.between(-0.7, 0.7) * size[0],
      random.between(-0.7, 0.9) * size[1],
      size[2] * 0.95,
    ] as const;
    cloud.add(
      sample(
        random.chance(0.5) ? ball() : roundedBox(6),
        paint(),
        { at, size: [random.between(0.06, 0.3), random.between(0.06, 0.3), random.between(0.03, 0.2)] },
        SMALL,
      ),
    );
  }
  if (random.chance(0.3)) {
    for (const x of [-1, 1])
      for (const z of [-1, 1])
        cloud.add(
          sample(
            ring(0.4),
            flat(DARK, 0.2),
            { at: [x * size[0] * 0.7, -size[1], z * size[2]], size: [0.18, 0.18, 0.18] },
            SMALL,
          ),
        );
  }
}

function lump({ cloud, random, paint }: Kit): void {
  const size = [random.between(0.5, 1), random.between(0.4, 1), random.between(0.5, 1)] as const;
  cloud.add(sample(ball(dents(random, 0.3)), paint(), { at: [0, 0, 0], size }, [140, 100]));
  for (let part = random.below(8); part > 0; part--) {
    const around = random.between(0, 6.28);
    const up = random.between(-0.8, 0.9);
    const out = Math.sqrt(1 - up * up);
    const little = random.between(0.08, 0.35);
    const at = [Math.sin(around) * out * size[0], up * size[1], Math.cos(around) * out * size[2]] as const;
    cloud.add(
      sample(
        random.chance(0.3) ? lathe([0.05, 0.5, 1]) : ball(),
        paint(),
        { at, size: [little, little * random.between(0.7, 2), little] },
        SMALL,
      ),
    );
  }
}

function shoe({ cloud, random, paint }: Kit): void {
  const upper = paint();
  const long = random.between(0.8, 1.3);
  const shaft = random.between(0, 1.4);
  cloud.add(sample(ball(dents(random, 0.08)), upper, { at: [0, 0, 0.3], size: [0.42, 0.38, long] }, LARGE));
  cloud.add(
    sample(
      lathe([0.8, 0.9, 1, 1]),
      random.chance(0.6) ? upper : paint(),
      { at: [0, 0.2 + shaft * 0.4, -long * 0.45], size: [0.4, 0.3 + shaft * 0.5, 0.45] },
      LARGE,
    ),
  );
  cloud.add(sample(roundedBox(4), paint(), { at: [0, -0.3, 0.3], size: [0.45, 0.12, long * 1.05] }, MIDDLE));
  if (random.chance(0.3))
    cloud.add(sample(roundedBox(5), paint(), { at: [0, -0.5, -long * 0.5], size: [0.25, 0.3, 0.2] }, MIDDLE));
  const laces = flat(random.chance(0.5) ? WHITE : anyColour(random));
  for (let lace = random.below(5); lace > 0; lace--) {
    cloud.add(
      sample(
        tube([-0.25, 0.3, lace * 0.15], [0, 0.45, lace * 0.15], [0.25, 0.3, lace * 0.15], 0.035, 0.035),
        laces,
        { at: [0, 0, 0] },
        SMALL,
      ),
    );
  }
}

function spectacles({ cloud, random, paint }: Kit): void {
  const rim = paint();
  const lens = random.chance(0.7) ? paint() : undefined;
  const shape = [random.between(0.35, 0.5), random.between(0.25, 0.5)] as const;
  const thick = random.between(0.06, 0.2);
  for (const side of [-1, 1]) {
    const at = [side * 0.52, 0, 0] as const;
    cloud.add(sample(ring(thick), rim, { at, size: [shape[0], shape[1], 0.4] }, [90, 24]));
    if (lens) cloud.add(sample(ball(), lens, { at, size: [shape[0], shape[1], 0.03] }, MIDDLE));
    cloud.add(
      sample(
        tube([side * 1, 0.1, 0], [side * 1.05, 0.15, -0.7], [side * 0.95, -0.1, -1.4], 0.06, 0.05),
        rim,
        { at: [0, 0, 0] },
        MIDDLE,
      ),
    );
  }
  cloud.add(
    sample(tube([-0.1, 0.05, 0], [0, 0.12, 0], [0.1, 0.05, 0], 0.05, 0.05), rim, { at: [0, 0, 0] }, SMALL),
  );
}

function tool({ cloud, random, paint }: Kit): void {
  const long = random.between(0.9, 1.5);
  const thick = random.between(0.06, 0.16);
  cloud.add(
    sample(
      tube(
        [0, -long, 0],
        [random.between(-0.3, 0.3), 0, 0],
        [0, long, 0],
        thick,
        thick * random.between(0.5, 1.5),
      ),
      paint(),
      { at: [0, 0, 0] },
      [40, 120],
    ),
  );
  const head = random.below(4);
  const size = [random.between(0.2, 0.7), random.between(0.15, 0.5), random.between(0.06, 0.3)] as const;
  const shape = [
    roundedBox(6),
    ball(dents(random, 0.2)),
    lathe([random.next(), random.next(), random.next()]),
    ring(0.25),
  ][head]!;
  cloud.add(sample(shape, paint(), { at: [random.between(-0.1, 0.5), long, 0], size }, MIDDLE));
  if (random.chance(0.4))
    cloud.add(
      sample(
        lathe([1, 1]),
        paint(),
        { at: [0, random.between(-long, long) * 0.6, 0], size: [thick * 1.6, 0.12, thick * 1.6] },
        SMALL,
      ),
    );
}

function bag({ cloud, random, paint }: Kit): void {
  const size = [random.between(0.6, 1), random.between(0.6, 1.1), random.between(0.3, 0.6)] as const;
  const cloth = paint();
  cloud.add(sample(roundedBox(random.between(2.6, 5)), cloth, { at: [0, 0, 0], size }, [140, 100]));
  cloud.add(
    sample(
      roundedBox(random.between(2.6, 5)),
      random.chance(0.5) ? cloth : paint(),
      {
        at: [0, -size[1] * 0.35, size[2] * 0.8],
        size: [size[0] * random.between(0.5, 0.9), size[1] * 0.45, size[2] * 0.4],
      },
      LARGE,
    ),
  );
  cloud.add(
    sample(
      tube(
        [-size[0] * 0.4, size[1] * 0.9, 0],
        [0, size[1] * random.between(1.3, 2), 0],
        [size[0] * 0.4, size[1] * 0.9, 0],
        0.07,
        0.07,
      ),
      paint(),
      { at: [0, 0, 0] },
      MIDDLE,
    ),
  );
  for (let patch = random.below(6); patch > 0; patch--) {
    const at = [
      random.between(-0.7, 0.7) * size[0],
      random.between(-0.7, 0.7) * size[1],
      size[2] * 0.95,
    ] as const;
    cloud.add(
      sample(
        random.chance(0.5) ? ball() : roundedBox(5),
        paint(),
        { at, size: [random.between(0.08, 0.22), random.between(0.08, 0.22), 0.12] },
        SMALL,
      ),
    );
  }
}

function pile({ cloud, random, paint }: Kit): void {
  for (let part = 2 + random.below(5); part > 0; part--) {
    const at = [random.between(-0.6, 0.6), random.between(-0.8, 0.8), random.between(-0.4, 0.4)] as const;
    const size = [random.between(0.2, 0.7), random.between(0.2, 0.8), random.between(0.2, 0.6)] as const;
    const turn = [random.between(-0.5, 0.5), random.between(-1, 1), random.between(-0.8, 0.8)] as const;
    const surfaces = [
      ball(dents(random, 0.15)),
      lathe([random.next(), random.next(), random.next()]),
      roundedBox(random.between(3, 10)),
      ring(random.between(0.15, 0.45)),
      lathe([0.02, 0.5, 1]),
    ];
    cloud.add(sample(surfaces[random.below(surfaces.length)]!, paint(), { at, size, turn }, [80, 60]));
  }
}
