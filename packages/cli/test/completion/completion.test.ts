import { describe, expect, it } from "vitest";
import { runCli, runJson } from "../support/cli.js";
import { shells } from "./shell.js";

describe("completion", () => {
  it.each(shells)("prints the script for %s, also in --json", async (shell) => {
    const { exitCode, stdout, stderr } = await runCli(["completion", shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`# Completes auto-extend in ${shell}.`);
    expect(await runJson(["completion", shell])).toMatchObject({
      command: "completion",
      exitCode: 0,
      host: null,
      result: { shell, script: stdout },
    });
  });

  it.each(shells)("prints a script of a few lines for %s, without control characters", async (shell) => {
    const { stdout } = await runCli(["completion", shell]);
    expect(stdout.split("\n").length).toBeLessThan(30);
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\\u00/u);
  });

  it("refuses a shell that it has no script for", async () => {
    expect(await runJson(["completion", "ksh"])).toMatchObject({
      command: "completion",
      exitCode: 2,
      error: { name: "UsageError", message: expect.stringContaining("ksh") },
    });
    expect(await runJson(["completion"])).toMatchObject({ exitCode: 2, error: { name: "UsageError" } });
  });

  it("says in its help how to install each script", async () => {
    const { stdout } = await runCli(["completion", "--help"]);
    for (const shell of shells) expect(stdout).toContain(`auto-extend completion ${shell} > `);
  });
});
