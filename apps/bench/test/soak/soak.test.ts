import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../../src/soak/main.mjs", import.meta.url));

it("finds the mock as expected after five seconds of requests and faults", async () => {
  const options = ["--minutes", "0.084", "--connections", "20"];
  const { exitCode, all } = await execa(process.execPath, [program, ...options], {
    all: true,
    reject: false,
  });
  expect(all).toMatch(/\nEverything is as expected\.$/);
  expect(exitCode).toBe(0);
});
