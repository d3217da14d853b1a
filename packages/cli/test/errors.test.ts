import { errorCodes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { runCli, runJson } from "./support/cli.js";

describe("errors", () => {
  it("lists every code of the catalogue with meaning, what to do and grade", async () => {
    const { exitCode, stdout } = await runCli(["errors"]);
    expect(exitCode).toBe(0);
    for (const { code, grade, meaning, whatToDo } of errorCodes) {
      expect(stdout).toMatch(new RegExp(`^ *${code}  ${grade} `, "m"));
      expect(stdout).toContain(meaning);
      expect(stdout).toContain(whatToDo);
    }
    const { result } = await runJson(["errors"]);
    expect(result).toEqual({ errors: errorCodes.map((entry) => ({ known: true, ...entry })) });
  });

  it("shows a message only where it is the provider's own", async () => {
    const { stdout } = await runCli(["errors"]);
    expect(stdout).toMatch(/^ *29 +sibling +Incorrect orderIds +At least/m);
    expect(stdout).toMatch(/^ *11 +observed +\(not public\) +The rental period/m);
  });

  it("explains one code", async () => {
    const { exitCode, stdout } = await runCli(["errors", "16"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Error 16\nMessage     Insufficient funds on balance (sibling: ");
    expect(stdout).toContain("What to do  Top up the balance");
  });

  it("is honest about a code that nobody knows", async () => {
    const { exitCode, stdout } = await runCli(["errors", "7777"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("does not publish what this code means");
    expect(await runJson(["errors", "7777"])).toMatchObject({
      result: { errors: [{ known: false, code: 7777 }] },
    });
  });

  it("refuses what is no code", async () => {
    expect(await runJson(["errors", "abc"])).toMatchObject({ command: "errors", exitCode: 2 });
  });
});
