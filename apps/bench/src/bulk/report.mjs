/**
 * What a proof came to, for people.
 *
 * @param {Awaited<ReturnType<typeof import("./prove.mjs").provesBulk>>} result
 */
export function report(result) {
  const { problems, given, bad, chunkSize, concurrency, requests, struck, ways } = result;
  const times = (figure) => `${(figure / result.least).toFixed(2)} times the least`;
  return [
    row("order ids", `${given}, ${bad} of them bad`),
    row("chunks", `${chunkSize} ids each, ${concurrency} at once`),
    row("calls, the least possible", `${result.least}: one a chunk`),
    row("calls, at most with halving", `${result.most}: and 2 * ceil(log2 ${chunkSize}) a bad id`),
    row("calls of the run", `${result.calls}, ${times(result.calls)}, all its resumes together`),
    row("requests, retries and all", `${requests}, ${times(requests)}`),
    row(
      "faults",
      `${struck} in ${ways} ways of ${result.presets} presets, ${((100 * struck) / requests).toFixed(1)} % of the requests`,
    ),
    row("kills, resumes", `${result.kills}, ${result.resumes}`),
    row("time of the CLI", `${result.seconds.toFixed(1)} s`),
    row("memory of the CLI at most", Number.isNaN(result.peak) ? "not told" : `${result.peak.toFixed(0)} MB`),
    "",
    ...(problems.length === 0
      ? ["The state is what was wanted, and the account adds up."]
      : ["Not as it must be:", ...problems.map((problem) => `  ${problem}`)]),
  ].join("\n");
}

function row(name, figure) {
  return `${name.padEnd(30)}${figure}`;
}
