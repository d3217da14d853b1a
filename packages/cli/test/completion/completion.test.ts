import { describe, expect, it } from "vitest";
import { shells } from "../../src/completion/shells.js";
import { canary, runCli, runJson } from "../support/cli.js";

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

  it.each(shells)(
    "prints a script for %s that runs no program of ours and knows no API key",
    async (shell) => {
      const { stdout } = await runCli(["completion", shell]);
      expect(stdout).not.toContain(canary);
      expect(stdout).not.toMatch(/\$\((command )?auto-extend|`auto-extend|curl|wget/);
      // Control characters would have been printed in another shape.
      expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\\u00/u);
    },
  );

  it("refuses a shell that it has no script for", async () => {
    expect(await runJson(["completion", "ksh"])).toMatchObject({
      command: "completion",
      exitCode: 2,
      error: { name: "UsageError", message: expect.stringContaining("bash, zsh, fish") },
    });
    expect(await runJson(["completion"])).toMatchObject({ exitCode: 2, error: { name: "UsageError" } });
  });

  it("tells in its help how to install each script", async () => {
    const { stdout } = await runCli(["completion", "--help"]);
    for (const shell of shells) expect(stdout).toMatch(new RegExp(`auto-extend completion ${shell} > ~/`));
  });
});
