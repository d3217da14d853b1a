import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { builtFiles, committed, readDocument } from "./document.js";

const advice = "run `npm run docs:api` and commit what it writes";

describe("the documents in docs/", () => {
  it.each(Object.entries(builtFiles))("hold %s as the packages make it", (name, built) => {
    expect(readFileSync(committed(name), "utf8"), advice).toBe(readFileSync(built, "utf8"));
  });

  it("say the same in YAML as in JSON", () => {
    expect(parse(readFileSync(committed("openapi.yaml"), "utf8"))).toEqual(readDocument());
  });

  it("are up to date, the page as well, by the command that writes them", async () => {
    const script = fileURLToPath(new URL("../../scripts/write-docs.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, "--check"]);
    expect(stdout).toContain("up to date");
  });
});
