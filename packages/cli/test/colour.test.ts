import { describe, expect, it } from "vitest";
import { runCli, type Surroundings } from "./support/cli.js";

const csi = "\u001b[";

async function isColoured(surroundings: Surroundings, argv: readonly string[] = []): Promise<boolean> {
  const { stdout } = await runCli(["errors", ...argv], surroundings);
  return stdout.includes(csi);
}

describe("colour", () => {
  it("is for terminals only", async () => {
    expect(await isColoured({ stdoutIsTTY: true })).toBe(true);
    expect(await isColoured({ stdoutIsTTY: false })).toBe(false);
    expect(await isColoured({ stdoutIsTTY: true, env: { TERM: "dumb" } })).toBe(false);
  });

  it("is off with NO_COLOR and --no-color, and on with FORCE_COLOR", async () => {
    expect(await isColoured({ stdoutIsTTY: true, env: { NO_COLOR: "1" } })).toBe(false);
    expect(await isColoured({ stdoutIsTTY: true, env: { NO_COLOR: "" } })).toBe(true);
    expect(await isColoured({ stdoutIsTTY: true, env: { FORCE_COLOR: "1" } }, ["--no-color"])).toBe(false);
    expect(await isColoured({ stdoutIsTTY: false, env: { FORCE_COLOR: "1" } })).toBe(true);
    expect(await isColoured({ stdoutIsTTY: true, env: { FORCE_COLOR: "0" } })).toBe(false);
  });

  it("is decided for stderr by itself", async () => {
    const { stderr } = await runCli(["errors", "x"], { terminal: true });
    expect(stderr).toContain(`${csi}31merror:`);
    // Colours take no room: a line that fits is not broken.
    const message = '"x" is not an error code.';
    const narrow = await runCli(["errors", "x"], { terminal: true, columns: `error: ${message}`.length });
    expect(narrow.stderr).toContain(`${csi}31merror:${csi}39m ${message}\n`);
    const piped = await runCli(["errors", "x"], { stdoutIsTTY: true });
    expect(piped.stderr).not.toContain(csi);
  });
});
