import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { driftLevels } from "../../src/engine/log/schemas.js";
import { answering, send, startBehind, startProxy } from "../proxy/behind.js";
import { call, on, testEngine } from "../support/call.js";

const page = (name: string) => readFileSync(new URL(`../../../../docs/${name}.md`, import.meta.url), "utf8");
const server = page("mock-server");

it("lists the headers that the mock says something of its own with", async () => {
  const headers = { "content-type": "application/json", prefer: "fault=wrong-type" };
  const proxy = await startProxy((await startBehind(answering({}))).url);
  const said = { ...call(testEngine(), on, { headers }).headers, ...(await send(proxy.url)).headers };
  const ofHttp = ["connection", "content-length", "content-type", "date", "keep-alive"];
  const [table = ""] = server.split("| header | meaning |\n")[1]?.split("\n\n") ?? [];
  const listed = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(
    Object.keys(said)
      .filter((name) => !ofHttp.includes(name))
      .sort(),
  );
});

it("lists the levels of drift with their meanings", () => {
  const text = page("validating-proxy").replace(/\s+/g, " ");
  const listed = [...text.matchAll(/`(accepts|lawful|emits)` \((.*?)\)/g)];
  expect(listed.map(([, level, meaning]) => [level, meaning])).toEqual(Object.entries(driftLevels));
});
