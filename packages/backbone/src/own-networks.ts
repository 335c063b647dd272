import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Backbone, openBackbone } from "./backbone.ts";

/** The networks that come with Followspot: what finds somebody or something, and what says how it looks. */
export type OwnNetwork = "finder" | "embedding";

const NETWORKS: readonly OwnNetwork[] = ["finder", "embedding"];

const opened = new Map<OwnNetwork, Backbone>();
let version: string | undefined;

/** One of the networks that come with Followspot, opened once a thread. How they were made: training/README.md. */
export function ownNetwork(name: OwnNetwork): Backbone {
  const backbone = opened.get(name) ?? openBackbone(fileOf(name));
  opened.set(name, backbone);
  return backbone;
}

/** The first 12 digits of the hash of all of them: looks of other networks do not compare. */
export function ownNetworksVersion(): string {
  if (version === undefined) {
    const hash = createHash("sha256");
    for (const name of NETWORKS) hash.update(fileOf(name));
    version = hash.digest("hex").slice(0, 12);
  }
  return version;
}

function fileOf(name: OwnNetwork): Buffer {
  return readFileSync(new URL(`../network/${name}.fsb`, import.meta.url));
}
