import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { printed, start } from "../execute.ts";

const toolchain = fileURLToPath(new URL("../../../../scripts/toolchain.mjs", import.meta.url));

it.skipIf(process.platform === "win32")(
  "a program of npm start ends with the shell that npm has started",
  async () => {
    const program = `
    import { stopWithParent } from ${JSON.stringify(toolchain)};
    process.on("SIGTERM", () => process.stdout.write("stopped", () => process.exit()));
    stopWithParent();
    setInterval(() => {}, 1_000);
    console.log("ready");`;
    // Behind another command, so that the shell does not make way for the program.
    const shell = start("sh", ["-c", `"$0" --input-type=module -e "$1"; true`, process.execPath, program], {
      cwd: process.cwd(),
    });
    await printed(shell, /ready/);
    shell.kill("SIGTERM");
    expect((await shell).stdout).toBe("ready\nstopped");
  },
);
