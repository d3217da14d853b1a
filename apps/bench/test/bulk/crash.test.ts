import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../../src/bulk/main.mjs", import.meta.url));

it("thousands of orders, over a mock that fails in every way, with three kills in between, end as they were meant to", async () => {
  const { code, printed } = await run(["--orders", "5000", "--chunk-size", "5", "--json"]);
  expect(printed).toMatch(/^\{/);
  const result = JSON.parse(printed);
  expect(result).toMatchObject({ problems: [], kills: 3, bad: 55, given: 5010 });
  expect(code).toBe(0);
  expect(result.resumes).toBeGreaterThanOrEqual(3);
  expect(result.presets).toBe(41);
  expect(result.struck / result.requests).toBeGreaterThan(0.04);
  // What fails is asked for again; all else is asked for once.
  expect(result.calls).toBeLessThan(1.25 * result.most);
}, 120_000);

function run(options: readonly string[]): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...options], (_, stdout, stderr) =>
      resolve({ code: child.exitCode, printed: stdout || stderr }),
    );
  });
}
