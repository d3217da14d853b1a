import { join } from "node:path";
import { createClient, defaultRetry } from "@auto-extend/client";
import { operations, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { execute } from "../execute.js";
import { markdownFiles, root } from "./blocks.js";

const prose = new Map(markdownFiles().map(({ path, prose }) => [path, prose]));

/** The rows of the tables in a section of a page, without their heads. */
function rowsOf(page: string, heading: string): string[][] {
  const [, section = ""] = (prose.get(`docs/${page}.md`) ?? "").split(new RegExp(`^## ${heading}$`, "m"));
  const [text = ""] = section.split(/^## /m);
  return text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.trim()),
    );
}

describe("the page of the mock server", async () => {
  const program = join(root, "apps/mock-server/bin/auto-extend-mock.js");
  const help = (...command: string[]) =>
    execute(process.execPath, [program, ...command, "--help"], { cwd: root });
  const { stdout } = await help();

  it("lists the options of the program, with their defaults", () => {
    const [, text = ""] = /Options:\n([\s\S]*?)\nCommands:/.exec(stdout) ?? [];
    const options = new Map(
      text
        .split(/\n(?= {2}-)/)
        .map((option) => [/--[\w-]+/.exec(option)?.[0] ?? "", option.replace(/\s+/g, " ")] as const),
    );
    options.delete("--version");
    options.delete("--help");
    expect(options.size).toBeGreaterThan(10);
    const listed = rowsOf("mock-server", "Options").filter(([name = ""]) => name.startsWith("`--"));
    expect(listed.map(([name = ""]) => /--[\w-]+/.exec(name)?.[0]).sort()).toEqual(
      [...options.keys()].sort(),
    );
    for (const [name = "", , value = ""] of listed) {
      const [, given] =
        /\(default: ([^)]*)\)/.exec(options.get(/--[\w-]+/.exec(name)?.[0] ?? "") ?? "") ?? [];
      if (/^(?:\d+|[\d.]+|pretty)$/.test(value)) expect(value, name).toBe(given);
    }
  });

  it("lists the exit codes of the mock and of its commands as their help does", async () => {
    const [, ofMock = ""] = /Exit codes:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
    const [, ofCommands = ""] = /Exit codes: (.*)\.\n/.exec((await help("requests")).stdout) ?? [];
    const codes = ofMock.split(/\n(?= {2}\d)/).map((line) => line.trim().replace(/\s+/g, " "));
    const listed = rowsOf("mock-server", "Exit codes")
      .filter(([code = ""]) => /^\d+$/.test(code))
      .map((cells) => cells.join(" "));
    expect(listed.slice(0, codes.length)).toEqual(codes);
    // The help of a command names them on one line, without the reasons.
    const short = listed.slice(codes.length).map((row) => row.replace(/:.*/, ""));
    expect(short.join(", ")).toBe(ofCommands);
  });
});

describe("the page of the client", () => {
  it("has a row for each method", () => {
    const client = createClient({ apiKey: "any-key", baseUrl: "http://127.0.0.1:4010" });
    const methods = Object.entries(client).flatMap(([name, value]) =>
      typeof value === "function" ? [name] : [],
    );
    expect(methods.length).toBeGreaterThanOrEqual(operations.length);
    const listed = rowsOf("client", "Methods").map(([name = ""]) => /`(\w+)\(/.exec(name)?.[1]);
    expect(methods.filter((name) => !listed.includes(name))).toEqual([]);
  });

  it("grades each operation as the contract does", () => {
    const listed = new Map(
      rowsOf("client", "Methods").map(([name = "", , grade]) => [/`(\w+)\(/.exec(name)?.[1], grade]),
    );
    for (const operation of operations) expect(listed.get(operation.id)).toBe(specOf(operation).grade);
  });

  it("has the defaults of retries", () => {
    const listed = rowsOf("client", "Retries").map(([name = "", value = ""]) => [
      name.replaceAll("`", ""),
      Number(value.replace(/,| ms/g, "")),
    ]);
    expect(Object.fromEntries(listed)).toMatchObject(defaultRetry);
  });
});
