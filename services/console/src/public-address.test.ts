import assert from "node:assert/strict";
import { test } from "node:test";
import { originsOf, publicAddress } from "./public-address.ts";
import { contentSecurityPolicy } from "./security-headers.ts";

test("a loopback address takes the name under which the page was asked for", () => {
  assert.equal(publicAddress("http://127.0.0.1:4601", "192.168.1.5:4600"), "http://192.168.1.5:4601");
  assert.equal(publicAddress("ws://localhost:4601/", "booth.local"), "ws://booth.local:4601");
  assert.equal(publicAddress("http://127.0.0.1:4601", "[::1]:4600"), "http://[::1]:4601");
});

test("an address that a person chose stays", () => {
  assert.equal(publicAddress("https://results.example/x", "booth.local"), "https://results.example/x");
});

test("a Host that is no plain name reaches neither an address nor the policy", () => {
  for (const host of ["evil;script-src *", "a,b", "a b", "", "'unsafe-inline'"]) {
    assert.equal(publicAddress("http://127.0.0.1:4601", host), "http://127.0.0.1:4601");
    const policy = contentSecurityPolicy({
      importMapHash: "sha256-x",
      host,
      addresses: ["http://127.0.0.1:4601"],
    });
    assert.ok(!policy.includes("evil") && !policy.includes("unsafe"), policy);
    assert.equal(policy.split("; ").filter((rule) => rule.startsWith("script-src ")).length, 1);
  }
});

test("both kinds of connection to a service are allowed, in the same security", () => {
  assert.deepEqual(originsOf("https://a.example/base"), ["https://a.example", "wss://a.example"]);
  assert.deepEqual(originsOf("ws://a.example:1"), ["http://a.example:1", "ws://a.example:1"]);
});
