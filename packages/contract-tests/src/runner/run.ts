import { allStatements, createRedactor, grades } from "@auto-extend/core";
import type { ServerCase, Step } from "../cases/case.js";
import { serverCases } from "../cases/server-cases.js";
import type { ContradictedStatement, ServerCaseResult, ServerReport, Skip } from "../report/report.js";
import { checkApiKey } from "./api-key-check.js";
import { reach } from "./exchange.js";
import { checkOrders, type OrderCheck, orderIdsIn } from "./order-check.js";
import { type CaseRun, runServerCase, skippedCase } from "./run-case.js";
import { type CheckedTarget, checkTarget, type ServerTarget, TargetError } from "./target.js";

/**
 * Holds a server to the contract, one request after the other. On loopback every case runs; elsewhere, only those that
 * no server can act on, unless `allowChanges` and `orders` are given. Orders that the server refuses are not used; that
 * fails a case of its own.
 *
 * @throws TargetError where the target is not valid, nothing answers or the API key is not known there; the reason of `signal` once it has fired.
 */
export async function runServerCases(target: ServerTarget): Promise<ServerReport> {
  const checked = checkTarget(target);
  const cases = chosenCases(checked);
  const redactor = createRedactor(checked.apiKey);
  const reached = await reach(checked);
  if ("failure" in reached) {
    throw new TargetError(
      "unreachable",
      redactor.text(
        `Nothing answers at ${checked.baseUrl}: ${reached.failure}. Check the address, and that the server is running.`,
      ),
    );
  }

  await checkApiKey(checked);

  const run: CaseRun = { target: checked, redactor };
  const results: ServerCaseResult[] = [];
  const ended = (result: ServerCaseResult) => {
    results.push(result);
    checked.onResult?.(result);
  };
  const orderCheck = await checkOrders(cases, run);
  orderCheck.results.forEach(ended);
  for (const serverCase of cases) {
    checked.signal?.throwIfAborted();
    const plan = planOf(serverCase, checked, orderCheck);
    ended(
      "skipped" in plan
        ? skippedCase(serverCase, plan.skipped)
        : (await runServerCase(serverCase, plan.steps, run)).result,
    );
  }
  const count = (outcome: ServerCaseResult["outcome"]) =>
    results.filter((result) => result.outcome === outcome).length;
  return {
    target: redactor.text(checked.baseUrl),
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    cases: results,
    contradicted: contradictedBy(results),
  };
}

function chosenCases({ only = "", grade }: CheckedTarget): ServerCase[] {
  const chosen = serverCases.filter(
    (serverCase) =>
      serverCase.id.startsWith(only) &&
      (grade === undefined || grades.indexOf(serverCase.grade) <= grades.indexOf(grade)),
  );
  // A run of no cases would pass whatever the server does.
  if (chosen.length === 0) {
    throw new TargetError(
      "invalid",
      `No case${grade === undefined ? "" : ` of grade ${grade} or surer`} has an id that begins with "${only}". Ids look like ${serverCases[0]?.id}.`,
    );
  }
  return chosen;
}

/** The steps of a case against a target, or why it is left out. */
function planOf(
  { safety, needs, learns, steps }: ServerCase,
  { allowChanges, orders }: CheckedTarget,
  { usable, refused }: OrderCheck,
): { steps: readonly Step[] } | { skipped: Skip } {
  if (safety !== "harmless" && !allowChanges) {
    const reason = safety === "changes" ? "it changes orders" : "a wrong server could act on it";
    return { skipped: { reason, option: "allowChanges" } };
  }
  const planned = steps(usable);
  if (planned) return { steps: planned };
  const missed = orderIdsIn(steps(orders) ?? []).flatMap((id) => refused.get(id) ?? []);
  const ids = learns === "ipAddressIds" ? ", and a server that lists the ids of its IP addresses" : "";
  return { skipped: { reason: missed[0] ?? `it needs ${needs}${ids}`, option: "orders" } };
}

function contradictedBy(results: readonly ServerCaseResult[]): ContradictedStatement[] {
  return allStatements().flatMap((statement) => {
    const by = results
      .filter(({ problems }) => problems.some(({ contradicts }) => contradicts.includes(statement.id)))
      .map(({ id }) => id);
    return by.length > 0 ? [{ ...statement, by }] : [];
  });
}
