import { UserError } from "@followspot/domain";
import { runService } from "../run-service.ts";

const never = new Promise<never>(() => {});
const hold = setInterval(() => {}, 1_000);

await runService("fixture", async ({ closer }) => {
  closer.add("timer", { close: async () => clearInterval(hold) });
  switch (process.argv[2]) {
    case "hangs-while-starting":
      return never;
    case "fails-while-running":
      return { finished: Promise.reject(new Error("lost")) };
    case "bad-input":
      throw new UserError("show.yaml:3: the cast is empty");
    default:
      return { finished: never };
  }
});
