import type { Redactor } from "@auto-extend/core";
import type { Answer } from "../cases/answer.js";
import type { ServerCase, Step } from "../cases/case.js";
import type { CaseProblem, Difference, Exchange, ServerCaseResult, Skip } from "../report/report.js";
import { exchange, type NoAnswer, urlOf } from "./exchange.js";
import { shownExchange, shownProblem } from "./shown-result.js";
import type { CheckedTarget } from "./target.js";

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

/** What became of a case, and the answers to its steps; `undefined` for one that never came. */
export interface AnsweredCase {
  readonly result: ServerCaseResult;
  readonly answers: readonly (Answer | undefined)[];
}

/** Sends the requests of a case, one after the other, and judges the answers. */
export async function runServerCase(
  serverCase: ServerCase,
  steps: readonly Step[],
  { target, redactor }: CaseRun,
): Promise<AnsweredCase> {
  const { id, title, grade, statements } = serverCase;

  // Once orders are on, they are to be off again: such a case is not stopped half-way.
  const { signal, ...unstopped } = target;
  const reached = serverCase.safety === "changes" ? unstopped : target;
  const begin = performance.now();
  const problems: CaseProblem[] = [];
  const exchanges: (() => Exchange)[] = [];
  const answers: (Answer | undefined)[] = [];
  // The later steps run even where an earlier one failed: the last one is what leaves the orders off.
  for (const [index, step] of steps.entries()) {
    const came = await exchange(step.send, reached);
    const found = "failure" in came ? [noAnswer(step, came)] : step.expect.judge(came, answers);
    const secrecy = { redactor, operation: step.send.operation };
    problems.push(...found.map((difference) => shownProblem({ ...difference, exchange: index }, secrecy)));
    answers.push("failure" in came ? undefined : came);
    exchanges.push(() => shownExchange(recorded(step, urlOf(step.send, target), came), secrecy));
  }
  const failed = problems.length > 0;
  const result: ServerCaseResult = {
    id,
    title,
    grade,
    statements,
    outcome: failed ? "failed" : "passed",
    problems,
    exchanges: failed ? exchanges.map((shown) => shown()) : [],
    skipped: null,
    duration: Math.round(performance.now() - begin),
  };
  return { result, answers };
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
