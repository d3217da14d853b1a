// The mock's faults with options that take little time, for runs that meet every one of them.
import { presets } from "@auto-extend/mock-server";

/** @typedef {Readonly<Record<string, string | number | boolean>>} FaultOptions */
/** @typedef {import("@auto-extend/mock-server").PresetOption} PresetOption */

/** Numbers in place of those that a preset has by itself. */
const quick = /** @type {Record<string, number>} */ ({
  ms: 2,
  p50: 1,
  p95: 5,
  p99: 20,
  bytes: 64,
  seconds: 0,
});

/** @type {ReadonlyMap<string, readonly FaultOptions[]>} each way in which a preset can strike, by the name of the preset */
export const waysToFail = new Map(presets.map(({ name, options }) => [name, waysOf(name, options)]));

/**
 * @param {string} preset
 * @param {readonly PresetOption[]} options
 */
function waysOf(preset, options) {
  /** @type {FaultOptions[]} */
  let ways = [{}];
  for (const option of options) {
    const values = valuesOf(preset, option);
    if (values.length > 0)
      ways = ways.flatMap((way) => values.map((value) => ({ ...way, [option.name]: value })));
  }
  return ways;
}

/**
 * All values of an option that has few, else a quick one; texts keep their default.
 *
 * @param {string} preset
 * @param {PresetOption} option
 */
function valuesOf(preset, { name, default: fallback, choices }) {
  if (choices) return choices;
  if (typeof fallback === "boolean") return [true, false];
  // A date has no parts of a second, so that of now may lie in the past.
  if (preset === "rate-limited-date") return [1];
  return typeof fallback === "number" ? [quick[name] ?? fallback] : [];
}
