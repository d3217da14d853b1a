import { checkAnswer, type Finding, type OperationId, type Redactor } from "@auto-extend/core";
import { type Answer, gradeOf, type ServerCase, type Step, type StepRequest } from "../cases/case.js";
import { showAt } from "../cases/expectations.js";
import type { CaseProblem, Exchange, Problem, Remark, ServerCaseResult, Skip } from "../report/report.js";
import { type Comparison, judgeState, type Reading, readAccount, type StateVerdict } from "./account.js";
import { exchange, type NoAnswer, urlOf } from "./exchange.js";
import type { CheckedTarget } from "./target.js";

/** The facts of a run while its cases run. */
export interface Session {
  readonly target: CheckedTarget;
  /** Keeps the API key and credentials out of the results. */
  readonly redact: Redactor;
  /** The account before the run. */
  readonly before: Reading;
  /** The account as it was read last. */
  latest: Reading;
  /** Whether a request since then may have changed the account. */
  isStale: boolean;
  /** The orders that a request has named which could switch them. */
  readonly touched: Set<string>;
  /** The IP addresses that could not be restored so far. The end of the run tries again. */
  readonly stuck: Set<string>;
  /** How often the list was read a second time in vain. */
  vainRereads: number;
}

/** The result of a case, and other observations. */
export interface CaseRun {
  readonly result: ServerCaseResult;
  readonly remarks: readonly Omit<Remark, "by">[];
  /** The answers to its steps; `undefined` for one that never came. */
  readonly answers: readonly (Answer | undefined)[];
}

/** Sends the requests of a case, one after the other, and judges the answers and the state after them. */
export async function runCase(
  serverCase: ServerCase,
  steps: readonly Step[],
  session: Session,
): Promise<CaseRun> {
  const { target, redact } = session;
  const isHarmless = serverCase.safety === "harmless";
  const begin = performance.now();
  const outcomes: StepOutcome[] = [];
  if (steps.some(({ leaves }) => leaves)) await refresh(session);
  // A case continues after a failed step: the later steps may be the ones that restore the state.
  for (const step of steps) {
    target.signal?.throwIfAborted();
    const { signal, ...uninterrupted } = target;
    if (!isHarmless) noteTouched(step.send, session);
    if (step.leaves) session.isStale = true;
    const answer = await exchange(step.send, isHarmless ? target : uninterrupted);
    const earlier = outcomes.map(({ answer }) => answer);
    outcomes.push(await judgeStep(step, answer, { serverCase, session, earlier }));
  }
  const problems = outcomes.flatMap((outcome, index) =>
    outcome.problems.map((problem): CaseProblem => ({ ...shownProblem(problem, redact), exchange: index })),
  );
  const hasFailed = problems.length > 0;
  const { id, title, grade, statements } = serverCase;
  return {
    answers: outcomes.map(({ answer }) => answer),
    remarks: outcomes.flatMap(({ remarks }) => remarks),
    result: {
      id,
      title,
      grade,
      statements,
      outcome: hasFailed ? "failed" : "passed",
      problems,
      exchanges: hasFailed ? outcomes.map(({ exchange: shown }) => shown()) : [],
      unchecked: outcomes.find(({ unchecked }) => unchecked !== null)?.unchecked ?? null,
      skipped: null,
      duration: Math.round(performance.now() - begin),
    },
  };
}

/** The result of a case that does not run. */
export function skippedCase({ id, title, grade, statements }: ServerCase, skipped: Skip): ServerCaseResult {
  const nothing = { problems: [], exchanges: [], unchecked: null, duration: 0 } as const;
  return { id, title, grade, statements, outcome: "skipped", ...nothing, skipped };
}

/** Reads the account again if a request may have changed it, unless its list could not be read from the start. */
export async function refresh(session: Session): Promise<void> {
  if ("failure" in session.before || (!session.isStale && "addresses" in session.latest)) return;
  const { signal, ...uninterrupted } = session.target;
  session.latest = await readAccount(uninterrupted, session.redact);
  session.isStale = false;
}

interface StepOutcome extends StateVerdict {
  readonly answer: Answer | undefined;
  readonly remarks: readonly Omit<Remark, "by">[];
  /** The exchange as a report shows it. */
  readonly exchange: () => Exchange;
}

interface StepContext {
  readonly serverCase: ServerCase;
  readonly session: Session;
  readonly earlier: readonly (Answer | undefined)[];
}

async function judgeStep(
  { send, expect, leaves }: Step,
  received: Answer | NoAnswer,
  { serverCase, session, earlier }: StepContext,
): Promise<StepOutcome> {
  const { target, redact } = session;
  const shown = () => shownExchange({ send, expect }, { url: urlOf(send, target), received, redact });
  const answer = "failure" in received ? undefined : received;
  if (!answer) {
    const failure = "failure" in received ? received.failure : "";
    // The network may be to blame, so that nothing is disproved.
    const none = { at: "answer", message: `must be ${expect.expected}`, level: null, contradicts: [] };
    const problems = [{ ...none, actual: `none: ${failure}` }];
    return { answer, problems, remarks: [], unchecked: null, exchange: shown };
  }
  const findings = expect.isEnvelope
    ? checkAnswer(send.operation, { request: send.json, ...answer }, { redact, level: "emits" })
    : [];
  const failing = findings.filter((finding) => fails(finding, serverCase));
  const remarks = findings
    .filter((finding) => !failing.includes(finding))
    .map((finding) => remarkOf(send.operation.id as OperationId, finding));
  const problems = [
    ...failing.map((finding) => problemOf(finding, answer)),
    ...expect.judge(answer, { earlier, findings: failing }),
  ];
  if (!leaves) return { answer, problems, remarks, unchecked: null, exchange: shown };
  const verdict = await verdictOnState(
    { operation: send.operation, answer, isSound: problems.length === 0, leaves },
    session,
  );
  return {
    answer,
    problems: [...problems, ...verdict.problems],
    remarks,
    unchecked: verdict.unchecked,
    exchange: shown,
  };
}

/**
 * A finding fails a case, unless it contradicts nothing, or only an assumption that the case is not about: that assumption
 * has a case of its own.
 */
function fails({ level, statement }: Finding, { statements }: ServerCase): boolean {
  if (level !== "lawful") return level === "accepts";
  return statement === null || statements.includes(statement) || gradeOf(statement) !== "assumed";
}

function problemOf({ part, path, message, level, statement }: Finding, answer: Answer): Problem {
  return {
    at: placeOf(part, path),
    message,
    actual: part === "body" ? ("json" in answer.body ? showAt(answer.body.json, path) : answer.text) : null,
    level: level === "emits" ? null : level,
    contradicts: statement === null ? [] : [statement],
  };
}

function remarkOf(operation: OperationId, { part, path, message, level }: Finding): Omit<Remark, "by"> {
  const at = placeOf(part, path).replace(/\[\d+\]/g, "[]");
  return { operation, at, message, level: level === "lawful" ? "lawful" : "emits" };
}

function placeOf(part: string, path: string): string {
  if (path === "") return part;
  return path.startsWith("[") ? part + path : `${part}.${path}`;
}

/** How often a list that may lag behind gets a second chance, if it does not use it. */
const maxVainRereads = 3;

/** Reads the account, and once more after a pause if it is not as it should be: a list may lag behind. */
async function verdictOnState(
  parts: Omit<Comparison, "before" | "after">,
  session: Session,
): Promise<StateVerdict> {
  const before = session.latest;
  const judge = async () => {
    await refresh(session);
    return judgeState({ ...parts, before, after: session.latest });
  };
  const verdict = await judge();
  if (verdict.problems.length === 0 || session.vainRereads === maxVainRereads) return verdict;
  await new Promise((resolve) => setTimeout(resolve, session.target.rereadDelayMs));
  session.isStale = true;
  const second = await judge();
  if (second.problems.length > 0) session.vainRereads++;
  return second;
}

/** Remembers that a request may change the account, and which orders. */
function noteTouched({ operation, method, json }: StepRequest, session: Session): void {
  if (method === "GET" && operation.method === "GET") return;
  session.isStale = true;
  const { orderIds, ipAddressIds } = Object(json) as { orderIds?: unknown; ipAddressIds?: unknown };
  for (const id of [orderIds].flat()) if (typeof id === "string") session.touched.add(id);
  if ("failure" in session.before) return;
  for (const id of [ipAddressIds].flat()) {
    const order = session.before.addresses.get(String(id))?.orderId;
    if (order !== undefined) session.touched.add(order);
  }
}

/** The longest text in a report, in characters. */
const maxTextLength = 2_000;

// Ids and titles are the contract's own words, and an API key that is one of them must not garble the report.
function shownProblem(problem: Problem, redact: Redactor): Problem {
  const { at, message, actual } = problem;
  return {
    ...problem,
    at: redact.text(at),
    message: shownText(message, redact),
    actual: actual === null ? null : shownText(actual, redact),
  };
}

function shownExchange(
  { send, expect }: Pick<Step, "send" | "expect">,
  { url, received, redact }: { url: string; received: Answer | NoAnswer; redact: Redactor },
): Exchange {
  const { method, headers, body = null } = send;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  return {
    sent: { ...redact.value({ method, url, headers }), body: text === null ? null : shownText(text, redact) },
    expected: redact.text(expect.expected),
    received:
      "failure" in received
        ? redact.value({ failure: received.failure })
        : {
            status: received.status,
            headers: redact.value(received.headers),
            body: shownText(received.text, redact),
          },
  };
}

/** Redacts before it shortens, so that no part of a secret is left at the end. */
function shownText(text: string, redact: Redactor): string {
  const clean = redact.text(text);
  return clean.length > maxTextLength
    ? `${clean.slice(0, maxTextLength)}... (${clean.length} characters in all)`
    : clean;
}
