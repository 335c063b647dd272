import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { appendPictures } from "../append-pictures.ts";
import { openSource } from "../formats/open-source.ts";
import { parseVoc } from "../formats/read-voc.ts";
import { readDataset } from "../read-dataset.ts";
import { importDataset } from "./import-dataset.ts";

async function emptyFolder(
  context: TestContext,
): Promise<{ readonly source: string; readonly datasetDir: string }> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-import-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, "source"));
  return { source: join(dir, "source"), datasetDir: join(dir, "dataset") };
}

let shade = 0;
/** Another picture each time. */
async function painted({ width = 64, height = 48, orientation = 1 } = {}): Promise<Buffer> {
  const background = { r: ++shade % 256, g: (shade * 5) % 256, b: 90 };
  const exif = { IFD3: { GPSLatitudeRef: "N" } };
  const picture = sharp({ create: { width, height, channels: 3, background } }).jpeg();
  return await picture.withMetadata({ orientation }).withExifMerge(exif).toBuffer();
}

async function put(
  dir: string,
  files: Readonly<Record<string, string | Uint8Array | object>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    const raw = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(join(dir, name), raw ? content : JSON.stringify(content));
  }
}

async function subjectsOf(dir: string): Promise<object[]> {
  const { pictures } = await readDataset(dir);
  return pictures.map(({ kind, label, scene, caption, split, objects }) =>
    JSON.parse(JSON.stringify({ kind, label, scene, caption, split, objects })),
  );
}

test("a folder a name becomes a data set; originals stay byte for byte, GPS does not", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  const turned = await painted({ orientation: 6 });
  await put(source, {
    "Big Wolf/IMG 1.jpg": turned,
    "Big Wolf/IMG 1.txt": "a grey wolf\n",
    "basket/kitchen/b.JPG": await painted(),
    "unknown/c.jpeg": await painted(),
    "basket/notes.txt": "no caption of a picture",
    ".hidden/d.jpg": "not looked at",
  });
  const kinds = new Map([["basket", "prop" as const]]);
  const report = await importDataset({ source, datasetDir, kinds });
  assert.deepEqual([report.format, report.added, report.total, report.problems], ["folders", 3, 3, []]);
  assert.deepEqual(report.notes, [
    { picture: join(source, "Big Wolf/IMG 1.jpg"), note: "was turned upright" },
  ]);
  assert.deepEqual(await subjectsOf(datasetDir), [
    { kind: "character", label: "big-wolf", caption: "a grey wolf" },
    { kind: "prop", label: "basket", scene: "kitchen" },
    { kind: "unknown", label: "unknown" },
  ]);
  const [wolf] = (await readDataset(datasetDir)).pictures;
  assert.ok(wolf);
  const sha256 = createHash("sha256").update(turned).digest("hex");
  assert.deepEqual(wolf.extra, { original: { file: `originals/${sha256}.jpg`, sha256, name: "IMG 1.jpg" } });
  assert.deepEqual(await readFile(join(datasetDir, "originals", `${sha256}.jpg`)), turned);
  const { exif, width, height } = await sharp(wolf.path).metadata();
  assert.deepEqual({ exif, width, height }, { exif: undefined, width: 48, height: 64 });
});

test("what cannot be read is named and left out; everything else is there, and again adds nothing", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  const good = await painted();
  await put(source, {
    "wolf/good.jpg": good,
    "wolf/same.jpg": good,
    "fox/same-as-wolf.jpg": good,
    "wolf/text.jpg": "this is no picture",
    "wolf/cut.jpg": (await painted({ width: 400, height: 400 })).subarray(0, 900),
    "wolf/phone.heic": "\0\0\0\x18ftypheic\0\0\0\0",
    "wolf/empty.jpg": new Uint8Array(),
    "nobody.jpg": await painted(),
  });
  for (const added of [1, 0]) {
    const report = await importDataset({ source, datasetDir });
    assert.equal(report.added, added);
    assert.equal(report.total, 8);
    const problems = report.problems.map(
      ({ place, message }) => `${place.replace(`${source}/`, "")}: ${message}`,
    );
    const expected = [
      /^nobody\.jpg: nothing says who/,
      /^wolf\/cut\.jpg: .*cannot be decoded/,
      /^wolf\/empty\.jpg: the picture is empty/,
      /^wolf\/phone\.heic: .*HEIC/,
      /^wolf\/text\.jpg: .*cannot/,
    ];
    for (const message of expected) {
      assert.ok(
        problems.some((problem) => message.test(problem)),
        `${message} in ${problems.join("\n")}`,
      );
    }
    if (added === 1)
      assert.ok(
        problems.some((problem) => /the same picture is .*fox/.test(problem)),
        problems.join("\n"),
      );
  }
  assert.equal((await readDataset(datasetDir)).pictures.length, 1);
});

test("an import that was interrupted leaves a data set in order, and goes on where it was", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  for (let n = 0; n < 30; n++)
    await put(source, { [`wolf/${String(n).padStart(2, "0")}.jpg`]: await painted() });
  const interrupt = new AbortController();
  const first = await importDataset({
    source,
    datasetDir,
    signal: interrupt.signal,
    onProgress: ({ done }) => done === 10 && interrupt.abort(),
  });
  assert.equal(first.interrupted, true);
  assert.ok(first.added >= 10 && first.added < 20, String(first.added));
  assert.equal((await readDataset(datasetDir)).pictures.length, first.added);
  const second = await importDataset({ source, datasetDir });
  assert.deepEqual([second.added, second.known, second.interrupted], [30 - first.added, first.added, false]);
  assert.equal((await readDataset(datasetDir)).pictures.length, 30);
  assert.equal((await readdir(join(datasetDir, "originals"))).length, 30);
});

test("two imports of the same at once add each picture once", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  for (let n = 0; n < 20; n++) await put(source, { [`wolf/${n}.jpg`]: await painted() });
  await Promise.all([importDataset({ source, datasetDir }), importDataset({ source, datasetDir })]);
  assert.equal((await readDataset(datasetDir)).pictures.length, 20);
});

test("pictures that others added are neither doubled nor changed", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  const bytes = await sharp({ create: { width: 40, height: 40, channels: 3, background: "#123456" } })
    .jpeg()
    .toBuffer();
  await appendPictures(datasetDir, [{ bytes, suggestedName: "taught", kind: "character", label: "fox" }]);
  const before = await readFile(join(datasetDir, "metadata.jsonl"), "utf8");
  await put(source, { "wolf/a.jpg": bytes, "wolf/b.jpg": await painted() });
  const report = await importDataset({ source, datasetDir });
  assert.deepEqual([report.added, report.known], [1, 1]);
  assert.ok((await readFile(join(datasetDir, "metadata.jsonl"), "utf8")).startsWith(before));
});

test("what shows the same as a golden picture, or is of its scene, is golden too, and that is said", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  // Blobs of light on one of two sides, so that the mirror is another picture.
  const drawn = async (seed: number, change = (image: Sharp): Sharp => image): Promise<Buffer> => {
    const circles = Array.from({ length: 9 }, (_, at) => {
      const [x, y, hue] = [(at * 37 * seed) % 300, (at * 53 + seed * 29) % 200, (at * 40 * seed) % 256];
      return `<circle cx="${x}" cy="${y}" r="${20 + at * 4}" fill="rgb(${hue},${255 - hue},${(hue * 3) % 256})"/>`;
    });
    const svg = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240">${circles.join("")}</svg>`,
    );
    return await change(sharp(svg).flatten({ background: "#888" }))
      .jpeg()
      .toBuffer();
  };
  const golden = {
    kind: "character",
    label: "wolf",
    split: "golden",
    suggestedName: "judge",
    scene: "attic",
  } as const;
  await appendPictures(datasetDir, [{ ...golden, bytes: await drawn(1) }]);
  await put(source, {
    "wolf/mirrored.jpg": await drawn(1, (image) => image.flop()),
    "wolf/smaller.jpg": await drawn(1, (image) => image.resize(200, 150)),
    "wolf/attic/other.jpg": await drawn(2),
    "wolf/cellar/other.jpg": await drawn(3),
  });
  const report = await importDataset({ source, datasetDir });
  const splits = (await readDataset(datasetDir)).pictures.map(({ extra, split }) => [
    (extra?.["original"] as { name: string } | undefined)?.name,
    split,
  ]);
  assert.deepEqual(splits, [
    [undefined, "golden"],
    ["other.jpg", "golden"],
    ["other.jpg", undefined],
    ["mirrored.jpg", "golden"],
    ["smaller.jpg", "golden"],
  ]);
  const notes = report.notes.map(({ note }) => note.replace(/wolf\S*|judge[^:\s]*/, "it"));
  assert.deepEqual(notes, [
    'is of scene "attic", of which a golden picture is: it is golden too',
    "may be one shot with the golden it: it is golden too",
    "may be one shot with the golden it: it is golden too",
  ]);
});

test("folders of splits around folders of names are splits, and that is said; a puppet called train is none", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  for (const name of ["train/wolf/a.jpg", "train/fox/b.jpg", "valid/wolf/kitchen/c.jpg"]) {
    await put(source, { [name]: await painted() });
  }
  const report = await importDataset({ source, datasetDir });
  assert.deepEqual(await subjectsOf(datasetDir), [
    { kind: "character", label: "fox", split: "train" },
    { kind: "character", label: "wolf", split: "train" },
    { kind: "character", label: "wolf", scene: "kitchen", split: "test" },
  ]);
  assert.match(report.notes[0]?.note ?? "", /the folders train, valid were taken for splits/);

  const toys = await emptyFolder(context);
  for (const name of ["train/kitchen/a.jpg", "wolf/kitchen/b.jpg"]) {
    await put(toys.source, { [name]: await painted() });
  }
  await importDataset(toys);
  assert.deepEqual(await subjectsOf(toys.datasetDir), [
    { kind: "character", label: "train", scene: "kitchen" },
    { kind: "character", label: "wolf", scene: "kitchen" },
  ]);
});

test("COCO of others: boxes belong to the pixels for which the size is given", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  const annotation = (image_id: number, category_id: number, bbox: number[]) => ({
    image_id,
    category_id,
    bbox,
  });
  await put(source, {
    "val2017/a.jpg": await painted({ width: 64, height: 48, orientation: 6 }),
    "val2017/b.jpg": await painted({ width: 64, height: 48, orientation: 6 }),
    "val2017/c.jpg": await painted(),
    "val2017/d.jpg": await painted(),
    "annotations/instances_val2017.json": {
      images: [
        { id: 1, file_name: "a.jpg", width: 64, height: 48 },
        { id: 2, file_name: "b.jpg", width: 48, height: 64 },
        { id: 3, file_name: "c.jpg", width: 32, height: 24 },
        { id: 4, file_name: "d.jpg" },
        { id: 5, file_name: "../../secret.jpg" },
      ],
      categories: [
        { id: 7, name: "Red Hood" },
        { id: 9, name: "wolf" },
      ],
      annotations: [
        annotation(1, 7, [0, 0, 10, 20]),
        annotation(2, 7, [0, 0, 10, 20]),
        annotation(2, 9, [5, 5, 30, 40]),
        annotation(3, 7, [0, 0, 10, 20]),
        annotation(8, 7, [0, 0, 10, 20]),
        annotation(4, 8, [0, 0, 10, 20]),
        { image_id: 4, bbox: [0, 0, -1, 2], category_id: 7 },
      ],
    },
  });
  const report = await importDataset({ source, datasetDir });
  assert.equal(report.format, "coco");
  assert.deepEqual(
    (await readDataset(datasetDir)).pictures.map(({ label, objects }) => [
      label,
      objects?.map(({ box }) => box),
    ]),
    [
      ["red-hood", [{ left: 28, top: 0, width: 20, height: 10 }]],
      [
        "wolf",
        [
          { left: 0, top: 0, width: 10, height: 20 },
          { left: 5, top: 5, width: 30, height: 40 },
        ],
      ],
      ["unknown", []],
    ],
  );
  const messages = report.problems.map(({ message }) => message).join("\n");
  for (const part of [
    /there is no image 8/,
    /no category 8/,
    /bbox\.2/,
    /no picture \.\.\/\.\.\/secret\.jpg in the source/,
    /for 32 x 24 pixels, but the picture is 64 x 48/,
  ]) {
    assert.match(messages, part);
  }
});

test("VOC of others: counted from 1 or from 0, and never with entities", async (context) => {
  const xml = (name: string, [x1, y1, x2, y2]: number[]) =>
    `<annotation><filename>${name}.jpg</filename><object><name>wolf</name><bndbox><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax><ymax>${y2}</ymax></bndbox></object></annotation>`;
  for (const [corners, box] of [
    [[1, 1, 10, 20], { left: 0, top: 0, width: 10, height: 20 }],
    [[0, 5, 10, 20], { left: 0, top: 5, width: 10, height: 15 }],
  ] as const) {
    const { source, datasetDir } = await emptyFolder(context);
    await put(source, {
      "JPEGImages/a.jpg": await painted(),
      "Annotations/a.xml": xml("a", [...corners]),
      "Annotations/b.xml": `<?xml version="1.0"?><!DOCTYPE annotation [<!ENTITY x SYSTEM "file:///etc/passwd">]>${xml("&x;", [1, 1, 2, 2])}`,
      "Annotations/c.xml": "<annotation><object>",
    });
    const report = await importDataset({ source, datasetDir });
    assert.equal(report.problems.length, 2);
    assert.match(report.problems[0]?.message ?? "", /entities are not accepted/);
    assert.deepEqual((await readDataset(datasetDir)).pictures[0]?.objects, [{ label: "wolf", box }]);
  }
});

test("conversations of others: names and boxes from the answers, captions from plain ones", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  const names = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"];
  for (const name of names)
    await put(source, { [`images/${name}`]: await painted({ width: 1000, height: 500 }) });
  const marked = "<|object_ref_start|>The Wolf<|object_ref_end|><|box_start|>(100,200),(500,600)<|box_end|>";
  await put(source, {
    "train.json": [
      {
        id: 1,
        image: "a.jpg",
        conversations: [
          { from: "human", value: "<image>\nWhere?" },
          { from: "gpt", value: marked },
        ],
      },
      {
        id: 2,
        image: "a.jpg",
        conversations: [
          { from: "human", value: "<image>\nWhat?" },
          { from: "gpt", value: "a wolf, dozing" },
        ],
      },
      {
        id: 3,
        image: "images/b.jpg",
        conversations: [
          { from: "gpt", value: '```json\n[{"bbox_2d": [126, 126, 504, 252], "label": "fox"}]\n```' },
        ],
      },
      { id: 4, image: ["c.jpg", "d.jpg"], conversations: [{ from: "gpt", value: "both" }] },
      { id: 5, conversations: [{ from: "gpt", value: "no picture" }] },
      { id: 6, image: "/etc/passwd", conversations: [{ from: "gpt", value: "no" }] },
      { id: 7, image: "e.jpg", conversations: [{ from: "gpt", value: "somebody" }] },
    ],
  });
  const report = await importDataset({ source, datasetDir });
  assert.equal(report.format, "llava");
  assert.deepEqual(
    await subjectsOf(datasetDir),
    [
      {
        kind: "character",
        label: "the-wolf",
        caption: "a wolf, dozing",
        split: undefined,
        objects: [{ label: "the-wolf", box: { left: 100, top: 100, width: 400, height: 200 } }],
      },
      {
        kind: "character",
        label: "fox",
        objects: [{ label: "fox", box: { left: 125, top: 125, width: 375, height: 125 } }],
      },
    ].map((expected) => JSON.parse(JSON.stringify(expected))),
  );
  const messages = report.problems.map(({ message }) => message).join("\n");
  for (const part of [/2 pictures in one record/, /no picture \/etc\/passwd/, /nothing says who/])
    assert.match(messages, part);
  assert.match(report.notes.map(({ note }) => note).join(), /1 records without a picture/);
});

test("ms-swift of others: boxes in pixels or in parts of 1, one name for several", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  await put(source, {
    "a.jpg": await painted({ width: 200, height: 100 }),
    "b.jpg": await painted({ width: 200, height: 100 }),
  });
  const record = (image: string, objects: object) =>
    JSON.stringify({
      messages: [
        { role: "user", content: "<image>Find" },
        { role: "assistant", content: "<ref-object><bbox><bbox>" },
      ],
      images: [{ path: image }],
      objects,
    });
  const lines = [
    record("a.jpg", {
      ref: ["sheep"],
      bbox: [
        [10, 20, 30, 40],
        [50, 50, 90, 90],
      ],
    }),
    record("b.jpg", { ref: ["dog"], bbox: [[0.25, 0.5, 0.5, 1]], bbox_type: "norm1" }),
  ];
  await put(source, { "train.jsonl": lines.join("\n") });
  const report = await importDataset({ source, datasetDir, kind: "prop" });
  assert.deepEqual([report.format, report.problems], ["ms-swift", []]);
  assert.deepEqual(
    (await readDataset(datasetDir)).pictures.map(({ kind, label, objects }) => [
      kind,
      label,
      objects?.map(({ box }) => Object.values(box)),
    ]),
    [
      [
        "prop",
        "sheep",
        [
          [10, 20, 20, 20],
          [50, 50, 40, 40],
        ],
      ],
      ["prop", "dog", [[50, 50, 50, 50]]],
    ],
  );
});

test("imagefolder of others: text as caption, folders as names and splits", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  await put(source, {
    "train/wolf/a.jpg": await painted(),
    "train/b.jpg": await painted(),
    "train/metadata.jsonl":
      '{"file_name":"wolf/a.jpg","text":"a wolf","mood":7}\n{"file_name":"b.jpg","name":"Old Fox","split":"golden"}\n{oops\n',
    "validation/c.jpg": await painted(),
    "validation/metadata.jsonl": '{"file_name":"c.jpg","label":"wolf"}',
  });
  const report = await importDataset({ source, datasetDir });
  assert.deepEqual(
    report.problems.map(({ message }) => message.slice(0, 21)),
    ["this line is not JSON"],
  );
  const { pictures } = await readDataset(datasetDir);
  assert.deepEqual(
    pictures.map(({ label, split, caption }) => [label, split, caption]),
    [
      ["wolf", "train", "a wolf"],
      ["old-fox", "golden", undefined],
      ["wolf", "test", undefined],
    ],
  );
  assert.equal(pictures[0]?.extra?.["mood"], 7);
});

test("a source that is none is refused in one sentence", async (context) => {
  const { source, datasetDir } = await emptyFolder(context);
  await put(source, {
    "notes.txt": "hello",
    "csv/a.jpg": await painted(),
    "csv/metadata.csv": "file_name,name",
  });
  await mkdir(join(source, "empty"));
  const bad: readonly [object, RegExp][] = [
    [{ source: join(source, "elsewhere") }, /does not exist: name a folder/],
    [{ source: join(source, "empty") }, /there are no pictures in it/],
    [{ format: "coco" }, /nothing of the format coco/],
    [{ source: join(source, "csv") }, /csv\/metadata\.csv is not read: write it as metadata\.jsonl/],
  ];
  for (const [change, message] of bad) {
    await assert.rejects(importDataset({ source, datasetDir, ...change }), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
});

test("whatever stands in an annotation file, it is read or told, and nothing else happens", async (context) => {
  const { source } = await emptyFolder(context);
  await put(source, { "a.jpg": await painted() });
  const key = fc.constantFrom(
    "images",
    "annotations",
    "categories",
    "id",
    "file_name",
    "image_id",
    "bbox",
    "messages",
    "conversations",
    "image",
    "objects",
    "ref",
    "role",
    "content",
    "from",
    "value",
    "followspot",
    "kind",
    "__proto__",
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom("a.jpg", "", "user", null, true, -1, 1e308),
      fc.string(),
      fc.double(),
      tie("list"),
      tie("record"),
    ),
    list: fc.array(tie("any"), { maxLength: 4 }),
    record: fc.dictionary(key, tie("any"), { maxKeys: 5, noNullPrototype: true }),
  }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("coco", "llava", "sharegpt", "ms-swift", "imagefolder") as fc.Arbitrary<"coco">,
      fc.oneof(value.record, value.list, fc.string()),
      async (format, json) => {
        const name = (format as string) === "imagefolder" ? "metadata.jsonl" : "annotations.json";
        await put(source, { [name]: typeof json === "string" ? json : JSON.stringify(json) });
        await openSource(source, { format }).catch((error: unknown) =>
          assert.ok(error instanceof UserError, String(error)),
        );
        await rm(join(source, name));
      },
    ),
    { numRuns: 300 },
  );
});

test("whatever XML comes, it is an annotation or a message", () => {
  const piece = fc.constantFrom(
    "<annotation>",
    "</annotation>",
    "<object>",
    "</object>",
    "<name>",
    "</name>",
    "wolf",
    "<bndbox>",
    "<xmin>1</xmin>",
    "</bndbox>",
    "&amp;",
    "&lt",
    "<![CDATA[",
    "]]>",
    "<?",
    "<!--",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 25 }), (pieces) => {
      const parsed = parseVoc(pieces.join(""));
      assert.ok("annotation" in parsed || parsed.message !== "");
    }),
    { numRuns: 1_000 },
  );
});
