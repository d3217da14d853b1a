import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../mock-server/bin/auto-extend-mock.js", import.meta.url));

/** How long the program may take to end, in milliseconds: it gives requests under way 5 seconds. */
const longestGoodbye = 10_000;

/**
 * Starts the real program on a free port.
 *
 * @param {object} world
 * @param {readonly string[]} options
 */
export async function startProgram(world, options) {
  const folder = await mkdtemp(join(tmpdir(), "auto-extend-soak-"));
  const file = join(folder, "world.json");
  await writeFile(file, JSON.stringify(world));
  const child = spawn(
    process.execPath,
    [program, "--port", "0", "--log", "silent", "--world", file, ...options],
    {
      stdio: ["ignore", "pipe", "inherit"],
      // What is set here for another mock must not reach this one.
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith("AUTO_EXTEND_")),
      ),
    },
  );
  // However this process ends, nothing that it made stays behind.
  const clear = () => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", clear);
  const ended = once(child, "exit").then(([code, signal]) => {
    process.off("exit", clear);
    clear();
    return code ?? signal;
  });
  const line = await Promise.race([
    once(createInterface(child.stdout), "line").then(([first]) => first),
    ended.then((how) =>
      Promise.reject(new Error(`The mock ended before it was ready, with ${how}. Is it built?`)),
    ),
  ]);
  const url = new URL(/http:\S+/.exec(line)[0]);
  return {
    url,
    port: Number(url.port),
    pid: child.pid,
    /** Whether it still runs. */
    get runs() {
      return child.exitCode === null && child.signalCode === null;
    },
    /** Tells it to end, and with which exit code, or by which signal, it did so. */
    async stop() {
      child.kill("SIGTERM");
      const impatience = setTimeout(clear, longestGoodbye);
      const how = await ended;
      clearTimeout(impatience);
      return how;
    },
  };
}
