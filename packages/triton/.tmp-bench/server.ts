import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
const t = await ScriptedTriton.start();
process.send!(t.address);
process.on("disconnect", () => process.exit());
