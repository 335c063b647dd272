import { UserError } from "@followspot/domain";
import { type Ports, refuseTakenPorts } from "../up/ports.ts";
import { type CheckResult, note, ok } from "./check.ts";

const ANSWER_WITHIN_MS = 1_000;

/** Whether `up` finds its ports free, or is running already. */
export async function checkPorts(ports: Ports): Promise<CheckResult> {
  try {
    await refuseTakenPorts(ports, "127.0.0.1");
    return ok("ports", `${ports.console} and the six after it are free`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const running = await isFollowspot(ports.console);
    return running
      ? note("ports", `Followspot is running: http://127.0.0.1:${ports.console}/`)
      : note("ports", error.message);
  }
}

async function isFollowspot(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/live`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const report = (await response.json()) as { checks?: unknown };
    return typeof report.checks === "object";
  } catch {
    return false;
  }
}
