import type { Command } from "commander";

/** `followspot triton profiles`: what there is to render. */
export function addTritonProfiles(triton: Command): void {
  triton
    .command("profiles")
    .description("list the value files: one for each model and way to store its weights")
    .action(async () => {
      const { listProfiles, readProfile } = await import("@followspot/triton-repository");
      for (const name of await listProfiles()) {
        const { model, weights, format, container } = await readProfile(name);
        process.stdout.write(
          `${name.padEnd(30)}  ${model.padEnd(16)}  ${format.padEnd(9)}  ${container}  ${weights}\n`,
        );
      }
    });
}
