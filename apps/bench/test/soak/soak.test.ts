import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../../src/soak/main.mjs", import.meta.url));

it("the mock is as it must be after five seconds of all that it can be asked", async () => {
  const { code, printed } = await run(["--minutes", "0.084", "--connections", "20"]);
  expect(printed).toMatch(/\nAll as it must be\.\n$/);
  expect(code).toBe(0);
});

function run(options: readonly string[]): Promise<{ code: number | null; printed: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...options], (_, stdout, stderr) =>
      resolve({ code: child.exitCode, printed: stderr + stdout }),
    );
  });
}
