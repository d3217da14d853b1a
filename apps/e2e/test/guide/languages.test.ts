import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { describeWith } from "../debian-package.js";
import { root } from "./blocks.js";

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
  return execa("sh", ["-c", command], { cwd: root, env: { AUTO_EXTEND_BASE_URL: mock?.url }, reject: false });
}

describe.each(languages)("with the Debian package %s", (name, language, program) => {
  describeWith(name, `the program in ${language}`, () => {
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
