// bare http2 and bare grpc-js lower bounds
import { fork } from "node:child_process";
import http2 from "node:http2";
import { once } from "node:events";
if (process.argv[2] === "s") {
  const s = http2.createServer();
  s.on("stream", (st) => { let n = 0; st.on("data", (d) => n += d.length); st.on("end", () => { st.respond({ ":status": 200 }, { waitForTrailers: true }); st.on("wantTrailers", () => st.sendTrailers({ x: "0" })); st.end(Buffer.alloc(400)); }); });
  s.listen(0, "127.0.0.1", () => process.send!((s.address() as any).port));
  process.on("disconnect", () => process.exit());
} else {
  const child = fork(new URL(import.meta.url).pathname, ["s"]);
  const [port] = await once(child, "message") as [number];
  const c = http2.connect(`http://127.0.0.1:${port}`);
  const body = Buffer.alloc(60_500);
  const one = () => new Promise<void>((res, rej) => { const st = c.request({ ":method": "POST", ":path": "/" }); st.on("data", () => {}); st.on("error", rej); st.on("end", () => res()); st.end(body); });
  for (let i = 0; i < 500; i++) await one();
  const ms: number[] = [];
  for (let i = 0; i < 2000; i++) { const t = performance.now(); await one(); ms.push(performance.now() - t); }
  ms.sort((a, b) => a - b);
  console.log("bare http2 p50", ms[1000]!.toFixed(3), "p95", ms[1900]!.toFixed(3));
  c.close(); child.disconnect();
}
