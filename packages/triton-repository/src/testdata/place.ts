import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { checkRepository, type RepositoryCheck } from "../check-repository.ts";
import { readProfile } from "../profile.ts";
import { type RenderOptions, renderModel } from "../render.ts";
import { makeCheckpoint } from "./checkpoint.ts";

export const GIGABYTE = 1e9;
/** On disk: https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct/tree/main */
export const BYTES_2B = 4.42e9;
export const BYTES_7B = 15.23e9;

export interface Place {
  readonly repository: string;
  readonly weights: string;
  readonly render: (profile: string, options?: Partial<RenderOptions>) => Promise<string>;
  readonly check: (gigabytes?: number, capability?: number) => Promise<RepositoryCheck>;
}

export async function place(context: TestContext): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-repository-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const [repository, weights] = [join(dir, "repository"), join(dir, "weights")];
  await makeCheckpoint(join(weights, "Qwen2-VL-2B-Instruct"), { bytes: BYTES_2B });
  return {
    repository,
    weights,
    render: async (name, options = {}) =>
      (
        await renderModel({
          profile: await readProfile(name),
          to: repository,
          weightsDir: weights,
          ...options,
        })
      ).folder,
    check: (gigabytes, capability) =>
      checkRepository(repository, {
        container: "26.01",
        cards: gigabytes === undefined ? undefined : [{ bytes: gigabytes * GIGABYTE, capability }],
      }),
  };
}

export const said = ({ findings }: RepositoryCheck): string =>
  findings.map(({ severity, place: where, message }) => `${severity} ${where}: ${message}`).join("\n");

