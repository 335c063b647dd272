import { type ContainerRuntimeClient, getContainerRuntimeClient } from "testcontainers";

/**
 * What to pass as `skip` to tests that need a container engine: false where one answers, or must (in CI a missing engine
 * is a failure), otherwise the reason.
 */
export const withoutEngine: string | false =
  (await findEngine()) || process.env.CI
    ? false
    : "no container engine answers: start Docker or Podman, or set DOCKER_HOST";

/** Looks where testcontainers looks: DOCKER_HOST, Docker's sockets, rootless ones. */
async function findEngine(): Promise<ContainerRuntimeClient | undefined> {
  try {
    return await getContainerRuntimeClient();
  } catch {
    return undefined;
  }
}
