import { UserError } from "@followspot/domain";
import type { Command } from "commander";
import { datasetDir, type DatasetPlace } from "../dataset-dir.ts";
import { printJson, say } from "../say.ts";
import { tenSteps } from "../ten-steps.ts";

interface VersionOptions extends DatasetPlace {
  readonly write?: true;
  readonly since?: string;
  readonly json?: true;
}

/** `followspot dataset version`: the hash that reports and models name a data set by. */
export function addDatasetVersion(dataset: Command): void {
  dataset
    .command("version")
    .description("print the content hash of a data set, by which reports and models name it")
    .option("--dataset <dir>", "the data set (default: that of the show)")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--write", "keep what it consists of as versions/HASH.json in the data set's folder")
    .option(
      "--since <hash>",
      "tell what was changed since that version, which was kept with --write",
      parseHash,
    )
    .option("--json", "print one JSON document")
    .action(async (options: VersionOptions) => {
      const { datasetVersion, readDataset } = await import("@followspot/dataset");
      const { compareVersions, manifestFile, readManifest, writeManifest } = await import(
        "@followspot/dataset-check"
      );
      const dir = datasetDir(options);
      const { since } = options;
      const older = since === undefined ? undefined : await readManifest(manifestFile(dir, since));
      const version = await datasetVersion(await readDataset(dir), {
        onProgress: tenSteps("hashing pictures"),
      });
      const changes = older && compareVersions(older, version);
      const manifest = options.write ? await writeManifest(dir, version) : undefined;
      if (options.json) {
        printJson({
          hash: version.hash,
          pictures: version.lines.length,
          manifest: manifest ?? null,
          changes,
        });
        return;
      }
      process.stdout.write(`${version.hash}\n`);
      for (const [what, files] of Object.entries(changes ?? {}) as [string, readonly string[]][]) {
        for (const file of files) process.stdout.write(`${what.padEnd(7)}  ${file}\n`);
      }
      say(`${version.lines.length} pictures${manifest ? `, kept as ${manifest}` : ""}`);
    });
}

function parseHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new UserError("--since: a version is 64 hexadecimal digits, as `dataset version` prints them");
}
