import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "@auto-extend/mock-server";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { presetTable } from "../../../../scripts/preset-table.mjs";
import { withWrittenPart } from "../../scripts/docs/written-part.mjs";
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

describe("the README of the mock server", () => {
  const readme = readFileSync(committed("../apps/mock-server/README.md"), "utf8");

  it("has the table of faults as the presets make it", () => {
    expect(readme, advice).toBe(withWrittenPart(readme, "presets", presetTable(presets)));
  });

  it("tells of each fault what happens, and each of its options", () => {
    for (const { name, description, options } of presets) {
      const row = readme.split("\n").find((line) => line.startsWith(`| \`${name}\` | ${description} |`));
      expect(options.filter((option) => !row?.includes(`\`${option.name}\`: ${option.description}`))).toEqual(
        [],
      );
    }
  });

  it("keeps what people wrote around it, and must have a place for it", () => {
    const places = ["<!-- list: written by `npm run docs:api` -->", "<!-- end of list -->"];
    const text = (part: string) => `Before.\n\n${places[0]}\n\n${part}\n\n${places[1]}\n\nAfter.\n`;
    expect(withWrittenPart(text("old"), "list", "new")).toBe(text("new"));
    expect(() => withWrittenPart("Before.\n\nAfter.\n", "list", "new")).toThrow("no place for the list");
    expect(() => withWrittenPart([...places].reverse().join("\n"), "list", "new")).toThrow("no place");
  });
});
