// Starts the real programs, and makes sure that nothing is left behind however this process ends.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

const mockProgram = fileURLToPath(new URL("../../../mock-server/bin/auto-extend-mock.js", import.meta.url));
export const cliProgram = fileURLToPath(
  new URL("../../../../packages/cli/bin/auto-extend.js", import.meta.url),
);

/** The mock lets requests under way finish for 5 seconds. */
const shutdownTimeoutMs = 10_000;

/** Java and the tools that only read a document take seconds to start. */
const startTimeoutMs = 60_000;

/**
 * Starts a Node program and waits until it prints its URL.
 *
 * @param {readonly string[]} args the program and its arguments
 */
export async function startServer(args) {
  const child = execa(process.execPath, args, {
    stdin: "ignore",
    stderr: "inherit",
    buffer: false,
    reject: false,
    forceKillAfterDelay: shutdownTimeoutMs,
    // Settings meant for another mock must not reach this one.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AUTO_EXTEND_"))),
    extendEnv: false,
  });
  const ended = child.then(
    ({ exitCode, signal, originalMessage }) => exitCode ?? signal ?? originalMessage ?? "an error",
  );
  const line = await Promise.race([
    once(createInterface(child.stdout), "line").then(([first]) => String(first)),
    ended.then((code) => {
      throw new Error(`${args[0]} ended with ${code} before it was ready. Run "npm run build" first?`);
    }),
  ]);
  return runningServer(child, { url: new URL(/http:\S+/.exec(line)?.[0] ?? ""), ended });
}

/**
 * A server that runs as a program.
 *
 * @template E
 * @param {Pick<import("node:child_process").ChildProcess, "pid" | "exitCode" | "signalCode"> & { kill: () => boolean }} child
 * @param {{ url: URL, ended: Promise<E> }} options `ended` gives its exit code, or the signal that ended it
 */
function runningServer(child, { url, ended }) {
  return {
    url,
    port: Number(url.port),
    pid: Number(child.pid),
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    /** Ends the program; returns its exit code, or the signal that ended it. */
    stop() {
      child.kill();
      return ended;
    },
  };
}

/**
 * Starts the mock on a free port.
 *
 * @param {{ world?: object, args?: readonly string[] }} [options]
 */
export async function startMock({ world, args = [] } = {}) {
  const silent = [mockProgram, "--port", "0", "--log", "silent", ...args];
  if (!world) return startServer(silent);
  const file = join(temporaryFolder(), "world.json");
  writeFileSync(file, JSON.stringify(world));
  return startServer([...silent, "--world", file]);
}

/**
 * Starts a program on a free port and waits until it answers anything.
 *
 * @param {(port: number) => [command: string, ...args: string[]]} commandFor
 * @returns {Promise<Server>}
 */
export async function startProgram(commandFor) {
  const port = await freePort();
  const [command, ...args] = commandFor(port);
  const child = execa(command, args, { stdio: "ignore", reject: false, forceKillAfterDelay: 5_000 });
  const ended = child.then(({ exitCode, signal }) => exitCode ?? signal ?? "an error");
  const url = new URL(`http://127.0.0.1:${port}`);
  const server = runningServer(child, { url, ended });
  const answers = () => fetch(url).then(Boolean, () => false);
  for (const begin = performance.now(); !(await answers()); await sleep(20)) {
    if (server.isRunning && performance.now() - begin < startTimeoutMs) continue;
    await server.stop();
    throw new Error(`${[command, ...args].join(" ")} did not answer.`);
  }
  return server;
}

/**
 * A port that is free, and that no other program of the harness gets while this process runs. It is below the range from which
 * systems take ports for connections, so that it is not taken between this look and its use.
 *
 * @returns {Promise<number>}
 */
async function freePort() {
  const port = 10_000 + Math.floor(Math.random() * 20_000);
  return (await reserve(port)) && (await isFree(port)) ? port : freePort();
}

/**
 * Until this process ends, the UDP port of the same number says that a port is taken. The tests of apps/e2e do the same.
 *
 * @param {number} port
 */
function reserve(port) {
  const socket = createSocket("udp4").unref();
  socket.bind({ port, address: "127.0.0.1", exclusive: true });
  return succeeds(once(socket, "listening"));
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer().listen(port, "127.0.0.1");
  const isListening = await succeeds(once(server, "listening"));
  server.close();
  return isListening;
}

/** @param {Promise<unknown>} event */
function succeeds(event) {
  return event.then(
    () => true,
    () => false,
  );
}

let folder = "";

/** A new folder in the one of this process, which goes when the process ends. */
export function temporaryFolder() {
  if (folder === "") {
    folder = mkdtempSync(join(tmpdir(), "auto-extend-bench-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  }
  return mkdtempSync(join(folder, "part-"));
}

/** Makes Ctrl-C and SIGTERM end this process in the way that also ends its children. */
export function endChildrenOnSignals() {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
}
