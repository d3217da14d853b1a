import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { apiKey } from "./world.mjs";

const program = fileURLToPath(new URL("../../../../packages/cli/bin/auto-extend.js", import.meta.url));

/** How often the memory of the CLI is looked at, in milliseconds; what is read is its peak so far. */
const every = 50;

/**
 * How the CLI ended.
 *
 * @typedef {object} Run
 * @property {boolean} killed
 * @property {number | null} code
 * @property {any} document what `--json` prints; `null` where it was killed
 * @property {number} peak its memory at most, in megabytes; `NaN` where the system does not tell
 */

/**
 * Runs the real CLI.
 *
 * @param {readonly string[]} args
 * @param {{ url: string | URL, kill?: { at: number, after: number } }} options `kill`: `kill -9` once so many orders are done
 * with, and so many milliseconds after that
 * @returns {Promise<Run>}
 */
export async function runCli(args, { url, kill }) {
  const child = spawn(process.execPath, [program, ...args, "--json", "--base-url", String(url)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, AUTO_EXTEND_API_KEY: apiKey },
  });
  const clear = () => child.kill("SIGKILL");
  process.once("exit", clear);
  let peak = Number.NaN;
  const watching = setInterval(() => {
    peak = peakOf(child.pid) ?? peak;
  }, every);
  /** @type {Buffer[]} */
  const printed = [];
  child.stdout.on("data", (piece) => printed.push(piece));
  /** @type {string[]} */
  const last = [];
  createInterface(child.stderr).on("line", async (line) => {
    last.push(line);
    if (last.length > 20) last.shift();
    if (!kill || Number(/^(\d+) of \d+ orders/m.exec(line)?.[1] ?? 0) < kill.at) return;
    await pause(kill.after);
    child.kill("SIGKILL");
  });
  const [code, signal] = await once(child, "close");
  clearInterval(watching);
  process.off("exit", clear);
  if (signal === "SIGKILL" && kill) return { killed: true, code, document: null, peak };
  const text = String(Buffer.concat(printed));
  if (!text.startsWith("{")) throw new Error(`The CLI ended with ${code ?? signal}:\n${last.join("\n")}`);
  return { killed: false, code, document: JSON.parse(text), peak };
}

/**
 * The most memory that a process has had so far, in megabytes.
 *
 * @param {number | undefined} pid
 */
function peakOf(pid) {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined; // It is gone, or the system has no such thing.
  }
}
