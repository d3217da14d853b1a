import { readFileSync } from "node:fs";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { expect, it } from "vitest";
import { driftLevels } from "../../src/engine/log/schemas.js";
import { readWorld } from "../../src/engine/state/world.js";
import { answering, send, startBehind, startProxy } from "../proxy/behind.js";
import { call, on, testEngine, testNow } from "../support/call.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const [answer, refusal, world] = [...readme.matchAll(/```json\n(.*?)```/gs)]
  .map(([, text]) => text ?? "")
  // The settings of Jest, which apps/e2e tries.
  .filter((text) => !text.includes("transformIgnorePatterns"));

it("shows the answer that the mock gives", () => {
  expect(answer?.trim()).toBe(call(testEngine(), on).body);
});

it("shows the refusal that a fault makes of it", () => {
  const headers = { "content-type": "application/json", prefer: "fault=insufficient-funds" };
  expect(refusal?.trim()).toBe(call(testEngine(), on, { headers }).body);
});

it("shows a world that can be used", () => {
  expect(readWorld(JSON.parse(world ?? "")).accounts(testNow)).toHaveLength(1);
});

it("lists the rules in their order, with their codes and grades", () => {
  const rows = [...readme.matchAll(/^\| .* \| (\d+)[^|]*\| (\w+) \|$/gm)].map(([, code, grade]) => [
    Number(code),
    grade,
  ]);
  expect(rows).toEqual(specOf(setAutoExtend).rules.map(({ code, grade }) => [code, grade]));
});

it("lists the headers that the mock says something of its own with", async () => {
  const headers = { "content-type": "application/json", prefer: "fault=wrong-type" };
  const proxy = await startProxy((await startBehind(answering({}))).url);
  const said = { ...call(testEngine(), on, { headers }).headers, ...(await send(proxy.url)).headers };
  const ofHttp = ["connection", "content-length", "content-type", "date", "keep-alive"];
  const [table = ""] = readme.split("| header | meaning |\n")[1]?.split("\n\n") ?? [];
  const listed = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(
    Object.keys(said)
      .filter((name) => !ofHttp.includes(name))
      .sort(),
  );
});

it("lists the levels of drift with their meanings", () => {
  const rows = [...readme.matchAll(/^\| `(accepts|lawful|emits)` \| (.*) \|$/gm)];
  expect(rows.map(([, level, meaning]) => [level, meaning])).toEqual(Object.entries(driftLevels));
});
