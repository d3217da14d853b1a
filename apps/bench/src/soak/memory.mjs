import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** How much of a soak is warming up, and from how many seconds on after that there is something to tell. */
const warmUp = 0.2;
const fewestSamples = 30;

/** What memory may grow by and still be called flat: a share, or megabytes where those are more. */
const mostGrowth = { share: 0.1, megabytes: 16 };

/**
 * The memory of a process, in megabytes.
 *
 * @param {number} pid
 */
export async function memoryOf(pid) {
  const kilobytes =
    process.platform === "linux"
      ? /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]
      : (await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)])).stdout;
  return Number(kilobytes) / 1024;
}

/**
 * What samples of one a second tell, in megabytes: how it was after the warm-up and at the end (medians of the first and
 * last fifth of what came after the warm-up), at most, and how it went up in a minute.
 *
 * @param {readonly number[]} samples
 */
export function memoryStory(samples) {
  const warm = samples.slice(Math.floor(samples.length * warmUp));
  const fifth = Math.max(1, Math.floor(warm.length / 5));
  const [first, last] = [median(warm.slice(0, fifth)), median(warm.slice(-fifth))];
  const growth = last - first;
  const isTold = warm.length >= fewestSamples;
  return {
    first,
    last,
    most: Math.max(...samples),
    slope: slopeOf(warm) * 60,
    isTold,
    isFlat: !isTold || growth <= Math.max(first * mostGrowth.share, mostGrowth.megabytes),
  };
}

function median(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The slope of the line that fits best, per sample. */
function slopeOf(figures) {
  const middle = (figures.length - 1) / 2;
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  let [up, along] = [0, 0];
  for (const [index, figure] of figures.entries()) {
    up += (index - middle) * (figure - mean);
    along += (index - middle) ** 2;
  }
  return along === 0 ? 0 : up / along;
}
