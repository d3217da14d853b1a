import { allStatements, createRedactor, grades, type Redactor } from "@auto-extend/core";
import type { Answer } from "./answer.js";
import { exchange, type NoAnswer, reach, urlOf } from "./exchange.js";
import type { ServerCase, Step } from "./server-case.js";
import { serverCases } from "./server-cases.js";
import type {
  CaseProblem,
  ContradictedStatement,
  Difference,
  Exchange,
  ServerCaseResult,
  ServerReport,
  Skip,
} from "./server-report.js";
import { type CheckedTarget, checkTarget, type ServerTarget, TargetError } from "./target.js";

/** The longest text in a report, in characters. */
const longestText = 2_000;

/**
 * Holds a server to the contract, one request after the other. On loopback every case runs; elsewhere, only those that
 * no server can act on, unless `allowChanges` and `orders` are given.
 *
 * @throws TargetError where the target is not valid or nothing answers; the reason of `signal` once it has fired.
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

  const results: ServerCaseResult[] = [];
  for (const serverCase of cases) {
    checked.signal?.throwIfAborted();
    const result = await runCase(serverCase, checked, redactor);
    results.push(result);
    checked.onResult?.(result);
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

function chosenCases({ only = "", grade = "assumed" }: CheckedTarget): ServerCase[] {
  const chosen = serverCases.filter(
    (serverCase) =>
      serverCase.id.startsWith(only) && grades.indexOf(serverCase.grade) <= grades.indexOf(grade),
  );
  // A run of no cases would pass whatever the server does.
  if (chosen.length === 0) {
    throw new TargetError(
      "invalid",
      `No case is at least ${grade} and has an id that begins with "${only}". Ids look like ${serverCases[0]?.id}.`,
    );
  }
  return chosen;
}

async function runCase(
  serverCase: ServerCase,
  target: CheckedTarget,
  redactor: Redactor,
): Promise<ServerCaseResult> {
  const { id, title, grade, statements } = serverCase;
  const common = { id, title, grade, statements };
  const plan = planOf(serverCase, target);
  if ("skipped" in plan) {
    return { ...common, outcome: "skipped", problems: [], exchanges: [], skipped: plan.skipped, duration: 0 };
  }

  // Once orders are on, they are to be off again: such a case is not stopped half-way.
  const { signal, ...unstopped } = target;
  const reached = serverCase.safety === "changes" ? unstopped : target;
  const begin = performance.now();
  const problems: CaseProblem[] = [];
  const exchanges: Exchange[] = [];
  const answers: (Answer | undefined)[] = [];
  // The later steps run even where an earlier one failed: the last one is what leaves the orders off.
  for (const [index, step] of plan.steps.entries()) {
    const came = await exchange(step.send, reached);
    const found = "failure" in came ? [noAnswer(step, came)] : step.expect.judge(came, answers);
    problems.push(...found.map((difference) => ({ ...difference, exchange: index })));
    answers.push("failure" in came ? undefined : came);
    exchanges.push(recorded(step, urlOf(step.send, target), came));
  }
  const failed = problems.length > 0;
  return {
    ...common,
    outcome: failed ? "failed" : "passed",
    problems: problems.map((problem) => shownProblem(problem, redactor)),
    exchanges: failed ? exchanges.map((entry) => shownExchange(entry, redactor)) : [],
    skipped: null,
    duration: Math.round(performance.now() - begin),
  };
}

/** The steps of a case against a target, or why it is left out. */
function planOf(
  { safety, needs, steps }: ServerCase,
  { allowChanges, orders }: CheckedTarget,
): { steps: readonly Step[] } | { skipped: Skip } {
  if (safety !== "harmless" && !allowChanges) {
    const reason = safety === "changes" ? "it changes orders" : "a wrong server could act on it";
    return { skipped: { reason, option: "allowChanges" } };
  }
  const planned = steps(orders);
  return planned ? { steps: planned } : { skipped: { reason: `it needs ${needs}`, option: "orders" } };
}

function noAnswer({ expect }: Step, { failure }: NoAnswer): Difference {
  // No answer disproves nothing: the network may be to blame.
  return { at: "answer", expected: expect.wanted, came: `none: ${failure}`, contradicts: [] };
}

function recorded({ send, expect }: Step, url: string, came: Answer | NoAnswer): Exchange {
  const { method, headers, body = null } = send;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  return { sent: { method, url, headers, body: text }, wanted: expect.wanted, came };
}

// Ids and titles are the contract's own words: an API key that is one of them must not garble the report.
function shownProblem(problem: CaseProblem, redactor: Redactor): CaseProblem {
  const { expected, came } = problem;
  return { ...problem, expected: shown(expected, redactor), came: shown(came, redactor) };
}

function shownExchange(entry: Exchange, redactor: Redactor): Exchange {
  const { sent, wanted, came } = redactor.value(entry);
  return {
    sent: { ...sent, body: sent.body === null ? null : shortened(sent.body) },
    wanted,
    came: "failure" in came ? came : { ...came, body: shortened(came.body) },
  };
}

/** Redacts before it shortens, so that no part of an API key is left at the end. */
function shown(text: string, redactor: Redactor): string {
  return shortened(redactor.text(text));
}

function shortened(text: string): string {
  return text.length > longestText
    ? `${text.slice(0, longestText)}... (${text.length} characters in all)`
    : text;
}

function contradictedBy(results: readonly ServerCaseResult[]): ContradictedStatement[] {
  return allStatements().flatMap((statement) => {
    const by = results
      .filter(({ problems }) => problems.some(({ contradicts }) => contradicts.includes(statement.id)))
      .map(({ id }) => id);
    return by.length > 0 ? [{ ...statement, by }] : [];
  });
}
