import { readFile } from "node:fs/promises";
import { execa } from "execa";

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const tickMs = 10;

/**
 * The resources that a process has used so far. `peakMb` is NaN on systems other than Linux.
 *
 * @param {number} pid
 */
export async function usageOf(pid) {
  if (process.platform !== "linux") return usageByPs(pid);
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8"),
    readFile(`/proc/${pid}/status`, "utf8"),
  ]);
  // The program's name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const megabytes = (/** @type {string} */ name) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    rssMb: megabytes("VmRSS"),
    peakMb: megabytes("VmHWM"),
  };
}

/** @param {number} pid */
async function usageByPs(pid) {
  const { stdout } = await execa("ps", ["-o", "rss=,time=", "-p", String(pid)]);
  const [kilobytes = "", time = ""] = stdout.trim().split(/\s+/);
  const seconds = time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuMs: seconds * 1_000, rssMb: Number(kilobytes) / 1024, peakMb: Number.NaN };
}

/**
 * The value that a share of the figures is below or at; NaN without figures.
 *
 * @param {readonly number[]} figures
 * @param {number} share
 */
export function quantile(figures, share) {
  const sorted = Float64Array.from(figures).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} figures */
export function median(figures) {
  return quantile(figures, 0.5);
}

/**
 * The quotients of figures of the same rounds.
 *
 * @param {readonly number[]} figures
 * @param {readonly number[]} base
 */
export function ratios(figures, base) {
  return figures.map((figure, round) => figure / (base[round] ?? Number.NaN));
}

/**
 * @template T
 * @param {number} times
 * @param {() => Promise<T>} measure
 */
export async function repeat(times, measure) {
  const results = [];
  for (let time = 0; time < times; time += 1) results.push(await measure());
  return results;
}
