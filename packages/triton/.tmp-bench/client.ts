import { fork } from "node:child_process";
import { once } from "node:events";
import { ScoresRecognizer, TritonClient } from "@followspot/triton";
const child = fork(new URL("./server.ts", import.meta.url).pathname);
const [address] = await once(child, "message") as [string];
const client = await TritonClient.connect({ address });
const r = await ScoresRecognizer.connect({ client, model: "understudy" });
await r.waitUntilReady(AbortSignal.timeout(5000));
const jpeg = new Uint8Array(Number(process.argv[2] ?? 60_000));
const labels = Array.from({ length: 12 }, (_, i) => `label-${i}`);
const N = Number(process.argv[3] ?? 2000);
const gap = Number(process.argv[4] ?? 0);
for (let i = 0; i < 500; i++) await r.recognize({ jpeg, labels, deadlineMs: 1000 });
const ms: number[] = [], model: number[] = [];
const cpu0 = process.cpuUsage();
const t0 = performance.now();
for (let i = 0; i < N; i++) {
  if (gap) await new Promise((res) => setTimeout(res, gap));
  const a = await r.recognize({ jpeg, labels, deadlineMs: 1000 });
  ms.push(a.callMs - a.modelMs!); model.push(a.modelMs!);
}
const wall = performance.now() - t0;
const cpu = process.cpuUsage(cpu0);
const q = (a: number[], p: number) => a.sort((x, y) => x - y)[Math.floor(a.length * p)]!.toFixed(3);
console.log(`bytes ${jpeg.length} n ${N} gap ${gap}: call-model p50 ${q(ms, .5)} p95 ${q(ms, .95)} p99 ${q(ms, .99)} model p50 ${q(model, .5)}; ${(N / wall * 1000).toFixed(0)}/s; client cpu/call ${((cpu.user + cpu.system) / N).toFixed(0)} us`);
// throughput, 8 at once
const t1 = performance.now(); let left = N;
await Promise.all(Array.from({ length: 8 }, async () => { while (left-- > 0) await r.recognize({ jpeg, labels, deadlineMs: 5000 }); }));
console.log(`8 at once ${(N / (performance.now() - t1) * 1000).toFixed(0)}/s`);
await r.close(); await client.close(); child.disconnect();
