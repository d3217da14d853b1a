import { errorCodes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { runCli, runJson } from "./support/cli.js";

describe("errors", () => {
  it("lists every code of the catalogue with meaning, what to do and grade", async () => {
    const { exitCode, stdout } = await runCli(["errors"]);
    expect(exitCode).toBe(0);
    for (const { code, grade, meaning, whatToDo } of errorCodes) {
      expect(stdout).toMatch(new RegExp(`^Error ${code}, .*, ${grade}$`, "m"));
      expect(stdout.replace(/\s+/g, " ")).toContain(`${meaning} ${whatToDo}`);
    }
    const { result } = await runJson(["errors"]);
    expect(result).toEqual({ errors: errorCodes.map((entry) => ({ known: true, ...entry })) });
  });

  it("shows a message only if it is the provider's own", async () => {
    const { stdout } = await runCli(["errors"]);
    expect(stdout).toMatch(/^Error 29, "Incorrect orderIds", sibling\n {2}At least/m);
    expect(stdout).toMatch(/^Error 11, message not public, observed\n {2}The rental period/m);
  });

  it("explains one code", async () => {
    const { exitCode, stdout } = await runCli(["errors", "16"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Error 16\nMessage     Insufficient funds on balance\n");
    expect(stdout).toContain("What to do  Top up the balance");
    expect((await runCli(["errors", "11"])).stdout).toContain("\nMessage     not public; the mock says ");
  });

  it("says that a code is not known", async () => {
    const { exitCode, stdout } = await runCli(["errors", "7777"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("does not say what this code means");
    expect(await runJson(["errors", "7777"])).toMatchObject({
      result: { errors: [{ known: false, code: 7777 }] },
    });
  });

  it("refuses text that is not a code", async () => {
    expect(await runJson(["errors", "abc"])).toMatchObject({ command: "errors", exitCode: 2 });
  });
});
