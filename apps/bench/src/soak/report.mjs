/**
 * What a soak came to, for people, and whether all of it was as it must be.
 *
 * @param {Awaited<ReturnType<typeof import("./soak.mjs").soak>>} result
 * @param {{ isLong: boolean }} options whether there was time for every fault
 */
export function report(result, { isLong }) {
  const { seconds, tally, memory, slowestHealth, exit, unmetFaults } = result;
  const megabytes = (figure) => `${figure.toFixed(1)} MB`;
  const ways = ["header", "order id", "API key", "control API"];
  const faults = new Map(
    [...tally.faults].map(([preset, counts]) => [preset, ways.map((way) => counts[way])]),
  );
  const off = [
    ...(tally.wrong > 0 ? ["unexpected answers"] : []),
    ...(memory.isFlat ? [] : ["memory that grows"]),
    ...(exit === 0 ? [] : [`an end with ${exit}`]),
    ...(isLong && unmetFaults.length > 0 ? [`faults that never came: ${unmetFaults.join(", ")}`] : []),
  ];
  const lines = [
    ...table("answers", new Map([...tally.kinds].filter(([kind]) => !kind.startsWith("fault: ")))),
    ...table(`faults, by ${ways.join(", ")}`, faults),
    row("time", `${seconds.toFixed(1)} s`),
    row("answers and events", tally.requests),
    row("a second", (tally.requests / seconds).toFixed(0)),
    row(
      "faults",
      [...faults.values()].flat().reduce((sum, count) => sum + count, 0),
    ),
    row("slowest answer about health", `${slowestHealth.toFixed(0)} ms`),
    row("memory after the warm-up", megabytes(memory.first)),
    row("memory at the end", megabytes(memory.last)),
    row("memory at most", megabytes(memory.most)),
    row(
      "memory, a minute",
      `${memory.slope >= 0 ? "+" : ""}${memory.slope.toFixed(2)} MB${memory.isTold ? "" : " (too short to tell)"}`,
    ),
    row("ended with", exit),
    row("unexpected answers", tally.wrong),
    ...tally.kept.map(
      ({ kind, what, request }) => `  ${kind}: ${what}\n    asked: ${JSON.stringify(request)}`,
    ),
    "",
    off.length === 0 ? "All as it must be." : `Not as it must be: ${off.join("; ")}.`,
  ];
  return { text: lines.join("\n"), isWell: off.length === 0 };
}

function table(title, counts) {
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return [title, ...sorted.map(([name, figures]) => row(`  ${name}`, ...[figures].flat())), ""];
}

function row(name, ...figures) {
  return name.padEnd(36) + figures.map((figure) => String(figure).padStart(14)).join("");
}
