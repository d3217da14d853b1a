import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { describeWith } from "../debian-package.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const page = readFileSync(`${root}docs/languages.md`, "utf8");
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]) =>
  block.trim().split("\n"),
);
const languages = [
  ["python3", "Python", "python3 examples/languages/switch.py"],
  ["php-cli", "PHP", "php examples/languages/switch.php"],
  ["golang-go", "Go", "go run examples/languages/switch.go"],
] as const;

let mock: MockServer | undefined;
beforeEach(async () => {
  await mock?.close();
  mock = await startMockServer();
});
afterAll(() => mock?.close());

function run(command: string) {
  const env = { AUTO_EXTEND_BASE_URL: mock?.url, AUTO_EXTEND_MOCK_URL: mock?.url };
  const here = command.replace(
    "npx @auto-extend/mock-server",
    "node apps/mock-server/bin/auto-extend-mock.js",
  );
  return execa("sh", ["-c", here], { cwd: root, env, reject: false });
}

/** The outcome of a command of the page. */
function shownBy(command: string) {
  if (command.startsWith("npx")) return { exitCode: 0, stdout: expect.stringContaining("502"), stderr: "" };
  if (command.includes("99999")) {
    return { exitCode: 0, stdout: "exit code 1", stderr: "Refused with error 29: Incorrect orderIds" };
  }
  const [, state] = / (on|off) IPv4/.exec(command) ?? [];
  return { exitCode: 0, stdout: expect.stringMatching(`^IP addresses switched ${state}: [13]$`), stderr: "" };
}

it("the page has a command for each language", () => {
  for (const [, , program] of languages) {
    expect(
      commands.filter((command) => command.startsWith(program)),
      program,
    ).not.toEqual([]);
  }
});

describe.each(languages)("with the Debian package %s", (name, language, program) => {
  describeWith(name, `the program in ${language}`, () => {
    it("does what the page says", async () => {
      for (const command of commands.filter((each) => each.startsWith("npx") || each.startsWith(program))) {
        const { exitCode, stdout, stderr } = await run(command);
        expect({ exitCode, stdout, stderr }, command).toEqual(shownBy(command));
      }
    });

    it("sends the request again after answers that are lost", async () => {
      mock?.faults.add({ preset: "lost-answer", times: 2 });
      const { stdout } = await run(`${program} on IPv4 11111`);
      expect(stdout).toBe("IP addresses switched on: 1");
      expect(mock?.requests()).toHaveLength(3);
    });

    it("says that the outcome is unknown if nothing ever answers", async () => {
      mock?.faults.add({ preset: "gateway-502", times: 9 });
      const { exitCode, stderr } = await run(`${program} on IPv4 11111`);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("Whether anything was changed is unknown");
    });
  });
});
