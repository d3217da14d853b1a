import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";
import { waysToFail } from "../../src/harness/faults.mjs";
import { temporaryFolder } from "../../src/harness/programs.mjs";

const program = fileURLToPath(new URL("../../src/soak/main.mjs", import.meta.url));

it("finds the mock as expected after some seconds of requests and faults", async () => {
  const file = join(temporaryFolder(), "soak.json");
  const options = ["--minutes", "0.04", "--connections", "20", "--json", file];
  const { exitCode, all } = await execa(process.execPath, [program, ...options], {
    all: true,
    reject: false,
  });
  expect(all).toMatch(/\nEverything is as expected\.$/);
  expect(exitCode).toBe(0);
  const { settings, problems, answers, kinds, unexpected } = JSON.parse(readFileSync(file, "utf8"));
  expect({ settings, problems, unexpected }).toEqual({
    settings: { minutes: 0.04, seed: 1, connections: 20 },
    problems: [],
    unexpected: 0,
  });
  expect(all).toContain(`"answers": ${answers},`);
  expect(answers).toBeGreaterThan(0);
  // How many a machine meets in this time depends on what else it does.
  const met = Object.keys(kinds).flatMap((kind) => /^fault: ([^,]+)/.exec(kind)?.slice(1) ?? []);
  expect([...waysToFail.keys()]).toEqual(expect.arrayContaining(met));
});
