import { join } from "node:path";
import { runCli } from "./cli.mjs";
import { failuresIn, ledgerIn } from "./files.mjs";

/** How many resumes settle a run, at most: each call fails in one of twenty cases, and some of those stop a run. */
const mostResumes = 100;
/** The error code of an order that is not there: all other refusals may pass. */
const noSuchOrder = 29;

/**
 * Gives work to the CLI, and holds what it tells to what it promises.
 *
 * @param {{ mock: { url: URL }, folder: string, list: import("./list.mjs").List, chunkSize: number, concurrency: number,
 *   problems: string[], tell: (line: string) => void }} parts
 */
export function createJob({ mock, folder, list, chunkSize, concurrency, problems, tell }) {
  const figures = { kills: 0, resumes: 0, calls: 0, seconds: 0, peak: Number.NaN };
  /**
   * Runs the CLI over a file with a ledger, and resumes until nothing is open: what is left is refused for good.
   *
   * @param {string} file
   * @param {{ marks: { at: number, after: number }[] }} options when to kill it; those that are used are taken away
   * @returns the failures that are left
   */
  async function settle(file, { marks }) {
    const name = "run";
    const ledger = join(folder, "run.jsonl");
    const fileOfFailures = join(folder, "failed.csv");
    const always = ["on", "--yes", "--file", file, "--failures", fileOfFailures, "--timeout", "1"];
    const pace = ["--chunk-size", String(chunkSize), "--concurrency", String(concurrency)];
    for (let resumes = 0; resumes <= mostResumes; resumes += 1) {
      const [mark] = marks;
      const begin = performance.now();
      const books = [resumes === 0 ? "--ledger" : "--resume", ledger];
      const run = await runCli([...always, ...pace, ...books], {
        url: mock.url,
        ...(mark && { kill: mark }),
      });
      figures.seconds += (performance.now() - begin) / 1_000;
      if (!(run.peak <= figures.peak)) figures.peak = run.peak;
      if (resumes > 0) figures.resumes += 1;
      if (run.killed) {
        marks.shift();
        figures.kills += 1;
        tell(`${name}: killed after ${mark?.at} orders`);
        continue;
      }
      const failures = failuresIn(fileOfFailures);
      checkEnd(run, { failures, name });
      if (failures.some(({ outcome, code }) => outcome !== "refused" || code !== noSuchOrder)) continue;
      checkLedger(ledger, { account: run.document.result.account, name });
      return failures;
    }
    throw new Error(`${name}: something is open after ${mostResumes} resumes.`);
  }

  /** Holds the end of a run to the account, the exit code and the file of failures. */
  function checkEnd({ code, document }, { failures, name }) {
    const { result, error } = document;
    if (!result) throw new Error(`${name}: ${JSON.stringify(error)}`);
    const { given, changed, refused, unknown, notTried, duplicates } = result.account;
    const account = `${changed} changed, ${refused} refused, ${unknown} unknown, ${notTried} not tried, ${duplicates} duplicates`;
    tell(`${name}: ${account}${result.stopped ? `; ${result.stopped.error?.message}` : ""}`);
    if (changed + refused + unknown + notTried + duplicates !== given) {
      problems.push(`${name}: ${account} are not the ${given} that were given.`);
    }
    const count = (name) => failures.filter(({ outcome }) => outcome === name).length;
    const written = [count("refused"), count("unknown"), count("not-tried")];
    if (String(written) !== String([refused, unknown, notTried])) {
      problems.push(`${name}: the failures are ${written}, and the account says ${account}.`);
    }
    const nothingChanged = unknown > 0 ? 3 : 1;
    const due = refused + unknown + notTried === 0 ? 0 : changed > 0 ? 6 : nothingChanged;
    if (code !== due) problems.push(`${name}: the exit code is ${code}, not ${due}, with ${account}.`);
  }

  /** Holds the ledger to the account, and to what can have been switched. */
  function checkLedger(file, { account, name }) {
    const { changed, quantity, calls } = ledgerIn(file);
    const wrong = changed.filter((orderId) => !list.wanted.has(orderId));
    if (wrong.length > 0) problems.push(`${name}: the ledger has ${wrong[0]} as changed.`);
    const [told, kept] = [
      [account.changed, account.quantity, account.calls],
      [changed.length, quantity, calls],
    ];
    if (String(told) !== String(kept)) {
      problems.push(`${name}: changed, quantity and calls are ${told}, and in the ledger ${kept}.`);
    }
    figures.calls = calls;
  }

  return { settle, figures };
}
