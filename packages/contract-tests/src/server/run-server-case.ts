import type { Redactor } from "@auto-extend/core";
import type { Answer } from "./answer.js";
import { exchange, type NoAnswer, urlOf } from "./exchange.js";
import type { ServerCase, Step } from "./server-case.js";
import type { CaseProblem, Difference, Exchange, ServerCaseResult, Skip } from "./server-report.js";
import type { CheckedTarget } from "./target.js";

/** The longest text in a report, in characters. */
const longestText = 2_000;

/** What cases are run with. */
export interface CaseRun {
  readonly target: CheckedTarget;
  /** Keeps the API key out of the results. */
  readonly redactor: Redactor;
}

/** The result of a case that was left out. */
export function skippedCase({ id, title, grade, statements }: ServerCase, skipped: Skip): ServerCaseResult {
  const common = { id, title, grade, statements };
  return { ...common, outcome: "skipped", problems: [], exchanges: [], skipped, duration: 0 };
}

/** Sends the requests of a case, one after the other, and judges the answers. */
export async function runServerCase(
  serverCase: ServerCase,
  steps: readonly Step[],
  { target, redactor }: CaseRun,
): Promise<ServerCaseResult> {
  const { id, title, grade, statements } = serverCase;

  // Once orders are on, they are to be off again: such a case is not stopped half-way.
  const { signal, ...unstopped } = target;
  const reached = serverCase.safety === "changes" ? unstopped : target;
  const begin = performance.now();
  const problems: CaseProblem[] = [];
  const exchanges: Exchange[] = [];
  const answers: (Answer | undefined)[] = [];
  // The later steps run even where an earlier one failed: the last one is what leaves the orders off.
  for (const [index, step] of steps.entries()) {
    const came = await exchange(step.send, reached);
    const found = "failure" in came ? [noAnswer(step, came)] : step.expect.judge(came, answers);
    problems.push(...found.map((difference) => ({ ...difference, exchange: index })));
    answers.push("failure" in came ? undefined : came);
    exchanges.push(recorded(step, urlOf(step.send, target), came));
  }
  const failed = problems.length > 0;
  return {
    id,
    title,
    grade,
    statements,
    outcome: failed ? "failed" : "passed",
    problems: problems.map((problem) => shownProblem(problem, redactor)),
    exchanges: failed ? exchanges.map((entry) => shownExchange(entry, redactor)) : [],
    skipped: null,
    duration: Math.round(performance.now() - begin),
  };
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
