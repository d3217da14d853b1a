import { join } from "node:path";
import { readFailures, readLedger, runCli } from "./cli.mjs";

/** Each call fails in one of twenty cases, and some failures stop the run. */
const mostResumes = 100;
/** The error code of an order that does not exist: any other refusal may be transient. */
const noSuchOrder = 29;

/**
 * Gives work to the CLI, and checks that its reports agree with each other.
 *
 * @param {{ url: URL, folder: string, list: import("./orders.mjs").OrderList, chunkSize: number, concurrency: number,
 *   hasChecks: boolean, problems: string[] }} options
 */
export function createJob({ url, folder, list, chunkSize, concurrency, hasChecks, problems }) {
  const figures = { kills: 0, resumes: 0, calls: 0, seconds: 0, peak: Number.NaN };
  const [ledger, failuresFile] = [join(folder, "run.jsonl"), join(folder, "failed.csv")];

  /**
   * Runs the CLI over a file with a ledger, and resumes until only permanent refusals are left; returns those.
   *
   * @param {string} file
   * @param {import("./cli.mjs").Kill[]} kills those that happened are removed
   */
  async function finish(file, kills) {
    for (let resumes = 0; resumes <= mostResumes; resumes += 1) {
      if (resumes > 0) figures.resumes += 1;
      const run = await runOnce(file, resumes === 0 ? "--ledger" : "--resume", kills[0]);
      if (run.killed) {
        noteKill(kills);
        continue;
      }
      const failures = review(run);
      if (!failures.every(isPermanent)) continue;
      const { summary } = run.document.result;
      problems.push(...checkLedger({ ledger, before: run.before }, summary, list.wanted));
      figures.calls = run.before.calls + summary.calls;
      return failures.filter(({ outcome }) => outcome !== "not-sent");
    }
    throw new Error(`The run is not finished after ${mostResumes} resumes.`);
  }

  /**
   * @param {string} file
   * @param {"--ledger" | "--resume"} mode
   * @param {import("./cli.mjs").Kill | undefined} kill
   */
  async function runOnce(file, mode, kill) {
    const source = mode === "--ledger" ? ["--file", file] : [];
    // A list of many orders takes its time. The last resumes are about bad orders alone, which have no price.
    const checked = ["--timeout", "15", ...(mode === "--resume" ? ["--force"] : [])];
    const checks = hasChecks ? checked : ["--timeout", "1", "--no-preview", "--no-read-back"];
    const args = ["on", "--yes", ...source, "--failures", failuresFile, ...checks];
    const pace = ["--chunk-size", String(chunkSize), "--concurrency", String(concurrency)];
    const before = mode === "--ledger" ? { quantity: 0, calls: 0 } : readLedger(ledger);
    const begin = performance.now();
    const run = await runCli([...args, ...pace, mode, ledger], { url, kill });
    figures.seconds += (performance.now() - begin) / 1_000;
    if (!(run.peak <= figures.peak)) figures.peak = run.peak;
    return { ...run, before };
  }

  /** @param {import("./cli.mjs").Run} run */
  function review(run) {
    if (!run.document.result) throw new Error(JSON.stringify(run.document.error));
    const failures = readFailures(failuresFile);
    const report = checkReport(run, failures);
    console.log(report.summary);
    problems.push(...report.problems);
    return failures;
  }

  /** @param {import("./cli.mjs").Kill[]} kills the first of them happened */
  function noteKill(kills) {
    figures.kills += 1;
    console.log(`Killed after ${kills.shift()?.at} orders.`);
  }

  return { finish, figures };
}

/**
 * Checks the summary of a run against its exit code and its file of failures.
 *
 * @param {import("./cli.mjs").Run} run
 * @param {ReturnType<typeof readFailures>} failures
 * @returns {{ summary: string, problems: string[] }}
 */
function checkReport({ code, document }, failures) {
  const { result, error } = document;
  const { given, refused, unknown, notTried, notSent, differs, duplicates } = result.summary;
  const changed = changedIn(result.summary);
  const summary = `${changed} changed, ${refused} refused, ${unknown} unknown, ${notTried} not tried, ${notSent} not sent, ${differs} not as requested, ${duplicates} duplicates`;
  const problems = [];
  if (changed + refused + unknown + notTried + notSent + differs + duplicates !== given) {
    problems.push(`The summary (${summary}) does not add up to the ${given} IDs given.`);
  }
  const written = ["refused", "unknown", "not-tried", "not-sent", "differs"].map(
    (outcome) => failures.filter((failure) => failure.outcome === outcome).length,
  );
  if (String(written) !== String([refused, unknown, notTried, notSent, differs])) {
    problems.push(`The file of failures has ${written}, but the summary says ${summary}.`);
  }
  const due = exitCodeOf(result);
  if (code !== due) problems.push(`The exit code is ${code}, not ${due}, with ${summary}.`);
  const stopped = result.stopped ? `; ${error?.message}` : "";
  return { summary: summary + stopped, problems };
}

/** @param {any} result */
function exitCodeOf({ summary, readBack }) {
  const { refused, unknown, notTried, notSent, differs } = summary;
  if (unknown > 0) return 3;
  if (differs > 0) return 4;
  if (refused + notTried + notSent > 0) return changedIn(summary) > 0 ? 6 : 1;
  return readBack?.state === "unread" ? 7 : 0;
}

/** @param {{ changed: number, unchanged: number, doneBefore: number }} summary */
function changedIn({ changed, unchanged, doneBefore }) {
  return changed + unchanged + doneBefore;
}

/** @param {ReturnType<typeof readFailures>[number]} failure */
function isPermanent({ outcome, code }) {
  return (outcome === "refused" && code === noSuchOrder) || outcome === "not-sent";
}

/**
 * Checks the ledger against the summary, and against the orders that may be switched.
 *
 * @param {{ ledger: string, before: { quantity: number, calls: number } }} ledgers the ledger, and its sums before the run
 * @param {{ changed: number, unchanged: number, doneBefore: number, quantity: number, calls: number }} summary
 * @param {{ has(orderId: string): boolean }} wanted
 * @returns {string[]} the problems
 */
function checkLedger({ ledger, before }, summary, wanted) {
  const { changed, quantity, calls } = readLedger(ledger);
  const wrong = changed.find((orderId) => !wanted.has(orderId));
  const problems = wrong === undefined ? [] : [`The ledger has ${wrong} as changed.`];
  const reported = String([
    changedIn(summary),
    before.quantity + summary.quantity,
    before.calls + summary.calls,
  ]);
  const recorded = String([changed.length, quantity, calls]);
  if (reported !== recorded) {
    problems.push(`Changed, quantity and calls are ${reported}, but in the ledger ${recorded}.`);
  }
  return problems;
}
