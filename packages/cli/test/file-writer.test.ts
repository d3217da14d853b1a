import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileToWrite } from "../src/app/files.js";
import { serveAccount } from "./support/account.js";
import { runCli } from "./support/cli.js";
import { fileWith } from "./support/folder.js";

describe("a file that is written at the end", () => {
  it("is not -, which would make a file of that name", async () => {
    await expect(fileToWrite("-", { option: "--html", noun: "page", beginning: /^</ })).rejects.toMatchObject(
      {
        name: "UsageError",
        message: "--html needs a file path; - is not supported.",
        details: { whatToDo: "Name a file with --html." },
      },
    );
    await expect(stat("-")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each([
    ["off", ["off", "111"], "--failures", "list of failures"],
    ["forecast", ["forecast"], "--html", "page of a forecast"],
    ["verify", ["verify", "--only", "getBalance"], "--junit", "report of verify"],
  ])("replaces only its own kind: %s", async (_, argv, option, noun) => {
    const server = await serveAccount();
    const base = ["--base-url", server.url];
    const file = await fileWith("");
    const first = await runCli([...argv, option, file, ...base]);
    const content = await readFile(file, "utf8");
    expect(content).not.toBe("");
    expect(await runCli([...argv, option, file, ...base])).toMatchObject({ exitCode: first.exitCode });
    const ledger = join(dirname(file), "run.jsonl");
    await runCli(["off", "222", "--ledger", ledger, ...base]);
    for (const [name, is] of [
      [ledger, "is the ledger of a run"],
      [await fileWith("<!doctype html><title>My page</title>"), `exists already, and is no ${noun}`],
      [await fileWith("11111\n22222\n"), `exists already, and is no ${noun}`],
    ] as const) {
      const before = await readFile(name, "utf8");
      const sent = server.seen.length;
      const { exitCode, stderr } = await runCli([...argv, option, name, ...base]);
      expect(stderr).toBe(`error: ${name} ${is}.\nName another file with ${option}.\n`);
      expect(exitCode).toBe(2);
      expect(server.seen).toHaveLength(sent);
      expect(await readFile(name, "utf8")).toBe(before);
    }
  });
});
