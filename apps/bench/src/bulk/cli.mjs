// Runs the real CLI, and reads the files that it writes as anybody else would.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { usageOf } from "../harness/measures.mjs";
import { cliProgram } from "../harness/programs.mjs";
import { apiKey } from "./orders.mjs";

const sampleMs = 50;

/** @typedef {{ at: number, afterMs: number }} Kill `kill -9` once so many orders are done, and so long after that */

/**
 * @typedef {object} Run
 * @property {boolean} killed
 * @property {number | undefined} code
 * @property {any} document the output of `--json`; null if it was killed
 * @property {number} peak its peak of memory, in megabytes; NaN if the system does not say
 */

/**
 * @param {readonly string[]} args
 * @param {{ url: string | URL, kill?: Kill | undefined }} options
 * @returns {Promise<Run>}
 */
export async function runCli(args, { url, kill }) {
  const child = execa(process.execPath, [cliProgram, ...args, "--json", "--base-url", String(url)], {
    stdin: "ignore",
    reject: false,
    extendEnv: false,
    env: { PATH: process.env.PATH, AUTO_EXTEND_API_KEY: apiKey },
    maxBuffer: 1_000_000_000,
  });
  let peak = Number.NaN;
  const sampling = setInterval(async () => {
    const usage = await usageOf(Number(child.pid)).catch(() => undefined);
    if (usage && !Number.isNaN(usage.peakMb)) peak = usage.peakMb;
  }, sampleMs);
  createInterface(child.stderr).on("line", async (line) => {
    const done = /^Switching: ([\d,]+) of [\d,]+ orders(?:,|$)/.exec(line)?.[1] ?? "0";
    if (!kill || Number(done.replaceAll(",", "")) < kill.at) return;
    await sleep(kill.afterMs);
    child.kill("SIGKILL");
  });
  const { exitCode: code, signal, stdout, stderr } = await child;
  clearInterval(sampling);
  if (signal === "SIGKILL" && kill) return { killed: true, code, document: null, peak };
  if (!stdout.startsWith("{"))
    throw new Error(`The CLI ended with ${code ?? signal}:\n${stderr.slice(-2_000)}`);
  return { killed: false, code, document: JSON.parse(stdout), peak };
}

/**
 * The rows of a file of failures. Only the message, which is the last cell, may hold a comma or a quote.
 *
 * @param {string} file
 */
export function readFailures(file) {
  const [heading, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  if (heading !== "type,orderId,days,outcome,code,message")
    throw new Error(`${file} begins with: ${heading}`);
  return lines.map((line) => {
    const [, orderId = "", , outcome, code] = line.split(",");
    return { orderId, outcome, code: code === "" ? null : Number(code) };
  });
}

/**
 * The changes that a ledger records.
 *
 * @param {string} file
 */
export function readLedger(file) {
  /** @type {string[][]} the order IDs of each group */
  const groups = [];
  /** @type {Set<string>} */
  const changed = new Set();
  const sums = { quantity: 0, calls: 0 };
  for (const record of readFileSync(file, "utf8").trimEnd().split("\n").map(parsed)) {
    if (record?.orders) {
      groups[record.group] = [
        ...(groups[record.group] ?? []),
        ...record.orders.map((/** @type {{ id: string }} */ { id }) => id),
      ];
    } else if (record?.changed) {
      for (const place of record.changed.flatMap(places)) changed.add(groups[record.group]?.[place] ?? "");
      sums.quantity += record.quantity;
      sums.calls += record.calls;
    }
  }
  return { changed: [...changed], ...sums };
}

/**
 * The places from one to another.
 *
 * @param {[number, number]} range
 */
function places([from, to]) {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/**
 * A line of a ledger; `null` for one that a kill has cut.
 *
 * @param {string} line
 */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
