import assert from "node:assert/strict";
import { test } from "node:test";
import { Access, isLoopback } from "./access.ts";

const READ = "read-token-0123456789";
const PUSH = "push-token-0123456789";
const request = (headers: Record<string, string> = {}, url = "/") => ({
  url,
  headers: { host: "127.0.0.1:4601", ...headers },
});

test("without tokens this machine may do everything", () => {
  assert.equal(Access.parse(undefined).refuses("operate", request()), undefined);
});

test("without tokens a page of another site is refused", () => {
  const refusal = Access.parse("").refuses("read", request({ origin: "https://evil.example" }));
  assert.equal(refusal?.status, 403);
});

test("without tokens a foreign name that points here (DNS rebinding) is refused", () => {
  const access = Access.parse(undefined);
  assert.equal(access.refuses("read", request({ host: "evil.example:4601" }))?.status, 403);
  assert.equal(
    access.refuses("read", request({ host: "evil.example", origin: "http://evil.example" }))?.status,
    403,
  );
});

test("the console on another port of this machine is welcome", () => {
  assert.equal(Access.parse("").refuses("read", request({ origin: "http://localhost:4600" })), undefined);
});

test("with tokens only the right scope gets in", () => {
  const access = Access.parse(`read:${READ},push:${PUSH}`);
  assert.equal(access.refuses("read", request())?.status, 401);
  assert.equal(access.refuses("read", request({ authorization: `Bearer ${READ}` })), undefined);
  assert.equal(access.refuses("read", request({}, `/v1/subscribe?access_token=${READ}`)), undefined);
  assert.equal(access.refuses("push", request({ authorization: `Bearer ${READ}` }))?.status, 403);
  assert.equal(access.refuses("operate", request({ authorization: `Bearer ${PUSH}` }))?.status, 403);
});

test("with tokens a page of the same host is welcome, one of another is not", () => {
  const access = Access.parse(`read:${READ}`);
  const from = (origin: string) =>
    access.refuses("read", request({ host: "stage.local:4601", origin, authorization: `Bearer ${READ}` }));
  assert.equal(from("http://stage.local:4600"), undefined);
  assert.equal(from("https://evil.example")?.status, 403);
});

test("a bad entry is named by its place, never by its value", () => {
  assert.throws(
    () => Access.parse(`read:${READ},write:${PUSH}`),
    (error) => /entry 2/.test(String(error)) && !String(error).includes(PUSH),
  );
  assert.throws(() => Access.parse("read:short"), /entry 1.*at least 16/);
});

test("loopback names and addresses are known", () => {
  for (const name of ["localhost", "127.0.0.1", "127.8.9.1", "[::1]", "::1"])
    assert.ok(isLoopback(name), name);
  for (const name of ["127.0.0.1.evil.example", "10.0.0.1", "localhost.evil", ""])
    assert.ok(!isLoopback(name), name);
});
