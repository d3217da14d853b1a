import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../src/harness/programs.mjs";

const program = fileURLToPath(new URL("../../src/bulk/main.mjs", import.meta.url));

it("finishes thousands of orders as wanted, over a mock that fails in every way, with three kills in between", async () => {
  const file = join(temporaryFolder(), "bulk.json");
  const options = ["--orders", "3000", "--chunk-size", "5", "--rounds", "1", "--json", file];
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...options], {
    reject: false,
  });
  expect(existsSync(file), stdout + stderr).toBe(true);
  const { runs } = JSON.parse(readFileSync(file, "utf8"));
  expect(runs).toHaveLength(1);
  const [result] = runs;
  expect(result).toMatchObject({ problems: [], kills: 3, bad: 33, given: 3006 });
  expect(exitCode).toBe(0);
  expect(result.resumes).toBeGreaterThanOrEqual(3);
  expect(result.presets).toBe(41);
  expect(result.injected / result.requests).toBeGreaterThan(0.04);
  // Failures are asked for again; everything else is asked for once.
  expect(result.calls).toBeLessThan(1.25 * result.most);
}, 240_000);
