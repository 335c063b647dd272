import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Backbone, openBackbone } from "./backbone.ts";

const FILE = new URL("../network/followspot.fsb", import.meta.url);

let opened: { readonly backbone: Backbone; readonly version: string } | undefined;

/** The network that comes with Followspot, opened once a thread. How it was made: training/README.md. */
export function ownBackbone(): Backbone {
  return open().backbone;
}

/** The first 12 digits of its file's hash: embeddings of different backbones do not compare. */
export function ownBackboneVersion(): string {
  return open().version;
}

function open(): { readonly backbone: Backbone; readonly version: string } {
  if (!opened) {
    const bytes = readFileSync(FILE);
    const version = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    opened = { backbone: openBackbone(bytes), version };
  }
  return opened;
}
