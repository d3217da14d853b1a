import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { builtFiles, committed, readDocument } from "./document.js";

const advice = "run `npm run docs:api` and commit what it writes";

describe("the documents in docs/", () => {
  it.each(["openapi.json", "openapi.yaml"] as const)("hold %s as core makes it", (name) => {
    expect(readFileSync(committed(name), "utf8"), advice).toBe(readFileSync(builtFiles[name], "utf8"));
  });

  it("say the same in YAML as in JSON", () => {
    expect(parse(readFileSync(committed("openapi.yaml"), "utf8"))).toEqual(readDocument());
  });

  it("are up to date, the page of faults as well, by the command that writes them", async () => {
    const script = fileURLToPath(new URL("../../scripts/write-docs.mjs", import.meta.url));
    const { stdout } = await execa("node", [script, "--check"], { stripFinalNewline: false });
    expect(stdout).toContain("up to date");
  });
});
