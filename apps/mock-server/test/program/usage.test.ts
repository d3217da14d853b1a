import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { columns, exitCodes, exitCodesHelp, ownCommand } from "../../src/program/usage.js";
import { runProgram } from "../support/program.js";

describe("the command that messages tell people to run", () => {
  const script = join(process.cwd(), "bin", "auto-extend-mock.js");

  it.each([
    ["npx or npm start", script, { npm_command: "exec" }, "npx @auto-extend/mock-server"],
    [
      "a project's node_modules",
      "/app/node_modules/.bin/auto-extend-mock",
      {},
      "npx @auto-extend/mock-server",
    ],
    ["the PATH", "/usr/local/bin/auto-extend-mock", { PATH: "/bin:/usr/local/bin" }, "auto-extend-mock"],
    ["its file", script, { PATH: "/bin" }, `node ${relative(process.cwd(), script)}`],
    ["a folder with a space", join(process.cwd(), "my mock", "m.js"), {}, 'node "my mock/m.js"'],
  ])("fits a program that was started from %s", (_, path, env, command) => {
    expect(ownCommand(path, env)).toBe(command);
  });
});

describe("exit codes", () => {
  it("are listed in the help of the program and of every command", async () => {
    const help = (command: string) => runProgram([...command.split(" ").filter(Boolean), "--help"]);
    const ofMock = (await help("")).out;
    for (const code of Object.values(exitCodes)) expect(ofMock).toMatch(new RegExp(`^  ${code} +`, "m"));
    for (const command of ["requests", "explain", "state", "faults add", "clock next", "reset"]) {
      const { out } = await help(command);
      expect(out).toContain(exitCodesHelp.command);
      expect(out).not.toContain("the port is in use");
    }
    for (const command of ["faults", "world", "world new"]) {
      expect((await help(command)).out).toContain(exitCodesHelp.local);
    }
  });
});

it.each(["", "clock", "world new"])("help %s is the same as its option", async (command) => {
  const words = command.split(" ").filter(Boolean);
  const { code, out } = await runProgram(["help", ...words]);
  expect({ code, out }).toEqual({ code: 0, out: (await runProgram([...words, "--help"])).out });
});

it("help fits into 80 columns", async () => {
  for (const command of ["", "requests", "explain", "state", "faults", "faults add", "clock", "world new"]) {
    const argv = [...command.split(" ").filter(Boolean), "--help"];
    const { out } = await runProgram(argv, { command: "npx @auto-extend/mock-server" });
    const tooLong = out.split("\n").filter((line) => line.length > 80);
    expect(tooLong).toEqual([]);
  }
});

it("aligns the cells of a table", () => {
  expect(
    columns([
      ["a", "bb", "c"],
      ["aaa", "b", ""],
    ]),
  ).toBe("  a    bb  c\n  aaa  b\n");
});
