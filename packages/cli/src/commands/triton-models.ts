import type { Command } from "commander";

/** `followspot triton models`: what is known of every model, as a page. */
export function addTritonModels(triton: Command): void {
  triton
    .command("models")
    .description(
      "print licence, context and memory of every model, with sources, as Markdown (docs/models.md)",
    )
    .action(async () => {
      const { listProfiles, readProfile } = await import("@followspot/triton-repository");
      const { MODEL_SHEETS } = await import("@followspot/vision-language/model-sheets");
      const { modelsDoc } = await import("../models-doc.ts");
      const profiles = await Promise.all((await listProfiles()).map((name) => readProfile(name)));
      process.stdout.write(modelsDoc(MODEL_SHEETS, profiles));
    });
}
